"""From the table of a source to the view `long`: wide ones melted, copies and totals left out, transactions summed."""

from dataclasses import dataclass, field

import duckdb

from ..messages import Count, Message, message
from .columns import long_table
from .schema import KEYS, PanelSchema, match_columns, taken_of_several
from .series import series_of, summed_over
from .sql import literal, quoted
from .totals import total_of
from .transactions import by_day, summed, without_copies
from .wide import date_columns, melt


@dataclass(frozen=True)
class Shape:
    """What became of a table.

    Attributes:
        schema: what is declared, with what follows from it.
        found: columns by our names.
        ignored: columns without a role.
        assumed: what was taken for granted.
    """

    schema: PanelSchema
    found: dict[str, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    assumed: tuple[Message, ...] = ()


def shape(con: duckdb.DuckDBPyConnection, schema: PanelSchema, separator: str = "", *, copied: bool) -> Shape:
    """Make the view `long` of the view `given`.

    Args:
        con: where the view is.
        schema: what is declared.
        separator: of the cells of a text file; else empty.
        copied: read the view once, and keep its rows: it would be costly to read again.

    Raises:
        InputError: columns that cannot be found.
        Refusal: a column can be read in two ways, or rows were imported twice.
    """
    table, kinds = "given", _kinds(con, "given")
    said: list[Message] = []
    dated = date_columns(list(kinds), schema)
    if dated:
        said.append(melt(con, list(kinds), dated))
        table, kinds = "melted", _kinds(con, "melted")
        rest = [name for name in kinds if name not in ("ds", "y")]
        if len(rest) == 1:
            schema = schema.model_copy(update={"columns": {"unique_id": rest[0], **schema.columns}})
    found = match_columns(list(kinds), schema)
    said += taken_of_several(list(kinds), found, schema)
    every = table
    table, dropped = without_copies(con, table, list(kinds), found["ds"], schema)
    said += dropped
    table, schema, parts = series_of(con, table, schema)
    said += parts
    kinds = _kinds(con, table)
    found = match_columns(list(kinds), schema)
    origin = table
    if copied:
        table = _kept(con, table, found)
    select, read = long_table(con, table, found, kinds, schema, separator, (every, kinds))
    said += read
    con.execute(f"create temp view single_rows as {select}")
    table = "single_rows"
    if schema.sum:
        if "missing" not in schema.model_fields_set:
            schema = schema.model_copy(update={"missing": "zero"})
            said.append(message("assumed-no-row-no-sale"))
        select, added = summed(con, table, schema)
        said += added
        said += summed_over(con, origin, kinds, found)
        if schema.freq is None and by_day(con):
            schema = schema.model_copy(update={"freq": "D"})
        con.execute(f"create temp view period_rows as {select}")
        table = "period_rows"
    total, told = total_of(con, table)
    said += told
    ignored = [name for name in kinds if name not in found.values() and not _is_empty(con, name, kinds)]
    others = "true" if total is None else f"unique_id is distinct from {literal(total)}"
    plan, left_out = _plan(con, table, ignored, schema)
    con.execute(f"create temp view long_rows as select * from {table} where {others} and {plan}")
    con.execute("create temp view long as select * from long_rows")
    return Shape(schema, found, ignored, (*said, *left_out))


def _plan(
    con: duckdb.DuckDBPyConnection, table: str, ignored: list[str], schema: PanelSchema
) -> tuple[str, tuple[Message, ...]]:
    """SQL: the rows up to the last y of all, where a plan of columns without a role follows; and what is said of it."""
    if schema.known_future or not ignored or "missing" in schema.model_fields_set:
        return "true", ()
    last = f"(select max(ds) from {table} where y is not null or _bad_y is not null)"
    row = con.execute(f"select {last}, count(*) from {table} where ds > {last}").fetchone()
    if row is None or row[0] is None or not row[1]:
        return "true", ()
    said = message("assumed-plan-left-out", rows=Count(row[1]), last=row[0], columns=tuple(ignored))
    return f"(ds is null or ds <= date '{row[0]}')", (said,)


def _kinds(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    return {str(row[0]): str(row[1]) for row in con.execute(f"describe select * from {table}").fetchall()}


def _kept(con: duckdb.DuckDBPyConnection, table: str, found: dict[str, str]) -> str:
    """The columns with a role as a table of its own, without rows that are empty."""
    columns = [quoted(name) for name in dict.fromkeys(found.values())]
    given = " or ".join(f"{quoted(found[key])} is not null" for key in KEYS)
    con.execute(f"create temp table cells as select {', '.join(columns)} from {table} where {given}")
    return "cells"


def _is_empty(con: duckdb.DuckDBPyConnection, name: str, kinds: dict[str, str]) -> bool:
    """Whether a column without a name holds nothing: what a separator at the end of every line makes."""
    if not (name.startswith("column") and name[6:].isdigit() and kinds[name] == "VARCHAR"):
        return False
    return con.execute(f"select 1 from given where {quoted(name)} is not null limit 1").fetchone() is None
