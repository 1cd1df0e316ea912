"""Transactions: several rows a series and period summed to one, returns netted, and rows of a double import found."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from ..messages import Count, Message, Refusal, message
from .freq import Freq
from .schema import PanelSchema
from .sql import quoted

MONDAY = "date '1970-01-05'"
PERIODS: dict[Freq, str] = {  # SQL of the first day of the period that `ds` lies in
    "D": "ds",
    "W": "date_trunc('week', ds)::date",
    "2W": f"({MONDAY} + (floor((ds - {MONDAY}) / 14.0) * 14)::int)",
    "4W": f"({MONDAY} + (floor((ds - {MONDAY}) / 28.0) * 28)::int)",
    "M": "date_trunc('month', ds)::date",
}
LATE = 3  # days before the last day of a month on which its business may end
BLOCK = 5  # rows in a row that stand elsewhere again, over two dates: no sale, but an import


@dataclass(frozen=True)
class Copies:
    """Rows that stand in a table again.

    Attributes:
        rows: how many.
        times: how many times the whole table is there; 1 where it is a part that is there twice.
    """

    rows: int
    times: int


def copies(con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], ds: str) -> Copies | None:
    """Rows of a table that a second import left: all of it again, or a run of rows over two dates or more.

    Single rows that are alike are no such thing: two sales of one product on one day often are. Makes the table
    `again` of the numbers of those rows.
    """
    alike = f"hash({', '.join(quoted(name) for name in columns)})"
    con.execute(f"""
        create or replace temp table placed as
        select row_number() over () as place, {alike} as same, {quoted(ds)}::varchar as stamp from {table}
    """)
    row = con.execute("""
        select count(*), min(many), bool_and(many % least_many = 0), sum(many), count(distinct stamp) from (
            select same, count(*) as many, any_value(stamp) as stamp, min(count(*)) over () as least_many
            from placed group by same)
    """).fetchone()
    different, least, even, rows, days = row or (0, 1, False, 0, 0)
    if rows and least > 1 and even and days > 1 and different >= BLOCK:
        con.execute(f"""
            create or replace temp table again as select place from (
                select place, row_number() over (partition by same order by place) as nth,
                       count(*) over (partition by same) as many from placed)
            where nth > many / {least}
        """)
        return Copies(int(rows) - int(rows) // int(least), int(least))
    con.execute(f"""
        create or replace temp table again as
        with back as (
            select place, stamp, place - lag(place) over (partition by same order by place) as step from placed
        ), runs as (
            select place, stamp, step, place - row_number() over (partition by step order by place) as run
            from back where step is not null
        ), blocks as (
            select step, run from runs group by step, run
            having count(*) >= {BLOCK} and count(*) <= step and count(distinct stamp) > 1
        )
        select place from runs semi join blocks using (step, run)
    """)
    found = con.execute("select count(*) from again").fetchone()
    return Copies(int(found[0]), 1) if found and found[0] else None


def exact(con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> int:
    """How many rows are exact copies of another."""
    listed = ", ".join(quoted(name) for name in columns)
    row = con.execute(f"select count(*) - (select count(*) from (select distinct {listed} from {table})) from {table}")
    found = row.fetchone()
    return int(found[0]) if found else 0


def without_copies(
    con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], ds: str, schema: PanelSchema
) -> tuple[str, tuple[Message, ...]]:
    """The table without what was imported twice, as the schema wants it.

    Returns:
        The name of a table, and what was taken for granted.

    Raises:
        Refusal: rows are to be summed, and some were imported twice.
    """
    if not schema.sum:
        if schema.duplicates != "drop" or not (rows := exact(con, table, columns)):
            return table, ()
        con.execute(f"create temp table single as select distinct * from {table}")
        return "single", (message("assumed-copies-dropped", rows=Count(rows)),)
    if (found := copies(con, table, columns, ds)) is None:
        return table, ()
    if schema.duplicates == "error":
        raise Refusal(
            "ask-copies",
            choices=('duplicates = "drop"', 'duplicates = "keep"'),
            asks=True,
            rows=Count(found.rows),
            times=found.times,
        )
    if schema.duplicates == "keep":
        return table, (message("assumed-copies-kept", rows=Count(found.rows)),)
    con.execute(f"""
        create temp table single as
        select * exclude (place)
        from (select row_number() over () as place, * from {table}) anti join again using (place)
    """)
    return "single", (message("assumed-copies-dropped", rows=Count(found.rows)),)


def summed(con: duckdb.DuckDBPyConnection, table: str, schema: PanelSchema) -> tuple[str, tuple[Message, ...]]:
    """The SELECT of a long table with one row a series and period.

    y is summed; where more came back than was sold, the rest is taken from the sales that follow (never from those
    before: at an earlier cutoff it was not known), so that the total is the net one. A price is the mean by units, a
    flag is 1 where any row has it, any other covariate is the last.

    Args:
        con: where the table is.
        table: a long table of `columns.long_table`, with `_at`.
        schema: what is declared; a period is a day unless it says W or M.
    """
    period = PERIODS[schema.freq or "D"]
    within, told = _whole(con, table, schema)
    counts = f"count(*) filter ({within}), count(distinct (unique_id, {period})) filter ({within})"
    before, after = con.execute(f"select {counts} from {table}").fetchone() or (0, 0)
    parts = [f"{_covariate(con, table, name)} as {quoted(name)}" for name in (*schema.known_future, *schema.past_only)]
    parts += [f"arg_min({quoted(name)}, _at) as {quoted(name)}" for name in schema.static]
    con.execute(f"""
        create temp table netted as
        select unique_id, {period} as ds, min(_bad_ds) as _bad_ds, sum(y) as y, min(_bad_y) as _bad_y,
               min(_bad_covariate) as _bad_covariate{"".join(", " + part for part in parts)}
        from {table} where {within} group by unique_id, {period}
    """)
    freq = schema.freq or "D"
    named = {"2W": "W2", "4W": "W4"}.get(freq, freq)
    said = [message("assumed-summed", rows=Count(before), periods=Count(after), freq=named), *told]
    owed = con.execute("select count(*) from netted where y < 0").fetchone()
    if not owed or not owed[0]:
        return "select * from netted", tuple(said)
    said.append(message("assumed-netted", periods=Count(owed[0])))
    so_far = "(partition by unique_id order by ds nulls last rows between unbounded preceding and current row)"
    net = f"""
        select * exclude (_net, _most) replace (
            case when y is null then null
            else round(_most - coalesce(lag(_most) over (partition by unique_id order by ds nulls last), 0), 9) end
            as y)
        from (select *, greatest(max(_net) over {so_far}, 0) as _most
              from (select *, sum(coalesce(y, 0)) over {so_far} as _net from netted))
    """
    return net, tuple(said)


def by_day(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether what was summed has no calendar of weeks or months of its own: then it is one of days."""
    row = con.execute("""
        select count(distinct isodow(ds)) > 1 and not bool_and(day(ds) = 1) and not bool_and(ds = last_day(ds))
        from netted where ds is not null
    """).fetchone()
    return bool(row and row[0])


def _covariate(con: duckdb.DuckDBPyConnection, table: str, name: str) -> str:
    """How a covariate of several rows becomes one."""
    column = quoted(name)
    if "price" in name.lower():
        units = "greatest(y, 0)"
        sold = f"nullif(sum({units}) filter ({column} is not null), 0)"
        return f"coalesce(sum({column} * {units}) / {sold}, avg({column}))"
    flag = con.execute(f"select bool_and({column} in (0, 1)) from {table}").fetchone()
    return f"max({column})" if flag and flag[0] else f"arg_max({column}, _at)"


def _whole(con: duckdb.DuckDBPyConnection, table: str, schema: PanelSchema) -> tuple[str, list[Message]]:
    """SQL of the rows of periods that are there from their first to their last day of business; what is left out.

    A period is whole where it has rows from the earliest to the latest day of a period that any has; of months give or
    take three days.
    """
    freq = schema.freq
    if freq is None or freq == "D":
        return "true", []
    period = PERIODS[freq]
    place = f"(ds - {period})"
    row = con.execute(f"""
        select min(ds), max(ds), arg_min({place}, ds), arg_max({place}, ds), min({place}), max({place}),
               arg_min({period}, ds), arg_max({period}, ds) from {table} where y is not null
    """).fetchone()
    if row is None or row[0] is None:
        return "true", []
    first, last, begins, ends, opens, closes, earliest, latest = row
    slack = LATE if freq == "M" else 0
    conditions, said = ["true"], list[Message]()
    if earliest == latest:
        return "true", []
    if begins > opens + slack:
        conditions.append(f"({period} > date '{earliest}' or ds is null)")
        said.append(message("assumed-first-not-whole", date=earliest, first=first))
    if ends < closes - slack and schema.last != "keep":
        conditions.append(f"({period} < date '{latest}' or ds is null)")
        said.append(message("assumed-last-not-whole", date=latest, last=last))
    return " and ".join(conditions), said
