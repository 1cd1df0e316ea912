"""Numbers as people write them: what a point and a comma mean is decided over a whole column, and said or asked.

Two readings are tried on every different text of a column: the point for decimals (`1,246.50`), or the comma
(`1.246,50`); in both, spaces and apostrophes may stand between thousands. The one that reads more of them is taken.
Where both read the same number of texts, but as different values (`1.246` beside `784`), other columns of the file
decide, then its separator, and else the person.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import duckdb
from babel import Locale
from babel.numbers import list_currencies

from ..messages import Exact, Message, Quoted, Refusal, message
from .calendar_words import LANGUAGES
from .sql import literal, quoted
from .words import words

TYPED = ("DOUBLE", "FLOAT", "HUGEINT", "UHUGEINT")
BODY = r"[.,]?\d[\d., '']*"
SPACES = "\u00a0\u202f\u2009\u2007\u3000\t"
APOSTROPHES = "\u2019\u2018\u00b4`"
MINUSES = "\u2212\u2013"
WIDE, NARROW = "０１２３４５６７８９．，", "0123456789.,"  # of Chinese and Japanese keyboards


def _grammar(decimal: str, thousands: str) -> str:
    """What a number without its sign is: groups of three (or the two and three of India), then decimals."""
    fraction = rf"(\{decimal}\d+)?"
    return "|".join(
        (
            rf"[1-9]\d{{0,2}}(\{thousands}\d{{3}})+{fraction}",
            rf"[1-9]\d?(\{thousands}\d{{2}})+\{thousands}\d{{3}}{fraction}",
            rf"[1-9]\d{{0,2}}([ '']\d{{3}})+{fraction}",
            rf"\d+{fraction}",
            rf"\{decimal}\d+",
        )
    )


@dataclass(frozen=True)
class Convention:
    """What separates decimals and thousands."""

    decimal: str
    thousands: str

    @property
    def grammar(self) -> str:
        """The regular expression of a number without its sign."""
        return _grammar(self.decimal, self.thousands)


POINT, COMMA = Convention(".", ","), Convention(",", ".")


@dataclass(frozen=True)
class Reading:
    """How a column of a table is read.

    Attributes:
        value: SQL of its value; NULL where none is given or it cannot be read.
        broken: SQL of its text where that cannot be read, else NULL.
        assumed: what was taken for granted.
        convention: of numbers, where their texts decided it.
    """

    value: str
    broken: str = "null::varchar"
    assumed: tuple[Message, ...] = ()
    convention: Convention | None = None


class OpenQuestion(Exception):  # noqa: N818  no error: other columns may answer it
    """A column can be read in two ways.

    Attributes:
        refusal: what to ask of the person.
        by_separator: what the file's separator says, where it does.
    """

    def __init__(self, refusal: Refusal, by_separator: Convention | None) -> None:
        self.refusal, self.by_separator = refusal, by_separator
        super().__init__(str(refusal))


def is_number_type(kind: str) -> bool:
    """Whether a type of DuckDB is a number."""
    return kind in TYPED or "INT" in kind.split("(", maxsplit=1)[0] or kind.startswith("DECIMAL")


def given(column: str) -> str:
    """SQL: whether a text is given, and no sign for nothing."""
    return f"lower(trim({column})) not in ({', '.join(literal(word) for word in words()['numbers']['none'])})"


def of_type(name: str, kind: str) -> Reading | None:
    """The reading of a column that has a type already; None of text."""
    column = quoted(name)
    if kind == "BOOLEAN":
        return Reading(f"{column}::int::double")
    if is_number_type(kind):
        return Reading(f"(case when not isnan({column}::double) then {column}::double end)")
    return None


def plain(
    con: duckdb.DuckDBPyConnection, table: str, names: Sequence[str], *, points: bool = False
) -> dict[str, Reading]:
    """The columns of text that hold plain numbers alone, as programs write them; all in one pass over the table.

    Args:
        con: where the table is.
        table: its name.
        names: of the columns.
        points: a point is known to be for decimals; else one with three digits behind it leaves a column out.
    """
    if not names:
        return {}
    counts = ", ".join(
        f"count({column}) - count(try_cast(trim({column}) as double)), count(*) filter (contains({column}, '.')), "
        f"count(*) filter (contains({column}, '.') and length(trim({column})) - strpos(trim({column}), '.') <> 3)"
        for column in map(quoted, names)
    )
    row = con.execute(f"select {counts} from {table}").fetchone()
    assert row is not None
    found = {}
    for place, name in enumerate(names):
        broken, pointed, decides = row[3 * place : 3 * place + 3]
        number = f"try_cast(trim({quoted(name)}) as double)"
        value = f"(case when not isnan({number}) then {number} end)"
        if broken:  # perhaps words for nothing, or true and false
            value = f"(case when {given(quoted(name))} then {_plain(quoted(name))} end)"
            rest = f"{given(quoted(name))} and {_plain(quoted(name))} is null"
            broken = con.execute(f"select 1 from {table} where {rest} limit 1").fetchone() is not None
        if not broken and (points or decides or not pointed):
            found[name] = Reading(value, convention=POINT if decides else None)
    return found


def _plain(column: str) -> str:
    return (
        f"case lower(trim({column})) when 'true' then 1 when 'false' then 0 else try_cast(trim({column}) as double) end"
    )


def flags(con: duckdb.DuckDBPyConnection, table: str, name: str) -> Reading | None:
    """A column of yes and no, in the languages of `words.toml`; None of another. Beside marks alone, nothing is no."""
    column = f"lower(trim({quoted(name)}))"
    rows = con.execute(f"select distinct {column} from {table} where {given(quoted(name))} limit 7").fetchall()
    found = [str(row[0]) for row in rows]
    yes = [text for text in found if text in words()["flags"]["yes"]]
    no = [text for text in found if text in words()["flags"]["no"]]
    if not found or len(found) > 6 or {*yes, *no} != {*found} or not {*found} - {"0", "1"}:
        return None
    blank = "0" if not no else "null"
    listed = ", ".join(literal(text) for text in yes) or "''"
    value = f"(case when {given(quoted(name))} then ({column} in ({listed}))::int::double else {blank} end)"
    key = "assumed-flags" if yes and no else "assumed-marks" if yes else "assumed-all-no"
    facts = {kind: tuple(sorted(some)) for kind, some in (("yes", yes), ("no", no)) if some}
    return Reading(value, assumed=(message(key, column=name, **facts),))


def written(
    con: duckdb.DuckDBPyConnection,
    table: str,
    name: str,
    separator: str = "",
    convention: Convention | None = None,
) -> Reading:
    """A column of numbers as people write them.

    Args:
        con: where the table is.
        table: its name.
        name: of the column, which is text.
        separator: of the file's cells; empty where it has none.
        convention: as declared, or as other columns have it; None is decided here.

    Raises:
        OpenQuestion: two readings are possible.
    """
    text = _cleaned(quoted(name))
    body = f"rtrim(regexp_extract({text}, '{BODY}'), ' .,''')"
    around = f"regexp_replace({text}, '{BODY}', '|')"
    con.execute(f"""
        create or replace temp table numerals as
        select any_value(trim({quoted(name)})) as text, body, around,
               trim(regexp_replace(around, '[-+()|%]', '', 'g')) as word
        from (select {quoted(name)}, {body} as body, {around} as around from {table} where {given(quoted(name))})
        group by body, around
    """)
    word = _one_word(con)
    sound = _sound("around", word)
    decided = convention
    if convention is None:
        decided = _decided(con, name, separator, sound)
        convention = decided or POINT
    said = _said(con, name, sound, convention)
    counts = f"count(*) filter (contains(around, '%')), count(*) from numerals where {sound}"
    percents, rows = con.execute(f"select {counts}").fetchone() or (0, 0)
    con.execute("drop table numerals")
    share = 0 < percents == rows
    readable = _sound(around, word) + (f" and not contains({around}, '%')" if 0 < percents < rows else "")
    digits = f"translate({body}, {literal(convention.thousands + ' ' + chr(39))}, '')"
    number = f"try_cast(replace({digits}, '{convention.decimal}', '.') as double)"
    negative = f"(contains({around}, '-') or contains({around}, '('))"
    value = (
        f"(case when {given(quoted(name))} and {readable} and "
        f"regexp_full_match({body}, '{convention.grammar}') then {number} * (case when {negative} then -1 else 1 end)"
        f"{' / 100' if share else ''} end)"
    )
    broken = f"(case when {given(quoted(name))} and ({value}) is null then {quoted(name)} end)"
    return Reading(value, broken, said, decided)


def _cleaned(column: str) -> str:
    """SQL of a text with plain spaces, apostrophes, minus signs and digits in place of their many forms."""
    old = SPACES + APOSTROPHES + MINUSES + WIDE
    new = " " * len(SPACES) + "'" * len(APOSTROPHES) + "-" * len(MINUSES) + NARROW
    return f"trim(translate({column}, {literal(old)}, {literal(new)}))"


def _sound(around: str, word: str) -> str:
    """SQL: whether what stands around a number is a sign, brackets, per cent, and one word such as a currency."""
    allowed = literal(rf"^[-+]? *\(? *[-+]? *{word} *[-+]? *\| *[-+]? *%? *{word} *[-+]? *\)?$")
    return f"(regexp_matches({around}, {allowed}) and length({around}) - length(replace({around}, '|', '')) = 1)"


def _one_word(con: duckdb.DuckDBPyConnection) -> str:
    """The one word that stands beside the numbers of a column, as a regular expression; a multiplier is none."""
    rows = con.execute("select word from numerals where word <> '' group by word limit 2").fetchall()
    if len(rows) != 1 or str(rows[0][0]).strip(".").casefold() in words()["numbers"]["multipliers"]:
        return ""
    word = str(rows[0][0])
    attached = con.execute(r"select 1 from numerals where regexp_matches(around, '\p{L}\|') limit 1").fetchone()
    if attached and word.casefold() not in _currencies():  # X1 is a name, and EUR5 an amount
        return ""
    if any(sign.isdigit() for sign in word) or len(word) > 8 or con.execute(
        "select 1 from numerals where body <> '' having count(*) filter (word <> '') * 2 < count(*)"
    ).fetchone():  # fmt: skip
        return ""
    return "(" + re.escape(word).replace("\\ ", " ") + ")?"


@cache
def _currencies() -> frozenset[str]:
    """Codes and signs of currencies, of CLDR."""
    signs = {sign for lang in LANGUAGES for sign in Locale.parse(lang).currency_symbols.values()}
    return frozenset(word.casefold() for word in {*list_currencies(), *signs})


def _decided(con: duckdb.DuckDBPyConnection, name: str, separator: str, sound: str) -> Convention | None:
    """The convention that reads more of a column's texts; None where both read them as the same values.

    Raises:
        OpenQuestion: both read the same texts, as different values.
    """
    point, comma = (f"(regexp_full_match(body, '{c.grammar}'))" for c in (POINT, COMMA))
    row = con.execute(f"""
        select count(*) filter ({point}), count(*) filter ({comma}),
               min(text) filter ({point} and {comma} and contains(body, '.')),
               min(text) filter ({point} and {comma} and contains(body, ',')),
               count(*) filter (regexp_full_match(body, '\\d{{4,}}([.,]\\d+)?'))
        from numerals where {sound}
    """).fetchone()
    assert row is not None
    points, commas, with_point, with_comma, ungrouped = row
    if points != commas:
        return POINT if points > commas else COMMA
    if with_point is None and with_comma is None:
        return None
    if ungrouped and (with_point is None or with_comma is None):  # thousands that others write with a sign
        return POINT if with_comma is None else COMMA
    text = str(with_point or with_comma)
    by_separator = None
    if with_comma is None and separator == ";":
        by_separator = COMMA
    elif with_point is None and separator == ",":
        by_separator = POINT
    digits = "".join(sign for sign in text if sign.isdigit())
    whole = float(digits)
    part = whole / 1000
    mark = "." if with_point is not None else ","
    other = "," if mark == "." else "."
    raise OpenQuestion(
        Refusal(
            "ask-number",
            choices=(f'thousands = "{mark}"', f'decimal = "{mark}"'),
            asks=True,
            column=name,
            text=Quoted(text),
            whole=Exact(whole),
            part=f"{part:.3f}",
            mark=mark,
            other=other,
        ),
        by_separator,
    )


def _said(con: duckdb.DuckDBPyConnection, name: str, sound: str, convention: Convention) -> tuple[Message, ...]:
    """The most telling text of a column and how it is read."""
    digits = f"translate(body, {literal(convention.thousands + ' ' + chr(39))}, '')"
    row = con.execute(f"""
        select text, try_cast(replace({digits}, '{convention.decimal}', '.') as double)
               * (case when contains(around, '-') or contains(around, '(') then -1 else 1 end), contains(around, '%')
        from numerals where {sound} and regexp_full_match(body, '{convention.grammar}')
        order by (contains(body, '.') or contains(body, ',') or contains(body, ' ') or contains(body, '''')) desc,
                 length(around) desc, length(body) desc, text limit 1
    """).fetchone()
    if row is None or row[1] is None:
        return ()
    return (
        message("assumed-number", column=name, text=Quoted(row[0]), value=f"{row[1] / (100 if row[2] else 1):.12g}"),
    )


def common(readings: Iterable[Reading]) -> Convention | None:
    """The convention that several columns have, where they agree."""
    found = {reading.convention for reading in readings} - {None}
    return found.pop() if len(found) == 1 else None
