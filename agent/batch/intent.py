"""Purchase intent of all customers of a file, or of all its sessions: chances, reasons, and what is told of them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...tools.data.events import Events
from ...tools.data.people import pseudonyms
from ...tools.decide.intent_features import ACTIVE, day_of, features, history
from ...tools.decide.intent_sessions import session_intent
from ...tools.decide.intent_telling import Reason, column_message, quality_messages, reason_message
from ...tools.decide.intent_windows import expected, intent
from ...tools.insight.buyers_telling import products_of
from ...tools.messages import Count, Fact, Message, message

ASKED, BESIDE = "asked", 11  # categories that are learned from beside the one asked for
REASONED = 200  # customers whose reasons are looked at; the rest have none


@dataclass(frozen=True)
class Found:
    """What was found.

    Attributes:
        who: pseudonyms of customers or rows of sessions, the likeliest first, each with its chance and reasons.
        said: what is told of all of them.
        title: of their table.
    """

    who: list[tuple[str, float, tuple[Message, ...]]]
    said: list[Message]
    title: Message


def customers(
    events: Events, of: str | None, weeks: int, salt: str, progress: Callable[[float], None], *, seed: int = 0
) -> Found:
    """The chance that each customer buys a product or category in the coming weeks, or nothing at all.

    Args:
        events: of all people.
        of: product or category; None asks for the chance of buying nothing.
        weeks: that are looked at.
        salt: of pseudonyms.
        progress: called with the share done.
        seed: of the trees.

    Raises:
        InputError: the past is too short, or nothing is called so.
    """
    item_of = dict.fromkeys(events.frame["unique_id"].unique(), ASKED)
    items, what = [ASKED], None
    if of is not None:
        ids, what, _ = products_of(events, of)
        item_of = events.products["category"].to_dict() | dict.fromkeys(ids, ASKED)
        pairs = events.frame[["user_id", "unique_id"]].drop_duplicates()
        beside = pairs.assign(item=pairs["unique_id"].map(item_of)).dropna().drop_duplicates(["user_id", "item"])
        rest = beside.loc[~beside["item"].isin([ASKED, ""]), "item"].value_counts()
        items += rest.sort_index().sort_values(ascending=False, kind="stable").index[:BESIDE].tolist()
    known, horizon, day = history(events, item_of, items), 7 * weeks, day_of(events.end)
    made = intent(known, day, horizon, lapse=of is None, seed=seed, progress=progress)
    chance = made.chance[:, 0]
    order = np.argsort(-chance, kind="stable")
    top = np.sort(order[:REASONED]).astype(np.int64)
    shown = features(known, day, made.users[top])[:: len(items)]
    why = dict(zip(top.tolist(), map(_told, made.classifier.reasons(shown)), strict=True))
    names = pseudonyms(known.users[made.users.astype(np.int64)], salt)
    mean, low, high = expected(chance, seed)
    kind = "buy" if of is not None else "lapse"
    facts: dict[str, Fact] = {"days": horizon} | ({} if what is None else {"product": what})
    said = [
        Message(
            f"intent-expected-{kind}",
            facts
            | {"count": Count(round(mean)), "people": Count(len(chance)), "active": ACTIVE}
            | {"low": Count(round(low)), "high": Count(round(high))},
        ),
        *quality_messages(made.checked),
    ]
    lines = [(names[at], float(chance[at]), why.get(at, ())) for at in order.tolist()]
    return Found(lines, said, Message(f"intent-table-{kind}", facts | {"day": events.end.date()}))


def sessions(table: pd.DataFrame, target: str, *, seed: int = 0) -> Found:
    """The chance that each session buys whose outcome is not known yet.

    Raises:
        InputError: no such column, an outcome that is neither yes nor no, or too few that are known.
    """
    made = session_intent(table, target, seed=seed)
    texts = {name: sorted(table[name].dropna().astype("str").unique()) for name in made.coded}
    order = np.argsort(-made.chance, kind="stable")
    lines = [
        (
            str(int(made.rows[at]) + 1),
            float(made.chance[at]),
            tuple(column_message(one, texts.get(one[0], ())) for one in made.reasons[at]),
        )
        for at in order.tolist()
    ]
    said = [message("intent-duplicates", count=Count(made.duplicates))] if made.duplicates else []
    said += [message("intent-sessions", count=Count(len(lines))), *quality_messages(made.checked)]
    return Found(lines, said, message("intent-table-sessions"))


def _told(reasons: list[Reason]) -> tuple[Message, ...]:
    return tuple(map(reason_message, reasons))
