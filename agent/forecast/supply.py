"""Order lines of a panel's products: base forecasts as sample paths, put together with stock and policy."""

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from ...tools.data.panel import Panel
from ...tools.data.stock import Stock
from ...tools.decide.lines import OrderLine, horizon_of, order_line
from ...tools.decide.policy import Policy
from .ahead import base_paths, idle_ones
from .forecaster import Forecaster, Progress


def lines_of(
    forecaster: Forecaster,
    panel: Panel,
    ids: Sequence[str],
    stock: Stock,
    policy: Policy,
    abc: Mapping[str, str],
    progress: Progress | None = None,
    on_line: Callable[[], None] = lambda: None,
) -> list[OrderLine]:
    """The lines of some products of a panel, in their order.

    Args:
        forecaster: of the panel.
        panel: what is known.
        ids: the products, all in the stock file.
        stock: the stock file.
        policy: what is wanted.
        abc: the class of each product.
        progress: called with the stage, how many series are done, and of how many.
        on_line: called after each product.
    """
    horizon = horizon_of(stock.rows.values(), policy, panel.freq)
    steps = list(pd.date_range(panel.cutoff, periods=horizon + 1, freq=panel.offset)[1:])
    quiet, made = idle_ones(panel), []
    for uid, paths in base_paths(forecaster, panel, ids, horizon, progress):
        made.append(
            order_line(
                stock.rows[uid],
                paths,
                steps,
                panel.freq,
                policy,
                abc=abc.get(uid, ""),
                name=panel.static_of(uid).get("description", ""),
                idle=uid in quiet,
            )
        )
        on_line()
    return made
