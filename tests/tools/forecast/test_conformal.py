"""Recalibration: the spread becomes right, the median stays, and little proof changes nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from skucast.tools.forecast.conformal import NO_CHANGE, Recalibration, recalibration
from skucast.tools.quantiles import LEVELS, MEDIAN, Array, pinball

NORMAL = stats.norm(100, 10)


def sales(width: float = 1.0, off: float = 0.0, n: int = 200, seed: int = 0) -> tuple[Array, Array]:
    """Truths N(100, 10), `[n, 4]`, and forecasts that are `width` times as wide as they should be, and off."""
    y = np.random.default_rng(seed).normal(100, 10, (n, 4))
    levels = 100 + width * (NORMAL.ppf(LEVELS) - 100) + off
    return y, np.tile(levels, (n, 4, 1))


def covered(y: Array, quantiles: Array) -> float:
    return float(np.mean((quantiles[..., 0] <= y) & (y <= quantiles[..., -1])))


@pytest.mark.parametrize("width", [0.3, 0.6, 1.0, 2.0])
def test_the_80_percent_interval_covers_80_percent(width: float) -> None:
    y, forecast = sales(width)
    made = recalibration(y, forecast)
    assert covered(y, made.apply(forecast)) == pytest.approx(0.8, abs=0.03)
    if width != 1.0:
        assert abs(covered(y, forecast) - 0.8) > 0.15
    later, same = sales(width, seed=9)
    assert covered(later, made.apply(same)) == pytest.approx(0.8, abs=0.05)


@pytest.mark.parametrize("width", [0.5, 2.0])
def test_every_level_becomes_right(width: float) -> None:
    y, forecast = sales(width)
    made = recalibration(y, forecast)
    assert made.steps == 200 * 4
    shares = np.mean(y[..., None] <= made.apply(forecast), axis=(0, 1))
    assert shares == pytest.approx(LEVELS, abs=0.04)


def test_shifts_by_hand() -> None:
    """Truths 0, 4 … 40 evenly, so the level tau of them is 40 tau; forecasts of half that spread around the same 20."""
    forecast = np.linspace(12.0, 28.0, 9)  # q0.1 = 12, 14 … q0.9 = 28: a spread of 16
    y = np.repeat(4.0 * np.arange(11), 20)[:, None]
    # of 220 truths in order, 20 of each kind, the level tau lies at 219 tau: 4 for 0.1 (21.9), 8 for 0.2 (43.8) …
    right = np.array([4.0, 8, 12, 16, 20, 24, 28, 32, 36])
    made = recalibration(y, np.tile(forecast, (220, 1, 1)))
    assert made.steps == 220
    assert made.shift == pytest.approx((right - forecast) / 16)
    assert made.apply(forecast) == pytest.approx(right)
    assert made.apply(10 * forecast) == pytest.approx(10 * right)  # in units of the forecast's own spread
    small = recalibration(y / 100, np.tile(forecast / 100, (220, 1, 1)))  # however little sells
    assert small.shift == pytest.approx(made.shift)
    assert recalibration(y, np.tile(right, (220, 1, 1))) is NO_CHANGE


@pytest.mark.parametrize("off", [-15.0, 8.0, 30.0])
def test_a_bias_is_neither_taken_out_nor_put_in(off: float) -> None:
    """Which side was missed differs from window to window: only the spread around the median is learned."""
    y, forecast = sales(0.5, off)
    made, unbiased = recalibration(y, forecast), recalibration(*sales(0.5))
    assert made.shift[MEDIAN] == 0.0
    np.testing.assert_array_equal(made.apply(forecast)[..., MEDIAN], forecast[..., MEDIAN])
    assert made.shift == pytest.approx(unbiased.shift)  # what lies off by the same everywhere changes nothing


def test_windows_that_are_off_in_opposite_ways_are_wider_not_shifted() -> None:
    (up, forecast), (down, low) = sales(1.0, 20.0), sales(1.0, -20.0, seed=1)
    made = recalibration(np.concatenate([up, down]), np.concatenate([forecast, low]))
    assert made.shift[MEDIAN] == 0.0
    assert made.shift[-1] > 0.3 and made.shift[0] < -0.3
    assert made.shift[0] == pytest.approx(-made.shift[-1], abs=0.1)


def test_too_few_steps_change_nothing() -> None:
    y, forecast = sales(0.2, n=49)  # 196 steps
    assert recalibration(y, forecast) is NO_CHANGE
    assert recalibration(y, forecast, least=196).steps == 196
    assert recalibration(y, forecast, least=197) is NO_CHANGE
    many, of = sales(0.2)
    many[:, 1:] = np.nan
    many[0, 0] = np.nan  # 199 known steps
    assert recalibration(many, of) is NO_CHANGE
    many[0, 0] = 100.0
    assert recalibration(many, of).steps == 200
    assert recalibration(np.zeros((0, 4)), np.zeros((0, 4, 9))) is NO_CHANGE
    np.testing.assert_array_equal(NO_CHANGE.apply(of), of)


def test_steps_not_known_and_certain_zeros_do_not_count() -> None:
    y, forecast = sales(0.5)
    made = recalibration(y, forecast)
    more = np.hstack([y, np.full((200, 2), np.nan), np.zeros((200, 1))])  # not known, not known, closed
    wider = np.concatenate([forecast, forecast[:, :2], np.zeros((200, 1, 9))], axis=1)
    other = recalibration(more, wider)
    np.testing.assert_array_equal(other.shift, made.shift)
    assert other.steps == made.steps


def test_large_series_do_not_drown_small_ones() -> None:
    """Misses count in units of each forecast's own spread."""
    y, forecast = sales(0.5)
    scale = np.where(np.arange(200) < 5, 1000.0, 1.0)[:, None]
    made = recalibration(y * scale, forecast * scale[..., None])
    assert made.shift == pytest.approx(recalibration(y, forecast).shift)


@settings(deadline=None, max_examples=50, derandomize=True)
@given(
    st.lists(st.floats(0, 1e4), min_size=9, max_size=9),
    st.lists(st.floats(-2, 2), min_size=9, max_size=9),
)
def test_what_comes_out_are_quantiles(row: list[float], shift: list[float]) -> None:
    made = Recalibration(np.array(shift), 999).apply(np.sort(np.array(row)))
    assert (made >= 0).all() and (np.diff(made) >= 0).all()


def test_a_forecast_without_spread_stays() -> None:
    certain = np.zeros((2, 9))
    assert np.array_equal(Recalibration(np.linspace(-1, 1, 9), 999).apply(certain), certain)


@pytest.mark.parametrize("width", [0.3, 0.6, 2.0])
def test_the_loss_is_smaller_where_it_was_learned(width: float) -> None:
    y, forecast = sales(width)
    after = recalibration(y, forecast).apply(forecast)
    assert pinball(y, after).mean() < pinball(y, forecast).mean()


def test_sales_that_are_mostly_zero_are_not_made_worse() -> None:
    y = np.random.default_rng(1).poisson(0.3, (200, 4)).astype(float)  # three of four are 0
    forecast = np.tile(np.linspace(0.1, 1.3, 9), (200, 4, 1))
    after = recalibration(y, forecast).apply(forecast)
    assert pinball(y, after).mean() <= pinball(y, forecast).mean()


def test_a_few_large_series_do_not_undo_what_helps_the_others() -> None:
    """75 are forecast too narrow; 5, a thousand times as large, too wide: units would speak against, shares do not."""
    (y, narrow), (large, wide) = sales(0.5, n=75), sales(2.0, n=5, seed=1)
    y, forecast = np.concatenate([y, 1000 * large]), np.concatenate([narrow, 1000 * wide])
    made = recalibration(y, forecast)
    assert made.steps == 320 and made.shift[-1] > 0
    assert pinball(y, made.apply(forecast)).mean() > pinball(y, forecast).mean()
