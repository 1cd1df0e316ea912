"""The newsvendor: how much to have for one period of uncertain demand, from a sample or a distribution of it."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from scipy import optimize

from ..errors import InputError
from ..quantiles import Array


def critical_ratio(holding: float, shortage: float) -> float:
    """shortage / (shortage + holding): the chance of meeting all demand at which a newsvendor's cost is least.

    Args:
        holding: cost of a unit left over (overage).
        shortage: cost of a unit missing (underage).

    Raises:
        InputError: a cost that is not above 0.

    Source: Arrow, Harris and Marschak (1951), "Optimal Inventory Policy"; Silver, Pyke and Thomas (2016).
    """
    if not (holding > 0 and shortage > 0):
        raise InputError(f"holding {holding:g}, shortage {shortage:g}: expected costs above 0")
    return shortage / (shortage + holding)


def critical_quantile(sample: Array, ratio: float) -> Array:
    """The least of the sampled values that a share `ratio` of the sample does not exceed.

    It is the stock of least expected cost over the sample.

    Args:
        sample: units, shape `[..., N]`.
        ratio: above 0 and below 1.

    Returns:
        Units, shape `[...]`.

    Raises:
        InputError: the ratio is not between 0 and 1.
    """
    if not 0 < ratio < 1:
        raise InputError(f"critical ratio {ratio:g}: expected above 0 and below 1")
    return np.asarray(np.quantile(sample, ratio, axis=-1, method="inverted_cdf"), dtype=float)


def expected_cost(sample: Array, stock: float | Array, holding: float, shortage: float) -> Array:
    """Mean cost of a period that begins with this stock, over a sample of its demand `[..., N]`; shape `[...]`."""
    left = np.asarray(stock, dtype=float)[..., None] - sample
    return np.asarray((holding * np.maximum(left, 0) + shortage * np.maximum(-left, 0)).mean(axis=-1), dtype=float)


class Distribution(Protocol):
    """What is asked of a distribution of demand: one of `scipy.stats`, frozen."""

    def ppf(self, q: float) -> float:
        """The quantile function."""

    def expect(self, func: Callable[[float], float]) -> float:
        """The mean of a function of demand."""


def newsvendor(demand: Distribution, holding: float, shortage: float) -> tuple[float, float]:
    """The stock of least expected cost for one period's demand, and that cost.

    Args:
        demand: a frozen distribution of `scipy.stats`, continuous or discrete.
        holding: cost of a unit left over.
        shortage: cost of a unit missing.

    Raises:
        InputError: a cost that is not above 0.
    """
    stock = float(demand.ppf(critical_ratio(holding, shortage)))
    cost = demand.expect(lambda d: holding * np.maximum(stock - d, 0.0) + shortage * np.maximum(d - stock, 0.0))
    return stock, float(cost)


def level_for_fill_rate(paths: Array, fill_rate: float, *, review: int = 1) -> float:
    """The order-up-to level that meets this share of demand at once, under backorders (fill rate, type 2).

    An order decides the last `review` of the H periods ahead; before them its stock is still on the way. New shortage
    in these is what demand of all H periods exceeds the level by, less what demand had exceeded it by before them.

    Args:
        paths: demand from now to the last period that an order made now decides, units per period, shape `[N, H]`.
        fill_rate: above 0 and below 1.
        review: periods from one order to the next, at most H.

    Returns:
        Units in stock and on order, less those owed; 0 where nothing is wanted on any path.

    Raises:
        InputError: the fill rate is not between 0 and 1, or the paths are shorter than the review period.

    Source: Silver, Pyke and Thomas (2016), section 7.9.4, on P2 with periodic review; Johnson et al. (1995) on the
    shortage that was there before.
    """
    if not 0 < fill_rate < 1:
        raise InputError(f"fill rate {fill_rate:g}: expected above 0 and below 1")
    if not 1 <= review <= paths.shape[1]:
        raise InputError(f"{review} periods between orders: expected 1 to {paths.shape[1]}, as long as the paths")
    upto = paths.sum(axis=1)
    before = upto - paths[:, -review:].sum(axis=1)
    wanted = float((upto - before).mean())
    if not wanted:
        return 0.0

    def missing(level: float) -> float:
        short = np.maximum(upto - level, 0.0) - np.maximum(before - level, 0.0)
        return float(short.mean()) - (1 - fill_rate) * wanted

    return float(optimize.brentq(missing, 0.0, float(upto.max())))
