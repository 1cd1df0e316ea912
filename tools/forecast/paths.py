"""Sample paths: quantiles a step turned into whole futures with dependence between steps, so that sums are honest."""

from functools import lru_cache

import numpy as np
from scipy import stats

from ..quantiles import LEVELS, Array, read

WINDOW = 8  # periods of the local level
PRIOR_RHO = 0.3
PRIOR_WINDOWS = 20
MIN_WINDOWS = 30


def step_dependence(history: Array, horizon: int) -> float:
    """Correlation between the errors of neighbouring steps of one forecast, estimated from the past.

    From each past origin the mean of the last 8 periods stands as forecast of the next `horizon`; the errors of one
    origin share the error of its level. Their average correlation at lag one is shrunk to 0.3 by the number of windows
    that do not overlap.
    """
    y = history[np.isfinite(history)]
    span = max(2, min(horizon, 8))
    origins = np.arange(WINDOW, len(y) - span + 1)
    if len(origins) < 2 or np.ptp(y) == 0:
        return PRIOR_RHO
    windows = np.lib.stride_tricks.sliding_window_view
    levels = np.ascontiguousarray(windows(y, WINDOW)[: len(origins)]).mean(axis=1)
    errors = windows(y, span)[WINDOW : WINDOW + len(origins)] - levels[:, None]
    before, after = errors[:, :-1].ravel(), errors[:, 1:].ravel()
    scale = float(np.sqrt((before**2).mean() * (after**2).mean()))
    rho = float((before * after).mean() / scale) if scale > 0 else 0.0
    independent = len(origins) / span
    shrunk = (rho * independent + PRIOR_RHO * PRIOR_WINDOWS / span) / (independent + PRIOR_WINDOWS / span)
    return float(np.clip(shrunk, 0.0, 0.95))


def sample_paths(quantiles: Array, history: Array, *, n: int = 1000, seed: int = 0) -> Array:
    """Draw futures whose steps have these quantiles and depend on one another as past errors did.

    A Gaussian copula with correlation rho^|i-j|, drawn in antithetic pairs; within each step the draws are then spread
    evenly over (0, 1) by rank, so the marginals are met to 1/n.

    Args:
        quantiles: units per period, shape `[H, Q]`.
        history: known units, oldest first, shape `[T]`.
        n: number of paths.
        seed: of the draws.

    Returns:
        Units, shape `[N, H]`.
    """
    horizon = len(quantiles)
    return read(quantiles, _gaussian_ranks(horizon, step_dependence(history, horizon), n, seed), LEVELS)


def _gaussian_ranks(horizon: int, rho: float, n: int, seed: int) -> Array:
    """Ranks in (0, 1), `[n, H]`, of a Gaussian with correlation rho^|i-j|, drawn in antithetic pairs."""
    lags = np.abs(np.subtract.outer(np.arange(horizon), np.arange(horizon)))
    normal = _antithetic(n, horizon, seed) @ np.linalg.cholesky(rho**lags + 1e-9 * np.eye(horizon)).T
    places = np.argsort(normal, axis=0)  # of draws from a continuum: no ties to be shared out
    ranks = np.empty_like(normal)
    np.put_along_axis(ranks, places, np.arange(1.0, n + 1)[:, None], axis=0)
    return np.asarray((ranks - 0.5) / n, dtype=float)


@lru_cache(maxsize=8)
def _antithetic(n: int, horizon: int, seed: int) -> Array:
    """Normal draws and their opposites, `[n, H]`: the same for every series of a batch."""
    draws = np.random.default_rng(seed).standard_normal(((n + 1) // 2, horizon))
    both = np.concatenate([draws, -draws])[:n]
    both.flags.writeable = False
    return both


def schaake_paths(quantiles: Array, ranks: Array, *, n: int = 500, seed: int = 0) -> Array:
    """Draw futures whose steps have these quantiles and hang together as forecast errors did on known windows.

    The Schaake shuffle: each step's evenly spread draws are put in the order of that step in windows of the past, here
    of the probabilities that the truth took under the forecast. With fewer than 30 windows, or windows shorter than the
    horizon, a Gaussian copula stands in, with the correlation that neighbouring steps of these windows had
    (`rank_dependence`).

    Args:
        quantiles: units per period, shape `[H, Q]`.
        ranks: past probabilities (PIT), shape `[K, h]`.
        n: number of paths.
        seed: of the draws.

    Returns:
        Units, shape `[n, H]`.

    Source: Clark et al. (2004), "The Schaake Shuffle"; Schefzik, Thorarinsdottir and Gneiting (2013), on error ranks.
    """
    draws = np.random.default_rng(seed)
    if len(ranks) < MIN_WINDOWS or ranks.shape[1] < len(quantiles):
        u = _gaussian_ranks(len(quantiles), rank_dependence(ranks), n, seed)
    else:
        template = ranks[draws.choice(len(ranks), n, replace=len(ranks) < n)]
        template = template + draws.uniform(-1e-6, 1e-6, template.shape)  # ties in random order
        u = (stats.rankdata(template, axis=0) - 0.5) / n
    return read(quantiles, u, LEVELS)


def rank_dependence(ranks: Array) -> float:
    """Correlation between the normal scores of neighbouring steps, 0 to 0.95, shrunk to 0.3 as by 20 windows.

    Args:
        ranks: past probabilities (PIT), shape `[K, h]`.
    """
    count, steps = ranks.shape
    if count == 0 or steps < 2:
        return PRIOR_RHO
    scores = stats.norm.ppf(ranks)
    product = float((scores[:, :-1] * scores[:, 1:]).mean())
    scale = float(np.sqrt((scores[:, :-1] ** 2).mean() * (scores[:, 1:] ** 2).mean()))
    rho = product / scale if scale > 0 else 0.0
    return float(np.clip((rho * count + PRIOR_RHO * PRIOR_WINDOWS) / (count + PRIOR_WINDOWS), 0.0, 0.95))


def total_quantiles(paths: Array) -> Array:
    """Quantiles of the sum over the horizon, shape `[Q]`, of paths `[N, H]`."""
    return np.asarray(np.quantile(paths.sum(axis=1), LEVELS), dtype=float)
