"""compare: products side by side, or one product's last periods against those before."""

import pandas as pd

from ..insight.answer import LATE, Answer, Table, column, label, many, moved, period_of
from ..insight.causes import deals_message
from ..insight.product import last_and_before, year_ago
from ..messages import Fact, Message, Units, message
from .fields import CountedPeriods, Products
from .kit import Arguments, Desk, Tool


class Compare(Arguments):
    """One product's last periods against those before and a year ago; or several products side by side."""

    products: Products | None = None
    periods: CountedPeriods | None = None


def run(desk: Desk, request: Compare) -> Answer:
    """Each product over its last periods, against as many before."""
    panel = desk.panel
    ids = [desk.one(words) for words in request.products] if request.products else [desk.one(None)]
    count = request.periods or LATE[panel.freq]
    period, span = period_of(panel), many(count, panel)
    messages, rows, level = [], [], {}
    for uid in ids:
        now, then = last_and_before(panel, uid, count)
        level[uid] = now
        facts: dict[str, Fact] = {"product": label(panel, uid), "now": Units(now), "period": period, "span": span}
        facts |= {"way": "no-past"} if then != then else {**moved(now, then), "then": Units(then)}
        messages.append(Message("compare-product", facts))
        if (ago := year_ago(panel, uid, count)) == ago:
            messages.append(
                Message("compare-year", {"span": span, "then": Units(ago), "period": period, **moved(now, ago)})
            )
        elif len(ids) == 1:
            messages.append(message("compare-no-year", span=span, first=panel.past_of(uid)["ds"].iloc[0]))
        if len(ids) == 1:
            ends = panel.cutoff_of(uid)
            first = pd.date_range(end=ends, periods=count, freq=panel.offset)[0]
            messages += deals_message(panel, uid, first, ends)
        rows.append((uid, panel.static_of(uid).get("description", ""), Units(then), Units(now)))
    if len(ids) > 1:
        best = max(ids, key=level.__getitem__)
        most: dict[str, Fact] = {
            "product": label(panel, best),
            "now": Units(level[best]),
            "period": period,
            "span": span,
        }
        messages.insert(0, Message("compare-best", most))
    names = (column("sku"), column("product"), column("span-before", span=span), column("last"))
    return Answer(
        tuple(messages), Table(message("table-units", period=period), names, tuple(rows)), products=tuple(ids)
    )


TOOL = Tool(Compare, run)
