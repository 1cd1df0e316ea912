"""Quantile arithmetic against hand-worked numbers and properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skucast.tools.combine import earned_weight
from skucast.tools.quantiles import LEVELS, average, level_name, monotone, pinball, read

ROWS = st.lists(st.floats(-1e6, 1e6), min_size=9, max_size=9)


def test_pinball_by_hand() -> None:
    loss = pinball(np.array([10.0]), np.array([[8.0, 12.0]]), (0.1, 0.9))
    assert loss.tolist() == [[pytest.approx(0.2), pytest.approx(0.2)]]
    assert pinball(np.array([8.0]), np.array([[10.0]]), (0.1,))[0, 0] == pytest.approx(1.8)
    assert np.isnan(pinball(np.array([np.nan]), np.array([[1.0]]), (0.5,))).all()


@given(ROWS)
def test_monotone(row: list[float]) -> None:
    once = monotone(np.array(row))
    assert (np.diff(once) >= 0).all() and (once >= 0).all()
    assert np.array_equal(monotone(once), once)


@given(ROWS, ROWS, st.floats(0, 1))
def test_an_average_of_quantiles_lies_between(a: list[float], b: list[float], w: float) -> None:
    low, high = np.minimum(np.sort(a), np.sort(b)), np.maximum(np.sort(a), np.sort(b))
    mean = average([np.sort(a), np.sort(b)], [1 - w, w])
    assert (mean >= low - 1e-6).all() and (mean <= high + 1e-6).all()
    assert (np.diff(mean) >= -1e-6).all()


@given(ROWS)
def test_reading_at_the_levels_gives_the_quantiles_back(row: list[float]) -> None:
    quantiles = np.sort(np.array(row))[None]
    back = read(quantiles, np.array(LEVELS)[:, None], floor=None)[:, 0]
    assert np.allclose(back, quantiles[0])


def test_reading_between_and_beyond_by_hand() -> None:
    quantiles = np.arange(10.0, 100.0, 10.0)[None]  # q0.1 = 10 … q0.9 = 90
    u = np.array([[0.15], [0.05], [0.95], [0.0], [1.0]])
    assert read(quantiles, u)[:, 0] == pytest.approx([15.0, 5.0, 95.0, 1.0, 99.0])


def test_names_of_levels() -> None:
    assert [level_name(level) for level in LEVELS] == [f"q0.{i}" for i in range(1, 10)]


def test_weights_are_earned() -> None:
    y = np.array([10.0, 12.0, 11.0, 9.0])
    right = np.repeat(y[:, None], 9, axis=1)
    wrong = right + 50.0
    assert earned_weight(y, wrong, right).weight == pytest.approx(4 / 28)  # all of it, shrunk by 4 of 4 + 24 steps
    assert earned_weight(y, right, wrong).weight == 0.0
    assert earned_weight(y, right, right).weight == 0.0
    high, far_too_low = right + 2.0, right - 5.0  # averaging would help by luck, but the newcomer is the worse one
    assert earned_weight(y, high, far_too_low).weight == 0.0
    assert earned_weight(np.full(4, np.nan), right, wrong).weight == 0.0
    assert earned_weight(y, wrong, right).loss_other == 0.0
