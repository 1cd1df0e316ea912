"""Price lines for people and programs: the table of the terminal, JSON lines, and files to hand on."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from ...prompts.messages.say import ENGLISH, say
from ...tools.decide.price import Goal
from ...tools.decide.price_lines import PriceLine, price_totals
from ...tools.decide.price_telling import table_of, total_messages, why
from ...tools.messages import Message, message
from .record_file import RecordFile
from .tables import drawn

SHOWN, WIDE = 40, 130  # rows of the terminal's table; columns of a terminal that has room for names
FLAT = (
    *("unique_id", "name", "price_now", "price", "cost", "units_change", "units_low", "units_high"),
    *("gain", "gain_low", "gain_high", "worse", "elasticity", "elasticity_low", "elasticity_high", "reason", "why"),
)
PROPOSAL = "Nothing was changed: a price is a proposal."  # first words of the file of JSON, by which it is known
FILE = RecordFile(note=PROPOSAL, columns=FLAT, texts=("unique_id", "name"), name="lines")


def record(line: PriceLine, lang: str = ENGLISH) -> dict[str, Any]:
    """A line for programs: money in the data's currency, shares 0 to 1; None where no price is advised."""
    made, found = line.advice, line.elasticity
    low, high = found.interval
    values: dict[str, float | None] = dict.fromkeys(FLAT[3:12])
    if made is not None:
        values |= {"price": made.price, "units_change": made.units.mean, "gain": made.value.mean, "worse": made.worse}
        values |= {"units_low": made.units.low, "units_high": made.units.high}
        values |= {"gain_low": made.value.low, "gain_high": made.value.high}
    values |= {"elasticity": found.mean, "elasticity_low": low, "elasticity_high": high, "cost": line.cost}
    rounded = {name: None if value is None or value != value else round(value, 4) for name, value in values.items()}
    head = {"unique_id": line.unique_id, "name": line.name, "price_now": line.now if line.now > 0 else None}
    both = {**head, **rounded, "reason": line.reason, "why": say(why(line), lang)}
    return {name: both[name] for name in FLAT}


def print_lines(lines: Iterable[PriceLine], lang: str = ENGLISH) -> None:
    """The lines as JSON, one a line, on standard output."""
    for line in lines:
        print(json.dumps(record(line, lang), ensure_ascii=False))


def show_lines(lines: Sequence[PriceLine], goal: Goal, span: Message, console: Console, lang: str = ENGLISH) -> None:
    """The table by expected gain, and the totals."""
    console.print(drawn(table_of(lines[:SHOWN], goal, wide=console.width >= WIDE), lang))
    if len(lines) > SHOWN:
        console.print(Text(say(message("price-more", count=len(lines) - SHOWN), lang), style="dim"))
    for one in [*total_messages(price_totals(lines), goal, span), message("price-proposal")]:
        console.print(Text(say(one, lang)))


def write_lines(path: Path, lines: Sequence[PriceLine], said: Sequence[Message], lang: str = ENGLISH) -> None:
    """Write the lines to a file by its suffix: a flat table, or JSON with what was assumed.

    Raises:
        InputError: it cannot be written.
    """
    beside = {"assumptions": [say(one, lang) for one in said]}
    FILE.write(path, [record(line, lang) for line in lines], beside)
