"""Conformal recalibration: shift each level by what it missed on windows whose truth is known."""

from dataclasses import dataclass

import numpy as np

from ..quantiles import LEVELS, MEDIAN, Array, monotone, pinball


@dataclass(frozen=True)
class Recalibration:
    """Shifts of the levels, in units of each step's own spread (q0.9 - q0.1).

    Attributes:
        shift: of each level, shape `[Q]`; the median's is 0.
        steps: known steps it was learned from.
    """

    shift: Array
    steps: int

    def apply(self, quantiles: Array) -> Array:
        """Recalibrated quantiles, same shape `[..., Q]`, monotone and never below 0."""
        spread = quantiles[..., -1:] - quantiles[..., :1]
        return monotone(quantiles + self.shift * spread)


NO_CHANGE = Recalibration(np.zeros(len(LEVELS)), 0)


def recalibration(y: Array, quantiles: Array, *, least: int = 200) -> Recalibration:
    """Learn the shifts from validation windows.

    A level's shift is the quantile, at that level, of how far the truth lay beyond it, so that its share of truths at
    or below becomes right. The median stays where it is: how wide forecasts miss is much the same from window to
    window, to which side is not, so all shifts are taken against the median's. Where the shifts do not lower the
    pinball loss of the very windows they were learned from, as with sales that are mostly zero, nothing is changed.

    Args:
        y: actual units, `[N, H]`; NaN does not count.
        quantiles: forecasts of the same, `[N, H, Q]`.
        least: known steps below which nothing is changed.

    Source: Romano, Patterson and Candès (2019), "Conformalized Quantile Regression".
    """
    spread = quantiles[..., -1] - quantiles[..., 0]
    use = np.isfinite(y) & (spread > 1e-9)
    steps = int(use.sum())
    if steps < least:
        return NO_CHANGE
    missed = (y[use][:, None] - quantiles[use]) / spread[use][:, None]
    shift = np.array([np.quantile(missed[:, i], level) for i, level in enumerate(LEVELS)])
    made = Recalibration(shift - shift[MEDIAN], steps)
    before, after = (
        float((pinball(y[use], q).mean(axis=-1) / spread[use]).mean())
        for q in (quantiles[use], made.apply(quantiles[use]))
    )
    return made if after < before else NO_CHANGE
