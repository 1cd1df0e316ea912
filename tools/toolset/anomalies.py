"""anomalies: periods that sold far more or less than usual."""

from ..data.panel import Panel
from ..insight.answer import Answer, Table, column, label, named, period_of, when
from ..insight.causes import deals
from ..insight.product import Odd, odd_periods
from ..messages import Count, Message, Percent, Units, message
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
            when=when(panel, one.ds),
            usual=Units(one.usual),
        )
        for one in found[:MOST_SENTENCES]
    )
    rows = tuple((one.unique_id, named(panel, one.ds), Units(one.y), Units(one.usual)) for one in found)
    names = (column("sku"), period, column("units"), column("usual"))
    table = Table(message("anomalies-table", period=period), names, rows)
    told = (messages[0], *_cause(panel, found[0]))
    messages = (*told, *messages[1:])
    if len(rows) > 1:
        told = (*told, message("anomalies-more", count=len(rows) - 1))
        messages = (*messages, told[-1])
    return Answer(messages, table, products=(found[0].unique_id,), told=told)


def _cause(panel: Panel, odd: Odd) -> list[Message]:
    """That it was promoted then, where it sold more than usual; one message or none."""
    past = panel.past_of(odd.unique_id)
    found = deals(past[past["ds"] == odd.ds]) if odd.y > odd.usual else None
    if found is None or not found.count:
        return []
    if found.percent is None:
        return [message("anomalies-promoted")]
    return [message("anomalies-reduced", percent=Percent(found.percent))]


TOOL = Tool(Anomalies, run, about_one=False, lists="always")
