"""Budgets: read from words, spent, and kept back for what is left."""

import pytest
from skucast.agent.batch.budget import Budget, Meter, parse_budget
from skucast.tools.errors import InputError


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("90s", Budget(seconds=90)),
        ("1.5h", Budget(seconds=5400)),
        (" 30 M ", Budget(seconds=1800)),
        ("20mtok", Budget(tokens=2e7)),
        ("500ktok", Budget(tokens=5e5)),
        ("12tok", Budget(tokens=12)),
    ],
)
def test_a_budget_is_read(text: str, budget: Budget) -> None:
    assert parse_budget(text) == budget


@pytest.mark.parametrize("text", ["", "10", "0s", "-5m", "ten minutes", "5 days", "1e9999s"])
def test_a_budget_that_is_none_is_said(text: str) -> None:
    with pytest.raises(InputError, match="expected seconds"):
        parse_budget(text)


def test_tokens_are_spent_to_the_last() -> None:
    meter = Meter(Budget(tokens=100), series=10)
    assert meter.allows()
    meter.add(5, 99, 1.0)
    assert meter.allows()
    meter.add(1, 1, 1.0)
    assert not meter.allows()


def test_seconds_are_kept_back_for_the_series_that_are_left() -> None:
    now = [0.0]
    meter = Meter(Budget(seconds=100), series=10, clock=lambda: now[0])
    now[0] = 40.0  # of which the LLM had 30
    meter.add(2, 0, 10.0)
    assert meter.allows()  # 8 more without it take 40 s: 80 in all
    now[0] = 70.0
    meter.add(2, 0, 10.0)
    assert not meter.allows()  # 70 + 6 x 5


def test_no_budget_is_no_bound() -> None:
    meter = Meter(Budget(), series=1)
    meter.add(1, 1e12, 1e12)
    assert meter.allows()
