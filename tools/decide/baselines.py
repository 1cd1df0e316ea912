"""Ordering rules that planners use, from past sales alone: what a policy on forecasts has to beat."""

import warnings

import numpy as np
from scipy import special

from ..quantiles import Array
from .replay import Policy, State

RECENT = 13  # periods whose mean and spread stand for what is to come
MARGIN = 1.2  # of rule (b): a fifth above the mean


def min_max(minimum: float | Array, maximum: float | Array, *, window: int = RECENT) -> Policy:
    """(a) Min-max: where stock and orders together are down to the minimum or below, order up to the maximum.

    Args:
        minimum: periods of mean demand, of all or of each product, `[P]`.
        maximum: the same, more than the minimum.
        window: periods that the mean is taken over.

    Source: the (s, S) rule, with s and S in periods of cover.
    """

    def order(state: State) -> Array:
        mean, _ = recent(state.history, window)
        place = position(state)
        return np.where(place <= minimum * mean, _up_to(maximum * mean, place), 0.0)

    return order


def mean_with_margin(*, margin: float = MARGIN, window: int = RECENT) -> Policy:
    """(b) Up to mean demand over lead time and review, times 1.2."""

    def order(state: State) -> Array:
        mean, _ = recent(state.history, window)
        return _up_to(margin * mean * state.cover, position(state))

    return order


def normal_base_stock(ratio: float | Array, *, window: int = RECENT) -> Policy:
    """(c) Base stock on a normal approximation: mean L + z(ratio) x standard deviation x sqrt(L), L lead time + review.

    Args:
        ratio: service level or critical ratio, above 0 and below 1, of all or of each product, `[P]`.
        window: periods that mean and standard deviation are taken over.
    """
    z = special.ndtri(ratio)

    def order(state: State) -> Array:
        mean, spread = recent(state.history, window)
        return _up_to(mean * state.cover + z * spread * np.sqrt(state.cover), position(state))

    return order


def recent(history: Array, window: int) -> tuple[Array, Array]:
    """Mean and standard deviation of the last known units of each product, two arrays `[P]`.

    Of the last `window` periods those count that show demand; where none does, all of the past; else 0. A single known
    period has no spread: that of a Poisson with its mean stands in.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", category=RuntimeWarning)  # rows of which nothing is known
        last = history[:, -window:]
        mean = np.nanmean(last, axis=1)
        spread = np.nanstd(last, axis=1, ddof=1)
        whole, wide = np.nanmean(history, axis=1), np.nanstd(history, axis=1, ddof=1)
    nothing = np.isnan(mean)
    mean = np.nan_to_num(np.where(nothing, whole, mean))
    spread = np.where(nothing, wide, spread)
    return mean, np.where(np.isnan(spread), np.sqrt(mean), spread)


def position(state: State) -> Array:
    """Stock on hand and on order, `[P]`."""
    return np.asarray(state.on_hand + state.pipeline.sum(axis=1), dtype=float)


def _up_to(level: Array, place: Array) -> Array:
    """Whole units up to a level, the nearest."""
    return np.floor(np.maximum(level - place, 0.0) + 0.5)
