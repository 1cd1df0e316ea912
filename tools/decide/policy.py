"""The policy: the service that is wanted or what a shortage costs, how orders are placed, and what limits them.

Written as TOML. Lengths are periods of the sales.

    service = 95                      # per cent of cycles in which nothing runs out; or, instead, of classes
    # service_by_class = { A = 98, B = 95, C = 90 }
    # holding = 0.02                  # or costs of a unit left and a unit missing a period: the newsvendor's ratio
    # shortage = 1.5
    # linger = 0.5                    # with them: weight of what is still left a review later; 0 when left out
    # scale = 0.9                     # times the forecast's demand, in choosing an order's size
    # rounding = "nearest"            # of packs; "up" when left out
    unmet = "lost"                    # or "backorders"
    lead_time = 2                     # or { periods = [2, 3, 5], weights = [0.7, 0.2, 0.1] }
    # lead_time_by_supplier = { "Dairy & Sons" = 1 }
    review = 1
    # budget = 5000                   # for all orders together, in the data's currency
    # capacity = 800                  # storage units that all stock may take when the orders arrive
    # span = 8                        # periods of high demand above which stock is too much
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from ..data.freq import ByFreq, Freq
from ..errors import InputError
from ..inputs import brief, read_toml
from .lead_times import supplier_key
from .newsvendor import critical_ratio
from .orders import LeadTime, OrderRule

SERVICE = 95.0  # per cent, where nothing is said
LEAD = ByFreq({"D": 7, "W": 2, "M": 1})  # periods, where nothing is said
REVIEW = ByFreq({"D": 7, "W": 1, "M": 1})
SPAN = ByFreq({"D": 56, "W": 8, "M": 3})  # periods whose high demand the stock may cover

COSTS = ("holding", "shortage", "linger", "service_by_class")  # whose place a service level takes

Service = Annotated[float, Field(ge=50, lt=100, description="per cent, 50 or more: 95")]


class Lengths(BaseModel):
    """A lead time of several lengths."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    periods: tuple[Annotated[int, Field(ge=0)], ...] = Field(min_length=1, description="lengths, in periods")
    weights: tuple[Annotated[float, Field(gt=0)], ...] | None = Field(
        default=None, description="how often each was seen; equal when left out"
    )

    @model_validator(mode="after")
    def _one_weight_each(self) -> Self:
        if self.weights is not None and len(self.weights) != len(self.periods):
            raise ValueError(f"{len(self.periods)} periods and {len(self.weights)} weights")
        if len(set(self.periods)) != len(self.periods):
            raise ValueError("a length stands there twice")
        return self

    @property
    def lead(self) -> LeadTime:
        """Its lengths with weights that sum to 1."""
        counts = self.weights or (1.0,) * len(self.periods)
        return LeadTime(self.periods, tuple(count / sum(counts) for count in counts))


def _lengths(value: Any) -> Any:
    """A number alone is the one length there is."""
    return {"periods": (value,)} if isinstance(value, int) and not isinstance(value, bool) else value


class Policy(BaseModel):
    """What is wanted of stock, and how it is ordered. Fields that are left out have the defaults above."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    service: Service | None = Field(default=None, description=f"cycle service level in per cent; default {SERVICE:g}")
    service_by_class: dict[Literal["A", "B", "C"], Service] = Field(
        default_factory=dict, description="the same by ABC class; a class that is left out has `service`"
    )
    holding: float | None = Field(default=None, gt=0, description="cost of a unit that is left, a period")
    shortage: float | None = Field(default=None, gt=0, description="cost of a unit that is missing, a period")
    linger: float | None = Field(
        default=None, ge=0, description="with costs: weight of the holding of what is still left a review later"
    )
    scale: float = Field(default=1.0, gt=0, description="times the forecast's demand, in choosing an order's size")
    rounding: Literal["up", "nearest"] = Field(default="up", description="of orders to whole packs")
    unmet: Literal["lost", "backorders"] = Field(default="lost", description="demand that meets no stock")
    lead_time: Annotated[Lengths, BeforeValidator(_lengths)] | None = Field(
        default=None, description="periods from order to arrival, where the stock file has none"
    )
    lead_time_by_supplier: dict[str, Annotated[Lengths, BeforeValidator(_lengths)]] = Field(
        default_factory=dict, description="the same by supplier, before it"
    )
    review: int | None = Field(default=None, ge=1, description="periods between orders, where the stock file has none")
    budget: float | None = Field(default=None, gt=0, description="that all orders may cost together")
    capacity: float | None = Field(
        default=None, gt=0, description="storage units that stock and orders may take together; a unit takes its volume"
    )
    span: int | None = Field(default=None, ge=1, description="periods of high demand that stock may cover")

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.holding is None) != (self.shortage is None):
            raise ValueError("holding and shortage go together")
        if self.holding is not None and (self.service is not None or self.service_by_class):
            raise ValueError("either a service level, or holding and shortage: costs decide the service")
        if self.linger is not None and self.holding is None:
            raise ValueError("linger goes with holding and shortage")
        return self

    @property
    def rule(self) -> OrderRule:
        """How the size of an order is chosen."""
        return OrderRule(self.linger or 0.0, self.scale, self.rounding == "nearest")

    @property
    def limited(self) -> bool:
        """Whether all orders together have a limit."""
        return self.budget is not None or self.capacity is not None

    def level(self, abc: str = "A") -> float:
        """The share of cycles, 0 to 1, in which a product of this class is not to run out."""
        if self.holding is not None and self.shortage is not None:
            return critical_ratio(self.holding, self.shortage)
        overall = SERVICE if self.service is None else self.service
        by_class: Mapping[str, float] = {str(one): level for one, level in self.service_by_class.items()}
        return by_class.get(abc, overall) / 100

    def lead(self, freq: Freq, own: int | None = None, supplier: str = "") -> LeadTime:
        """The lead time of a product: its own, else its supplier's, else the policy's, else the default."""
        if own is not None:
            return LeadTime((own,))
        if (lengths := self.of_supplier(supplier)) is not None:
            return lengths.lead
        return LeadTime((LEAD[freq],)) if self.lead_time is None else self.lead_time.lead

    def of_supplier(self, supplier: str) -> Lengths | None:
        """The lead time of a supplier, by its name in any case; None where the policy has none of its own for it."""
        named = {supplier_key(name): lengths for name, lengths in self.lead_time_by_supplier.items()}
        return named.get(supplier_key(supplier)) if supplier else None

    def review_of(self, freq: Freq, own: int | None = None) -> int:
        """Periods between orders of a product: its own, else the policy's, else the default."""
        return own or self.review or REVIEW[freq]

    def span_of(self, freq: Freq) -> int:
        """Periods whose high demand the stock may cover."""
        return self.span or SPAN[freq]


def read_policy(path: Path) -> Policy:
    """Read a policy from a TOML file.

    Raises:
        InputError: the file is missing, no TOML, or says what a policy does not have.
    """
    try:
        return Policy.model_validate(read_toml(path, f"policy {brief(path)}"))
    except ValidationError as error:
        raise InputError(f"policy {path}: {_first(error)}; fields are {', '.join(Policy.model_fields)}") from None


def with_fields(policy: Policy, **fields: object) -> Policy:
    """A policy with some fields said otherwise; None leaves one as it is. A service level takes the place of costs.

    Raises:
        InputError: a value that its field does not have.
    """
    said = {name: value for name, value in fields.items() if value is not None}
    held = policy.model_dump(exclude_unset=True)
    if "service" in said:
        held = {name: value for name, value in held.items() if name not in COSTS}
    try:
        return Policy.model_validate(held | said)
    except ValidationError as error:
        raise InputError(_first(error)) from None


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or "policy"
    return f"{where}: {first['msg']}"
