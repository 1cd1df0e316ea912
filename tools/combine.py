"""Combination: how much of a second forecast goes into the first, learned where the truth was already known."""

from dataclasses import dataclass

import numpy as np

from .quantiles import Array, average, pinball

GRID = np.linspace(0.0, 1.0, 21)
PRIOR_STEPS = 24


@dataclass(frozen=True)
class Earned:
    """What a forecast earned on a validation window: its weight, and both mean pinball losses in units."""

    weight: float
    loss_base: float
    loss_other: float


def earned_weight(y: Array, base: Array, other: Array, prior_steps: int = PRIOR_STEPS) -> Earned:
    """The weight of `other` against `base`: nothing unless it was better by itself; else the best weight, shrunk to 0.

    The best weight minimises the mean pinball loss of the averaged quantiles on the validation window. A bad forecast
    that lay on the lucky side would get some of it, so `other` must first beat `base` alone. A window of H known steps
    carries H / (H + prior_steps) of the weight: few steps are little proof.

    Args:
        y: actual units, shape `[H]`; NaN steps do not count.
        base: quantiles of the standing forecast, shape `[H, Q]`.
        other: quantiles of the newcomer, shape `[H, Q]`.
        prior_steps: steps of doubt.
    """
    known = np.isfinite(y)
    n = int(known.sum())
    if n == 0:
        return Earned(0.0, float("nan"), float("nan"))
    losses = [float(pinball(y[known], average([base, other], [1 - w, w])[known]).mean()) for w in GRID]
    best = float(GRID[int(np.argmin(losses))]) if losses[-1] < losses[0] else 0.0
    return Earned(best * n / (n + prior_steps), losses[0], losses[-1])
