"""Level shifts: a lasting step in the level of one series, found by medians that single odd periods do not move."""

import numpy as np
import numpy.typing as npt
from scipy.stats import theilslopes

from ..quantiles import Array

AFTER = 6  # periods that a new level must have lasted
BEFORE = 12  # periods that show the old one
WINDOW = 52  # periods at most on each side
STRONG = 5.0  # standard errors of the difference of the medians
CHANGE = 0.25  # of the larger level, at least
ZEROS = 1 / 3  # at most, on either side: slow sellers show no level
OVER_LINE = 0.75  # of a straight line's mean error, at most: a slope is no step
SHORT = 12  # a season up to here is taken out by its places; a longer one is looked up a season ago


def level_shift(y: Array, season: int | None = None, after: int = AFTER) -> int | None:
    """Where the last lasting step of a series is: the index of the first period of the new level; None for none.

    Of the splits with 12 periods before and 6 after them, up to 52 on each side, the one whose two medians leave the
    smallest mean absolute error is looked at. Its difference of medians is divided by its standard error,
    sqrt(pi / 2) x scale x sqrt(1 / before + 1 / after); the scale is 1.4826 x the median absolute deviation from the
    own median of each side, at least 5 % of the level and, of whole numbers, at least the square root of the level
    (Poisson). It is a shift where that is 5 or more, where the level changed by a quarter or more, where two levels
    fit clearly better than a straight line (Theil-Sen), and where no like change stood at the same place a season ago.

    Args:
        y: units per period, oldest first, shape `[T]`; NaN where not known.
        season: periods in the main season. One of at most 12 is taken out first; a longer one needs a whole season
            before the step to be told from it.
        after: periods that the new level must have lasted.

    Returns:
        An index into `y`, at least `after` known periods before its end; None where there is no shift.
    """
    values = np.asarray(y, dtype=float)
    at = np.flatnonzero(~np.isnan(values))
    known = values[at]
    if len(known) < BEFORE + after:
        return None
    level = _without_season(known, at, season) if season and 1 < season <= SHORT else known
    first = max(BEFORE, len(level) - WINDOW)
    splits = np.arange(first, len(level) - after + 1)
    best = int(splits[np.argmin(_split_errors(level, splits))])
    if _ratio(level, best) < STRONG or not _beats_line(level, best) or not _begins(level, best):
        return None
    if season and season > SHORT and _recurs(level, best, season):
        return None
    return int(at[best])


def levels(y: Array, at: int) -> tuple[float, float]:
    """The median of up to 52 known periods before a shift, and of those from it on, in units per period."""
    values = np.asarray(y, dtype=float)
    return float(np.nanmedian(values[max(0, at - WINDOW) : at])), float(np.nanmedian(values[at:]))


def _sides(y: Array, k: int) -> tuple[Array, Array]:
    return y[max(0, k - WINDOW) : k], y[k : k + WINDOW]


def _split_errors(y: Array, splits: npt.NDArray[np.intp]) -> Array:
    """The mean absolute error of the two medians of each split, shape `[K]`: `_errors` of all at once."""
    places = np.arange(WINDOW)
    total, count = np.zeros(len(splits)), np.zeros(len(splits))
    for index in (splits[:, None] - 1 - places, splits[:, None] + places):  # [K, 52]: before, and from there on
        inside = (index >= 0) & (index < len(y))
        side = np.where(inside, y[np.clip(index, 0, len(y) - 1)], np.nan)
        many = inside.sum(axis=1)
        ranked = np.sort(side, axis=1)  # NaN last
        rows = np.arange(len(splits))
        middle = (ranked[rows, (many - 1) // 2] + ranked[rows, many // 2]) / 2
        total += np.nansum(np.abs(side - middle[:, None]), axis=1)
        count += many
    return np.asarray(total / count, dtype=float)


def _errors(y: Array, k: int) -> float:
    """The mean absolute error of the two medians."""
    before, after = _sides(y, k)
    return float(np.mean(np.abs(np.concatenate([before - np.median(before), after - np.median(after)]))))


def _begins(y: Array, k: int) -> bool:
    """Whether the first period of the new level is nearer to it than to the old: else it has held less long."""
    before, after = _sides(y, k)
    return bool(abs(y[k] - np.median(after)) <= abs(y[k] - np.median(before)))


def _ratio(y: Array, k: int) -> float:
    """The difference of the medians before and after in standard errors; 0 where it is too small to matter."""
    before, after = _sides(y, k)
    old, new = float(np.median(before)), float(np.median(after))
    top = max(old, new)
    slow = max(float(np.mean(before <= 0)), float(np.mean(after <= 0))) > ZEROS
    if slow or min(old, new) <= 0 or abs(new - old) < CHANGE * top:
        return 0.0
    spread = 1.4826 * float(np.median(np.abs(np.concatenate([before - old, after - new]))))
    whole = np.array_equal(y, np.round(y))
    scale = max(spread, 0.05 * top, np.sqrt((old + new) / 2) if whole else 0.0)
    return abs(new - old) / (scale * float(np.sqrt(np.pi / 2 * (1 / len(before) + 1 / len(after)))))


def _beats_line(y: Array, k: int) -> bool:
    """Whether two levels fit clearly better than one slope over the same periods."""
    before, after = _sides(y, k)
    both = np.concatenate([before, after])
    steps = np.arange(len(both), dtype=float)
    slope, intercept = theilslopes(both, steps)[:2]
    return _errors(y, k) <= OVER_LINE * float(np.mean(np.abs(both - intercept - slope * steps)))


def _recurs(y: Array, k: int, season: int) -> bool:
    """Whether at least half the change, the same way, stood at the same place a season ago."""
    then, span = k - season, len(y) - k
    if then < AFTER:
        return False
    now, old = (np.median(y[at : at + span]) / np.median(y[max(0, at - span) : at]) for at in (k, then))
    if not (np.isfinite(now) and np.isfinite(old)) or min(now, old) <= 0:
        return False
    return bool(np.log(old) * np.sign(np.log(now)) >= 0.5 * abs(np.log(now)))


def _without_season(y: Array, at: npt.NDArray[np.intp], season: int) -> Array:
    """The series less what its place in a short season usually adds to the level around it."""
    around = np.array([np.median(y[max(0, i - season) : i + season + 1]) for i in range(len(y))])
    ratio = np.divide(y, around, out=np.ones_like(y), where=around > 0)
    usual = np.ones(season)
    for place in range(season):
        here = ratio[at % season == place]
        usual[place] = float(np.median(here)) if len(here) else 1.0
    factor = usual[at % season]
    return np.divide(y, factor, out=y.copy(), where=factor > 0)
