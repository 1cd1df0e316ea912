"""The outlook of a stock, the urgency of a line, and the order in which lines are read."""

import numpy as np
import pytest
from skucast.tools.decide.alerts import URGENCIES, rank, urgency
from skucast.tools.decide.orders import LeadTime, Supply, propose
from skucast.tools.decide.outlook import outlook, periods_of_cover

TEN = np.array([[float(k)] * 4 for k in range(1, 11)])  # ten paths: 1 each period, …, 10 each period


def supply(on_hand: float, *arrivals: float, lead: int = 2) -> Supply:
    return Supply(on_hand, np.array(arrivals or (0.0,) * 4), LeadTime((lead,)))


def test_when_it_runs_out_and_how_likely() -> None:
    """12 on hand: in one period none needs more, in two periods 7 to 10 do, in three 5 to 10, in four 4 to 10."""
    made = outlook(TEN, supply(12), 4)
    assert made.gone.tolist() == [0.0, 0.4, 0.6, 0.7]
    assert made.runs_out == 2 and made.before_order == 0.4 and made.before_next == 0.4


def test_what_is_on_order_counts_when_it_comes() -> None:
    """28 more in the third period: by then 7 to 10 have run out, and nobody later."""
    made = outlook(TEN, supply(12, 0, 0, 28, 0, lead=1), 4, on_order=28)
    assert made.gone.tolist() == [0.0, 0.4, 0.4, 0.4]
    assert made.runs_out is None and made.before_order == 0.0 and made.before_next == 0.4


def test_what_comes_in_the_next_period_is_there_already() -> None:
    """5 of the 12 come now and nothing later: what matters is an order's arrival in three periods. Of 5, half have run
    out in the first period, and 9 that come after it are enough for the others."""
    now = outlook(TEN, supply(7, 5, 0, 0, 0, lead=3), 4)
    assert now.gone.tolist() == [0.0, 0.4, 0.6, 0.7] and now.before_order == now.before_next == 0.6
    soon = outlook(TEN, supply(5, 0, 9, 0, 0), 4)
    assert (soon.runs_out, soon.before_next, soon.before_order) == (0, 0.5, 0.5)
    little = outlook(TEN, supply(12, 0, 0.5, 0, 0), 4)  # half a unit in the second period, which 12 do not last for
    assert (little.before_next, little.before_order) == (0.0, 0.4)


def test_what_lies_there_when_an_order_would_arrive() -> None:
    """12 on hand, 28 due in the third period: at once 12; after two periods 10, 8, … 2 on five paths of ten, and 28."""
    held = Supply(12, np.array([0.0, 0, 28, 0]), LeadTime((0, 2), (0.75, 0.25)))
    assert outlook(TEN, held, 4).at_arrival == pytest.approx(0.75 * 12 + 0.25 * (3 + 28))


def test_what_does_not_keep_runs_out() -> None:
    held = Supply(30, np.zeros(4), LeadTime((2,)), shelf_life=1)
    assert outlook(TEN, held, 4).gone.tolist() == [0, 1, 1, 1]


def test_a_lead_time_of_two_values_weighs_the_risk() -> None:
    held = Supply(12, np.zeros(4), LeadTime((1, 3), (0.5, 0.5)))
    assert outlook(TEN, held, 4).before_order == pytest.approx(0.5 * 0.0 + 0.5 * 0.6)
    assert outlook(TEN, supply(12, lead=0), 4).before_order == 0.0


def test_cover_is_read_off_expected_demand() -> None:
    """5.5 a period: 12 last for 2.18 periods; beyond the four known ones the mean goes on."""
    assert outlook(TEN, supply(12), 4).cover == pytest.approx(12 / 5.5)
    assert periods_of_cover(np.array([4.0, 8.0]), 8.0) == pytest.approx(1.5)
    assert periods_of_cover(np.array([4.0, 8.0]), 18.0) == pytest.approx(3.0)
    assert periods_of_cover(np.array([4.0, 8.0]), 12.0) == 2.0 and periods_of_cover(np.array([4.0, 8.0]), 2.0) == 0.5
    assert periods_of_cover(np.array([0.25, 0.25]), 1.0) == 4.0
    assert periods_of_cover(np.zeros(2), 1.0) == float("inf") and periods_of_cover(np.zeros(2), 0.0) == 2.0


def test_too_much_is_what_the_high_path_does_not_need() -> None:
    """Nine of ten need 27 or less over three periods; 40 on hand and on order are 13 more."""
    assert outlook(TEN, supply(30), 3, on_order=10).over == 13
    assert outlook(TEN, supply(20), 3).over == 0 and outlook(TEN, supply(28), 3).over == 1


@pytest.mark.parametrize(
    ("held", "on_order", "idle", "kind"),
    [
        (supply(0), 0, False, "order"),
        (supply(0), 0, True, "order"),  # it is asked for again
        (supply(100), 0, True, "dead"),
        (supply(100), 0, False, "over"),
        (supply(1, 0, 0, 60, 0), 60, False, "runs-out"),
        (supply(31), 0, False, "fine"),
    ],
)
def test_the_most_urgent_thing(held: Supply, on_order: float, idle: bool, kind: str) -> None:
    made, ahead = propose(TEN, held, 0.9), outlook(TEN, held, 4, on_order)
    assert urgency(made, ahead, held.on_hand, idle=idle) == kind


def test_lines_are_read_by_urgency_then_risk_then_what_is_at_stake() -> None:
    soon, later = (outlook(TEN, supply(held), 4) for held in (8, 19))
    assert soon.before_order > later.before_order
    keys = [rank(kind, soon, 1.0) for kind in URGENCIES]
    assert keys == sorted(keys)
    assert rank("order", soon, 1.0) < rank("order", later, 9.0)
    assert rank("over", soon, 9.0) < rank("over", soon, 1.0)
