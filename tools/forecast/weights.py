"""Combination: how much of each forecast goes into the one, learned where the truth was already known."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..quantiles import LEVELS, Array, pinball

GRID = np.linspace(0.0, 1.0, 21)
PRIOR_STEPS = 24
PRIOR_SERIES = 300  # series-windows of doubt about the best weights of a blend: evals/bench/blend.py
PRIOR_GATED = 20  # the same about a newcomer's
WORST = 20.0  # scaled loss of one series that counts at most: one that exploded is no more than bad
SHARES = (0.05, 0.1, 0.2, 0.4, 0.8)  # of a newcomer in the combined forecast; the first: docs/SHARES.md
ROUNDS = 200
MOST = 1500  # series-windows that weights are learned from at most


@dataclass(frozen=True)
class LearnedWeight:
    """What a validation window says of a forecast: its weight, and both mean pinball losses in units."""

    weight: float
    loss_base: float
    loss_other: float


def learned_weight(
    y: Array, base: Array, other: Array, prior_steps: int = PRIOR_STEPS, prior_weight: float = 0.0
) -> LearnedWeight:
    """The weight of `other` against `base`: nothing unless it was better by itself, and no more than was best.

    The best weight minimises the mean pinball loss of the averaged quantiles on the validation window. A bad forecast
    that lay on the lucky side would get some of it, so `other` must first beat `base` alone. A window of H known steps
    carries H / (H + prior_steps) of the weight, what is known without it the rest: few steps are little proof. What
    other series say can lower the series' own best weight, and never raise it.

    Args:
        y: actual units, shape `[H]`; NaN steps do not count.
        base: quantiles of the standing forecast, shape `[H, Q]`.
        other: quantiles of the newcomer, shape `[H, Q]`.
        prior_steps: steps of doubt.
        prior_weight: the weight of `other`, learned elsewhere.
    """
    known = np.isfinite(y)
    n = int(known.sum())
    if n == 0:
        return LearnedWeight(0.0, float("nan"), float("nan"))
    share = GRID[:, None, None]
    losses = pinball(y[known], (1 - share) * base[known] + share * other[known]).mean(axis=(1, 2))
    best = float(GRID[int(np.argmin(losses))]) if losses[-1] < losses[0] else 0.0
    shrunk = (n * best + prior_steps * prior_weight) / (n + prior_steps)
    return LearnedWeight(min(shrunk, best), float(losses[0]), float(losses[-1]))


def learn_weights(
    y: Array, members: Sequence[Array], scale: Array, *, start: Array | None = None, rounds: int = ROUNDS
) -> Array:
    """The convex weights of quantile averaging that minimise the mean scaled pinball loss, not yet shrunk.

    Exponentiated gradient on the simplex: the loss is convex in the weights. The best weights met on the way are
    returned, so they are never worse than where it started.

    Args:
        y: actual units, shape `[N, H]`; NaN steps do not count.
        members: M forecasts `[N, H, Q]`.
        scale: of each series, shape `[N]`.
        start: weights to start from; equal when left out.
        rounds: steps.

    Returns:
        M weights that sum to 1.

    Source: Kivinen and Warmuth (1997), "Exponentiated Gradient versus Gradient Descent for Linear Predictors".
    """
    known = np.isfinite(y) & np.isfinite(scale)[:, None] & (scale > 0)[:, None]
    weights = np.full(len(members), 1 / len(members)) if start is None else np.asarray(start, dtype=float)
    if not known.any() or len(members) == 1:
        return weights
    truth = (y / scale[:, None])[known]
    stacked = np.stack([(member / scale[:, None, None])[known] for member in members])  # [M, K, Q]
    tau = np.asarray(LEVELS)
    best, best_loss = weights, np.inf
    rate = 4.0 / max(float(np.abs(stacked - stacked.mean(axis=0)).mean()), 1e-12)
    for step in range(rounds):
        mixed = np.tensordot(weights, stacked, axes=1)
        below = truth[:, None] < mixed
        loss = float(np.mean((truth[:, None] - mixed) * (tau - below)))
        if loss < best_loss:
            best, best_loss = weights, loss
        gradient = np.tensordot(stacked, below - tau, axes=([1, 2], [0, 1])) / below.size
        moved = np.log(np.maximum(weights, 1e-12)) - rate / np.sqrt(step + 1) * (gradient - gradient @ weights)
        weights = np.exp(moved - moved.max())
        weights /= weights.sum()
    return best


def blend_weights(y: Array, members: Array, scale: Array, windows: npt.ArrayLike, prior: Array) -> Array:
    """The weights of a blend: the best on the known windows, shrunk to those that stand without proof.

    Every window counts the same, whatever happened in it: losses are divided by the middle member's in that window. n
    series-windows carry n / (n + 300) of the weight: members that did well on a few windows of a few series are proven
    by little, and the windows of all series share their weather.

    Args:
        y: actual units, shape `[N, H]`; NaN steps do not count.
        members: M forecasts `[M, N, H, Q]`.
        scale: of each series, shape `[N]`; NaN or 0 does not count.
        windows: the window of each series, shape `[N]`.
        prior: M weights that stand without proof, which sum to 1.

    Returns:
        M weights that sum to 1.
    """
    known = np.isfinite(y).any(axis=1) & np.isfinite(scale) & (scale > 0)
    if len(members) == 1 or not known.any():
        return prior
    rows = np.flatnonzero(known)
    if len(rows) > MOST:
        rows = np.sort(np.random.default_rng(0).choice(rows, MOST, replace=False))
    y, members, scale, at = y[rows], members[:, rows], scale[rows].copy(), np.asarray(windows)[rows]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", category=RuntimeWarning)
        losses = np.stack([np.nanmean(pinball(y, member).mean(-1), axis=1) for member in members]) / scale  # [M, N]
    for window in np.unique(at):
        middle = float(np.median(np.minimum(losses[:, at == window], WORST).mean(axis=1)))
        scale[at == window] *= max(middle, 1e-9)
    equal = np.full(len(members), 1 / len(members))
    best = learn_weights(y, list(members), scale, start=(prior + equal) / 2)
    return _towards(best, prior, int(known.sum()), PRIOR_SERIES)


def by_step(weights: Array, prior: Array, proven: int, horizon: int) -> Array:
    """Weights of each step, shape `[M, H]`: as learned as far as they were proven, and then ever more the prior ones.

    Args:
        weights: as learned on windows of `proven` steps.
        prior: those that stand without proof.
        proven: steps of the windows.
        horizon: steps ahead.
    """
    share = np.minimum(1.0, proven / np.arange(1, horizon + 1))
    return np.asarray(np.outer(weights, share) + np.outer(prior, 1 - share), dtype=float)


def gated_weights(y: Array, members: Sequence[Array], scale: Array, *, doubt: float = 1.0) -> Array:
    """Weights of a standing forecast and a newcomer; the newcomer gets none where it did not do better.

    The weights are the best ones, shrunk to equal weights as by `PRIOR_GATED` series of doubt; they are kept if they
    lowered the mean scaled pinball loss by more than `doubt` standard errors.

    Args:
        y: actual units, shape `[N, H]`.
        members: the standing forecast and the newcomer, each `[N, H, Q]`.
        scale: of each series, shape `[N]`.
        doubt: standard errors of the mean gain that it must exceed.
    """
    stands = np.array([1.0, 0.0])
    known = np.isfinite(y).any(axis=1) & np.isfinite(scale) & (scale > 0)
    if not known.any():
        return stands
    weights = _towards(learn_weights(y, members, scale), np.array([0.5, 0.5]), int(known.sum()), PRIOR_GATED)
    mean, error = _mean_and_error(_gain(y, members[0], weighted(members, weights), scale))
    return weights if mean > doubt * error else stands


def guarded_share(
    y: Array, stands: Array, newcomer: Array, scale: Array, windows: Sequence[int], *, doubt: float = 1.0
) -> float:
    """The share of a newcomer in a standing forecast: small, unless known windows speak for more, or against any.

    Weights that are learned from a window or two are mostly noise, and a small fixed one does better than they do. So
    the newcomer begins with the least of `SHARES`, and loses it where that raised the scaled pinball loss of the known
    series-windows by more than `doubt` standard errors. It gets the next one as long as that lowers the loss by more
    than `doubt` standard errors in each of several windows: the series of one window share its weather, and a gain in
    one alone is little proof. Where nothing is known it gets nothing.

    Args:
        y: actual units, shape `[N, H]`; NaN steps do not count.
        stands: the standing forecast, `[N, H, Q]`.
        newcomer: the other, `[N, H, Q]`.
        scale: of each series, shape `[N]`.
        windows: the window of each series.
        doubt: standard errors of a mean change that prove nothing.

    Source: Smith and Wallis (2009), "A Simple Explanation of the Forecast Combination Puzzle".
    """
    if not len(y):
        return 0.0

    def mixed(share: float) -> Array:
        return (1 - share) * stands + share * newcomer

    first = _gain(y, stands, mixed(SHARES[0]), scale)
    mean, error = _mean_and_error(first)
    if mean < -doubt * error:
        return 0.0
    at = np.asarray(windows)
    known = np.unique(at[np.isfinite(first)])
    share = SHARES[0]
    for more in SHARES[1:]:
        step = _gain(y, mixed(share), mixed(more), scale)
        proofs = [_mean_and_error(step[at == one]) for one in known]
        if len(known) < 2 or not all(mean > doubt * error for mean, error in proofs):
            break
        share = more
    return share


def _gain(y: Array, before: Array, after: Array, scale: Array) -> Array:
    """How much lower the scaled pinball loss of each series-window became, shape `[N]`; NaN where nothing is known."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", category=RuntimeWarning)
        return np.asarray(np.nanmean(pinball(y, before).mean(-1) - pinball(y, after).mean(-1), axis=1) / scale)


def _mean_and_error(gain: Array) -> tuple[float, float]:
    """The mean of those that are known and its standard error; without two of them no proof at all."""
    some = gain[np.isfinite(gain)]
    if len(some) < 2:
        return float("-inf"), 0.0
    return float(some.mean()), float(some.std(ddof=1)) / float(np.sqrt(len(some)))


def weighted(members: Sequence[Array] | Array, weights: Array) -> Array:
    """Quantile averaging: `[N, H, Q]`, with weights `[M]`, or `[M, H]` by step."""
    stacked = np.stack(list(members))
    table = np.broadcast_to(weights[:, None] if weights.ndim == 1 else weights, (len(stacked), stacked.shape[2]))
    return np.asarray(np.einsum("mh,mnhq->nhq", table, stacked), dtype=float)


def _towards(weights: Array, prior_weights: Array, n: int, prior: float) -> Array:
    return (n * weights + prior * prior_weights) / (n + prior) if n else prior_weights
