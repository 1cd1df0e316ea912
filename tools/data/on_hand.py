"""Units on hand that the sales data itself knows: a column of stock at the end of each period."""

import pandas as pd

from .panel import Panel
from .stock import Stock, StockRow

COLUMNS = ("stock", "on_hand", "stock_on_hand", "inventory")  # that hold units in stock at the end of a period


def stock_of(panel: Panel, unique_id: str) -> tuple[float, pd.Timestamp] | None:
    """The last stock of a product that the data knows, in units, and of when; None where it knows none."""
    past = panel.past_of(unique_id)
    name = next((one for one in COLUMNS if one in past), None)
    known = past.dropna(subset=[name]) if name else past.iloc[:0]
    return None if name is None or known.empty else (float(known[name].iloc[-1]), pd.Timestamp(known["ds"].iloc[-1]))


def panel_stock(panel: Panel) -> Stock | None:
    """What the data knows of every product's stock, with nothing on order; None where it knows of none."""
    found = {uid: stock_of(panel, uid) for uid in panel.unique_ids}
    rows = {uid: StockRow(uid, max(known[0], 0.0)) for uid, known in found.items() if known is not None}
    return Stock("panel", rows) if rows else None
