"""Reorder points and orders, worked out by hand and as properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skucast.tools.decide.inventory import Replenishment, demand_at, replenishment
from skucast.tools.errors import InputError
from skucast.tools.quantiles import LEVELS

EVEN = np.arange(10.0, 100.0, 10.0)  # q0.1 = 10 … q0.9 = 90
SKEWED = np.array([40.0, 43, 46, 48, 50, 56, 64, 76, 100])
DEMANDS = st.lists(st.floats(0, 1e6), min_size=9, max_size=9).map(lambda row: np.sort(np.array(row)))
SERVICES = st.floats(0.5, 0.9999)
UNITS = st.floats(0, 1e6)


def test_a_plan_by_hand() -> None:
    """85 % lies halfway from q0.8 = 76 to q0.9 = 100."""
    made = replenishment(SKEWED, 60.0, 0.85, on_hand=30.5)
    assert made == Replenishment(
        service_level=0.85, demand=60.0, reorder_point=pytest.approx(88.0), safety_stock=pytest.approx(28.0), order=58.0
    )


@pytest.mark.parametrize(
    ("service", "point"),
    [
        (0.5, 50.0),
        (0.55, 53.0),
        (0.9, 100.0),
        (0.95, 50 + 50 / 1.281552 * 1.644854),  # 114.17: the z of a normal at 0.9 and at 0.95
        (0.999, 50 + 50 / 1.281552 * 3.090232),  # 170.57
    ],
)
def test_reorder_points_by_hand(service: float, point: float) -> None:
    assert replenishment(SKEWED, 60.0, service).reorder_point == pytest.approx(point, rel=1e-6)


def test_below_the_first_level_the_tail_has_the_spread_below_the_median() -> None:
    assert demand_at(SKEWED, 0.1) == 40.0
    assert demand_at(SKEWED, 0.15) == pytest.approx(41.5)
    assert demand_at(SKEWED, 0.05) == pytest.approx(50 - 10 / 1.281552 * 1.644854, rel=1e-6)  # 37.17
    assert demand_at(EVEN, 0.001) == 0.0  # 50 - 40 / 1.28 * 3.09 would be -46


def test_no_safety_stock_where_the_mean_lies_above_the_point() -> None:
    made = replenishment(SKEWED, 60.0, 0.5)
    assert (made.reorder_point, made.safety_stock) == (50.0, 0.0)


@pytest.mark.parametrize(
    ("on_hand", "order"), [(None, None), (0.0, 50.0), (49.0, 1.0), (49.5, 1.0), (50.0, 0.0), (50.5, 0.0), (1e7, 0.0)]
)
def test_orders_are_whole_units_up_to_the_point(on_hand: float | None, order: float | None) -> None:
    assert replenishment(EVEN, 50.0, 0.5, on_hand).order == order


@pytest.mark.parametrize("service", [0.0, 0.49, 1.0, 95.0, -0.5, float("nan")])
def test_service_levels_that_make_no_plan(service: float) -> None:
    with pytest.raises(InputError, match=r"service level .*: expected 0\.5 or more, and below 1"):
        replenishment(EVEN, 50.0, service)


@given(DEMANDS, st.tuples(SERVICES, SERVICES))
def test_more_service_never_needs_less_stock(demand: np.ndarray, services: tuple[float, float]) -> None:
    low, high = (replenishment(demand, 0.0, one).reorder_point for one in sorted(services))
    assert low <= high * (1 + 1e-12)


@given(DEMANDS, st.floats(0.0001, 0.9999), st.floats(0.0001, 0.9999))
def test_demand_rises_with_its_level(demand: np.ndarray, one: float, other: float) -> None:
    low, high = (demand_at(demand, level) for level in sorted((one, other)))
    assert 0 <= low <= high * (1 + 1e-12)


@given(DEMANDS)
def test_the_forecast_s_levels_are_given_back(demand: np.ndarray) -> None:
    assert [demand_at(demand, level) for level in LEVELS] == pytest.approx(demand.tolist())


@given(DEMANDS, UNITS, SERVICES, UNITS)
def test_stock_and_orders_fit_the_point(demand: np.ndarray, mean: float, service: float, on_hand: float) -> None:
    made = replenishment(demand, mean, service, on_hand)
    assert made.safety_stock >= 0
    assert made.order is not None and made.order == int(made.order)
    assert (made.order == 0) == (on_hand >= made.reorder_point)
    assert on_hand + made.order >= made.reorder_point - 1e-6
    assert made.order < max(made.reorder_point - on_hand, 0) + 1 + 1e-6
