"""top_movers: what rose or fell most of late."""

import pandas as pd

from ..insight.answer import LATE, Answer, Table, columns, label, many, period_of
from ..insight.catalogue import movers
from ..messages import Change, Refusal, Units, message
from .fields import Category, Direction, Limit
from .kit import Arguments, Desk, Tool


class TopMovers(Arguments):
    """What rose or fell most of late."""

    direction: Direction | None = None
    limit: Limit | None = None
    category: Category | None = None


def run(desk: Desk, request: TopMovers) -> Answer:
    """The last periods against as many before."""
    panel = desk.panel
    limit = 5 if request.limit is None else request.limit
    up, down = movers(panel, limit, request.category and desk.category_of(request.category))
    picked = {"up": up, "down": down}.get(request.direction or "", pd.concat([up, down]))
    if picked.empty:
        raise Refusal("nothing-moved", way=request.direction or "either")
    period, span = period_of(panel), many(LATE[panel.freq], panel)
    rows = tuple(
        (
            str(uid),
            panel.static_of(str(uid)).get("description", ""),
            Units(row["before"]),
            Units(row["last"]),
            Change(row["change"] / row["before"] * 100),
        )
        for uid, row in picked.iterrows()
    )
    messages = tuple(
        message(
            "top-movers-most",
            product=label(panel, str(some.index[0])),
            way=way,
            before=Units(some["before"].iloc[0]),
            last=Units(some["last"].iloc[0]),
            period=period,
            span=span,
        )
        for way, some in (("up", up), ("down", down))
        if len(some) and some.index[0] in picked.index
    )
    title = message("top-movers-table", period=period, span=span)
    table = Table(title, columns("sku", "product", "before", "last", "change"), rows)
    return Answer(messages, table, products=tuple(str(uid) for uid in picked.index))


TOOL = Tool(TopMovers, run, about_one=False, lists="always", rank=20)
