"""The fields that tools share: each says what it holds, within which bounds, and how it is read from a request.

A field binds by its kind (`Reads`), never by a tool's name: a new tool that takes a horizon gets it read by saying so.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

Kind = Literal[
    "product",  # a SKU or words of a product
    "products",  # several
    "category",  # a group of products
    "grouping",  # a column whose groups are meant
    "ranked grouping",  # the same, also where the words ask which of its groups
    "measure",  # units, revenue or margin
    "words",  # words of products, brands or groups
    "topic",  # what a document, or anything else, is about
    "ahead",  # a length of time ahead: 8w; also one that does not say where it lies, and tomorrow
    "surely ahead",  # the same, but only where the words say that it lies ahead
    "may be ahead",  # any of the request's lengths: none must be taken
    "back",  # a count of periods back
    "counted back",  # the same, but only where the words say how many
    "month",  # a month, quarter or year
    "count",  # how many to show
    "windows",  # how many test windows
    "weeks",  # places of weeks or days in the plan
    "change",  # a change in per cent, up or down
    "promotion",  # on promotion or off
    "stock",  # units on hand
    "lasting",  # whether it asks how long the stock lasts
    "lead time",  # periods until an order arrives
    "late",  # periods by which deliveries come later
    "threshold",  # a number of units that sales may exceed or stay below
    "side",  # which of the two
    "share",  # a share in per cent
    "direction",  # up or down
    "urgency",  # what of stock it asks for: to order, at risk of running out, over-stocked or dead
    "file",  # a file to be written
    "customer",  # a customer's id
]


@dataclass(frozen=True)
class Reads:
    """How a field is read from a request.

    Attributes:
        kind: of what it holds.
        plain: only the request's own words fill it; a model may not guess, for a guess would be bad advice.
    """

    kind: Kind
    plain: bool = False


def _plain(value: Any) -> Any:
    """A number as text: models and people write SKUs both ways."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Product = Annotated[
    str,
    BeforeValidator(_plain),
    Field(min_length=1, max_length=80, description="SKU, or words of the product; left out: the last one spoken of"),
    Reads("product"),
]
Products = Annotated[list[Product], Field(min_length=1, max_length=5), Reads("products")]
Category = Annotated[
    str,
    Field(min_length=1, max_length=60, description="name of a category, store, region or another group"),
    Reads("category"),
]
By = Annotated[
    str,
    Field(min_length=1, max_length=60, description="a column whose groups are wanted one by one, such as store"),
    Reads("grouping", plain=True),
]
RankedBy = Annotated[
    str,
    Field(min_length=1, max_length=60, description="a column whose groups are ranked, such as category or store"),
    Reads("ranked grouping", plain=True),
]
Measured = Annotated[
    Literal["units", "revenue", "margin"],
    Field(description="what is ranked; revenue needs a price, margin a cost, too"),
    Reads("measure", plain=True),
]
_HORIZON = Field(pattern=r"^(0|[1-9][0-9]{0,2})[dwm]$", description="how far ahead: 8w, 28d or 3m; left out: as before")
Horizon = Annotated[str, _HORIZON, Reads("ahead")]
SurelyAhead = Annotated[str, _HORIZON, Reads("surely ahead")]
MaybeAhead = Annotated[str, _HORIZON, Reads("may be ahead")]
Limit = Annotated[int, Field(ge=1, le=50, description="how many to show"), Reads("count")]
_PERIODS = Field(ge=1, le=400, description="periods back")
Periods = Annotated[int, _PERIODS, Reads("back")]
LastPeriods = Annotated[int, _PERIODS, Reads("back", plain=True)]
CountedPeriods = Annotated[int, _PERIODS, Reads("counted back")]
During = Annotated[
    str,
    Field(
        pattern=r"^((19|20)\d\d(-(0[1-9]|1[0-2]|Q[1-4]))?|-?(0[1-9]|1[0-2]|Q[1-4]))$",
        description="a month, quarter or year: 2024-12, 2024-Q4, 2024; 12 or Q4 for the last one, -12 for last year's",
    ),
    Reads("month", plain=True),
]
Windows = Annotated[int, Field(ge=1, le=12, description="known windows to test on"), Reads("windows")]
PriceChange = Annotated[float, Field(ge=-90, le=200, description="-10 is ten per cent off"), Reads("change")]
Promotion = Annotated[bool, Field(description="put it on promotion, or take it off"), Reads("promotion", plain=True)]
Places = Annotated[list[Annotated[int, Field(ge=1, le=366)]], Field(max_length=84), Reads("weeks")]
OnHand = Annotated[float, Field(ge=0, le=1e7, description="units in stock now"), Reads("stock", plain=True)]
Threshold = Annotated[
    float,
    Field(ge=0, le=1e7, description="units that sales may exceed, or stay below"),
    Reads("threshold", plain=True),
]
Side = Annotated[Literal["above", "at least", "below", "at most"], Reads("side", plain=True)]
Lasting = Annotated[bool, Field(description="it asks when the stock runs out"), Reads("lasting", plain=True)]
LeadTime = Annotated[int, Field(ge=1, le=52, description="periods until an order arrives"), Reads("lead time")]
Late = Annotated[
    int,
    Field(ge=1, le=26, description="periods by which the supplier, or a delivery, is late"),
    Reads("late", plain=True),
]
ServiceLevel = Annotated[float, Field(ge=50, le=99.9, description="per cent"), Reads("share", plain=True)]
Urgent = Annotated[
    Literal["order", "risk", "over", "dead"],
    Field(description="to order; at risk of running out; over-stocked; dead, as in not sold of late"),
    Reads("urgency", plain=True),
]
Direction = Annotated[Literal["up", "down"], Reads("direction")]
Words = Annotated[str, Field(min_length=1, max_length=80), Reads("words")]
Query = Annotated[str, Field(min_length=1, max_length=120), Reads("topic")]
File = Annotated[str, Field(min_length=3, max_length=200, description="a file to write"), Reads("file", plain=True)]
Customer = Annotated[
    str,
    BeforeValidator(_plain),
    Field(min_length=1, max_length=80, description="the id of a customer, as in household 12"),
    Reads("customer", plain=True),
]
Topic = Annotated[
    str, Field(min_length=1, max_length=60, description="what was asked for, in a few words"), Reads("topic")
]
