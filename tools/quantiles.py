"""Quantile arithmetic: levels, pinball loss, monotone repair, averaging, and reading between levels."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

LEVELS: tuple[float, ...] = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
MEDIAN = LEVELS.index(0.5)


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

    The tails go on with the slope of the outermost pair of levels, out to u = 0.01 and 0.99.

    Args:
        quantiles: shape `[H, Q]`, non-decreasing over Q.
        u: probabilities, shape `[N, H]`.
        levels: the Q quantile levels, increasing.
        floor: lowest value (units are never negative); None for no floor.

    Returns:
        Values, shape `[N, H]`.
    """
    tau = np.asarray(levels, dtype=float)
    low = quantiles[:, :1] - (quantiles[:, 1:2] - quantiles[:, :1]) / (tau[1] - tau[0]) * (tau[0] - 0.01)
    high = quantiles[:, -1:] + (quantiles[:, -1:] - quantiles[:, -2:-1]) / (tau[-1] - tau[-2]) * (0.99 - tau[-1])
    grid = np.concatenate([[0.01], tau, [0.99]])
    knots = np.concatenate([low, quantiles, high], axis=1)
    out = np.stack([np.interp(u[:, h], grid, knots[h]) for h in range(knots.shape[0])], axis=1)
    return out if floor is None else np.maximum(out, floor)
