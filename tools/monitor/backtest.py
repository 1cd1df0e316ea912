"""Backtest: forecasts as of earlier cutoffs, against what then sold and against the last value known."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..quantiles import MEDIAN, Array, pinball

LEAST = 8  # periods that must lie before the first cutoff


@dataclass(frozen=True)
class TestedWindow:
    """One forecast against the truth. Steps of which no truth is known are left out of all but the forecast's total.

    Attributes:
        total: the median of the forecast's total, in units. Medians of steps do not add up to it.
        sold: units sold in the steps that are known.
        errors: absolute errors of the median, units per period, one for each known step.
        naive_errors: the same of the last known value, repeated.
        pinball: mean pinball loss over known steps and levels, in units; NaN where no step is known.
        inside: known steps that fell within the interval between the outermost levels (80 %), its ends included.
        whole: every step is known.
    """

    total: float
    sold: float
    errors: tuple[float, ...]
    naive_errors: tuple[float, ...]
    pinball: float
    inside: int
    whole: bool = True

    @property
    def steps(self) -> int:
        """Known steps."""
        return len(self.errors)


@dataclass(frozen=True)
class Summary:
    """Several windows together, each known step counting once.

    Attributes:
        mae: mean absolute error of the median, units per period; NaN where nothing is known.
        naive_mae: the same of the last known value, repeated.
        inside: known steps within the 80 % interval.
        steps: known steps.
        bias: the windows' forecast totals over what sold in them, less one, in per cent: positive is forecast too high.
            Of windows whose every step is known; NaN where there are none, or nothing sold.
    """

    mae: float
    naive_mae: float
    inside: int
    steps: int
    bias: float = np.nan

    @property
    def coverage(self) -> float:
        """The share of known steps within the 80 % interval; NaN where none is known."""
        return self.inside / self.steps if self.steps else np.nan


def cutoffs(last: pd.Timestamp, offset: str, periods: int, horizon: int, windows: int) -> list[pd.Timestamp]:
    """The cutoffs of the latest windows that follow on one another up to the last known period, oldest first.

    Args:
        last: the last known period.
        offset: of pandas, from one period to the next, such as `W-SUN`.
        periods: known periods of the series.
        horizon: periods in a window.
        windows: how many are wanted.

    Returns:
        As many as leave 8 periods before the first one; none where the past is too short for one.
    """
    count = max(min(windows, (periods - LEAST) // horizon), 0)
    return list(pd.date_range(end=last, periods=count * horizon + 1, freq=offset)[:-1:horizon])


def window(quantiles: Array, total: float, truth: Array, last_known: float) -> TestedWindow:
    """Hold one forecast against what then sold.

    Args:
        quantiles: units per period at `LEVELS`, shape `[H, Q]`.
        total: the median of the forecast's total, in units.
        truth: units per period, shape `[H]`; NaN where not known.
        last_known: the last known units before the window.
    """
    known = np.isfinite(truth)
    y, made = truth[known], quantiles[known]
    return TestedWindow(
        total=total,
        sold=float(y.sum()),
        errors=tuple(np.abs(y - made[:, MEDIAN]).tolist()),
        naive_errors=tuple(np.abs(y - last_known).tolist()),
        pinball=float(pinball(y, made).mean()) if known.any() else np.nan,
        whole=bool(known.all()),
        inside=int(((made[:, 0] <= y) & (y <= made[:, -1])).sum()),
    )


def summary(windows: Sequence[TestedWindow]) -> Summary:
    """All windows together."""
    return Summary(
        mae=_mean([error for one in windows for error in one.errors]),
        naive_mae=_mean([error for one in windows for error in one.naive_errors]),
        inside=sum(one.inside for one in windows),
        steps=sum(one.steps for one in windows),
        bias=_bias([one for one in windows if one.whole]),
    )


def _bias(windows: Sequence[TestedWindow]) -> float:
    sold = sum(one.sold for one in windows)
    return 100 * (sum(one.total for one in windows) / sold - 1) if sold > 0 else np.nan


def _mean(errors: Sequence[float]) -> float:
    return float(np.mean(errors)) if errors else np.nan
