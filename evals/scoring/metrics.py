"""Metrics of point and quantile forecasts, in the definitions of fev-bench."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from ...tools.quantiles import LEVELS, MEDIAN, Array, pinball


def seasonal_scale(history: Array, season_length: int) -> float:
    """Mean absolute seasonal difference of the whole past, `mean |y[t] - y[t-m]|`; NaN steps do not count.

    Args:
        history: units per period, oldest first, shape `[T]`.
        season_length: m, in periods.

    Returns:
        The scale in units; NaN where it is zero or nothing can be compared, so that the series drops out of a mean.
    """
    gaps = np.abs(history[season_length:] - history[:-season_length])
    gaps = gaps[np.isfinite(gaps)]
    scale = float(gaps.mean()) if len(gaps) else 0.0
    return scale if scale > 0 else float("nan")


def mase(y: Array, point: Array, scale: Array) -> Array:
    """Mean absolute scaled error of each series: `mean |y - point| / scale`.

    Args:
        y: actual units, shape `[N, H]`.
        point: forecast units, shape `[N, H]`.
        scale: `seasonal_scale` of each series, shape `[N]`.

    Returns:
        Shape `[N]`. Source: Hyndman and Koehler (2006), "Another look at measures of forecast accuracy".
    """
    with _no_warning():
        return np.asarray(np.nanmean(np.abs(y - point), axis=1) / scale, dtype=float)


def sql(y: Array, quantiles: Array, scale: Array) -> Array:
    """Scaled quantile loss of each series: `mean over steps and levels of 2 * pinball / scale`.

    Args:
        y: actual units, shape `[N, H]`.
        quantiles: forecast units, shape `[N, H, Q]`.
        scale: `seasonal_scale` of each series, shape `[N]`.

    Returns:
        Shape `[N]`. With every level at the median it equals MASE.
    """
    with _no_warning():
        return np.asarray(np.nanmean(2 * pinball(y, quantiles, LEVELS), axis=(1, 2)) / scale, dtype=float)


def bias(y: Array, point: Array) -> float:
    """Sum of (forecast - actual) over the sum of actuals: positive is over-forecast. NaN where nothing was sold."""
    total = float(np.nansum(y))
    return float(np.nansum(point - y)) / total if total else float("nan")


def coverage(y: Array, quantiles: Array) -> float:
    """Share of actuals within [q0.1, q0.9], ends included; 0.8 is ideal. NaN where no actual is known."""
    inside = ((y >= quantiles[..., 0]) & (y <= quantiles[..., -1])).astype(float)
    return known_mean(np.where(np.isfinite(y), inside, np.nan))


def rates(y: Array, quantiles: Array) -> Array:
    """Share of actuals at or below each level, shape `[Q]`; ties count half, as counts often tie. Ideal: the level."""
    known = np.isfinite(y)
    truth, levels = y[known][:, None], quantiles[known]
    return np.asarray((truth < levels).mean(axis=0) + (truth == levels).mean(axis=0) / 2, dtype=float)


def series_bias(y: Array, point: Array, scale: Array) -> Array:
    """Mean (forecast - actual) over the scale, each series, shape `[N]`: positive is over-forecast."""
    with _no_warning():
        return np.asarray(np.nanmean(point - y, axis=1) / scale, dtype=float)


def series_coverage(y: Array, quantiles: Array) -> Array:
    """Share of each series' actuals within [q0.1, q0.9], ends included, shape `[N]`."""
    inside = ((y >= quantiles[..., 0]) & (y <= quantiles[..., -1])).astype(float)
    with _no_warning():
        return np.asarray(np.nanmean(np.where(np.isfinite(y), inside, np.nan), axis=1), dtype=float)


def total_scores(y: Array, totals: Array, scale: Array) -> tuple[Array, Array]:
    """How good the quantiles of the total over the horizon are; series with an unknown step do not count.

    Args:
        y: actual units, shape `[N, H]`.
        totals: quantiles of the sum over the H steps, shape `[N, Q]`.
        scale: `seasonal_scale` of each series, shape `[N]`.

    Returns:
        Twice the mean pinball loss over the levels divided by `scale * H`, shape `[N]`; and whether the total lay
        within [q0.1, q0.9], 0 or 1, shape `[N]`.
    """
    actual = y.sum(axis=1)
    loss = 2 * pinball(actual[:, None], totals[:, None, :])[:, 0].mean(axis=1) / (scale * y.shape[1])
    inside = ((actual >= totals[:, 0]) & (actual <= totals[:, -1])).astype(float)
    return np.asarray(loss, dtype=float), np.where(np.isfinite(actual), inside, np.nan)


def known_mean(values: Array) -> float:
    """Mean of what is known; NaN where nothing is."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else float("nan")


@contextmanager
def _no_warning() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", category=RuntimeWarning)  # the mean of nothing is NaN, and meant so
        yield


def wql(y: Array, quantiles: Array) -> float:
    """Weighted quantile loss: `2 * sum of pinball / (levels * sum |y|)`, over all series."""
    return float(2 * np.nansum(pinball(y, quantiles, LEVELS)) / (len(LEVELS) * np.nansum(np.abs(y))))


def wape(y: Array, point: Array) -> float:
    """Weighted absolute percentage error: `sum |y - point| / sum |y|`, over all series."""
    return float(np.nansum(np.abs(y - point)) / np.nansum(np.abs(y)))


def median_of(quantiles: Array) -> Array:
    """The point forecast of quantiles `[..., Q]`: their median."""
    return quantiles[..., MEDIAN]
