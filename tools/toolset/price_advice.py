"""price_advice: what price to set for a product, by its elasticity, with an interval and the chance of doing worse."""

from ..data.costs import unit_cost
from ..decide.price import Bounds, Goal
from ..decide.price_lines import price_behind, price_line
from ..decide.price_telling import assumption_messages, line_messages
from ..forecast.lost_sales import tells_parts
from ..insight.answer import Answer, many
from ..messages import message
from .fields import Product, SurelyAhead
from .kit import Arguments, Desk, Tool


class PriceAdvice(Arguments):
    """What price to set for a product so that it earns most, with an interval, or why that cannot be said."""

    product: Product | None = None
    horizon: SurelyAhead | None = None


def run(desk: Desk, request: PriceAdvice) -> Answer:
    """The price within a tenth of today's with the greatest expected margin, or revenue where no cost is known."""
    uid = desk.one(request.product)
    horizon = desk.periods(request.horizon)
    model, bounds, cost = desk.price_model(), Bounds(), unit_cost(desk.panel, desk.stock, uid)
    goal: Goal = "revenue" if cost is None else "margin"
    behind = price_behind(desk.panel, uid, horizon, planned=not desk.quick)
    paths, found = desk.demand_paths(uid, horizon), model.elasticities[uid]
    line = price_line(desk.panel, uid, paths, found, cost=cost, goal=goal, bounds=bounds, behind=behind)
    told = line_messages(line, goal, many(horizon, desk.panel), bounds.step)
    rest = [*([message("price-no-cost")] if cost is None else []), message("price-proposal")]
    assumed = assumption_messages(model.assumed, desk.panel.freq, recovered=tells_parts(desk.panel))
    return Answer((*told, *rest, *assumed), products=(uid,), told=(*told, *rest))


TOOL = Tool(PriceAdvice, run, ruled=True, rank=12)
