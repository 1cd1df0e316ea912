"""Chat in its small first form: a few kinds of request, told by their words, and a session that remembers."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from ..tools.drivers import figure
from ..tools.errors import InputError, nearest
from ..tools.horizon import DEFAULT_HORIZON, parse_horizon
from ..tools.panel import PERIOD_NAME, Panel
from .forecaster import Forecaster, Progress
from .report import ForecastReport
from .show import show

HELP = """\
forecast next month for SKU 1082185      also: next 8 weeks, 28d, 4w
why?                                     the last forecast's evidence
top movers                               what rose and fell most of late
top sellers                              what sells most
find cheese                              products by their words
help, quit"""

NUMBER_WORDS = {
    word: n
    for n, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve"], 1
    )
}
NUMBER_WORDS["twelve"] = 12
SPAN = re.compile(r"\b(\d+|" + "|".join(NUMBER_WORDS) + r")?\s*(day|week|month)s?\b|\b(\d+)([dwm])\b", re.IGNORECASE)


class Quit(Exception):  # noqa: N818  the person is done, which is no error
    """The person wants to leave."""


@dataclass
class Session:
    """One conversation over one panel.

    Attributes:
        panel: what is known.
        forecaster: makes the forecasts.
        source: name of the data, for the reports.
        reports: every forecast of the session, newest last.
    """

    panel: Panel
    forecaster: Forecaster
    source: str = "panel"
    source_digest: str = ""
    progress: Progress | None = None
    horizon: int | None = None
    reports: list[ForecastReport] = field(default_factory=list)

    def answer(self, request: str) -> RenderableType:
        """Answer one line.

        Raises:
            InputError: the request names what is not there; the message says the choices.
            Quit: the person said goodbye.
        """
        words = request.strip().lower().rstrip("?!. ")
        rules: list[tuple[str, Callable[[str], RenderableType]]] = [
            (r"(quit|exit|bye|q)$", self._quit),
            (r"(help|\?|h)?$", lambda _: Text(HELP)),
            (r".*\bmovers?\b", lambda _: self._movers()),
            (r".*\b(top|best)\b.*\bsell", lambda _: self._sellers()),
            (r"(find|search|show me|which)\b", self._find),
            (r"why\b|explain\b|evidence\b", lambda _: self._why()),
            (r".*\b(forecast|predict|expect|demand|sell|how (much|many)|next|and for|sku)\b", self._forecast),
        ]
        for pattern, reply in rules:
            if re.match(pattern, words):
                return reply(request)
        if self._skus(request):
            return self._forecast(request)
        raise InputError(f"I did not understand {request.strip()!r}; say help for what I can do")

    def _quit(self, _: str) -> RenderableType:
        raise Quit

    def _skus(self, request: str) -> list[str]:
        known = set(self.panel.unique_ids)
        return [word for word in re.findall(r"[\w.:/-]+", request) if word in known]

    def _forecast(self, request: str) -> RenderableType:
        ids = self._skus(request)
        if not ids:
            named = re.search(r"\b(?:sku|item|product)s?\s+#?([\w.:/-]+)", request, re.IGNORECASE)
            if named:
                raise InputError(f"unknown SKU {named[1]!r}: {nearest(named[1], self.panel.unique_ids)}")
            if not self.reports:
                raise InputError(
                    "which SKU? Say for example: forecast next month for SKU "
                    f"{self.panel.unique_ids[0]}, or find a product by its words: find cheese"
                )
            ids = [self.reports[-1].unique_id]
        asked = self._span(request, ids)
        if asked is not None:
            self.horizon = asked
        horizon = self.horizon or parse_horizon(DEFAULT_HORIZON[self.panel.freq], self.panel)
        made = self.forecaster.forecast(
            self.panel, ids[:1], horizon, source=self.source, source_digest=self.source_digest, progress=self.progress
        )
        self.reports += made
        return show(made[0])

    def _span(self, request: str, ids: list[str]) -> int | None:
        text = request
        for uid in ids:
            text = text.replace(uid, " ")
        match = SPAN.search(text)
        if match is None:
            return None
        if match[4]:
            return parse_horizon(f"{match[3]}{match[4]}", self.panel)
        count = match[1] or "1"
        number = NUMBER_WORDS.get(count.lower()) or int(count)
        return parse_horizon(f"{number}{match[2][0]}", self.panel)

    def _why(self) -> RenderableType:
        if not self.reports:
            raise InputError(
                f"nothing forecast yet; say for example: forecast next month for SKU {self.panel.unique_ids[0]}"
            )
        table = Table(box=None, show_header=False, padding=(0, 1))
        for item in self.reports[-1].evidence:
            table.add_row(Text(item.id, style="bold"), Text(item.tool, style="dim"), Text(item.text))
        return table

    def _recent(self) -> pd.DataFrame:
        """Mean units of the last 4 periods and of the 4 before, by series."""
        rows = self.panel.past.groupby("unique_id", sort=False).tail(8)
        place = rows.groupby("unique_id", sort=False).cumcount(ascending=False)
        means = rows.assign(half=(place < 4).map({True: "last", False: "before"}))
        return means.pivot_table(index="unique_id", columns="half", values="y", aggfunc="mean").dropna()

    def _movers(self) -> RenderableType:
        recent = self._recent()
        recent = recent[recent["before"] > 0]
        recent["change"] = recent["last"] - recent["before"]
        ranked = recent.sort_values("change", kind="stable")
        picked = pd.concat([ranked.tail(5)[::-1], ranked.head(5)])
        period = PERIOD_NAME[self.panel.freq]
        table = Table(box=None, padding=(0, 1), title=f"units a {period}: the last 4 {period}s against the 4 before")
        for name in ("SKU", "product", "before", "last", "change"):
            table.add_column(name, justify="left" if name in ("SKU", "product") else "right")
        for uid, row in picked.iterrows():
            share = f"{row['change'] / row['before'] * 100:+.0f} %"
            style = "green" if row["change"] > 0 else "red"
            table.add_row(
                str(uid), self._name(str(uid)), figure(row["before"]), figure(row["last"]), Text(share, style)
            )
        return table

    def _sellers(self) -> RenderableType:
        ranked = self._recent().sort_values("last", ascending=False, kind="stable").head(10)
        table = Table(box=None, padding=(0, 1), title=f"units a {PERIOD_NAME[self.panel.freq]}, mean of the last 4")
        for name in ("SKU", "product", "units"):
            table.add_column(name, justify="right" if name == "units" else "left")
        for uid, row in ranked.iterrows():
            table.add_row(str(uid), self._name(str(uid)), figure(row["last"]))
        return table

    def _find(self, request: str) -> RenderableType:
        words = [w for w in re.findall(r"\w+", request.lower()) if w not in ("find", "search", "show", "me", "which")]
        hits = [
            uid
            for uid in self.panel.unique_ids
            if all(word in f"{uid} {' '.join(self.panel.static_of(uid).values())}".lower() for word in words)
        ]
        if not hits:
            raise InputError(f"no product has the words {' '.join(words)!r}")
        table = Table(
            box=None, padding=(0, 1), title=f"{len(hits)} products" + (", the first 15" if len(hits) > 15 else "")
        )
        table.add_column("SKU")
        table.add_column("product")
        for uid in hits[:15]:
            table.add_row(uid, self._name(uid))
        return table

    def _name(self, uid: str) -> str:
        return "; ".join(list(self.panel.static_of(uid).values())[:2])
