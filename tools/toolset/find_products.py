"""find_products: products by words, brand or category."""

from ..insight.answer import Answer, Table, columns, label
from ..insight.catalogue import CHOICES, matches
from ..messages import Quoted, Refusal, message
from .fields import Limit, Words
from .kit import Arguments, Desk, Tool


class FindProducts(Arguments):
    """Products by words, brand or category."""

    words: Words
    limit: Limit | None = None


def run(desk: Desk, request: FindProducts) -> Answer:
    """Products that bear the words."""
    panel = desk.panel
    found = matches(panel, request.words)
    if not found:
        raise Refusal("find-products-none", words=Quoted(request.words))
    shown = found[: 15 if request.limit is None else request.limit]
    some = tuple(label(panel, uid) for uid in shown[:CHOICES])
    rows = tuple((uid, "; ".join(list(panel.static_of(uid).values())[:3])) for uid in shown)
    table = Table(
        message("find-products-table", count=len(found), words=Quoted(request.words)), columns("sku", "product"), rows
    )
    text = message("find-products-found", count=len(found), words=Quoted(request.words), products=some)
    return Answer((text,), table, products=tuple(shown))


TOOL = Tool(FindProducts, run, about_one=False, lists="always")
