"""similar_items: products like one product."""

from ..forecast.cold_start import analogues
from ..insight.answer import Answer, Table, columns, label
from ..messages import Score, message
from .fields import Limit, Product
from .kit import Arguments, Desk, Tool


class SimilarItems(Arguments):
    """Products like one product."""

    product: Product | None = None
    limit: Limit | None = None


def run(desk: Desk, request: SimilarItems) -> Answer:
    """Products most like one, by text, category and price."""
    panel, uid = desk.panel, desk.one(request.product)
    found = analogues(panel, uid, 5 if request.limit is None else request.limit)
    like = message(
        "similar-items-most",
        product=label(panel, uid),
        item=label(panel, found[0].unique_id),
        score=Score(found[0].similarity),
    )
    rows = tuple(
        (one.unique_id, panel.static_of(one.unique_id).get("description", ""), Score(one.similarity), one.why)
        for one in found
    )
    title = message("similar-items-table", product=label(panel, uid))
    table = Table(title, columns("sku", "product", "likeness", "why"), rows)
    return Answer((like,), table, products=(uid, *(one.unique_id for one in found)))


TOOL = Tool(SimilarItems, run, lists="alike")
