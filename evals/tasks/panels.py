"""The benchmark panels: real retail data rebuilt in full, truth included, before any window is cut."""

import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from ...tools.data.demo import load_complete_journey
from ...tools.data.panel import Panel
from ...tools.data.schema import PanelSchema
from ...tools.errors import InputError

ROSSMANN_STATIC = ["store_type", "assortment", "competition_distance", "promo2"]
RETAIL2_WEEKS = ("2009-12-13", "2011-12-04")  # the first and last full week, labelled by their Sunday
ACTIVE_WEEKS = 50


def rossmann_daily() -> Panel:
    """1,115 drug stores, daily sales (currency) 2013-01-01 to 2015-07-31; closed days 0; the 180 stores' gap NaN."""
    rows = _read("rossmann/train_full_panel_reconstructed.parquet")
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
    return _panel(past, "D", known=known, past_only=["customers"], static=_stores())


def rossmann_weekly() -> Panel:
    """The same by week (to Sunday), sums; gap weeks are 0; the first and the last week, both partial, dropped."""
    daily = rossmann_daily().past
    daily = daily.assign(state_holiday=(daily["state_holiday"] > 0).astype(float)).drop(columns="day_of_week")
    week = daily["ds"] + pd.to_timedelta(6 - daily["ds"].dt.dayofweek, unit="D")
    past = daily.drop(columns="ds").groupby([daily["unique_id"], week.rename("ds")]).sum(numeric_only=True)
    past = past.reset_index()
    past = past[(past["ds"] > past["ds"].min()) & (past["ds"] < past["ds"].max())]
    known = ["promo", "open", "state_holiday", "school_holiday"]
    return _panel(past, "W-SUN", known=known, past_only=["customers"], static=_stores())


def complete_journey_weekly() -> Panel:
    """500 grocery products by week of 2017, with the plan of prices, promotions and coupons."""
    return load_complete_journey("W")


def complete_journey_daily() -> Panel:
    """500 grocery products by day of 2017, with the plan of prices, promotions and coupons."""
    return load_complete_journey("D")


def retail2_weekly() -> Panel:
    """Online Retail II by week: units net of cancellations (never below 0) of the SKUs with 50 or more active weeks.

    Postage, samples, vouchers and adjustments are no SKUs (their codes do not open with five digits). Lines of
    2010-12-01 to 09 stand in both sheets; one copy is dropped. A week without a line is 0 from a SKU's first sale on.
    An active week has a line sold at a price. On the raw lines 1,716 codes have 50 of them; without the codes that are
    no SKUs 1,712; with `85123a` and `85123A` as one SKU 1,713; in full weeks, as here, 1,677.
    """
    lines = _read("online_retail_ii/transactions.parquet")
    both = (lines["sheet"] == "2010-2011") & (lines["invoice_date"] < "2010-12-10")
    lines = lines[~both]
    lines = lines.assign(sku=lines["stock_code"].astype(str).str.upper())
    lines = lines[lines["sku"].str.match(r"\d{5}")]
    lines = lines.assign(
        ds=lines["invoice_date"].dt.normalize() + pd.to_timedelta(6 - lines["invoice_date"].dt.dayofweek, unit="D"),
        description=lines["description"].astype(str).str.strip(),
        customer=lines["customer_id"].astype("Float64"),
    )
    first, last = (pd.Timestamp(day) for day in RETAIL2_WEEKS)
    lines = lines[(lines["ds"] >= first) & (lines["ds"] <= last)]
    sold = lines[(lines["quantity"] > 0) & (lines["price"] > 0)]
    units = lines[lines["price"] > 0].groupby(["sku", "ds"], observed=True)["quantity"].sum().clip(lower=0)
    active = sold.groupby("sku")["ds"].nunique()
    skus = active.index[active >= ACTIVE_WEEKS]
    weekly = sold.groupby(["sku", "ds"], observed=True).agg(
        price=("price", "median"), customers=("customer", "nunique")
    )
    frame = pd.DataFrame({"y": units}).join(weekly, how="left").reset_index()
    frame = frame[frame["sku"].isin(skus)]
    begins = frame[frame["y"] > 0].groupby("sku")["ds"].min()
    weeks = pd.date_range(first, last, freq="W-SUN")
    index = pd.MultiIndex.from_tuples(
        [(sku, week) for sku, begin in begins.items() for week in weeks[weeks >= begin]], names=["sku", "ds"]
    )
    full = frame.set_index(["sku", "ds"]).reindex(index).reset_index()
    past = pd.DataFrame(
        {
            "unique_id": full["sku"],
            "ds": full["ds"].astype("datetime64[ns]"),
            "y": full["y"].fillna(0.0).astype(float),
            "price": full.groupby("sku")["price"].ffill().astype(float),
            "customers": full["customers"].fillna(0.0).astype(float),
        }
    )
    text = sold[sold["sku"].isin(skus)].groupby("sku")["description"].agg(lambda names: names.mode().iloc[0].lower())
    static = pd.DataFrame({"description": text})
    return _panel(past, "W-SUN", past_only=["price", "customers"], static=static)


def koubei_daily() -> Panel:
    """Daily payments of 2,000 shops from each one's first to 2016-10-31; a day without any is 0; views past-only."""
    pays, views, shops = (_read(f"koubei/{name}.parquet") for name in ("pay_daily", "view_daily", "shop_info"))
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
    return _panel(past, "D", past_only=["views"], static=static)


PANELS: dict[str, Callable[[], Panel]] = {
    "rossmann_daily": rossmann_daily,
    "rossmann_weekly": rossmann_weekly,
    "complete_journey_weekly": complete_journey_weekly,
    "complete_journey_daily": complete_journey_daily,
    "retail2_weekly": retail2_weekly,
    "koubei_daily": koubei_daily,
}


def data_folder() -> Path:
    """The folder of the benchmark data, from `SKUCAST_DATA`.

    Raises:
        InputError: it is not set, or not a folder.
    """
    named = os.environ.get("SKUCAST_DATA")
    if not named:
        raise InputError("this task needs the benchmark data: set SKUCAST_DATA to its folder (docs/DATA.md lists it)")
    folder = Path(named)
    if not folder.is_dir():
        raise InputError(f"SKUCAST_DATA {named!r}: no such folder; it should hold rossmann, online_retail_ii, koubei")
    return folder


def _read(name: str) -> pd.DataFrame:
    path = data_folder() / name
    if not path.exists():
        raise InputError(f"SKUCAST_DATA holds no {name}; it should hold rossmann, online_retail_ii, koubei")
    return pd.read_parquet(path)


def _stores() -> pd.DataFrame:
    stores = _read("rossmann/store.parquet")
    return pd.DataFrame(
        {
            "store_type": stores["StoreType"].to_numpy(),
            "assortment": stores["Assortment"].to_numpy(),
            "competition_distance": stores["CompetitionDistance"].to_numpy(),
            "promo2": stores["Promo2"].to_numpy(),
        },
        index=stores["Store"].astype(str),
    )


def _panel(
    past: pd.DataFrame,
    offset: str,
    *,
    static: pd.DataFrame,
    known: list[str] | None = None,
    past_only: list[str] | None = None,
) -> Panel:
    known, past_only = known or [], past_only or []
    past = past.sort_values(["unique_id", "ds"], kind="stable").reset_index(drop=True)
    past = past[["unique_id", "ds", "y", *known, *past_only]].astype({"unique_id": str})
    ids = past["unique_id"].unique()
    return Panel(
        past=past,
        future=past.loc[[], ["unique_id", "ds", *known]],
        static=static.rename_axis("unique_id").reindex(ids),
        schema=PanelSchema(missing="keep", known_future=known, past_only=past_only, static=list(static.columns)),
        offset=offset,
    )
