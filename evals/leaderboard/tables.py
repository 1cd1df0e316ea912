"""Tables: the leaderboard as words, once, for the terminal, Markdown and the page alike."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from ...tools.forecast.abc_xyz import CELLS
from .board import Board
from .groups import Group, Standing, TaskBoard, versus

Kind = Literal["reference", "ours", "published"]
NONE = "–"
SPARE = ("WQL", "seconds", "fallback", "WAPE", "tokens/series", "unusable", "series/s", "bias", "MASE")
TALLY = {"ahead": "ahead of", "no different": "no different from", "behind": "behind"}
RIVALS = {  # of a contestant with a fine-tuned LLM
    "Combined+Slot": {"": re.compile("Combined")},
    "Slot": {
        "": re.compile("AutoETS"),
        "best prompted": re.compile(r"LLM\d+"),
        "fine-tuned to write digits": re.compile("Tuned@.*"),
    },
}
WAYS = {"total": "sample paths", "gauss": "Gaussian paths", "sum": "sum of quantiles"}


@dataclass(frozen=True)
class Line:
    """One line of a table: its cells, and whose it is."""

    cells: list[str]
    kind: Kind = "ours"


@dataclass(frozen=True)
class Section:
    """Lines that belong together, under a heading where there are several sections."""

    lines: list[Line]
    title: str = ""


@dataclass(frozen=True)
class PageTable:
    """A table.

    Attributes:
        title: above it.
        columns: headings.
        words: the columns that hold words; the others hold figures.
        sections: its lines.
        notes: below it, a sentence each.
        spare: columns that a narrow terminal may leave out, the first first.
    """

    title: str
    columns: list[str]
    words: frozenset[str]
    sections: list[Section]
    notes: list[str] = field(default_factory=list)
    spare: tuple[str, ...] = ()

    def filled(self, section: Section) -> tuple[list[str], list[list[str]]]:
        """Headings and cells of a section, without the columns that none of its lines fills."""
        filled = [i for i in range(len(self.columns)) if any(line.cells[i] != NONE for line in section.lines)]
        return [self.columns[i] for i in filled], [[line.cells[i] for i in filled] for line in section.lines]


def glance(board: Board) -> PageTable | None:
    """Every task in a line; None where there is one task only."""
    if len(board.tasks) < 2:
        return None
    lines = []
    for task in board.tasks:
        top = task.reference
        if top is None:
            continue
        verdicts = [difference.verdict for _, difference in task.differences]
        tally = ", ".join(f"{of} {verdicts.count(word)}" for word, of in TALLY.items() if word in verdicts)
        group, sql = task.group_of(top), top.entry.row.metrics.get("SQL")
        what = f"{task.facts}, {group.title}" if group.sampled else task.facts
        cells = [
            task.name,
            top.label,
            _plain(sql, 4),
            _percent(group.skill(top)),
            _rank(top, of=True),
            tally or NONE,
            what,
        ]
        lines.append(Line(cells))
    columns = ["task", "contestant", "SQL", "skill", "rank", "against the others of ours", "what"]
    notes = [
        "Skill is 1 - SQL / SQL of seasonal naive. Rank is among all on the same series, published ones included; "
        "ahead and behind mean that the 95 % interval of the difference is clear of 0."
    ]
    words = frozenset({"task", "contestant", *columns[-2:]})
    return PageTable("At a glance", columns, words, [Section(lines)], notes, spare=("what",))


def tables_of(task: TaskBoard) -> list[PageTable]:
    """The tables of one task: scores, differences, totals, cells; those without a line are left out."""
    made = [scores(task), added(task), differences(task), totals(task), cells(task)]
    return [table for table in made if table is not None]


def scores(task: TaskBoard) -> PageTable:
    """The scores of a task, best first."""
    forecasts = max((s.entry.row.forecasts for s in task.ours if not s.entry.sampled), default=0)
    columns: dict[str, Callable[[Standing], str]] = {
        "rank": _rank,
        "contestant": lambda s: s.label,
        "SQL": _metric("SQL", 4),
        "whose": lambda s: s.entry.origin,
        **{name: _metric(name, digits) for name, digits in (("MASE", 3), ("WQL", 4), ("WAPE", 3))},
        "bias": lambda s: _percent(s.entry.row.metrics.get("bias"), sign=True),
        "80 %": lambda s: _percent(s.entry.row.metrics.get("coverage")),
        "seconds": lambda s: NONE if s.entry.row.seconds is None else f"{s.entry.row.seconds:,.1f}",
        "series/s": lambda s: _speed(s, forecasts),
        "tokens/series": lambda s: _tokens(s),
        "unusable": lambda s: _percent(s.entry.row.unusable),
        "fallback": lambda s: _percent(s.entry.row.fallback),
    }
    sections = [
        Section(
            [Line([of(s) for of in columns.values()], _kind(task, s)) for s in group.standings], _heading(task, group)
        )
        for group in task.groups
    ]
    title = f"{task.name}: {task.facts}"
    return PageTable(title, list(columns), frozenset({"contestant", "whose"}), sections, _notes(task), SPARE)


def differences(task: TaskBoard) -> PageTable | None:
    """The reference against each of the others on the same series, with the 95 % interval."""
    top, found = task.reference, task.differences
    if top is None or not found:
        return None
    lines = [
        Line(
            [
                other.label,
                f"{d.series:,}",
                _plain(d.reference, 4),
                _plain(d.other, 4),
                f"{d.gap:+.4f}",
                f"{d.low:+.4f} to {d.high:+.4f}",
                d.verdict,
            ]
        )
        for other, d in found
    ]
    columns = ["against", "series", f"SQL of {top.label}", "its SQL", "difference", "95 % interval", f"{top.label} is"]
    notes = [
        "Mean SQL a series over its windows, on the series and windows that both were scored on; negative is in favour "
        f"of {top.label}. Intervals: paired bootstrap over series, all windows of a series together. Published models "
        "have no scores a series, so they cannot be compared so."
    ]
    title, words = f"{task.name}: {top.label} against the others", frozenset({columns[0], columns[-1]})
    return PageTable(title, columns, words, [Section(lines)], notes, spare=(columns[2], columns[3], "series"))


def added(task: TaskBoard) -> PageTable | None:
    """What fine-tuning gives: with the LLM against without it, and the LLM alone against what it should pass."""
    lines = []
    for one in task.ours:
        kind, at, _ = one.entry.row.contestant.partition("@")
        for rival, names in RIVALS.get(kind, {}).items() if at else ():
            rivals = [s for s in task.ours if names.fullmatch(s.entry.row.contestant)]
            best = min(rivals, key=lambda s: s.entry.sql, default=None)
            d = versus(one, best) if best else None
            if best and d:
                change = (
                    f"{100 * d.gap / d.other:+.1f} % ({100 * d.low / d.other:+.1f} to {100 * d.high / d.other:+.1f})"
                )
                figures = [f"{d.series:,}", _plain(d.reference, 4), _plain(d.other, 4), change]
                lines.append(Line([one.label, f"{rival}: {best.label}" if rival else best.label, *figures, d.verdict]))
    if not lines:
        return None
    columns = ["with the LLM", "against", "series", "SQL", "its SQL", "change (95 % interval)", "it is"]
    notes = ["Negative is in favour of the LLM. Intervals: paired bootstrap over series, as % of the other's loss."]
    words = frozenset({"with the LLM", "against", "it is"})
    return PageTable(f"{task.name}: what the LLM adds", columns, words, [Section(lines)], notes)


def totals(task: TaskBoard) -> PageTable | None:
    """How good the quantiles of the total over the horizon are, by the way they were made."""
    sections = []
    for group in task.groups:
        lines = []
        for standing in group.standings:
            metrics = standing.entry.row.metrics
            for way, words in WAYS.items():
                loss, inside = metrics.get(f"{way}_pinball"), metrics.get(f"{way}_coverage")
                if loss is not None:
                    cells = [standing.label, words, _plain(loss, 4), _percent(inside)]
                    lines.append(Line(cells, _kind(task, standing)))
        if lines:
            sections.append(Section(lines, _heading(task, group)))
    if not sections:
        return None
    columns = ["contestant", "total from", "scaled pinball", "80 %"]
    notes = ["The sum of a step's quantiles is no quantile of the sum: it stands here as what paths must beat."]
    title = f"{task.name}: totals over the horizon"
    return PageTable(title, columns, frozenset(columns[:2]), sections, notes)


def cells(task: TaskBoard) -> PageTable | None:
    """SQL by ABC-XYZ cell and contestant."""
    ours = [s for s in task.ours if s.entry.row.cells]
    names = [cell for cell in CELLS if any(cell in s.entry.row.cells for s in ours)]
    if not names:
        return None
    sections = []
    for group in task.groups:
        lines = [
            Line([s.label, *[_plain(s.entry.row.cells.get(cell), 3) for cell in names]], _kind(task, s))
            for s in group.standings
            if s in ours
        ]
        if lines:
            sections.append(Section(lines, _heading(task, group)))
    notes = ["A sell most, C least; X sell steadily, Z erratically."]
    return PageTable(
        f"{task.name}: SQL by ABC-XYZ cell", ["contestant", *names], frozenset({"contestant"}), sections, notes
    )


@dataclass(frozen=True)
class Origin:
    """What made some rows: whose they are, the command, and the data, versions and digests behind it."""

    contestants: str
    command: str
    facts: str


def origins(task: TaskBoard) -> list[Origin]:
    """What made the rows of a task, rows that are alike in it together."""
    made: dict[tuple[str, str], list[str]] = {}
    for standing in task.ours:
        row = standing.entry.row
        facts = [f"data {row.fingerprint}"] if row.fingerprint else []
        facts += [f"seed {row.seed}", *(f"{name} {version}" for name, version in row.versions.items())]
        facts += [f"model {row.model_digest}"] if row.model_digest else []
        facts += [f"prompts {row.prompt_digest}"] if row.prompt_digest else []
        made.setdefault((row.command, ", ".join(facts)), []).append(standing.label)
    return [Origin(", ".join(labels), command, facts) for (command, facts), labels in made.items()]


def _heading(task: TaskBoard, group: Group) -> str:
    """Which series a section is about, where that is not plain: a sample says so always."""
    return group.title if group.sampled or len(task.groups) > 1 else ""


def _notes(task: TaskBoard) -> list[str]:
    notes = [
        "Lower is better; the share of actuals within the 80 % interval is best at 80 %; bias above 0 is over-forecast."
    ]
    if task.published:
        notes.append(
            "Published rows are other people's models in fev-bench, zero-shot, trained or fitted series by series: "
            "a zero-shot model never learned from this data. Ours are trained on the task's own past, before each "
            "cutoff. Published seconds come from other machines."
        )
    if any(group.sampled for group in task.groups):
        notes.append("A row on a sample is ranked among rows on the same sample, never against published scores.")
    if any(s.entry.row.fallback for s in task.ours):
        notes.append("Fallback: the share of forecasts for which the base forecast stood in, and is scored as such.")
    return notes


def _kind(task: TaskBoard, standing: Standing) -> Kind:
    return "published" if standing.entry.published else "reference" if standing is task.reference else "ours"


def _rank(standing: Standing, *, of: bool = False) -> str:
    if standing.rank is None:
        return NONE
    return f"{standing.rank} of {standing.of}" if of else str(standing.rank)


def _metric(name: str, digits: int) -> Callable[[Standing], str]:
    return lambda standing: _plain(standing.entry.row.metrics.get(name), digits)


def _plain(value: float | None, digits: int) -> str:
    return NONE if value is None else f"{value:.{digits}f}"


def _percent(value: float | None, *, sign: bool = False) -> str:
    return NONE if value is None else f"{value * 100:{'+' if sign else ''}.1f} %"


def seconds_a_series(standing: Standing, forecasts: int) -> float | None:
    """Seconds to forecast one series once. Published rows do not say how many they forecast: `forecasts`, as ours."""
    row = standing.entry.row
    count = row.forecasts or forecasts
    return row.seconds / count if row.seconds is not None and count else None


def _speed(standing: Standing, forecasts: int) -> str:
    seconds = seconds_a_series(standing, forecasts)
    if not seconds:
        return NONE
    return f"{1 / seconds:,.0f}" if 1 / seconds >= 10 else f"{1 / seconds:.2g}"


def _tokens(standing: Standing) -> str:
    row = standing.entry.row
    return NONE if row.tokens is None or not row.forecasts else f"{row.tokens / row.forecasts:,.0f}"
