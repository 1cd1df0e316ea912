"""anomalies: periods that sold far more or less than usual."""

from ..insight.answer import Answer, Table, column, label, period_of
from ..insight.product import odd_periods
from ..messages import Count, Units, message
from .fields import Limit, Product
from .kit import Arguments, Desk, Tool

MOST_SENTENCES = 5


class Anomalies(Arguments):
    """Periods that sold far more or less than usual."""

    product: Product | None = None
    limit: Limit | None = None


def run(desk: Desk, request: Anomalies) -> Answer:
    """The oddest periods of a product, or of all where none was spoken of."""
    panel, period = desk.panel, period_of(desk.panel)
    every = request.product is None and desk.product is None
    ids = panel.unique_ids if every else [desk.one(request.product)]
    found = odd_periods(panel, ids, 5 if request.limit is None else request.limit)
    if not found:
        if len(ids) == 1:
            none = message("anomalies-none", period=period, product=label(panel, ids[0]))
        else:
            none = message("anomalies-none-of", period=period, count=Count(len(ids)))
        return Answer((none,), products=tuple(ids[:1]))
    messages = tuple(
        message(
            "anomalies-odd",
            product=label(panel, one.unique_id),
            units=Units(one.y),
            period=period,
            date=one.ds,
            usual=Units(one.usual),
        )
        for one in found[:MOST_SENTENCES]
    )
    rows = tuple((one.unique_id, one.ds, Units(one.y), Units(one.usual)) for one in found)
    names = (column("sku"), period, column("units"), column("usual"))
    table = Table(message("anomalies-table", period=period), names, rows)
    return Answer(messages, table, products=(found[0].unique_id,))


TOOL = Tool(Anomalies, run, about_one=False, lists="always")
