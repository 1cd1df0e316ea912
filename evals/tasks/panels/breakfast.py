"""Breakfast at the Frat: weekly units of breakfast and snack products in 77 American grocery stores."""

import numpy as np
import pandas as pd

from ....tools.data.panel import Panel
from .source import periods, read, to_panel

FIRST_TEST = "2011-04-13"  # the first week that a task is tested on: 39 weeks to the end
LISTED_WEEKS = 13  # sold at least once in so many weeks before it: still on the shelf
SEEN_WEEKS = 52  # a past of at least so many weeks before it


def breakfast_weekly() -> Panel:
    """Store by product, weekly units to 2012-01-04, weeks labelled by their last day, a Wednesday.

    Which of the 3,909 store-products are in is decided by what was known before the first test week: first sold 52
    weeks or more before it, and in the last 13 weeks. A product that is delisted later stays, with the zeros after it.

    The files have no row for a week without a sale: units and visits are then 0, the regular price is the last known
    one, and the price is that, as nothing tells of a promotion.

    Known ahead, as the plan of the store: `price` and `regular_price` (currency a unit), `discount` (share 0..1 off the
    regular price), `feature` and `display` (0 or 1). Past only: `visits`, the baskets with the product.
    """
    rows = read("breakfast_at_the_frat/weekly.parquet")
    rows = rows.assign(unique_id=rows["store_id"].astype(str) + "-" + rows["upc_id"].astype(str))
    rows = rows.rename(columns={"week_end_date": "ds"}).astype({"ds": "datetime64[ns]"})
    rows = rows[rows["unique_id"].isin(_listed(rows))]
    begins = rows.groupby("unique_id")["ds"].min()
    full = rows.set_index(["unique_id", "ds"]).reindex(periods(begins, rows["ds"].max(), "W-WED"))
    full = full.reset_index()
    paid = full["price"].astype(float).where(full["price"] > 0)
    regular = full["base_price"].astype(float).where(full["base_price"] > 0)
    regular = pd.Series(np.fmax(regular, paid), index=full.index)  # some weeks sold above the base price
    regular = regular.groupby(full["unique_id"]).ffill()
    price = paid.fillna(regular)
    past = pd.DataFrame(
        {
            "unique_id": full["unique_id"],
            "ds": full["ds"],
            "y": full["units"].fillna(0.0).astype(float),
            "price": price,
            "regular_price": regular,
            "discount": 1 - price / regular,
            "feature": full["feature"].eq(True).astype(float),
            "display": full["display"].eq(True).astype(float),
            "visits": full["visits"].fillna(0.0).astype(float),
        }
    )
    known = ["price", "regular_price", "discount", "feature", "display"]
    return to_panel(past, "W-WED", known=known, past_only=["visits"], static=_static(begins.index))


def _listed(rows: pd.DataFrame) -> pd.Index:
    """The store-products that were sold long before the first test week, and shortly before it."""
    first = pd.Timestamp(FIRST_TEST)
    before = rows[(rows["ds"] < first) & (rows["units"] > 0)].groupby("unique_id")["ds"].agg(["min", "max"])
    seen = before["min"] <= first - pd.Timedelta(weeks=SEEN_WEEKS)
    return before.index[seen & (before["max"] >= first - pd.Timedelta(weeks=LISTED_WEEKS))]


def _static(ids: pd.Index) -> pd.DataFrame:
    parts = pd.DataFrame([uid.split("-") for uid in ids], columns=["store_id", "upc_id"], index=ids)
    products = read("breakfast_at_the_frat/products.parquet").astype({"upc_id": str}).set_index("upc_id")
    stores = read("breakfast_at_the_frat/stores.parquet").astype({"store_id": str}).set_index("store_id")
    product, store = products.reindex(parts["upc_id"]), stores.reindex(parts["store_id"])
    text = {
        "description": product["description"],
        "category": product["category"],
        "type": product["sub_category"],
        "brand": product["manufacturer"],
        "size": product["product_size"],
        "store": store["store_name"],
        "city": store["address_city_name"],
        "state": store["address_state_prov_code"],
        "store_segment": store["seg_value_name"],
    }
    static = pd.DataFrame({name: column.str.lower().to_numpy() for name, column in text.items()}, index=ids)
    return static.assign(store_size=store["sales_area_size_num"].to_numpy(dtype=float))
