"""Quantile arithmetic against hand-worked numbers and properties."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from skucast.tools.quantiles import LEVELS, average, counted, level_name, monotone, pinball, probability, read

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


def test_each_step_is_repaired_by_itself() -> None:
    crossed = np.array([[3.0, 1.0, 2.0], [0.5, -2.0, 9.0]])
    assert monotone(crossed).tolist() == [[1.0, 2.0, 3.0], [0.0, 0.5, 9.0]]
    assert monotone(crossed, floor=None).tolist() == [[1.0, 2.0, 3.0], [-2.0, 0.5, 9.0]]
    assert monotone(crossed, floor=2.0).tolist() == [[2.0, 2.0, 3.0], [2.0, 2.0, 9.0]]


def test_averages_by_hand() -> None:
    a, b = np.array([[1.0, 2.0, 4.0]]), np.array([[5.0, 10.0, 8.0]])
    assert average([a, b]).tolist() == [[3.0, 6.0, 6.0]]
    assert average([a, b], [0.75, 0.25]).tolist() == [[2.0, 4.0, 5.0]]


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
    assert read(quantiles, u)[:, 0] == pytest.approx([15.0, 1.319, 98.681, 0.0, 126.29], abs=0.01)


def test_names_of_levels() -> None:
    assert [level_name(level) for level in LEVELS] == [f"q0.{i}" for i in range(1, 10)]


STEPS = st.lists(st.floats(0.01, 1e3), min_size=9, max_size=9)
INSIDE = st.lists(st.floats(0.002, 0.998), min_size=1, max_size=6)


@pytest.mark.slow
@settings(derandomize=True)
@given(STEPS, st.floats(-1e4, 1e4), INSIDE)
def test_probability_is_the_inverse_of_reading(gaps: list[float], start: float, u: list[float]) -> None:
    quantiles = (start + np.cumsum(gaps))[None]  # levels that rise
    at = np.array(u)[:, None]
    y = read(quantiles, at, floor=None)
    back = probability(y, np.broadcast_to(quantiles, (len(u), 1, 9)))
    assert np.allclose(back, at, atol=1e-6)


@settings(derandomize=True)
@given(ROWS, INSIDE)
def test_reading_is_the_inverse_of_probability(row: list[float], u: list[float]) -> None:
    """Also where levels are equal or the floor is met: the truth is read back at the probability it took."""
    quantiles = np.maximum(np.sort(np.array(row)), 0)[None]
    y = read(quantiles, np.array(u)[:, None])
    p = probability(y, np.broadcast_to(quantiles, (len(u), 1, 9)))
    assert ((p >= 0.002) & (p <= 0.998)).all()
    assert np.allclose(read(quantiles, p), y, rtol=1e-6, atol=1e-3)


def test_probability_by_hand() -> None:
    quantiles = np.arange(10.0, 100.0, 10.0)  # q0.1 = 10 … q0.9 = 90
    q03 = -3.6207  # straight on in the normal score: 10 - 10 * (1.8808 - 1.2816) / (1.2816 - 0.8416)
    y = np.array([[15.0], [10.0], [90.0], [q03], [100 - q03], [-90.0], [400.0], [-300.0], [np.nan]])
    found = probability(y, np.broadcast_to(quantiles, (9, 1, 9)))[:, 0]
    assert found[:-1] == pytest.approx([0.15, 0.1, 0.9, 0.03, 0.97, 0.002, 0.998, 0.002], abs=1e-5)
    assert np.isnan(found[-1])


def test_the_ends_of_the_tails_have_their_own_probabilities() -> None:
    quantiles = np.arange(10.0, 100.0, 10.0)[None]
    ends = read(quantiles, np.array([[0.002], [0.998]]), floor=None)
    assert probability(ends, np.broadcast_to(quantiles, (2, 1, 9)))[:, 0] == pytest.approx([0.002, 0.998], abs=1e-9)


def test_ties_take_the_middle() -> None:
    steps = np.array([2.0, 2, 2, 5, 5, 6, 6, 6, 6])
    y = np.array([[2.0], [5.0], [6.0], [3.5]])
    found = probability(y, np.broadcast_to(steps, (4, 1, 9)))[:, 0]
    # 2 from the tail's 0.002 to 0.3; 5 at 0.4 and 0.5; 6 from 0.6 to the tail's 0.998; 3.5 halfway from 0.3 to 0.4
    assert found == pytest.approx([0.151, 0.45, 0.799, 0.35])
    assert probability(np.array([[0.0]]), np.zeros((1, 1, 9)))[0, 0] == pytest.approx(0.5)


def test_probabilities_of_what_was_forecast_rightly_are_even() -> None:
    rng = np.random.default_rng(0)
    y = rng.normal(100, 10, (4000, 1))
    quantiles = np.broadcast_to(stats.norm(100, 10).ppf(LEVELS), (4000, 1, 9))
    shares = np.quantile(probability(y, quantiles), LEVELS)
    assert shares == pytest.approx(LEVELS, abs=0.02)


def test_probability_keeps_the_shape_and_what_is_not_known() -> None:
    y = np.array([[1.0, np.nan, 3.0], [np.nan, 2.0, 2.0]])
    found = probability(y, np.broadcast_to(np.arange(9.0), (2, 3, 9)))
    assert np.array_equal(np.isnan(found), np.isnan(y))


def test_counts_below_half_a_unit_are_none() -> None:
    made = counted(np.array([[0.0, 0.2, 0.49, 0.5, 0.7, 1.2, 3.0, 3.1, 9.9]]))
    assert made.tolist() == [[0.0, 0.0, 0.0, 0.5, 0.7, 1.2, 3.0, 3.1, 9.9]]
