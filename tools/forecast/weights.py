"""Combination: how much of each forecast goes into the one, learned where the truth was already known."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..quantiles import LEVELS, Array, pinball

GRID = np.linspace(0.0, 1.0, 21)
PRIOR_STEPS = 24
PRIOR_SERIES = 20  # series-windows of doubt, of equal weights against the global ones
PRIOR_CELL = 100  # series-windows of doubt, of the global weights against a cell's own
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
    """The weight of `other` against `base`: nothing unless it was better by itself; else the best, shrunk to a prior.

    The best weight minimises the mean pinball loss of the averaged quantiles on the validation window. A bad forecast
    that lay on the lucky side would get some of it, so `other` must first beat `base` alone. A window of H known steps
    carries H / (H + prior_steps) of the weight, what is known without it the rest: few steps are little proof.

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
        return LearnedWeight(prior_weight, float("nan"), float("nan"))
    share = GRID[:, None, None]
    losses = pinball(y[known], (1 - share) * base[known] + share * other[known]).mean(axis=(1, 2))
    best = float(GRID[int(np.argmin(losses))]) if losses[-1] < losses[0] else 0.0
    return LearnedWeight(
        (n * best + prior_steps * prior_weight) / (n + prior_steps), float(losses[0]), float(losses[-1])
    )


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


def cell_weights(
    y: Array,
    members: Sequence[Array],
    scale: Array,
    cells: Sequence[str],
    *,
    prior: float = PRIOR_SERIES,
    prior_cell: float = PRIOR_CELL,
    seed: int = 0,
) -> dict[str, Array]:
    """Weights for each cell: its own best, shrunk to the global best, which is shrunk to equal weights.

    n series-windows carry n / (n + prior) of the weight against what they are shrunk to. Those of which no truth or no
    scale is known do not count.

    Args:
        y: actual units, shape `[N, H]`.
        members: M forecasts `[N, H, Q]`.
        scale: of each series, shape `[N]`.
        cells: the cell of each series.
        prior: series-windows of doubt about the global weights.
        prior_cell: series-windows of doubt about a cell's own weights.
        seed: of the sample of series-windows, where there are more than enough.

    Returns:
        M weights by cell; the global ones under `""`.
    """
    labels = np.asarray(cells)
    known = np.isfinite(y).any(axis=1) & np.isfinite(scale) & (scale > 0)
    equal = np.full(len(members), 1 / len(members))

    def best(rows: npt.NDArray[np.int64], start: Array) -> Array:
        if len(rows) > MOST:
            rows = np.random.default_rng(seed).choice(rows, MOST, replace=False)
        return learn_weights(y[rows], [member[rows] for member in members], scale[rows], start=start)

    everywhere = np.flatnonzero(known)
    whole = _towards(best(everywhere, equal), equal, len(everywhere), prior)
    weights = {"": whole}
    for cell in np.unique(labels):
        rows = np.flatnonzero(known & (labels == cell))
        weights[str(cell)] = _towards(best(rows, whole), whole, len(rows), prior_cell)
    return weights


def gated_weights(
    y: Array,
    members: Sequence[Array],
    scale: Array,
    cells: Sequence[str],
    *,
    doubt: float = 1.0,
) -> dict[str, Array]:
    """Weights of a standing forecast and a newcomer, by cell; the newcomer gets none where it did not do better.

    The weights are those of `cell_weights`. A cell keeps them if they lowered the scaled pinball loss of its
    series-windows by more than `doubt` standard errors, and if all cells together did.

    Args:
        y: actual units, shape `[N, H]`.
        members: the standing forecast and the newcomer, each `[N, H, Q]`.
        scale: of each series, shape `[N]`.
        cells: the cell of each series.
        doubt: standard errors of the mean gain that it must exceed.
    """
    stands = np.array([1.0] + [0.0] * (len(members) - 1))
    if not len(cells):
        return {"": stands}
    weights = cell_weights(y, members, scale, cells)
    gain = _gain(y, members[0], weighted(members, cells, weights), scale)
    labels = np.asarray(cells)

    def improves(rows: npt.NDArray[np.bool_]) -> bool:
        mean, error = _mean_and_error(gain[rows])
        return mean > doubt * error

    if not improves(np.ones(len(gain), dtype=bool)):
        return dict.fromkeys(weights, stands)
    return {cell: w if cell == "" or improves(labels == cell) else stands for cell, w in weights.items()}


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


def weighted(members: Sequence[Array], cells: Sequence[str], weights: Mapping[str, Array]) -> Array:
    """Quantile averaging with each series' cell weights: `[N, H, Q]`."""
    table = np.stack([weights.get(cell, weights[""]) for cell in cells])  # [N, M]
    return np.asarray(np.einsum("nm,mnhq->nhq", table, np.stack(members)), dtype=float)


def _towards(weights: Array, prior_weights: Array, n: int, prior: float) -> Array:
    return (n * weights + prior * prior_weights) / (n + prior) if n else prior_weights
