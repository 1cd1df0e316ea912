"""Favorita: transactions of Ecuadorian grocery stores, as fev-bench has them, by day, week or month."""

import numpy as np
import pandas as pd

from ....tools.data.panel import Panel
from .source import read, to_panel

NOT_IN_FEV_BENCH = (15, 37, 48)
DAY_OFF, ADDITIONAL, BRIDGE, MADE_UP = 1.0, 2.0, 3.0, 4.0
KINDS = {"Holiday": DAY_OFF, "Transfer": DAY_OFF, "Additional": ADDITIONAL, "Bridge": BRIDGE, "Work Day": MADE_UP}
PLACES = {"National": None, "Regional": "state", "Local": "city"}  # the column of a store that a holiday names


def favorita_daily() -> Panel:
    """51 stores, transactions a day 2013-01-01 to 2017-08-15; a day without a row is 0, also before a store opened.

    fev-bench has 51 of the 54 stores and does not say which. Of all 24,804 choices of three to leave out, these alone
    (15, 37, 48), with zeros, give its published figures to seven digits, by day, by week and by month, for the naive
    forecast and the seasonal one: `NOT_IN_FEV_BENCH`.

    Known ahead is `holiday`, of the country, the store's state or its city: 1 a day off, 2 a day added to one, 3 a
    bridge, 4 a working day that makes up for it, else 0. A holiday that was moved is none on its old day. Events are
    left out, as one of them is an earthquake; what fev-bench's own column holds is not published. Past only is
    `oil_price` (US dollars a barrel), the last quotation.
    """
    daily, stores = _transactions(), _stores()
    holidays = _holidays(stores, pd.DatetimeIndex(daily.index))
    past = _long(daily, "y").merge(_long(holidays, "holiday"), on=["ds", "unique_id"]).merge(_oil(), on="ds")
    return to_panel(past, "D", known=["holiday"], past_only=["oil_price"], static=stores)


def favorita_weekly() -> Panel:
    """The same by week (to Sunday), sums; the first and the last week, both partial, dropped: 240 weeks."""
    return _summed("W-SUN")


def favorita_monthly() -> Panel:
    """The same by month, sums; the first and the last, a partial one, dropped as in fev-bench: 54 months."""
    return _summed("MS")


def _summed(offset: str) -> Panel:
    totals = _transactions().resample(offset).sum().iloc[1:-1]
    oil = _oil().set_index("ds").resample(offset).mean().reset_index()
    past = _long(totals, "y").merge(oil, on="ds")
    return to_panel(past, offset, past_only=["oil_price"], static=_stores())


def _transactions() -> pd.DataFrame:
    """One column a store, by name, one row a day."""
    rows = read("favorita/transactions.parquet")
    rows = rows[~rows["store_nbr"].isin(NOT_IN_FEV_BENCH)]
    table = rows.pivot(index="date", columns="store_nbr", values="transactions").asfreq("D").fillna(0.0)
    return table.rename(columns=str).astype(float)


def _oil() -> pd.DataFrame:
    """`ds, oil_price`, the last quotation as of each day."""
    quoted = read("favorita/oil.parquet").set_index("date")[["oil_price"]].astype(float)
    return quoted.rename_axis("ds").asfreq("D").ffill().reset_index().astype({"ds": "datetime64[ns]"})


def _stores() -> pd.DataFrame:
    stores = read("favorita/stores.parquet")
    stores = stores[~stores["store_nbr"].isin(NOT_IN_FEV_BENCH)]
    static = {name: stores[name].astype(str).to_numpy() for name in ("city", "state", "type", "cluster")}
    return pd.DataFrame(static, index=stores["store_nbr"].astype(str).to_numpy())


def _holidays(stores: pd.DataFrame, days: pd.DatetimeIndex) -> pd.DataFrame:
    """The code of each store's day, `[days, stores]`. Where several apply, a day off counts before the others."""
    rows = read("favorita/holidays_events.parquet")
    rows = rows[rows["type"].isin(KINDS) & ~rows["transferred"] & rows["date"].isin(days)]
    rows = rows.assign(code=rows["type"].map(KINDS)).sort_values("code", ascending=False)
    codes = np.zeros((len(days), len(stores)))
    for day, locale, name, code in zip(rows["date"], rows["locale"], rows["locale_name"], rows["code"], strict=True):
        place = PLACES[locale]
        there = np.full(len(stores), True) if place is None else (stores[place] == name).to_numpy()
        codes[days.get_loc(day), there] = code
    return pd.DataFrame(codes, index=days, columns=stores.index)


def _long(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """A table with one column a store as rows `ds, unique_id` and the value."""
    rows = table.rename_axis(index="ds", columns="unique_id").reset_index().melt(id_vars="ds", value_name=name)
    return rows.astype({"ds": "datetime64[ns]"})
