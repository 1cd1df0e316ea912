"""VN2 Inventory Planning Challenge: weekly sales of store-products, with a flag of what was in stock."""

import pandas as pd

from ....tools.data.panel import Panel
from .source import read, to_panel

LAST_KNOWN = "2024-04-08"  # the competition began after it; the eight weeks that follow are its own


def vn2_weekly() -> Panel:
    """599 store-products, weekly units 2021-04-12 to 2024-04-08; weeks are labelled as the file does, by a Monday.

    The competition's own eight weeks are left out: no model is trained or tested on them, and their stock flag was not
    known. `in_stock` (0 or 1) is past only; a week at 0 has no sale, and is a stock-out.
    """
    rows = read("vn2/weekly_sales.parquet")
    rows = rows[rows["week"] <= LAST_KNOWN]
    past = pd.DataFrame(
        {
            "unique_id": rows["Store"].astype(str) + "-" + rows["Product"].astype(str),
            "ds": rows["week"].astype("datetime64[ns]"),
            "y": rows["units"].astype(float),
            "in_stock": rows["in_stock"].astype(float),
        }
    )
    master = read("vn2/master.parquet")
    labels = {
        "category": "ProductGroup",
        "department": "Department",
        "department_group": "DepartmentGroup",
        "division": "Division",
        "product": "Product",
        "store": "Store",
        "store_format": "StoreFormat",
        "format": "Format",
    }
    static = pd.DataFrame(
        {name: [f"{name} {code}" for code in master[column]] for name, column in labels.items()},
        index=master["Store"].astype(str) + "-" + master["Product"].astype(str),
    )
    return to_panel(past, "W-MON", past_only=["in_stock"], static=static)
