"""Groups: what may be ranked against what, the seasonal naive to measure skill against, and the reference of a task."""

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from ...agent.forecast.evidence import periods
from ...prompts.messages.say import say
from ...tools.data.schema import Freq
from ...tools.forecast.adjusted import ADJUSTED
from ...tools.forecast.statistical import KNOWN
from ..scoring.bootstrap import Difference, paired_difference
from ..scoring.runs import SCORES, Row

TOP = "Combined"
PER_SERIES = {*KNOWN, *ADJUSTED, "Naive", "Seasonal Naive", "Drift", "Statistical", "Stat. Ensemble", "Recent"}
WAYS: tuple[Callable[["ScoredRun"], str], ...] = (  # in what rows of one contestant may differ
    lambda entry: "published" if entry.published else "",
    lambda entry: f"sample of {entry.row.series:,}" if entry.sampled else "",
    lambda entry: f"seed {entry.row.seed}" if entry.row.seed else "",
    lambda entry: f"model {entry.row.model_digest[:6]}" if entry.row.model_digest else "",
    lambda entry: f"prompts {entry.row.prompt_digest[:6]}" if entry.row.prompt_digest else "",
    lambda entry: f"data {entry.row.fingerprint[:6]}" if entry.row.fingerprint and not entry.sampled else "",
)


@dataclass(frozen=True)
class ScoredRun:
    """One row, with its per-series scores (columns `SCORES`; empty where they were not kept)."""

    row: Row
    scores: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=SCORES), repr=False)

    @property
    def sql(self) -> float:
        """SQL, infinite where it is not known, so that it sorts last."""
        value = self.row.metrics.get("SQL")
        return float("inf") if value is None else value

    @property
    def published(self) -> bool:
        """It was read from a table of published scores."""
        return self.row.kind == "published"

    @property
    def sampled(self) -> bool:
        """It was scored on a sample of the task's series."""
        return self.row.limit is not None

    @property
    def origin(self) -> str:
        """Whose it is and what it was trained on, for a reader who compares."""
        whose = "published" if self.published else "ours"
        if self.row.contestant in PER_SERIES:
            return f"{whose}, fitted per series"
        if self.published:
            return "published, zero-shot" if self.row.zero_shot else "published, trained"
        if not self.row.zero_shot:
            return "ours, task's past"
        return "ours, prompted" if self.row.contestant.startswith("LLM") else "ours, zero-shot"

    @property
    def horizon(self) -> int | None:
        """Periods ahead, where the row tells."""
        if self.row.horizon is not None:
            return self.row.horizon
        return len(self.row.examples[0].ds) if self.row.examples else None


@dataclass(frozen=True)
class Standing:
    """An entry in its place.

    Attributes:
        entry: the entry.
        label: the contestant's name, with what tells it from another of the same name.
        rank: among the entries on the same series, 1 is best; equals share a rank; None without SQL.
        of: how many were ranked.
    """

    entry: ScoredRun
    label: str
    rank: int | None
    of: int


@dataclass(frozen=True)
class Group:
    """Entries that may be ranked against one another: same task, same data, same series; best first.

    Attributes:
        standings: best first.
        title: what sets this group apart from the others of the task.
        sampled: scored on a sample; never with published rows.
        naive: SQL of seasonal naive on these series, which skill is measured against: ours, else the published one.
        naive_label: its name.
    """

    standings: list[Standing]
    title: str
    sampled: bool
    naive: float | None
    naive_label: str

    def skill(self, standing: Standing) -> float | None:
        """`1 - SQL / SQL of seasonal naive`; None where either is not known."""
        own = standing.entry.row.metrics.get("SQL")
        return 1 - own / self.naive if self.naive and own is not None else None


@dataclass(frozen=True)
class TaskBoard:
    """One task of the board.

    Attributes:
        name: of the task.
        groups: the full task first, then samples.
    """

    name: str
    groups: list[Group]

    @property
    def ours(self) -> list[Standing]:
        """The rows made by runs, group by group, best first."""
        return [s for group in self.groups for s in group.standings if not s.entry.published]

    @property
    def published(self) -> list[Standing]:
        """The published rows."""
        return [s for group in self.groups for s in group.standings if s.entry.published]

    @property
    def reference(self) -> Standing | None:
        """The contestant that the others are compared with: Combined, else our best; on all series if one is."""
        order = sorted(self.ours, key=lambda s: (s.entry.sampled, s.entry.row.contestant != TOP, s.entry.sql))
        return order[0] if order else None

    def group_of(self, standing: Standing) -> Group:
        """The group in which an entry stands."""
        return next(group for group in self.groups if standing in group.standings)

    @property
    def facts(self) -> str:
        """`horizon 13 weeks, 8 windows, 1,115 series`, as far as the rows say so."""
        best = next(iter(self.ours or self.published))
        row = best.entry.row
        span = _span(best.entry)
        parts = [f"horizon {span}"] if span else []
        parts.append(f"{row.windows} window" + ("" if row.windows == 1 else "s"))
        if row.limit is None and row.series != row.series_of:
            parts.append(f"{row.series:,} of {row.series_of:,} series, the others too short or ended early")
        elif row.series_of:
            parts.append(f"{row.series_of:,} series")
        return ", ".join(parts)

    @functools.cached_property
    def differences(self) -> list[tuple[Standing, Difference]]:
        """The reference against each of the others that were scored on the same series, the nearest first."""
        reference = self.reference
        if reference is None or reference.entry.scores.empty:
            return []
        found = []
        for other in self.ours:
            difference = None if other is reference else versus(reference, other)
            if difference is not None:
                found.append((other, difference))
        return sorted(found, key=lambda pair: pair[1].gap, reverse=True)


def versus(one: Standing, other: Standing) -> Difference | None:
    """One against the other on the same series; None where there are none, or their scores were not kept."""
    if one.entry.scores.empty or other.entry.scores.empty or not _same_data(one.entry, other.entry):
        return None
    return paired_difference(one.entry.scores, other.entry.scores)


def task_board(name: str, entries: Sequence[ScoredRun]) -> TaskBoard:
    """Groups: what was scored on the same series and windows; published rows stand among the full runs."""
    pools: dict[tuple[object, ...], list[ScoredRun]] = {}
    for entry in entries:
        if not entry.published:
            row = entry.row
            data = row.fingerprint or (row.seed, row.series)
            pools.setdefault((row.limit, row.windows, data), []).append(entry)
    full = sorted((pool for pool in pools.values() if not pool[0].sampled), key=len, reverse=True)
    sampled = sorted((pool for pool in pools.values() if pool[0].sampled), key=lambda pool: -pool[0].row.series)
    published = [entry for entry in entries if entry.published]
    if published:
        cut = published[0].row.windows
        same = next((pool for pool in full if pool[0].row.windows == cut and not pool[0].row.own), None)
        full = [[*(same or []), *published], *(pool for pool in full if pool is not same)]
    labels = _labels(entries)
    cuts = {pool[0].row.windows for pool in pools.values()}
    groups = []
    for number, pool in enumerate([*full, *sampled]):
        row, other = pool[0].row, " of other data" if 0 < number < len(full) else ""
        title = f"sample of {row.series:,} of {row.series_of:,} series" if row.limit else f"all series{other}"
        title += f", seed {row.seed}" if row.limit and row.seed else ""
        title += f", {row.windows} windows" if len(cuts) > 1 else ""
        known = [round(entry.sql, 6) for entry in pool if entry.sql < float("inf")]
        standings = [
            Standing(
                entry,
                labels[id(entry)],
                1 + sum(sql < round(entry.sql, 6) for sql in known) if entry.sql < float("inf") else None,
                len(known),
            )
            for entry in sorted(pool, key=lambda entry: (entry.sql, entry.row.contestant))
        ]
        groups.append(Group(standings, title, row.limit is not None, *_naive(pool, entries)))
    return TaskBoard(name, groups)


def _naive(pool: Sequence[ScoredRun], entries: Sequence[ScoredRun]) -> tuple[float | None, str]:
    """SQL and name of seasonal naive on the series of a pool, taken from a full run's scores where it is not in it."""

    def naive(entry: ScoredRun) -> bool:
        return re.sub("[^a-z]", "", entry.row.contestant.lower()) == "seasonalnaive" and entry.sql < float("inf")

    inside = sorted((entry for entry in pool if naive(entry)), key=lambda entry: entry.published)
    if inside:
        return inside[0].sql, inside[0].row.contestant
    scored = next((entry for entry in pool if not entry.scores.empty), None)
    for entry in entries:
        if scored is not None and naive(entry) and not entry.scores.empty and _same_data(scored, entry):
            difference = paired_difference(scored.scores, entry.scores, draws=1)
            if difference is not None and difference.series == scored.row.series:
                return difference.other, entry.row.contestant
    return None, ""


def _labels(entries: Sequence[ScoredRun]) -> dict[int, str]:
    """Names that tell rows apart: of a contestant that stands twice, in what the two differ."""
    named: dict[str, list[ScoredRun]] = {}
    for entry in entries:
        named.setdefault(entry.row.contestant, []).append(entry)
    labels = {}
    for name, same in named.items():
        marks: list[list[str]] = [[] for _ in same]
        for way in WAYS:
            values = [way(entry) for entry in same]
            if len(set(values)) > 1 and len({tuple(mark) for mark in marks}) < len(marks):
                for mark, value in zip(marks, values, strict=True):
                    mark += [value] if value else []
        for entry, mark in zip(same, marks, strict=True):
            labels[id(entry)] = f"{name} ({', '.join(mark)})" if mark else name
    return labels


def _same_data(one: ScoredRun, two: ScoredRun) -> bool:
    """Whether the series of both are the same where their names are: samples of one task are, other data is not."""
    if one.row.windows != two.row.windows or len({one.horizon, two.horizon} - {None}) > 1:
        return False
    if (one.row.limit, one.row.seed) == (two.row.limit, two.row.seed):
        return one.row.fingerprint == two.row.fingerprint
    return one.row.series_of == two.row.series_of


def _span(entry: ScoredRun) -> str:
    horizon, row = entry.horizon, entry.row
    if horizon is None:
        return ""
    freq = row.freq or (frequency(row.examples[0].ds) if row.examples else None)
    return say(periods(horizon, freq)) if freq else f"{horizon}"


def frequency(ds: Sequence[str]) -> Freq | None:
    """Days, weeks or months, by the distance of the first two periods; None where there is one period only."""
    if len(ds) < 2:
        return None
    days = (pd.Timestamp(ds[1]) - pd.Timestamp(ds[0])).days
    return "D" if days < 7 else "W" if days < 28 else "M"
