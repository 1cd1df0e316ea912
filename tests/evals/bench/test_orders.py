"""Orders in money on two products: what is compared, what is refused, and the page."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from skucast.evals.bench import orders, vn2_game
from skucast.evals.bench.order_policies import RULES, SAYS, Candidate, cheapest, grid
from skucast.evals.bench.orders_page import page
from skucast.tools.data.panel import Panel
from skucast.tools.errors import InputError
from skucast.tools.quantiles import Array


@pytest.fixture
def three_a_week(vn2_files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One earlier start, and a forecast of 3 a week of all."""

    def forecaster(model: str, *_: object) -> Callable[[Panel], Array]:
        return lambda panel: np.full((len(panel.unique_ids), 8, 4), 3.0)

    monkeypatch.setattr(orders, "forecaster", forecaster)
    monkeypatch.setattr(orders, "EARLIER", ("2024-02-12",))


def test_what_is_measured(vn2_files: Path, three_a_week: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """At the earlier start the first product sells all of 3 a week: ours orders 3 each time. The other one, of which
    3 are ordered while one a month is sold, ends with more and more: 3 arrive in week 3 with 0 or 1 there before.
    In the competition's first weeks 5 + 1 and 6 + 2 units meet 167 and 168 each: 328 are lost, and 328."""
    monkeypatch.setattr(orders, "CHECK", (328.0, 328.0))
    policies = {"ours": Candidate("ours", {"model": "any"}), "b": Candidate("b", {"window": 52})}
    found = orders.measure(tmp_path, policies, lambda _: None)
    assert found["competition"]["first_weeks"] == [328.0, 328.0]
    assert set(found["competition"]["rules"]) == {"ours", "b"}
    ours = found["earlier"][0]["rules"]["ours"]
    assert ours["total"] == pytest.approx(ours["shortage"] + ours["holding"])
    assert found["earlier"][0]["out_of_stock"] == 1 / 16
    text = page(
        found | {"command": "the command", "date": "today", "tried": {"starts": ["2024-02-12"], "candidates": []}}
    )
    assert f"| {SAYS['ours']} | **{found['competition']['rules']['ours']['total']:,.1f}** |" in text
    assert "{" not in text


def test_other_rules_are_refused(three_a_week: None, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="weeks 1 and 2 cost"):
        orders.measure(tmp_path, {"ours": Candidate("ours", {"model": "any"})}, lambda _: None)


def test_choosing_opens_no_week_of_the_competition(
    three_a_week: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def opened() -> None:
        raise AssertionError("opened")

    monkeypatch.setattr(orders, "competition", opened)
    orders.main(["--choose", "--out", str(tmp_path), "--kept", str(tmp_path)])
    assert (tmp_path / "orders.json").exists() and not (tmp_path / "ORDERS.md").exists()


def test_candidates() -> None:
    """Each rule is among those that are tried, and has a policy; the least sum is chosen of each."""
    assert set(RULES) == set(SAYS) == {one.rule for one in grid(("any",))}
    for one in grid(("any",)):
        assert callable(one.policy(vn2_game.COSTS))
    tried = [{"rule": rule, "settings": {"window": 8}, "totals": [1.0, 9.0]} for rule in RULES]
    tried += [{"rule": rule, "settings": {"window": 52}, "totals": [5.0, 4.0]} for rule in RULES]
    assert {rule: one.settings for rule, one in cheapest(tried).items()} == {rule: {"window": 52} for rule in RULES}


def test_nothing_is_opened_before_something_is_chosen(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing was chosen on the earlier starts yet"):
        orders.main(["--out", str(tmp_path), "--kept", str(tmp_path)])
