"""Prices and promotions of a product: week by week, and the last promotion with how deep it cut."""

from dataclasses import dataclass

import pandas as pd

from ..data.freq import YEAR
from ..data.panel import Panel
from .product import PROMOTED, is_on
from .ranking import Span


@dataclass(frozen=True)
class Priced:
    """What a product cost in a period, how it was promoted, and what it sold.

    Attributes:
        ds: the period.
        price: in the data's currency; NaN where it is not known.
        promotions: kinds that were on.
        off: per cent off its usual price; None where it was not promoted or that is not known.
        y: units; NaN where they are not known.
    """

    ds: pd.Timestamp
    price: float
    promotions: tuple[str, ...]
    off: float | None
    y: float


def price_list(panel: Panel, unique_id: str, span: Span | None = None) -> list[Priced]:
    """The periods of a span, or all known ones, oldest first; empty where the data has no price and no promotion.

    How much was off is the data's own `discount`, else the price against the usual one: the median of the year before
    in which nothing was on.
    """
    past = panel.past_of(unique_id).reset_index(drop=True)
    kinds = [name for name in PROMOTED if name in past]
    if not kinds and "price" not in past:
        return []
    on = pd.DataFrame({name: is_on(past[name], name) for name in kinds}, index=past.index)
    price = past["price"].astype(float) if "price" in past else pd.Series(float("nan"), past.index)
    usual = price.mask(on.any(axis=1)).rolling(YEAR[panel.freq], min_periods=1).median().shift()
    own = past["discount"].astype(float) if "discount" in past else pd.Series(0.0, past.index)
    found = []
    for place, ds in enumerate(past["ds"]):
        if span is None or span.first <= ds <= span.last:
            names = tuple(name for name in kinds if on[name].iloc[place])
            cost = float(price.iloc[place])
            off = _off(float(own.iloc[place]), cost, float(usual.iloc[place])) if names else None
            found.append(Priced(ds, cost, names, off, float(past["y"].iloc[place])))
    return found


def _off(discount: float, price: float, usual: float) -> float | None:
    if discount > 0:
        return 100 * discount
    return 100 * (1 - price / usual) if 0 < price < usual else None


def last_deal(found: list[Priced]) -> Priced | None:
    """The last period in which the product was promoted; None where there is none."""
    return next((one for one in reversed(found) if one.promotions), None)
