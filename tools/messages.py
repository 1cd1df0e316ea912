"""Messages: what a person is shown, as a key and typed facts; put into words at the edge, in a language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias, Union

from .errors import InputError, close

CHOICES = 3  # that a refusal names


class Units(float):
    """A quantity of demand: three figures under a hundred, whole above, commas in thousands."""


class Percent(float):
    """Per cent, shown whole and without its sign: a message says which way."""


class Money(float):
    """A price in the data's currency, shown with two decimals."""


class Change(float):
    """A change in per cent, shown with its sign, such as +12 %."""


class Share(float):
    """A share in per cent, shown with its sign, such as 112 %."""


class Score(float):
    """A score of at most a few, shown with two decimals."""


class Times(float):
    """How many times as much, shown with one decimal."""


class Exact(float):
    """A number shown as it is: 99.5, -10."""


class Count(int):
    """A count shown with commas in thousands; a plain int has none."""


class Quoted(str):
    """Words from outside, shown in quotes, and what cannot be seen in them by its code."""

    __slots__ = ()


@dataclass(frozen=True)
class ProductName:
    """A product as people are shown it: its SKU, and its name, which is text from outside and may be left out.

    Attributes:
        sku: its unique_id.
        name: a few words of its description; empty where there are none.
    """

    sku: str
    name: str = ""


@dataclass(frozen=True)
class Span:
    """The days that a period has, by which people name it: a day, 28 August to 3 September, or a whole month.

    Attributes:
        first: its first day.
        last: its last one; the same of a day.
    """

    first: date
    last: date


@dataclass(frozen=True)
class Message:
    """One sentence or part of one, in no language yet.

    Attributes:
        key: of the message in every language, such as `top-sellers-best`.
        facts: what fills it, by name: numbers of the kinds above, dates, products, words from outside (str), other
            messages, or several of them.
    """

    key: str
    facts: "Mapping[str, Fact]" = field(default_factory=dict)


Fact: TypeAlias = Union[float, str, date, Span, ProductName, Message, "tuple[Fact, ...]"]


def message(key: str, **facts: Fact) -> Message:
    """A message with its facts as keywords."""
    return Message(key, facts)


class Refusal(InputError):  # noqa: N818  it refuses, and nothing went wrong
    """An answer that cannot be given, for a reason that a person can mend.

    Attributes:
        kind: which reason: the key of its message.
        message: its text, in no language yet.
        choices: what would do instead: SKUs, names or values.
        asks: it asks which of the choices is meant.
    """

    def __init__(self, kind: str, *, choices: tuple[str, ...] = (), asks: bool = False, **facts: Fact) -> None:
        self.kind, self.choices, self.asks = kind, choices, asks
        self.message = Message(kind, facts)
        ValueError.__init__(self, kind)

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.message.facts.items())
        return f"{self.kind} ({facts})" if facts else self.kind

    def __reduce__(self) -> tuple[object, ...]:
        return (_refusal, (self.kind, self.choices, self.asks, dict(self.message.facts)))


def _refusal(kind: str, choices: tuple[str, ...], asks: bool, facts: dict[str, Fact]) -> Refusal:
    return Refusal(kind, choices=choices, asks=asks, **facts)


def figures(one: Message) -> dict[str, float | str]:
    """The numbers and dates of a message by name, as they are shown: what a check of a retelling may rely on."""
    return {
        name: value if type(value) is int else shown(value)
        for name, value in one.facts.items()
        if isinstance(value, (float, int, date, Span))
    }


def shown(value: float | date | Span | str) -> str:
    """A number or date as it is shown, in every language alike; text as it is."""
    if isinstance(value, Quoted):
        return repr(str(value))
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, Span):  # ISO 8601, for what is kept; people are shown its name in their language
        return "/".join(dict.fromkeys((shown(value.first), shown(value.last))))
    if isinstance(value, Percent):
        return f"{value:.0f}"
    if isinstance(value, (Money, Score)):
        return f"{value:.2f}"
    if isinstance(value, Change):
        return f"{value:+.0f} %"
    if isinstance(value, Share):
        return f"{value:.0f} %"
    if isinstance(value, Times):
        return f"{value:.1f}"
    if isinstance(value, Exact):
        return f"{value:g}"
    if isinstance(value, Count):
        return f"{int(value):,}"
    if isinstance(value, int):
        return str(value)
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def hint(word: str, choices: Iterable[str]) -> Message:
    """The choices nearest to a word, or the first of them, for the end of a refusal."""
    names = [str(choice) for choice in choices]
    if near := close(word, names):
        return Message("hint-near", {"choices": tuple(near)})
    if not names:
        return Message("hint-none")
    return Message("hint-choices", {"choices": tuple(sorted(names)[:CHOICES]), "more": int(len(names) > CHOICES)})


def named(one: Message) -> list[str]:
    """The SKUs of the products that a message names, in order, each once."""
    found: dict[str, None] = {}
    for value in one.facts.values():
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, ProductName):
                found[part.sku] = None
            elif isinstance(part, Message):
                found |= dict.fromkeys(named(part))
    return list(found)
