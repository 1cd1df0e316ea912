"""top_movers: which products, or groups of them, rose or fell most: in units, revenue or margin."""

import pandas as pd

from ..data.groups import column_named
from ..insight.answer import Answer, Table, columns, many, period_of
from ..insight.ranking import movers, span_of
from ..messages import Change, Refusal, Units, message
from .fields import Category, Direction, During, LastPeriods, Limit, Measured, RankedBy
from .kit import Arguments, Desk, Tool
from .top_sellers import columns_of, named, row_of, unpriced, when_of, within


class TopMovers(Arguments):
    """What rose or fell most, of late or in a span of the past: products, or the groups of a column."""

    by: RankedBy | None = None
    measure: Measured | None = None
    periods: LastPeriods | None = None
    during: During | None = None
    direction: Direction | None = None
    limit: Limit | None = None
    category: Category | None = None


def run(desk: Desk, request: TopMovers) -> Answer:
    """The periods of a span against as many before."""
    panel, measure = desk.panel, request.measure or "units"
    limit = 5 if request.limit is None else request.limit
    span = span_of(panel, request.periods, request.during)
    by = column_named(panel, request.by) if request.by else None
    category = within(desk, request.category, by)
    up, down = movers(panel, limit, category, span=span, measure=measure, by=by)
    picked = {"up": up, "down": down}.get(request.direction or "", pd.concat([up, down]))
    if picked.empty:
        raise Refusal("nothing-moved", way=request.direction or "either")
    period, when, what = period_of(panel), when_of(panel, span), message(f"measure-{measure}")
    rows = tuple(
        (
            *row_of(panel, str(one), by),
            Units(row["before"]),
            Units(row["last"]),
            Change(row["change"] / row["before"] * 100),
        )
        for one, row in picked.iterrows()
    )
    messages = tuple(
        message(
            "top-movers-most",
            product=named(panel, str(some.index[0]), by),
            way=way,
            before=Units(some["before"].iloc[0]),
            last=Units(some["last"].iloc[0]),
            what=what,
            period=period,
            when=when,
            span=many(span.periods, panel),
        )
        for way, some in (("up", up), ("down", down))
        if len(some) and request.direction in (None, way)
    )
    title = message("top-movers-table", what=what, period=period, when=when)
    table = Table(title, (*columns_of(by), *columns("before", "last", "change")), rows)
    ids = () if by else tuple(str(uid) for uid in picked.index)
    return Answer((*messages, *unpriced(panel, span, measure)), table, products=ids)


TOOL = Tool(TopMovers, run, about_one=False, lists="always", rank=20)
