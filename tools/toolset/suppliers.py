"""suppliers: how reliable suppliers are by their past deliveries: on time, lead times, drift."""

from dataclasses import replace

from ..decide.lead_times import deliveries, last_day, scorecard, supplier_key
from ..decide.supplier_telling import (
    NARROW,
    basis_messages,
    drift_messages,
    late_message,
    latest_first,
    supplier_message,
    table_of,
)
from ..insight.answer import Answer
from ..messages import Quoted, Refusal, hint
from .fields import Category
from .kit import Arguments, Desk, Tool

SHOWN = 20  # suppliers of a table


class Suppliers(Arguments):
    """How reliable a supplier is, or which suppliers are late: deliveries on time, lead times, whether they drift."""

    supplier: Category | None = None


def run(desk: Desk, request: Suppliers) -> Answer:
    """The scorecard of one supplier, or of all, those that are late most often first."""
    read = desk.stock.deliveries if desk.stock is not None else None
    if read is None:
        raise Refusal("suppliers-no-file")
    past = deliveries(read.table)
    day = last_day(past)
    card = latest_first(scorecard(past, day))
    basis = basis_messages(read, past, day)
    if request.supplier is not None:
        of = {supplier_key(name): name for name in card["supplier"]}
        key = supplier_key(request.supplier)
        if key not in of:
            near = hint(request.supplier, of.values())
            raise Refusal("suppliers-unknown", words=Quoted(request.supplier), source=read.name, hint=near)
        card = card[card["supplier"] == of[key]]
        return Answer((supplier_message(card.iloc[0]), *drift_messages(card), *basis))
    table = replace(table_of(card.head(SHOWN)), narrow=NARROW)
    return Answer((late_message(card), *drift_messages(card), *basis), table)


TOOL = Tool(Suppliers, run, about_one=False, ruled=True, rank=12)
