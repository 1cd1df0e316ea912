"""The outlook of a stock if nothing is ordered: when it runs out, how long it lasts, and what of it is too much."""

from dataclasses import dataclass

import numpy as np

from ..quantiles import Array
from .dynamics import play
from .orders import Supply

LIKELY = 0.5  # share of paths that have run out, from which a stock-out is expected
HIGH = 0.9  # quantile of demand over the span that stock may cover


@dataclass(frozen=True)
class Outlook:
    """What becomes of a stock if nothing is ordered; what is on order arrives when it is due.

    Attributes:
        gone: share of paths, 0 to 1, that have run out by the end of each period, shape `[H]`.
        runs_out: the first period, 0 the next one, by whose end at least half have; None where fewer do.
        before_order: chance to run out before an order placed now arrives.
        before_next: chance to run out before the next delivery that is due; where none is, the same as above.
        cover: periods of expected demand that the stock on hand covers; infinite where there is none.
        over: units on hand and on order above the q0.9 of demand over the span.
        at_arrival: expected units in stock when an order placed now would arrive, without it.
    """

    gone: Array
    runs_out: int | None
    before_order: float
    before_next: float
    cover: float
    over: float
    at_arrival: float = 0.0


def outlook(paths: Array, supply: Supply, span: int, on_order: float = 0.0) -> Outlook:
    """The outlook of one product.

    Args:
        paths: of demand, units per period, shape `[N, H]`.
        supply: what there is; its arrivals have shape `[H]`.
        span: periods whose demand the stock may cover, at most H.
        on_order: all units on order, also what is due after H.
    """
    played = play(paths, supply.on_hand, supply.arrivals, shelf_life=supply.shelf_life)
    missed = played.lost > 1e-9
    gone = np.logical_or.accumulate(missed, axis=1).mean(axis=0)
    likely = np.flatnonzero(gone >= LIKELY)
    leads = list(zip(supply.lead.periods, supply.lead.weights, strict=True))
    before_order = sum(weight * _by(gone, lead) for lead, weight in leads)
    left = [supply.on_hand, *played.stock.mean(axis=0)]  # before each period
    due = np.flatnonzero(supply.arrivals[1:] > 0) + 1  # what comes in the next period comes now
    high = float(np.quantile(paths[:, :span].sum(axis=1), HIGH, method="inverted_cdf"))
    return Outlook(
        gone=gone,
        runs_out=int(likely[0]) if len(likely) else None,
        before_order=float(before_order),
        before_next=_by(gone, int(due[0])) if len(due) else float(before_order),
        cover=periods_of_cover(paths.mean(axis=0), supply.on_hand),
        over=max(supply.on_hand + on_order - high, 0.0),
        at_arrival=float(sum(weight * (left[lead] + supply.arrivals[lead]) for lead, weight in leads)),
    )


def periods_of_cover(mean: Array, stock: float) -> float:
    """Periods of expected demand that a stock covers; after the last period as the mean of all goes on.

    Args:
        mean: expected units per period, shape `[H]`.
        stock: units.
    """
    total = float(mean.sum())
    if stock > total:
        return len(mean) * stock / total if total > 0 else float("inf")
    sums = np.concatenate([[0.0], np.cumsum(mean)])
    place = int(np.searchsorted(sums, stock, side="right")) - 1
    if place >= len(mean):
        return float(len(mean))
    return place + (stock - float(sums[place])) / float(mean[place])


def _by(gone: Array, periods: int) -> float:
    """Share of paths that have run out before so many periods are over."""
    return float(gone[periods - 1]) if periods > 0 else 0.0
