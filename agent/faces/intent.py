"""Purchase intent for people and programs: sentences and a table in the terminal, JSON lines, and files to hand on."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from ...prompts.messages.say import ENGLISH, say, say_fact
from ...tools.decide.intent_telling import table_of
from ...tools.messages import Message, message
from .record_file import RecordFile
from .tables import drawn

FLAT = ("who", "chance", "why")
NOTE = "Chances, not facts: who is likely to buy."  # first words of the file of JSON, by which it is known
FILE = RecordFile(note=NOTE, columns=FLAT, texts=("who", "why"), name="lines")


@dataclass(frozen=True)
class Chance:
    """How likely one is.

    Attributes:
        who: a customer's pseudonym, or the row of a session.
        chance: 0..1.
        why: what moves it most, the strongest first.
    """

    who: str
    chance: float
    why: tuple[Message, ...]


def record(line: Chance, lang: str = ENGLISH) -> dict[str, Any]:
    """A line for programs."""
    return {"who": line.who, "chance": round(line.chance, 4), "why": say_fact(line.why, lang)}


def print_lines(lines: Sequence[Chance], lang: str = ENGLISH) -> None:
    """The lines as JSON, one a line, on standard output."""
    for line in lines:
        print(json.dumps(record(line, lang), ensure_ascii=False))


def show(
    lines: Sequence[Chance], title: Message, who: str, said: Sequence[Message], top: int, console: Console, lang: str
) -> None:
    """The sentences, and a table of the likeliest."""
    for one in said:
        console.print(Text(say(one, lang)))
    if lines:
        table = table_of(title, who, [(line.who, line.chance, line.why) for line in lines[:top]])
        console.print(drawn(table, lang, console.width))
    if len(lines) > top:
        console.print(Text(say(message("intent-more", count=len(lines) - top), lang), style="dim"))


def write(path: Path, lines: Sequence[Chance], said: Sequence[Message], lang: str = ENGLISH) -> None:
    """Write the lines to a file by its suffix; JSON holds what was told beside them.

    Raises:
        InputError: it cannot be written.
    """
    FILE.write(path, [record(line, lang) for line in lines], {"told": [say(one, lang) for one in said]})
