"""Recalibration: coverage becomes right, little proof changes nothing, and a bias must be agreed on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from skucast.tools.conformal import NO_CHANGE, Recalibration, recalibration
from skucast.tools.quantiles import LEVELS, MEDIAN, Array

NORMAL = stats.norm(100, 10)


def windows(
    count: int, width: float = 1.0, offs: list[float] | None = None, n: int = 50, seed: int = 0
) -> tuple[list[Array], list[Array]]:
    """Truths N(100, 10) of `count` windows `[n, 4]`, and forecasts that are `width` times as wide, and off."""
    rng = np.random.default_rng(seed)
    truths = [rng.normal(100, 10, (n, 4)) for _ in range(count)]
    levels = 100 + width * (NORMAL.ppf(LEVELS) - 100)
    return truths, [np.broadcast_to(levels + off, (n, 4, 9)) for off in (offs or [0.0] * count)]


def covered(truths: list[Array], forecasts: list[Array]) -> float:
    inside = [(q[..., 0] <= y) & (y <= q[..., -1]) for y, q in zip(truths, forecasts, strict=True)]
    return float(np.mean(inside))


@pytest.mark.parametrize("width", [0.3, 0.6, 1.0, 2.0])
def test_the_80_percent_interval_covers_80_percent(width: float) -> None:
    truths, forecasts = windows(4, width)
    made = recalibration(truths, forecasts)
    after = [made.apply(q) for q in forecasts]
    assert covered(truths, after) == pytest.approx(0.8, abs=0.03)
    if width != 1.0:
        assert abs(covered(truths, forecasts) - 0.8) > 0.15
    later, same = windows(4, width, seed=9)
    assert covered(later, [made.apply(q) for q in same]) == pytest.approx(0.8, abs=0.05)


def test_every_level_becomes_right_once_the_bias_is_kept() -> None:
    truths, forecasts = windows(4, 0.5, [8.0] * 4)
    made = recalibration(truths, forecasts)
    assert made.steps == 4 * 50 * 4
    at_or_below = [np.mean(y[..., None] <= made.apply(q), axis=(0, 1)) for y, q in zip(truths, forecasts, strict=True)]
    shares = np.mean(at_or_below, axis=0)
    assert shares == pytest.approx(LEVELS, abs=0.04)


def test_shifts_by_hand() -> None:
    """Each truth is the median plus 0, 1, … 10 tenths of the spread."""
    spread = np.linspace(0.0, 1.0, 9) * 20  # q0.1 = 0 … q0.9 = 20 around a median of 10
    forecast = np.broadcast_to(spread, (22, 10, 9))
    truth = np.broadcast_to(10 + 2.0 * np.repeat(np.arange(11), 2)[:, None], (22, 10))  # 10, 12 … 30
    made = recalibration([truth, truth], [forecast, forecast])
    quantile_of_truth = np.array([12, 14, 16, 18, 20, 22, 24, 26, 28])
    assert made.bias == pytest.approx(0.5)  # the median was 20, and both windows say so
    assert made.shift == pytest.approx((quantile_of_truth - spread) / 20)
    assert made.apply(spread) == pytest.approx(quantile_of_truth)


def test_a_bias_that_windows_disagree_on_is_not_kept() -> None:
    for offs in ([20.0, -20.0], [15.0, -15.0, 1.0], [9.0, -8.0, 7.0, -9.0]):
        truths, forecasts = windows(len(offs), 1.0, offs)
        made = recalibration(truths, forecasts)
        assert made.bias == 0.0
        assert made.shift[MEDIAN] == 0.0
        assert made.apply(forecasts[0])[..., MEDIAN] == pytest.approx(forecasts[0][..., MEDIAN])


def test_a_bias_that_windows_agree_on_is_kept() -> None:
    truths, forecasts = windows(3, 1.0, [8.0, 8.0, 8.0])
    made = recalibration(truths, forecasts)
    spread = NORMAL.ppf(0.9) - NORMAL.ppf(0.1)
    assert made.bias * spread == pytest.approx(-8.0, abs=1.5)
    assert made.shift[MEDIAN] == pytest.approx(made.bias)


def test_half_agreed_by_hand() -> None:
    """Misses of 1 and 3 spreads: mean 2, variance of the mean ((1 - 3)² / 2) / 2 = 1, so 2 (1 - 1/4) = 1.5 is kept."""
    forecast = np.broadcast_to(np.linspace(-0.5, 0.5, 9), (30, 10, 9))
    made = recalibration([np.full((30, 10), 1.0), np.full((30, 10), 3.0)], [forecast, forecast])
    assert made.bias == pytest.approx(1.5)


def test_one_window_keeps_no_bias() -> None:
    truths, forecasts = windows(1, 0.5, [30.0], n=200)
    made = recalibration(truths, forecasts)
    assert made.bias == 0.0 and made.shift[MEDIAN] == 0.0
    assert made.shift[-1] > 0 > made.shift[0]  # its spread is believed all the same


def test_too_few_steps_change_nothing() -> None:
    truths, forecasts = windows(2, 0.2, n=24)  # 192 steps
    assert recalibration(truths, forecasts) is NO_CHANGE
    assert recalibration(truths, forecasts, least=192) is not NO_CHANGE
    many, of = windows(4, 0.2)
    for y in many:
        y[:, 1:] = np.nan
    many[0][:10] = np.nan  # 190 known steps
    assert recalibration(many, of) is NO_CHANGE
    assert recalibration([], []) is NO_CHANGE
    assert NO_CHANGE.apply(of[0]) == pytest.approx(of[0])


def test_steps_not_known_and_certain_zeros_do_not_count() -> None:
    truths, forecasts = windows(4, 0.5)
    made = recalibration(truths, forecasts)
    hidden = [np.hstack([y, np.full((50, 2), np.nan)]) for y in truths]
    closed = [np.concatenate([np.hstack([y, np.zeros((50, 1))])]) for y in hidden]
    wider = [np.concatenate([q, np.zeros((50, 3, 9))], axis=1) for q in forecasts]
    other = recalibration(closed, wider)
    assert other.shift == pytest.approx(made.shift)
    assert (other.steps, other.bias) == (made.steps, pytest.approx(made.bias))


@settings(deadline=None, max_examples=50, derandomize=True)
@given(
    st.lists(st.floats(0, 1e4), min_size=9, max_size=9),
    st.lists(st.floats(-2, 2), min_size=9, max_size=9),
)
def test_what_comes_out_are_quantiles(row: list[float], shift: list[float]) -> None:
    made = Recalibration(np.array(shift), 0.0, 999).apply(np.sort(np.array(row)))
    assert (made >= 0).all() and (np.diff(made) >= 0).all()


def test_a_forecast_without_spread_stays() -> None:
    certain = np.zeros((2, 9))
    assert np.array_equal(Recalibration(np.linspace(-1, 1, 9), 0.5, 999).apply(certain), certain)
