"""A shop of four products in two categories and two stores, weekly up to Sunday 2017-12-10; 20 units of each a week."""

import pandas as pd
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.text.notes import Note

GOODS = {"1001": ("yogurt", "12"), "1002": ("yogurt", "7"), "2001": ("cheese", "12"), "3001": ("frozen pizza", "7")}


def shop(
    freq: str = "W-SUN", periods: int = 60, sold: dict[tuple[str, str], float] | None = None, **more: float
) -> Panel:
    """The panel.

    Args:
        freq: its offset.
        periods: known ones.
        sold: other units of a product in the period of a date.
        more: known-future columns, each with its value of all periods.
    """
    end = "2017-12-10" if freq != "MS" else "2017-12-01"
    parts = []
    for uid, (category, store) in GOODS.items():
        frame = pd.DataFrame({"unique_id": uid, "ds": pd.date_range(end=end, periods=periods, freq=freq), "y": 20.0})
        parts.append(frame.assign(category=category, store=store, description=f"{category} of shelf {uid}", **more))
    rows = pd.concat(parts)
    for (uid, day), units in (sold or {}).items():
        rows.loc[(rows["unique_id"] == uid) & (rows["ds"] == pd.Timestamp(day)), "y"] = units
    schema = PanelSchema(known_future=list(more), static=["description", "category", "store"])
    return read_panel(rows, schema=schema)


def note(text: str, ds: str = "2017-12-08", **more: str) -> Note:
    """A note of the shop."""
    return Note(ds=pd.Timestamp(ds), text=text, **{"source": "buyer", **more})
