"""forecast: how many units a product, or a whole category, will sell."""

from ..insight.answer import Answer
from .fields import Category, Horizon, Product
from .kit import Arguments, Desk, Tool


class Forecast(Arguments):
    """How many units a product, or a whole category, will sell."""

    product: Product | None = None
    category: Category | None = None
    horizon: Horizon | None = None


def run(desk: Desk, request: Forecast) -> Answer:
    """The combined forecast of one product, or of a category's sum."""
    horizon = desk.periods(request.horizon)
    if request.category is not None and request.product is None:
        whole, uid, what = desk.together(request.category)
        return Answer((what, *(one for _, one in desk.forecast(whole, uid, horizon).reasons)))
    uid = desk.one(request.product)
    desk.category = desk.panel.static_of(uid).get("category")
    return Answer(tuple(one for _, one in desk.forecast(desk.panel, uid, horizon).reasons), products=(uid,))


TOOL = Tool(Forecast, run, shows="forecast", rank=0)
