"""Partial pooling: noisy estimates drawn to what their group, and all, say; by how noisy they are."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..quantiles import Array

LEAST = 1e-4  # variance between estimates that are alike, at least
ALONE = 0.25  # variance between estimates where there is but one: half a unit either way
ROUNDS = 50


@dataclass(frozen=True)
class Shrunk:
    """N estimates after partial pooling, and what they were drawn to.

    Attributes:
        mean: shape `[N]`.
        sd: standard deviation of what is not known of each, shape `[N]`.
        prior: what its group says of it, without its own estimate's noise, shape `[N]`.
        prior_sd: how far from that a member of the group lies, what is not known of the group included, shape `[N]`.
        own: the weight (0 to 1) of the own estimate, shape `[N]`.
    """

    mean: Array
    sd: Array
    prior: Array
    prior_sd: Array
    own: Array


def shrink(estimate: Array, error: Array, group: npt.NDArray[np.int64]) -> Shrunk:
    """Empirical Bayes with two levels: estimates to their group's mean, the groups' means to that of all.

    The variance between members of a group, and that between groups, are those that make the estimates as far apart as
    they are (Paule and Mandel 1982, "Consensus values and weighting factors").

    Args:
        estimate: NaN where there is none: it is then what its group says; NaN where nobody has any, shape `[N]`.
        error: standard error of each, shape `[N]`.
        group: counted from 0, shape `[N]`.
    """
    has = np.isfinite(estimate) & np.isfinite(error) & (error > 0)
    if not has.any():
        unknown = np.full(len(estimate), np.nan)
        return Shrunk(unknown, unknown, unknown, unknown, np.zeros(len(estimate)))
    value, noise = np.where(has, estimate, 0.0), np.where(has, error, 1.0) ** 2
    count = int(group.max(initial=0)) + 1
    within = _between(value[has], noise[has], group[has])
    weight = np.where(has, 1 / (noise + within), 0.0)
    total = np.bincount(group, weight, count)
    groups = np.bincount(group, weight * value, count) / np.maximum(total, 1e-12)
    some = total > 0
    spread = 1 / np.maximum(total, 1e-12)
    across = _between(groups[some], spread[some], np.zeros(int(some.sum()), dtype=np.int64))
    pull = np.where(some, 1 / (spread + across), 0.0)
    overall, doubt = float((pull * groups).sum() / pull.sum()), 1 / float(pull.sum())
    share = np.where(some, across / (across + spread), 0.0)
    centre = share * groups + (1 - share) * overall
    unsure = share * spread + (1 - share) ** 2 * doubt + np.where(some, 0.0, across)
    prior, wide = centre[group], within + unsure[group]
    own = np.where(has, within / (within + noise), 0.0)
    mean = own * value + (1 - own) * prior
    variance = np.where(has, own * noise, within) + (1 - own) ** 2 * unsure[group]
    return Shrunk(mean, np.sqrt(variance), prior, np.sqrt(wide), own)


def _between(value: Array, noise: Array, group: npt.NDArray[np.int64]) -> float:
    """The variance between members of groups: with it, squared distances to the means come to their expectation."""
    count = np.bincount(group)
    freedom = int((count[count > 0] - 1).sum())
    if freedom == 0:
        return ALONE

    def excess(variance: float) -> float:
        weight = 1 / (noise + variance)
        mean = np.bincount(group, weight * value) / np.maximum(np.bincount(group, weight), 1e-12)
        return float((weight * (value - mean[group]) ** 2).sum()) - freedom

    low, high = LEAST, max(float(np.var(value)) * 4, 2 * LEAST)
    if excess(low) <= 0:
        return low
    for _ in range(ROUNDS):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return (low + high) / 2
