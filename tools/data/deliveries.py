"""Past orders and deliveries as people have them: supplier, and the days of order, delivery and promise.

Columns are found by their names (`[deliveries]` of `words.toml`). A date that cannot be read is taken as not given, and
said.
"""

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from ..errors import InputError
from ..messages import Count, Message, Quoted, Refusal, message
from .address import is_address, parse, shown
from .columns import CLOCK
from .databases import read_frame
from .dates import read_dates
from .files import attach, files_of, lock, of_source, query, split
from .schema import PanelSchema
from .sql import quoted
from .words import column_key, words

MEMORY_LIMIT = "1GB"
SHOWN = 8  # aliases that an error names
LISTED = 3  # texts that a finding names
DATES = ("ordered", "delivered", "promised")
NEEDED = {"supplier": "suppliers", "ordered": "order dates", "delivered": "delivery dates"}


@dataclass(frozen=True)
class DeliveryTable:
    """A table of past orders that was read.

    Attributes:
        name: of the file, for messages.
        table: a row an order: `supplier` (text), `ordered`, `delivered`, `promised` (days; NaT where not given).
        promises: whether there is a column of promised dates.
        findings: what was taken for granted or could not be read, a line each.
    """

    name: str
    table: pd.DataFrame
    promises: bool
    findings: tuple[Message, ...] = ()


def read_deliveries(source: str | Path, *, sql: str | None = None, date_format: str | None = None) -> DeliveryTable:
    """Read a table of past orders, a row each.

    Args:
        source: CSV, workbook, Parquet, DuckDB or a database's table, as `open_source` takes it.
        sql: one SELECT over the view `data`.
        date_format: of its dates, in the directives of strptime.

    Raises:
        InputError: no such file, no table, no rows, or no column of suppliers, order or delivery dates.
        Refusal: a column of dates can be read in two ways.
    """
    name = shown(str(source))
    try:
        texts, names, said = _texts(source, sql)
        if texts.empty:
            raise InputError("no rows")
        findings, table = list(said), pd.DataFrame({"supplier": texts["supplier"].fillna("").str.strip()})
        for ours in DATES:
            table[ours], more = _days(texts, ours, names.get(ours, ours), date_format)
            findings += more
    except Refusal as refusal:
        raise Refusal(
            "data-refused", choices=refusal.choices, asks=refusal.asks, source=name, why=refusal.message
        ) from None
    except (duckdb.Error, InputError) as error:
        raise of_source(name, error) from None
    nameless = table["supplier"] == ""
    if nameless.any():
        findings.append(message("deliveries-nameless", count=Count(int(nameless.sum()))))
    return DeliveryTable(name, table[~nameless].reset_index(drop=True), "promised" in texts, tuple(findings))


def match_deliveries(columns: Sequence[str]) -> dict[str, str]:
    """Our names to a table's columns.

    Raises:
        InputError: there is none of suppliers, of order dates or of delivery dates.
    """
    aliases = {"supplier": words()["stock"]["supplier"], **words()["deliveries"]}
    keys = {column_key(column): column for column in reversed(columns)}
    found: dict[str, str] = {}
    for ours, names in aliases.items():
        theirs = next((keys[one] for one in map(column_key, names) if one in keys), None)
        if theirs is not None and theirs not in found.values():
            found[ours] = theirs
    for ours, what in NEEDED.items():
        if ours not in found:
            some = ", ".join(aliases[ours][:SHOWN])
            raise InputError(f"no column of {what}; got {', '.join(columns)}; expected one of {some}, …")
    return found


def _texts(source: str | Path, sql: str | None) -> tuple[pd.DataFrame, dict[str, str], tuple[Message, ...]]:
    """Our columns as text, None where nothing stands, and how they are named there."""
    said: tuple[Message, ...] = ()
    if isinstance(source, str) and is_address(source):
        parse(source)
        frame, sql = read_frame(source, sql), None
        path, table = None, None
    else:
        frame = None
        path, table = split(source)
    with tempfile.TemporaryDirectory(prefix="skucast-") as spill:
        con = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": spill})
        try:
            con.execute("set enable_progress_bar = false")
            view = "data"
            if frame is not None:
                con.register("data", frame)
            else:
                at = attach(con, files_of(path) if path else [], table, Path(spill), several=sql is not None)
                lock(con, list(at.files))
                said = at.assumed
                if sql is not None:
                    said += query(con, sql, PanelSchema(), at)
                    view = "given"
            found = match_deliveries([str(row[0]) for row in con.execute(f"describe {view}").fetchall()])
            parts = ", ".join(f"trim({quoted(theirs)}::varchar) as {ours}" for ours, theirs in found.items())
            return con.execute(f"select {parts} from {view}").df(), found, said
        finally:
            con.close()


def _days(
    texts: pd.DataFrame, ours: str, name: str, date_format: str | None
) -> tuple["pd.Series[pd.Timestamp]", list[Message]]:
    if ours not in texts:
        return pd.Series(pd.NaT, index=texts.index, dtype="datetime64[ns]"), []
    column = texts[ours].where(texts[ours].fillna("") != "")
    plain_days = {str(text): re.sub(CLOCK, "", str(text)) for text in column.dropna().unique()}
    dates = read_dates(list(plain_days.values()), name, date_format)
    read = {text: pd.Timestamp(dates.of[day]) for text, day in plain_days.items() if day in dates.of}
    unread = column.notna() & ~column.isin(list(read))
    said = list(dates.assumed)
    if unread.any():
        some = tuple(Quoted(text) for text in column[unread].unique()[:LISTED])
        said.append(message("deliveries-unread", column=name, count=Count(int(unread.sum())), texts=some))
    return pd.to_datetime(column.map(read)), said
