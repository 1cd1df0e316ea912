"""Quantile arithmetic: levels, pinball loss, monotone repair, averaging, and reading between levels."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import special

Array = npt.NDArray[np.float64]

LEVELS: tuple[float, ...] = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
MEDIAN = LEVELS.index(0.5)
TAIL = np.array([0.002, 0.01, 0.03, 0.06])  # probabilities below the lowest level; mirrored above the highest


def level_name(level: float) -> str:
    """The JSON key of a level: 0.1 becomes `q0.1`."""
    return f"q{level:g}"


def pinball(y: Array, quantiles: Array, levels: Sequence[float] = LEVELS) -> Array:
    """Pinball (quantile) loss, not doubled. NaN in `y` gives NaN.

    Args:
        y: actual units per period, shape `[..., H]`.
        quantiles: forecast units per period, shape `[..., H, Q]`.
        levels: the Q quantile levels.

    Returns:
        Loss in units, shape `[..., H, Q]`.

    Source: Koenker and Bassett (1978), "Regression Quantiles".
    """
    tau = np.asarray(levels, dtype=float)
    error = np.asarray(y, dtype=float)[..., None] - quantiles
    return np.maximum(tau * error, (tau - 1.0) * error)


def monotone(quantiles: Array, floor: float | None = 0.0) -> Array:
    """Sort the levels of each step (`[..., Q]`) and lift them to `floor` (units are never negative)."""
    ordered = np.sort(quantiles, axis=-1)
    return ordered if floor is None else np.maximum(ordered, floor)


def counted(quantiles: Array) -> Array:
    """Quantiles of whole units: below half a unit is none. An average of forecasts hardly ever says exactly 0."""
    return np.where(quantiles < 0.5, 0.0, quantiles)


def average(members: Sequence[Array], weights: Sequence[float] | None = None) -> Array:
    """Quantile averaging (Vincentization): the weighted mean of each level over the members.

    Args:
        members: M forecasts of one shape `[..., Q]`.
        weights: M weights that sum to 1; equal when left out.

    Returns:
        Quantiles of shape `[..., Q]`.

    Source: Lichtendahl, Grushka-Cockayne and Winkler (2013), "Is It Better to Average Probabilities or Quantiles?".
    """
    stacked = np.stack(members)
    return np.asarray(np.average(stacked, axis=0, weights=weights), dtype=float)


def read(quantiles: Array, u: Array, levels: Sequence[float] = LEVELS, floor: float | None = 0.0) -> Array:
    """Read quantile functions at the probabilities `u`: straight lines between levels, and beyond the outer ones.

    The tails go on straight in the normal score from the outermost pair of levels, out to u = 0.002 and 0.998: ending
    sooner, or straight in u, makes the sums of independent steps too narrow.

    Args:
        quantiles: shape `[H, Q]`, non-decreasing over Q.
        u: probabilities, shape `[N, H]`.
        levels: the Q quantile levels, increasing.
        floor: lowest value (units are never negative); None for no floor.

    Returns:
        Values, shape `[N, H]`.
    """
    grid, knots = _knots(quantiles, levels)
    out = np.stack([np.interp(u[:, h], grid, knots[h]) for h in range(knots.shape[0])], axis=1)
    return out if floor is None else np.maximum(out, floor)


def probability(y: Array, quantiles: Array, levels: Sequence[float] = LEVELS) -> Array:
    """The probability at which the truth lay under the forecast (PIT), the inverse of `read`.

    Where several levels equal the truth (as counts often do) the middle of their range is taken.

    Args:
        y: actual units, shape `[N, H]`.
        quantiles: shape `[N, H, Q]`, non-decreasing over Q.
        levels: the Q quantile levels, increasing.

    Returns:
        Values 0.002 to 0.998, shape `[N, H]`; NaN where `y` is.
    """
    grid, knots = _knots(quantiles, levels)
    last = len(grid) - 1
    below = (knots < y[..., None]).sum(axis=-1)
    upto = (knots <= y[..., None]).sum(axis=-1)
    right, left = np.clip(below, 1, last), np.clip(below, 1, last) - 1
    low = np.take_along_axis(knots, left[..., None], axis=-1)[..., 0]
    high = np.take_along_axis(knots, right[..., None], axis=-1)[..., 0]
    share = np.clip((y - low) / np.maximum(high - low, 1e-12), 0.0, 1.0)
    between = grid[left] + share * (grid[right] - grid[left])
    tied = (grid[np.clip(below, 0, last)] + grid[np.clip(upto - 1, 0, last)]) / 2
    found = np.where(upto > below, tied, between)
    return np.where(np.isfinite(y), found, np.nan)


def _knots(quantiles: Array, levels: Sequence[float]) -> tuple[Array, Array]:
    """Probabilities and values of the quantile function with its tails: `[Q + 8]` and `[..., Q + 8]`."""
    tau = np.asarray(levels, dtype=float)
    z = special.ndtri
    low = quantiles[..., :1] - (quantiles[..., 1:2] - quantiles[..., :1]) * (
        (z(tau[0]) - z(TAIL)) / (z(tau[1]) - z(tau[0]))
    )
    high = quantiles[..., -1:] + (quantiles[..., -1:] - quantiles[..., -2:-1]) * (
        (z(1 - TAIL[::-1]) - z(tau[-1])) / (z(tau[-1]) - z(tau[-2]))
    )
    return np.concatenate([TAIL, tau, 1 - TAIL[::-1]]), np.concatenate([low, quantiles, high], axis=-1)
