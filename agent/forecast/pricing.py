"""Price lines of a panel's products: base forecasts as sample paths, put together with elasticities and bounds."""

from collections.abc import Callable, Mapping, Sequence

from ...tools.data.panel import Panel
from ...tools.decide.price import Bounds, Goal
from ...tools.decide.price_lines import PriceLine, price_behind, price_line
from ...tools.forecast.elasticity import PriceModel
from .ahead import base_paths, idle_ones
from .forecaster import Forecaster, Progress


def price_lines_of(
    forecaster: Forecaster,
    panel: Panel,
    ids: Sequence[str],
    model: PriceModel,
    costs: Mapping[str, float],
    goal: Goal,
    bounds: Bounds,
    horizon: int,
    progress: Progress | None = None,
    on_line: Callable[[], None] = lambda: None,
) -> list[PriceLine]:
    """The lines of some products of a panel, in their order; what no longer sells is left out.

    Args:
        forecaster: of the panel; no LLM is asked.
        panel: what is known.
        ids: the products.
        model: their elasticities.
        costs: of a unit, by product, where known.
        goal: margin or revenue.
        bounds: what a price may be.
        horizon: periods over which it is to hold.
        progress: called with the stage, how many series are done, and of how many.
        on_line: called after each product.
    """
    quiet, made = idle_ones(panel), []
    for uid, paths in base_paths(forecaster, panel, ids, horizon, progress):
        if uid not in quiet:
            behind = price_behind(panel, uid, horizon, planned=forecaster.tools is not None)
            found, cost, seed = model.elasticities[uid], costs.get(uid), forecaster.seed
            made.append(
                price_line(panel, uid, paths, found, cost=cost, goal=goal, bounds=bounds, behind=behind, seed=seed)
            )
        on_line()
    return made
