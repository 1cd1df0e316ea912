"""The desk: what a session works on and remembers, and what its tools ask of it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from ...prompts.routing import SAME, Spoken
from ...tools.data.groups import ALL, WHOLE, total
from ...tools.data.health import HealthReport
from ...tools.data.horizon import DEFAULT_HORIZON, parse_horizon
from ...tools.data.panel import Panel
from ...tools.forecast.gbm_mean import MeanGBM
from ...tools.insight import catalogue
from ...tools.insight.answer import Answer
from ...tools.messages import Message, ProductName, Refusal, message
from ...tools.text.index import NoteIndex
from ...tools.toolset.registry import parse, tools
from ..forecast.forecaster import MAX_HORIZON, Forecaster, Progress
from ..forecast.report import ForecastReport
from ..forecast.witnesses import Witnesses


@dataclass
class Desk:
    """What a session knows and remembers.

    Attributes:
        panel: what is known.
        forecaster: makes the forecasts.
        notes: opens the index of dated documents, when they are first asked for; None where there are none.
        health: of the data; None where it was not checked.
        source: name of the data, for the reports.
        reports: every forecast of the session, newest last.
        product: the last product spoken of.
        category: the last category spoken of.
        horizon: the last horizon asked for, in periods.
        span: the same as it was written, such as `8w`.
        tool: the last tool called.
    """

    panel: Panel
    forecaster: Forecaster
    notes: Callable[[], NoteIndex] | None = None
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
    _trees: dict[int, MeanGBM] = field(default_factory=dict)

    @property
    def spoken(self) -> Spoken:
        """What a short request may lean on."""
        return Spoken(self.tool, self.product is not None, self.category is not None, self.span)

    def do(self, tool: str, arguments: dict[str, Any]) -> Answer:
        """Call a tool by name.

        Raises:
            InputError: no such tool, arguments that are not valid, or nothing to answer; the message says the choices.
        """
        request = parse(tool, arguments)
        chosen = tools()[tool]
        answer = chosen.run(self, request)
        self.tool = tool
        if chosen.about_one and answer.products:
            self.product = answer.products[0]
            self.category = self.panel.static_of(self.product).get("category", self.category)
        return answer

    def one(self, words: str | None) -> str:
        """The product that is meant: by its words, else the last one spoken of.

        Raises:
            Refusal: nothing was spoken of, no product is called so, or several are.
        """
        if words is not None:
            return catalogue.one_product(self.panel, words)
        if self.product is None:
            raise Refusal("which-product", product=ProductName(self.panel.unique_ids[0]))
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
        category = self.category_of(words)
        if category == ALL:
            ids, what = self.panel.unique_ids, message("all-together", count=len(self.panel.unique_ids))
        else:
            ids = catalogue.in_category(self.panel, category)
            what = message("category-together", count=len(ids), category=category)
            self.category = category
        return total(self.panel, ids, category), f"{WHOLE}{category}", what

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

    def forecast(self, panel: Panel, unique_id: str, horizon: int) -> ForecastReport:
        """A forecast, kept."""
        made = self.forecaster.forecast(
            panel, [unique_id], horizon, source=self.source, source_digest=self.source_digest, progress=self.progress
        )
        self.reports += made
        return made[0]

    def forecast_as_of(self, cutoff: pd.Timestamp, unique_id: str, horizon: int) -> ForecastReport:
        """A forecast of one product from what was known at an earlier date; it is not kept."""
        plain = replace(self.forecaster, explanations="template")
        as_of = replace(plain, witnesses=plain.witnesses and Witnesses(self.panel.before(cutoff)))
        known = self.panel.select([unique_id]).before(cutoff)
        return as_of.forecast(known, [unique_id], horizon)[0]

    def last_forecast(self, unique_id: str | None = None) -> ForecastReport | None:
        """The session's last forecast, or its last of one product."""
        some = (one for one in reversed(self.reports) if unique_id in (None, one.unique_id))
        return next(some, None)

    @property
    def trained_until(self) -> str:
        """The last date of the data that the forecasting LLM was trained on; empty where there is none."""
        slots = self.forecaster.slots
        return max(slots.config.trained.values(), default="") if slots else ""
