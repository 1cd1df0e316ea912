"""Planners' rules, by hand."""

import numpy as np
import pandas as pd
import pytest
from skucast.tools.decide.baselines import mean_with_margin, min_max, normal_base_stock, recent
from skucast.tools.decide.replay import State

NAN = float("nan")


def state(history: list[list[float]], on_hand: list[float], pipeline: list[list[float]]) -> State:
    paths = np.full((len(on_hand), 1, 4), 99.0)  # none of these rules looks at forecasts
    due, each = np.array(pipeline), np.ones(len(on_hand))
    cover = each * (due.shape[1] + 1)
    return State(pd.Timestamp("2024-01-07"), np.array(history), paths, np.array(on_hand), due, cover, each > 0)


def test_min_max() -> None:
    """Mean 4. At 12 units or below, up to 20: of 12 in stock and on order, 8; of 13, none."""
    one = state([[9.0, 3, 5]] * 3, [5.0, 6, 0], [[4.0, 3], [4, 3], [0, 0]])
    assert min_max(3, 5, window=2)(one).tolist() == [8, 0, 20]


def test_mean_with_margin() -> None:
    """Mean 4 over 3 periods x 1.2 = 14.4: less 12 is 2.4, less 20 nothing."""
    one = state([[9.0, 3, 5]] * 2, [5.0, 20], [[4.0, 3], [0, 0]])
    assert mean_with_margin(window=2)(one).tolist() == [2, 0]


def test_normal_base_stock() -> None:
    """Mean 4, deviation sqrt(2): 12 + 1 x sqrt(2) x sqrt(3) = 14.45 at a ratio of 84.1 %."""
    one = state([[9.0, 3, 5]], [5.0], [[0.0, 0]])
    assert normal_base_stock(0.8413447, window=2)(one).tolist() == [9]  # 9.45
    assert normal_base_stock(0.5, window=2)(one).tolist() == [7]


def test_what_is_known_of_late() -> None:
    """Unknown periods do not count; with none known of late all of the past does; one alone has a Poisson's spread."""
    history = np.array([[8.0, 2, NAN, 4], [1, 3, NAN, NAN], [NAN, NAN, NAN, 9], [NAN] * 4])
    mean, spread = recent(history, 2)
    assert mean.tolist() == [4, 2, 9, 0]
    assert spread == pytest.approx([2.0, np.sqrt(2), 3.0, 0.0])
    assert recent(history, 3)[0].tolist() == [3, 3, 9, 0]
