"""Buyers for people and programs: sentences and a table in the terminal, JSON, and files to hand on."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from ...prompts.messages.say import ENGLISH, say, say_fact
from ...tools.data.events import Events
from ...tools.insight.buyers import GroupShare
from ...tools.insight.buyers_telling import Bought, few, group_name, table_of, told
from ...tools.messages import Message, message
from .record_file import RecordFile
from .tables import drawn

FLAT = ("kind", "group", "people", "buyers", "share", "share_low", "share_high", "index", "money_share")
NOTE = "Who bought it, by groups of ten people or more."  # first words of the file of JSON, by which it is known
FILE = RecordFile(note=NOTE, columns=FLAT, texts=("kind", "group"), name="groups")


def record(one: GroupShare, lang: str = ENGLISH) -> dict[str, Any]:
    """A group for programs: shares 0 to 1, the index 100 where it buys as people do on the whole."""
    low, high = (round(side, 4) for side in one.interval)
    head = {"kind": one.kind, "group": say_fact(group_name(one), lang), "people": one.people, "buyers": one.buyers}
    shares = {"share": round(one.share, 4), "share_low": low, "share_high": high}
    return {**head, **shares, "index": round(one.index, 1), "money_share": round(one.money, 4)}


def beside(found: Bought, events: Events, lang: str) -> dict[str, Any]:
    """What JSON holds beside the groups: the sums of both spans, their difference by its parts, and what is told."""
    made, spans = found.buyers, (found.buyers.span, found.before)
    held: dict[str, Any] = {
        "product": say_fact(found.what, lang),
        "spans": [[f"{one.start:%Y-%m-%d}", f"{one.end:%Y-%m-%d}"] for one in spans],
        "people": made.people, "buyers": made.buyers, "visits": made.visits, "units": round(made.units, 2),
        "money": round(made.money, 2), "again": round(made.again, 4), "change": None, "switching": None,
    }  # fmt: skip
    if found.change is not None:
        sides = {"before": found.change.before, "after": found.change.after}
        rounded = {side: {name: round(value, 4) for name, value in vars(of).items()} for side, of in sides.items()}
        held["change"] = {**rounded, "parts": {name: round(part, 4) for name, part in found.change.parts.items()}}
    if (turned := found.switching) is not None:
        people = {name: _shown(getattr(turned, name)) for name in ("buyers", "kept", "switched", "left", "gone")}
        held["switching"] = {**people, "to": [[uid, round(money, 2), count] for uid, money, count in turned.to]}
    return {**held, "told": [say(one, lang) for one in told(found, events)]}


def _shown(count: int) -> int | str:
    """A count of people; one below ten is not told."""
    known = few(count)
    return "<10" if isinstance(known, Message) else count


def print_json(found: Bought, events: Events, lang: str = ENGLISH) -> None:
    """All of it as one line of JSON on standard output."""
    groups = [record(one, lang) for one in found.buyers.groups]
    print(json.dumps({**beside(found, events, lang), "groups": groups}, ensure_ascii=False))


def show(found: Bought, events: Events, console: Console, lang: str = ENGLISH) -> None:
    """The sentences, then the table."""
    for one in told(found, events):
        console.print(Text(say(one, lang)))
    console.print(drawn(table_of(found.buyers.groups, found.what), lang, console.width))
    console.print(Text(say(message("buyers-assumed"), lang), style="dim"))


def write(path: Path, found: Bought, events: Events, said: Sequence[Message], lang: str = ENGLISH) -> None:
    """Write the groups to a file by its suffix; JSON holds the change and what was assumed beside them.

    Raises:
        InputError: it cannot be written.
    """
    more = {**beside(found, events, lang), "assumptions": [say(one, lang) for one in said]}
    FILE.write(path, [record(one, lang) for one in found.buyers.groups], more)
