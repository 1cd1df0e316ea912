"""A replay by hand: what arrives when, what a decision sees, and what it cost."""

import numpy as np
import pandas as pd
import pytest
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.decide.replay import Costs, Known, Policy, State, known_at, replay, shown
from skucast.tools.errors import InputError
from skucast.tools.quantiles import Array

WEEK = pd.Timestamp("2024-01-07")
COSTS = Costs(0.2, 1.0)


def known(count: int, products: int = 1) -> list[Known]:
    weeks = pd.date_range(WEEK, periods=count, freq="W-SUN")
    return [Known(at, np.zeros((products, 1)), np.zeros((products, 1, 4))) for at in weeks]


def test_by_hand() -> None:
    """Lead time 3: of 4, 2 are sold; 3 arrive, 5 of 7 sold; the first order of 2 arrives in the third period, 1 sold;
    the second one then: 3 sold, none left. Left 2, 0, 1, 0; lost 0, 2, 0, 0."""
    seen: list[State] = []

    def two(state: State) -> Array:
        seen.append(state)
        return np.array([2.0])

    made = replay(known(2), np.array([[2.0, 7, 1, 3]]), np.array([4.0]), np.array([[0.0, 3]]), two, COSTS)
    assert made.stock.tolist() == [[2, 0, 1, 0]] and made.lost.tolist() == [[0, 2, 0, 0]]
    assert made.sold.tolist() == [[2, 5, 1, 3]] and made.orders.tolist() == [[2, 2, 0, 0]]
    assert np.allclose(made.cost, [[0.4, 2.0, 0.2, 0.0]])
    assert made.fill_rate == pytest.approx(11 / 13)
    assert [state.on_hand.tolist() for state in seen] == [[4], [2]]
    assert [state.pipeline.tolist() for state in seen] == [[[0, 3]], [[3, 2]]]
    assert [state.at for state in seen] == [WEEK, WEEK + pd.Timedelta(weeks=1)]


def test_a_lead_time_of_one() -> None:
    """Nothing is in the pipe: what is ordered after a period is there for the next one."""
    demand = np.array([[3.0, 1], [0, 2]])
    made = replay(known(2, 2), demand, np.array([0.0, 1]), np.zeros((2, 0)), lambda _: np.array([2.0, 1]), COSTS)
    assert made.stock.tolist() == [[0, 1], [2, 1]] and made.lost.tolist() == [[1, 0], [0, 0]]


def test_nothing_wanted_is_all_met() -> None:
    made = replay(known(1), np.zeros((1, 1)), np.array([0.0]), np.zeros((1, 0)), lambda _: np.zeros(1), COSTS)
    assert made.fill_rate == 1.0


@pytest.mark.parametrize(
    ("count", "policy", "says"),
    [
        (3, lambda _: np.zeros(1), "3 decisions: 4 periods with a lead time of 3 take 2"),
        (2, lambda _: np.array([-1.0]), "below 0"),
        (2, lambda _: np.array([np.nan]), "below 0"),
        (2, lambda _: np.zeros(2), r"shape \(2,\)"),
    ],
)
def test_what_cannot_be_replayed(count: int, policy: Policy, says: str) -> None:
    with pytest.raises(InputError, match=says):
        replay(known(count), np.ones((1, 4)), np.array([4.0]), np.zeros((1, 2)), policy, COSTS)


def test_costs_are_above_nothing() -> None:
    assert COSTS.ratio == pytest.approx(5 / 6)
    with pytest.raises(InputError, match="expected costs above 0"):
        Costs(0.0, 1.0)


def panel(late: bool = False) -> Panel:
    weeks = pd.date_range(WEEK, periods=6, freq="W-SUN")
    parts = [
        pd.DataFrame({"unique_id": uid, "ds": weeks, "y": y}) for uid, y in (("A", 1.0 * np.arange(6)), ("B", 2.0))
    ]
    return read_panel(pd.concat([parts[0], parts[1][4 if late else 0 :]], ignore_index=True))


def test_a_decision_knows_only_what_was_known() -> None:
    """The forecast gets the cut panel; its history ends with the decision's week."""
    cutoffs = []

    def forecast(cut: Panel) -> Array:
        cutoffs.append((cut.cutoff, float(cut.past["y"].max())))
        return np.zeros((2, 1, 4))

    dates = list(pd.date_range(WEEK + pd.Timedelta(weeks=2), periods=2, freq="W-SUN"))
    seen = known_at(panel(), dates, forecast)
    assert cutoffs == [(dates[0], 2.0), (dates[1], 3.0)]
    assert [one.history.shape for one in seen] == [(2, 3), (2, 4)] and seen[0].history[1].tolist() == [2, 2, 2]


def test_a_product_that_begins_later() -> None:
    with pytest.raises(InputError, match="1 products begin after 2024-01-21, B among them"):
        known_at(panel(late=True), [WEEK + pd.Timedelta(weeks=2)], lambda _: np.zeros((2, 1, 4)))


def test_what_shows_demand() -> None:
    """Series that begin later are not known before; a week out of stock is not known."""
    weeks = pd.date_range(WEEK, periods=3, freq="W-SUN")
    first = pd.DataFrame({"unique_id": "A", "ds": weeks, "y": [1.0, 0, 3], "in_stock": [1.0, 0, 1]})
    later = pd.DataFrame({"unique_id": "B", "ds": weeks[1:], "y": [0.0, 5], "in_stock": 1.0})
    both = read_panel(pd.concat([first, later], ignore_index=True), schema=PanelSchema(past_only=["in_stock"]))
    assert np.array_equal(shown(both), [[1, np.nan, 3], [np.nan, 0, 5]], equal_nan=True)
