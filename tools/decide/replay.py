"""Replays: past periods played again with only what was known then, an order after each, and what that cost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from ..data.cube import Bools, demand_of
from ..data.panel import Panel
from ..errors import InputError
from ..quantiles import Array
from .dynamics import Shelves
from .orders import in_packs


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
        pipeline: units on order that are due at the start of each of the next periods, shape `[P, L - 1]`, L the
            longest of the lead times. Nobody knows what was drawn: an order is due after its mean lead time, rounded
            up, and in the next period where it is overdue.
        cover: periods that an order placed now has to last, from the next one on: lead time and review, shape `[P]`.
        turn: whose order can be placed now, shape `[P]`.
    """

    on_hand: Array
    pipeline: Array
    cover: Array
    turn: Bools


Policy = Callable[[State], Array]
"""An order of each product, in units, shape `[P]`."""


@dataclass(frozen=True)
class Terms:
    """How P products are ordered over T periods: the same for every policy.

    Attributes:
        lead: periods from an order, placed at the end of the period before each one, to its arrival, whole numbers of
            shape `[P, T]`; with 0 it arrives in the period after the order.
        expected: the mean of what it may take, shape `[P]`.
        review: periods between orders, whole numbers of shape `[P]`; all can be ordered before the first period.
        case_pack: units that come together, shape `[P]`; None where any number can be ordered.
        moq: least units of an order, shape `[P]`; None where there is none.
        shelf_life: periods in which a unit can be sold; None where all keep.
    """

    lead: Array
    expected: Array
    review: Array
    case_pack: Array | None = None
    moq: Array | None = None
    shelf_life: tuple[int | None, ...] | None = None

    @classmethod
    def alike(cls, products: int, periods: int, lead: int) -> Self:
        """The same lead time for all, an order after each period, and nothing else."""
        once = np.ones(products)
        return cls(np.full((products, periods), lead), lead * once, once)

    def rounded(self, orders: Array) -> Array:
        """Orders in whole packs, and no less than the least order."""
        if self.case_pack is None or self.moq is None:
            return orders
        each = zip(orders, self.case_pack, self.moq, strict=True)
        return np.array([in_packs(units, pack, least) for units, pack, least in each])


@dataclass(frozen=True)
class Replayed:
    """What came of a policy, each array of shape `[P, T]` over the T periods that were played.

    Attributes:
        orders: units ordered at the end of the period before each one; 0 where it would have arrived too late.
        stock: units left at the end, after what was wasted.
        sold: units.
        lost: units of demand not met.
        wasted: units past their shelf life.
        cost: holding and shortage, in currency; NaN where the costs are not known.
    """

    orders: Array
    stock: Array
    sold: Array
    lost: Array
    wasted: Array
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
    known: Sequence[Known],
    demand: Array,
    on_hand: Array,
    pipeline: Array,
    policy: Policy,
    costs: Costs | None = None,
    terms: Terms | None = None,
) -> Replayed:
    """Play periods with an order at the end of the one before each, where it is a product's turn, under lost sales.

    `pipeline` has L - 1 columns: L is the number of periods from an order to the first one in which it can be sold, of
    the longest lead time. An order at the end of the period before the first one arrives at the start of period L.

    Args:
        known: at each decision, the first at the end of the period before the first one played; one a period, until
            later orders would arrive too late whatever the product.
        demand: what came true, units per period, shape `[P, T]`.
        on_hand: units at the start, shape `[P]`.
        pipeline: units that were on order at the start, shape `[P, L - 1]`.
        policy: gives the orders; where it is not a product's turn they are not looked at.
        costs: of holding and shortage.
        terms: how each product is ordered; when left out all have the lead time that `pipeline` says.

    Raises:
        InputError: there are not as many decisions as orders, or an order is negative or not a number.
    """
    products, periods = demand.shape
    longest = pipeline.shape[1]
    terms = Terms.alike(products, periods, longest) if terms is None else terms
    lead = terms.lead.astype(int)
    decisions = periods - int(lead.min())
    if len(known) != decisions:
        raise InputError(
            f"{len(known)} decisions: {periods} periods with a lead time of {lead.min() + 1} take {decisions}"
        )
    rows, cover = np.arange(products), terms.expected + terms.review
    arrivals = np.zeros((products, periods + longest))
    arrivals[:, :longest] = pipeline
    known_first = arrivals.copy()
    orders, stock, sold, lost, wasted = (np.zeros((products, periods)) for _ in range(5))
    shelves = Shelves(np.asarray(on_hand, dtype=float), terms.shelf_life or [None] * products)
    for t in range(periods):
        if t < decisions:
            now, turn = known[t], t % terms.review == 0
            due = known_first[:, t : t + longest] + _due(orders, terms, t, longest)
            seen = State(now.at, now.history, now.paths, shelves.on_hand, due, cover, turn)
            order = np.asarray(policy(seen), dtype=float)
            if order.shape != (products,) or not (order[turn] >= 0).all():
                raise InputError(
                    f"an order of shape {order.shape} or below 0: expected 0 or more of {products} products"
                )
            orders[turn, t] = terms.rounded(order)[turn]
            arrivals[rows, t + lead[:, t]] += orders[:, t]
        stock[:, t], sold[:, t], lost[:, t], wasted[:, t] = shelves.step(demand[:, t], arrivals[:, t])
    cost = np.full_like(stock, np.nan) if costs is None else costs.holding * stock + costs.shortage * lost
    return Replayed(orders, stock, sold, lost, wasted, cost)


def _due(orders: Array, terms: Terms, now: int, longest: int) -> Array:
    """What was ordered before a period and has not arrived, by when it is due as far as is known, `[P, L - 1]`."""
    due, rows = np.zeros((len(orders), longest)), np.arange(len(orders))
    takes = np.ceil(terms.expected - 1e-9).astype(int)
    for at in range(max(now - longest, 0), now):
        waiting = np.where(at + terms.lead[:, at] >= now, orders[:, at], 0.0)
        due[rows, np.clip(at + takes - now, 0, longest - 1)] += waiting
    return due
