"""Databases: a table or query of PostgreSQL or DuckDB as a DataFrame, and rows written back by key.

See `address` for what names one. The password may also come from `PGPASSWORD` or a `.pgpass` file. What is read is
opened for reading only: a query is one SELECT, and can change nothing.
"""

import importlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pandas as pd

from ..errors import InputError, nearest
from ..inputs import check_file
from .address import Address, parse, shown
from .sql import quoted

TYPES = {"O": "varchar", "U": "varchar", "M": "timestamp", "f": "double precision", "i": "bigint", "b": "boolean"}
STAGE = "skucast_stage"
ROWS = 10_000  # of a query that travel together


def check_select(sql: str) -> None:
    """Refuse a query that is not one SELECT.

    Raises:
        InputError: it is another statement, or several.
        duckdb.Error: DuckDB does not know the language.
    """
    if [statement.type for statement in duckdb.extract_statements(sql)] != [duckdb.StatementType.SELECT]:
        raise InputError("--sql: expected one SELECT statement")


def read_frame(address: str, sql: str | None = None) -> pd.DataFrame:
    """A table, or what one SELECT gives. Nothing in the database is changed by it, whatever the query.

    Args:
        address: of the database; `::TABLE` is left out with `sql`.
        sql: one SELECT over its tables.

    Raises:
        InputError: no such database or table, SQL that does not run, or psycopg is not installed.
    """
    of = parse(address)
    if sql is None and not of.table:
        raise InputError(f"{shown(address)}: name a table after ::, or give --sql")
    if sql is not None:
        with suppress(duckdb.Error):  # SQL that only PostgreSQL knows: its own parser will say
            check_select(sql)
    with connected(of, write=False) as base:
        if sql is None:
            tables = base.tables()
            if of.table not in tables:
                raise InputError(f"{of.shown}: no table {of.table!r}; {nearest(of.table, tables)}")
        return base.read(f"select * from {_name(of.table)}" if sql is None else sql.strip().rstrip(";"))


def upsert(address: str, frame: pd.DataFrame, key: Sequence[str]) -> int:
    """Write rows into a table, which is made if it is not there; rows of the same key are replaced.

    All of it or nothing: one transaction.

    Args:
        address: of the table.
        frame: rows; columns of text, numbers and times.
        key: columns that tell rows apart: the table's primary key.

    Returns:
        How many rows were written.

    Raises:
        InputError: the table has other columns or no such key, or the database cannot be written.
    """
    of = parse(address)
    if not of.table:
        raise InputError(f"{shown(address)}: name a table after ::")
    columns = ", ".join(f"{quoted(c)} {TYPES[_kind(frame[c])]}" for c in frame.columns)
    listed = ", ".join(quoted(c) for c in frame.columns)
    keys = ", ".join(quoted(c) for c in key)
    rest = ", ".join(f"{quoted(c)} = excluded.{quoted(c)}" for c in frame.columns if c not in key)
    with connected(of, write=True) as base:
        base.run(f"create table if not exists {_name(of.table)} ({columns}, primary key ({keys}))")
        base.run(f"create temporary table {STAGE} ({columns})")
        base.load(STAGE, frame)
        base.run(
            f"insert into {_name(of.table)} ({listed}) select {listed} from {STAGE} "
            f"on conflict ({keys}) do update set {rest}"
        )
    return len(frame)


def _kind(column: "pd.Series[Any]") -> str:
    return column.dtype.kind if column.dtype.kind in TYPES else "O"


def _name(table: str) -> str:
    return ".".join(quoted(part) for part in table.split("."))


class Connection(Protocol):
    """A database in one transaction."""

    def run(self, sql: str) -> None:
        """Run a statement."""

    def read(self, sql: str) -> pd.DataFrame:
        """What one SELECT gives."""

    def tables(self) -> list[str]:
        """Names of the tables."""

    def load(self, table: str, frame: pd.DataFrame) -> None:
        """Append rows to a table with the same columns."""

    def close(self, *, keep: bool) -> None:
        """End the transaction; what was changed is kept, or not."""


class _DuckDB:
    """A DuckDB file, in one transaction; SQL sees no other file."""

    def __init__(self, of: Address, *, write: bool) -> None:
        if Path(of.url).exists():
            check_file(Path(of.url))  # a pipe would never open
        self.con = duckdb.connect(of.url, read_only=not write)
        for name, value in (("enable_external_access", "false"), ("lock_configuration", "true")):
            self.con.execute(f"set {name} = {value}")
        self.con.execute("begin transaction")

    def run(self, sql: str) -> None:
        self.con.execute(sql)

    def read(self, sql: str) -> pd.DataFrame:
        frame: pd.DataFrame = self.con.execute(sql).df()
        return frame

    def tables(self) -> list[str]:
        return [str(row[0]) for row in self.con.execute("show tables").fetchall()]

    def load(self, table: str, frame: pd.DataFrame) -> None:
        self.con.register("skucast_rows", frame)
        self.con.execute(f"insert into {table} select * from skucast_rows")

    def close(self, *, keep: bool) -> None:
        if keep:
            self.con.execute("commit")
        self.con.close()


class _PostgreSQL:
    """A PostgreSQL database, in one transaction."""

    def __init__(self, of: Address, *, write: bool) -> None:
        try:
            psycopg: Any = importlib.import_module("psycopg")
            numeric: Any = importlib.import_module("psycopg.types.numeric")
        except ImportError:
            raise InputError("PostgreSQL needs psycopg: pip install 'skucast[db]'") from None
        self.con = psycopg.connect(of.url, connect_timeout=15, **of.secrets)
        self.con.read_only = not write
        self.con.adapters.register_loader("numeric", numeric.FloatLoader)

    def run(self, sql: str) -> None:
        self.con.execute(sql)

    def read(self, sql: str) -> pd.DataFrame:
        with self.con.cursor(name="skucast") as found:  # the server declares a cursor for one SELECT alone
            found.itersize = ROWS
            found.execute(sql)
            return pd.DataFrame(list(found), columns=[column.name for column in found.description])

    def tables(self) -> list[str]:
        listed = "select table_name from information_schema.tables where table_schema = any(current_schemas(false))"
        return [str(row[0]) for row in self.con.execute(listed).fetchall()]

    def load(self, table: str, frame: pd.DataFrame) -> None:
        rows = frame.astype(object).where(frame.notna(), None)
        listed = ", ".join(quoted(c) for c in frame.columns)
        with self.con.cursor().copy(f"copy {table} ({listed}) from stdin") as copy:
            for row in rows.itertuples(index=False):
                copy.write_row(row)

    def close(self, *, keep: bool) -> None:
        if keep:
            self.con.commit()
        self.con.close()


@contextmanager
def connected(of: Address, *, write: bool) -> Iterator[Connection]:
    """A connection and one transaction; its errors in one line without the password.

    Args:
        of: the database.
        write: keep what is changed, once all went well; False opens it for reading only.

    Raises:
        InputError: whatever the database says.
    """
    base: Connection | None = None
    keep = False
    try:
        base = (_DuckDB if of.kind == "duckdb" else _PostgreSQL)(of, write=write)
        yield base
        keep = write
    except InputError:
        raise
    except Exception as error:  # of psycopg, duckdb and the network alike
        raise InputError(_line(of, error)) from None
    finally:
        if base is not None:
            try:
                base.close(keep=keep)
            except Exception as error:  # the commit
                if keep:
                    raise InputError(_line(of, error)) from None


def _line(of: Address, error: Exception) -> str:
    first = next((line.strip() for line in str(error).splitlines() if line.strip()), repr(error))
    return f"{of.shown}: {first[:300]}"
