"""Policies: what a TOML may say, which service follows from it, and what is refused."""

from pathlib import Path

import pytest
from skucast.tools.data.stock import StockRow
from skucast.tools.decide.lines import horizon_of, reach
from skucast.tools.decide.orders import LeadTime, OrderRule
from skucast.tools.decide.policy import Policy, read_policy, with_fields
from skucast.tools.errors import InputError


def read(tmp_path: Path, text: str) -> Policy:
    path = tmp_path / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return read_policy(path)


def test_what_is_not_said_has_a_default() -> None:
    made = Policy()
    assert made.level("C") == 0.95 and made.lead("W") == LeadTime((2,)) and made.review_of("D") == 7
    assert made.unmet == "lost" and made.span_of("W") == 8 and made.span_of("4W") == 2


def test_service_by_class(tmp_path: Path) -> None:
    made = read(tmp_path, "service = 92\n[service_by_class]\nA = 98.5\n")
    assert [made.level(abc) for abc in "ABC"] == [0.985, 0.92, 0.92]


def test_costs_decide_the_service(tmp_path: Path) -> None:
    """1.5 for a missing unit against 0.5 for one that is left: three cycles of four."""
    made = read(tmp_path, 'holding = 0.5\nshortage = 1.5\nunmet = "backorders"\nbudget = 100\nreview = 2\n')
    assert made.level() == 0.75 and made.unmet == "backorders" and made.review_of("W") == 2
    assert made.review_of("W", 4) == 4


def test_a_lead_time_of_several_lengths_and_a_product_s_own(tmp_path: Path) -> None:
    made = read(tmp_path, "[lead_time]\nperiods = [2, 3, 5]\nweights = [7, 2, 1]\n")
    assert made.lead("W") == LeadTime((2, 3, 5), (0.7, 0.2, 0.1)) and made.lead("W", 4) == LeadTime((4,))
    assert read(tmp_path, "lead_time = 0").lead("W") == LeadTime((0,))
    assert read(tmp_path, "lead_time = {periods = [1, 2]}").lead("W").weights == (0.5, 0.5)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("servce = 9", "servce: Extra inputs are not permitted; fields are service, service_by_class"),
        ("service = 100", "service: .*less than 100"),
        ("holding = 1", "holding and shortage go together"),
        ("service = 90\nholding = 1\nshortage = 2", "either a service level, or holding and shortage"),
        ("linger = 1", "linger goes with holding and shortage"),
        ("scale = 0", "scale: .*greater than 0"),
        ("review = 0", "review: .*greater than or equal to 1"),
        ("unmet = 'maybe'", "unmet: .*'lost' or 'backorders'"),
        ("lead_time = {periods = [1, 2], weights = [1]}", "2 periods and 1 weights"),
        ("service = ", "not a TOML file"),
    ],
)
def test_what_is_no_policy_is_refused_in_one_line(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        read(tmp_path, text)


def test_a_policy_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_policy(tmp_path / "none.toml")


def test_the_rule_of_the_competition(tmp_path: Path) -> None:
    made = read(tmp_path, 'holding = 0.2\nshortage = 1\nlinger = 0.5\nscale = 0.9\nrounding = "nearest"\n')
    assert made.rule == OrderRule(0.5, 0.9, nearest=True) and made.level() == pytest.approx(1 / 1.2)
    assert Policy().rule == OrderRule() and made.rule.extra(3) == 3 and Policy().rule.extra(3) == 0
    assert with_fields(made, service=98.0).rule == OrderRule(0.0, 0.9, nearest=True)
    assert reach(made, "W")["reviews"] == 2 and horizon_of([StockRow("A", 0.0, lead_time=9, review=3)], made, "W") == 15


def test_said_otherwise() -> None:
    costs = Policy(holding=1, shortage=3)
    assert with_fields(costs, service=98.0).level() == 0.98
    assert with_fields(costs, review=3, service=None).level() == 0.75
    with pytest.raises(InputError, match="service"):
        with_fields(costs, service=120.0)
