"""buyers: who buys a product or category, and why its sales changed: buyers, visits, units a visit, or the price."""

from datetime import timedelta

import pandas as pd

from ..data.freq import span_of
from ..data.groups import ALL, groups_of
from ..data.stock import DAYS
from ..insight.answer import Answer, group_name, label
from ..insight.buyers_telling import bought, last_span, table_of, told
from ..insight.catalogue import group_named
from ..messages import Fact, Refusal, message
from .fields import Category, LastPeriods, Product
from .kit import Arguments, Desk, Tool

USUAL = 28  # days looked at, where nothing is said


class Buyers(Arguments):
    """Who buys a product or category, and why its sales changed: fewer buyers, fewer visits, less each visit, price."""

    product: Product | None = None
    category: Category | None = None
    periods: LastPeriods | None = None


def run(desk: Desk, request: Buyers) -> Answer:
    """Its buyers in the last periods by groups of people, and its sales against as many periods before, in parts."""
    if desk.events is None:
        raise Refusal("buyers-no-events")
    events = desk.events()
    end = min(events.end, pd.Timestamp(span_of(desk.panel.cutoff, desk.panel.freq).last) + timedelta(1))
    ids, what, category, products = _meant(desk, request)
    days = USUAL if request.periods is None else round(request.periods * DAYS[desk.panel.freq])
    span = last_span(events, days, end)
    found = bought(events.before(end), ids, what, span, span.earlier(), category)
    said = tuple(told(found, events))
    more = (message("buyers-assumed"), *events.findings)
    return Answer((*said, *more), table_of(found.buyers.groups, what), products=products, told=said)


def _meant(desk: Desk, request: Buyers) -> tuple[list[str], Fact, list[str], tuple[str, ...]]:
    """The products, what they are, those that can stand in for them, and what "it" means afterwards."""
    if request.category is not None and request.product is None:
        words = desk.category_of(request.category)
        if words == ALL:
            return list(desk.panel.unique_ids), message("all-products"), [], ()
        group = group_named(desk.panel, words)
        return groups_of(desk.panel, group.column)[group], group_name(group), [], ()
    uid = desk.one(request.product)
    named = desk.panel.static_of(uid).get("category")
    alike = [] if named is None else desk.panel.static.index[desk.panel.static["category"] == named].tolist()
    return [uid], label(desk.panel, uid), alike, (uid,)


TOOL = Tool(Buyers, run, ruled=True, rank=16)
