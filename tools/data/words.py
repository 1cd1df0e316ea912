"""Words that people write in tables of sales, by meaning: columns, yes and no, totals; read from `words.toml`."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def words() -> dict[str, Any]:
    """The whole of `words.toml`."""
    found: dict[str, Any] = tomllib.loads((files(__package__) / "words.toml").read_text(encoding="utf-8"))
    return found


def column_key(name: str) -> str:
    """A column's name as names are compared: lower case, with one `_` for spaces, points and hyphens."""
    return re.sub(r"[\s._\-]+", "_", name.strip().casefold()).strip("_")


def column_words(name: str) -> set[str]:
    """The words of a column's name, and the whole of it."""
    key = column_key(name)
    return {key, *key.split("_")}
