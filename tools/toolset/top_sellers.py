"""top_sellers: what sells most of late."""

from ..insight.answer import LATE, Answer, Table, columns, label, many, period_of
from ..insight.catalogue import sellers
from ..messages import Message, Units, message
from .fields import Category, Limit
from .kit import Arguments, Desk, Tool


class TopSellers(Arguments):
    """What sells most of late."""

    limit: Limit | None = None
    category: Category | None = None


def run(desk: Desk, request: TopSellers) -> Answer:
    """Mean units of the last periods, most first."""
    panel = desk.panel
    category = request.category and desk.category_of(request.category)
    ranked = sellers(panel, 10 if request.limit is None else request.limit, category)
    period, span, best = period_of(panel), many(LATE[panel.freq], panel), str(ranked.index[0])
    facts = {"product": label(panel, best), "level": Units(ranked.iloc[0]), "period": period, "span": span}
    text = Message("top-sellers-in", facts | {"category": category}) if category else Message("top-sellers-best", facts)
    rows = tuple((str(uid), panel.static_of(str(uid)).get("description", ""), Units(v)) for uid, v in ranked.items())
    table = Table(message("top-sellers-table", period=period, span=span), columns("sku", "product", "units"), rows)
    return Answer((text,), table, products=tuple(str(uid) for uid in ranked.index))


TOOL = Tool(TopSellers, run, about_one=False, lists="always", rank=20)
