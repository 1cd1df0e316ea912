"""Who buys a product: how many people of each group by recency, frequency, value and what is known of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from ..data.events import BUY, Events
from ..data.people import LEAST
from ..messages import Refusal

TERCILES = ("low", "middle", "high")
RFM = ("recency", "frequency", "value")
NEW = "new"  # no purchase before the span


@dataclass(frozen=True)
class Span:
    """A stretch of time: from `start` on, before `end`."""

    start: pd.Timestamp
    end: pd.Timestamp

    @property
    def days(self) -> int:
        """How long it is."""
        return (self.end - self.start).days

    def earlier(self) -> "Span":
        """The stretch as long that ends where this one begins."""
        return Span(self.start - (self.end - self.start), self.start)

    def a_year_ago(self) -> "Span":
        """The same 52 weeks earlier: the same days of the week."""
        year = pd.Timedelta(weeks=52)
        return Span(self.start - year, self.end - year)

    def of(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows of it."""
        return frame[(frame["ds"] >= self.start) & (frame["ds"] < self.end)]

    def bought(self, events: Events) -> pd.DataFrame:
        """What was bought in it."""
        rows = self.of(events.frame)
        return rows[rows["event"] == BUY]


@dataclass(frozen=True)
class GroupShare:
    """How many of a group of people bought a product.

    Attributes:
        kind: what groups are made by: `recency`, `frequency`, `value` or a column of what is known of people.
        group: which of them.
        people: who bought anything in the span.
        buyers: who bought the product.
        interval: of the share of buyers, 95 %, by Wilson.
        index: share of buyers in the group over that of all people, times 100.
        money: share of the product's money that they spent, 0..1.
    """

    kind: str
    group: str
    people: int
    buyers: int
    interval: tuple[float, float]
    index: float
    money: float

    @property
    def share(self) -> float:
        """Of the group's people who bought it, 0..1."""
        return self.buyers / self.people


@dataclass(frozen=True)
class Buyers:
    """Who bought a product in a span.

    Attributes:
        span: the time looked at.
        people: who bought anything.
        buyers: who bought it.
        visits: in which they did.
        units: that they bought.
        money: that they spent on it.
        again: share of the buyers who bought it in more than one visit, 0..1.
        groups: shares by group, kinds in order; those of fewer than ten people or buyers left out,
            and one more where what was left out could be worked out from the rest.
        hidden: how many groups were left out for that.
    """

    span: Span
    people: int
    buyers: int
    visits: int
    units: float
    money: float
    again: float
    groups: tuple[GroupShare, ...]
    hidden: int


def buyers_of(events: Events, unique_ids: Collection[str], span: Span) -> Buyers:
    """Who bought any of some products in a span, by groups as they stood when it began.

    Raises:
        Refusal: fewer than ten people bought them.
    """
    everyone = span.bought(events)
    theirs = everyone[everyone["unique_id"].isin(set(unique_ids))]
    spent = theirs.groupby("user_id")["value"].sum()
    if len(spent) < LEAST:
        raise Refusal("buyers-too-few", least=LEAST)
    visits = events.visits.loc[theirs.index].groupby(theirs["user_id"]).nunique()
    people = pd.Index(everyone["user_id"].unique())
    groups, hidden = list[GroupShare](), 0
    for kind, of in kinds_of(events, span.start).items():
        fallback = NEW if kind in RFM else ""
        shown = []
        every = of.reindex(people).fillna(fallback)
        group = every[every != ""]
        for name in sorted(group.unique(), key=_order):
            members = group.index[group == name]
            inside = spent.index.intersection(members)
            if min(len(members), len(inside)) < LEAST:
                hidden += 1
                continue
            index = 100 * (len(inside) / len(members)) / (len(spent) / len(people))
            money = float(spent[inside].sum() / spent.sum()) if spent.sum() else float("nan")
            among = wilson(len(inside), len(members))
            shown.append(GroupShare(kind, str(name), len(members), len(inside), among, index, money))
        kept = _not_to_be_worked_out(shown, len(people), len(spent))
        groups, hidden = groups + kept, hidden + len(shown) - len(kept)
    return Buyers(
        span, len(people), len(spent), int(visits.sum()), float(theirs["units"].sum()), float(spent.sum()),
        float((visits > 1).mean()), tuple(groups), hidden,
    )  # fmt: skip


def _not_to_be_worked_out(shown: Sequence[GroupShare], people: int, buyers: int) -> list[GroupShare]:
    """The groups of one kind, the smallest left out while those that are not shown are too few together.

    They could else be had by taking what is shown from all people.
    """
    kept = list(shown)
    while kept:
        rest = people - sum(one.people for one in kept), buyers - sum(one.buyers for one in kept)
        if not any(0 < count < LEAST for count in rest):
            break
        kept.remove(min(kept, key=lambda one: one.buyers))
    return kept


def kinds_of(events: Events, at: pd.Timestamp) -> dict[str, "pd.Series[str]"]:
    """The group of each user by every kind of group, from what was known before a moment."""
    known = rfm(events.before(at))
    tall = {name: _terciles(known[name]) for name in RFM}
    return tall | {str(name): events.people[name] for name in events.people.columns}


def rfm(events: Events) -> pd.DataFrame:
    """Recency (days since the last purchase), frequency (visits with one) and value (money), by user.

    Returns:
        Columns `recency`, `frequency`, `value`, `last`; the days are counted to the end of the last day of all.
    """
    bought = events.frame["event"] == BUY
    rows = events.frame.loc[bought, ["user_id", "ds", "value"]].assign(visit=pd.factorize(events.visits[bought])[0])
    by_user = rows.groupby("user_id")
    made = by_user.agg(last=("ds", "max"), frequency=("visit", "nunique"), value=("value", "sum"))
    days = (events.end - made["last"]).dt.total_seconds() / 86400 if len(made) else pd.Series(dtype=float)
    return made.assign(recency=days)


def wilson(found: int, of: int, level: float = 0.95) -> tuple[float, float]:
    """The interval of a share.

    Source: Wilson (1927), Probable inference, the law of succession, and statistical inference.
    """
    if not of:
        return 0.0, 1.0
    z, share = float(norm.ppf(0.5 + level / 2)), found / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * float(np.sqrt(share * (1 - share) / of + z * z / (4 * of * of)))
    return max(0.0, middle - half), min(1.0, middle + half)


def _terciles(values: "pd.Series[float]") -> "pd.Series[str]":
    """Low, middle or high, a third of the people each; equals stay together."""
    if values.empty:
        return pd.Series(dtype="str")
    rank = values.rank(pct=True)
    cut = np.select([rank <= 1 / 3, rank <= 2 / 3], TERCILES[:2], TERCILES[2])
    return pd.Series(cut, index=values.index)


def _order(name: str) -> tuple[int, str]:
    return (TERCILES.index(name), "") if name in TERCILES else (len(TERCILES), str(name))
