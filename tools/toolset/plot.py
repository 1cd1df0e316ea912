"""plot: a chart of a product's sales and forecast."""

from ..insight.answer import Answer
from .fields import Horizon, Product
from .kit import Arguments, Desk, Tool


class Plot(Arguments):
    """A chart of a product's sales and forecast."""

    product: Product | None = None
    horizon: Horizon | None = None


def run(desk: Desk, request: Plot) -> Answer:
    """The last sales and the forecast, for a chart in the terminal."""
    uid = desk.one(request.product)
    report = desk.forecast(desk.panel, uid, desk.periods(request.horizon))
    line = (*report.recent, *(step.quantiles["q0.5"] for step in report.steps))
    return Answer((report.reasons[0][1],), line=line, products=(uid,))


TOOL = Tool(Plot, run, shows="forecast")
