"""The kit of a tool: its argument model, what it may ask of the desk, and what it answers.

A tool is one module beside this one: an `Arguments` model whose docstring says what the tool does, a function that
answers, and `TOOL`, which holds both. `registry.tools()` finds it; schemas, help, the router's grammar and the table of
the docs are derived from it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict

from ..data.groups import Group
from ..data.panel import Panel
from ..insight.answer import Answer
from ..messages import Message
from .fields import Kind, Reads

if TYPE_CHECKING:
    import pandas as pd

    from ..data.events import Events
    from ..data.health import HealthReport
    from ..data.stock import Stock
    from ..decide.lines import OrderLine
    from ..decide.policy import Policy
    from ..decide.scenarios import Scenario
    from ..decide.shop import Shop
    from ..forecast.elasticity import PriceModel
    from ..forecast.gbm_mean import MeanGBM
    from ..quantiles import Array
    from ..text.impact import SignalBook
    from ..text.index import NoteIndex


class Arguments(BaseModel):
    """Arguments of one tool; what was not given is None."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Total(Protocol):
    """Units over a whole horizon."""

    @property
    def mean(self) -> float:
        """Expected units."""

    @property
    def quantiles(self) -> Mapping[str, float]:
        """Units by level, `q0.1` to `q0.9`."""


class Step(Protocol):
    """One period ahead."""

    @property
    def ds(self) -> Any:
        """Its date."""

    @property
    def mean(self) -> float:
        """Expected units."""

    @property
    def quantiles(self) -> Mapping[str, float]:
        """Units by level, `q0.1` to `q0.9`."""


class MadeForecast(Protocol):
    """A forecast, so far as tools look at it."""

    @property
    def unique_id(self) -> str:
        """Of what."""

    @property
    def steps(self) -> Sequence[Step]:
        """Each period ahead."""

    @property
    def total(self) -> Total:
        """All of them together, from sample paths."""

    @property
    def recent(self) -> Sequence[float | None]:
        """The last known units a period, oldest first."""

    @property
    def reasons(self) -> Sequence[tuple[str, Message]]:
        """The evidence: who computed it, and what it says; the forecast itself first."""


class Desk(Protocol):
    """What a session knows, and what it can do for a tool."""

    panel: Panel
    product: str | None
    category: str | None
    country: str
    health: "HealthReport | None"
    notes: "Callable[[], NoteIndex] | None"
    signals: "Callable[[], SignalBook] | None"
    save: "Callable[[str], Message] | None"
    events: "Callable[[], Events] | None"
    stock: "Stock | None"
    policy: "Policy"

    def one(self, words: str | None) -> str:
        """The SKU that is meant: by its words, else the last one spoken of. Raises Refusal."""

    def category_of(self, words: str) -> str:
        """The category that is meant: by its name, or that of what was spoken of last. Raises Refusal."""

    def together(self, words: str) -> tuple[Panel, str, Message]:
        """The sum of a category's products as a panel of one; its unique_id; and what it is. Raises Refusal."""

    def forecast_group(self, words: str, horizon: int) -> tuple[MadeForecast, Message]:
        """The total of a group, or of all, from forecasts of its products, kept; and what it is. Raises Refusal."""

    def forecast_by(self, column: str, words: str | None, horizon: int) -> tuple[MadeForecast, Sequence[MadeForecast]]:
        """The total of a group, or of all, and of its groups by a column, biggest first; kept. Raises Refusal."""

    def ended(self, column: str, words: str | None) -> Sequence[Group]:
        """The groups by a column that have no forecast: their products all ended before the data does."""

    def periods(self, span: str | None) -> int:
        """Periods ahead: as given, else as before, else a month. Raises InputError."""

    def forecast(self, panel: Panel, unique_id: str, horizon: int, *, keep: bool = True) -> MadeForecast:
        """A forecast, kept for the session as its last unless it is but a means."""

    def forecast_as_of(self, cutoff: "pd.Timestamp", unique_id: str, horizon: int) -> MadeForecast:
        """A forecast of a panel's product from what was known at an earlier date; it is not kept."""

    def last_forecast(self, unique_id: str | None = None) -> MadeForecast | None:
        """The session's last forecast, or its last of one product."""

    def trees(self, horizon: int) -> "MeanGBM":
        """The trees that answer to other plans, learned once a horizon."""

    def price_model(self) -> "PriceModel":
        """How demand answered to prices and promotions, learned once a session."""

    def shop(self) -> "Shop":
        """What recommending needs, learned once a session. Raises Refusal: there are no events."""

    def demand_paths(self, unique_id: str, horizon: int) -> "Array":
        """Sample paths of a product's demand, units a period, `[N, H]`, without an LLM."""

    def order_lines(self, scenario: "Scenario") -> "Sequence[OrderLine]":
        """What to do about every product whose stock is known, the most urgent first. Raises Refusal: of none is."""

    def order_line(
        self, unique_id: str, scenario: "Scenario", *, on_hand: float | None = None, lead_time: int | None = None
    ) -> "OrderLine | None":
        """The same of one product, with what is said of it otherwise; None where its stock is not known."""

    @property
    def quick(self) -> bool:
        """Whether quick statistics forecast, and not the combined tools."""

    @property
    def trained_until(self) -> str:
        """The last date of the data that the forecasting LLM was trained on; empty where there is none."""


@dataclass(frozen=True)
class Tool:
    """One thing that the agent can do.

    Attributes:
        arguments: their model; its docstring says in one sentence what the tool does.
        run: answers, or refuses.
        about_one: it is about one product, which "it" means afterwards.
        lists: it answers the question which products: always, or where the request asks for like ones.
        shows: what a person is shown beside the words: the forecast it made, or nothing.
        retold: a model that writes may retell what it found, held to it.
        outside: it is the answer to what no tool can do.
        aside: it is no part of the conversation: what was spoken of before it stays so.
        ruled: its rules take no request of another tool, and come before a model that chooses.
        rank: where it stands in lists for people, low ones first.
    """

    arguments: type[Arguments]
    run: Callable[[Desk, Any], Answer]
    about_one: bool = True
    lists: Literal["", "always", "alike"] = ""
    shows: Literal["", "forecast"] = ""
    retold: bool = False
    outside: bool = False
    aside: bool = False
    ruled: bool = False
    rank: int = 50

    @property
    def name(self) -> str:
        """The name of its module."""
        return self.run.__module__.rpartition(".")[2]

    @property
    def does(self) -> str:
        """What it does, in one sentence."""
        return " ".join((self.arguments.__doc__ or self.name).split())

    @property
    def sums(self) -> bool:
        """Whether it adds a category's products up: it takes a product or a category."""
        return {"product", "category"} <= set(kinds(self.arguments).values())


def reads(arguments: type[BaseModel]) -> dict[str, Reads]:
    """How each field of a tool is read from a request, by its name, in order."""
    found = {}
    for name, field in arguments.model_fields.items():
        parts = [field.annotation, *getattr(field.annotation, "__args__", ())]
        marks = [*field.metadata, *(mark for part in parts for mark in getattr(part, "__metadata__", ()))]
        mark = next((one for one in marks if isinstance(one, Reads)), None)
        if mark is not None:
            found[name] = mark
    return found


def kinds(arguments: type[BaseModel]) -> dict[str, Kind]:
    """What kind of thing each field holds."""
    return {name: mark.kind for name, mark in reads(arguments).items()}


def of_kinds(arguments: type[BaseModel], values: Mapping[Kind, Any]) -> dict[str, Any]:
    """The fields that hold these kinds with their values; kinds that it does not take, and None, are left out."""
    return {name: values[kind] for name, kind in kinds(arguments).items() if values.get(kind) is not None}
