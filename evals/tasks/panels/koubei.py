"""Koubei: daily payments of Chinese shops."""

import pandas as pd

from ....tools.data.panel import Panel
from .source import read, to_panel


def koubei_daily() -> Panel:
    """Daily payments of 2,000 shops from each one's first to 2016-10-31; a day without any is 0; views past-only."""
    pays, views, shops = (read(f"koubei/{name}.parquet") for name in ("pay_daily", "view_daily", "shop_info"))
    last = pays["date"].max()
    begins = pays.groupby("shop_id")["date"].min()
    index = pd.MultiIndex.from_tuples(
        [(shop, day) for shop, begin in begins.items() for day in pd.date_range(begin, last)],
        names=["shop_id", "date"],
    )
    full = pd.DataFrame(
        {
            "y": pays.set_index(["shop_id", "date"])["pay_count"].reindex(index).fillna(0.0).astype(float),
            "views": views.set_index(["shop_id", "date"])["view_count"].reindex(index).astype(float),
        }
    ).reset_index()
    seen = full["date"] >= views["date"].min()  # before that no view was recorded; after, no row is no view
    past = pd.DataFrame(
        {
            "unique_id": full["shop_id"].astype(str),
            "ds": full["date"].astype("datetime64[ns]"),
            "y": full["y"],
            "views": full["views"].where(~seen, full["views"].fillna(0.0)),
        }
    )
    static = pd.DataFrame(
        {
            "category": shops["cate_2_name"].fillna(shops["cate_1_name"]).to_numpy(),
            "type": shops["cate_3_name"].to_numpy(),
            "city": shops["city_name"].to_numpy(),
            "per_pay": shops["per_pay"].to_numpy(),
            "score": shops["score"].to_numpy(),
            "comments": shops["comment_cnt"].to_numpy(),
            "shop_level": shops["shop_level"].to_numpy(),
        },
        index=shops["shop_id"].astype(str),
    )
    return to_panel(past, "D", past_only=["views"], static=static)
