"""Count regression of many series at once: own level and slopes, and time effects that groups of series share.

The first-order conditions are those of Poisson pseudo maximum likelihood, weighted as of a negative binomial: only the
mean has to be right, whatever the spread (Gourieroux, Monfort and Trognon 1984, "Pseudo maximum likelihood methods";
Santos Silva and Tenreyro 2006, "The log of gravity"). Errors are clustered by periods in a row.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..quantiles import Array

ROUNDS, CLOSE = 60, 1e-4  # at most so many, until no slope moves by more
STEP = 2.0  # log units that one step of Newton's may go
CLUSTER = 4  # periods in a row whose errors may hang together
MOST_PULL = 0.8  # share of a cluster's own residual that its fit may be held to have taken out
TYPICAL = 0.1  # k by which periods weigh while k is not known
THIN = 0.5  # units that a group's period counts as seen and as expected beside its own

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Fit:
    """Slopes of N series on K columns.

    Attributes:
        slopes: log demand by column, shape `[N, K]`.
        error: standard error of each slope: that of the spread, or that of clusters of periods if larger, `[N, K]`.
        mean: expected units a period, shape `[N, T]`, where the columns are known too.
        time: log effect of the group's period, shape `[N, T]`.
        pull: share of a period's own error that the fit has taken out (its leverage), shape `[N, T]`.
    """

    slopes: Array
    error: Array
    mean: Array
    time: Array
    pull: Array


def fit_counts(
    y: Array, columns: Array, group: Ints | None, *, ridge: Array | None = None, spread: Array | None = None
) -> Fit:
    """`E[y] = exp(level + slopes · columns + time effect of the group)`, by turns until nothing moves.

    Args:
        y: units a period, NaN where not known, shape `[N, T]`.
        columns: finite, shape `[N, T, K]`.
        group: which time effects a series shares, counted from 0, shape `[N]`; None has no time effects.
        ridge: penalty on each squared slope, halved, 0 for none: one over the variance of its prior around 0, `[K]`.
        spread: k of a variance of `mean + k mean²`, by which periods weigh, shape `[N]`; None is 0, a Poisson.
    """
    known = np.isfinite(y)
    units = np.where(known, y, 0.0)
    design = np.concatenate([np.ones((*y.shape, 1)), columns], axis=2)
    penalty = np.diag(np.concatenate([[0.0], np.zeros(columns.shape[2]) if ridge is None else ridge]) + 1e-6)
    k = np.zeros((len(y), 1)) if spread is None else spread[:, None]
    slopes, time = np.zeros((len(y), design.shape[2])), np.zeros(y.shape)
    slopes[:, 0] = np.log(np.maximum(units.sum(axis=1), 1e-3) / np.maximum(known.sum(axis=1), 1))
    for _ in range(ROUNDS):
        if group is not None:
            mean = np.where(known, np.exp(_dot(design, slopes) + time), 0.0)
            time = time + _time_step(units, mean, k, group)
        mean = np.where(known, np.exp(_dot(design, slopes) + time), 0.0)
        weight = 1 / (1 + k * mean)
        gradient = np.einsum("ntk,nt->nk", design, weight * (units - mean)) - slopes @ penalty
        information = _information(design, weight * mean) + penalty
        step = np.linalg.solve(information, gradient[..., None])[..., 0]
        slopes = slopes + np.clip(step, -STEP, STEP)
        if np.abs(step).max(initial=0.0) < CLOSE:
            break
    mean = np.exp(_dot(design, slopes) + time)
    here = np.where(known, mean, 0.0)
    weight = here / (1 + k * here)
    bread = np.linalg.inv(_information(design, weight) + penalty)
    pull = np.einsum("ntk,nkl,ntl->nt", design, bread, design) * weight
    if group is not None:
        pull = pull + weight / (_sums(weight, group) + THIN)
    pull = np.minimum(pull, MOST_PULL)
    residual: Array = np.asarray((units - here) / (1 + k * here) / np.sqrt(1 - pull), dtype=float)
    robust = _robust(design, np.asarray(bread, dtype=float), residual)
    variance = np.maximum(*(np.einsum("nkk->nk", one)[:, 1:] for one in (bread, robust)))
    return Fit(slopes[:, 1:], np.sqrt(np.maximum(variance, 0.0)), mean, time, pull)


def spread_of(y: Array, fit: Fit, group: Ints) -> Array:
    """The k of a variance of `mean + k mean²` of each series' group, by its moments, 0 or more, shape `[N]`.

    A period weighs by how much of its variance the spread may be, so that large series do not decide alone.
    """
    known = np.isfinite(y)
    weight = np.where(known, 1 / (1 + TYPICAL * fit.mean) ** 2, 0.0)
    square = (np.nan_to_num(y) - fit.mean) ** 2 / (1 - fit.pull)
    excess, scale = weight * (square - fit.mean), weight * fit.mean**2
    found = _sums(excess.sum(axis=1), group) / np.maximum(_sums(scale.sum(axis=1), group), 1e-9)
    return np.asarray(np.maximum(found, 0.0))


def fit_common(y: Array, column: Array, group: Ints | None, *, levels: bool = True) -> float:
    """One slope of all series on one column, for what is assumed of the rest: with or without levels, time effects.

    Args:
        y: units a period, NaN where not known, shape `[N, T]`.
        column: finite, shape `[N, T]`.
        group: as in `fit_counts`.
        levels: each series has its own level, else all share one.
    """
    known = np.isfinite(y)
    units = np.where(known, y, 0.0)
    slope, level, time = 0.0, np.zeros((len(y), 1)), np.zeros(y.shape)
    per = np.arange(len(y)) if levels else np.zeros(len(y), dtype=np.int64)
    none = np.zeros((len(y), 1))
    for _ in range(ROUNDS):
        for _ in range(3):
            raw = np.where(known, np.exp(slope * column + time), 0.0)
            ratio = _sums(units.sum(axis=1), per) / _sums(raw.sum(axis=1), per).clip(1e-9)
            level = np.log(ratio.clip(1e-9))[:, None]
            if group is not None:
                mean = np.where(known, np.exp(slope * column + level + time), 0.0)
                time = time + _time_step(units, mean, none, group)
        mean = np.where(known, np.exp(slope * column + level + time), 0.0)
        average = _sums((mean * column).sum(axis=1), per) / _sums(mean.sum(axis=1), per).clip(1e-9)
        centred = column - average[:, None]
        if group is not None:
            centred = within(centred, mean, group)
        step = float((centred * (units - mean)).sum() / max((centred**2 * mean).sum(), 1e-9))
        slope += float(np.clip(step, -STEP, STEP))
        if abs(step) < CLOSE:
            break
    return slope


def within(column: Array, weight: Array, group: Ints) -> Array:
    """A column less its weighted mean in the group's period: what time effects leave of it, shape `[N, T]`."""
    return np.asarray(column - _sums(weight * column, group) / np.maximum(_sums(weight, group), 1e-9))


def _dot(design: Array, slopes: Array) -> Array:
    return np.asarray(np.clip(np.einsum("ntk,nk->nt", design, slopes), -20.0, 20.0))


def _sums(values: Array, group: Ints) -> Array:
    """Each row's group's sum over rows, shape as `values`."""
    made = np.zeros((int(group.max(initial=0)) + 1, *values.shape[1:]))
    np.add.at(made, group, values)
    return np.asarray(made[group])


def _time_step(units: Array, mean: Array, k: Array, group: Ints) -> Array:
    """Log of what a group sold in a period over what was expected, weighted, shape `[N, T]`."""
    weight = 1 / (1 + k * mean)
    return np.asarray(np.log((_sums(weight * units, group) + THIN) / (_sums(weight * mean, group) + THIN)))


def _information(design: Array, weight: Array) -> Array:
    return np.asarray(np.einsum("ntk,ntl->nkl", design * weight[..., None], design))


def _robust(design: Array, bread: Array, residual: Array) -> Array:
    """The sandwich over clusters of periods, of residuals made larger by what the fit has taken out of them.

    Without that the errors of prices that moved a few times come out too small (Bell and McCaffrey 2002, "Bias
    reduction in standard errors for linear regression with multi-stage samples").
    """
    starts = list(range(0, design.shape[1], CLUSTER))
    parts = np.add.reduceat(design * residual[..., None], starts, axis=1)
    return np.asarray(bread @ np.einsum("npk,npl->nkl", parts, parts) @ bread)
