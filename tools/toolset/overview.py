"""overview: how all products, or a category, are doing, and what to look at first."""

from ..data.groups import ALL
from ..data.panel import Panel
from ..insight.answer import Answer, Table, columns, group_name, label, many, moved, period_of
from ..insight.catalogue import group_named
from ..insight.overview import MOVED, Finding, overview
from ..messages import Count, Exact, Fact, Message, Percent, Units, message
from .fields import Category, LastPeriods
from .kit import Arguments, Desk, Tool

SHOWN = 10


class Overview(Arguments):
    """How all products, or a category, are doing, and what to look at first."""

    category: Category | None = None
    periods: LastPeriods | None = None


def run(desk: Desk, request: Overview) -> Answer:
    """The last periods against those before, what rose and fell most, what stopped, what was odd."""
    panel = desk.panel
    category = desk.category_of(request.category) if request.category else None
    category = None if category == ALL else category
    found = overview(panel, category, request.periods)
    what = group_name(group_named(panel, category)) if category else message("all-products")
    span, period = many(found.span.periods, panel), period_of(panel)
    facts: dict[str, Fact] = {"what": what, "count": Count(found.products), "level": Units(found.last)}
    facts |= {"period": period, "span": span}
    messages = [Message("overview-level", facts | moved(found.last, found.before or 0.0))]
    if found.year_ago is not None:
        messages.append(Message("overview-year", moved(found.last, found.year_ago)))
    messages += [
        message(f"overview-{way}", product=label(panel, one.unique_id), before=Units(one.before), last=Units(one.last))
        for way, one in (("riser", found.riser), ("faller", found.faller))
        if one is not None
    ]
    counts = {name: Count(count) for name, count in found.counts.items()}
    messages.append(Message("overview-counts", {**counts, "percent": Exact(MOVED), "period": period}))
    if found.revenue is not None:
        now, then = found.revenue
        messages.append(Message("overview-revenue", {"level": Units(now), "period": period, **moved(now, then)}))
    if found.promoted is not None:
        now, then = found.promoted
        messages.append(message("overview-promoted", share=Percent(now), before=Percent(then), span=span))
    rows = tuple(_row(panel, one) for one in found.findings[:SHOWN])
    table = Table(message("overview-table", period=period), columns("sku", "product", "why", "before", "last"), rows)
    ids = tuple(one.unique_id for one in found.findings[:SHOWN])
    return Answer(tuple(messages), table if rows else None, products=ids)


def _row(panel: Panel, one: Finding) -> tuple[Fact, ...]:
    name = panel.static_of(one.unique_id).get("description", "")
    why = message("overview-odd", date=one.ds) if one.ds is not None else message(f"overview-is-{one.what}")
    return (one.unique_id, name, why, Units(one.before), Units(one.last))


TOOL = Tool(Overview, run, about_one=False, rank=15)
