"""Online Retail II: units of a British gift retailer's SKUs, by week or by month."""

import pandas as pd

from ....tools.data.panel import Panel
from .source import periods, read, to_panel

RETAIL2_WEEKS = ("2009-12-13", "2011-12-04")  # the first and last full week, labelled by their Sunday
RETAIL2_MONTHS = ("2009-12-01", "2011-11-01")  # the first and last full month, labelled by their first day
ACTIVE_WEEKS = 50


def retail2_weekly() -> Panel:
    """Online Retail II by week: units net of cancellations (never below 0) of the SKUs with 50 or more active weeks.

    Postage, samples, vouchers and adjustments are no SKUs (their codes do not open with five digits). Lines of
    2010-12-01 to 09 stand in both sheets; one copy is dropped. A week without a line is 0 from a SKU's first sale on.
    An active week has a line sold at a price. On the raw lines 1,716 codes have 50 of them; without the codes that are
    no SKUs 1,712; with `85123a` and `85123A` as one SKU 1,713; in full weeks, as here, 1,677.
    """
    lines = _lines()
    return _by_period(lines, lines["week"], RETAIL2_WEEKS, "W-SUN", _regular(lines))


def retail2_monthly() -> Panel:
    """The same SKUs by calendar month, 24 full months; a cancellation counts in the month that it was booked in."""
    lines = _lines()
    month = lines["invoice_date"].dt.to_period("M").dt.start_time
    return _by_period(lines, month, RETAIL2_MONTHS, "MS", _regular(lines))


def _lines() -> pd.DataFrame:
    """Invoice lines of SKUs, each once, with the Sunday of their week."""
    lines = read("online_retail_ii/transactions.parquet")
    both = (lines["sheet"] == "2010-2011") & (lines["invoice_date"] < "2010-12-10")
    lines = lines[~both]
    lines = lines.assign(sku=lines["stock_code"].astype(str).str.upper())
    lines = lines[lines["sku"].str.match(r"\d{5}")]
    return lines.assign(
        week=lines["invoice_date"].dt.normalize() + pd.to_timedelta(6 - lines["invoice_date"].dt.dayofweek, unit="D"),
        description=lines["description"].astype(str).str.strip(),
        customer=lines["customer_id"].astype("Float64"),
    )


def _regular(lines: pd.DataFrame) -> pd.Index:
    """The SKUs with 50 or more active full weeks."""
    first, last = (pd.Timestamp(day) for day in RETAIL2_WEEKS)
    sold = lines[(lines["quantity"] > 0) & (lines["price"] > 0) & (lines["week"] >= first) & (lines["week"] <= last)]
    active = sold.groupby("sku")["week"].nunique()
    return active.index[active >= ACTIVE_WEEKS]


def _by_period(lines: pd.DataFrame, of: pd.Series, span: tuple[str, str], offset: str, skus: pd.Index) -> Panel:
    """Lines summed by the period `of` each one, from the first to the last of the span."""
    first, last = (pd.Timestamp(day) for day in span)
    lines = lines.assign(ds=of)
    lines = lines[(lines["ds"] >= first) & (lines["ds"] <= last)]
    sold = lines[(lines["quantity"] > 0) & (lines["price"] > 0)]
    units = lines[lines["price"] > 0].groupby(["sku", "ds"], observed=True)["quantity"].sum().clip(lower=0)
    of_period = sold.groupby(["sku", "ds"], observed=True).agg(
        price=("price", "median"), customers=("customer", "nunique")
    )
    frame = pd.DataFrame({"y": units}).join(of_period, how="left").reset_index()
    frame = frame[frame["sku"].isin(skus)]
    begins = frame[frame["y"] > 0].groupby("sku")["ds"].min()
    index = periods(begins, last, offset)
    full = frame.set_index(["sku", "ds"]).rename_axis(index.names).reindex(index).reset_index()
    past = pd.DataFrame(
        {
            "unique_id": full["unique_id"],
            "ds": full["ds"].astype("datetime64[ns]"),
            "y": full["y"].fillna(0.0).astype(float),
            "price": full.groupby("unique_id")["price"].ffill().astype(float),
            "customers": full["customers"].fillna(0.0).astype(float),
        }
    )
    text = sold[sold["sku"].isin(skus)].groupby("sku")["description"].agg(lambda names: names.mode().iloc[0].lower())
    static = pd.DataFrame({"description": text})
    return to_panel(past, offset, past_only=["price", "customers"], static=static)
