"""Backtests worked out by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from skucast.tools.monitor.backtest import Summary, TestedWindow, cutoffs, summary, window

NAN = float("nan")
WEEK, DAY = "W-SUN", "D"
LAST = pd.Timestamp("2024-06-30")  # a Sunday


def days(found: list[pd.Timestamp]) -> list[str]:
    return [f"{one:%Y-%m-%d}" for one in found]


def test_windows_follow_on_one_another_up_to_the_last_period() -> None:
    assert days(cutoffs(LAST, WEEK, 100, 4, 3)) == ["2024-04-07", "2024-05-05", "2024-06-02"]
    assert days(cutoffs(LAST, DAY, 100, 7, 2)) == ["2024-06-16", "2024-06-23"]
    assert days(cutoffs(LAST, DAY, 100, 1, 1)) == ["2024-06-29"]


@pytest.mark.parametrize(("periods", "count"), [(19, 2), (20, 3), (100, 3), (16, 2), (15, 1), (12, 1), (11, 0), (3, 0)])
def test_eight_periods_lie_before_the_first_cutoff(periods: int, count: int) -> None:
    assert len(cutoffs(LAST, WEEK, periods, 4, 3)) == count


def steps(*medians: float) -> np.ndarray:
    """Quantiles of steps that lie from 4 below the median to 4 above it, one unit a level: `[H, 9]`."""
    return np.array(medians)[:, None] + np.arange(-4.0, 5.0)


def test_a_window_by_hand() -> None:
    """Medians 20 and 20 against 20 and 25; the last value was 18.

    Of the first, the levels miss by 4, 3, 2, 1, 0, -1, -2, -3, -4 units, at a tenth to nine tenths: below the truth
    0.1 * 4 + 0.2 * 3 + 0.3 * 2 + 0.4 * 1 = 2, above it the same. Of the second by 9, 8 … 1, all below the truth:
    0.9 + 1.6 + 2.1 + 2.4 + 2.5 + 2.4 + 2.1 + 1.6 + 0.9 = 16.5.
    """
    made = window(steps(20.0, 20.0), 41.0, np.array([20.0, 25.0]), 18.0)
    assert made == TestedWindow(
        total=41.0,
        sold=45.0,
        errors=(0.0, 5.0),
        naive_errors=(2.0, 7.0),
        pinball=pytest.approx((4 / 9 + 16.5 / 9) / 2),
        inside=1,
    )
    assert made.steps == 2


@pytest.mark.parametrize(("truth", "inside"), [(15.9, 0), (16.0, 1), (24.0, 1), (24.1, 0)])
def test_the_ends_of_the_interval_lie_within_it(truth: float, inside: int) -> None:
    assert window(steps(20.0), 20.0, np.array([truth]), 20.0).inside == inside


def test_what_is_not_known_is_left_out() -> None:
    known = window(steps(20.0), 60.0, np.array([23.0]), 21.0)
    among = window(steps(99.0, 20.0, 20.0), 60.0, np.array([NAN, 23.0, NAN]), 21.0)
    assert replace(among, whole=True) == known and not among.whole
    assert (known.errors, known.naive_errors, known.sold, known.steps) == ((3.0,), (2.0,), 23.0, 1)


@pytest.mark.filterwarnings("error")
def test_nothing_known() -> None:
    made = window(steps(20.0, 20.0), 40.0, np.array([NAN, NAN]), 18.0)
    assert (made.total, made.sold, made.errors, made.naive_errors, made.inside, made.steps) == (40.0, 0.0, (), (), 0, 0)
    assert np.isnan(made.pinball)
    found = summary([made])
    assert (found.inside, found.steps) == (0, 0)
    assert np.isnan([found.mae, found.naive_mae, found.coverage]).all()


def test_in_a_summary_every_known_step_counts_once() -> None:
    """Errors 1, 2 and 6; naive 0, 3 and 9: means 3 and 4, though the windows' own means are 1.5 and 6, 1.5 and 9."""
    one = TestedWindow(40.0, 41.0, (1.0, 2.0), (0.0, 3.0), 0.5, 2)
    other = TestedWindow(20.0, 26.0, (6.0,), (9.0,), 2.0, 0)
    found = summary([one, other])
    assert found == Summary(mae=3.0, naive_mae=4.0, inside=2, steps=3, bias=pytest.approx(100 * (60 / 67 - 1)))
    assert summary([replace(one, total=50.0), replace(other, whole=False)]).bias == pytest.approx(100 * 9 / 41)
    assert found.coverage == pytest.approx(2 / 3)
