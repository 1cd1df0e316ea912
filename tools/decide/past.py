"""A panel's own past as a game: what was known when, what was wanted then, and on which terms stock was ordered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from ..data.cube import cube
from ..data.freq import ByFreq
from ..data.panel import Panel
from ..data.stock import StockRow
from ..errors import InputError
from ..forecast.abc_xyz import abc_of
from ..quantiles import Array
from .baselines import mean_with_margin, min_max, normal_base_stock, recent
from .orders import PLAIN, LeadTime, OrderRule, Supply, order_for
from .policy import Policy
from .replay import Costs, Known, Replayed, State, Terms, replay
from .replay import Policy as Rule

LEAST = 8  # periods that must be known before the first order
RECENT = ByFreq({"D": 28, "W": 13, "M": 6})  # periods whose mean and spread the planners' rules look at
OURS = "ours"
RULES = ("min-max", "mean", "normal")  # (a), (b) and (c) of `baselines`


@dataclass(frozen=True)
class Past:
    """T past periods of P products to be played again.

    Attributes:
        panel: all of their sales, later ones too; to be cut for each forecast.
        ids: the products.
        rows: what the stock file says of each.
        start: the last period that is known before the first order.
        steps: the T periods.
        before: units per period up to the start where they show demand, NaN elsewhere, shape `[P, S]`.
        shown: the same of the T periods, shape `[P, T]`.
        demand: units of the T periods as recorded, shape `[P, T]`: 0 where nothing is recorded.
        out: periods of them that were out of stock: what would have sold is not known.
        leads: lead time of each.
        terms: how they are ordered.
        on_hand: stock at the start, shape `[P]`: mean demand over lead time and review, in whole units.
        left_out: products of the stock file that cannot be played.
    """

    panel: Panel
    ids: Sequence[str]
    rows: Sequence[StockRow]
    start: pd.Timestamp
    steps: Sequence[pd.Timestamp]
    before: Array
    shown: Array
    demand: Array
    out: int
    leads: Sequence[LeadTime]
    terms: Terms
    on_hand: Array
    left_out: tuple[str, ...]

    @property
    def decisions(self) -> int:
        """Periods at whose ends an order can still arrive in time."""
        return len(self.steps) - int(self.terms.lead.min())

    @property
    def longest(self) -> int:
        """The longest lead time, in periods."""
        return max(lead.longest for lead in self.leads)

    @property
    def span(self) -> int:
        """Periods that an order must last for at most: the longest lead time and review."""
        return self.reach(PLAIN)

    def reach(self, rule: OrderRule) -> int:
        """Periods that must be forecast for orders by a rule."""
        each = zip(self.leads, map(int, self.terms.review), strict=True)
        return max(lead.longest + review + rule.extra(review) for lead, review in each)

    @property
    def counted(self) -> Array:
        """Whether a period counts, shape `[P, T]`: from the one on in which a product's first order can arrive."""
        first = np.array([lead.longest for lead in self.leads])
        return np.asarray(np.arange(len(self.steps)) >= first[:, None])

    def at(self, decision: int) -> pd.Timestamp:
        """The last period that is known at a decision."""
        return pd.Timestamp(self.start if decision == 0 else self.steps[decision - 1])

    def known(self, paths: "Sequence[Array] | None" = None) -> Sequence[Known]:
        """What was known at each decision, with paths `[P, N, H]` where they are given."""
        return _Decisions(self, paths)


class _Decisions(Sequence[Known]):
    """What was known at each decision, made when it is looked at."""

    def __init__(self, past: Past, paths: Sequence[Array] | None) -> None:
        self.past, self.paths = past, paths
        self.nothing = np.zeros((len(past.ids), 0, 0))

    def __len__(self) -> int:
        return self.past.decisions

    def __getitem__(self, at: Any) -> Any:
        history = np.concatenate([self.past.before, self.past.shown[:, :at]], axis=1)
        return Known(self.past.at(at), history, self.nothing if self.paths is None else self.paths[at])

    def __iter__(self) -> Iterator[Known]:
        return (self[at] for at in range(len(self)))


def past_of(panel: Panel, rows: Mapping[str, StockRow], policy: Policy, periods: int, *, seed: int = 0) -> Past | None:
    """The last periods of a panel as a game.

    A period out of stock or closed shows no demand and wants what was recorded, as does one that is not known: nothing.
    A lead time of several lengths is drawn for each order, the same for every policy.

    Args:
        panel: the sales.
        rows: what the stock file says, by unique_id; units on hand and on order are not looked at.
        policy: lead times and reviews where the rows have none.
        periods: how many to play.
        seed: of the lead times drawn.

    Returns:
        None where none of the products can be played: it begins too late, or its lead time and review do not fit.

    Raises:
        InputError: there are not enough periods.
    """
    arrays = cube(panel, 0)
    split = arrays.y.shape[1] - periods
    if split < LEAST:
        most = max(arrays.y.shape[1] - LEAST, 0)
        raise InputError(f"--periods {periods}: the sales have {arrays.y.shape[1]}; at most {most} can be played again")
    place = {uid: row for row, uid in enumerate(arrays.unique_ids)}
    wanted = [uid for uid in rows if uid in place]
    known = np.isfinite(arrays.y)
    leads = {uid: policy.lead(panel.freq, rows[uid].lead_time, rows[uid].supplier) for uid in wanted}
    reviews = {uid: policy.review_of(panel.freq, rows[uid].review) for uid in wanted}
    ids = [
        uid
        for uid in wanted
        if known[place[uid], :split].sum() >= LEAST and leads[uid].longest + reviews[uid] < periods
    ]
    if not ids:
        return None
    at = [place[uid] for uid in ids]
    y, out = arrays.y[at], arrays.stockout[at]
    shown = np.where(out | arrays.closed[at][:, : y.shape[1]], np.nan, y)
    demand = np.nan_to_num(np.maximum(y[:, split:], 0.0))
    some = [rows[uid] for uid in ids]
    terms = _terms(some, [leads[uid] for uid in ids], [reviews[uid] for uid in ids], periods, seed)
    mean, _ = recent(shown[:, :split], RECENT[panel.freq])
    return Past(
        panel=panel,
        ids=ids,
        rows=some,
        start=pd.Timestamp(arrays.ds[split - 1]),
        steps=list(arrays.ds[split : split + periods]),
        before=shown[:, :split],
        shown=shown[:, split:],
        demand=demand,
        out=int(out[:, split:].sum()),
        leads=[leads[uid] for uid in ids],
        terms=terms,
        on_hand=np.ceil(mean * (terms.expected + terms.review)),
        left_out=tuple(uid for uid in wanted if uid not in set(ids)),
    )


def _terms(
    rows: Sequence[StockRow], leads: Sequence[LeadTime], reviews: Sequence[int], periods: int, seed: int
) -> Terms:
    rng = np.random.default_rng(seed)
    drawn = [rng.choice(lead.periods, size=periods, p=np.array(lead.weights) / sum(lead.weights)) for lead in leads]
    return Terms(
        lead=np.array(drawn),
        expected=np.array([lead.mean for lead in leads]),
        review=np.array(reviews),
        case_pack=np.array([row.case_pack for row in rows]),
        moq=np.array([row.moq for row in rows]),
        shelf_life=tuple(row.shelf_life for row in rows),
    )


def classes(pasts: Sequence[Past]) -> dict[str, str]:
    """The ABC class of each product by what it had sold before the first order."""
    units = {uid: float(np.nansum(past.before[row])) for past in pasts for row, uid in enumerate(past.ids)}
    return abc_of(pd.Series(units, dtype=float))


def proposals(past: Past, levels: Array, rule: OrderRule = PLAIN) -> Rule:
    """Ours: what `skucast orders` proposes on the stock, the orders on their way and the paths of each decision.

    Args:
        past: the game.
        levels: service level or critical ratio of each product, above 0 and below 1, shape `[P]`.
        rule: how the size of an order is chosen.
    """

    def order(state: State) -> Array:
        made = np.zeros(len(past.ids))
        for row in np.flatnonzero(state.turn):
            lead, review, of = past.leads[row], int(past.terms.review[row]), past.rows[row]
            due = np.zeros(lead.longest + review + rule.extra(review))
            coming = state.pipeline[row][: len(due)]
            due[: len(coming)] = coming
            supply = Supply(
                on_hand=float(state.on_hand[row]),
                arrivals=due,
                lead=lead,
                review=review,
                case_pack=of.case_pack,
                moq=of.moq,
                shelf_life=of.shelf_life,
            )
            made[row] = order_for(state.paths[row], supply, float(levels[row]), rule)
        return made

    return order


def play_all(
    past: Past, paths: Sequence[Array], levels: Array, costs: Costs | None, rule: OrderRule = PLAIN
) -> dict[str, Replayed]:
    """The game under our policy and under each of the planners' rules, all on the same terms.

    Args:
        past: the game.
        paths: of demand, units per period, `[P, N, H]` at each decision, H at least `past.reach(rule)`.
        levels: service level or critical ratio of each product, shape `[P]`; rule (c) has the same.
        costs: of holding and shortage, where they are known.
        rule: how ours chooses the size of an order.
    """
    cover, window = past.terms.expected + past.terms.review, RECENT[past.panel.freq]
    rules = {
        OURS: proposals(past, levels, rule),
        "min-max": min_max(cover, cover + past.terms.review, window=window),
        "mean": mean_with_margin(window=window),
        "normal": normal_base_stock(levels, window=window),
    }
    nothing = np.zeros((len(past.ids), int(past.terms.lead.max())))
    return {
        name: replay(
            past.known(paths if name == OURS else None), past.demand, past.on_hand, nothing, rule, costs, past.terms
        )
        for name, rule in rules.items()
    }


def joined(parts: Sequence[Replayed]) -> Replayed:
    """The games of several blocks of products as one."""
    names = Replayed.__dataclass_fields__
    return replace(parts[0], **{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def cycles_met(played: Replayed, past: Past) -> tuple[Array, Array]:
    """Order cycles in which nothing ran out, and all whole ones, of each product, two arrays `[P]`.

    A cycle goes from the arrival of an order to that of the next one, a review later; the first begins with the period
    in which the first order can arrive.
    """
    met, whole = np.zeros(len(past.ids)), np.zeros(len(past.ids))
    for row, (lead, review) in enumerate(zip(past.leads, past.terms.review.astype(int), strict=True)):
        lost = played.lost[row, lead.longest :]
        count = len(lost) // review
        met[row] = (lost[: count * review].reshape(count, review).max(axis=1) <= 0).sum()
        whole[row] = count
    return met, whole
