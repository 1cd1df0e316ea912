"""Reports in the terminal: a table with bands, a sparkline, the drivers and the explanation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import pandas as pd
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.panel import Panel as Box
from rich.table import Table
from rich.text import Text

from ...prompts.messages.say import ENGLISH, say, say_all, say_span
from ...tools.data.freq import span_of
from ...tools.data.groups import Group as GroupOfSeries
from ...tools.data.health import HealthReport
from ...tools.insight.answer import group_name
from ...tools.messages import Count, Message, Percent, Share, Units, message, shown
from ..forecast.evidence import periods
from ..forecast.explain import told as reasons_of
from ..forecast.language import report_in
from ..forecast.report import ForecastReport, GroupOf

BLOCKS = "▁▂▃▄▅▆▇█"
BAND = 24


def sparkline(values: Sequence[float | None]) -> str:
    """One block a value, from 0 to the largest; a dot where the value is not known."""
    top = max((v for v in values if v is not None), default=0.0) or 1.0
    return "".join("·" if v is None else BLOCKS[min(int(v / top * 8), 7)] for v in values)


@dataclass(frozen=True)
class Sparkline:
    """Past and forecast in one line as wide as there is room: the past gives way to a half, then a block is a mean.

    Attributes:
        past: known values, oldest first.
        ahead: the values forecast after them.
        style: of the past.
    """

    past: Sequence[float | None]
    ahead: Sequence[float] = ()
    style: str = "dim"

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The line, for rich."""
        room = options.max_width
        each = -(-len(self.ahead) // max(room // 2, 1)) or 1  # periods a block
        ahead = _means(self.ahead, each)
        past = _means(self.past[len(self.past) % each :], each)[-max(room - len(ahead), 1) :]
        line = sparkline([*past, *ahead])
        yield Text(line[: len(past)], style=self.style) + Text(line[len(past) :], style="bold cyan")


def _means(values: Sequence[float | None], each: int) -> list[float | None]:
    runs = [[v for v in values[at : at + each] if v is not None] for at in range(0, len(values), each)]
    return [fmean(run) if run else None for run in runs]


def band(low: float, middle: float, high: float, top: float, width: int = BAND) -> Text:
    """A bar from `low` to `high` with a dot at `middle`, on a scale from 0 to `top`."""
    at = [min(int(v / top * (width - 1)), width - 1) if top > 0 else 0 for v in (low, middle, high)]
    bar = [" "] * width
    bar[at[0] : at[2] + 1] = "━" * (at[2] - at[0] + 1)
    bar[at[1]] = "●"
    return Text("".join(bar), style="cyan")


def show(
    report: ForecastReport,
    actual: Sequence[float] | None = None,
    lang: str = ENGLISH,
    told: Sequence[Message] = (),
) -> RenderableType:
    """One report for the terminal: the sentence that answers, the table, then the reasons.

    Args:
        report: the forecast.
        actual: what was really sold in the horizon, where the forecast was made as of an earlier date.
        lang: the language to show it in.
        told: what a person is told of it, the answer first; the reasons of its own explanation when left out.
    """
    report = report_in(report, lang)
    explanation = report.explanation
    told = list(told) or [item.message for item in reasons_of(report.evidence) if item.message]
    by_llm = explanation.author == "llm" or not told  # of a report that was read from JSON there are but the words
    head, reasons = ("", explanation.text) if by_llm else (say(told[0], lang), say_all(told[1:], lang))
    table = Table(box=None, padding=(0, 1), header_style="bold")
    table.add_column(say(message("report-period"), lang))
    for name in (say(message("report-expected"), lang), "q10", "q50", "q90"):
        table.add_column(name, justify="right")
    if actual is not None:
        table.add_column(say(message("report-actual"), lang), justify="right", style="green")
    table.add_column(Text(say(message("report-interval", interval=80), lang), style="dim"), no_wrap=True)
    top = max(step.quantiles["q0.9"] for step in report.steps)
    for h, step in enumerate(report.steps):
        q = step.quantiles
        cells = [
            say_span(span_of(pd.Timestamp(step.ds), report.freq), lang),
            *_row(step.mean, q),
            *([] if actual is None else [shown(Units(actual[h]))]),
        ]
        table.add_row(*cells, band(q["q0.1"], q["q0.5"], q["q0.9"], top))
    q = report.total.quantiles
    cells = [*_row(report.total.mean, q), *([] if actual is None else [shown(Units(sum(actual)))])]
    table.add_row(say(message("report-total"), lang), *cells, "", style="bold")

    medians = [step.quantiles["q0.5"] for step in report.steps]
    parts: list[RenderableType] = [Text(head)] if head else []
    parts += [Sparkline(report.recent, medians), table]
    if report.group is not None:
        parts += [Text(say(message("report-parts"), lang), style="bold"), _parts(report.group, lang)]
    why = Text(say(message("report-why"), lang), style="bold")
    parts += [why, Padding(Text(reasons), (0, 1))] if reasons else []
    parts.append(footer(report, lang))
    parts += [Text(f"! {warning}", style="yellow") for warning in report.warnings]
    names = [f"SKU {report.unique_id}", *list(report.product.values())[:1]]
    of = GroupOfSeries.of(report.unique_id)
    title = " · ".join(names) if of is None else say(group_name(of), lang)
    after = message("report-after", span=periods(report.horizon, report.freq), cutoff=report.cutoff)
    return Box(Group(*parts), title=Text(title, style="bold"), subtitle=Text(say(after, lang)), title_align="left")


def _row(mean: float, quantiles: Mapping[str, float]) -> list[str]:
    """Mean and three quantiles as cells."""
    return [shown(Units(value)) for value in (mean, quantiles["q0.1"], quantiles["q0.5"], quantiles["q0.9"])]


def _parts(group: GroupOf, lang: str) -> Table:
    """The biggest series of a group, each with its mean and its share of the group's, and the rest together."""
    table = Table(box=None, padding=(0, 1), show_header=False)
    table.add_column()
    for _ in range(2):
        table.add_column(justify="right")
    for part in group.parts:
        share = "" if part.share is None else shown(Share(100 * part.share))
        table.add_row(Text(" · ".join(filter(None, [part.unique_id, part.name]))), shown(Units(part.mean)), share)
    others = len(group.series) - len(group.parts)
    if others:
        table.add_row(Text(say(message("report-others", count=others), lang)), shown(Units(group.rest)), "")
    return table


def overview(reports: Sequence[ForecastReport], column: str, lang: str = ENGLISH) -> Table:
    """One row a group, and what all of them are together.

    Args:
        reports: of groups.
        column: that they are the groups of.
        lang: the language to show it in.
    """
    table = Table(box=None, padding=(0, 1), header_style="bold")
    names = [say(message(f"column-{name}"), lang) for name in ("series", "expected")]
    table.add_column(Text(column))
    for name in (*names, "q10", "q50", "q90", say(message("column-share"), lang)):
        table.add_column(name, justify="right")
    for report in reports:
        of, group = GroupOfSeries.of(report.unique_id), report.group
        assert of is not None and group is not None
        share = "" if group.share is None else shown(Share(100 * group.share))
        cells = [shown(Count(len(group.series))), *_row(report.total.mean, report.total.quantiles), share]
        table.add_row(Text(of.value or say(group_name(of), lang)), *cells)
    return table


def footer(report: ForecastReport, lang: str = ENGLISH) -> Text:
    """Who wrote the explanation, and the share of the LLM."""
    notes: list[Message] = []
    explanation = report.explanation
    if explanation.author == "llm":
        notes.append(message("report-by-llm", numbers=len(explanation.claims)))
    elif explanation.rejected:
        notes.append(message("report-by-template-for", why=explanation.rejected))
    else:
        notes.append(message("report-by-template"))
    if report.llm is not None:
        notes.append(message("report-share", engine=report.llm.engine, percent=Percent(report.llm.weight * 100)))
    if report.group is not None and report.group.engine is not None:
        percent = Percent(report.group.llm_weight * 100)
        notes.append(message("report-share", engine=report.group.engine, percent=percent))
    notes.append(message("report-base", members=tuple(report.base.members)))
    return Text(" · ".join(say(note, lang) for note in notes), style="dim italic")


MARKS = {"error": ("✗", "red"), "warning": ("!", "yellow"), "info": ("·", "dim")}


def show_health(health: HealthReport, *, errors: bool = True) -> RenderableType:
    """A data health report for the terminal: what is there, then what was found, errors first.

    Args:
        health: the report.
        errors: show them too; a command that ends with them shows them last, and once.
    """
    facts = Table(box=None, show_header=False, padding=(0, 1))
    facts.add_row("rows", f"{health.rows:,}")
    facts.add_row("series", f"{health.series:,}")
    plan = f", plan to {health.plan}" if health.plan else ""
    dates = f"sales {health.first} to {health.last}{plan}" if health.first else "no date can be read"
    facts.add_row("periods", f"{health.offset or 'unknown'}, {dates}")
    facts.add_row("zero share", f"{health.zero_share:.0%}")
    found = Table(box=None, show_header=False, padding=(0, 1))
    for finding in health.findings if errors else [one for one in health.findings if one.severity != "error"]:
        mark, style = MARKS[finding.severity]
        found.add_row(Text(mark, style), Text(finding.kind, style), Text(say(finding.message)))
    verdict = Text("cannot be used as it is", "bold red") if health.errors else Text("can be forecast", "bold green")
    return Box(Group(facts, found, verdict), title=Text(health.name, style="bold"), title_align="left")
