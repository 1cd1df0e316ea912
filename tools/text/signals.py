"""Signals: dated events read from notes, each with kind, dates, scope and certainty, and the words it was read from."""

import hashlib
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property
from typing import Literal, Protocol, get_args

import pandas as pd

from ..data.freq import span_of
from ..data.groups import ALL, value_of
from ..data.panel import Panel
from ..errors import InputError
from ..messages import Message, Quoted, message
from .notes import Note
from .screen import flags

Kind = Literal[
    "promotion",
    "closure",
    "supply",  # out of stock, or deliveries short
    "price",
    "competitor",
    "event",  # a holiday or something local
    "weather",
    "launch",
    "delisting",
    "media",
    "quality",
    "demand",  # more or less of it, for no reason that is given
]
Direction = Literal["up", "down", "unknown"]
KINDS: tuple[Kind, ...] = get_args(Kind)
PRODUCT = "unique_id"  # the column of a scope that names products
MOST = 5.0  # times the usual that a size may say, where the person allows no other
SURE, LIKELY, VAGUE = 1.0, 0.8, 0.5  # certainties that words give


@dataclass(frozen=True, order=True)
class Scope:
    """What a signal is about: the products with a value in a static column, one product, or all.

    Attributes:
        column: a static column, `unique_id` or `all`.
        value: its value as text; empty of `all`.
    """

    column: str = ALL
    value: str = ""


@dataclass(frozen=True, kw_only=True)
class Signal:
    """One event read from a note. Before `published` nothing may know of it.

    Attributes:
        kind: what happens.
        direction: of demand, so far as the words say.
        size: times the usual demand, if the words say so: 0 of a closure, 1.3 of 30 % more; None where they do not.
        start: its first day.
        end: its last day; None is until further notice.
        scope: what it is about, at least one; several add up.
        certainty: 0 to 1, that it comes true.
        note: id of the note.
        source: of the note.
        quote: the words that it was read from.
        span: where they stand in the note's title and text, first character and the one behind the last.
        published: when the note became known.
        taken: what was assumed in reading it, such as which of two dates 03/04 is.
        comes: False where the note says that it does not come after all: it withdraws what was said before.

    Raises:
        InputError: it ends before it starts, has no scope, or a number out of its range.
    """

    kind: Kind
    direction: Direction = "unknown"
    size: float | None = None
    start: date
    end: date | None = None
    scope: tuple[Scope, ...]
    certainty: float = SURE
    note: str
    source: str = ""
    quote: str = ""
    span: tuple[int, int] = (0, 0)
    published: pd.Timestamp
    taken: tuple[Message, ...] = ()
    comes: bool = True

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(f"signal of note {self.note}: kind {self.kind!r}; expected one of {', '.join(KINDS)}")
        if self.end is not None and self.end < self.start:
            raise InputError(f"signal of note {self.note}: ends {self.end}, before it starts, {self.start}")
        if not self.scope:
            raise InputError(f"signal of note {self.note}: no scope; expected products, a group or all")
        if not 0 <= self.certainty <= 1:
            raise InputError(f"signal of note {self.note}: certainty {self.certainty}; expected 0 to 1")
        if self.size is not None and not 0 <= self.size < float("inf"):
            raise InputError(f"signal of note {self.note}: size {self.size}; expected 0 or more")

    @cached_property
    def id(self) -> str:
        """A digest of all that it says: what a person approves, and nothing else goes by it."""
        said = [getattr(self, one.name) for one in fields(self) if one.name != "taken"]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]

    def within(self, most: float) -> "Signal":
        """The same with its size clipped to what the person allows, times the usual."""
        return replace(self, size=min(self.size, most)) if self.size is not None and self.size > most else self

    def share(self, steps: Sequence[pd.Timestamp], panel: Panel) -> list[float]:
        """The share of each period's days on which it holds, 0 to 1.

        Args:
            steps: periods by their dates.
            panel: whose periods they are.
        """
        shares = []
        for ds in steps:
            period = span_of(ds, panel.freq)
            last = period.last if self.end is None else min(self.end, period.last)
            days = (last - max(self.start, period.first)).days + 1
            shares.append(max(0, days) / ((period.last - period.first).days + 1))
        return shares

    def products(self, panel: Panel) -> list[str]:
        """The panel's products that it is about, in the panel's order."""
        return [uid for uid in panel.unique_ids if self.covers(panel, uid)]

    def covers(self, panel: Panel, unique_id: str) -> bool:
        """Whether it is about a product."""
        return any(covers(one, panel, unique_id) for one in self.scope)


def in_force(signals: Iterable[Signal], panel: Panel, unique_id: str, approved: Container[str] = ()) -> list[Signal]:
    """The signals that stand for a product: what a later note says of the same event goes before an earlier one.

    Of one kind those are the same event that share a day; what does not come after all is left out. A note can but
    withdraw what its own source said, unless it is approved.

    Args:
        signals: the oldest first.
        panel: of the product.
        unique_id: the product.
        approved: ids of those that a person, or the rule of a batch, approved.
    """
    stand: list[Signal] = []
    for one in signals:
        if one.covers(panel, unique_id):
            free = one.id in approved
            stand = [
                old
                for old in stand
                if old.note == one.note or not (_same_event(old, one) and (free or old.source == one.source))
            ]
            stand += [one] * one.comes
    return stand


def _same_event(one: Signal, other: Signal) -> bool:
    meets = one.start <= (other.end or date.max) and other.start <= (one.end or date.max)
    return one.kind == other.kind and meets


class Reader(Protocol):
    """What reads notes: rules, or an engine under a grammar."""

    @property
    def name(self) -> str:
        """`rules`, or the engine's."""

    def read(self, note: Note, panel: Panel) -> list[Signal]:
        """The signals of one note, in the order of its words; none of one that says nothing of the kind."""


def covers(scope: Scope, panel: Panel, unique_id: str) -> bool:
    """Whether a product is in a scope."""
    if scope.column == ALL:
        return True
    if scope.column == PRODUCT:
        return unique_id == scope.value
    if scope.column not in panel.static or unique_id not in panel.static.index:
        return False
    return value_of(panel.static.at[unique_id, scope.column]).lower() == scope.value.lower()


def text_of(note: Note) -> str:
    """What a reader reads of a note: its title, and its text."""
    title = note.title.rstrip(".")
    return ". ".join(part for part in (title, note.text) if part)


def read_signals(notes: Iterable[Note], reader: Reader, panel: Panel, as_of: pd.Timestamp) -> list[Signal]:
    """The signals that were known by a date, by when they were published; of notes that give orders there are none.

    A note about a product or a category can only say something of it: what it says of others is left out.

    Args:
        notes: of any time.
        reader: reads them.
        panel: of the products.
        as_of: what was published after it is not known, a day counts whole.
    """
    known = [note for note in notes if note.ds.normalize() <= as_of.normalize() and not flags(note)]
    made: list[Signal] = []
    for note in sorted(known, key=lambda one: one.ds):
        made += [one for one in (_confined(signal, note, panel) for signal in reader.read(note, panel)) if one]
    return made


def _confined(signal: Signal, note: Note, panel: Panel) -> Signal | None:
    """The signal so far as it lies within what its note is about; None where nothing of it does, or it is over."""
    if signal.note != note.id or (signal.end is not None and signal.end < note.ds.date()):
        return None
    labels = {PRODUCT: note.product, "category": note.category, "region": note.region}
    about = [Scope(column, value) for column, value in labels.items() if value]
    if note.region and "region" not in panel.static:  # it holds in a part of the sales that nobody can tell
        where = message("signals-taken-region", region=Quoted(note.region))
        signal = replace(signal, certainty=min(signal.certainty, VAGUE), taken=(*signal.taken, where))
        about = [one for one in about if one.column != "region"]
    if not about:
        return signal
    own = {uid for uid in panel.unique_ids if all(covers(one, panel, uid) for one in about)}
    meant = set(signal.products(panel))
    if not own & meant:
        return None
    if own <= meant and len(about) == 1:
        return replace(signal, scope=tuple(about))
    return replace(signal, scope=tuple(Scope(PRODUCT, uid) for uid in panel.unique_ids if uid in own & meant))
