"""risks: what reviews, news and other dated texts speak of worse than before, with quotes."""

import numpy as np

from ..insight.answer import Answer, Table, columns, label
from ..insight.catalogue import group_named, in_category
from ..messages import Count, Fact, Message, Percent, Quoted, Refusal, message
from ..text.risks import RECENT, Risk, risks
from .fields import Category, Limit, Product
from .kit import Arguments, Desk, Tool

SHOWN = 10


class Risks(Arguments):
    """Warnings from reviews, news and notes: quality, safety, supply, price, competitors, where talk got worse."""

    product: Product | None = None
    category: Category | None = None
    limit: Limit | None = None


def run(desk: Desk, request: Risks) -> Answer:
    """The warnings of what was published up to the panel's last period, the gravest first."""
    if desk.notes is None:
        raise Refusal("market-notes-not-here")
    panel, notes = desk.panel, desk.notes().store.known(desk.panel.cutoff)
    uid = desk.one(request.product) if request.product else None
    group = group_named(panel, desk.category_of(request.category)) if request.category else None
    if uid is not None:
        notes = [note for note in notes if note.product == uid]
    elif group is not None:
        ids = set(in_category(panel, group.value))
        notes = [note for note in notes if note.product in ids or (note.category or "").lower() == group.value.lower()]
    found = risks(notes, panel.cutoff)
    read = Count(len(notes))
    if not found:
        return Answer((message("risks-none", count=read, days=RECENT, cutoff=panel.cutoff),))
    first = found[0]
    said = [message("risks-first", count=Count(len(found)), read=read, **_facts(desk, first))]
    if first.topics:
        said.append(message("risks-topics", words=tuple(Quoted(word) for word in first.topics)))
    said.append(message("risks-how", days=RECENT))
    rows = tuple(
        (
            one.product or "",
            message(f"risk-{one.kind}"),
            Count(one.negative),
            Percent(100 * one.share),
            _before(one),
            ds,
            text,
        )
        for one in found[: request.limit or SHOWN]
        for ds, text in one.quotes
    )
    table = Table(
        message("risks-table"),
        columns("sku", "warning", "negative-texts", "negative-share", "negative-before", "date", "text"),
        rows,
    )
    products = tuple(dict.fromkeys(one.product for one in found if one.product))
    return Answer(tuple(said), table, products=products)


def _facts(desk: Desk, risk: Risk) -> dict[str, Fact]:
    """What is said of a warning."""
    what: Fact = (
        label(desk.panel, risk.product) if risk.product in desk.panel.unique_ids else message("risks-no-product")
    )
    facts: dict[str, Fact] = {"what": what, "kind": message(f"risk-{risk.kind}"), "negative": Count(risk.negative)}
    facts |= {"texts": Count(risk.texts), "share": Percent(100 * risk.share)}
    if np.isnan(risk.before):
        return facts | {"rise": message("risks-no-past")}
    return facts | {"rise": message("risks-rise", before=_before(risk), chance=Percent(100 * risk.chance))}


def _before(risk: Risk) -> Message:
    known = not np.isnan(risk.before)
    return message("risks-share", share=Percent(100 * risk.before)) if known else message("risks-unknown")


TOOL = Tool(Risks, run, about_one=False, lists="always", ruled=True, rank=12)
