"""Signals in the terminal: read from notes, shown with what they would change, and approved by a person or a rule."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ...prompts.messages.say import ENGLISH, say
from ...tools.console import err
from ...tools.errors import InputError
from ...tools.insight.answer import Table, columns
from ...tools.messages import Change, Exact, Fact, Message, Quoted, Span, Units, message, shown
from ...tools.text.screen import clean
from ...tools.text.signals import LIKELY, MOST
from ..forecast.readers import ReaderName, open_reader
from ..forecast.signals import NAMED, Follows
from .tables import drawn

if TYPE_CHECKING:
    from ...tools.data.panel import Panel
    from ...tools.text.impact import SignalBook
    from ..engines import Engine
    from ..forecast.report import ForecastReport, SignalPart

Mode = Literal["ask", "apply", "off"]
WORDS = 100  # characters of a note that are shown
SHOWN = 50  # signals of a table


@dataclass(frozen=True)
class Wanted:
    """What was asked of notes.

    Attributes:
        notes: file or folder of them.
        mode: a person is asked, a rule decides, or they are not read.
        reader: who reads them.
        trust: sources whose signals `apply` approves.
        certainty: that they must have for it, at least.
        most: times the usual that a size may say at most.
    """

    notes: Path
    mode: Mode = "ask"
    reader: ReaderName = "rules"
    trust: tuple[str, ...] = ()
    certainty: float = LIKELY
    most: float = MOST


def wanted(
    notes: Path | None,
    mode: Mode | None,
    reader: ReaderName,
    trust: Sequence[str] | None,
    certainty: float,
    most: float,
    *,
    nobody: bool = False,
    without: str = "",
) -> Wanted | None:
    """What was asked of notes; None where there are none, or they are not to be read.

    Args:
        notes: file or folder of them.
        mode: `ask` where it is left out.
        reader: who reads them.
        trust: sources whose signals `apply` approves.
        certainty: that they must have for it.
        most: times the usual that a size may say.
        nobody: there is nobody to ask, as of a batch.
        without: an option that was given and that notes do not go with.

    Raises:
        InputError: notes are missing, or nobody can decide, or both a person and a rule would.
    """
    if notes is None:
        if mode in ("ask", "apply") or trust:
            raise InputError(f"{'--trust' if trust else '--signals'} goes with --notes FILE")
        return None
    mode = mode or "ask"
    if trust and mode != "apply":
        raise InputError("--trust goes with --signals apply; with ask a person approves")
    if mode == "off":
        err.print(say(message("signals-off")), style="dim", highlight=False)
        return None
    if without:
        raise InputError(f"--notes does not go with {without}")
    if nobody and mode == "ask":
        raise InputError("--out asks nobody about --notes: add --signals apply --trust SOURCE, or --signals off")
    return Wanted(notes, mode, reader, tuple(trust or ()), certainty, most)


def read(asked: Wanted, panel: "Panel", engine: "Engine | None") -> "SignalBook":
    """The signals of the notes that were known at a panel's cutoff; none approved, but for `apply` those of its rule.

    Raises:
        InputError: the notes cannot be read, or there is no engine to read them.
    """
    from ...tools.text.impact import read_book
    from ...tools.text.notes import read_notes

    reader = open_reader(asked.reader, engine)
    book = read_book(read_notes(asked.notes), reader, panel, asked.most)
    return book.trusted(asked.trust, asked.certainty) if asked.mode == "apply" else book


def follow(
    asked: Wanted, book: "SignalBook", reports: Sequence["ForecastReport"], seed: int, lang: str = ENGLISH
) -> list["ForecastReport"]:
    """Reports with the signals that a rule, or a person at the terminal, approves; each change is shown beforehand.

    Without a terminal to ask in nothing is approved, and that is said.
    """
    looked = [Follows(book, seed, lang)(report) for report in reports]
    parts = [(report.unique_id, part) for report in looked if report.signals for part in report.signals.signals]
    if book.withheld:
        _say("signals-withheld", lang, count=book.withheld)
    if not parts:
        _say("signals-nothing", lang, notes=book.notes)
        return looked
    ids = list(dict.fromkeys(part.id for _, part in parts))
    err.print(drawn(table(parts, ids), lang))
    if len(parts) > SHOWN:
        _say("signals-more", lang, count=len(parts) - SHOWN)
    _say_words(book, ids, lang)
    if asked.mode == "apply":
        count = sum(one in book.approved for one in ids)
        if not count:
            _say("signals-none-trusted", lang, certainty=Exact(asked.certainty))
        _say("signals-applied", lang, count=count, of=len(ids))
        return looked
    if not at_a_terminal():
        _say("signals-not-terminal", lang)
        return looked
    approved = ask(ids, lang)
    _say("signals-applied", lang, count=len(approved), of=len(ids))
    return [Follows(book.approve(approved), seed, lang)(report) for report in reports]


def _say_words(book: "SignalBook", ids: Sequence[str], lang: str) -> None:
    """The words that each signal was read from, and what was taken in reading them."""
    read_from = {one.id: one for one in book.signals}
    for number, one in enumerate(ids, 1):
        signal = read_from[one]
        words, source = Quoted(clean(signal.quote)[:WORDS]), Quoted(clean(signal.source)[:NAMED])
        said = message("signals-words", number=number, source=source, published=signal.published.date(), words=words)
        for line in (said, *signal.taken):
            err.print(say(line, lang), style="dim", markup=False, highlight=False, soft_wrap=True)


def at_a_terminal() -> bool:
    """Whether there is a person to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(ids: Sequence[str], lang: str) -> list[str]:
    """The signals that a person chooses by their numbers."""
    import typer

    while True:
        words = typer.prompt(say(message("signals-ask"), lang), default="none", err=True)
        try:
            return chosen(words, ids)
        except InputError as error:
            err.print(str(error), style="yellow", markup=False, highlight=False)


def chosen(words: str, ids: Sequence[str]) -> list[str]:
    """The signals that some words choose: numbers from 1, `all` or `none`.

    Raises:
        InputError: they choose none that there is.
    """
    words = words.strip().lower()
    if words in ("all", "none", ""):
        return list(ids) if words == "all" else []
    numbers = words.replace(",", " ").split()
    if not all(one.isdecimal() and 1 <= int(one) <= len(ids) for one in numbers):
        raise InputError(say(message("signals-number", words=Quoted(words[:40]))))
    return [ids[int(one) - 1] for one in numbers]


def table(parts: Sequence[tuple[str, "SignalPart"]], ids: Sequence[str]) -> Table:
    """What each signal would change in which forecast: a row a signal and product, by the signals' numbers."""
    rows: list[tuple[Fact, ...]] = []
    for number, one in enumerate(ids, 1):
        for uid, part in (pair for pair in parts if pair[1].id == one):
            units = f"{shown(Units(part.units_without))} → {shown(Units(part.units_with))}"
            rows.append((number, uid, kind_of(part), days_of(part), units, change_of(part), f"{part.certainty:.0%}"))
    names = ("number", "sku", "kind", "days", "with", "change", "certainty")
    return Table(message("signals-table"), columns(*names), tuple(rows[:SHOWN]))


def kind_of(part: "SignalPart") -> Message:
    """The kind of a signal, in no language yet."""
    return message(f"signals-kind-{part.kind}")


def days_of(part: "SignalPart") -> Fact:
    """The days that it holds."""
    return message("signals-from", first=part.start) if part.end is None else Span(part.start, part.end)


def change_of(part: "SignalPart") -> Fact:
    """What it does to the units of the periods that it touches, or why nothing is told of that."""
    if part.column:
        return message("signals-column", column=part.column)
    if part.times is None:
        return message("signals-unknown")
    return Change(100 * (part.units_with / part.units_without - 1) if part.units_without > 0 else 0.0)


def _say(key: str, lang: str, **facts: Fact) -> None:
    err.print(say(message(key, **facts), lang), style="yellow", markup=False, highlight=False, soft_wrap=True)
