"""FreshRetailNet: daily sales of fresh food in Chinese stores, with the hours that each product was out of stock."""

import pandas as pd

from ....tools.data.panel import Panel
from .source import read, to_panel

SELLING_HOURS = 16  # 6 to 22 o'clock, over which the hours out of stock are counted


def freshretailnet_daily() -> Panel:
    """6,170 store-products, daily sales (normalised units) 2024-03-28 to 2024-06-25, every day of each.

    Known ahead: `discount`, the share 0..1 off the price (the file has the share paid, above 1 where the price was
    raised, and 0 where it is missing: NaN here); `activity`, 1 in a campaign; `holiday`, 1 on weekends too.

    Past only: `in_stock`, the share 0..1 of the 16 selling hours with stock. It is 0 on a day out of stock throughout,
    which with no sale is a stock-out (`STOCK_BY` of `tools/data/cube.py`); a day that lost some hours keeps its sales,
    which may be less than the demand. And the weather, which nobody knew ahead: `precipitation`, `temperature` (°C),
    `humidity` (%), `wind`.
    """
    rows = read("freshretailnet/daily.parquet")
    context = read("freshretailnet/store_day_context.parquet").drop(columns="city_id")
    rows = rows.merge(context, on=["store_id", "dt"], how="left", validate="many_to_one")
    paid = rows["discount"].astype(float)
    past = pd.DataFrame(
        {
            "unique_id": rows["store_id"].astype(str) + "-" + rows["product_id"].astype(str),
            "ds": pd.to_datetime(rows["dt"]).astype("datetime64[ns]"),
            "y": rows["sale"].astype(float),
            "discount": 1 - paid.where(paid > 0),
            "activity": rows["activity"].astype(float),
            "holiday": rows["holiday"].astype(float),
            "in_stock": 1 - rows["stockout_hours_6_21"].astype(float) / SELLING_HOURS,
            "precipitation": rows["precpt"].astype(float),
            "temperature": rows["avg_temperature"].astype(float),
            "humidity": rows["avg_humidity"].astype(float),
            "wind": rows["avg_wind"].astype(float),
        }
    )
    one = rows.assign(unique_id=past["unique_id"]).drop_duplicates("unique_id").set_index("unique_id")
    product = read("freshretailnet/products.parquet").set_index("product_id").reindex(one["product_id"])
    labels = {
        "category": product["first_category_id"],
        "subcategory": product["second_category_id"],
        "type": product["third_category_id"],
        "department": product["management_group_id"],
        "product": one["product_id"],
        "store": one["store_id"],
        "city": one["city_id"],
    }
    static = pd.DataFrame({name: _labels(name, codes) for name, codes in labels.items()}, index=one.index)
    known = ["discount", "activity", "holiday"]
    past_only = ["in_stock", "precipitation", "temperature", "humidity", "wind"]
    return to_panel(past, "D", known=known, past_only=past_only, static=static)


def _labels(name: str, codes: pd.Series) -> list[str]:
    """Codes as labels, `category 5`, so that nothing takes them for quantities."""
    return [f"{name} {code}" for code in codes]
