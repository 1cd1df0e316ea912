"""Conformal recalibration: shift each level by what it missed on windows whose truth is known."""

from dataclasses import dataclass

import numpy as np

from .quantiles import LEVELS, MEDIAN, Array, monotone


@dataclass(frozen=True)
class Recalibration:
    """Shifts of the levels, in units of each step's own spread (q0.9 - q0.1).

    Attributes:
        shift: of each level, shape `[Q]`.
        bias: the part of it that moves the median.
        steps: known steps it was learned from.
    """

    shift: Array
    bias: float
    steps: int

    def apply(self, quantiles: Array) -> Array:
        """Recalibrated quantiles, same shape `[..., Q]`, monotone and never below 0."""
        spread = quantiles[..., -1:] - quantiles[..., :1]
        return monotone(quantiles + self.shift * spread)


NO_CHANGE = Recalibration(np.zeros(len(LEVELS)), 0.0, 0)


def recalibration(y: list[Array], quantiles: list[Array], *, least: int = 200) -> Recalibration:
    """Learn the shifts from validation windows.

    A level's shift is the quantile, at that level, of how far the truth lay beyond it, so that its share of truths at
    or below becomes right. The spread of what was missed stays as it is from window to window; the median's own miss
    (the bias) often does not, so only as much of it is kept as the windows agree on: `1 - s²/b²`, b its mean over the
    windows and s² the variance of that mean. One window shows no agreement, and keeps none.

    Args:
        y: actual units of each window, `[N, H]`; NaN does not count.
        quantiles: forecasts of each window, `[N, H, Q]`.
        least: known steps below which nothing is changed.

    Source: Romano, Patterson and Candès (2019), "Conformalized Quantile Regression"; shrinkage after James and Stein.
    """
    missed, middles = [], []
    for truth, forecast in zip(y, quantiles, strict=True):
        spread = forecast[..., -1] - forecast[..., 0]
        use = np.isfinite(truth) & (spread > 1e-9)
        if not use.any():
            continue
        part = (truth[use][:, None] - forecast[use]) / spread[use][:, None]
        missed.append(part)
        middles.append(float(np.median(part[:, MEDIAN])))
    steps = sum(len(part) for part in missed)
    if steps < least:
        return NO_CHANGE
    pooled = np.concatenate(missed)
    shift = np.array([np.quantile(pooled[:, i], level) for i, level in enumerate(LEVELS)])
    bias = _agreed(np.array(middles))
    return Recalibration(shift - shift[MEDIAN] + bias, bias, steps)


def _agreed(middles: Array) -> float:
    """The mean over windows, shrunk to 0 by how little they agree."""
    mean = float(middles.mean())
    if len(middles) < 2 or mean == 0:
        return 0.0
    variance = float(middles.var(ddof=1)) / len(middles)
    return mean * max(0.0, 1.0 - variance / mean**2)
