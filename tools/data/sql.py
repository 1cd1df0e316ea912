"""Names and texts as SQL has them."""

from functools import cache

import duckdb


def quoted(name: str) -> str:
    """A column name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: object) -> str:
    """Text as an SQL string."""
    return "'" + str(text).replace("'", "''") + "'"


@cache
def _reserved() -> frozenset[str]:
    rows = duckdb.sql("select keyword_name from duckdb_keywords() where keyword_category = 'reserved'").fetchall()
    return frozenset(str(row[0]) for row in rows)


def named(name: str) -> str:
    """A column's name as a person would write it in SQL: in quotes only where it needs them."""
    plain = name.isascii() and name.isidentifier() and name.lower() not in _reserved()
    return name if plain else quoted(name)
