"""docs/REPLAYS.md as text."""

from typing import Any


def page(r: dict[str, Any]) -> str:
    return ""
