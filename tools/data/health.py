"""Health: what is in a table of sales and what is wrong with it, counted once, for reports and strict reading alike."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

import duckdb

from ..messages import Count, Fact, Message, Quoted, message
from .cube import STOCK_BY
from .freq import WEEKS
from .panel import SEASON_LENGTH, WEEKDAYS, Grid
from .schema import Freq, PanelSchema
from .sql import quoted

Severity = Literal["error", "warning", "info"]

WITH_ID = "select … from data where unique_id <> ''"
FEW_PERIODS = 8
MOST_UNITS = 10**12  # in a period: beyond it a figure is no sale, and sums lose their units
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
NEED_CALENDAR = ("off_grid", "gaps", "ended", "short", "under_two_seasons")


@dataclass(frozen=True)
class Finding:
    """One thing found in the data.

    Attributes:
        severity: `error` (unusable as it is), `warning` (forecasts will suffer) or `info`.
        kind: a stable word for programs, such as `gaps` or `duplicates`.
        series: how many series are concerned; 0 when it is not about series.
        rows: how many rows (or periods) are concerned.
        example: the first case, as text.
        message: what was got, what is expected, the choices.
    """

    severity: Severity
    kind: str
    series: int
    rows: int
    example: str
    message: Message


@dataclass(frozen=True)
class HealthReport:
    """What is in a table of sales and what is wrong with it.

    Attributes:
        name: the source.
        rows: rows in the table, plan rows included.
        series: distinct unique_ids.
        freq: `D`, `W`, `M`, or None when the dates tell none.
        offset: the pandas offset of the dates (`D`, `W-SUN`, `MS`, …) or None.
        first: first date as YYYY-MM-DD, None when no date can be read.
        last: last date, of the sales where a plan follows them.
        zero_share: share 0..1 of the known y that are 0.
        findings: errors first, then warnings, then infos.
        plan: last date of the plan; None when there is none after the sales.
    """

    name: str
    rows: int
    series: int
    freq: Freq | None
    offset: str | None
    first: str | None
    last: str | None
    zero_share: float
    findings: tuple[Finding, ...]
    plan: str | None = None

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Why the data cannot be used as it is. Empty when it can."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    def with_findings(self, more: Sequence[Finding]) -> "HealthReport":
        """The same report with more findings, errors first."""
        found = sorted([*self.findings, *more], key=lambda finding: SEVERITIES.index(finding.severity))
        return replace(self, findings=tuple(found))


@dataclass(frozen=True)
class Check:
    """One thing that can be wrong with a series: how to count it, show it and say it.

    Attributes:
        count: SQL aggregate over the rows of a series: how many are concerned.
        example: SQL aggregate: the first case as text.
        tails: what was expected, and what can be done about it.
        unit: what is counted: `counted-UNIT` is its message.
        case: the message of a case that is a date; cases of other checks are shown as they are.
        facts: of the message `found-KIND`, which says what was got.
    """

    kind: str
    severity: Severity
    count: str
    example: str
    tails: tuple[Message, ...] = ()
    unit: str = "rows"
    case: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def message(self, rows: int, series: int, unique_id: str | None, example: str) -> Message:
        """The finding: what was got, in how many rows of how many series, the first, what was expected, the choices."""
        counted = message(f"counted-{self.unit}", rows=Count(rows))
        case = _dated(self.case, date.fromisoformat(example)) if self.case and example else example
        first = tuple(part for part in (Quoted(unique_id or ""), case) if part)
        if unique_id is not None:
            where = message("where-series", counted=counted, series=Count(series), first=first)
        else:
            where = message("where-first", counted=counted, first=first) if first else counted
        return message("finding", what=Message(f"found-{self.kind}", self.facts), parts=(where, *self.tails))


def row_check(
    kind: str, severity: Severity, where: str, shown: str, *tails: Message, case: str = "", **facts: Fact
) -> Check:
    """A check of single rows: `where` is the SQL condition, `shown` the SQL text of a case; dates in it come first."""
    count, example = f"count(*) filter ({where})", f"min({shown}) filter ({where})"
    return Check(kind, severity, count, example, tails, case=case, facts=facts)


def checks(schema: PanelSchema, grid: Grid) -> list[Check]:
    """Every check in the order in which strict reading names them. The data's own choices turn errors to infos."""
    freq, season = grid.freq, SEASON_LENGTH[grid.freq]
    missing: Severity = "error" if schema.missing == "error" else "info"
    negative: Severity = "error" if schema.negative == "error" else "info"
    keep = message("advice-missing")
    length = "any_value(_end) - min(_p) + 1"
    no_y = "1 = 0" if schema.missing == "zero" and not schema.known_future else "count(y) + count(_bad_y) = 0"
    stock = next((name for name in STOCK_BY if name in schema.covariates), None)
    found = [
        row_check("null_id", "error", "unique_id is null", "coalesce(strftime(ds, '%Y-%m-%d'), '')",
                  message("expected-id"), message("advice-null-id", query=WITH_ID)),
        row_check("bad_date", "error", "_bad_ds is not null", "'ds = ' || _bad_ds",
                  message("expected-dates")),
        row_check("bad_y", "error", "_bad_y is not null", "concat(ds, ' y = ', _bad_y)", message("expected-numbers")),
        row_check("infinite_y", "error", "isinf(y)", "concat(ds, ' y = ', y)", message("expected-finite")),
        row_check("negative_y", negative, "y < 0 and not isinf(y)", "concat(ds, ' y = ', y)",
                  message("expected-positive"), message("advice-negative")),
        row_check("huge_y", "error", f"y > {MOST_UNITS} and not isinf(y)", "concat(ds, ' y = ', y)",
                  message("expected-units"), most=Count(MOST_UNITS)),
        row_check("bad_covariate", "error", "_bad_covariate is not null", "concat(ds, ' ', _bad_covariate)",
                  message("expected-flags"), message("advice-text")),
        row_check("off_grid", "error", grid.off("ds"), "strftime(ds, '%Y-%m-%d')",
                  _dates_of(grid), message("advice-off-grid"), case="case-weekday", rhythm=message(f"rhythm-{freq}")),
        Check("duplicates", "error", f"count(ds) - count(distinct {grid.one_row_each})", "''",
              (message("expected-one-row"), message("advice-sum"))),
        Check("no_y", "error", f"case when {no_y} then count(*) else 0 end", "''", (message("expected-known"),)),
        row_check("missing_y", missing, "y is null and _bad_y is null and _p <= _end", "strftime(ds, '%Y-%m-%d')",
                  message("expected-every-row"), keep),
        Check("gaps", missing, f"greatest({length} - count(distinct _p) filter (where _p <= _end), 0)", "''",
              (message("expected-row-each", period=message(f"period-{freq}")), keep), "periods",
              facts={"periods": message(f"several-{freq}")}),
        Check("near_duplicate_ids", "warning", "any_value(_alike) - 1", "''",
              (message("expected-one-spelling"),), "spellings"),
        Check("static_varies", "warning",
              " + ".join(f"greatest(count(distinct {quoted(name)}) - 1, 0)" for name in schema.static) or "0", "''",
              (message("expected-one-value"), message("advice-first-taken"), message("advice-what-changes")), "values"),
        Check("all_zero", "warning", "case when max(y) = 0 and min(y) = 0 then count(y) else 0 end", "''"),
        Check("ended", "warning", "any_value(_panel_end) - any_value(_end)",
              f"strftime({grid.label('any_value(_end)')}, '%Y-%m-%d')", (message("advice-ended"),), "periods",
              "case-ends", {"period": message(f"period-{freq}")}),
        Check("short", "warning", f"case when {length} < {FEW_PERIODS} then {length} else 0 end", "''",
              unit="periods", facts={"fewest": message(f"periods-{freq}", count=FEW_PERIODS)}),
        Check("under_two_seasons", "info",
              f"case when {length} between {FEW_PERIODS} and {2 * season - 1} then {length} else 0 end", "''",
              unit="periods", facts={"fewest": message(f"periods-{freq}", count=2 * season)}),
        Check("constant", "info", "case when count(y) > 1 and min(y) = max(y) and max(y) <> 0 then count(y) else 0 end",
              "concat('y = ', max(y))"),
        row_check("zeros", "info", "y = 0", "strftime(ds, '%Y-%m-%d')"),
    ]  # fmt: skip
    if "price" in schema.covariates:
        found.append(row_check("negative_price", "warning", "price < 0", "concat(ds, ' price = ', price)",
                               message("expected-positive")))  # fmt: skip
    if stock is not None:
        found.append(row_check("stock_out", "info", f"{quoted(stock)} = 0", "strftime(ds, '%Y-%m-%d')", column=stock))
    return found


def _dated(key: str, day: date) -> Message:
    return message(key, date=day, weekday=message("name-of-weekday", day=day.isoweekday()))


def _dates_of(grid: Grid) -> Message:
    """Which dates lie on a calendar."""
    if grid.freq in WEEKS:
        weekday = message("name-of-weekday", day=1 + WEEKDAYS.index(grid.offset[-3:]))
        return message("expected-weekday", weekday=weekday, weeks=WEEKS[grid.freq])
    return message(f"expected-{grid.offset}")


def tally(con: duckdb.DuckDBPyConnection, schema: PanelSchema, grid: Grid, rows: str = "rows") -> None:
    """Count every check for every series: the table `rows` becomes the table `series`.

    `rows` has `unique_id, ds, _bad_ds, y, _bad_y, _bad_covariate` and the covariates; `series` one row a unique_id with
    `_first`, `_end` (the period of its last known y when a plan may follow, else of its last row) and, for each
    check, `n_KIND` and `eg_KIND`.
    """
    columns = ", ".join(f"{check.count} as n_{check.kind}, {check.example} as eg_{check.kind}"
                        for check in checks(schema, grid))  # fmt: skip
    end = "max(_p) filter (where y is not null)" if schema.known_future else "max(_p)"
    con.execute(f"create or replace temp view numbered as select *, {grid.number('ds')} as _p from {rows}")
    con.execute(f"""
        create or replace temp table series as
        with ends as (
            select unique_id as _id, {end} as _end,
                   count(*) over (partition by lower(regexp_replace(trim(unique_id), '\\s+', ' ', 'g'))) as _alike
            from numbered group by unique_id
        ), ended as (select *, max(_end) over () as _panel_end from ends)
        select unique_id, min(_p) as _first, any_value(_end) as _end, {columns}
        from numbered join ended on unique_id is not distinct from _id group by unique_id
    """)
    _date_examples(con, grid)


def _date_examples(con: duckdb.DuckDBPyConnection, grid: Grid) -> None:
    """The first duplicate and the first gap take a look at neighbours: only the series concerned are sorted."""
    for kind, is_case, shown in (
        ("duplicates", "_next = _p", "ds"),
        ("gaps", "_next > _p + 1 and _p < _end", grid.label("(_p + 1)")),
    ):
        if con.execute(f"select 1 from series where n_{kind} > 0 limit 1").fetchone() is None:
            continue
        con.execute(f"""
            update series set eg_{kind} = found.shown from (
                select unique_id, strftime(min({shown}), '%Y-%m-%d') as shown from (
                    select unique_id, ds, _p, _end, lead(_p) over (partition by unique_id order by _p) as _next
                    from numbered join (select unique_id, _end from series where n_{kind} > 0) using (unique_id)
                ) where {is_case} group by unique_id
            ) as found where series.unique_id = found.unique_id
        """)


def findings(con: duckdb.DuckDBPyConnection, schema: PanelSchema, grid: Grid) -> Iterator[Finding]:
    """What the table `series` has, check by check."""
    for check in checks(schema, grid):
        about = "" if check.kind == "null_id" else "and unique_id is not null"
        row = con.execute(f"""
            select count(*), sum(n_{check.kind})::bigint, min(unique_id),
                   coalesce(arg_min(eg_{check.kind}, unique_id), any_value(eg_{check.kind}))
            from series where n_{check.kind} > 0 {about}
        """).fetchone()
        if row is not None and row[0]:
            series, rows, first, example = int(row[0]), int(row[1]), row[2], str(row[3] or "")
            yield Finding(
                check.severity,
                check.kind,
                series,
                rows,
                " ".join(part for part in (first, example) if part),
                check.message(rows, series, first, example),
            )


def reasons(con: duckdb.DuckDBPyConnection, schema: PanelSchema, grid: Grid) -> dict[str, Message]:
    """The series of the table `series` that cannot be used: unique_id to the first error."""
    why: dict[str, Message] = {}
    errors = [check for check in checks(schema, grid) if check.severity == "error"]
    anything = " or ".join(f"n_{check.kind} > 0" for check in errors) or "false"
    if not con.execute(f"select 1 from series where {anything} limit 1").fetchone():
        return why  # as most chunks of a catalogue have none
    for check in errors:
        for uid, rows, example in con.execute(
            f"select unique_id, n_{check.kind}, eg_{check.kind} from series "
            f"where n_{check.kind} > 0 and unique_id is not null order by unique_id"
        ).fetchall():
            why.setdefault(str(uid), check.message(int(rows), 1, None, str(example or "")))
    return why


def idle_series(con: duckdb.DuckDBPyConnection, least: int, most: int) -> list[str]:
    """The first `most` series of the table `series` whose last sale is `least` periods or more before their end."""
    rows = con.execute(f"""
        select unique_id from numbered join series using (unique_id) group by unique_id
        having any_value(_end) - max(_p) filter (y > 0) >= {least} order by unique_id limit {most}
    """).fetchall()
    return [str(uid) for (uid,) in rows]


def report(
    con: duckdb.DuckDBPyConnection,
    name: str,
    schema: PanelSchema,
    grid: Grid | Message,
    ignored: Sequence[str],
    left_out: Sequence[Message] = (),
) -> HealthReport:
    """The health of the tables `rows` and `series`. Without a calendar, only what needs none.

    Args:
        con: where they are.
        name: of the source.
        schema: the declared roles of the columns.
        grid: the calendar, or why there is none.
        ignored: columns that have no role.
        left_out: what is said of last periods that were left out.
    """
    sold = "y is not null" if schema.known_future else "true"
    counts = con.execute(f"""
        select count(*), count(distinct unique_id), min(ds)::varchar, (max(ds) filter ({sold}))::varchar,
               coalesce(avg((y = 0)::int), 0), max(ds)::varchar from rows
    """).fetchone()
    assert counts is not None
    last, end = counts[3] or counts[5], counts[5]
    if isinstance(grid, Message):
        found = [f for f in findings(con, schema, Grid("D")) if f.kind not in NEED_CALENDAR]
        found.append(Finding("error", "frequency", 0, int(counts[0]), "", grid))
    else:
        found = list(findings(con, schema, grid))
    found += [Finding("warning", "left_out", 0, 0, "", said) for said in left_out]
    if ignored:
        text = message("found-ignored_columns", columns=tuple(ignored))
        found.append(Finding("info", "ignored_columns", 0, 0, ", ".join(ignored), text))
    return HealthReport(
        name=name,
        rows=int(counts[0]),
        series=int(counts[1]),
        freq=None if isinstance(grid, Message) else grid.freq,
        offset=None if isinstance(grid, Message) else grid.offset,
        first=counts[2],
        last=last,
        zero_share=float(counts[4]),
        findings=tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity))),
        plan=end if end != last else None,
    )
