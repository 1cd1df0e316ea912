"""top_sellers: which products, or groups of them, sell most: in units, revenue or margin."""

from ..data.groups import ALL, Group, column_named
from ..data.panel import Panel
from ..insight.answer import Answer, Table, column, columns, group_name, label, many, period_of
from ..insight.catalogue import group_named
from ..insight.ranking import Measure, Span, priced, sellers, span_of
from ..messages import Fact, Message, Percent, Units, message
from .fields import Category, During, LastPeriods, Limit, Measured, RankedBy
from .kit import Arguments, Desk, Tool


class TopSellers(Arguments):
    """What sells most, of late or in a span of the past: products, or the groups of a column."""

    by: RankedBy | None = None
    measure: Measured | None = None
    periods: LastPeriods | None = None
    during: During | None = None
    limit: Limit | None = None
    category: Category | None = None


def run(desk: Desk, request: TopSellers) -> Answer:
    """The mean a period of units, revenue or margin, most first."""
    panel, measure = desk.panel, request.measure or "units"
    span = span_of(panel, request.periods, request.during)
    by = column_named(panel, request.by) if request.by else None
    category = within(desk, request.category, by)
    limit = 10 if request.limit is None else request.limit
    ranked = sellers(panel, limit, category, span=span, measure=measure, by=by)
    period, when, best = period_of(panel), when_of(panel, span), str(ranked.index[0])
    facts: dict[str, Fact] = {"product": named(panel, best, by), "period": period, "when": when}
    facts["amount"] = message(f"amount-{measure}", level=Units(ranked.iloc[0]))
    text = Message("top-sellers-in", facts | {"category": category}) if category else Message("top-sellers-best", facts)
    rows = tuple((*row_of(panel, str(one), by), Units(value)) for one, value in ranked.items())
    title = message("top-sellers-table", what=message(f"measure-{measure}"), period=period, when=when)
    table = Table(title, (*columns_of(by), column(measure)), rows)
    messages = (text, *unpriced(panel, span, measure))
    return Answer(messages, table, products=() if by else tuple(str(uid) for uid in ranked.index))


def within(desk: Desk, category: str | None, by: str | None) -> str | None:
    """The group that is ranked within; none where it is itself one of those that are ranked."""
    words = desk.category_of(category) if category else None
    if words in (None, ALL) or (by and words and group_named(desk.panel, words).column == by):
        return None
    return words


def when_of(panel: Panel, span: Span) -> Message:
    """A span of the past in words: the last 8 weeks, or from one date to another."""
    if span.named:
        return message("when-named", span=many(span.periods, panel), first=span.first, last=span.last)
    return message("when-last", span=many(span.periods, panel))


def named(panel: Panel, one: str, by: str | None) -> Fact:
    """What is ranked, as people are shown it."""
    return group_name(Group(by, one)) if by else label(panel, one)


def columns_of(by: str | None) -> tuple[Message, ...]:
    """The columns that say what a row of a ranking is about."""
    return (message("column-of-data", name=by),) if by else columns("sku", "product")


def row_of(panel: Panel, one: str, by: str | None) -> tuple[Fact, ...]:
    """What a row of a ranking is about."""
    return (one or group_name(Group(by, one)),) if by else (one, panel.static_of(one).get("description", ""))


def unpriced(panel: Panel, span: Span, measure: Measure) -> tuple[Message, ...]:
    """That some units have no known price or cost, where they are a hundredth or more."""
    share = 100 * (1 - priced(panel, span, measure))
    return (
        (message("ranking-unpriced", share=Percent(share), what=message(f"measure-{measure}")),) if share >= 1 else ()
    )


TOOL = Tool(TopSellers, run, about_one=False, lists="always", rank=20)
