"""The guard of a blend: a member that has run away from a series' past and from the others is not believed there."""

import numpy as np

from ..quantiles import MEDIAN, Array

TIMES = 3.0  # the middle member's total, from which a member has run away
HIGHEST = 3.0  # times the most that a period ever sold, above which no quantile is believed


def guarded(members: Array, past: Array) -> Array:
    """Forecasts of several models with those that exploded put back among the others.

    Statistical models extrapolate: a trend or a season fitted to little data can grow without end. Per series, a member
    whose total over the horizon is more than 3 times the middle member's, and more than the series ever sold in so
    many periods, has run away: the middle of the members stands in for it, level by level. And no quantile is higher
    than 3 times the most that a period ever sold, or than twice the middle member's highest, whichever is more.

    Args:
        members: quantiles of M models in units per period, shape `[M, N, H, Q]`.
        past: units per period, shape `[N, T]`; NaN where not known.

    Returns:
        The same shape. Of two members there is no middle: only the ceiling holds, of twice the lower one's highest. One
        alone is compared with nobody.
    """
    middle = np.median(members, axis=0)
    highest = np.nan_to_num(past).max(axis=1)
    lower = np.quantile(members[..., -1], 0.5, axis=0, method="lower")  # of two the mean would follow who ran away
    ceiling = np.maximum(HIGHEST * highest[:, None], 2 * lower)
    made = members
    if len(members) > 2:
        totals = members[..., MEDIAN].sum(axis=-1)
        away = (totals > TIMES * np.median(totals, axis=0)) & (totals > _most(past, members.shape[2]))
        made = np.where(away[..., None, None], middle, members)
    return np.asarray(np.minimum(made, ceiling[None, :, :, None]), dtype=float)


def _most(past: Array, horizon: int) -> Array:
    """The most units of each series in `horizon` periods together, shape `[N]`; a shorter past is scaled up."""
    sums = np.cumsum(np.pad(np.nan_to_num(past), ((0, 0), (1, 0))), axis=1)
    span = min(horizon, past.shape[1])
    return np.asarray((sums[:, span:] - sums[:, : sums.shape[1] - span]).max(axis=1) * horizon / span, dtype=float)
