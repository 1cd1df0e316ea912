"""Series of several columns: a store or a channel beside the SKU that makes each row's series and date unique."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import duckdb

from ..errors import InputError, nearest
from ..messages import Count, Message, Quoted, message
from .schema import ALIASES, KEYS, PanelSchema, match_columns
from .sql import quoted

GROUP_COLUMNS: dict[str, tuple[str, ...]] = {  # names of columns by what they hold
    "store": (
        *("store", "shop", "location", "warehouse", "branch", "outlet", "site", "plant", "depot"),
        *(
            "filiale",
            "filial",
            "markt",
            "laden",
            "standort",
            "lager",
            "magasin",
            "tienda",
            "sucursal",
            "negozio",
            "loja",
        ),
        *("门店", "店铺", "商店", "仓库"),
    ),
    "channel": ("channel", "kanal", "canal", "渠道"),
    "region": ("region", "country", "market", "land", "pays", "地区", "区域", "国家"),
}
SUFFIXES = ("id", "nr", "no", "number", "code", "name", "key", "nummer", "编号", "名称")
SERIES = "series"  # of the column that is made
BETWEEN = "/"  # the parts of a unique_id
LEFT_OVER = 0.1  # of the rows that stood for one series and date, at most, still do


@dataclass(frozen=True)
class Parts:
    """Which columns make a series.

    Attributes:
        columns: theirs by our name: the static columns that they become.
        seen: how many series they make.
    """

    columns: dict[str, str]
    seen: int


def series_of(
    con: duckdb.DuckDBPyConnection, table: str, schema: PanelSchema
) -> tuple[str, PanelSchema, tuple[Message, ...]]:
    """The table and the schema under which its rows are one a series and date, and what is said of it.

    Where `schema.series` names columns, they are the series. Else, where rows repeat for an id and a date and are not
    to be summed, and a column of stores, channels or regions tells them apart, it is part of the series. The table
    then has a column that joins them with `/`, and each is a static column as well.

    Args:
        con: where the table is.
        table: its name.
        schema: what is declared.

    Raises:
        InputError: `schema.series` names a column that the table lacks.
    """
    listed = [str(row[0]) for row in con.execute(f"describe select * from {table}").fetchall()]
    if schema.series:
        found = _declared(con, table, listed, schema)
    else:
        found = None if schema.sum else _found(con, table, listed, schema)
    if found is None:
        return table, schema, ()
    name = next(free for free in (SERIES, *(f"{SERIES}_{n}" for n in range(2, 99))) if free not in listed)
    joined = f" || '{BETWEEN}' || ".join(f"trim({quoted(column)}::varchar)" for column in found.columns.values())
    con.execute(f"create or replace temp view parts_{table} as select *, {joined} as {quoted(name)} from {table}")
    new = [ours for ours in reversed(found.columns) if ours not in schema.static]  # the SKU names a product first
    more = schema.model_copy(
        update={
            "columns": {**schema.columns, **{o: found.columns[o] for o in new}, "unique_id": name},
            "static": [*schema.static, *new],
        }
    )
    names = tuple(f'"{column}"' for column in found.columns.values())
    said = message("assumed-series", columns=names, series=Count(found.seen))
    return f"parts_{table}", more, () if schema.series else (said,)


def summed_over(
    con: duckdb.DuckDBPyConnection, table: str, listed: Iterable[str], found: Mapping[str, str]
) -> tuple[Message, ...]:
    """What is said of stores, channels or regions whose sales were summed together.

    Args:
        con: where the table is.
        table: its name, before it was summed.
        listed: its columns.
        found: columns by our names: those of a series are not summed over.
    """
    said = []
    for column in listed:
        if column not in found.values() and kind_of_group(column):
            row = con.execute(f"select count(distinct {quoted(column)}) from {table}").fetchone()
            if row and int(row[0]) > 1:
                said.append(message("assumed-summed-over", column=Quoted(column), count=Count(row[0])))
    return tuple(said)


def kind_of_group(column: str) -> str | None:
    """What a column groups by, by its name: `store`, `channel` or `region`; None of any other."""
    text = unicodedata.normalize("NFKC", column).casefold()
    words = [word for word in re.split(r"[\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column).casefold()) if word]
    plain = [word for word in words if word not in SUFFIXES] or [text]
    joined = {"".join(plain), plain[-1], *_without_suffix("".join(plain))}
    return next((kind for kind, names in GROUP_COLUMNS.items() if joined & set(names)), None)


def _without_suffix(word: str) -> list[str]:
    return [word.removesuffix(suffix) for suffix in SUFFIXES if word.endswith(suffix)]


def _declared(con: duckdb.DuckDBPyConnection, table: str, listed: Sequence[str], schema: PanelSchema) -> Parts | None:
    lower = {column.lower(): column for column in reversed(listed)}
    columns: dict[str, str] = {}
    for wanted in schema.series:
        column = wanted if wanted in listed else lower.get(wanted.lower())
        if column is None:
            raise InputError(f"series: no column {wanted!r}; {nearest(wanted, listed)}")
        columns[_ours(column, columns)] = column
    return Parts(columns, _count(con, table, tuple(columns.values())))


def _found(con: duckdb.DuckDBPyConnection, table: str, listed: Sequence[str], schema: PanelSchema) -> Parts | None:
    """The fewest group columns that tell apart the rows of an id and a date; None where none are needed, or none do."""
    try:
        keys = match_columns(listed, schema)
    except InputError:  # another form of table, or none: said where it is read
        return None
    taken = {column for ours, column in keys.items() if ours not in schema.static}
    groups = [column for column in listed if column not in taken and kind_of_group(column)]
    if not groups:
        return None
    uid, day = quoted(keys["unique_id"]), f"regexp_extract({quoted(keys['ds'])}::varchar, '^[^ T]+')"
    sets = [list(some) for n in (1, 2) for some in combinations(groups, n)]
    different = ", ".join(
        f"count(distinct ({', '.join([uid, day, *map(quoted, some)])}))" for some in [list[str](), *sets]
    )
    row = con.execute(
        f"select count(*), {different} from {table} where {uid} is not null and {quoted(keys['ds'])} is not null"
    ).fetchone()
    rows, alone, *together = (int(count) for count in row or (0, 0))
    for some, count in zip(sets, together, strict=False):
        if rows > alone and rows - count <= LEFT_OVER * (rows - alone):
            columns: dict[str, str] = {}
            for column in some:
                columns[_ours(column, columns)] = column
            columns["sku" if "sku" not in columns else keys["unique_id"]] = keys["unique_id"]
            return Parts(columns, _count(con, table, tuple(columns.values())))
    return None


def _ours(column: str, others: dict[str, str]) -> str:
    """Our name of a column that is part of a series: what it groups by, else, or where that is taken, its own."""
    ours = kind_of_group(column) or ("sku" if column.lower() in ALIASES["unique_id"] else column)
    return ours if ours not in others else "sku" if column in KEYS else column


def _count(con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> int:
    row = con.execute(f"select count(distinct ({', '.join(map(quoted, columns))})) from {table}").fetchone()
    return int(row[0]) if row else 0
