"""Other plans, and responses to them, worked out by hand."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from skucast.tools.data.panel import Panel
from skucast.tools.insight.what_if import changed_total, replan, response, runs_of, shared_out
from skucast.tools.messages import Refusal

NAN = float("nan")
Shop = Callable[..., Panel]


def test_a_response_is_a_ratio_and_1_where_nothing_was_forecast() -> None:
    before, after = np.array([10.0, 4.0, 0.0, 0.0]), np.array([15.0, 1.0, 7.0, 0.0])
    assert response(before, after).tolist() == [1.5, 0.25, 1.0, 1.0]


def test_a_response_of_one_step_counts_by_what_it_sells() -> None:
    """30 of 40 units double: 70 of 40; a total of 44 becomes 77."""
    assert changed_total(44.0, np.array([10.0, 30.0]), np.array([1.0, 2.0])) == pytest.approx(77.0)
    assert changed_total(44.0, np.array([10.0, 30.0]), np.array([2.0, 1.0])) == pytest.approx(55.0)
    assert changed_total(44.0, np.array([10.0, 30.0]), np.array([0.0, 0.0])) == 0.0
    assert changed_total(44.0, np.array([0.2, 0.3]), np.array([1.5, 1.5])) == pytest.approx(66.0)


def test_the_steps_add_up_to_the_total() -> None:
    """44 shared out as 10 and 30: 11 and 33. The second doubles: 77, as `changed_total` says."""
    means = np.array([10.0, 30.0])
    assert shared_out(44.0, means).tolist() == pytest.approx([11.0, 33.0])
    assert (shared_out(44.0, means) * [1.0, 2.0]).sum() == pytest.approx(
        changed_total(44.0, means, np.array([1.0, 2.0]))
    )
    assert shared_out(3.0, np.zeros(2)).tolist() == [1.5, 1.5]


def test_where_nothing_sells_nothing_changes() -> None:
    assert changed_total(3.0, np.zeros(2), np.array([2.0, 2.0])) == 3.0


def planned(panel: Panel, horizon: int = 4, **asked: Any) -> dict[str, list[float]]:
    """The columns of A's plan, changed."""
    ahead = replan(panel, "A", horizon, **asked).panel.horizon_of("A", horizon)
    return {name: ahead[name].tolist() for name in panel.schema.known_future}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("asked", "price", "discount"),
    [
        ({"price_change_percent": -10}, 7.2, 0.28),
        ({"price_change_percent": 10}, 8.8, 0.12),
        ({"price_change_percent": 50}, 12.0, 0.0),
        ({"price_change_percent": -10, "promotion": True}, 7.2, 0.28),
        ({"price_change_percent": -10, "promotion": False}, 9.0, 0.0),
        ({"promotion": False}, 10.0, 0.0),
        ({"promotion": True}, 8.0, 0.2),
    ],
)
def test_a_plan_that_is_reduced_already(shop: Shop, asked: dict[str, Any], price: float, discount: float) -> None:
    """The plan is 8 after 20 % off, so 10 without. Changed in the first week alone, the others stay as they are."""
    panel = shop({"A": [20.0] * 20}, price=[10.0] * 20 + [8.0] * 4, discount=[0.0] * 20 + [0.2] * 4)
    made = planned(panel, **asked, periods=[1])
    assert made["price"] == pytest.approx([price, 8.0, 8.0, 8.0])
    assert made["discount"] == pytest.approx([discount, 0.2, 0.2, 0.2])
    assert planned(panel, **asked)["price"] == pytest.approx([price] * 4)


def test_a_promotion_takes_a_fifth_off_where_there_is_none(shop: Shop) -> None:
    panel = shop({"A": [20.0] * 20}, price=[10.0] * 24, discount=[0.0] * 24)
    assert planned(panel, 2, promotion=True) == {"price": [8.0, 8.0], "discount": [0.2, 0.2]}
    free = shop({"A": [20.0] * 20}, price=[10.0] * 24, discount=[0.0] * 20 + [0.95] + [NAN] * 3)
    assert planned(free, 2, promotion=False)["price"] == pytest.approx([100.0, 10.0])  # no more than 90 % is taken out


def test_a_promotion_is_as_deep_as_usual_and_off_the_full_price(shop: Shop) -> None:
    """Full price 10; 5 of the last 8 weeks at 40 % off. No plan is known: 10, less 40 %, and not less than it paid."""
    off = [0.0] * 12 + [0.4] * 5 + [0.0] * 3
    panel = shop({"A": [20.0] * 20}, price=[10 * (1 - one) for one in off] + [NAN] * 4, discount=off + [NAN] * 4)
    plan = replan(panel, "A", 4, promotion=True)
    made = plan.panel.horizon_of("A", 4)
    assert plan.depth == pytest.approx(0.4)
    assert made["discount"].tolist() == pytest.approx([0.4] * 4)
    assert made["price"].tolist() == pytest.approx([6.0] * 4)
    assert plan.doubt == ""  # its own past has five such weeks
    assert replan(panel, "A", 4, promotion=False).depth is None


@pytest.mark.slow
def test_a_promotion_without_a_price(shop: Shop) -> None:
    assert planned(shop({"A": [20.0] * 20}, discount=[0.0] * 24), promotion=True) == {"discount": [0.2] * 4}
    on = shop({"A": [20.0] * 20}, promo=[0.0] * 20 + [0.0, 1.0, 1.0, 0.0])
    assert planned(on, promotion=True, periods=[1, 2]) == {"promo": [1.0, 1.0, 1.0, 0.0]}
    assert planned(on, promotion=False) == {"promo": [0.0] * 4}


def test_promo_and_price_are_two_things(shop: Shop) -> None:
    panel = shop({"A": [20.0] * 20}, promotion=[0.0] * 24, price=[10.0] * 24, discount=[0.0] * 20 + [0.1] * 4)
    made = planned(panel, promotion=True)
    assert made == {"promotion": [1.0] * 4, "price": [10.0] * 4, "discount": [0.1] * 4}
    assert planned(panel, promotion=False)["discount"] == [0.0] * 4


def test_a_price_that_is_not_planned_is_that_of_the_last_eight_periods(shop: Shop) -> None:
    """Of 4 at 6 and 4 at 10, after others: 8."""
    panel = shop({"A": [20.0] * 20}, price=[99.0] * 12 + [6.0] * 4 + [10.0] * 4 + [NAN, NAN, 5.0, 5.0])
    assert planned(panel, price_change_percent=-50) == {"price": [4.0, 4.0, 2.5, 2.5]}


def test_other_products_keep_their_plan(shop: Shop) -> None:
    panel = shop({"A": [20.0] * 20, "B": [20.0] * 20}, price={"A": [10.0] * 24, "B": [3.0] * 24})
    made = replan(panel, "A", 4, price_change_percent=-10, periods=[4, 2])
    assert made.places == [2, 4]
    assert made.panel.horizon_of("A", 4)["price"].tolist() == [10.0, 9.0, 10.0, 9.0]
    assert made.panel.horizon_of("B", 4)["price"].tolist() == [3.0] * 4
    assert panel.horizon_of("A", 4)["price"].tolist() == [10.0] * 4
    assert replan(panel, "A", 3, price_change_percent=-10).places == [1, 2, 3]


@pytest.mark.slow
def test_what_no_plan_can_be_made_of(shop: Shop) -> None:
    panel, bare = shop({"A": [20.0] * 20}, price=[10.0] * 24), shop({"A": [20.0] * 20})
    for made, asked, kind, facts in (
        (panel, {}, "what-if-nothing", {}),
        (bare, {"price_change_percent": -10.0}, "what-if-no-plan", {}),
        (panel, {"promotion": True}, "what-if-no-plan", {}),
        (panel, {"price_change_percent": -1, "periods": [1, 5]}, "what-if-past-horizon", {"period": 5, "horizon": 4}),
    ):
        with pytest.raises(Refusal) as error:
            replan(made, "A", 4, **asked)  # type: ignore[arg-type]
        assert (error.value.kind, error.value.message.facts) == (kind, facts)
    assert replan(panel, "A", 4, price_change_percent=-1, periods=[4]).places == [4]


def doubt(shop: Shop, cases: dict[str, list[float]], change: float = -20) -> str:
    """What is doubted of another price of A, where its past and B's have these prices among usual ones of 10 and 30."""
    price = {uid: [*cases[uid], *[usual] * (60 - len(cases[uid]))] for uid, usual in (("A", 10.0), ("B", 30.0))}
    panel = shop({"A": [20.0] * 56, "B": [20.0] * 56}, price=price)
    return replan(panel, "A", 4, price_change_percent=change).doubt


@pytest.mark.slow
def test_four_cases_of_its_own_or_twenty_of_all_are_enough(shop: Shop) -> None:
    """20 % off is 8 of A's usual 10, and 24 of B's 30."""
    assert doubt(shop, {"A": [8.0] * 4, "B": []}) == ""
    assert doubt(shop, {"A": [8.0] * 3, "B": []}) == "unseen"
    assert doubt(shop, {"A": [8.0] * 3, "B": [24.0] * 17}) == "elsewhere"
    assert doubt(shop, {"A": [8.0] * 3, "B": [24.0] * 16}) == "unseen"
    assert doubt(shop, {"A": [], "B": [8.0] * 20}) == "unseen"  # what it costs is held against what it usually does


@pytest.mark.slow
@pytest.mark.parametrize(("price", "like"), [(8.9, True), (9.1, False), (7.1, True), (6.9, False)])
def test_like_a_price_is_one_nearer_than_half_the_change(shop: Shop, price: float, like: bool) -> None:
    """20 % off 10 is 8, so within 1 of it."""
    assert (doubt(shop, {"A": [8.0] * 3 + [price], "B": []}) == "") is like


@pytest.mark.slow
@pytest.mark.parametrize(("price", "like"), [(9.2, True), (9.0, False), (10.0, True), (10.2, False)])
def test_like_a_price_is_one_nearer_than_a_twentieth_of_the_planned_one(shop: Shop, price: float, like: bool) -> None:
    """4 % off the planned 10 is 9.6, so within 0.5 of it; usually it costs 20."""
    panel = shop({"A": [20.0] * 20}, price=[9.6] * 3 + [price] + [20.0] * 16 + [10.0] * 4)
    assert (replan(panel, "A", 4, price_change_percent=-4).doubt == "") is like


def test_a_price_that_is_not_planned_counts_as_the_usual_one(shop: Shop) -> None:
    """One week is planned at 6, three at none, so at 10: 9 on average; a fifth off is 7.2 of it, so 8 of 10."""
    panel = shop({"A": [20.0] * 20}, price=[8.0] * 4 + [10.0] * 16 + [6.0, NAN, NAN, NAN])
    assert replan(panel, "A", 4, price_change_percent=-20).doubt == ""


@pytest.mark.slow
def test_like_a_promotion_is_a_promoted_period(shop: Shop) -> None:
    for name, on, off in (("promo", 1.0, 0.0), ("discount", 0.06, 0.05)):
        for count, found in ((4, ""), (3, "unseen")):
            panel = shop({"A": [20.0] * 20}, **{name: [on] * count + [off] * (20 - count) + [0.0] * 4})
            assert replan(panel, "A", 4, promotion=True).doubt == found
            panel = shop({"A": [20.0] * 20}, **{name: [off] * count + [on] * (20 - count) + [0.0] * 4})
            assert replan(panel, "A", 4, promotion=False).doubt == found


def test_periods_of_which_nothing_is_known_are_no_cases(shop: Shop) -> None:
    panel = shop({"A": [20.0] * 3 + [NAN] * 10 + [20.0] * 7}, promo=[1.0] * 13 + [0.0] * 11)
    assert replan(panel, "A", 4, promotion=True).doubt == "unseen"


@pytest.mark.parametrize(
    ("places", "words"),
    [([2], "2"), ([2, 3], "2, 3"), ([2, 3, 4], "2-4"), ([1, 3, 4, 5, 9], "1, 3-5, 9"), ([], "")],
)
def test_runs_of_places(places: list[int], words: str) -> None:
    assert runs_of(places) == words


def test_a_promotion_counts_the_products_own_promoted_weeks_whatever_they_cost(shop: Shop) -> None:
    """34 of 52 weeks at 10 to 50 % off: a promotion is nothing new, though few weeks cost what the usual depth asks."""
    off = [0.0 if week % 3 == 0 else 0.1 + 0.4 * (week % 17) / 16 for week in range(52)]
    assert sum(one > 0 for one in off) == 34
    panel = shop({"A": [20.0] * 52}, price=[10 * (1 - one) for one in off] + [6.0] * 4, discount=off + [0.4] * 4)
    assert replan(panel, "A", 4, promotion=True).doubt == ""
