"""Totals among the series: a series that is the sum of all others at each date would double every figure."""

import duckdb

from ..messages import Count, Message, Quoted, message
from .sql import literal
from .words import words

MANY = 8  # dates at which a series without a total's name must be the sum of others to be one
NEAR = 0.01  # units, or a millionth: what rounding leaves


def total_of(con: duckdb.DuckDBPyConnection, table: str) -> tuple[str | None, tuple[Message, ...]]:
    """The series that is the sum of all others at each date, and what is said of it; or of one with its name alone.

    Args:
        con: where the table is.
        table: a long table with one row a series and date.
    """
    con.execute(
        "create or replace temp table sums as "
        f"select unique_id, sum(y) as y from {table} where y is not null group by 1"
    )
    names = ", ".join(literal(word) for word in words()["totals"]["words"])
    named = [
        str(row[0])
        for row in con.execute(f"select unique_id from sums where lower(trim(unique_id)) in ({names})").fetchall()
    ]
    row = con.execute(f"""
        select arg_max(unique_id, lower(trim(unique_id)) in ({names}))
                   filter (abs(2 * y - whole) <= greatest({NEAR} * n, whole / 1e6)), any_value(n)
        from (select *, sum(y) over () as whole, count(*) over () as n from sums) where y > 0
    """).fetchone()
    found, series = row or (None, 0)
    if found is not None and _is_total(con, table, str(found), int(series), named=str(found) in named):
        return str(found), (message("assumed-total", series=Quoted(found), others=Count(int(series) - 1)),)
    kept = [name for name in named if int(series or 0) > 1]
    return None, tuple(message("assumed-no-total", series=Quoted(name)) for name in kept)


def _is_total(con: duckdb.DuckDBPyConnection, table: str, name: str, series: int, *, named: bool) -> bool:
    row = con.execute(
        f"""
        select bool_and(abs(2 * total - whole) <= greatest({NEAR}, abs(whole) / 1e6)), count(*),
               count(*) filter (several > 2 and whole > 0)
        from (select sum(y) as whole, coalesce(sum(y) filter (unique_id = $1), 0) as total,
                     count(*) filter (y > 0) as several
              from {table} where y is not null and ds is not null group by ds)
        """,
        [name],
    ).fetchone()
    equal, dates, telling = row or (False, 0, 0)
    return bool(equal) and (dates > 1 and series > 1 if named else series > 2 and telling >= MANY)
