"""The scorecard of suppliers for people and programs: a table in the terminal, JSON, and files to hand on."""

from typing import Any

import pandas as pd
from rich.console import Console
from rich.text import Text

from ...prompts.messages.say import ENGLISH, say
from ...tools.decide.supplier_telling import direction, drift_messages, table_of
from .record_file import RecordFile
from .tables import drawn

COLUMNS = (
    *("supplier", "deliveries", "open", "on_time", "late_days", "q0.1", "q0.5", "q0.9", "drift", "drifts"),
    "drift_direction",
)
FILE = RecordFile("Lead times in days, as past deliveries show them.", COLUMNS, ("supplier",), "suppliers")


def records(card: pd.DataFrame) -> list[dict[str, Any]]:
    """A supplier each, for programs: shares 0 to 1, lead times in days, null where not known."""
    made = []
    for _, row in card.iterrows():
        clean = {name: _plain(row[name]) for name in COLUMNS[:-1]}
        made.append({**clean, "drifts": bool(row["drifts"]), "drift_direction": direction(row)})
    return made


def show(card: pd.DataFrame, console: Console, lang: str = ENGLISH) -> None:
    """The table, and a line for each supplier whose lead times drift."""
    console.print(drawn(table_of(card), lang))
    for one in drift_messages(card):
        console.print(Text(say(one, lang)))


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return None if pd.isna(value) else round(value, 4)
    return value
