"""calendar: public holidays of the periods ahead."""

from ..insight.answer import Answer, Table, columns, many
from ..insight.catalogue import holidays_ahead
from ..messages import message
from .fields import Horizon
from .kit import Arguments, Desk, Tool


class Calendar(Arguments):
    """Holidays and planned events ahead."""

    horizon: Horizon | None = None


def run(desk: Desk, request: Calendar) -> Answer:
    """Public holidays of the periods ahead."""
    horizon = desk.periods(request.horizon)
    span, country, cutoff = many(horizon, desk.panel), desk.country, desk.panel.cutoff
    ahead = holidays_ahead(desk.panel, horizon, country)
    if not ahead:
        return Answer((message("calendar-none", country=country, span=span, cutoff=cutoff),))
    days = tuple(message("calendar-holiday", holiday=name, date=day) for day, name in ahead)
    rows = tuple((day, message(f"weekday-{day.weekday()}"), name) for day, name in ahead)
    text = message("calendar-ahead", country=country, span=span, cutoff=cutoff, holidays=days)
    return Answer((text,), Table(message("calendar-table"), columns("date", "day", "holiday"), rows))


TOOL = Tool(Calendar, run, about_one=False)
