"""The order on sample paths: by hand, against trying every order, and that it goes the right way."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skucast.tools.decide.base_stock import base_stock, order_on_paths, projected
from skucast.tools.decide.dynamics import play
from skucast.tools.decide.replay import Costs, State
from skucast.tools.errors import InputError
from skucast.tools.quantiles import Array

COSTS = Costs(0.2, 1.0)


def state(paths: Array, on_hand: float, pipeline: list[float]) -> State:
    at = pd.Timestamp("2024-01-07")
    due = np.array([pipeline]).reshape(1, -1)
    one = np.ones(1)
    return State(at, np.zeros((1, 1)), paths[None], np.array([on_hand]), due, one * (len(pipeline) + 1), one > 0)


def test_what_is_left_under_lost_sales() -> None:
    """Of 2, 5 are wanted: 3 are lost, and take nothing from the 3 that arrive next, of which 1 is sold. On the other
    path nothing is wanted, then 1: 4 are left."""
    left = projected(np.array([[[5.0, 1, 9], [0, 1, 9]]]), np.array([2.0]), np.array([[0.0, 3]]))
    assert left.tolist() == [[2, 4]]
    assert projected(np.ones((1, 3, 2)), np.array([2.0]), np.zeros((1, 0))).tolist() == [[2, 2, 2]]


def test_by_hand() -> None:
    """Needs of 6 paths in the period that the order decides, lead time 2: left over are 1, 1, 1, 1, 0, 0, so
    they are -1, 1, 2, 3, 5, 8. At 5 / 6 the fifth of six."""
    paths = np.array([[2.0, 0], [2, 2], [2, 3], [2, 4], [3, 5], [4, 8]])
    one = state(paths, 3.0, [0.0])
    assert order_on_paths(one, Costs(0.201, 1.0)).tolist() == [5]
    assert order_on_paths(one, Costs(9.0, 1.0)).tolist() == [0]  # never below 0
    assert base_stock(Costs(0.201, 1.0))(one).tolist() == [5]
    assert base_stock(Costs(1.01, 1.0))(one).tolist() == [2]


def test_scaled_demand() -> None:
    one = state(np.full((4, 3), 2.0), 0.0, [0.0, 0.0])
    assert base_stock(COSTS)(one).tolist() == [2]
    assert base_stock(COSTS, scale=1.3)(one).tolist() == [3]  # 2.6, the nearest whole
    assert base_stock(COSTS, scale=0.7)(one).tolist() == [1]  # 1.4


def test_two_periods_between_orders() -> None:
    """The order has to last for both: 2 + 3 less the 1 left over."""
    one = state(np.array([[3.0, 2, 3, 9]]), 4.0, [0.0])
    assert order_on_paths(one, COSTS, review=2).tolist() == [4]
    assert base_stock(COSTS, review=2)(one).tolist() == [4]


def test_what_lingers_by_hand() -> None:
    """Needs 0 and 4; those with the next period's demand 1 and 9. A unit more up to 4 saves 1 on one path of two and
    costs 0.3 on the other at once, and w x 0.3 more where it is still left later: from 1 on, on that path too. So from
    1 to 4 it saves 0.5 for 0.15 + 0.15 w, which is worth it for w below 2.33; up to 1 it always is."""
    one = state(np.array([[0.0, 1], [4, 5]]), 0.0, [])
    costs = Costs(0.3, 1.0)
    found = [order_on_paths(one, costs, linger=weight).tolist() for weight in (0.0, 1.0, 2.3, 2.4, 9.0)]
    assert found == [[4], [4], [4], [1], [1]]
    assert base_stock(costs, linger=9.0)(one).tolist() == [1]
    assert order_on_paths(one, Costs(1.0, 1.0), linger=1.0).tolist() == [0]  # up to 1 half is saved and half is held


def test_paths_that_end_too_early() -> None:
    with pytest.raises(InputError, match="paths of 2 periods: the order looks at period 3"):
        order_on_paths(state(np.ones((4, 2)), 1.0, [0.0, 0.0]), COSTS)
    with pytest.raises(InputError, match="paths of 2 periods: the order looks at period 3"):
        order_on_paths(state(np.ones((4, 2)), 1.0, [0.0]), COSTS, linger=1.0)
    with pytest.raises(InputError, match="linger -1: expected 0 or more"):
        order_on_paths(state(np.ones((4, 2)), 1.0, [0.0]), COSTS, linger=-1.0)


whole = st.integers(0, 9).map(float)


@st.composite
def states(draw: st.DrawFn) -> State:
    draws, lead = draw(st.integers(1, 12)), draw(st.integers(1, 3))
    count = draws * (lead + 1)
    paths = np.array(draw(st.lists(whole, min_size=count, max_size=count))).reshape(draws, lead + 1)
    return state(paths, draw(whole), draw(st.lists(whole, min_size=lead - 1, max_size=lead - 1)))


@settings(max_examples=60, deadline=None)
@given(states(), st.sampled_from([0.05, 0.2, 1.0]), st.sampled_from([0.0, 0.5, 1.0, 3.0]))
def test_no_other_order_costs_less(one: State, holding: float, linger: float) -> None:
    """Against trying each whole order, on whole demand; one period more is played to see what lingers."""
    lead = one.pipeline.shape[1] + 1

    def cost(order: float) -> float:
        arrivals = np.array([*one.pipeline[0], order, 0.0])
        played = play(one.paths[0], one.on_hand[0], arrivals)
        left = holding * (played.stock[:, lead - 1] + linger * played.stock[:, lead])
        return float((left + played.lost[:, lead - 1]).mean())

    found = float(order_on_paths(one, Costs(holding, 1.0), linger=linger)[0])
    assert cost(found) <= min(cost(order) for order in range(20)) + 1e-9


@settings(max_examples=60, deadline=None)
@given(states(), st.floats(0.1, 9), st.floats(0.1, 9), st.integers(1, 5), st.sampled_from([0.0, 1.0]))
def test_more_service_orders_no_less_and_more_stock_no_more(
    one: State, low: float, high: float, more: int, linger: float
) -> None:
    low, high = sorted((low, high))

    def order(some: State, shortage: float) -> Array:
        return order_on_paths(some, Costs(0.5, shortage), linger=linger)

    assert (order(one, high) >= order(one, low)).all()
    assert (order(replace(one, on_hand=one.on_hand + more), high) <= order(one, high)).all()
    if one.pipeline.size:
        assert (order(replace(one, pipeline=one.pipeline + more), high) <= order(one, high)).all()
