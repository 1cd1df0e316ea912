"""The calendar of a table: which periods its dates are, found from the gaps between them, or why none can be told."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from itertools import pairwise
from math import gcd
from statistics import median

import duckdb

from ..messages import Count, Exact, Fact, Message, Quoted, message
from .freq import WEEKS, Freq
from .panel import WEEKDAYS, Grid

REGULAR = 0.8  # of a series' gaps are the same: it tells its own frequency
GAPS = 6  # of a series, at least, for that
EVEN = 10  # gaps that are all a multiple of two weeks, where not all are two weeks: it is no chance
SHOWN = 3  # series named in a refusal
NAMED: dict[int, Freq] = {1: "D", 7: "W", 14: "2W", 28: "4W"}
QUARTER = (84, 98)  # days, at least and at most


@dataclass(frozen=True)
class Dates:
    """What the dates of some series look like.

    Attributes:
        gaps: how often each gap in days lies between two dates of a series.
        days: every date, sorted.
        starts: all are first days of a month.
        ends: all are last days of a month.
        weekday: the most frequent, 1 is Monday.
        series: the series that tell their own frequency, by that frequency.
    """

    gaps: Counter[int]
    days: Sequence[date]
    starts: bool
    ends: bool
    more_starts: bool
    weekday: int
    series: dict[Freq, list[str]]

    @property
    def step(self) -> int:
        """The greatest number of days of which every gap is a multiple."""
        return reduce(gcd, self.gaps, 0)

    @property
    def usual(self) -> float:
        """The median gap, in days."""
        return float(median(self.gaps.elements()))


def infer_offset(con: duckdb.DuckDBPyConnection, table: str, freq: Freq | None, sample: int = 1000) -> Grid | Message:
    """The calendar of a table `unique_id, ds`, from the first `sample` series; or why there is none."""
    dates = _dates(con, table, sample)
    if dates is None:
        return message("no-calendar-rows")
    if freq is None:
        found = _freq(dates)
        if isinstance(found, Message):
            return found
        freq, shift = found
        if shift:
            return Grid("ME", shift)
    if freq in WEEKS:
        return _weeks(freq, dates)
    return Grid({"D": "D", "M": "MS" if dates.more_starts else "ME"}[freq])


def assumed(grid: Grid, last: date) -> Message | None:
    """What a person should know of a calendar that was found and not declared; None of days, weeks and months."""
    if grid.freq == "M" and grid.shift:
        inside = last - timedelta(days=grid.shift)
        return message("assumed-retail-months", date=last, month=f"{inside:%Y-%m}")
    if grid.freq in ("2W", "4W"):
        weekday = message("name-of-weekday", day=1 + WEEKDAYS.index(grid.offset[-3:]))
        return message("assumed-weeks-apart", weeks=WEEKS[grid.freq], weekday=weekday, freq=grid.freq, date=last)
    return None


def _dates(con: duckdb.DuckDBPyConnection, table: str, sample: int) -> Dates | None:
    con.execute(f"""
        create or replace temp table calendar as
        with ids as (select distinct unique_id from {table} where unique_id is not null and ds is not null
                     order by unique_id limit {sample}),
        dates as (select distinct unique_id, ds from {table} semi join ids using (unique_id) where ds is not null)
        select unique_id, ds, ds - lag(ds) over (partition by unique_id order by ds) as gap from dates
    """)
    try:
        row = con.execute("""
            select bool_and(day(ds) = 1), bool_and(ds = last_day(ds)),
                   avg((day(ds) = 1)::int) >= avg((ds = last_day(ds))::int), mode(isodow(ds)), count(*) from calendar
        """).fetchone()
        if row is None or row[4] == 0:
            return None
        gaps = con.execute("select gap, count(*) from calendar where gap is not null group by gap").fetchall()
        days = [day for (day,) in con.execute("select distinct ds from calendar order by ds").fetchall()]
        own = con.execute(f"""
            with own as (
                select unique_id, mode(gap) as usual, median(gap) as middle,
                       bool_and(day(ds) = 1) or bool_and(ds = last_day(ds)) as months
                from calendar group by unique_id having count(gap) >= {GAPS}
            )
            select unique_id, any_value(usual), any_value(middle), any_value(months)
            from calendar join own using (unique_id) where gap is not null group by unique_id
            having avg((gap = usual)::int) >= {REGULAR} or (any_value(months) and any_value(middle) between 28 and 31)
            order by unique_id
        """).fetchall()
    finally:
        con.execute("drop table if exists calendar")
    series: dict[Freq, list[str]] = {}
    for uid, usual, middle, month in own:
        kind = "M" if month and 28 <= middle <= 31 else NAMED.get(int(usual))
        if kind is not None:
            series.setdefault(kind, []).append(str(uid))
    counted = Counter({int(gap): int(count) for gap, count in gaps})
    return Dates(counted, days, bool(row[0]), bool(row[1]), bool(row[2]), int(row[3]), series)


def _freq(dates: Dates) -> tuple[Freq, int] | Message:
    """The frequency, and the days that the months of a retail calendar are to be shifted; or why there is none."""
    if not dates.gaps:
        return message("no-calendar-dates")
    if len(dates.series) > 1:
        return _mixed(dates.series)
    usual, step = dates.usual, dates.step
    if usual == 1:
        return "D", 0
    if min(dates.gaps) >= QUARTER[0] and usual <= QUARTER[1]:
        return message("no-calendar-quarters", days=Exact(usual))
    if shift := _retail(dates.days):
        return "M", shift
    if usual >= 28 and (dates.starts or dates.ends or (usual <= 31 and step % 7)):
        return "M", 0
    if step % 7 == 0:
        steady = step == usual or sum(dates.gaps.values()) >= EVEN
        if step == 7 or not steady:
            return "W", 0
        if step in NAMED:
            return NAMED[step], 0
        if dates.gaps[step] < REGULAR * sum(dates.gaps.values()):
            return "W", 0
    elif usual == 7:
        return "W", 0
    return message("no-calendar-step", days=Exact(usual))


def _mixed(series: dict[Freq, list[str]]) -> Message:
    groups: list[Fact] = [
        message(
            "calendar-group",
            periods=message(f"several-{freq}"),
            count=Count(len(ids)),
            series=tuple(Quoted(uid) for uid in ids[:SHOWN]),
            more=int(len(ids) > SHOWN),
        )
        for freq, ids in sorted(series.items(), key=lambda item: ("D", "W", "2W", "4W", "M").index(item[0]))
    ]
    fewest = min(series.values(), key=len)
    longest = next(freq for freq in ("M", "4W", "2W", "W") if freq in series)
    return message("no-calendar-mixed", groups=tuple(groups), one=fewest[0], longest=longest)


def _retail(days: Sequence[date]) -> int:
    """The days to go back from each date into a month of its own, where they lie 4 and 5 weeks apart; 0 where not."""
    gaps = {(later - earlier).days for earlier, later in pairwise(days)}
    if gaps != {28, 35}:
        return 0
    for shift in sorted(range(1, 36), key=lambda back: abs(back - 15)):
        inside = [day - timedelta(days=shift) for day in days]
        months = [12 * day.year + day.month for day in inside]
        if all(later - earlier == 1 for earlier, later in pairwise(months)):
            return shift
    return 0


def _weeks(freq: Freq, dates: Dates) -> Grid:
    """The weeks of the most frequent weekday; of two or four together, those in which most dates lie."""
    offset = f"{freq if freq != 'W' else 'W'}-{WEEKDAYS[dates.weekday - 1]}"
    first = date(1970, 1, 5) + timedelta(days=dates.weekday - 1)
    places = Counter((day - first).days // 7 % WEEKS[freq] for day in dates.days)
    return Grid(offset, max(places, key=lambda place: (places[place], -place)))
