"""The desk: what a session works on and remembers, and what its tools ask of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from ...prompts.routing import SAME, Spoken
from ...tools.data.events import Events
from ...tools.data.groups import ALL, Group, column_named, groups_of, total
from ...tools.data.health import HealthReport
from ...tools.data.horizon import DEFAULT_HORIZON, parse_horizon
from ...tools.data.on_hand import COLUMNS as ON_HAND
from ...tools.data.on_hand import panel_stock
from ...tools.data.panel import Panel
from ...tools.data.stock import Stock, StockRow
from ...tools.decide.lines import OrderLine
from ...tools.decide.policy import Policy
from ...tools.decide.scenarios import Scenario
from ...tools.decide.shop import Shop, open_shop
from ...tools.errors import InputError
from ...tools.forecast.abc_xyz import abc_of
from ...tools.forecast.elasticity import PriceModel, price_model
from ...tools.forecast.gbm_mean import MeanGBM
from ...tools.insight import catalogue
from ...tools.insight.answer import Answer, group_name
from ...tools.messages import Message, ProductName, Refusal, message
from ...tools.quantiles import Array
from ...tools.text.impact import SignalBook
from ...tools.text.index import NoteIndex
from ...tools.toolset.kit import Tool, kinds
from ...tools.toolset.registry import parse, tools
from ..forecast.ahead import base_paths
from ..forecast.forecaster import MAX_HORIZON, Forecaster, Progress
from ..forecast.groups import GroupForecaster, ended, forecast_parts, own_total
from ..forecast.report import ForecastReport
from ..forecast.signals import Follows
from ..forecast.supply import lines_of
from ..forecast.witnesses import Witnesses
from .frames import Frame, after, other_fields


@dataclass
class Desk:
    """What a session knows and remembers.

    Attributes:
        panel: what is known.
        forecaster: makes the forecasts.
        notes: opens the index of dated documents, when they are first asked for; None where there are none.
        signals: gives the signals of the notes, read when they are first asked for; None where none are to be read.
        followed: those that forecasts follow; None until a person approved some.
        health: of the data; None where it was not checked.
        source: name of the data, for the reports.
        reports: every forecast of the session, newest last.
        product: the last product spoken of.
        category: the last category spoken of.
        horizon: the last horizon asked for, in periods.
        span: the same as it was written, such as `8w`.
        tool: the last tool called.
        frame: the last call, which a short request may change.
        answer: the last one that was no aside.
        save: writes what was shown to a file, and says so; None where nothing can be written.
        events: gives what customers did, when it is first asked for; None where that is not known.
        stock: what is on hand and on order; None where no stock file was given.
        policy: how orders are placed, where a request does not say otherwise.
    """

    panel: Panel
    forecaster: Forecaster
    notes: Callable[[], NoteIndex] | None = None
    signals: Callable[[], SignalBook] | None = None
    followed: SignalBook | None = None
    health: HealthReport | None = None
    source: str = "panel"
    source_digest: str = ""
    country: str = "US"
    progress: Progress | None = None
    reports: list[ForecastReport] = field(default_factory=list)
    product: str | None = None
    category: str | None = None
    horizon: int | None = None
    span: str = ""
    tool: str = ""
    frame: Frame | None = None
    answer: Answer | None = None
    save: Callable[[str], Message] | None = None
    events: Callable[[], Events] | None = None
    stock: Stock | None = None
    policy: Policy = field(default_factory=Policy)
    _trees: dict[int, MeanGBM] = field(default_factory=dict)
    _totalled: dict[int, GroupForecaster] = field(default_factory=dict)
    _lines: dict[str, list[OrderLine]] = field(default_factory=dict)
    _prices: dict[str, PriceModel] = field(default_factory=dict)
    _shop: dict[str, Shop] = field(default_factory=dict)

    def fresh(self) -> "Desk":
        """A desk of another conversation about the same data: it shares what was learned, and nothing that was said."""
        about: dict[str, Any] = {"product": None, "category": None, "horizon": None, "span": "", "tool": ""}
        return replace(self, **about, reports=[], frame=None, answer=None, save=None, progress=None, followed=None)

    @property
    def spoken(self) -> Spoken:
        """What a short request may lean on."""
        frame = self.frame
        fields = other_fields(frame) if frame else ()
        asks = frame is not None and frame.asks
        tool = frame.tool if frame and frame.asks else self.tool
        return Spoken(tool, self.product is not None, self.category is not None, self.span, fields, asks)

    def do(self, tool: str, arguments: dict[str, Any]) -> Answer:
        """Call a tool by name.

        Raises:
            InputError: no such tool, arguments that are not valid, or nothing to answer; the message says the choices.
        """
        request = parse(tool, arguments)
        chosen, before = tools()[tool], (self.horizon, self.span)
        try:
            answer = chosen.run(self, request)
        except InputError as error:
            self.horizon, self.span = before
            known = set(self.panel.unique_ids)
            if isinstance(error, Refusal) and error.asks and (not error.choices or set(error.choices) & known):
                self.frame = after(self.frame, tool, arguments, error.choices, asks=True)
            elif isinstance(error, Refusal) and not error.asks and not (chosen.outside or chosen.aside):
                shown = self.frame.listed if self.frame else ()  # what was refused may be asked otherwise
                self.tool, self.frame = tool, after(self.frame, tool, arguments, shown, asks=False)
            raise
        if chosen.aside:
            return answer
        self.tool, self.answer = tool, answer
        if not chosen.outside:
            listed = self._listed(answer)
            self.frame = after(self.frame, tool, _named(arguments, chosen, answer), listed, asks=False)
        if chosen.about_one and answer.products:
            self.product = answer.products[0]
            self.category = self.panel.static_of(self.product).get("category", self.category)
        return answer

    def approve(self, numbers: Sequence[int]) -> SignalBook:
        """Let the session's forecasts follow these signals from now on, and no others: only a person's command does.

        Raises:
            Refusal: there are no notes to read.
        """
        if self.signals is None:
            raise Refusal("signals-not-here")
        known = self.signals()
        book = known.approve([one.id for at, one in enumerate(known.signals, 1) if at in numbers])
        self.followed, self.signals = book, lambda: book
        return book

    def _listed(self, answer: Answer) -> Sequence[str]:
        """The products that a list showed; after any other answer, those that were shown before it."""
        if len(answer.products) > 1:
            return answer.products
        return self.frame.listed if self.frame else ()

    def one(self, words: str | None) -> str:
        """The product that is meant: by its words, else the last one spoken of.

        Raises:
            Refusal: nothing was spoken of, no product is called so, or several are.
        """
        if words is not None:
            return catalogue.one_product(self.panel, words)
        if self.product is None:
            raise Refusal("which-product", asks=True, product=ProductName(self.panel.unique_ids[0]))
        return self.product

    def category_of(self, words: str) -> str:
        """The category that is meant: by its name, or that of what was spoken of last.

        Raises:
            Refusal: nothing was spoken of, or it has none.
        """
        if words != SAME:
            return words
        of = self.category or (self.panel.static_of(self.product).get("category") if self.product else None)
        if of is None:
            raise Refusal("which-category")
        return of

    def together(self, words: str) -> tuple[Panel, str, Message]:
        """The sum of a category's products, or of all, as a panel of one; its unique_id; and what it is, as a sentence.

        Raises:
            Refusal: no such category, or nothing was spoken of that has one.
        """
        group, ids, what = self._meant(words)
        return total(self.panel, ids, group), group.unique_id, what

    def _meant(self, words: str) -> tuple[Group, list[str], Message]:
        """The group that some words mean, its products, and what it is, as a sentence."""
        words = self.category_of(words)
        if words == ALL:
            ids = self.panel.unique_ids
            return Group(), ids, message("all-together", count=len(ids))
        group = catalogue.group_named(self.panel, words)
        ids = groups_of(self.panel, group.column)[group]
        self.category = words
        return group, ids, message("category-together", count=len(ids), category=group_name(group))

    def forecast_group(self, words: str, horizon: int) -> tuple[ForecastReport, Message]:
        """The total of a group's products as the sum of their own forecasts, kept; and what it is, as a sentence.

        Raises:
            Refusal: no such group, or all of its products ended before the data does.
        """
        group, ids, what = self._meant(words)
        made = self._totals({group: ids}, horizon)
        if not made:
            raise Refusal("group-ended", group=group_name(group))
        self.reports += made
        return made[0], what

    def forecast_by(self, column: str, words: str | None, horizon: int) -> tuple[ForecastReport, list[ForecastReport]]:
        """The total of a group's products, or of all, and those of its groups by a column, biggest first; all kept.

        Raises:
            Refusal: no such column or group, or all of its products ended before the data does.
        """
        name = column_named(self.panel, column)
        group, ids, _ = self._meant(words or ALL)
        within = groups_of(self.panel.select(ids), name)
        whole = self._totals({group: ids}, horizon)
        if not whole:
            raise Refusal("group-ended", group=group_name(group))
        made = self._totals(within, horizon)
        self.reports += [*made, *whole]
        return whole[0], made

    def ended(self, column: str, words: str | None) -> list[Group]:
        """The groups by a column whose products all ended before the data does: they have no forecast."""
        ids = self._meant(words or ALL)[1]
        return ended(self.panel, groups_of(self.panel.select(ids), column_named(self.panel, column)))

    def _totals(self, groups: dict[Group, list[str]], horizon: int) -> list[ForecastReport]:
        """The reports of groups, from forecasts of all products without an LLM, made once a session and horizon."""
        if horizon not in self._totalled:
            plain = replace(self.forecaster, engine=None, slots=None)
            parts = forecast_parts(plain, self.panel, self.panel.unique_ids, horizon, self.progress)
            own = own_total(plain, self.panel, parts, horizon)
            named = (self.source, self.source_digest, plain.seed, plain.lang)
            self._totalled[horizon] = GroupForecaster(self.panel, horizon, parts, own, *named)
        return self._totalled[horizon].reports(groups)

    def periods(self, span: str | None) -> int:
        """Periods ahead: as given, else as before, else a month.

        Raises:
            InputError: the data cannot be forecast by such periods, or not so far.
        """
        if span is not None:
            ahead = parse_horizon(span, self.panel)
            if ahead > MAX_HORIZON:
                raise Refusal("horizon-too-far", periods=ahead, least=1, most=MAX_HORIZON)
            self.horizon, self.span = ahead, span
        return self.horizon or parse_horizon(DEFAULT_HORIZON[self.panel.freq], self.panel)

    def trees(self, horizon: int) -> MeanGBM:
        """The trees that answer to other plans, learned once a horizon."""
        if horizon not in self._trees:
            self._trees[horizon] = MeanGBM(self.panel, horizon, country=self.country)
        return self._trees[horizon]

    def forecast(self, panel: Panel, unique_id: str, horizon: int, *, keep: bool = True) -> ForecastReport:
        """A forecast, kept as the session's last unless it is but a means."""
        made = self.forecaster.forecast(
            panel, [unique_id], horizon, source=self.source, source_digest=self.source_digest, progress=self.progress
        )
        if keep and self.followed is not None:
            made = [Follows(self.followed, self.forecaster.seed)(one) for one in made]
        self.reports += made if keep else []
        return made[0]

    def forecast_as_of(self, cutoff: pd.Timestamp, unique_id: str, horizon: int) -> ForecastReport:
        """A forecast of one product from what was known at an earlier date; it is not kept."""
        plain = replace(self.forecaster, explanations="template")
        as_of = replace(plain, witnesses=plain.witnesses and Witnesses(self.panel.before(cutoff)))
        known = self.panel.select([unique_id]).before(cutoff)
        return as_of.forecast(known, [unique_id], horizon)[0]

    def order_lines(self, scenario: Scenario) -> list[OrderLine]:
        """What to do about every product whose stock is known, the most urgent first, made once a session and scenario.

        Raises:
            Refusal: there is neither a stock file nor a column of units on hand.
        """
        if not self.stocked:
            raise Refusal("orders-no-stock-file", column=ON_HAND[0])
        if scenario.key not in self._lines:
            horizon = scenario.horizon(self.stocked.values(), self.panel.freq)
            self._lines[scenario.key] = scenario.settled(self._lines_of(self.stocked, scenario, horizon))
        return self._lines[scenario.key]

    def order_line(
        self, unique_id: str, scenario: Scenario, *, on_hand: float | None = None, lead_time: int | None = None
    ) -> OrderLine | None:
        """What to do about one product, as among all of them; None where its stock is not known.

        Args:
            unique_id: the product.
            scenario: what is wanted, and how late suppliers are.
            on_hand: units in stock, in the place of those that are known.
            lead_time: periods, in the place of those that are known.
        """
        row = self.stocked.get(unique_id)
        if row is None:
            return None
        said = {"on_hand": on_hand, "lead_time": lead_time}
        said = {name: value for name, value in said.items() if value is not None}
        if not said and (scenario.policy.limited or scenario.key in self._lines):
            lines = self.order_lines(scenario)  # a budget is one over all of them
        else:
            rows = {**self.stocked, unique_id: replace(row, **said)}  # type: ignore[arg-type]
            horizon = scenario.horizon(rows.values(), self.panel.freq)
            some = rows if scenario.policy.limited else {unique_id: rows[unique_id]}
            lines = scenario.settled(self._lines_of(some, scenario, horizon))
        return next(line for line in lines if line.row.unique_id == unique_id)

    def _lines_of(self, rows: Mapping[str, StockRow], scenario: Scenario, horizon: int) -> list[OrderLine]:
        plain = replace(self.forecaster, engine=None, slots=None)
        abc = abc_of(self.panel.past.groupby("unique_id")["y"].sum())
        return lines_of(plain, self.panel, rows, [scenario], horizon, abc, progress=self.progress)[0]

    @cached_property
    def stocked(self) -> dict[str, StockRow]:
        """What is known of the stock of each product of the panel, by the stock file, else by the data's own column."""
        stock = self.stock or panel_stock(self.panel)
        return {uid: stock.rows[uid] for uid in self.panel.unique_ids if uid in stock.rows} if stock else {}

    @property
    def quick(self) -> bool:
        """Whether quick statistics forecast, and not the combined tools."""
        return self.forecaster.tools is None

    def price_model(self) -> PriceModel:
        """How demand answered to prices and promotions, learned once a session."""
        if not self._prices:
            self._prices["all"] = price_model(self.panel)
        return self._prices["all"]

    def shop(self) -> Shop:
        """What recommending needs, learned once a session."""
        if self.events is None:
            raise Refusal("recommend-no-events")
        if not self._shop:
            self._shop["all"] = open_shop(self.events(), panel=self.panel, stock=self.stock)
        return self._shop["all"]

    def demand_paths(self, unique_id: str, horizon: int) -> Array:
        """Sample paths of a product's demand, units a period, `[N, H]`, without an LLM."""
        plain = replace(self.forecaster, engine=None, slots=None)
        return next(base_paths(plain, self.panel, [unique_id], horizon, self.progress))[1]

    def last_forecast(self, unique_id: str | None = None) -> ForecastReport | None:
        """The session's last forecast, or its last of one product."""
        some = (one for one in reversed(self.reports) if unique_id in (None, one.unique_id))
        return next(some, None)

    @property
    def trained_until(self) -> str:
        """The last date of the data that the forecasting LLM was trained on; empty where there is none."""
        slots = self.forecaster.slots
        return max(slots.config.trained.values(), default="") if slots else ""


def _named(arguments: dict[str, Any], tool: Tool, answer: Answer) -> dict[str, Any]:
    """Arguments with the product that was meant, by its SKU."""
    of = kinds(tool.arguments)
    field = next((name for name, kind in of.items() if kind == "product"), None)
    summed = any(of.get(name) == "category" for name in arguments)
    if field is None or summed or not (tool.about_one and answer.products):
        return dict(arguments)
    return {**arguments, field: answer.products[0]}
