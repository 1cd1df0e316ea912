"""market_notes: dated documents known at the panel's cutoff, screened and fenced."""

from typing import Any

from ..insight.answer import Answer, Table, columns
from ..messages import Message, Quoted, Refusal, message
from ..text.screen import clean, fenced, flags
from ..text.words import subject
from .fields import Product, Query
from .kit import Arguments, Desk, Tool

SHOWN = 400  # characters of a note


class MarketNotes(Arguments):
    """Dated documents: campaigns, news, reviews, competitors, buyers' notes."""

    query: Query
    product: Product | None = None


def run(desk: Desk, request: MarketNotes) -> Answer:
    """The notes on a topic, else the latest; those that read like instructions are withheld."""
    if desk.notes is None:
        raise Refusal("market-notes-not-here")
    uid = desk.one(request.product) if request.product else None
    static = desk.panel.static_of(uid) if uid else {}
    scope: dict[str, Any] = {"as_of": desk.panel.cutoff, "product": uid, "category": static.get("category")}
    cutoff, topic = desk.panel.cutoff, subject(request.query)
    if topic:
        found = desk.notes().search(topic, **scope)
    else:
        names = [name for name in (request.product, uid, static.get("description")) if name]
        found = sorted(desk.notes().latest(**scope, names=names), key=lambda one: one.note.ds, reverse=True)
    about = topic or request.product
    if not found:
        if about:
            return Answer((message("market-notes-none-on", words=Quoted(about), cutoff=cutoff),))
        return Answer((message("market-notes-none", cutoff=cutoff),))
    rows: list[tuple[Any, str, str | Message]] = []
    for one in found:
        if flags(one.note):
            rows.append((one.note.ds, "", message("market-notes-withheld")))
        else:
            rows.append((one.note.ds, clean(one.note.title)[:80], clean(one.note.text)[:SHOWN]))
    first = rows[0][0]
    if about:
        text = message("market-notes-on", count=len(rows), words=Quoted(about), cutoff=cutoff, first=first)
    else:
        text = message("market-notes-latest", cutoff=cutoff, first=first)
    table = Table(message("market-notes-table"), columns("date", "title", "text"), tuple(rows))
    return Answer((text,), table, documents=fenced([one.note for one in found]))


TOOL = Tool(MarketNotes, run, about_one=False, lists="always")
