"""seasonality: when a product sells most and least, and where it is heading."""

from ..data.panel import Panel
from ..insight.answer import LATE, Answer, Table, columns, label, many, moved, period_of
from ..insight.causes import against_mean
from ..insight.product import Season, season
from ..messages import Fact, Message, Share, Units, message
from .fields import Product
from .kit import Arguments, Desk, Tool


class Seasonality(Arguments):
    """A product's season and trend: when it sells most and least."""

    product: Product | None = None


def run(desk: Desk, request: Seasonality) -> Answer:
    """The trend of the last year, the best and the worst weekday or month."""
    panel, uid = desk.panel, desk.one(request.product)
    found = season(panel, uid)
    top, low = max(found.shape, key=found.shape.__getitem__), min(found.shape, key=found.shape.__getitem__)
    best: dict[str, Fact] = {"product": label(panel, uid)}
    best |= {"best": _named(panel, top), "high": against_mean(found.shape[top])}
    best |= {"worst": _named(panel, low), "low": against_mean(found.shape[low])}
    messages = [
        Message("seasonality-weekdays" if panel.freq == "D" else "seasonality-months", best),
        _trend(panel, found),
    ]
    if not found.long_enough:
        messages.append(message("seasonality-short"))
    rows = tuple((_named(panel, place), Share(value * 100)) for place, value in found.shape.items())
    kind = "weekday" if panel.freq == "D" else "month"
    table = Table(message("seasonality-table", product=label(panel, uid)), columns(kind, "of-the-mean"), rows)
    return Answer(tuple(messages), table, tuple(found.shape.values()), (uid,))


def _trend(panel: Panel, found: Season) -> Message:
    """Where it is heading; that it turned of late, where it did, as no line through a year tells that."""
    facts: dict[str, Fact] = {"span": many(found.periods, panel), "way": found.way, "period": period_of(panel)}
    if found.turned:
        late = moved(found.now, found.then)
        facts |= {name: value for name, value in late.items() if name != "way"}
        facts |= {"turn": late["way"], "now": Units(found.now), "then": Units(found.then)}
        return Message("seasonality-turned", facts | {"late": many(LATE[panel.freq], panel)})
    if found.way != "flat":
        facts |= {"units": Units(abs(found.trend))}
    return Message("seasonality-trend", facts)


def _named(panel: Panel, place: int) -> Message:
    """Weekday 0 is Monday; month 1 is January."""
    return message(f"weekday-{place}" if panel.freq == "D" else f"month-{place}")


TOOL = Tool(Seasonality, run)
