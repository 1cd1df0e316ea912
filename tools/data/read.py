"""Data in: CSV, Parquet, DuckDB or a DataFrame to a Panel, through an embedded DuckDB that may spill to disk."""

import fnmatch
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from ..errors import InputError, nearest
from ..files import same_file
from ..messages import Message, Refusal, message
from .address import EXPECTED, Address, is_address, looks_like_address, parse, shown
from .calendar import assumed, infer_offset
from .databases import read_frame
from .ended import LEAST
from .files import (
    Attached,
    attach,
    digest_files,
    digest_frame,
    files_of,
    kind_of,
    lock,
    of_source,
    query,
    registered,
    sidecar,
    split,
)
from .health import HealthReport, findings, idle_series, reasons, report, tally
from .last_periods import Tail, tail
from .notices import noticed
from .panel import Grid, Panel
from .remedies import with_remedies
from .schema import PanelSchema, declaring, load_schema
from .shape import shape
from .sql import quoted
from .stockout_hours import hours_message, with_share

MEMORY_LIMIT = "2GB"
LOOKED_AT = 300  # series whose course the health report looks at: those that sell most, and those that stopped


@dataclass(eq=False)
class Source:
    """A table of sales that can be read in whole or by series. Made by `open_source`.

    Attributes:
        name: where the data came from, for messages and reports.
        digest: `sha256:…` of the bytes of its files, or `stat:…` of sizes and modification times over 1 GB.
        schema: the declared roles of the columns.
        ignored: the columns that have no role.
        assumed: what was taken for granted in reading it, one message each, of keys `assumed-…`.
    """

    name: str
    digest: str
    schema: PanelSchema
    ignored: list[str]
    assumed: tuple[Message, ...] = field(default=(), kw_only=True)
    _con: duckdb.DuckDBPyConnection = field(repr=False)
    _staged: bool = field(default=False, repr=False)
    _files: list[Path] = field(default_factory=list, repr=False)
    _origin: Path | Address | None = field(default=None, repr=False)
    _left_out: tuple[Message, ...] = field(default=(), repr=False)
    _columns: Mapping[str, str] = field(default_factory=dict, repr=False)
    _again: "Callable[[Mapping[str, Any], str | None], Source] | None" = field(default=None, repr=False)
    _sql: str | None = field(default=None, repr=False)

    def reads(self, target: str | Path) -> bool:
        """Whether a file or a database's table is part of this data, or would be once it is written."""
        if is_address(str(target)):
            to = parse(str(target))
            if isinstance(self._origin, Address):
                return (to.kind, to.url, to.table) == (self._origin.kind, self._origin.url, self._origin.table)
            return to.kind == "duckdb" and any(same_file(Path(to.url), file) for file in self._files)
        path, origin = Path(target), self._origin
        if isinstance(origin, Address):
            return origin.kind == "duckdb" and same_file(path, Path(origin.url))
        if origin is None or any(same_file(path, file) for file in self._files):
            return origin is not None
        if origin.is_dir():
            return kind_of(path) == "parquet" and path.resolve().is_relative_to(origin.resolve())
        return same_file(path.parent, origin.parent) and fnmatch.fnmatch(path.name, origin.name)

    def unique_ids(self) -> list[str]:
        """Every series, sorted."""
        return list(self._ids)

    def by_value(self, cutoff: pd.Timestamp | None = None, days: int = 365) -> list[str]:
        """Every series, what sold most in the days up to the cutoff first: by revenue where there is a price.

        Nothing after the cutoff counts; left out, it is the last sale of all.
        """
        worth = "y * price" if "price" in (*self.schema.known_future, *self.schema.past_only) else "y"
        last = "(select max(ds) from long where y is not null)" if cutoff is None else f"date '{cutoff:%Y-%m-%d}'"
        rows = self._run(
            f"select unique_id from long where unique_id is not null group by 1 order by coalesce(sum({worth}) filter "
            f"(ds > {last} - {int(days)} and ds <= {last}), 0) desc, unique_id"
        )
        return [str(row[0]) for row in rows.fetchall()]

    def sold(self) -> "pd.Series[float]":
        """Units of every series over its whole past, by unique_id."""
        table = self._run("select unique_id, sum(y) as y from long where unique_id is not null group by 1 order by 1")
        found: pd.Series[float] = table.df().set_index("unique_id")["y"].fillna(0.0)
        return found

    def last_sale(self) -> pd.Timestamp:
        """The last period of which a y is known, over all series."""
        return pd.Timestamp(self._run("select max(ds) from long where y is not null").fetchone()[0])

    def last_period(self) -> pd.Timestamp:
        """The same as panels label it; there, a month of a retail calendar ends on its last day."""
        last, grid = self.last_sale(), self._calendar
        if isinstance(grid, Message):
            return last
        label = grid.label(grid.number(f"date '{last:%Y-%m-%d}'"))
        return pd.Timestamp(self._run(f"select {label}").fetchone()[0])

    def panel(self, unique_ids: Sequence[str] | None = None) -> Panel:
        """The panel of these series, or of all.

        Strict: any error in what is read is raised. Periods without a row get one: y as the schema's `missing` says,
        covariates NaN (what was not planned is not made up). When the schema declares known-future columns, rows after
        the last y of a series are its plan, and become `Panel.future`.

        Raises:
            InputError: a series is unknown, or the first thing that is wrong with the rows.
        """
        self._load(unique_ids)
        grid = self._calendar
        if any(True for _ in self._errors(grid)):
            raise Refusal("data-refused", source=self.name, why=self._report().errors[0].message)
        assert isinstance(grid, Grid)
        return self._build(grid)

    def salvage(self, unique_ids: Sequence[str]) -> tuple[Panel | None, dict[str, Message]]:
        """The panel of the good series among these (None when there is none), and why each of the others is not usable.

        The first call copies the table, sorted by series, to disk or memory: made for chunk after chunk.

        Raises:
            InputError: the table as a whole cannot be used.
        """
        self._stage()
        ids = list(dict.fromkeys(str(uid) for uid in unique_ids))
        known = set(self._ids)
        bad = {uid: message("not-in-the-data") for uid in ids if uid not in known}
        grid = self._calendar
        if isinstance(grid, Message):
            self._load(None)
            why = next(finding.message for finding in self._report().errors if finding.kind == "frequency")
            raise Refusal("data-refused", source=self.name, why=why)
        asked = [uid for uid in ids if uid in known]
        if not asked:
            return None, bad
        self._load(asked)
        bad |= reasons(self._con, self.schema, grid)
        good = [uid for uid in asked if uid not in bad]
        if not good:
            return None, bad
        self._con.execute("delete from series where unique_id in (select unnest($1))", [list(bad)])
        return self._build(grid), bad

    def health(self) -> HealthReport:
        """What is in the table and what is wrong with it."""
        self._load(None)
        made, grid = self._report(), self._calendar
        if made.errors or isinstance(grid, Message):
            return made
        ids = list(dict.fromkeys([*self.by_value()[:LOOKED_AT], *idle_series(self._con, LEAST[grid.freq], LOOKED_AT)]))
        self._con.execute("delete from series where not list_contains($1, unique_id)", [ids])
        more = noticed(self._build(grid), len(ids) if len(ids) < len(self._ids) else None)
        return made.with_findings(more)

    def _report(self) -> HealthReport:
        """The health of what is loaded, with the remedies that help."""
        made = report(self._con, self.name, self.schema, self._calendar, self.ignored, self._left_out)
        kinds = {finding.kind for finding in made.errors}
        found = with_remedies(made.findings, self.schema, self._columns, kinds, self._left)
        return replace(made, findings=tuple(found)) if kinds else made

    def _left(self, changes: Mapping[str, Any], query: str | None) -> set[str] | None:
        """The kinds of errors left when more is declared, or another query is asked; None where neither can be."""
        if self._again is None or (query is not None and self._sql is not None):
            return None
        try:
            other = self._again(changes, query)
        except InputError:
            return None
        other._load(None)
        return {finding.kind for finding in report(other._con, "", other.schema, other._calendar, []).errors}

    @cached_property
    def _ids(self) -> list[str]:
        rows = self._run("select distinct unique_id from long where unique_id is not null order by unique_id")
        return [str(row[0]) for row in rows.fetchall()]

    @cached_property
    def _calendar(self) -> Grid | Message:
        grid: Grid | Message = self._safely(lambda: infer_offset(self._con, "long", self.schema.freq))
        return grid

    def settle(self) -> None:
        """Look at the calendar once, leave out last periods that are no sales, and keep what is assumed by that."""
        grid = self._calendar
        if isinstance(grid, Message):
            return
        if self.schema.freq is None:
            last = self._run("select max(ds) from long where y is not null").fetchone()[0]
            said = None if last is None else assumed(grid, last)
            self.assumed += () if said is None else (said,)
        hours = hours_message(self.schema, grid.freq)
        self.assumed += () if hours is None else (hours,)
        if self.schema.last == "keep":
            return
        y = "coalesce(y, 0)" if self.schema.missing == "zero" and not self.schema.known_future else "y"
        end: Tail = self._safely(lambda: tail(self._con, "long", grid, y))
        if end.cut is not None:
            within = f"{grid.number('ds')} <= {end.cut}"
            left = (
                f"select * replace (case when {within} then y end as y) from long_rows"
                if self.schema.known_future  # the plan stays
                else f"select * from long_rows where ds is null or {within}"
            )
            self._con.execute(f"create or replace temp view long as {left}")
        self._left_out = end.said
        self.assumed += end.said

    def _errors(self, grid: Grid | Message) -> Iterable[Message]:
        if isinstance(grid, Grid):
            return (f.message for f in findings(self._con, self.schema, grid) if f.severity == "error")
        return (f.message for f in report(self._con, self.name, self.schema, grid, []).errors)

    def _load(self, unique_ids: Sequence[str] | None) -> None:
        """Fill the tables `rows` and `series` with these series, or with all."""
        if unique_ids is None:
            self._stage()
            self._con.execute("create or replace temp view rows as select * from staged")
        else:
            ids = list(dict.fromkeys(str(uid) for uid in unique_ids))
            known = set(self._ids)
            for uid in ids:
                if uid not in known:
                    raise InputError(f"unknown SKU {uid!r}: {nearest(uid, self._ids)}")
            self._con.execute("drop view if exists rows")
            self._run(
                "create or replace temp table picked as select * from long "
                "where unique_id between $2 and $3 and list_contains($1, unique_id)",  # sorted: not read whole
                [ids, min(ids, key=str.encode, default=""), max(ids, key=str.encode, default="")],
            )
            self._con.execute("create or replace temp view rows as select * from picked")
        grid = self._calendar
        self._safely(lambda: tally(self._con, self.schema, grid if isinstance(grid, Grid) else Grid("D")))

    def _stage(self) -> None:
        if not self._staged:
            self._run("create temp table staged as select * from long order by unique_id, ds")
            self._con.execute("create or replace temp view long as select * from staged")
            self._staged = True

    def _build(self, grid: Grid) -> Panel:
        schema = self.schema
        y = "case when r.y < 0 then 0 else r.y end" if schema.negative == "zero" else "r.y"
        y = f"coalesce({y}, 0)" if schema.missing == "zero" else y
        plan = "".join(f", r.{quoted(name)}" for name in schema.known_future)
        happened = "".join(f", r.{quoted(name)}" for name in schema.past_only)
        fixed = "".join(f", arg_min({quoted(name)}, ds) as {quoted(name)}" for name in schema.static)
        past = self._frame(f"""
            with grid as (select unique_id, unnest(range(_first, _end + 1)) as _p from series)
            select grid.unique_id, {grid.label("grid._p")}::timestamp as ds, ({y})::double as y {plan} {happened}
            from grid left join numbered r on r.unique_id = grid.unique_id and r._p = grid._p
            order by grid.unique_id, grid._p
        """)
        future = self._frame(f"""
            select r.unique_id, {grid.label("r._p")}::timestamp as ds {plan}
            from numbered r join series s on r.unique_id = s.unique_id and r._p > s._end order by r.unique_id, r._p
        """)
        static = self._frame(f"""
            select unique_id {fixed} from numbered semi join series using (unique_id)
            group by unique_id order by unique_id
        """)
        past, schema = with_share(past, schema, grid.freq)
        return Panel(past=past, future=future, static=static.set_index("unique_id"), schema=schema, offset=grid.offset)

    def _frame(self, sql: str) -> pd.DataFrame:
        table: pd.DataFrame = self._run(sql).df()
        text = {name: "str" for name in ["unique_id", *self.schema.static] if name in table}
        return table.astype(text | ({"ds": "datetime64[us]"} if "ds" in table else {}))

    def _run(self, sql: str, values: list[Any] | None = None) -> Any:
        return self._safely(lambda: self._con.execute(sql, values or []))

    def _safely(self, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except duckdb.Error as error:
            raise of_source(self.name, error) from None


def read_panel(
    source: str | Path | pd.DataFrame,
    schema: PanelSchema | Path | None = None,
    sql: str | None = None,
    unique_ids: Sequence[str] | None = None,
) -> Panel:
    """Open a source and read its panel: `open_source(…).panel(unique_ids)`."""
    return open_source(source, schema=schema, sql=sql).panel(unique_ids)


def open_source(
    source: str | Path | pd.DataFrame,
    *,
    schema: PanelSchema | Path | None = None,
    sql: str | None = None,
    declared: Mapping[str, Any] | None = None,
) -> Source:
    """Open a table of sales: find its columns, and how numbers and dates in text are to be read.

    Args:
        source: a CSV or Parquet file, a workbook (`sales.xlsx#Sheet`, or its first sheet with a table), a folder or
            glob of Parquet files, a DuckDB file (`sales.duckdb::table`, or with `sql`, or one that has a single table),
            the address of a database's table (see `databases`), or a DataFrame.
        schema: the roles of the columns, or a TOML file of them; by default `<stem>.toml` beside the file, if any.
        sql: one SELECT over the view `data` (for a DuckDB file without `::table`, over its tables). It cannot write,
            and sees no other file. Times with a zone are taken as they stand in text and DataFrames, else as UTC.
        declared: fields of the schema that go before those of `schema`.

    Raises:
        InputError: no such file, not a table, SQL that does not run, or columns that cannot be found.
        Refusal: a column can be read in two ways, or rows were imported twice: both choices are named.
    """
    again = partial(open_source, source)
    name = "DataFrame" if isinstance(source, pd.DataFrame) else shown(str(source))
    asked = sql
    address = parse(source) if isinstance(source, str) and is_address(source) else None
    if address is not None:
        source, sql = read_frame(str(source), sql), None
    elif not isinstance(source, pd.DataFrame) and looks_like_address(str(source)) and not Path(source).exists():
        raise InputError(f"{name}: no database; {EXPECTED}")
    path, table = split(source)
    roles = schema if isinstance(schema, PanelSchema) else load_schema(schema) if schema else sidecar(path)
    roles = declaring(roles, declared or {})
    files = [] if path is None else files_of(path)
    digest = digest_frame(source) if isinstance(source, pd.DataFrame) else digest_files(files)
    spill = tempfile.mkdtemp(prefix="skucast-")
    con = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": spill})
    try:
        con.execute("set TimeZone = 'UTC'")
        con.execute("set enable_progress_bar = false")  # it would be drawn into standard output
        at = Attached()
        if isinstance(source, pd.DataFrame):
            con.register("data", registered(source))
        else:
            at = attach(con, files, table, Path(spill), several=sql is not None)
        lock(con, list(at.files))
        said = at.assumed
        if sql is not None:
            said += query(con, sql, roles, at)
        else:
            con.execute("create temp view given as select * from data")
        made = shape(con, roles, at.separator if sql is None else "", copied=at.text or sql is not None)
        if con.execute("select 1 from long limit 1").fetchone() is None:
            raise InputError("no rows; expected one row for each unique_id and ds")
    except Refusal as refusal:
        _close(con, spill)
        raise Refusal(
            "data-refused", choices=refusal.choices, asks=refusal.asks, source=name, why=refusal.message
        ) from None
    except (duckdb.Error, InputError) as error:
        _close(con, spill)
        raise of_source(name, error) from None
    opened = Source(
        name, digest, made.schema, made.ignored, con,
        assumed=said + made.assumed,
        _files=files,
        _origin=address or path,
        _columns=made.found,
        _again=lambda changes, query: again(schema=roles, sql=query or asked, declared=changes),
        _sql=asked,
    )  # fmt: skip
    weakref.finalize(opened, _close, con, spill)
    opened.settle()
    return opened


def _close(con: duckdb.DuckDBPyConnection, spill: str) -> None:
    con.close()
    shutil.rmtree(spill, ignore_errors=True)
