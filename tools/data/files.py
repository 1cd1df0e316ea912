"""Files and frames as DuckDB sees them: which files a source is, the view `data` over them, and what SQL may touch."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from ..errors import InputError, nearest
from ..inputs import check_file, home_of
from ..messages import Message
from .columns import typed_select
from .databases import check_select
from .layout import text_table
from .schema import PanelSchema, load_schema
from .sql import literal, quoted
from .workbooks import read_workbook

BIG_FILE = 1_000_000_000
CSV_SUFFIXES = (".csv", ".tsv", ".txt", ".csv.gz")
PARQUET_SUFFIXES = (".parquet", ".pq")
DUCKDB_SUFFIXES = (".duckdb", ".db")
BOOK_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
SUPPORTED = "expected .csv, .tsv, .xlsx, .parquet, a folder or glob of .parquet, or .duckdb"


def split(source: str | Path | pd.DataFrame) -> tuple[Path | None, str | None]:
    """A source's path, and the table named behind `::`, or a workbook's sheet behind `#`; neither of a DataFrame."""
    if isinstance(source, pd.DataFrame):
        return None, None
    path, _, table = str(source).partition("::")
    book, _, sheet = path.rpartition("#")
    if kind_of(Path(book)) == "workbook":
        return home_of(book), sheet or None
    return home_of(path), table or None


def sidecar(path: Path | None) -> PanelSchema:
    """The schema in the TOML file beside a source; an empty one where there is none."""
    if path is None:
        return PanelSchema()
    if not path.name:
        return PanelSchema()
    beside = path.with_name(path.name.split(".")[0] + ".toml") if path.suffix else path.with_suffix(".toml")
    exact = path.with_suffix(".toml")
    return next((load_schema(file) for file in (exact, beside) if file.is_file()), PanelSchema())


def kind_of(path: Path) -> str:
    """What kind of file it is by its name: csv, workbook, parquet or duckdb; empty where it is none of them."""
    name = path.name.lower()
    if name.endswith(CSV_SUFFIXES):
        return "csv"
    if name.endswith(BOOK_SUFFIXES):
        return "workbook"
    return "parquet" if name.endswith(PARQUET_SUFFIXES) else "duckdb" if name.endswith(DUCKDB_SUFFIXES) else ""


def files_of(path: Path) -> list[Path]:
    """The files of a source, sorted: one, or the Parquet files of a folder or a glob."""
    if path.is_dir():
        found = sorted(file for file in path.rglob("*") if kind_of(file) == "parquet")
        if not found:
            raise InputError(f"{path}: no Parquet files in this folder; {SUPPORTED}")
        return found
    if any(sign in path.name for sign in "*?[") and not path.exists():
        found = sorted(file for file in path.parent.glob(path.name) if file.is_file())
        if not found:
            raise InputError(f"{path}: no file matches")
        if {kind_of(file) for file in found} != {"parquet"}:
            raise InputError(f"{path}: a glob may match Parquet files only; got {found[0].name}")
        return found
    if not path.exists():
        beside = [file.name for file in path.parent.iterdir() if kind_of(file)] if path.parent.is_dir() else []
        hint = nearest(path.name, beside) if beside else f"{SUPPORTED}"
        raise InputError(f"{path}: no such file; {hint}")
    if not kind_of(path):
        raise InputError(f"{path}: unknown kind of file; {SUPPORTED}")
    check_file(path)
    if path.stat().st_size == 0:
        raise InputError(f"{path}: the file is empty; expected a header and rows")
    return [path]


@dataclass(frozen=True)
class Attached:
    """A source as the view `data`.

    Attributes:
        files: that the view reads.
        separator: of the cells of a text file; else empty.
        assumed: what was taken for granted.
        text: its columns are all text.
    """

    files: tuple[Path, ...] = ()
    separator: str = ""
    assumed: tuple[Message, ...] = ()
    text: bool = False


def attach(
    con: duckdb.DuckDBPyConnection, files: list[Path], table: str | None, spill: Path, *, several: bool
) -> Attached:
    """Make the view `data`. Of a text file every column stays text: ids keep their zeros, bad values can be shown.

    Args:
        con: where the view is made.
        files: of the source.
        table: of a database, or the sheet of a workbook; None where none was named.
        spill: a folder for copies.
        several: whether a database may have several tables, as SQL is to choose.

    Raises:
        InputError: no such table, or none that can be read.
    """
    kind = kind_of(files[0])
    if table is not None and kind not in ("duckdb", "workbook"):
        raise InputError("only a DuckDB file has tables to name after ::")
    listed = ", ".join(literal(file) for file in files)
    if kind == "parquet":
        con.execute(f"create temp view data as select * from read_parquet([{listed}], union_by_name = true)")
        return Attached(tuple(files))
    if kind == "csv":
        found = text_table(files[0], spill)
        texts = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in found.names)
        form = f"header = true, delim = {literal(found.separator)}, quote = '\"', escape = '\"', auto_detect = false"
        con.execute(
            f"create temp view data as select * from read_csv({literal(found.path)}, {form}, columns = {{{texts}}})"
        )
        return Attached((found.path,), found.separator, found.assumed, text=True)
    if kind == "workbook":
        frame, assumed = read_workbook(files[0], table)
        con.register("data", registered(frame))
        return Attached((), "", assumed)
    con.execute(f"attach {listed} as source (read_only)")
    con.execute("use source")
    tables = [str(row[0]) for row in con.execute("show tables").fetchall()]
    if table is None and len(tables) == 1:
        table = tables[0]
    if table is not None:
        if table not in tables:
            raise InputError(f"no table {table!r}; {nearest(table, tables)}")
        con.execute(f"create temp view data as select * from source.{quoted(table)}")
    elif not tables:
        raise InputError("no tables in this database")
    elif not several:
        raise InputError(f"several tables ({', '.join(tables)}); name one as {files[0].name}::{tables[0]}")
    return Attached()


def query(con: duckdb.DuckDBPyConnection, sql: str, schema: PanelSchema, at: Attached) -> tuple[Message, ...]:
    """Make the view `given` of one SELECT over `data`, whose numbers and ISO dates then have their types.

    Returns:
        What was taken for granted.

    Raises:
        InputError: it is no SELECT.
        Refusal: it needs the numbers of a column that can be read in two ways.
    """
    check_select(sql)
    said: tuple[Message, ...] = ()
    if at.text:
        con.execute("create temp table texts as select * from data")
        con.execute("drop view data")
        kinds = {str(row[0]): "VARCHAR" for row in con.execute("describe texts").fetchall()}
        select, questions, said = typed_select(con, "texts", kinds, schema, at.separator)
        for name, question in questions.items():
            if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", sql, re.IGNORECASE):
                raise question
        con.execute(f"create temp view data as {select}")
    con.execute(f"create temp view given as ({sql.strip().rstrip(';')}\n)")
    return said


def lock(con: duckdb.DuckDBPyConnection, files: list[Path]) -> None:
    """From here on SQL reads these files and nothing else, writes nothing, and cannot undo that."""
    listed = ", ".join(literal(file) for file in files)
    con.execute(f"set allowed_paths = [{listed}]")
    con.execute("set enable_external_access = false")
    con.execute("set lock_configuration = true")


def registered(frame: pd.DataFrame) -> pd.DataFrame:
    """A DataFrame that DuckDB reads as it stands: text column names, times without their zone."""
    table = frame.set_axis([str(name) for name in frame.columns], axis=1)
    if not table.columns.is_unique:
        twice = table.columns[table.columns.duplicated()][0]
        raise InputError(f"DataFrame: two columns named {twice!r}; expected each name once")
    zoned = table.select_dtypes("datetimetz").columns
    return table.assign(**{name: table[name].dt.tz_localize(None) for name in zoned}).reset_index(drop=True)


def digest_frame(frame: pd.DataFrame) -> str:
    """`sha256:…` of a DataFrame's columns and values."""
    digest = hashlib.sha256("\n".join(str(name) for name in frame.columns).encode())
    digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
    return f"sha256:{digest.hexdigest()}"


def digest_files(files: list[Path]) -> str:
    """`sha256:…` of the bytes of files, or `stat:…` of sizes and modification times over 1 GB."""
    stats = [file.stat() for file in files]
    if sum(stat.st_size for stat in stats) > BIG_FILE:
        facts = "\n".join(f"{file.name} {s.st_size} {s.st_mtime_ns}" for file, s in zip(files, stats, strict=True))
        return f"stat:{hashlib.sha256(facts.encode()).hexdigest()}"
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as opened:
            part = hashlib.file_digest(opened, "sha256")
        if len(files) == 1:
            return f"sha256:{part.hexdigest()}"
        digest.update(file.name.encode() + part.digest())
    return f"sha256:{digest.hexdigest()}"


def of_source(name: str, error: Exception) -> InputError:
    """An error as one of a source: by its name, once."""
    text = plain(error)
    return InputError(text if text.startswith(f"{name}: ") else f"{name}: {text}")


def plain(error: Exception) -> str:
    """An error without DuckDB's internals: its hints are about options that our user does not have."""
    if isinstance(error, InputError):
        return str(error)
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if "sniffing" in lines[0]:
        return "not readable as CSV; expected a header, and as many fields in every row"
    if "CSV Error" not in lines[0]:
        return lines[0]
    if "unicode" in str(error).lower() or "utf-8" in str(error).lower():
        return f"not UTF-8 text ({lines[0].partition(': ')[2]}); expected CSV in UTF-8"
    return "; ".join(line for line in lines[:3] if "Possible fixes" not in line).partition(": ")[2]
