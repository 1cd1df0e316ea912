"""What the agent can be asked for: one argument model a tool; names, fields and schemas stand here once."""

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from ..errors import InputError, nearest
from .fields import (
    Category,
    CountedPeriods,
    Direction,
    During,
    Horizon,
    LeadTime,
    Limit,
    MaybeAhead,
    OnHand,
    Periods,
    Places,
    PriceChange,
    Product,
    Products,
    Promotion,
    Query,
    ServiceLevel,
    SurelyAhead,
    Topic,
    Windows,
    Words,
)


class Request(BaseModel):
    """Arguments of one tool; what was not said is None."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Forecast(Request):
    """How many units a product, or a whole category, will sell."""

    product: Product | None = None
    category: Category | None = None
    horizon: Horizon | None = None


class Explain(Request):
    """Why a forecast is as it is: what drives it, why it is higher or lower."""

    product: Product | None = None


class WhatIf(Request):
    """How the forecast answers to another price or promotion."""

    product: Product | None = None
    price_change_percent: PriceChange | None = None
    promotion: Promotion | None = None
    periods: Places | None = None
    horizon: SurelyAhead | None = None


class SalesHistory(Request):
    """What a product, or a whole category, has sold."""

    product: Product | None = None
    category: Category | None = None
    periods: Periods | None = None
    during: During | None = None


class Seasonality(Request):
    """A product's season and trend: when it sells most and least."""

    product: Product | None = None


class Compare(Request):
    """One product's last periods against those before and a year ago; or several products side by side."""

    products: Products | None = None
    periods: CountedPeriods | None = None


class TopMovers(Request):
    """What rose or fell most of late."""

    direction: Direction | None = None
    limit: Limit | None = None
    category: Category | None = None


class TopSellers(Request):
    """What sells most of late."""

    limit: Limit | None = None
    category: Category | None = None


class Anomalies(Request):
    """Periods that sold far more or less than usual."""

    product: Product | None = None
    limit: Limit | None = None


class PriceHistory(Request):
    """A product's prices and promotions, and how it sold then."""

    product: Product | None = None


class SimilarItems(Request):
    """Products like one product."""

    product: Product | None = None
    limit: Limit | None = None


class FindProducts(Request):
    """Products by words, brand or category."""

    words: Words
    limit: Limit | None = None


class Calendar(Request):
    """Holidays and planned events ahead."""

    horizon: Horizon | None = None


class Backtest(Request):
    """How good the forecasts of a product were on known periods."""

    product: Product | None = None
    windows: Windows | None = None
    horizon: MaybeAhead | None = None


class MarketNotes(Request):
    """Dated documents: campaigns, news, reviews, competitors, buyers' notes."""

    query: Query
    product: Product | None = None


class DataHealth(Request):
    """Whether the data is sound: gaps, zeros, late series."""


class Plot(Request):
    """A chart of a product's sales and forecast."""

    product: Product | None = None
    horizon: Horizon | None = None


class StockPlan(Request):
    """Reorder point, safety stock and order of a product."""

    product: Product | None = None
    on_hand: OnHand | None = None
    lead_time: LeadTime | None = None
    service_level: ServiceLevel | None = None


class OutOfScope(Request):
    """Anything that is no question about this demand data."""

    topic: Topic


REQUESTS: dict[str, type[Request]] = {
    "forecast": Forecast,
    "explain": Explain,
    "what_if": WhatIf,
    "sales_history": SalesHistory,
    "seasonality": Seasonality,
    "compare": Compare,
    "top_movers": TopMovers,
    "top_sellers": TopSellers,
    "anomalies": Anomalies,
    "price_history": PriceHistory,
    "similar_items": SimilarItems,
    "find_products": FindProducts,
    "calendar": Calendar,
    "backtest": Backtest,
    "market_notes": MarketNotes,
    "data_health": DataHealth,
    "plot": Plot,
    "stock_plan": StockPlan,
    "out_of_scope": OutOfScope,
}


def parse_request(tool: str, arguments: dict[str, Any]) -> Request:
    """The arguments of a tool, checked.

    Raises:
        InputError: there is no such tool, or an argument is not valid; the message says what would be.
    """
    if tool not in REQUESTS:
        raise InputError(f"unknown tool {tool!r}: {nearest(tool, REQUESTS)}")
    try:
        return REQUESTS[tool].model_validate(arguments)
    except ValidationError as error:
        raise InputError(not_valid(tool, error)) from None


def not_valid(tool: str, error: ValidationError) -> str:
    """What is wrong with the arguments of a tool, in one line."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or tool
    told = REQUESTS[tool].model_fields
    about = told[str(first["loc"][0])] if first["loc"] and str(first["loc"][0]) in told else None
    expected = f" ({about.description})" if about is not None and about.description else ""
    return f"{tool}: {where}: {first['msg']}{expected}; its arguments are: {', '.join(told) or 'none'}"
