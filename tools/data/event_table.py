"""Tables of events as people have them, read into `Events`: logs of shops, exports of analytics, lines of tills.

Columns are found by their names and kinds of event by theirs (`[events]` and `[events_kinds]` of `words.toml`); a table
without a column of kinds is one of purchases. DuckDB reads, and may spill to disk, so that millions of rows fit.
"""

import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pandas as pd

from ..errors import InputError
from ..messages import Count, Message, Quoted, Refusal, message
from .address import is_address, parse, shown
from .columns import CLOCK, number_readings
from .databases import read_frame
from .dates import read_dates
from .events import BUY, COLUMNS, MORE, RETURN, Events
from .files import attach, digest_files, digest_frame, files_of, lock, plain, query, registered, split
from .schema import ALIASES, PanelSchema
from .sql import literal, quoted
from .words import column_key, words

MEMORY_LIMIT = "2GB"
FIRST_YEAR = 1990  # an earlier date is a clock's that was never set
SHOWN = 8  # aliases that an error names
LISTED = 3  # examples that a finding names
MOST_DAYS = 100_000  # different texts of a column of dates
TEXTS = ("event", "unique_id", "visit", "category", "name")
NUMBERS = ("value", "price", "units")
NEEDED = {"user_id": "users", "ds": "times"}


def read_events(
    source: str | Path | pd.DataFrame,
    *,
    sql: str | None = None,
    schema: PanelSchema | None = None,
    date_format: str | None = None,
    today: pd.Timestamp | None = None,
    known: Collection[str] | None = None,
) -> Events:
    """Read a table of events.

    Left out and counted: rows without a user or a time, rows that stand there twice, times before 1990 or after
    tomorrow. A purchase below 0 is a return; kinds of event that are not known keep their name.

    Args:
        source: CSV, workbook, Parquet, DuckDB, a database's table or a DataFrame, as `open_source` takes it.
        sql: one SELECT over the view `data`.
        schema: what is declared of decimals and thousands.
        date_format: of its times, in the directives of strptime, without the time of the day.
        today: what is later than a day after it lies in the future; default now.
        known: the products of the sales: others are kept, and said.

    Raises:
        InputError: no such file, no table, no column of users or of times, or no row that can be used.
        Refusal: a column can be read in two ways.
    """
    name = "DataFrame" if isinstance(source, pd.DataFrame) else shown(str(source))
    schema = schema or PanelSchema()
    try:
        with opened(source, sql, schema) as (con, separator, assumed, digest):
            found = match_events([str(row[0]) for row in con.execute("describe held").fetchall()])
            said = [*assumed, *_typed(con, found, schema, separator, date_format)]
            said += _cleaned(con, found, pd.Timestamp.now() if today is None else today)
            frame = _text(con, f"select {', '.join((*COLUMNS, *MORE))} from events order by all")
            products = _text(
                con,
                "select unique_id, coalesce(arg_min(category, ds), '') as category, coalesce(arg_min(name, ds), '') "
                "as name from events where unique_id <> '' group by 1 order by 1",
            )
    except Refusal as refusal:
        raise Refusal(
            "data-refused", choices=refusal.choices, asks=refusal.asks, source=name, why=refusal.message
        ) from None
    except (duckdb.Error, InputError) as error:
        raise InputError(f"{name}: {plain(error)}") from None
    products = products.set_index("unique_id")
    if frame.empty:
        raise InputError(f"{name}: no row has a user and a time that can be read")
    if known is not None and (more := set(products.index) - set(known)):
        some = tuple(Quoted(one) for one in sorted(more)[:LISTED])
        said.append(message("events-unknown-products", count=Count(len(more)), products=some))
    if not (products["category"] != "").any() and not (products["name"] != "").any():
        products = products.iloc[:0]
    return Events(frame, products=products, findings=tuple(said), name=name, digest=digest)


def read_rows(source: str | Path) -> pd.DataFrame:
    """Any table as it stands, a row each; of a text file every column is text.

    Raises:
        InputError: no such file, or no table.
    """
    try:
        with opened(source, None, PanelSchema()) as (con, _, _, _):
            return _text(con, "select * from held")
    except (duckdb.Error, InputError) as error:
        raise InputError(f"{shown(str(source))}: {plain(error)}") from None


def read_attributes(source: str | Path | pd.DataFrame, key: str) -> pd.DataFrame:
    """A table with a row a user or product: its columns as text, by the column that names them.

    Args:
        source: as `read_events` takes it.
        key: `user_id` or `unique_id`.

    Raises:
        InputError: no such file, or no column of users or products.
    """
    name = "DataFrame" if isinstance(source, pd.DataFrame) else shown(str(source))
    try:
        with opened(source, None, PanelSchema()) as (con, _, _, _):
            columns = [str(row[0]) for row in con.execute("describe held").fetchall()]
            theirs = _match(columns, {key: _aliases()[key]}).get(key)
            if theirs is None:
                raise InputError(f"no column of {key}; got {', '.join(columns)}")
            parts = [f"{user_id_of(theirs)} as {key}"]
            parts += [f"trim({quoted(c)}::varchar) as {quoted(column_key(c))}" for c in columns if c != theirs]
            table = _text(con, f"select {', '.join(parts)} from held where {user_id_of(theirs)} <> ''")
    except (duckdb.Error, InputError) as error:
        raise InputError(f"{name}: {plain(error)}") from None
    return table.drop_duplicates(key).set_index(key).sort_index()


def read_products(source: str | Path | pd.DataFrame) -> pd.DataFrame:
    """A table with a row a product: `category` and `name`, by unique_id; empty text where there is no such column.

    Raises:
        InputError: no such file, or no column of products.
    """
    table = read_attributes(source, "unique_id")
    found = _match(list(table.columns), {name: _aliases()[name] for name in ("category", "name")})
    made = {name: table[found[name]].fillna("") if name in found else "" for name in ("category", "name")}
    return pd.DataFrame(made, index=table.index).astype("str")


def match_events(columns: Sequence[str]) -> dict[str, str]:
    """Our names to a table's columns.

    Raises:
        InputError: there is none of users, or none of times.
    """
    found = _match(columns, _aliases())
    for ours, what in NEEDED.items():
        if ours not in found:
            some = ", ".join(_aliases()[ours][:SHOWN])
            raise InputError(f"no column of {what}; got {', '.join(columns)}; expected one of {some}, …")
    return found


def _aliases() -> dict[str, Sequence[str]]:
    known: dict[str, list[str]] = words()["events"]
    product = [*known["unique_id"], *(one for one in ALIASES["unique_id"] if one != "id")]  # that is the row's
    units = [one for one in ALIASES["y"] if one not in known["value"]]
    return {**known, "unique_id": product, "units": units, "price": [*words()["stock"]["price"], *known["price"]]}


def _match(columns: Sequence[str], aliases: Mapping[str, Sequence[str]]) -> dict[str, str]:
    keys = {column_key(column): column for column in reversed(columns)}
    found: dict[str, str] = {}
    for ours, names in aliases.items():
        free = (keys[one] for one in map(column_key, names) if one in keys and keys[one] not in found.values())
        theirs = next(free, None)
        if theirs is not None:
            found[ours] = theirs
    return found


@contextmanager
def opened(
    source: str | Path | pd.DataFrame, sql: str | None, schema: PanelSchema
) -> Iterator[tuple[duckdb.DuckDBPyConnection, str, tuple[Message, ...], str]]:
    """A source as the view `held` of a DuckDB that may spill, its cells' separator, what was assumed, its digest."""
    said: tuple[Message, ...] = ()
    if isinstance(source, str) and is_address(source):
        parse(source)
        source, sql = read_frame(source, sql), None
    path, table = split(source)
    with tempfile.TemporaryDirectory(prefix="skucast-") as spill:
        con = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": spill})
        try:
            con.execute("set TimeZone = 'UTC'")
            con.execute("set enable_progress_bar = false")
            separator = ""
            if isinstance(source, pd.DataFrame):
                digest = digest_frame(source)
                con.register("data", registered(source))
            else:
                files = files_of(path) if path else []
                digest = digest_files(files)
                at = attach(con, files, table, Path(spill), several=sql is not None)
                lock(con, list(at.files))
                said = at.assumed + (query(con, sql, schema, at) if sql is not None else ())
                separator = at.separator if sql is None else ""
            con.execute(f"create temp view held as select * from {'given' if sql is not None else 'data'}")
            yield con, separator, said, digest
        finally:
            con.close()


def _text(con: duckdb.DuckDBPyConnection, sql: str) -> pd.DataFrame:
    """What a query gives, its texts as pandas keeps text: without an object for each."""
    table: pd.DataFrame = con.sql(sql).to_arrow_table().to_pandas()
    return table.astype(dict.fromkeys(table.select_dtypes("object").columns, "str"))


def user_id_of(name: str) -> str:
    """SQL of an id of a column as text: a number read as a float, as missing ones make it, loses its point."""
    return f"regexp_replace(coalesce(trim({quoted(name)}::varchar), ''), '^(\\d+)\\.0$', '\\1')"


def _typed(
    con: duckdb.DuckDBPyConnection,
    found: Mapping[str, str],
    schema: PanelSchema,
    separator: str,
    date_format: str | None,
) -> list[Message]:
    """Make the table `typed`: our columns with their types; None where something cannot be read."""
    theirs = ", ".join(f"{quoted(column)}" for column in dict.fromkeys(found.values()))
    con.execute(f"create temp table raw as select {theirs} from held")
    kinds = {str(row[0]): str(row[1]) for row in con.execute("describe raw").fetchall()}
    numbers = {ours: name for ours, name in found.items() if ours in NUMBERS}
    only = PanelSchema(decimal=schema.decimal, thousands=schema.thousands)
    readings = number_readings(con, "raw", numbers, kinds, only, separator)
    time, said = _times(con, found["ds"], kinds[found["ds"]], date_format)
    parts = [f"{user_id_of(found['user_id'])} as user_id", f"{time} as ds"]
    parts += [f"{user_id_of(found[ours])} as {ours}" if ours in found else f"'' as {ours}" for ours in TEXTS]
    parts += [f"({readings[n].value})::double as {n}" if n in readings else f"null::double as {n}" for n in NUMBERS]
    con.execute(f"create temp table typed as select {', '.join(parts)} from raw")
    con.execute("drop table raw")
    return [*(one for reading in readings.values() for one in reading.assumed), *said]


def _times(
    con: duckdb.DuckDBPyConnection, name: str, kind: str, date_format: str | None
) -> tuple[str, tuple[Message, ...]]:
    """SQL of a column's times: ISO, time since 1970, or as people write dates; and what was assumed."""
    column = quoted(name)
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        return f"{column}::timestamp", ()
    if kind != "VARCHAR":
        return _since_1970(f"{column}::double"), ()
    text = f"regexp_replace(trim({column}), '(?i)\\s*(utc|gmt)$', '')"
    bare = f"regexp_replace({text}, '([zZ]|[+-]\\d{{2}}(:?\\d{{2}})?)$', '')"
    iso = f"try_cast(case when contains({text}, ':') then {bare} else {text} end as timestamp)"
    digits = f"(case when regexp_full_match({text}, '\\d{{8,20}}(\\.\\d+)?') then try_cast({text} as double) end)"
    known = f"coalesce({_since_1970(digits)}, {iso})"
    day = f"regexp_replace({text}, {literal(CLOCK)}, '')"
    rows = con.execute(
        f"select distinct {day} from raw where {known} is null and trim({column}) <> '' limit {MOST_DAYS}"
    ).fetchall()
    if not rows:
        return known, ()
    dates = read_dates([str(row[0]) for row in rows], name, date_format)
    if not dates.of:
        return known, ()
    con.register("days", pd.DataFrame({"text": list(dates.of), "day": pd.to_datetime(list(dates.of.values()))}))
    con.execute("create temp table day_of as select text, day::date as day from days")
    clock = f"upper(regexp_extract({text}, '(?i)\\d{{1,2}}:\\d{{2}}(:\\d{{2}})?(\\s*[ap]m)?\\s*$'))"
    forms = "['%H:%M', '%H:%M:%S', '%I:%M %p', '%I:%M:%S %p', '%I:%M%p', '%I:%M:%S%p']"
    since = f"coalesce(try_strptime(trim({clock}), {forms})::time, time '00:00')"
    return f"coalesce({known}, (select d.day from day_of d where d.text = {day}) + {since})", dates.assumed


def _since_1970(number: str) -> str:
    """SQL of a number as a time: a date of eight digits, or what has passed since 1970, in the unit of its size."""
    day = f"try_strptime(({number})::bigint::varchar, '%Y%m%d')"
    units = " ".join(
        f"when {number} < 1e{below} then make_timestamp((({number}) * 1e{to})::bigint)"
        for below, to in ((11, 6), (14, 3), (17, 0), (20, -3))
    )
    return f"(case when {number} between 19000101 and 22001231 then {day} when {number} < 2e8 then null {units} end)"


def _cleaned(con: duckdb.DuckDBPyConnection, found: Mapping[str, str], today: pd.Timestamp) -> list[Message]:
    """Make the table `events` of `typed`, and say what was left out or taken for granted."""
    con.execute("create temp table kind_of (theirs varchar, ours varchar)")
    said: list[Message] = []
    if "event" not in found:
        said.append(message("events-all-buys"))
        kind = literal(BUY)
    else:
        names = {one: ours for ours, some in words()["events_kinds"].items() for one in map(column_key, some)}
        counts = con.execute("select event, count(*) from typed group by 1 order by 2 desc, 1").fetchall()
        meant = {str(text): names.get(column_key(str(text)), column_key(str(text))) for text, _ in counts}
        con.register("kinds", pd.DataFrame({"theirs": list(meant), "ours": list(meant.values())}).astype("object"))
        con.execute("insert into kind_of select theirs, ours from kinds")
        other = [(str(text), int(count)) for text, count in counts if meant[str(text)] not in words()["events_kinds"]]
        if other:
            some = tuple(Quoted(text) for text, _ in other[:LISTED])
            said.append(message("events-unknown-kinds", count=Count(sum(count for _, count in other)), kinds=some))
        kind = "coalesce(k.ours, '')"
    until = f"timestamp '{today + pd.Timedelta(days=1):%Y-%m-%d %H:%M:%S}'"
    off = f"(ds >= {until} or year(ds) < {FIRST_YEAR})"
    nobody, never, early_late = con.execute(
        f"select count(*) filter (user_id in ('', 'nan', 'NaN', 'None')), count(*) filter (ds is null), count(*) "
        f"filter ({off}) from typed"
    ).fetchall()[0]
    money = {"value": "value", "price": "price * coalesce(units, 1)"}
    given = [sql for name, sql in money.items() if name in found]
    value = f"coalesce({', '.join([*given, '0'] if given else ['units', '1'])})::double"
    con.execute(f"""
        create temp table events as
        with taken as (
            select user_id, ds, {kind} as event, unique_id, {value} as value, coalesce(units, 1)::double as units,
                   visit, category, name
            from typed {"left join kind_of k on k.theirs = typed.event" if "event" in found else ""}
            where user_id not in ('', 'nan', 'NaN', 'None') and ds is not null and not {off}
        ), signed as (
            select * replace (case when event = '{BUY}' and (value < 0 or units < 0) then '{RETURN}' else event end
                              as event) from taken
        )
        select distinct user_id, ds, event, unique_id,
               case when event = '{RETURN}' then -abs(value) else value end as value,
               case when event = '{RETURN}' then -abs(units) else units end as units, visit, category, name
        from signed
    """)
    total, kept, returned = con.execute(
        f"select (select count(*) from typed where user_id not in ('', 'nan', 'NaN', 'None') and ds is not null and "
        f"not {off}), count(*), count(*) filter (event = '{RETURN}') from events"
    ).fetchall()[0]
    for key, count in (
        ("events-nobody", nobody), ("events-no-time", never), ("events-off-clock", early_late),
        ("events-twice", total - kept), ("events-returns", returned),
    ):  # fmt: skip
        if count:
            said.append(message(key, count=Count(int(count))))
    if "value" not in found and "price" not in found:
        said.append(message("events-no-money"))
    return said
