"""Stock that the data knows, and how far ahead its end is looked for."""

import numpy as np
import pandas as pd
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.toolset.stock_plan import look_ahead, stock_of


def panel(**columns: object) -> Panel:
    ds = pd.date_range("2024-01-07", periods=20, freq="W-SUN")
    frame = pd.DataFrame({"unique_id": "A", "ds": ds, "y": 10.0, **columns})
    return read_panel(frame, schema=PanelSchema(past_only=list(columns)))


def test_the_last_stock_that_is_known() -> None:
    known = panel(stock=[*range(19), np.nan])
    assert stock_of(known, "A") == (18.0, pd.Timestamp("2024-05-12"))
    assert stock_of(panel(), "A") is None and stock_of(panel(stock=[np.nan] * 20), "A") is None


def test_looks_twice_as_far_as_it_lasts_within_bounds() -> None:
    """At 10 a week 75 last for 7.5 weeks."""
    assert [look_ahead(panel(), "A", stock) for stock in (75.0, 5.0, 5000.0)] == [15, 4, 26]
