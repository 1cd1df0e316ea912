"""Rossmann: daily sales of German drug stores, as fev-bench has them."""

import pandas as pd

from ....tools.data.panel import Panel
from .source import read, to_panel


def rossmann_daily() -> Panel:
    """1,115 drug stores, daily sales (currency) 2013-01-01 to 2015-07-31; closed days 0; the 180 stores' gap NaN."""
    rows = read("rossmann/train_full_panel_reconstructed.parquet")
    days = pd.date_range(rows["date"].min(), rows["date"].max())
    index = pd.MultiIndex.from_product([sorted(rows["store"].unique()), days], names=["store", "date"])
    rows = rows.assign(state_holiday=rows["stateholiday"].map({"0": 0.0, "a": 1.0, "b": 2.0, "c": 3.0}))
    full = rows.set_index(["store", "date"]).reindex(index).reset_index()
    past = pd.DataFrame(
        {
            "unique_id": full["store"].astype(str),
            "ds": full["date"].astype("datetime64[ns]"),
            "y": full["sales"].astype(float),
            "promo": full["promo"].astype(float),
            "open": full["open"].astype(float),
            "state_holiday": full["state_holiday"].astype(float),
            "school_holiday": full["schoolholiday"].astype(float),
            "day_of_week": full["date"].dt.dayofweek + 1.0,
            "customers": full["customers"].astype(float),
        }
    )
    known = ["promo", "open", "state_holiday", "school_holiday", "day_of_week"]
    return to_panel(past, "D", known=known, past_only=["customers"], static=_stores())


def rossmann_weekly() -> Panel:
    """The same by week (to Sunday), sums; gap weeks are 0; the first and the last week, both partial, dropped."""
    daily = rossmann_daily().past
    daily = daily.assign(state_holiday=(daily["state_holiday"] > 0).astype(float)).drop(columns="day_of_week")
    week = daily["ds"] + pd.to_timedelta(6 - daily["ds"].dt.dayofweek, unit="D")
    past = daily.drop(columns="ds").groupby([daily["unique_id"], week.rename("ds")]).sum(numeric_only=True)
    past = past.reset_index()
    past = past[(past["ds"] > past["ds"].min()) & (past["ds"] < past["ds"].max())]
    known = ["promo", "open", "state_holiday", "school_holiday"]
    return to_panel(past, "W-SUN", known=known, past_only=["customers"], static=_stores())


def _stores() -> pd.DataFrame:
    stores = read("rossmann/store.parquet")
    return pd.DataFrame(
        {
            "store_type": stores["StoreType"].to_numpy(),
            "assortment": stores["Assortment"].to_numpy(),
            "competition_distance": stores["CompetitionDistance"].to_numpy(),
            "promo2": stores["Promo2"].to_numpy(),
        },
        index=stores["Store"].astype(str),
    )
