"""Wide tables: a column a date, turned into a row a date."""

from collections.abc import Sequence

import duckdb

from ..messages import Count, Message, Refusal, message
from .dates import Dates, read_dates
from .schema import PanelSchema, match_columns
from .sql import quoted

FEWEST = 2  # columns of dates


def date_columns(names: Sequence[str], schema: PanelSchema) -> list[str]:
    """The columns whose names are dates, where a table has no other column for dates; else none.

    Raises:
        Refusal: their dates can be read in two ways, or are quarters.
    """
    has = match_columns(names, schema, without=("unique_id", "ds", "y")) if not schema.covariates else schema.columns
    if "ds" in has or "ds" in schema.columns:
        return []
    cut = {name: name.split(" 00:00")[0] for name in names if any(sign.isdigit() for sign in name)}
    dates = _found(list(cut.values()), schema)
    return [name for name, text in cut.items() if text in dates.of] if len(dates.of) >= FEWEST else []


def melt(con: duckdb.DuckDBPyConnection, names: Sequence[str], dated: Sequence[str]) -> Message:
    """Make the view `given` long: columns `ds` and `y` in place of those of dates, and no rows of empty cells.

    Args:
        con: where the view is.
        names: of all its columns.
        dated: those that are dates.
    """
    kept = [name for name in names if name not in dated]
    numbers = ", ".join(f"nullif(trim({quoted(name)}::varchar), '') as {quoted(name)}" for name in dated)
    chosen = ", ".join([*(quoted(name) for name in kept), numbers])
    con.execute(f"""
        create temp view melted as
        select {", ".join(quoted(name) for name in kept)}, replace(ds, ' 00:00:00', '') as ds, y
        from (select {chosen} from given) unpivot (y for ds in ({", ".join(quoted(name) for name in dated)}))
    """)
    return message("assumed-wide", columns=Count(len(dated)), first=dated[0], last=dated[-1])


def _found(names: Sequence[str], schema: PanelSchema) -> Dates:
    """The dates among names; a name that is none, such as a total's, is no obstacle."""
    try:
        return read_dates(names, "", schema.date_format, schema.freq)
    except Refusal as refusal:
        if len(names) < FEWEST:
            return Dates()
        facts = {**refusal.message.facts, "column": names[0]}
        raise Refusal(refusal.kind, choices=refusal.choices, asks=refusal.asks, **facts) from None
