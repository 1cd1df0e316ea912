"""What the agent can be asked for: one argument model a tool; names, fields and schemas stand here once."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ..errors import InputError, nearest


def _plain(value: Any) -> Any:
    """A number as text: models and people write SKUs both ways."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Product = Annotated[
    str,
    BeforeValidator(_plain),
    Field(min_length=1, max_length=80, description="SKU, or words of the product; left out: the last one spoken of"),
]
Category = Annotated[str, Field(min_length=1, max_length=60, description="name of a category")]
Horizon = Annotated[
    str, Field(pattern=r"^(0|[1-9][0-9]{0,2})[dwm]$", description="how far ahead: 8w, 28d or 3m; left out: as before")
]
Limit = Annotated[int, Field(ge=1, le=50, description="how many to show")]
Periods = Annotated[int, Field(ge=1, le=400, description="periods back")]
During = Annotated[
    str,
    Field(
        pattern=r"^((19|20)\d\d(-(0[1-9]|1[0-2]|Q[1-4]))?|-?(0[1-9]|1[0-2]|Q[1-4]))$",
        description="a month, quarter or year: 2024-12, 2024-Q4, 2024; 12 or Q4 for the last one, -12 for last year's",
    ),
]


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
    price_change_percent: Annotated[float, Field(ge=-90, le=200, description="-10 is ten per cent off")] | None = None
    promotion: Annotated[bool, Field(description="put it on promotion, or take it off")] | None = None
    periods: Annotated[list[Annotated[int, Field(ge=1, le=366)]], Field(max_length=84)] | None = None
    horizon: Horizon | None = None


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

    products: Annotated[list[Product], Field(min_length=1, max_length=5)] | None = None
    periods: Periods | None = None


class TopMovers(Request):
    """What rose or fell most of late."""

    direction: Literal["up", "down"] | None = None
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

    words: Annotated[str, Field(min_length=1, max_length=80)]
    limit: Limit | None = None


class Calendar(Request):
    """Holidays and planned events ahead."""

    horizon: Horizon | None = None


class Backtest(Request):
    """How good the forecasts of a product were on known periods."""

    product: Product | None = None
    windows: Annotated[int, Field(ge=1, le=12, description="known windows to test on")] | None = None
    horizon: Horizon | None = None


class MarketNotes(Request):
    """Dated documents: campaigns, news, reviews, competitors, buyers' notes."""

    query: Annotated[str, Field(min_length=1, max_length=120)]
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
    on_hand: Annotated[float, Field(ge=0, le=1e7, description="units in stock now")] | None = None
    lead_time: Annotated[int, Field(ge=1, le=52, description="periods until an order arrives")] | None = None
    service_level: Annotated[float, Field(ge=50, le=99.9, description="per cent")] | None = None


class OutOfScope(Request):
    """Anything that is no question about this demand data."""

    topic: Annotated[str, Field(min_length=1, max_length=60, description="what was asked for, in a few words")]


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
