"""Orders of a whole catalogue: block by block from the data, forecasts and stock file to lines.

What the combined tools learned of a block is kept on the disk: a run that was stopped goes on after its last block.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ...tools.data.panel import Panel
from ...tools.data.stock import Stock
from ...tools.decide.lines import OrderLine
from ...tools.decide.scenarios import Scenario
from ...tools.forecast.abc_xyz import abc_of
from ...tools.messages import Count, Message, message
from ..forecast.base import BLOCK
from ..forecast.forecaster import Forecaster, Progress
from ..forecast.supply import lines_of

if TYPE_CHECKING:
    import pandas as pd

LISTED = 5  # products that a finding names


class Sold(Protocol):
    """A data source whose products have a stock."""

    def unique_ids(self) -> list[str]:
        """Every series."""

    def sold(self) -> "pd.Series[float]":
        """Units of every series."""

    def last_period(self) -> "pd.Timestamp":
        """The last period of which a y is known, over all series."""

    def salvage(self, unique_ids: Sequence[str]) -> tuple[Panel | None, dict[str, Message]]:
        """The panel of these series' good ones, and why each of the others is not usable."""


@dataclass(frozen=True)
class Orders:
    """The lines of a catalogue.

    Attributes:
        lines: of each scenario, the most urgent first.
        unusable: why products that have a stock have no line.
    """

    lines: list[list[OrderLine]]
    unusable: Mapping[str, Message]

    @property
    def said(self) -> list[Message]:
        """What is said of the products that have none."""
        if not self.unusable:
            return []
        listed, more = tuple(list(self.unusable)[:LISTED]), max(len(self.unusable) - LISTED, 0)
        return [message("stock-unusable", count=Count(len(self.unusable)), products=listed, more=more)]


def order_lines(
    forecaster: Forecaster,
    source: Sold,
    stock: Stock,
    scenarios: Sequence[Scenario],
    *,
    progress: Progress | None = None,
    on_line: Callable[[], None] = lambda: None,
) -> Orders:
    """The lines of all products in a stock file under each scenario.

    Args:
        forecaster: of the catalogue; no LLM is asked.
        source: the sales.
        stock: the stock file.
        scenarios: what is wanted; all are told from the same paths of demand.
        progress: called with the stage, how many series are done, and of how many.
        on_line: called after each product.
    """
    ids, abc, cutoff = source.unique_ids(), abc_of(source.sold()), source.last_period()
    lines: list[list[OrderLine]] = [[] for _ in scenarios]
    bad: dict[str, Message] = {}
    for start in range(0, len(ids), BLOCK):
        wanted = [uid for uid in ids[start : start + BLOCK] if uid in stock.rows]
        if not wanted:
            continue
        panel, broken = source.salvage(ids[start : start + BLOCK])
        bad |= {uid: why for uid, why in broken.items() if uid in stock.rows}
        if panel is None:
            continue
        horizon = max(scenario.horizon(stock.rows.values(), panel.freq) for scenario in scenarios)
        rows = {uid: stock.rows[uid] for uid in wanted if uid not in broken}
        made = lines_of(
            forecaster, panel, rows, scenarios, horizon, abc, cutoff=cutoff, progress=progress, on_line=on_line
        )
        lines = [[*before, *more] for before, more in zip(lines, made, strict=True)]
    return Orders([one.settled(some) for one, some in zip(scenarios, lines, strict=True)], bad)
