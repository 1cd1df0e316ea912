"""The rules reader: signals of a note by words, numbers and days, in English and Chinese; the honest baseline.

It also finds the candidates that an engine may choose among: what it may answer stands in the note or in the calendar.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from ...tools.data.groups import ALL
from ...tools.data.lexicon import FILLING, HAN, Lexicon
from ...tools.data.panel import Panel
from ...tools.messages import Message, Quoted, message
from ...tools.text.notes import Note
from ...tools.text.screen import SCREENED
from ...tools.text.signals import KINDS, LIKELY, PRODUCT, SURE, VAGUE, Direction, Kind, Scope, Signal, text_of
from .days import Stretch, evened, stretches
from .numbers import NUMBERS, in_digits

SENTENCE = re.compile(r"(?<!\d)[.](?=\s|$)|(?<=\d)[.](?=\s+[A-Z]|\s*$)|[!?;。！？；\n]+")
CLAUSE = re.compile(r"[,、，]| and (?=\w)|: ")
WORD = re.compile(r"[^\W\u4e00-\u9fff]+(?:[/&'.-][^\W\u4e00-\u9fff]+)*|[\u4e00-\u9fff]")
LONGEST = 6  # words, or twice as many Chinese characters, of a name
LEAST_DIGITS = 4  # of a SKU that is a bare number
NEAR = 25  # characters around a number that say what it is a number of


@dataclass(frozen=True)
class Clause:
    """A part of a note, and what it says.

    Attributes:
        at: where it stands, first character and the one behind the last.
        kind: the kind of event that its words name, and where they stand; None of none.
        denied: it says that the event does not come.
        days: the stretches of days that it names.
        scope: the products that it names.
        size: times the usual demand; None where it does not say.
        certainty: by its words.
        taken: what was assumed in reading its names.
    """

    at: tuple[int, int]
    kind: Kind | None
    denied: bool
    days: tuple[Stretch, ...]
    scope: tuple[Scope, ...]
    size: float | None
    certainty: float
    taken: tuple[Message, ...] = ()


class RulesReader:
    """Reads a note by rules."""

    name = "rules"

    def read(self, note: Note, panel: Panel) -> list[Signal]:
        """The signals of a note, in the order of its words.

        One needs a kind, days and a scope, each in the words of its sentence; what is missing may stand in the sentence
        beside it, or on the note's label. What is vague as to when or what gives none; what is denied gives one that
        does not come.
        """
        made = []
        for one in whole(clauses(text_of(note)[:SCREENED], note.ds.date(), Lexicon.of(panel)), labels(note)):
            if one.kind is None or not one.scope:
                continue
            if one.denied:  # of all days to come, where it names none
                days = one.days[0] if one.days else Stretch(note.ds.date(), None, (one.at,))
                made.append(replace(signal_of(note, one, days), comes=False, size=None, direction="unknown"))
            elif one.days:
                made.append(signal_of(note, one, one.days[0]))
        return made


def signal_of(note: Note, one: Clause, days: Stretch) -> Signal:
    """The signal that a clause makes with one of its stretches of days."""
    assert one.kind is not None
    words = _table()
    last = None if days.point and not days.side and one.kind in words["open"]["kinds"] else days.last
    size = one.size if one.size is not None else 0.0 if one.kind in words["none"]["kinds"] else None
    return Signal(
        kind=one.kind,
        direction=_direction(one.kind, size),
        size=size,
        start=days.first,
        end=last,
        scope=one.scope,
        certainty=one.certainty,
        note=note.id,
        source=note.source,
        quote=" ".join(text_of(note)[slice(*one.at)].split()),
        span=one.at,
        published=note.ds,
        taken=(*one.taken, *days.taken),
    )


def labels(note: Note) -> tuple[Scope, ...]:
    """What a note is about, by its fields."""
    if note.product:
        return (Scope(PRODUCT, note.product),)
    return (Scope("category", note.category),) if note.category else ()


def clauses(text: str, today: date, lexicon: Lexicon) -> list[list[Clause]]:
    """What a text says, clause by clause, by its sentences.

    Args:
        text: of a note.
        today: its date.
        lexicon: of the panel.
    """
    made = []
    for start, end in _pieces(text, SENTENCE, 0, len(text)):
        whole_one = _clause(text, start, end, today, lexicon)
        parts = [_clause(text, *part, today, lexicon) for part in _pieces(text, CLAUSE, start, end)]
        apart = [part for part in parts if part.days and part.scope]
        made.append(_shared(apart, whole_one) if len(apart) > 1 else [whole_one])
    return made


def whole(sentences: list[list[Clause]], about: tuple[Scope, ...]) -> Iterator[Clause]:
    """The clauses that name a kind, with what they lack from the sentence beside them, and from the note's label."""
    before: Clause | None = None
    flat = [_beside(clause) for sentence in sentences for clause in sentence]
    if all(one.kind is None for one in flat):  # it speaks of demand alone
        flat = [clause for sentence in sentences for clause in sentence]
    for place, one in enumerate(flat):
        behind = flat[place + 1] if place + 1 < len(flat) else None
        if one.kind is None:
            before = one
            continue
        for other in (behind, before):
            if other is not None and other.kind is None:
                one = _filled(one, other)
        if behind is not None and behind.kind is None and behind.denied and behind.scope in ((), one.scope):
            one = replace(one, denied=True)
        before = None
        yield replace(one, scope=one.scope or about)


def _beside(one: Clause) -> Clause:
    """What is said of demand without a day is said of the event beside it."""
    return replace(one, kind=None) if one.kind == "demand" and not one.days else one


def _filled(one: Clause, other: Clause) -> Clause:
    """A clause with what it lacks from one beside it that names no kind of its own."""
    days = one.days or other.days
    if one.days and other.days and other.days[0].side == "until" and (one.days[0].point or one.days[0].last is None):
        last = other.days[0].last
        days = (replace(one.days[0], last=last, side=""), *one.days[1:]) if last and last >= one.days[0].first else days
    same = not other.scope or not one.scope or other.scope == one.scope
    return replace(
        one,
        days=days,
        scope=one.scope or other.scope,
        size=other.size if one.size is None and same else one.size,
        certainty=min(one.certainty, other.certainty) if same else one.certainty,
    )


def _shared(apart: list[Clause], one: Clause) -> list[Clause]:
    """Clauses of one sentence that have days and products each: its kind, where they name none, and its denial."""
    return [replace(part, kind=part.kind or one.kind, denied=part.denied) for part in apart]


def _pieces(text: str, between: re.Pattern[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a text, without the space around them."""
    edges = [*((match.start(), match.end()) for match in between.finditer(text, start, end)), (end, end)]
    for stop, next_start in edges:
        part = text[start:stop]
        if part.strip():
            first = start + len(part) - len(part.lstrip())
            yield first, first + len(part.strip())
        start = next_start


def _clause(text: str, start: int, end: int, today: date, lexicon: Lexicon) -> Clause:
    part = text[start:end]
    low = evened(part)
    days = stretches(part, today)
    places = [place for one in days for place in one.places]
    bare = _without(low, places)
    kind, at = _kind(bare)
    scope, taken = _scope(_without(part, places), lexicon)
    return Clause((start, end), kind, _denied(bare, at), tuple(days), scope, size(bare), _certainty(low), taken)


def _without(text: str, places: list[tuple[int, int]]) -> str:
    """The text with some of it blank, no character moved."""
    for start, end in places:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _kind(low: str) -> tuple[Kind | None, int]:
    """The kind that a clause names, the first of the table's, and where its words begin."""
    for kind, pattern in _kinds().items():
        if match := pattern.search(low):
            return kind, match.start()
    return None, 0


def _denied(low: str, at: int) -> bool:
    anywhere, before = _patterns()["not"], _patterns()["before"]
    return bool(anywhere.search(low) or before.search(low[max(0, at - 20) : at]))


def _certainty(low: str) -> float:
    return VAGUE if _patterns()["unsure"].search(low) else LIKELY if _patterns()["likely"].search(low) else SURE


def _direction(kind: Kind, said: float | None) -> Direction:
    if said is not None and said != 1:
        return "up" if said > 1 else "down"
    usual: Direction = _table()["kinds"][kind].get("direction", "unknown")
    return usual


def _scope(part: str, lexicon: Lexicon) -> tuple[tuple[Scope, ...], tuple[Message, ...]]:
    """The products that a clause names: SKUs before groups; and names that were taken for longer ones."""
    if _patterns()["all"].search(part.lower()):
        return (Scope(ALL),), ()
    skus: list[Scope] = []
    groups: list[tuple[str, Scope]] = []
    longer: list[tuple[str, Scope]] = []
    spans = [match.span() for match in WORD.finditer(part)]
    at = 0
    while at < len(spans):
        for size in range(min(2 * LONGEST, len(spans) - at), 0, -1):
            words = part[spans[at][0] : spans[at + size - 1][1]]
            if size > LONGEST and not HAN.match(words):
                continue
            if _sku(words, lexicon):
                skus.append(Scope(PRODUCT, words))
            elif (found := _group(words, lexicon)) is not None:
                (groups if lexicon.exactly(words) else longer).append((words, Scope(*found)))
            else:
                continue
            at += size - 1
            break
        at += 1
    if skus:
        return tuple(dict.fromkeys(skus)), ()
    some = groups or longer
    taken = tuple(
        message("signals-taken-name", words=Quoted(words), name=one.value) for words, one in some if some is longer
    )
    return tuple(dict.fromkeys(one for _, one in some)), taken


def _sku(words: str, lexicon: Lexicon) -> bool:
    return lexicon.has(words) and (not words.isdigit() or len(words) >= LEAST_DIGITS)


def _group(words: str, lexicon: Lexicon) -> tuple[str, str] | None:
    """A group by its name, or by the last words of it alone, where no other's ends so."""
    low = words.lower()
    if low in FILLING or (not HAN.match(low) and len(low) < 3) or _common().fullmatch(low):
        return None
    found = lexicon.exactly(words) or lexicon.ending(words)
    return None if found is not None and found[0] == "brand" else found


def size(low: str) -> float | None:
    """How many times the usual demand a clause says: 2 of doubled, 1.3 of 30 % more; None where its numbers are others.

    Args:
        low: in lower case.
    """
    words = _patterns()
    if words["zero"].search(low):
        return 0.0
    text = in_digits(low)
    of_demand = bool(words["demand"].search(text))
    for pattern, value in _times():
        if pattern.search(text) and (of_demand or not words["price"].search(text)):
            return value
    if not of_demand:
        return None
    if match := re.search(r"(?<![\d.])(\d+(?:\.\d+)?) ?(?:x\b|times\b|倍)|\bx ?(\d+(?:\.\d+)?)|times (\d+)", text):
        return float(next(filter(None, match.groups())))
    for match in re.finditer(r"(?P<sign>[+-])? ?(?P<n>\d+(?:\.\d+)?) ?(?:%|percent|per cent|(?P<tenths>成))", text):
        around = text[max(0, match.start() - NEAR) : match.end() + NEAR]
        if words["price"].search(text[max(0, match.start() - NEAR) : match.end() + 6]):
            continue
        share = float(match["n"]) / (10 if match["tenths"] else 100)
        return _changed(share, match["sign"] or "", around)
    if match := re.search(rf"\b(?:a|by a|by|one) ?({'|'.join(_table()['size']['parts'])})\b", low):
        return _changed(float(_table()["size"]["parts"][match[1]]), "", low)
    return None


def sizes(text: str) -> list[float]:
    """Every size that a text may say: nothing, times, and each share as more by it, less by it, and so much of it."""
    low = in_digits(evened(text))
    found = {0.0} | {value for pattern, value in _times() if pattern.search(low)}
    found |= {float(number) for number in re.findall(r"(?<![\d.])(\d+(?:\.\d+)?) ?(?:x\b|times\b|倍)", low)}
    shares = [float(number) / 100 for number in re.findall(r"(\d+(?:\.\d+)?) ?(?:%|percent|per cent)", low)]
    shares += [float(number) / 10 for number in re.findall(r"(\d+(?:\.\d+)?) ?成", low)]
    shares += [value for word, value in _table()["size"]["parts"].items() if re.search(rf"\b{word}\b", low)]
    found |= {round(made, 4) for share in shares for made in (share, 1 + share, 1 - share) if made >= 0}
    return sorted(found)


def _changed(share: float, sign: str, around: str) -> float:
    """A share as times the usual: more by it, less by it, or so much of it."""
    if sign == "+" or (not sign and _patterns()["up"].search(around)):
        return 1 + share
    return max(0.0, 1 - share) if sign == "-" or _patterns()["down"].search(around) else share


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "signals.toml").read_text(encoding="utf-8"))


def _any(english: list[str], chinese: list[str]) -> re.Pattern[str]:
    return re.compile("|".join([rf"(?<!\w)(?:{'|'.join(english)})(?!\w)"] * bool(english) + chinese))


@cache
def _kinds() -> Mapping[Kind, re.Pattern[str]]:
    kinds = _table()["kinds"]
    assert set(kinds) == set(KINDS)
    return {kind: _any(words["en"], words["zh"]) for kind, words in kinds.items()}


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    table, of = _table(), _table()["size"]
    before = table["not"]
    return {
        "not": _any(before["en"], before["zh"]),
        "before": re.compile(
            rf"(?:\b(?:{'|'.join(before['before_en'])})\b\W*(?:\w+ )?|(?:{'|'.join(before['before_zh'])}).?)$"
        ),
        **{name: _any(table[name]["en"], table[name]["zh"]) for name in ("unsure", "likely", "all")},
        "zero": _any(table["none"]["en"], table["none"]["zh"]),
        **{name: _any(of[f"{name}_en"], of[f"{name}_zh"]) for name in ("demand", "price", "up", "down")},
    }


@cache
def _times() -> list[tuple[re.Pattern[str], float]]:
    of = _table()["size"]
    english = [(re.compile(rf"\b(?:{words})"), float(value)) for words, value in of["times"].items()]
    return english + [(re.compile(words), float(value)) for words, value in of["times_zh"].items()]


@cache
def _common() -> re.Pattern[str]:
    """Words of these tables, which are no names of products."""
    words = [word for kind in _table()["kinds"].values() for word in kind["en"]]
    return re.compile("|".join([*words, *NUMBERS, "new", "line", "free", "mix", "sales"]))
