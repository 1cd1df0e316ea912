"""sales_history: what a product, or a whole category, has sold."""

from dataclasses import replace

import pandas as pd

from ..data.panel import Panel
from ..insight.answer import Answer, Table, column, label, many, mean, moved, named, period_of
from ..insight.causes import deals_message
from ..insight.product import history
from ..messages import Fact, Message, Span, Units, message
from .fields import Category, During, Periods, Product
from .kit import Arguments, Desk, Tool


class SalesHistory(Arguments):
    """What a product, or a whole category, has sold."""

    product: Product | None = None
    category: Category | None = None
    periods: Periods | None = None
    during: During | None = None


def run(desk: Desk, request: SalesHistory) -> Answer:
    """What one product, or a category's products together, sold."""
    if request.category is not None and request.product is None:
        whole, uid, what = desk.together(request.category)
        answer = _answer(whole, uid, request)
        return replace(answer, messages=(answer.messages[0], what, *answer.messages[1:]), products=())
    return _answer(desk.panel, desk.one(request.product), request)


def _answer(panel: Panel, uid: str, request: SalesHistory) -> Answer:
    """Against as many periods before, and a year ago."""
    found = history(panel, uid, request.periods, request.during)
    last, sold = found.sold, found.sold.dropna()
    product, span, period = label(panel, uid), many(len(last), panel), period_of(panel)
    facts: dict[str, Fact] = {"product": product, "total": Units(sold.sum()), "span": span}
    facts |= {"level": Units(mean(sold)), "period": period}
    if request.during is None:
        messages = [Message("sales-history-last", facts)]
    else:
        when = Span(named(panel, last.index[0]).first, named(panel, last.index[-1]).last)
        messages = [Message("sales-history-during", facts | {"when": when})]
    messages.append(
        message(
            "sales-history-best",
            period=period,
            best=named(panel, pd.Timestamp(str(sold.idxmax()))),
            high=Units(sold.max()),
            worst=named(panel, pd.Timestamp(str(sold.idxmin()))),
            low=Units(sold.min()),
        )
    )
    for key, level in (("sales-history-before", found.before), ("sales-history-year", found.year_ago)):
        if level is not None:
            than = moved(mean(last), level)
            messages.append(Message(key, than | {"span": span, "level": Units(level), "period": period}))
    messages += deals_message(panel, uid, last.index[0], last.index[-1])
    rows = tuple(
        (named(panel, at), message("not-known") if v != v else Units(v))
        for at, v in zip(pd.DatetimeIndex(last.index), last, strict=True)
    )
    table = Table(message("table-product-units", product=product, period=period), (period, column("units")), rows)
    return Answer(tuple(messages), table, tuple(None if v != v else float(v) for v in last), (uid,))


TOOL = Tool(SalesHistory, run, rank=20)
