"""From a table as it is to the long table of a panel: which texts are numbers, flags and dates, and what they say."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

import duckdb

from ..messages import Message, Refusal, message
from .dates import read_dates
from .numbers import COMMA, POINT, Convention, OpenQuestion, Reading, common, flags, given, of_type, plain, written
from .schema import PanelSchema, may_be_ids
from .sql import literal, quoted

CONTROLS = r"'[\x00-\x1f\x7f-\x{9f}]+'"  # C0, DEL and C1: a name that holds them could redraw a terminal
MOST_DATES = 200_000  # different texts: beyond it a column holds no dates
YEARS = "between 1900 and 2200"
CLOCK = r"(?i)(t|\s|,)+\d{1,2}([:.h]\d{2}([:.]\d{2}.*)?|\s*[ap]\.?m\.?)(\s.*|[z+-].*)?$"
STAMP = r"(?i)^((?:19|20)\d{6})(?:[t ]\d{4,6}|\d{6})(z|[+-].*)?$"


def long_table(
    con: duckdb.DuckDBPyConnection,
    table: str,
    found: Mapping[str, str],
    kinds: Mapping[str, str],
    schema: PanelSchema,
    separator: str = "",
    whole: tuple[str, Mapping[str, str]] | None = None,
) -> tuple[str, tuple[Message, ...]]:
    """The SELECT of a long table: ours of theirs (`found`), of known types, beside each what could not be read.

    Args:
        con: where the table is.
        table: its name.
        found: its columns by our names.
        kinds: the types of its columns.
        schema: what is declared.
        separator: of the cells, where it was a text file.
        whole: a table with the columns without a role too, and their types: what its numbers show of their signs.

    Returns:
        The SELECT, and what was taken for granted.

    Raises:
        Refusal: a column can be read in two ways.
    """
    roles = ["y", *schema.known_future, *schema.past_only]
    numbers = number_readings(con, table, {ours: found[ours] for ours in roles}, kinds, schema, separator, whole)
    day, bad_day, join, said = _dates(con, table, found["ds"], kinds[found["ds"]], schema)
    uid = quoted(found["unique_id"])
    if kinds[found["unique_id"]] in ("DOUBLE", "FLOAT"):  # a float only because some ids are missing
        number = f"when {uid} = trunc({uid}) then {uid}::bigint::varchar"
        uid = f"case when isnan({uid}) then null {number} else {uid}::varchar end"
    bad = [
        f"{literal(ours + ' = ')} || ({reading.broken})"
        for ours, reading in numbers.items()
        if ours != "y" and reading.broken != Reading("").broken
    ]
    parts = [
        f"case when trim({_shown(uid)}) <> '' then {_shown(uid)} end as unique_id",
        f"{day} as ds",
        f"{bad_day} as _bad_ds",
        f"{numbers['y'].value} as y",
        f"{numbers['y'].broken} as _bad_y",
        f"coalesce({', '.join(bad)}, null)::varchar as _bad_covariate" if bad else "null::varchar as _bad_covariate",
        *(f"{numbers[ours].value} as {quoted(ours)}" for ours in roles[1:]),
        *(f"{_text(found[ours])} as {quoted(ours)}" for ours in schema.static),
        *([f"{quoted(found['ds'])}::varchar as _at"] if schema.sum else []),
    ]
    told = {one.key + str(one.facts): one for reading in numbers.values() for one in reading.assumed}
    return f"select {', '.join(parts)} from {table} {join}", (*said, *told.values())


def number_readings(
    con: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[str, str],
    kinds: Mapping[str, str],
    schema: PanelSchema,
    separator: str,
    whole: tuple[str, Mapping[str, str]] | None = None,
) -> dict[str, Reading]:
    """How columns of numbers and flags are read, by our names for them.

    Raises:
        Refusal: one can be read in two ways, and nothing in the file says which.
    """
    told = declared(schema)
    found: dict[str, Reading] = {}
    for ours, name in columns.items():
        if (typed := of_type(name, kinds[name])) is not None:
            found[ours] = typed
    texts = {ours: name for ours, name in columns.items() if ours not in found}
    quick = plain(con, table, list(texts.values())) if told is not COMMA else {}
    open_: dict[str, OpenQuestion] = {}
    for ours, name in texts.items():
        if name in quick:
            found[ours] = quick[name]
        elif told is POINT and (declared_plain := plain(con, table, [name], points=True)):
            found[ours] = declared_plain[name]
        elif ours != "y" and (marks := flags(con, table, name)) is not None:
            found[ours] = marks
        else:
            try:
                found[ours] = written(con, table, name, separator, told)
            except OpenQuestion as question:
                open_[ours] = question
    if open_:
        every, types = whole or (table, kinds)
        rest = [name for name, kind in types.items() if kind == "VARCHAR" and name not in columns.values()]
        evidence = common(found.values()) or common(_others(con, every, rest, separator))
        for ours, asked in open_.items():
            convention = evidence or asked.by_separator
            if convention is None:
                raise asked.refusal
            found[ours] = written(con, table, texts[ours], separator, convention)
    return {ours: found[ours] for ours in columns}


def declared(schema: PanelSchema) -> Convention | None:
    """What the schema says of decimals and thousands."""
    if schema.decimal is not None:
        return POINT if schema.decimal == "." else COMMA
    return {".": COMMA, ",": POINT}.get(schema.thousands or "")


def typed_select(
    con: duckdb.DuckDBPyConnection, table: str, kinds: Mapping[str, str], schema: PanelSchema, separator: str
) -> tuple[str, dict[str, Refusal], tuple[Message, ...]]:
    """The SELECT over a table of texts that SQL is to use: numbers and ISO dates by their types, else text.

    Returns:
        The SELECT; what to ask of columns of numbers that can be read in two ways, and were left as text; and what was
        taken for granted.
    """
    columns: list[str] = []
    questions: dict[str, Refusal] = {}
    said: list[Message] = []
    ids = may_be_ids(list(kinds), schema)  # text, whatever it looks like
    for name in kinds:
        column = quoted(name)
        whole = f"try_cast(trim({column}) as bigint)"
        counts = f"""
            select count(*) filter ({given(column)}),
                   count(*) filter ({given(column)} and ({whole} is null
                       or trim({column}) not similar to '[-+]?(0|[1-9]\\d*)')),
                   count(*) filter ({given(column)} and {_iso(column)} is null),
                   count(*) filter (contains({column}, ':')),
                   count(*) filter ({given(column)} and lower(trim({column})) not in ('true', 'false'))
            from {table}
        """
        rows, no_whole, no_date, clocks, no_flag = con.execute(counts).fetchone() or (0, 0, 0, 0, 0)
        value = column
        if rows and not no_whole:
            value = f"(case when {given(column)} then {whole} end)"
        elif rows and not no_date:
            value = f"(case when {given(column)} then {_local(column) if clocks else _iso(column)} end)"
        elif rows and not no_flag:
            value = f"(case when {given(column)} then try_cast(trim({column}) as boolean) end)"
        elif rows and name not in ids:
            try:
                reading = number_readings(con, table, {"y": name}, kinds, schema, separator)["y"]
            except Refusal as refusal:
                questions[name] = refusal
            else:
                broken = f"select count(*) from {table} where {given(column)} and ({reading.value}) is null"
                zeros = f"select 1 from {table} where trim({column}) similar to '0\\d+' limit 1"
                if con.execute(broken).fetchone() == (0,) and con.execute(zeros).fetchone() is None:
                    value = reading.value
                    said += reading.assumed
        columns.append(f"{value} as {column}")
    return f"select {', '.join(columns)} from {table}", questions, tuple(said)


def _others(con: duckdb.DuckDBPyConnection, table: str, names: Sequence[str], separator: str) -> list[Reading]:
    """Columns without a role, as far as they are numbers."""
    found = plain(con, table, names)
    readings = list(found.values())
    for name in names:
        if name not in found:
            with suppress(OpenQuestion):
                readings.append(written(con, table, name, separator))
    return readings


def _dates(
    con: duckdb.DuckDBPyConnection, table: str, name: str, kind: str, schema: PanelSchema
) -> tuple[str, str, str, tuple[Message, ...]]:
    """SQL of a column's dates and of the texts that are none, what to join for them, and what was taken for granted."""
    column = quoted(name)
    text = f"trim({column}::varchar)"
    missing = f"coalesce({column}::varchar, 'nothing')"
    said: tuple[Message, ...] = ()
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        day = f"(case when year({column}::date) {YEARS} then {column}::date end)"
        return day, f"(case when {day} is null then {missing} end)", "", said
    if kind in ("DOUBLE", "FLOAT"):
        text = f"(case when {column} = trunc({column}) then {column}::bigint::varchar else {column}::varchar end)"
    iso = _iso(text)
    if schema.date_format is None:
        (others,) = con.execute(f"select count({text}) - count({iso}) from {table}").fetchone() or (0,)
        if others:  # perhaps words for nothing
            rest = f"select count(*) from {table} where {given(text)} and {iso} is null"
            (others,) = con.execute(rest).fetchone() or (0,)
        if not others:
            zone = f"regexp_matches({text}, '\\d:\\d{{2}}.*([zZ]|[+-]\\d{{2}}(:?\\d{{2}})?)$')"
            row = con.execute(
                f"select any_value({text}) filter ({zone}) from (select * from {table} limit 2000)"
            ).fetchone()
            if row is not None and row[0] is not None:
                said = (message("assumed-local-day", column=name, text=str(row[0]), day=str(row[0])[:10]),)
            return iso, f"(case when {iso} is null then {missing} end)", "", said
    key = f"regexp_replace(regexp_replace({text}, '{CLOCK}', ''), '{STAMP}', '\\1')"
    rows = con.execute(f"select distinct {key} from {table} where {given(text)} limit {MOST_DATES}").fetchall()
    dates = read_dates(sorted(str(row[0]) for row in rows), name, schema.date_format, schema.freq)
    con.execute("create or replace temp table days_read (_text varchar, _day date)")
    if dates.of:
        con.execute(
            "insert into days_read select unnest($1::varchar[]), unnest($2::date[])",
            [list(dates.of), list(dates.of.values())],
        )
    broken = f"(case when _day is null then {missing} end)"
    return "_day", broken, f"left join days_read on {key} = _text", dates.assumed


def _iso(text: str) -> str:
    """SQL of a date of ISO 8601; the day of a time is that which is written."""
    day = f"try_cast(trim({text}) as date)"
    return f"(case when year({day}) {YEARS} then {day} end)"


def _local(text: str) -> str:
    """SQL of a time as it is written, its zone left out."""
    bare = f"regexp_replace(trim({text}), '([zZ]|[+-]\\d{{2}}(:?\\d{{2}})?)$', '')"
    day = f"try_cast({_iso(text)} as timestamp)"
    return f"(case when contains({text}, ':') then try_cast({bare} as timestamp) else {day} end)"


def _text(column: str) -> str:
    return f"nullif(nullif(trim({_shown(quoted(column))}), ''), 'NaN')"


def _shown(value: str) -> str:
    """SQL of a value as text that can be shown: a run of control characters is a space."""
    return f"regexp_replace({value}::varchar, {CONTROLS}, ' ', 'g')"
