"""Replays: past periods played again with only what was known then, an order after each, and what that cost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..data.cube import demand_of
from ..data.panel import Panel
from ..errors import InputError
from ..quantiles import Array
from .dynamics import play


@dataclass(frozen=True)
class Costs:
    """What a period costs, in currency a unit.

    Attributes:
        holding: of a unit in stock at the end of a period.
        shortage: of a unit of demand that was not met.
    """

    holding: float
    shortage: float

    def __post_init__(self) -> None:
        if not (self.holding > 0 and self.shortage > 0):
            raise InputError(f"holding {self.holding:g}, shortage {self.shortage:g}: expected costs above 0")

    @property
    def ratio(self) -> float:
        """The critical ratio: the chance of meeting demand at which one more unit costs what it saves."""
        return self.shortage / (self.shortage + self.holding)


@dataclass(frozen=True)
class Known:
    """What was known of demand at the end of a period, P products.

    Attributes:
        at: the last period that is known.
        history: units per period up to it, NaN where they show no demand, shape `[P, T]`.
        paths: N futures of each product, units per period, shape `[P, N, H]`.
    """

    at: pd.Timestamp
    history: Array
    paths: Array


@dataclass(frozen=True)
class State(Known):
    """What an ordering policy sees: what is known of demand, and the stock.

    Attributes:
        on_hand: units at the end of the period, shape `[P]`.
        pipeline: units on order that arrive at the start of each of the next periods, shape `[P, L - 1]`.
    """

    on_hand: Array
    pipeline: Array


Policy = Callable[[State], Array]
"""An order of each product, in units, shape `[P]`."""


@dataclass(frozen=True)
class Replayed:
    """What came of a policy, each array of shape `[P, T]` over the T periods that were played.

    Attributes:
        orders: units ordered at the end of the period before each one; 0 where it would have arrived too late.
        stock: units left at the end.
        sold: units.
        lost: units of demand not met.
        cost: holding and shortage, in currency.
    """

    orders: Array
    stock: Array
    sold: Array
    lost: Array
    cost: Array

    @property
    def fill_rate(self) -> float:
        """Share of all units wanted that were sold; 1 where none was wanted."""
        wanted = float((self.sold + self.lost).sum())
        return float(self.sold.sum()) / wanted if wanted else 1.0


def known_at(panel: Panel, dates: Sequence[pd.Timestamp], forecast: Callable[[Panel], Array]) -> list[Known]:
    """What was known at the end of each of some periods: the panel cut there, and a forecast from that cut alone.

    Args:
        panel: the past, later periods too.
        dates: periods.
        forecast: paths `[P, N, H]` of a cut panel's products, in its order.

    Raises:
        InputError: a product begins after the first date.
    """
    seen = []
    for at in dates:
        cut = panel.before(at)
        if cut.unique_ids != panel.unique_ids:
            late = sorted(set(panel.unique_ids) - set(cut.unique_ids))
            raise InputError(f"{len(late)} products begin after {at:%Y-%m-%d}, {late[0]} among them: leave them out")
        seen.append(Known(at, shown(cut), forecast(cut)))
    return seen


def shown(panel: Panel) -> Array:
    """Units of each series where they show demand, ending with its last period, `[P, T]`; NaN before and elsewhere.

    Closed and out-of-stock periods show none.
    """
    demand = [demand_of(panel, uid)[0] for uid in panel.unique_ids]
    longest = max(len(y) for y in demand)
    return np.stack([np.concatenate([np.full(longest - len(y), np.nan), y]) for y in demand])


def replay(
    known: Sequence[Known], demand: Array, on_hand: Array, pipeline: Array, policy: Policy, costs: Costs
) -> Replayed:
    """Play periods with one order at the end of each, under lost sales.

    The lead time L is the number of periods from an order to the first one in which it can be sold: `pipeline` says it,
    with L - 1 columns. An order at the end of the period before the first one arrives at the start of period L.

    Args:
        known: at each decision, the first at the end of the period before the first one played; one a period, until
            T - L + 1: later orders would arrive too late.
        demand: what came true, units per period, shape `[P, T]`.
        on_hand: units at the start, shape `[P]`.
        pipeline: units that were on order at the start, shape `[P, L - 1]`.
        policy: gives the orders.
        costs: of holding and shortage.

    Raises:
        InputError: there are not as many decisions as orders, or an order is negative or not a number.
    """
    products, periods = demand.shape
    lead = pipeline.shape[1] + 1
    if len(known) != periods - lead + 1:
        raise InputError(
            f"{len(known)} decisions: {periods} periods with a lead time of {lead} take {periods - lead + 1}"
        )
    arrivals = np.zeros((products, periods))
    arrivals[:, : lead - 1] = pipeline
    orders, stock, sold, lost = (np.zeros((products, periods)) for _ in range(4))
    held = np.asarray(on_hand, dtype=float)
    for t in range(periods):
        if t < len(known):
            now = known[t]
            due = arrivals[:, t : t + lead - 1].copy()
            order = np.asarray(policy(State(now.at, now.history, now.paths, held.copy(), due)), dtype=float)
            if order.shape != (products,) or not (order >= 0).all():
                raise InputError(
                    f"an order of shape {order.shape} or below 0: expected 0 or more of {products} products"
                )
            orders[:, t] = arrivals[:, t + lead - 1] = order
        played = play(demand[:, t : t + 1], held, arrivals[:, t : t + 1])
        held = played.stock[:, 0]
        stock[:, t], sold[:, t], lost[:, t] = held, played.sold[:, 0], played.lost[:, 0]
    return Replayed(orders, stock, sold, lost, costs.holding * stock + costs.shortage * lost)
