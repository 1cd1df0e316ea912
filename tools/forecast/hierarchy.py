"""Groups of series: sample paths whose series share shocks, so that the forecast of a sum is honest and coherent.

One set of futures is drawn for all series, and a group's future is the sum of its series' in the same draw. So totals
of any grouping add up, in every draw as in the mean. How wide a sum is depends on how far the errors of different
series go together: that is learned from the past. Where there is a forecast of the total of all series, every draw is
scaled to it, for small biases of many series add up (docs/GROUPS.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from ..quantiles import LEVELS, Array, read
from .paths import WINDOW, step_dependence

LONGEST = 8  # steps ahead whose errors are compared
MOST = 0.95


@dataclass(frozen=True)
class Dependence:
    """How the futures of several series hang together: a Gaussian copula with one factor that all of them share.

    Attributes:
        between: correlation between two series' errors in the same period, 0 to 0.95.
        shared: correlation of neighbouring steps in the factor.
        within: the same in what each series has of its own, shape `[N]`.
    """

    between: float
    shared: float
    within: Array


def learned_dependence(demand: Array, horizon: int) -> Dependence:
    """The dependence of some series, from their past.

    Args:
        demand: units per period on one calendar, shape `[N, T]`; NaN where not known.
        horizon: periods ahead.
    """
    known = np.isfinite(demand)
    total = np.where(known.any(axis=0), np.where(known, demand, 0.0).sum(axis=0), np.nan)
    return Dependence(
        between=shared_correlation(demand, horizon),
        shared=step_dependence(total, horizon),
        within=np.array([step_dependence(series, horizon) for series in demand], dtype=float),
    )


def shared_correlation(demand: Array, horizon: int) -> float:
    """The mean correlation between two series' forecast errors in the same period, from the past.

    From each past origin the mean of the last 8 periods stands as forecast of the next `horizon` (8 at most), as in
    `step_dependence`. Each series' errors become normal scores of their ranks, so that no single shock decides. With
    the scores z of the series known in a period, the correlation is the mean of z_i z_j over all pairs of series and
    all periods, by the mean of z_i^2: the intraclass correlation of exchangeable series. Below 0 it counts as 0.

    Args:
        demand: units per period on one calendar, shape `[N, T]`; NaN where not known.
        horizon: periods ahead.

    Source: Fisher (1925), "Statistical Methods for Research Workers", chapter 7.
    """
    span = min(horizon, LONGEST)
    origins = demand.shape[1] - WINDOW - span + 1
    if len(demand) < 2 or origins < 2:
        return 0.0
    windows = np.lib.stride_tricks.sliding_window_view
    levels = windows(demand, WINDOW, axis=1)[:, :origins].mean(axis=-1)
    errors = windows(demand, span, axis=1)[:, WINDOW : WINDOW + origins] - levels[..., None]
    scores = np.stack([_normal_scores(row) for row in errors.reshape(len(demand), -1)])
    known = np.isfinite(scores)
    scores, count = np.where(known, scores, 0.0), known.sum(axis=0)
    squares = (scores**2).sum(axis=0)
    pairs = float((count * (count - 1)).sum())
    if pairs == 0 or not squares.any():
        return 0.0
    together = float((scores.sum(axis=0) ** 2 - squares).sum()) / pairs
    return float(np.clip(together / (squares.sum() / count.sum()), 0.0, MOST))


def _normal_scores(values: Array) -> Array:
    """Normal scores of the ranks of what is known; NaN where it is not, or where all values are the same."""
    known = np.isfinite(values)
    made = np.full(values.shape, np.nan)
    if known.any() and np.ptp(values[known]) > 0:
        made[known] = stats.norm.ppf((stats.rankdata(values[known]) - 0.5) / known.sum())
    return made


def group_paths(
    quantiles: Array,
    members: Sequence[npt.NDArray[np.int64]],
    dependence: Dependence,
    *,
    n: int = 1000,
    seed: int = 0,
    ratio: Array | None = None,
) -> tuple[Array, Array]:
    """Futures of groups: sums, draw by draw, of futures of their series, whose steps have these quantiles.

    Each draw of a series is sqrt(r) f + sqrt(1 - r) e, with r the correlation between series, f the shared factor and e
    its own, each with correlation rho^lag between steps. Each series' draws of a step are then spread evenly over
    (0, 1) by rank, so its quantiles are met to 1/n and its mean is the same in every grouping. A series' own draws are
    seeded by its place, so it has the same futures in whatever group it is.

    Args:
        quantiles: of every series, units per period, shape `[N, H, Q]`.
        members: places of the series of each of G groups.
        dependence: of the series.
        n: number of draws.
        seed: of the draws.
        ratio: by which every series' draws are multiplied, `[n, H]`: of `ratio_to`.

    Returns:
        Units of the groups, shape `[G, n, H]`, and the mean units of the series, `[N, H]`; NaN of those in no group.

    Source: Panagiotelis et al. (2023), "Probabilistic forecast reconciliation", on bottom-up samples; Joe (2014),
    "Dependence Modeling with Copulas", section 3.10, on one-factor copulas.
    """
    horizon = quantiles.shape[1]
    factor = np.sqrt(dependence.between) * _steps(dependence.shared, horizon, n, [seed])
    sums, means = np.zeros((len(members), n, horizon)), np.full(quantiles.shape[:2], np.nan)
    within: dict[int, list[int]] = {}
    for group, places in enumerate(members):
        for place in places:
            within.setdefault(int(place), []).append(group)
    for place, groups in within.items():
        own = _steps(float(dependence.within[place]), horizon, n, [seed, place + 1])
        drawn = read(quantiles[place], even_ranks(factor + np.sqrt(1 - dependence.between) * own), LEVELS)
        drawn = drawn if ratio is None else drawn * ratio
        sums[groups] += drawn
        means[place] = drawn.mean(axis=0)
    return sums, means


def _steps(rho: float, horizon: int, n: int, seed: Sequence[int]) -> Array:
    """Normal draws, `[n, H]`, with correlation rho^|i-j| between steps."""
    lags = np.abs(np.subtract.outer(np.arange(horizon), np.arange(horizon)))
    root = np.linalg.cholesky(rho**lags + 1e-9 * np.eye(horizon))
    return np.asarray(np.random.default_rng(seed).standard_normal((n, horizon)) @ root.T, dtype=float)


def even_ranks(draws: Array) -> Array:
    """Draws `[n, ...]` as probabilities, spread evenly over (0, 1) in their order along the first axis."""
    n = len(draws)
    even = (np.arange(n) + 0.5).reshape(-1, *[1] * (draws.ndim - 1)) / n
    ranks = np.empty(draws.shape)
    np.put_along_axis(ranks, np.argsort(draws, axis=0, kind="stable"), np.broadcast_to(even, draws.shape), axis=0)
    return ranks


def reconciled(whole: Array, own: Array) -> Array:
    """Draws of a total with the quantiles of its own forecast, each step in the order that the draws had.

    Args:
        whole: units of all series together, shape `[n, H]`.
        own: quantiles of their total forecast as one series, `[H, Q]`.

    Returns:
        Units, shape `[n, H]`.

    Source: Ben Taieb, Taylor and Hyndman (2017), "Coherent Probabilistic Forecasts for Hierarchical Time Series", on
    draws put in the order of others.
    """
    return read(own, even_ranks(whole), LEVELS)


def ratio_to(whole: Array, own: Array) -> Array:
    """What every series' draws are multiplied by so that all of them together have the quantiles of their total's own.

    One ratio a draw and step for all series: totals of every grouping still add up. A draw in which nothing is sold
    stays so.

    Args:
        whole: units of all series together, shape `[n, H]`.
        own: quantiles of their total forecast as one series, `[H, Q]`.

    Returns:
        Shape `[n, H]`.
    """
    return np.divide(reconciled(whole, own), whole, out=np.ones_like(whole), where=whole > 0)
