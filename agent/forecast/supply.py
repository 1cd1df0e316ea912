"""Order lines of a panel's products: base forecasts as sample paths, put together with stock and policy."""

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from ...tools.data.panel import Panel
from ...tools.data.stock import StockRow
from ...tools.decide.lines import OrderLine, order_line
from ...tools.decide.scenarios import Scenario
from .ahead import base_paths, idle_ones
from .forecaster import Forecaster, Progress


def lines_of(
    forecaster: Forecaster,
    panel: Panel,
    rows: Mapping[str, StockRow],
    scenarios: Sequence[Scenario],
    horizon: int,
    abc: Mapping[str, str],
    *,
    cutoff: pd.Timestamp | None = None,
    progress: Progress | None = None,
    on_line: Callable[[], None] = lambda: None,
) -> list[list[OrderLine]]:
    """The lines of some products of a panel, in their order, under each scenario, on the same paths.

    Args:
        forecaster: of the panel.
        panel: what is known.
        rows: what the stock file says of the products.
        scenarios: what is wanted, and how late deliveries are.
        horizon: periods ahead, of `horizon_of`; the same for all products of a catalogue, for it decides their paths.
        abc: the class of each product.
        cutoff: the last period of the catalogue that the panel is a block of; the panel's own when left out.
        progress: called with the stage, how many series are done, and of how many.
        on_line: called after each product.
    """
    end = panel.cutoff if cutoff is None else cutoff
    steps = list(pd.date_range(end, periods=horizon + 1, freq=panel.offset)[1:])
    quiet = idle_ones(panel, end)
    made: list[list[OrderLine]] = [[] for _ in scenarios]
    for uid, paths in base_paths(forecaster, panel, list(rows), horizon, progress, end):
        for scenario, lines in zip(scenarios, made, strict=True):
            lines.append(
                order_line(
                    rows[uid],
                    paths,
                    steps,
                    panel.freq,
                    scenario.policy,
                    abc=abc.get(uid, ""),
                    name=panel.static_of(uid).get("description", ""),
                    idle=uid in quiet,
                    late=scenario.late,
                )
            )
        on_line()
    return made
