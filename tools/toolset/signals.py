"""signals: dated events that the notes tell of the periods ahead, and what they would do to forecasts."""

import pandas as pd

from ..data.groups import ALL
from ..insight.answer import Answer, Table, columns, label, many
from ..messages import Fact, Message, Refusal, Span, Times, message
from ..text.impact import Impact
from ..text.signals import Signal
from .fields import Horizon, Product
from .kit import Arguments, Desk, Tool

SHOWN = 50  # signals of a table


class Signals(Arguments):
    """Dated events that the notes tell of the periods ahead, with their effect: promotions, closures, shortages."""

    product: Product | None = None
    horizon: Horizon | None = None


def run(desk: Desk, request: Signals) -> Answer:
    """The signals in the window, numbered as a person approves them; nothing of the notes' own words."""
    if desk.signals is None:
        raise Refusal("signals-not-here")
    uid = desk.one(request.product) if request.product else None
    horizon = desk.periods(request.horizon)
    span, book = many(horizon, desk.panel), desk.signals()
    steps = list(pd.date_range(desk.panel.cutoff, periods=horizon + 1, freq=desk.panel.offset)[1:])
    found = book.ahead([uid] if uid else desk.panel.unique_ids, steps)
    if not found:
        if uid:
            return Answer((message("signals-none-on", product=label(desk.panel, uid), periods=span),), products=(uid,))
        return Answer((message("signals-none", periods=span),))
    rows: list[tuple[Fact, ...]] = []
    for one, uids in found[:SHOWN]:
        impact = next(item for item in book.impacts(uids[0], steps) if item.signal.id == one.id)
        days: Fact = message("signals-from", first=one.start) if one.end is None else Span(one.start, one.end)
        followed = message("signals-yes" if one.id in book.approved else "signals-no")
        kind = message(f"signals-kind-{one.kind}")
        rows.append(
            (book.number(one.id), one.published.date(), kind, _about(one, uids), days, _effect(impact), followed)
        )
    approved = sum(one.id in book.approved for one, _ in found)
    text = message("signals-found", count=len(found), periods=span, approved=approved)
    names = ("number", "note", "kind", "scope", "days", "times", "approved")
    table = Table(message("signals-table"), columns(*names), tuple(rows))
    return Answer((text, message("signals-how")), table, products=(uid,) if uid else ())


def _about(one: Signal, uids: list[str]) -> Fact:
    named = ", ".join(scope.value for scope in one.scope if scope.column != ALL)
    return named[:40] or message("signals-products", count=len(uids))


def _effect(impact: Impact) -> Message:
    if impact.column:
        return message("signals-column", column=impact.column)
    if (effect := impact.effect) is None:
        return message("signals-unknown")
    return message("signals-range", times=Times(effect.ratio), low=Times(effect.low), high=Times(effect.high))


TOOL = Tool(Signals, run, about_one=False, ruled=True)
