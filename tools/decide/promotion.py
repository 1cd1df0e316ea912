"""Promotions that are over: units they added, the dip after them, and what that left in money."""

from dataclasses import dataclass

import numpy as np

from ..data.cube import Bools
from ..forecast.elasticity import PriceModel
from ..quantiles import Array

Z95 = 1.96
CUT = 0.05  # share off the regular price from which a period is promoted
LONGEST_DIP = 4  # periods after a promotion in which it may have been paid for
BEFORE = 8  # periods whose greatest price is the regular one


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Review:
    """What a promotion brought, against what would have sold at the regular price without it.

    Attributes:
        first, last: places of its first and last period.
        sold: units in it.
        uplift: units above what would have sold.
        dip: units of the periods after it above what would have sold; below 0 where it was paid for.
        margin: money that uplift and dip left, less what the cut cost, with the funding; None where no cost, or not
            every price, is known.
        worse: chance that it lost money; None where the margin is.
    """

    first: int
    last: int
    sold: float
    uplift: Estimate
    dip: Estimate
    margin: Estimate | None
    worse: float | None


def last_promotion(on: Bools) -> tuple[int, int] | None:
    """The places of the first and last period of the last run of promoted ones that is over; None where none is.

    Args:
        on: promoted periods, shape `[T]`.
    """
    edges = np.diff(np.pad(on, 1).astype(np.int8))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
    over = ends < len(on) - 1
    return (int(starts[over][-1]), int(ends[over][-1])) if over.any() else None


def review(
    y: Array,
    expected: Array,
    variance: Array,
    price: Array,
    regular: float,
    on: Bools,
    *,
    cost: float | None = None,
    funding: float = 0.0,
) -> Review | None:
    """What the last promotion of a product brought; None where none is over, or its units are not known.

    Args:
        y: units a period, shape `[T]`.
        expected: units at the regular price without a promotion, shape `[T]`.
        variance: of what would have sold around that, shape `[T]`.
        price: asked in each period, shape `[T]`.
        regular: the price without the promotion.
        on: promoted periods, shape `[T]`.
        cost: of a unit.
        funding: money that a supplier paid for it.
    """
    span = last_promotion(on)
    if span is None:
        return None
    first, last = span
    during = np.arange(first, last + 1)
    after = np.arange(last + 1, min(last + 1 + LONGEST_DIP, len(y)))
    after = after[: int(np.argmax(on[after]))] if on[after].any() else after
    if not np.isfinite(y[during]).all():
        return None
    after = after[np.isfinite(y[after])]
    uplift = _around(y[during] - expected[during], variance[during])
    dip = _around(y[after] - expected[after], variance[after])
    sold = float(y[during].sum())
    if cost is None or not (regular > 0 and np.isfinite(price[during]).all()):
        return Review(first, last, sold, uplift, dip, None, None)
    earned = float(((price[during] - cost) * y[during]).sum() - (regular - cost) * expected[during].sum())
    mean = earned + (regular - cost) * dip.mean + funding
    sd = abs(regular - cost) * float(np.sqrt(variance[during].sum() + variance[after].sum()))
    worse = float((np.random.default_rng(0).normal(mean, sd, 10_000) < 0).mean())
    return Review(first, last, sold, uplift, dip, Estimate(mean, mean - Z95 * sd, mean + Z95 * sd), worse)


def last_review(model: PriceModel, unique_id: str, cost: float | None = None, funding: float = 0.0) -> Review | None:
    """What the last promotion of a panel's series brought, by the regression of its prices and promotions.

    Args:
        model: of the panel.
        unique_id: the series.
        cost: of a unit.
        funding: money that a supplier paid for it.
    """
    row, made = model.cube.unique_ids.index(unique_id), model.cube
    periods = int(made.end[row]) + 1
    unknown = np.full(made.y.shape, np.nan)
    price = made.known.get("price", made.past_only.get("price", unknown))[row, :periods]
    usual = np.array([np.nanmax([*price[max(at - BEFORE, 0) : at + 1], 0.0]) for at in range(periods)])
    flags = [made.known[name][row, :periods] > CUT for name in model.columns]
    on = np.logical_or.reduce([price < (1 - CUT) * usual, *flags])
    span = last_promotion(on)
    if span is None:
        return None
    regular = float(usual[span[0]])
    elasticity = model.elasticities[unique_id]
    answer = np.exp(elasticity.mean * (np.log(regular) - model.usual[row])) if regular > 0 else 1.0
    expected = model.base[row, :periods] * (answer if np.isfinite(answer) else 1.0)
    variance = expected + model.spread[row] * expected**2
    return review(made.y[row, :periods], expected, variance, price, regular, on, cost=cost, funding=funding)


def _around(gaps: Array, variance: Array) -> Estimate:
    mean, sd = float(gaps.sum()), float(np.sqrt(variance.sum()))
    return Estimate(mean, mean - Z95 * sd, mean + Z95 * sd)
