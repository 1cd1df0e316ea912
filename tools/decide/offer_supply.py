"""What recommendations take from demand and supply: the trend of sales, price, cost, stock and what must go."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..data.costs import panel_costs
from ..data.panel import Panel
from ..data.stock import DAYS, Stock
from .baskets import Baskets, Floats
from .rerank import Supply

RECENT, EARLIER, YEAR = 28, 84, 364  # days
FEW = 5.0  # units: ratios of few are drawn to 1
COVER = 182  # days of sales in stock from which it must go


def supply_of(products: Sequence[str], trend: Floats, panel: Panel | None = None, stock: Stock | None = None) -> Supply:
    """What is known of each product.

    The trend is that of the sales: units of the last 28 days over those of the same days a year (52 weeks) before,
    where they are known of any product, else over the rate of the 84 days before; without sales, that of the baskets.

    Args:
        products: ids, by code.
        trend: of the baskets, `[P]`, for products without sales.
        panel: sales, cut where nothing later is known.
        stock: what is on hand, and costs and prices where the sales have none.
    """
    none = np.full(len(products), np.nan)
    price, cost, on_hand, clear = none.copy(), none.copy(), none.copy(), np.zeros(len(products))
    spans = "before"
    sold: dict[str, float] = {}
    place = {uid: code for code, uid in enumerate(products)}
    if panel is not None:
        ratio, spans, sold = trends(panel)
        trend = np.array([ratio.get(uid, now) for uid, now in zip(products, trend, strict=True)])
        _put(price, place, _last_prices(panel))
        _put(cost, place, panel_costs(panel))
    if stock is not None:
        rows = stock.rows.values()
        _put(on_hand, place, {row.unique_id: row.on_hand for row in rows})
        _put(cost, place, {row.unique_id: row.unit_cost for row in rows if row.unit_cost is not None}, over=False)
        _put(price, place, {row.unique_id: row.price for row in rows if row.price is not None}, over=False)
        over = {row.unique_id: 1.0 for row in rows if row.on_hand > sold.get(row.unique_id, np.inf) * COVER / RECENT}
        _put(clear, place, over)
    return Supply(trend, on_hand, price, cost, clear, spans)


def trends(panel: Panel) -> tuple[dict[str, float], str, dict[str, float]]:
    """Units of the last 28 days against earlier ones by product; which these are; and units of the last 28 days."""
    count = max(1, round(RECENT / DAYS[panel.freq]))
    past = panel.past[["unique_id", "ds", "y"]]
    dates = pd.date_range(end=panel.cutoff, periods=count + 1, freq=panel.offset)
    now = past[past["ds"] > dates[0]].groupby("unique_id")["y"].sum()
    year = pd.Timedelta(days=YEAR)
    then = past[(past["ds"] > dates[0] - year) & (past["ds"] <= panel.cutoff - year)].groupby("unique_id")["y"].sum()
    spans = "last-year" if (then > 0).any() else "before"
    if spans == "before":
        long = max(1, round(EARLIER / DAYS[panel.freq]))
        first = pd.date_range(end=dates[0], periods=long + 1, freq=panel.offset)[0]
        earlier = past[(past["ds"] > first) & (past["ds"] <= dates[0])].groupby("unique_id")["y"]
        then = earlier.mean() * count
    both = pd.DataFrame({"now": now, "then": then}).dropna()
    ratio = (both["now"] + FEW) / (both["then"] + FEW)
    return (
        {str(uid): float(value) for uid, value in ratio.items()},
        spans,
        {str(uid): float(value) for uid, value in now.items()},
    )


def sellers(baskets: Baskets) -> dict[str, float]:
    """Money paid by product, or baskets where none is known."""
    weight = np.where(np.isfinite(baskets.value) & (baskets.value > 0), baskets.value, 0.0)
    total = np.bincount(baskets.product, weights=weight if weight.any() else None, minlength=len(baskets.products))
    return dict(zip(baskets.products, total.astype(float).tolist(), strict=True))


def _last_prices(panel: Panel) -> dict[str, float]:
    if "price" not in panel.past.columns:
        return {}
    last = panel.past.dropna(subset=["price"]).groupby("unique_id", sort=False)["price"].last()
    return {str(uid): float(value) for uid, value in last.items() if value > 0}


def _put(column: Floats, place: dict[str, int], values: dict[str, float], *, over: bool = True) -> None:
    for uid, value in values.items():
        if uid in place and (over or np.isnan(column[place[uid]])):
            column[place[uid]] = value
