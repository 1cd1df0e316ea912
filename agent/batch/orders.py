"""Orders of a whole catalogue: block by block from the data, forecasts and stock file to lines.

What the combined tools learned of a block is kept on the disk: a run that was stopped goes on after its last block.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from ...tools.data.panel import Panel
from ...tools.data.stock import Stock
from ...tools.decide.lines import OrderLine, by_urgency
from ...tools.decide.policy import Policy
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

    def salvage(self, unique_ids: Sequence[str]) -> tuple[Panel | None, dict[str, Message]]:
        """The panel of these series' good ones, and why each of the others is not usable."""


def order_lines(
    forecaster: Forecaster,
    source: Sold,
    stock: Stock,
    policy: Policy,
    *,
    progress: Progress | None = None,
    on_line: Callable[[], None] = lambda: None,
) -> tuple[list[OrderLine], list[Message]]:
    """The lines of all products in a stock file, the most urgent first, and what is said of those that have none.

    Args:
        forecaster: of the catalogue; no LLM is asked.
        source: the sales.
        stock: the stock file.
        policy: what is wanted.
        progress: called with the stage, how many series are done, and of how many.
        on_line: called after each product.
    """
    ids, abc = source.unique_ids(), abc_of(source.sold())
    lines: list[OrderLine] = []
    bad: dict[str, Message] = {}
    for start in range(0, len(ids), BLOCK):
        wanted = [uid for uid in ids[start : start + BLOCK] if uid in stock.rows]
        if not wanted:
            continue
        panel, broken = source.salvage(ids[start : start + BLOCK])
        bad |= {uid: why for uid, why in broken.items() if uid in stock.rows}
        if panel is not None:
            good = [uid for uid in wanted if uid not in broken]
            lines += lines_of(forecaster, panel, good, stock, policy, abc, progress, on_line)
    said = []
    if bad:
        listed, more = tuple(list(bad)[:LISTED]), max(len(bad) - LISTED, 0)
        said = [message("stock-unusable", count=Count(len(bad)), products=listed, more=more)]
    return by_urgency(lines), said
