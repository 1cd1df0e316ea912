"""chance: how likely it is that a product, or a category, sells more or fewer than so many units."""

from ..decide.chance import chance
from ..insight.answer import Answer, label, many
from ..messages import Exact, Fact, Message, Percent, Refusal, Units, message
from ..quantiles import LEVELS, level_name
from .fields import Category, Horizon, Product, Side, Threshold
from .kit import Arguments, Desk, Tool


class Chance(Arguments):
    """How likely it is that sales exceed, or stay below, so many units."""

    product: Product | None = None
    category: Category | None = None
    units: Threshold | None = None
    side: Side | None = None
    horizon: Horizon | None = None


def run(desk: Desk, request: Chance) -> Answer:
    """The chance by the forecast's own total over the horizon."""
    if request.units is None:
        raise Refusal("chance-of-what")
    horizon, side = desk.periods(request.horizon), request.side or "above"
    what: Fact
    products: tuple[str, ...] = ()
    first: tuple[Message, ...] = ()
    if request.category is not None and request.product is None:
        made, told = desk.forecast_group(request.category, horizon)
        what, first = message("chance-they"), (told,)
    else:
        uid = desk.one(request.product)
        made = desk.forecast(desk.panel, uid, horizon)
        what, products = label(desk.panel, uid), (uid,)
    quantiles = [made.total.quantiles[level_name(level)] for level in LEVELS]
    found = chance(quantiles, request.units, side)
    facts: dict[str, Fact] = {"what": what, "side": message(f"side-{side.replace(' ', '-')}")}
    facts |= {"units": Exact(request.units), "span": many(horizon, desk.panel), "bound": found.bound or "about"}
    facts["percent"] = Percent(found.percent)
    around = message("chance-around", mean=Units(made.total.mean), low=Units(quantiles[0]), high=Units(quantiles[-1]))
    return Answer((*first, Message("chance-is", facts), around), products=products)


TOOL = Tool(Chance, run, rank=12)
