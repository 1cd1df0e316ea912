"""The words of each language, from `en.toml` and `zh.toml`, as pieces of which small patterns are built."""

import re
import tomllib
from importlib.resources import files
from typing import Any

EN, ZH = (
    tomllib.loads((files(__package__) / f"{language}.toml").read_text(encoding="utf-8")) for language in ("en", "zh")
)


def en(*keys: str) -> str:
    """The English words under some keys, such as `time.back_before`, as the alternatives of a pattern."""
    return "|".join(word for key in keys for word in _under(EN, key))


def zh(*keys: str) -> str:
    """The same of Chinese."""
    return "|".join(word for key in keys for word in _under(ZH, key))


def words(*keys: str) -> re.Pattern[str]:
    """What finds whole words of English, or Chinese anywhere."""
    return re.compile("|".join([rf"\b(?:{en(*keys)})\b"] * bool(en(*keys)) + [zh(*keys)] * bool(zh(*keys))))


def _under(table: dict[str, Any], key: str) -> list[str]:
    for part in key.split("."):
        table = table.get(part, {})
    return list(table)
