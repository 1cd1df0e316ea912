"""Outliers: single periods that sold many times the usual, such as one bulk order, and that nothing explains."""

import numpy as np
import numpy.typing as npt

from ..quantiles import Array

AROUND = 26  # periods on each side that show the usual
FEWEST = 8  # periods with sales among them
TIMES = 5.0  # the usual, at least
STRONG = 5.0  # robust standard deviations of the log of sales
LEAST_SPREAD = 0.25  # of that log: what sells the same every week also has its good weeks
APART = 2.5  # times the largest of its neighbourhood: orders that come again are no outliers
MOVES = 0.08  # of a season: how far a moving holiday moves, four weeks of a year


def outliers(y: Array, season: int, promoted: npt.NDArray[np.bool_] | None = None) -> npt.NDArray[np.bool_]:
    """Which periods hold one order of many times the usual.

    A period is compared with those that sold among the 26 before and the 26 after it, itself and its direct neighbours
    left out. It is an outlier where it is at least five times their median, more than five robust standard deviations
    above it (1.4826 x the median absolute deviation of log sales, at least 0.25), and two and a half times the largest
    of them: large orders that come again and again are how such a series sells, and a peak of three periods is an
    event. So is one a third as high a season earlier or later, give or take 8 % of a season for a moving holiday.

    Args:
        y: units per period, oldest first, shape `[T]`; NaN where not known.
        season: periods after which a peak may recur: those of a year.
        promoted: periods on promotion, shape `[T]`; they are no outliers.

    Returns:
        Shape `[T]`.
    """
    values = np.asarray(y, dtype=float)
    found = np.zeros(len(values), dtype=bool)
    if np.count_nonzero(values > 0) <= FEWEST:
        return found
    for at in np.flatnonzero(values >= TIMES / 2 * _lowest(values)):  # few periods are looked at closely
        found[at] = not (promoted is not None and promoted[at]) and _alone(values, int(at), season)
    return found


def usual(y: Array, at: int) -> float:
    """The median of the periods with sales around one, itself and its neighbours left out; NaN where there are none."""
    near = _near(np.asarray(y, dtype=float), at)
    return float(np.median(near)) if len(near) else float("nan")


def _lowest(y: Array) -> float:
    """The lowest median of the periods with sales of any half year."""
    parts = (y[at : at + AROUND] for at in range(0, len(y), AROUND))
    return min(float(np.median(part[part > 0])) for part in parts if (part > 0).any())


def _near(y: Array, at: int) -> Array:
    both = np.concatenate([y[max(0, at - AROUND) : max(0, at - 1)], y[at + 2 : at + AROUND + 1]])
    return both[both > 0]


def _alone(y: Array, at: int, season: int) -> bool:
    near = _near(y, at)
    if len(near) < FEWEST:
        return False
    middle = float(np.median(near))
    spread = max(1.4826 * float(np.median(np.abs(np.log(near / middle)))), LEAST_SPREAD)
    if y[at] < TIMES * middle or np.log(y[at] / middle) <= STRONG * spread or y[at] < APART * near.max():
        return False
    if 0 < at < len(y) - 1 and min(y[at - 1], y[at + 1]) > y[at] / APART:  # the middle of a peak
        return False
    slack = max(1, round(MOVES * season))
    return not any(_peak(y, then, slack) >= 1 + (y[at] / middle - 1) / 3 for then in (at - season, at + season))


def _peak(y: Array, at: int, slack: int) -> float:
    """How many times the usual the largest period around one is; 0 where none is known."""
    first = max(0, at - slack)
    part = y[first : max(0, at + slack + 1)]
    if not len(part) or np.isnan(part).all():
        return 0.0
    top = first + int(np.nanargmax(part))
    middle = usual(y, top)
    return float(y[top] / middle) if middle > 0 else 0.0
