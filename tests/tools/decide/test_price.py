"""Price advice, worked out by hand."""

import numpy as np
import pytest
from skucast.tools.decide.price import Bounds, advise, candidates, draws, out_of_line
from skucast.tools.errors import InputError

WEEK = np.full((1, 4), 25.0)  # 100 units over the horizon, known for sure
SURE = np.array([-3.0])


def test_a_known_elasticity_has_its_known_optimum() -> None:
    """A unit costs 2 and e is -3: 2 * -3 / -2 = 3. At 2.5, 100 units earn 50; at 3, 100 * 1.2 ** -3 = 57.87 earn as
    much."""
    made = advise(WEEK, 2.5, SURE, cost=2.0, bounds=Bounds(step=0.5))
    assert made.price == pytest.approx(3.0, abs=0.01)
    assert made.before == pytest.approx(50.0)
    assert made.units.mean == pytest.approx(57.87 - 100, abs=0.6)
    assert made.value.mean == pytest.approx(7.87, abs=0.02)
    assert made.worse == 0.0


def test_a_step_stops_short_of_it() -> None:
    made = advise(WEEK, 2.5, SURE, cost=2.0, bounds=Bounds(step=0.1))
    assert made.price == 2.75


def test_revenue_falls_with_the_price_where_demand_is_elastic_and_rises_where_it_is_not() -> None:
    """100 units at 10, 10 % off: 100 * 0.9 ** -3 * 9 = 1,234.57; with e of -0.5 a tenth more: 1,048.81."""
    down = advise(WEEK, 10.0, SURE, goal="revenue")
    assert (down.price, down.value.mean) == (9.0, pytest.approx(234.57, abs=0.01))
    up = advise(WEEK, 10.0, np.array([-0.5]), goal="revenue")
    assert (up.price, up.value.mean) == (11.0, pytest.approx(48.81, abs=0.01))


def test_a_target_in_units() -> None:
    """133.1 units: 100 * (10 / 11) ** -3, at a price of 10 / 1.1 = 9.09."""
    made = advise(WEEK, 10.0, SURE, goal="units", target=133.1)
    assert made.price == pytest.approx(9.1, abs=1e-9) and made.before == 100  # 9.05, 9.10, 9.15 are tried
    assert made.units.mean == made.value.mean == pytest.approx(100 / 0.91**3 - 100)
    stays = advise(WEEK, 10.0, SURE, goal="units", target=100.0)
    assert (stays.price, stays.worse) == (10.0, 0.0)


def test_a_target_may_be_missed_by_more_than_now() -> None:
    """133 units wanted. At 9.25 nine draws of e -3 sell 126, and one of e -9 sells 202, which is 69 off and not 33."""
    made = advise(np.repeat(WEEK, 10, axis=0), 10.0, np.array([-3.0] * 9 + [-9.0]), goal="units", target=133.0)
    assert (made.price, made.worse) == (9.25, 0.1)


def test_a_price_that_may_well_do_worse_is_not_advised() -> None:
    """A tenth more earns far more where e is 0, and less where it is -4: four of ten are too many."""
    some = np.array([0.0] * 6 + [-4.0] * 4)
    paths = np.repeat(WEEK, 10, axis=0)
    made = advise(paths, 10.0, some, goal="revenue", bounds=Bounds(step=0.1))
    assert made.price == 10.0 and made.worse == 0.0
    bold = advise(paths, 10.0, np.array([0.0] * 9 + [-4.0]), goal="revenue")
    assert bold.price == 11.0 and bold.worse == 0.1
    # it comes to 100 nine times and to 1100 x 1.1 ** -4 - 1000 = -248.69 once; q0.025 lies 0.225 from it to 100
    assert (bold.value.low, bold.value.high) == (
        pytest.approx(-248.69 + 0.225 * 348.69, abs=0.01),
        pytest.approx(100.0),
    )
    assert (bold.units.low, bold.units.high) == (pytest.approx(-31.7 + 0.225 * 31.7, abs=0.01), pytest.approx(0.0))
    fifth = advise(paths, 10.0, np.array([0.0] * 8 + [-4.0] * 2), goal="revenue")
    assert (fifth.price, fifth.worse) == (11.0, 0.2)


def test_the_floor_and_endings() -> None:
    """A margin of 25 % over a cost of 3 asks for 4 or more; within a tenth of 4.2 these end in 9."""
    assert candidates(4.2, Bounds(0.1, 0.25, (0.99, 0.49, 0.09)), 3.0).tolist() == [4.09, 4.49]
    assert candidates(4.2, Bounds(0.1, 0.25), 3.0).min() == 4.0
    just = advise(WEEK, 4.0, np.array([-9.0]), cost=3.0, bounds=Bounds(0.1, 0.25))
    assert just.price == 4.0 and not just.below_floor  # it earns just the floor, and may stay
    held = advise(WEEK, 3.5, np.array([-9.0]), cost=3.0, bounds=Bounds(0.1, 0.5))
    assert held.price == 3.5 and held.below_floor
    raised = advise(WEEK, 3.7, np.array([-9.0]), cost=3.0, bounds=Bounds(0.1, 0.25))
    assert raised.price == 4.0 and not raised.below_floor
    stays = advise(WEEK, 3.15, np.array([-1.8]), cost=2.0, bounds=Bounds(0.05, 0.15, (0.99, 0.49)))
    assert stays.price == 3.15 and stays.no_ending and not stays.below_floor  # 2.99 and 3.49 lie beyond, 15 % is earned


def test_the_prices_that_are_tried() -> None:
    """Half a per cent apart, from 10 % down to 10 % up, both included; with endings those of each unit in reach."""
    tried = candidates(10.0, Bounds())
    assert (len(tried), tried[0], tried[1], tried[-1]) == (41, 9.0, 9.05, 11.0)
    assert candidates(10.0, Bounds(endings=(0.0, 0.5))).tolist() == [9.0, 9.5, 10.0, 10.5, 11.0]
    assert candidates(1.0, Bounds(endings=(0.99, 0.09))).tolist() == [0.99, 1.09]
    assert candidates(10.0, Bounds(0.02, 0.0), 9.873).tolist() == [9.88, 9.9, 9.95, 10.0, 10.05, 10.1, 10.15, 10.2]


def test_the_ladder_of_pack_sizes() -> None:
    """1 at 2.00, 2 at 3.80, 4 at 8.40: 2.10 a unit is more than the small packs'."""
    assert out_of_line([1, 2, 4], [2.0, 3.8, 8.4]) == [2]
    assert out_of_line([1, 2], [2.0, 4.0]) == [] and out_of_line([2, 2], [3.0, 4.0]) == []  # alike, and of one size
    assert out_of_line([4, 1, 2], [8.4, 2.0, 3.8]) == [0]


def test_draws_never_rise_with_the_price() -> None:
    made = draws(-1.0, 1.0, 4000)
    assert made.shape == (4000,) and made.max() == 0.0 and made.mean() == pytest.approx(-1.08, abs=0.05)
    assert draws(-2.0, 0.0, 2).tolist() == [-2, -2] and draws(-9.0, 1.0, 4000).std() == pytest.approx(1.0, abs=0.05)
    assert (draws(-1.0, 1.0, 9) == draws(-1.0, 1.0, 9, seed=0)).all() and draws(-9, 1, 1, seed=1) != draws(-9, 1, 1)


def test_bad_input() -> None:
    with pytest.raises(InputError, match="price -1"):
        advise(WEEK, -1.0, SURE, goal="revenue")
    with pytest.raises(InputError, match="no cost"):
        advise(WEEK, 1.0, SURE)
    with pytest.raises(InputError, match="price 0"):
        advise(WEEK, 0.0, SURE, goal="revenue")
    with pytest.raises(InputError, match="no cost"):
        advise(WEEK, 1.0, SURE, goal="revenue", bounds=Bounds(floor=0.1))
    with pytest.raises(InputError, match="a target in units belongs to the goal units"):
        advise(WEEK, 1.0, SURE, goal="units")
    with pytest.raises(InputError, match="a target in units belongs to the goal units"):
        advise(WEEK, 1.0, SURE, goal="revenue", target=9.0)
    for floor in (-0.1, 1.0, 1.2):
        with pytest.raises(InputError, match=f"floor {100 * floor:g} %"):
            Bounds(floor=floor)
    for step in (0.0, 0.6):
        with pytest.raises(InputError, match=f"step {100 * step:g} %"):
            Bounds(step=step)


def test_where_no_price_is_better_it_stays() -> None:
    """Nothing sells at any price."""
    assert advise(np.zeros((1, 4)), 10.0, SURE, cost=6.0).price == 10.0
    assert advise(np.zeros((1, 4)), 10.0, SURE, goal="revenue").price == 10.0
