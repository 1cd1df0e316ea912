"""Inventory: the reorder point, safety stock and order that demand over the lead time asks for."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from ..errors import InputError
from ..quantiles import LEVELS, MEDIAN, Array

LEAST_SERVICE = 0.5


@dataclass(frozen=True)
class Replenishment:
    """What to hold and to order, in units.

    Attributes:
        service_level: share of lead times in which nothing runs out (cycle service level).
        demand: mean demand over the lead time.
        reorder_point: stock at which to order.
        safety_stock: the part of it that is held against uncertainty.
        order: units to order now, whole; None where the stock on hand is not known.
    """

    service_level: float
    demand: float
    reorder_point: float
    safety_stock: float
    order: float | None


def replenishment(quantiles: Array, mean: float, service_level: float, on_hand: float | None = None) -> Replenishment:
    """Reorder point, safety stock and order of one product.

    The reorder point is the quantile of demand over the lead time at the service level. Safety stock is what lies in it
    above the mean, and never negative: a skewed demand's mean can lie above its median. The order fills the stock on
    hand up to the reorder point.

    Args:
        quantiles: of total demand over the lead time, in units, at `LEVELS`, non-decreasing, shape `[Q]`.
        mean: of the same demand, in units.
        service_level: 0.5 or more, below 1. Less than 0.5 would plan to run out more often than not.
        on_hand: units in stock now.

    Raises:
        InputError: a service level below 0.5, or of 1 and more, which no stock reaches.

    Source: Silver, Pyke and Thomas (2016), "Inventory and Production Management in Supply Chains".
    """
    if not LEAST_SERVICE <= service_level < 1:
        raise InputError(f"service level {service_level:g}: expected {LEAST_SERVICE:g} or more, and below 1")
    point = demand_at(quantiles, service_level)
    order = None if on_hand is None else float(np.ceil(max(point - on_hand, 0.0)))
    return Replenishment(service_level, mean, point, max(point - mean, 0.0), order)


def demand_at(quantiles: Array, level: float) -> float:
    """Demand at any level: straight lines between the forecast's levels, and a normal's tails beyond the outer ones.

    Beyond the last level, demand is `median + sigma * z(level)`, where sigma is the spread above the median,
    `(q0.9 - q0.5) / z(0.9)`; below the first level the same with the spread below the median, and never less than 0.
    z is the quantile function of the standard normal.

    Args:
        quantiles: of demand in units, at `LEVELS`, non-decreasing, shape `[Q]`.
        level: between 0 and 1, neither of the two.

    Returns:
        Units.
    """
    if LEVELS[0] <= level <= LEVELS[-1]:
        return float(np.interp(level, LEVELS, quantiles))
    outer = 0 if level < LEVELS[0] else -1
    sigma = (quantiles[outer] - quantiles[MEDIAN]) / special.ndtri(LEVELS[outer])
    return max(float(quantiles[MEDIAN] + sigma * special.ndtri(level)), 0.0)
