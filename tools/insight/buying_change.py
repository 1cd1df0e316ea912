"""Why a product's sales changed: buyers, visits, units a visit or price; and what was bought instead."""

from collections.abc import Collection
from dataclasses import dataclass
from math import log

import pandas as pd

from ..data.events import BUY, RETURN, Events
from ..data.people import LEAST
from .buyers import Span

FACTORS = ("buyers", "visits", "units", "price")


@dataclass(frozen=True)
class Selling:
    """What was sold in a span.

    Attributes:
        money: of all purchases.
        buyers: people.
        visits: purchases a buyer.
        units: a visit.
        price: money a unit.
        returned: money of returns, 0 or more.
    """

    money: float
    buyers: float
    visits: float
    units: float
    price: float
    returned: float = 0.0


@dataclass(frozen=True)
class Change:
    """Sales of one span against another, split so that the parts add up to the difference.

    Attributes:
        before: what was sold first.
        after: and then.
        parts: money that each of `FACTORS` brought or took; their sum is `after.money - before.money`.
    """

    before: Selling
    after: Selling
    parts: dict[str, float]

    @property
    def money(self) -> float:
        """By how much sales changed."""
        return self.after.money - self.before.money


@dataclass(frozen=True)
class Switching:
    """What became of those who bought a product in the first span and not in the second.

    Attributes:
        buyers: of the first span.
        kept: of them, those who bought it again.
        switched: who bought no more of it, and spent more than before on other products of its category.
        left: who were there, and did not.
        gone: who bought nothing at all.
        to: by product, how much more those who switched spent on it, the most first, and how many of them; only where
            ten people did.
    """

    buyers: int
    kept: int
    switched: int
    left: int
    gone: int
    to: tuple[tuple[str, float, int], ...]


def selling(events: Events, unique_ids: Collection[str], span: Span) -> Selling:
    """What was sold of some products in a span."""
    wanted = set(unique_ids)
    rows = span.of(events.frame)
    rows = rows[rows["unique_id"].isin(wanted)]
    bought, back = (rows[rows["event"] == kind] for kind in (BUY, RETURN))
    money, units = float(bought["value"].sum()), float(bought["units"].sum())
    returned = abs(float(back["value"].sum()))
    people = bought["user_id"].nunique()
    visits = int(events.visits.loc[bought.index].groupby(bought["user_id"]).nunique().sum())
    if not people or units <= 0 or money <= 0:
        return Selling(0.0, 0.0, 0.0, 0.0, 0.0, returned)
    return Selling(money, float(people), visits / people, units / visits, money / units, returned)


def change(before: Selling, after: Selling) -> Change:
    """The difference of two spans by its factors: money = buyers × visits a buyer × units a visit × price.

    Each factor's part is L(after, before) · ln(its ratio), where L is the logarithmic mean of both sums of money: exact
    and without a rest, and the same in both directions. Where one of them is 0 all of it is the buyers'.

    Source: Ang (2005), The LMDI approach to decomposition analysis: a practical guide.
    """
    parts = dict.fromkeys(FACTORS, 0.0)
    if before.money <= 0 or after.money <= 0:
        return Change(before, after, parts | {"buyers": after.money - before.money})
    same = abs(after.money / before.money - 1) < 1e-12
    weight = before.money if same else (after.money - before.money) / log(after.money / before.money)
    return Change(before, after, {name: weight * log(getattr(after, name) / getattr(before, name)) for name in FACTORS})


def switching(
    events: Events, unique_ids: Collection[str], category: Collection[str], before: Span, after: Span
) -> Switching:
    """What those did who bought a product in the first span and not in the second.

    Args:
        events: of all people.
        unique_ids: the product.
        category: products that can stand in for it.
        before: the first span.
        after: the second.
    """
    wanted = set(unique_ids)
    others = set(category) - wanted
    first, second = before.bought(events), after.bought(events)
    had = set(first.loc[first["unique_id"].isin(wanted), "user_id"])
    kept = had & set(second.loc[second["unique_id"].isin(wanted), "user_id"])
    lost = had - kept
    there = set(second["user_id"])
    rows = pd.concat([_spent(second, lost, others), -_spent(first, lost, others)])
    more = rows.groupby(level=[0, 1]).sum()
    gains = more.groupby(level=0).sum()
    switched = set(gains.index[gains > 0])
    of_them = more[more.index.get_level_values(0).isin(switched) & (more > 0)]
    by_product = of_them.groupby(level=1).agg(["sum", "count"]).sort_values("sum", ascending=False)
    to = tuple((str(uid), float(row["sum"]), int(row["count"])) for uid, row in by_product.iterrows())
    gone = lost - there
    return Switching(
        len(had), len(kept), len(switched), len(lost - switched - gone), len(gone),
        tuple(one for one in to if one[2] >= LEAST),
    )  # fmt: skip


def _spent(rows: pd.DataFrame, people: Collection[str], products: Collection[str]) -> "pd.Series[float]":
    some = rows[rows["user_id"].isin(people) & rows["unique_id"].isin(products)]
    return some.groupby(["user_id", "unique_id"])["value"].sum()
