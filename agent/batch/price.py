"""Prices of a whole catalogue: block by block from the data, elasticities and forecasts to lines."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ...tools.data.costs import panel_costs
from ...tools.data.panel import Panel
from ...tools.decide.price import Bounds, Goal
from ...tools.decide.price_lines import PriceLine, by_gain
from ...tools.forecast.elasticity import Assumed, price_model
from ...tools.messages import Count, Message, message
from ..forecast.base import BLOCK
from ..forecast.forecaster import Forecaster, Progress
from ..forecast.pricing import price_lines_of

LISTED = 5  # products that a finding names


class Priced(Protocol):
    """A data source whose products have prices."""

    def unique_ids(self) -> list[str]:
        """Every series."""

    def salvage(self, unique_ids: Sequence[str]) -> tuple[Panel | None, dict[str, Message]]:
        """The panel of these series' good ones, and why each of the others is not usable."""


@dataclass(frozen=True)
class Priceable:
    """The lines of a catalogue.

    Attributes:
        lines: the greatest expected gain first.
        goal: that was taken.
        assumed: the range of one elasticity, of the first block.
        said: what is told of products that have no line, and of what was assumed.
    """

    lines: list[PriceLine]
    goal: Goal
    assumed: Assumed
    said: list[Message]


def catalogue_prices(
    forecaster: Forecaster,
    source: Priced,
    bounds: Bounds,
    horizon: int,
    *,
    goal: Goal | None = None,
    costs: Mapping[str, float] | None = None,
    cost_column: str | None = None,
    progress: Progress | None = None,
    on_line: Callable[[], None] = lambda: None,
) -> Priceable:
    """The price lines of all products.

    Args:
        forecaster: of the catalogue; no LLM is asked.
        source: the sales.
        bounds: what a price may be.
        horizon: periods over which prices are to hold.
        goal: margin or revenue; margin where left out and any cost is known, else revenue.
        costs: by product; those of a column of the sales when left out.
        cost_column: its name.
        progress: called with the stage, how many series are done, and of how many.
        on_line: called after each product.

    Raises:
        InputError: the sales have no such column.
    """
    lines: list[PriceLine] = []
    bad: dict[str, Message] = {}
    said: list[Message] = []
    assumed = Assumed(*(float("nan"),) * 4)
    ids = source.unique_ids()
    for start in range(0, len(ids), BLOCK):
        panel, broken = source.salvage(ids[start : start + BLOCK])
        bad |= broken
        if panel is None:
            continue
        known = panel_costs(panel, cost_column) if costs is None else costs
        if goal is None:
            goal = "margin" if known else "revenue"
            said += [] if known else [message("price-assumed-revenue")]
        model = price_model(panel)
        assumed = model.assumed if assumed.late != assumed.late else assumed
        some = panel.unique_ids
        lines += price_lines_of(
            forecaster, panel, some, model, known, goal, bounds, horizon, progress=progress, on_line=on_line
        )
    if bad:
        listed, more = tuple(list(bad)[:LISTED]), max(len(bad) - LISTED, 0)
        said.append(message("price-unusable", count=Count(len(bad)), products=listed, more=more))
    return Priceable(by_gain(lines), goal or "revenue", assumed, said)
