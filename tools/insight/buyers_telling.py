"""Buyers as messages and a table: who bought a product, why its sales changed, and what was bought instead."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pandas as pd

from ..data.events import Events
from ..data.people import LEAST
from ..messages import Count, Exact, Fact, Message, Money, Percent, ProductName, Refusal, Units, message
from ..messages import Span as Days
from .answer import Table, columns, moved
from .buyers import Buyers, GroupShare, Span, buyers_of
from .buying_change import FACTORS, Change, Switching, change, selling, switching

COLUMNS = ("buyers-kind", "buyers-group", "buyers-people", "buyers-count", "buyers-share", "buyers-interval")
MORE = ("buyers-index", "buyers-money")
ABOVE = 110.0  # an index from which a group is told to buy more than others, if its interval is above the rest's share
TOLD = 3  # groups or products that a sentence names


@dataclass(frozen=True)
class Bought:
    """Who bought a product and why that changed.

    Attributes:
        what: the product or group of products.
        buyers: in the later span.
        before: the earlier span.
        change: between them; None where fewer than ten bought it in the earlier one.
        switching: of those who bought it earlier; None where they were fewer than ten.
    """

    what: Fact
    buyers: Buyers
    before: Span
    change: Change | None
    switching: Switching | None


def bought(
    events: Events, unique_ids: Collection[str], what: Fact, span: Span, before: Span, category: Collection[str] = ()
) -> Bought:
    """Who bought some products in a span, and what changed since an earlier one.

    Args:
        events: of all people.
        unique_ids: the products.
        what: they are, for people.
        span: the time looked at.
        before: the time that it is compared with.
        category: products that can stand in for them; empty where switching is not asked for.

    Raises:
        Refusal: the events know none of the products, or fewer than ten people bought them.
    """
    if not events.frame["unique_id"].isin(set(unique_ids)).any():
        raise Refusal("buyers-not-in-events", product=what, source=events.name)
    found = buyers_of(events, unique_ids, span)
    then = selling(events, unique_ids, before)
    if then.buyers < LEAST:
        return Bought(what, found, before, None, None)
    made = change(then, selling(events, unique_ids, span))
    turned = switching(events, unique_ids, category, before, span) if set(category) - set(unique_ids) else None
    return Bought(what, found, before, made, turned)


def last_span(events: Events, days: int, end: pd.Timestamp | None = None) -> Span:
    """So many days to the end of the last one, or to another end."""
    at = events.end if end is None else end
    return Span(at - timedelta(days=days), at)


def products_of(events: Events, words: str) -> tuple[list[str], Fact, list[str]]:
    """Which products some words mean: an id, a category, or what bears all of the words in its name.

    Returns:
        Their ids, what they are for people, and the ids of the category that they belong to; empty of a category.

    Raises:
        Refusal: nothing is called so.
    """
    table, asked = events.products, words.strip().casefold()
    known = set(events.frame["unique_id"])
    if words.strip() in known:
        uid = words.strip()
        row = table.loc[uid] if uid in table.index else None
        name = "" if row is None else str(row["name"])
        return [uid], ProductName(uid, name), [] if row is None else _alike(table, {str(row["category"])})
    category = table.index[table["category"].str.casefold() == asked]
    if len(category):
        return list(category), message("category-name", name=asked), []
    parts = asked.split()
    named = (
        table[table["name"].str.casefold().map(lambda name: all(part in name for part in parts))] if parts else table
    )
    if named.empty or not parts:
        raise Refusal("buyers-no-product", words=words, source=events.name)
    return (
        list(named.index),
        message("buyers-named", words=asked, count=Count(len(named))),
        _alike(table, set(named["category"])),
    )


def _alike(table: pd.DataFrame, categories: set[str]) -> list[str]:
    return list(table.index[table["category"].isin(categories - {""})])


def days(span: Span) -> Days:
    """A span as people name it."""
    return Days(span.start.date(), (span.end - timedelta(days=1)).date())


def told(found: Bought, events: Events) -> list[Message]:
    """What a person is told, the answer first."""
    made = found.buyers
    facts: dict[str, Fact] = {"product": found.what, "count": Count(made.buyers), "people": Count(made.people)}
    facts |= {"share": _percent(made.buyers / made.people), "span": days(made.span)}
    facts |= {"visits": Count(made.visits), "again": Percent(100 * made.again), "money": Units(made.money)}
    said = [Message("buyers-who", facts)]
    if some := most(made):
        said.append(message("buyers-most", groups=tuple(_group(one) for one in some)))
    if found.change is None:
        said.append(message("buyers-before-few", least=LEAST, span=days(found.before)))
    else:
        said += _changed(found.change, found.before)
    if found.switching is not None:
        said += _switched(found.switching, events)
    if made.hidden:
        said.append(message("buyers-hidden", count=Count(made.hidden), least=LEAST))
    return said


def most(made: Buyers) -> list[GroupShare]:
    """The groups that buy it more than people do on the whole: an index of 110 or more, and the interval above it."""
    share = made.buyers / made.people
    above = [one for one in made.groups if one.index >= ABOVE and one.interval[0] > share]
    return sorted(above, key=lambda one: -one.index)[:TOLD]


def _group(one: GroupShare) -> Message:
    kind = kind_name(one.kind)
    return message("buyers-above", kind=kind, group=group_name(one), index=Percent(one.index))


def kind_name(kind: str) -> Fact:
    """What groups are made by, for people: ours by their message, a column of the person's by its name."""
    return message(f"buyers-by-{kind}") if kind in ("recency", "frequency", "value") else kind.replace("_", " ")


def group_name(one: GroupShare) -> Fact:
    """A group for people."""
    ours = one.kind in ("recency", "frequency", "value")
    return message(f"buyers-{one.kind}-{one.group}") if ours else one.group


def _changed(made: Change, before: Span) -> list[Message]:
    now, then = made.after, made.before
    facts: dict[str, Fact] = {"after": Units(now.money), "before": Units(then.money), "span": days(before)}
    said = [Message("buyers-change", facts | moved(now.money, then.money))]
    parts: dict[str, Fact] = {name: Units(made.parts[name]) for name in FACTORS}
    said.append(Message("buyers-parts", {"all": Units(made.money), **parts}))
    cause = max(FACTORS, key=lambda name: made.parts[name] * (1 if made.money >= 0 else -1))
    kinds = {"buyers": Count, "visits": Exact, "units": Exact, "price": Money}
    one, other = (kinds[cause](round(getattr(side, cause), 2)) for side in (then, now))
    said.append(message(f"buyers-cause-{cause}", before=one, after=other))
    if now.returned > 0:
        said.append(message("buyers-returned", money=Units(now.returned)))
    return said


def _switched(made: Switching, events: Events) -> list[Message]:
    lost = made.buyers - made.kept
    if lost < LEAST:
        return []
    facts = {"count": Count(lost), "buyers": Count(made.buyers)}
    said = [Message("buyers-lost", facts | {n: few(getattr(made, n)) for n in ("switched", "left", "gone")})]
    if made.to:
        names = events.products["name"]
        to = tuple(ProductName(uid, str(names.get(uid, ""))) for uid, _, _ in made.to[:TOLD])
        said.append(message("buyers-to", products=to))
    return said


def few(count: int) -> Fact:
    """A count of people; one below ten is not told."""
    return Count(count) if count >= LEAST or count == 0 else message("buyers-few", least=LEAST)


def _percent(share: float) -> Exact:
    return Exact(round(100 * share, 1))


def table_of(groups: Sequence[GroupShare], what: Fact) -> Table:
    """One row a group: people, buyers, share with its interval, index, share of the money."""
    rows = tuple(
        (
            kind_name(one.kind), group_name(one), Count(one.people), Count(one.buyers), _percent(one.share),
            message("price-interval", low=_percent(one.interval[0]), high=_percent(one.interval[1])),
            Percent(one.index), Percent(100 * one.money),
        )
        for one in groups
    )  # fmt: skip
    return Table(message("buyers-table", product=what), columns(*COLUMNS, *MORE), rows, narrow=(0, 1, 3, 4, 6))
