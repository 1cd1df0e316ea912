"""Alarms of drift for people and programs: a table in the terminal, JSON lines, and files to hand on."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from ...prompts.messages.say import ENGLISH, say
from ...tools.insight.answer import Table, columns
from ...tools.messages import Count, message
from ...tools.monitor.drift import Alarm
from .record_file import RecordFile
from .tables import drawn

COLUMNS = ("unique_id", "kind", "direction", "since", "at")
FILE = RecordFile("Series that no longer behave as their forecasts take them to.", COLUMNS, ("unique_id",), "alarms")
SHOWN = 40  # rows of the terminal's table


def show(found: Sequence[Alarm], watched: int, console: Console, lang: str = ENGLISH) -> None:
    """The alarms, the newest first, and of how many series they are."""
    rows = tuple(
        (
            one.unique_id,
            message("drift-kind", kind=one.kind, way="up" if one.up else "down"),
            one.since.date(),
            one.at.date(),
        )
        for one in found[:SHOWN]
    )
    if rows:
        console.print(
            drawn(Table(message("drift-table"), columns("product", "drift-kind", "since", "seen"), rows), lang)
        )
    if len(found) > SHOWN:
        console.print(Text(say(message("track-more", count=Count(len(found) - SHOWN)), lang), style="dim"))
    console.print(Text(say(message("drift-total", count=Count(len(found)), of=Count(watched)), lang)))
