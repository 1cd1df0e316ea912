"""Quantiles of the recent periods, by hand."""

import numpy as np
import pandas as pd
import pytest
from skucast.tools.data.cube import Cube, cube
from skucast.tools.data.panel import Panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.errors import InputError
from skucast.tools.forecast.recent import recent_forecasts, recent_quantiles
from skucast.tools.quantiles import LEVELS, Array

NAN = np.nan


def make_cube(y: list[list[float]], offset: str, horizon: int, opened: Array | None = None) -> Cube:
    """Series of equal length from 2024 on; `opened` over past and horizon."""
    rows, steps = np.shape(y)
    ds = pd.date_range("2024-01-01", periods=steps + horizon, freq=offset)
    opened = np.ones((rows, steps + horizon)) if opened is None else opened
    names = np.repeat([f"s{row}" for row in range(rows)], steps + horizon)
    table = pd.DataFrame({"unique_id": names, "ds": np.tile(ds, rows), "open": opened.ravel()})
    last = table["ds"] <= ds[steps - 1]
    past = table[last].assign(y=np.ravel(y))
    static = pd.DataFrame(index=[f"s{row}" for row in range(rows)])
    return cube(Panel(past, table[~last], static, PanelSchema(known_future=["open"]), offset), horizon)


def hazen(values: list[float], tau: float) -> float:
    """A slow twin: the i-th of n sorted values stands at (i - 1/2) / n, with straight lines between."""
    ordered = sorted(values)
    place = tau * len(ordered) + 0.5
    low = min(max(int(place), 1), len(ordered))
    high = min(low + 1, len(ordered))
    return ordered[low - 1] + max(place - low, 0.0) * (ordered[high - 1] - ordered[low - 1])


def test_thirteen_weeks_by_hand() -> None:
    y = [[900.0, 900.0, *(10.0 * (1 + (k * 5) % 13) for k in range(13))]]  # 10 … 130 in some order, after older weeks
    made = recent_quantiles(make_cube(y, "W-SUN", 3), 14)
    assert made.shape == (1, 3, 9)
    # q0.1 stands at 13 × 0.1 + 0.5 = 1.8: eight tenths of the way from 10 to 20
    np.testing.assert_allclose(made[0, 0], [18, 31, 44, 57, 70, 83, 96, 109, 122])
    assert (made[0] == made[0, :1]).all()


def test_months_are_twelve() -> None:
    y = [[500.0] * 3 + [float(k) for k in range(12)]]
    made = recent_quantiles(make_cube(y, "MS", 2), 14)
    np.testing.assert_allclose(made[0, 1], [hazen(list(range(12)), tau) for tau in LEVELS])
    assert made[0, 0, 4] == 5.5


def test_days_are_read_from_the_same_weekday() -> None:
    y = np.arange(70.0)  # the origin is day 63: the step after it falls on the weekday of days 8, 15, … 57
    y[15] = NAN
    made = recent_quantiles(make_cube([list(y)], "D", 9), 63)
    next_day = [float(day) for day in range(8, 58, 7) if day != 15]
    assert len(next_day) == 7
    np.testing.assert_allclose(made[0, 0], [hazen(next_day, tau) for tau in LEVELS])
    same_day = [float(day) for day in range(14, 64, 7)]
    np.testing.assert_allclose(made[0, 6], [hazen(same_day, tau) for tau in LEVELS])
    np.testing.assert_array_equal(made[0, 7], made[0, 0])


def test_fewer_days_than_eight_weeks() -> None:
    made = recent_quantiles(make_cube([[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]], "D", 7), 8)
    assert made[0, :, 4].tolist() == [3.0, 4.0, 5.0, 6.0, 7.0, 4.5, 5.5]  # the last two weekdays were seen twice


def test_what_is_not_known_is_left_out() -> None:
    y = [
        [NAN] * 9 + [4.0, NAN, 8.0, 6.0],
        [7.0] * 2 + [NAN] * 18,  # nothing of late: what was sold before
        [NAN] * 20,  # nothing at all
    ]
    y[0] = [50.0] * 7 + y[0]
    made = recent_quantiles(make_cube(y, "W-SUN", 2), 19)
    np.testing.assert_allclose(made[0, 0], [hazen([4, 8, 6], tau) for tau in LEVELS])
    assert (made[1] == 7).all()
    assert (made[2] == 0).all()


def test_closed_steps_are_nothing_and_closed_days_no_demand() -> None:
    opened = np.ones((1, 18))
    opened[0, [6, 15]] = 0.0
    y = [[5.0] * 6 + [0.0] + [5.0] * 7]
    made = recent_quantiles(make_cube(y, "D", 4, opened), 13)
    assert made[0, :, 4].tolist() == [5.0, 0.0, 5.0, 5.0]
    assert (made[0, 1] == 0).all()
    assert (made[0, 0] == 5).all()


@pytest.mark.parametrize("offset", ["D", "W-SUN", "ME"])
def test_later_periods_are_not_looked_at_and_levels_rise(offset: str) -> None:
    rng = np.random.default_rng(1)
    y = rng.poisson(3.0, (4, 60)).astype(float)
    y[rng.random(y.shape) < 0.1] = NAN
    before = recent_quantiles(make_cube(y.tolist(), offset, 5), 40)
    after = y.copy()
    after[:, 41:] = rng.normal(0, 1e6, (4, 19))
    np.testing.assert_array_equal(before, recent_quantiles(make_cube(after.tolist(), offset, 5), 40))
    assert (np.diff(before, axis=-1) >= 0).all()
    assert (before >= 0).all()
    some = recent_quantiles(make_cube(y.tolist(), offset, 5), 40, np.array([2, 0]))
    np.testing.assert_array_equal(some, before[[2, 0]])


def test_forecasts_go_on_from_each_series_own_end() -> None:
    ds = pd.date_range("2024-01-07", periods=20, freq="W-SUN")
    long, short = np.arange(20.0), np.arange(100.0, 115.0)
    past = pd.DataFrame({"unique_id": ["a"] * 20 + ["b"] * 15, "ds": [*ds, *ds[:15]], "y": [*long, *short]})
    panel = Panel(past, past[["unique_id", "ds"]].iloc[:0], pd.DataFrame(index=["a", "b"]), PanelSchema(), "W-SUN")
    made = recent_forecasts(panel, 2)
    assert list(made) == ["a", "b"]
    assert made["a"][:, 4].tolist() == [13.0, 13.0]
    assert made["b"][:, 4].tolist() == [108.0, 108.0]
    with pytest.raises(InputError, match="horizon 0"):
        recent_forecasts(panel, 0)
