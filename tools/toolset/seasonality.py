"""seasonality: when a product sells most and least, and where it is heading."""

from ..data.panel import Panel
from ..insight.answer import Answer, Table, columns, label, many, period_of
from ..insight.product import season
from ..messages import Message, Percent, Share, Units, message
from .fields import Product
from .kit import Arguments, Desk, Tool


class Seasonality(Arguments):
    """A product's season and trend: when it sells most and least."""

    product: Product | None = None


def run(desk: Desk, request: Seasonality) -> Answer:
    """The trend of the last year, the best and the worst weekday or month."""
    panel, uid = desk.panel, desk.one(request.product)
    found = season(panel, uid)
    facts = {"product": label(panel, uid), "span": many(found.periods, panel), "way": found.way}
    if found.way != "flat":
        facts |= {"units": Units(abs(found.trend)), "period": period_of(panel)}
    top, low = max(found.shape, key=found.shape.__getitem__), min(found.shape, key=found.shape.__getitem__)
    messages = [
        Message("seasonality-trend", facts),
        message(
            "seasonality-weekdays" if panel.freq == "D" else "seasonality-months",
            best=_named(panel, top),
            high=Percent(abs(found.shape[top] - 1) * 100),
            worst=_named(panel, low),
            low=Percent(abs(found.shape[low] - 1) * 100),
        ),
    ]
    if not found.long_enough:
        messages.append(message("seasonality-short"))
    rows = tuple((_named(panel, place), Share(value * 100)) for place, value in found.shape.items())
    kind = "weekday" if panel.freq == "D" else "month"
    table = Table(message("seasonality-table", product=label(panel, uid)), columns(kind, "of-the-mean"), rows)
    return Answer(tuple(messages), table, tuple(found.shape.values()), (uid,))


def _named(panel: Panel, place: int) -> Message:
    """Weekday 0 is Monday; month 1 is January."""
    return message(f"weekday-{place}" if panel.freq == "D" else f"month-{place}")


TOOL = Tool(Seasonality, run)
