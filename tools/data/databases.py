"""Databases: a table or query of PostgreSQL or DuckDB as a DataFrame, and rows written back by key.

An address is `postgresql://USER:PASSWORD@HOST/DATABASE::TABLE` or `duckdb:///FOLDER/FILE.duckdb::TABLE`. The password
may also come from `PGPASSWORD` or a `.pgpass` file; it is never shown.
"""

import importlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import duckdb
import pandas as pd

from ..errors import InputError, nearest

KINDS = ("postgresql", "postgres", "duckdb")
EXPECTED = "expected postgresql://USER@HOST/DATABASE::TABLE or duckdb:///FILE::TABLE"
TYPES = {"O": "varchar", "U": "varchar", "M": "timestamp", "f": "double precision", "i": "bigint", "b": "boolean"}
STAGE = "skucast_stage"


def is_address(text: str) -> bool:
    """Whether this names a database, and no file."""
    return text.partition("://")[0] in KINDS and "://" in text


def shown(address: str) -> str:
    """The address without its password."""
    return re.sub(r"(://[^:/@]*):[^@]*@", r"\1@", address)


def read_frame(address: str, sql: str | None = None) -> pd.DataFrame:
    """A table, or what one SELECT gives.

    Args:
        address: of the database; `::TABLE` is left out with `sql`.
        sql: one SELECT over its tables.

    Raises:
        InputError: no such database or table, SQL that does not run, or psycopg is not installed.
    """
    url, _, table = address.partition("::")
    if sql is None and not table:
        raise InputError(f"{shown(address)}: name a table after ::, or give --sql")
    with _connected(url) as base:
        if sql is None:
            tables = base.tables()
            if table not in tables:
                raise InputError(f"{shown(url)}: no table {table!r}; {nearest(table, tables)}")
        return base.read(f"select * from {_name(table)}" if sql is None else sql.strip().rstrip(";"))


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
    url, _, table = address.partition("::")
    if not table:
        raise InputError(f"{shown(address)}: name a table after ::")
    columns = ", ".join(f"{quoted(c)} {TYPES[_kind(frame[c])]}" for c in frame.columns)
    listed = ", ".join(quoted(c) for c in frame.columns)
    keys = ", ".join(quoted(c) for c in key)
    rest = ", ".join(f"{quoted(c)} = excluded.{quoted(c)}" for c in frame.columns if c not in key)
    with _connected(url) as base:
        base.run(f"create table if not exists {_name(table)} ({columns}, primary key ({keys}))")
        base.run(f"create temporary table {STAGE} ({columns})")
        base.load(STAGE, frame)
        base.run(
            f"insert into {_name(table)} ({listed}) select {listed} from {STAGE} "
            f"on conflict ({keys}) do update set {rest}"
        )
    return len(frame)


def quoted(name: str) -> str:
    """A name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def _kind(column: "pd.Series[Any]") -> str:
    return column.dtype.kind if column.dtype.kind in TYPES else "O"


def _name(table: str) -> str:
    return ".".join(quoted(part) for part in table.split("."))


class _DuckDB:
    """A DuckDB file, in one transaction."""

    def __init__(self, url: str) -> None:
        self.con = duckdb.connect(urlsplit(url).path)
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

    def __init__(self, url: str) -> None:
        try:
            psycopg: Any = importlib.import_module("psycopg")
            numeric: Any = importlib.import_module("psycopg.types.numeric")
        except ImportError:
            raise InputError("PostgreSQL needs psycopg: pip install 'skucast[db]'") from None
        self.con = psycopg.connect(url, connect_timeout=15)
        self.con.adapters.register_loader("numeric", numeric.FloatLoader)

    def run(self, sql: str) -> None:
        self.con.execute(sql)

    def read(self, sql: str) -> pd.DataFrame:
        found = self.con.execute(sql)
        return pd.DataFrame(found.fetchall(), columns=[column.name for column in found.description])

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
def _connected(url: str) -> Iterator[_DuckDB | _PostgreSQL]:
    """A connection and one transaction; its errors in one line without the password."""
    if not is_address(url):
        raise InputError(f"{shown(url)}: no database; {EXPECTED}")
    base: _DuckDB | _PostgreSQL | None = None
    keep = False
    try:
        base = _DuckDB(url) if url.startswith("duckdb") else _PostgreSQL(url)
        yield base
        keep = True
    except InputError:
        raise
    except Exception as error:  # of psycopg, duckdb and the network alike
        raise InputError(_line(url, error)) from None
    finally:
        if base is not None:
            try:
                base.close(keep=keep)
            except Exception as error:  # the commit
                if keep:
                    raise InputError(_line(url, error)) from None


def _line(url: str, error: Exception) -> str:
    first = next((line.strip() for line in str(error).splitlines() if line.strip()), repr(error))
    return f"{shown(url)}: {shown(first)[:300]}"
