"""The last periods of a table: whether they were loaded at all, and whether the last of them was over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from statistics import median

import duckdb

from ..messages import Count, Message, Percent, message
from .freq import YEAR
from .panel import Grid

LEAST_ZEROS = 2  # periods without any sale before they are taken as not loaded
CHANCE = 0.01  # of so many, at the share of periods in which anything sold
BEFORE = 13  # periods before them in which at least two series sold
REFERENCE = 12  # periods, or like weekdays, that a last one is held against
FEWEST = 6  # of them that must be known
FAR_BELOW = 0.75  # of the least of them: in sum
HALF = 0.5  # the same, where only the sum can be looked at
NEARLY_ALL = 0.9  # of the series that sell in every period are below every one of theirs
SERIES, SLOW = 3, 20  # that show it: of steady sellers, and of others


@dataclass(frozen=True)
class Tail:
    """What of the end of a table is left out.

    Attributes:
        cut: the last period that counts, as the grid's whole number; None where all do.
        said: what was left out and why.
    """

    cut: int | None = None
    said: tuple[Message, ...] = ()


def tail(con: duckdb.DuckDBPyConnection, table: str, grid: Grid, y: str = "y") -> Tail:
    """Which of the last periods of a table `unique_id, ds, y` are not to be taken for sales.

    Two or more last periods in which no series sold anything, though several sold just before, are taken as not loaded.
    A last period is taken as not over where nearly all series that sell in every period sold less than in any of the
    12 before it (of days: of like weekdays) and all together less than three quarters of the least of them; or, where
    few sell in every period, where 20 series together sold less than half of it. A drop that came a year ago as well is
    a season.

    Args:
        con: where the table is.
        table: its name.
        grid: its calendar.
        y: SQL of the units of a row; NULL where they are not known or a plan.
    """
    totals: dict[int, float] = {
        int(p): float(total)
        for p, total in con.execute(
            f"select {grid.number('ds')} as p, sum({y}) from {table} where {y} is not null and ds is not null "
            f"and unique_id is not null and isfinite({y}) group by p order by p"
        ).fetchall()
    }
    said: list[Message] = []
    cut: int | None = None
    zeros = _zeros(totals)
    if zeros and _sold_before(con, table, grid, y, max(totals) - zeros):
        last = max(totals)
        cut = last - zeros
        days = [_label(con, grid, p) for p in (cut + 1, last, cut)]
        count = message(f"periods-{grid.freq}", count=zeros)
        said.append(message("assumed-not-loaded", periods=count, first=days[0], last=days[1], cutoff=days[2]))
        totals = {p: total for p, total in totals.items() if p <= cut}
    if (partial := _partial(con, table, grid, y, totals)) is not None:
        cut = max(totals) - 1
        said.append(partial)
    return Tail(cut, tuple(said))


def _zeros(totals: Mapping[int, float]) -> int:
    """How many last periods without any sale there are, more than ever before and than chance has it; else 0."""
    sold = [p for p, total in sorted(totals.items()) if total > 0]
    if not sold:
        return 0
    last = max(totals)
    run = sum(1 for p in totals if p > sold[-1])
    inside = [totals[p] > 0 for p in sorted(totals) if sold[0] <= p <= sold[-1]]
    longest = max((len(list(group)) for some, group in groupby(inside) if not some), default=0)
    rate = (len(sold) - 0.5) / len(inside)
    if run != last - sold[-1] or run < LEAST_ZEROS or run <= longest or (1 - rate) ** run >= CHANCE:
        return 0
    return run


def _sold_before(con: duckdb.DuckDBPyConnection, table: str, grid: Grid, y: str, last: int) -> bool:
    """Whether at least two series sold shortly before: one alone may have ended."""
    row = con.execute(
        f"select count(distinct unique_id) from {table} where {y} > 0 and {grid.number('ds')} between ? and ?",
        [last - BEFORE + 1, last],
    ).fetchone()
    return row is not None and int(row[0]) >= 2


def _partial(
    con: duckdb.DuckDBPyConnection,
    table: str,
    grid: Grid,
    y: str,
    totals: Mapping[int, float],
) -> Message | None:
    """What is said of a last period that was not over; None where it was."""
    if not totals:
        return None
    last = max(totals)
    usual = _reference(totals, last, grid)
    if len(usual) < FEWEST or min(usual.values()) <= 0:
        return None
    share = totals[last] / median(usual.values())
    if totals[last] >= FAR_BELOW * min(usual.values()) or _a_year_ago(totals, last, grid):
        return None
    steady, below, some = _series(con, table, grid, y, last, sorted(usual))
    few = steady < SERIES
    if (few and (some < SLOW or totals[last] >= HALF * min(usual.values()))) or (
        not few and below < NEARLY_ALL * steady
    ):
        return None
    return message(
        "assumed-last-not-over",
        date=_label(con, grid, last),
        percent=Percent(100 * share),
        periods=message(f"periods-{grid.freq}", count=len(usual)),
        cutoff=_label(con, grid, last - 1),
        series=Count(some if few else below),
    )


def _reference(totals: Mapping[int, float], last: int, grid: Grid) -> dict[int, float]:
    """The totals of the periods before one, or of the like weekdays before a day."""
    step = 7 if grid.freq == "D" else 1
    return {p: totals[p] for p in range(last - step, last - step * REFERENCE - 1, -step) if p in totals}


def _a_year_ago(totals: Mapping[int, float], last: int, grid: Grid) -> bool:
    """Whether as low a period came a year earlier, give or take one."""
    year = YEAR[grid.freq]
    for then in range(last - year - 1, last - year + 2):
        usual = _reference(totals, then, grid)
        if then in totals and len(usual) >= FEWEST and totals[then] < FAR_BELOW * min(usual.values()):
            return True
    return False


def _series(
    con: duckdb.DuckDBPyConnection, table: str, grid: Grid, y: str, last: int, before: list[int]
) -> tuple[int, int, int]:
    """How many series sold in every reference period, how many of them less than ever in the last; how many sold."""
    row = con.execute(
        f"""
        with held as (
            select unique_id, coalesce(sum({y}) filter (p = $1), 0) as now, min({y}) filter (p <> $1) as least,
                   count(*) filter (p <> $1 and {y} > 0) as sold
            from (select *, {grid.number("ds")} as p from {table})
            where p = $1 or list_contains($2, p) group by unique_id
        )
        select count(*) filter (sold = len($2)), count(*) filter (sold = len($2) and now < least),
               count(*) filter (sold > 0) from held
        """,
        [last, before],
    ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1]), int(row[2])


def _label(con: duckdb.DuckDBPyConnection, grid: Grid, number: int) -> date:
    row = con.execute(f"select {grid.label(f'({number})::bigint')}::date").fetchone()
    assert row is not None
    found: date = row[0]
    return found
