"""Frames: the call that a conversation stands at, and how a short request changes it."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from ...prompts.asking import telling
from ...prompts.beyond import asks, learned
from ...prompts.reading import follow_up, prices
from ...prompts.reading.fields import plainly
from ...prompts.reading.names import Naming
from ...prompts.reading.request import Reading
from ...prompts.routing import Call
from ...tools.data.lexicon import Lexicon, plain, short_for
from ...tools.toolset.fields import Kind
from ...tools.toolset.kit import kinds
from ...tools.toolset.registry import tools

NAMING: tuple[Kind, ...] = ("product", "products", "category", "words")
INSTEAD: tuple[tuple[Kind, ...], ...] = (  # kinds of which a call holds one: a new one takes the others' place
    ("product", "category"),
    ("product", "grouping"),
    ("month", "back", "counted back"),
    ("urgency", "late"),  # late suppliers are a question of what to order
)
GENERAL: tuple[Kind, ...] = ("product", "category", "ahead", "surely ahead", "may be ahead")
SPAN = re.compile(r"\d+(?=[dwm]$)")
PRONOUN = re.compile(r"\bones?\b", re.IGNORECASE)  # "the oat one" says no number
TRAIL = 8  # products of calls that are remembered
ID = 10_000  # numbers from here on that no field holds name something
SHORTEST = 4  # signs of a number that may be a SKU in a request that leans on another; 8 may be weeks
PAST: tuple[Kind, ...] = ("month", "back", "counted back")  # said once: a full request that names none asks of late
UNITS: tuple[Kind, ...] = ("stock", "threshold")
COUNTED = re.compile(r"\d\s*…")  # "400 cucumbers" says units
OF_PRODUCT: tuple[Kind, ...] = ("stock",)  # true of one product: not carried to another


@dataclass(frozen=True)
class Frame:
    """The last call of a conversation.

    Attributes:
        tool: its name.
        arguments: all that it was called with, carried ones too.
        said: the fields that were set or changed last.
        listed: SKUs that the answer, or a question back, showed in order.
        asks: it was refused, and asks which of the listed products is meant.
        trail: SKUs that calls were about, in the order in which they came up.
    """

    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    said: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    asks: bool = False
    trail: tuple[str, ...] = ()


def after(before: Frame | None, tool: str, arguments: Mapping[str, Any], listed: Sequence[str], asks: bool) -> Frame:
    """The frame after a call: what was said is what differs from the same call before."""
    of = kinds(tools()[tool].arguments) if tool in tools() else {}
    trail = before.trail if before is not None else ()
    about = [str(value) for name, value in arguments.items() if of.get(name) == "product" and not asks]
    trail = (*trail, *(sku for sku in about if sku not in trail))[-TRAIL:]
    old = before.arguments if before is not None and before.tool == tool else {}
    said = tuple(name for name, value in arguments.items() if old.get(name) != value)
    if not said and before is not None and before.tool == tool:
        said = before.said
    return Frame(tool, dict(arguments), said, tuple(listed), asks, trail)


def amended(frame: Frame | None, request: str, lexicon: Lexicon | None, freq: str) -> Call | None:
    """The call that a request makes of the last one by changing some of its fields; None where it asks anew.

    A request leans on the last call if it has no words of its own beside names, numbers and times. What it says binds
    by its kind; a number alone changes the field of a number that was said last.

    Args:
        frame: the last call.
        request: the person's words.
        lexicon: of the catalogue.
        freq: of the data, W or D.
    """
    if frame is None or lexicon is None:
        return None
    arguments = tools()[frame.tool].arguments
    of = kinds(arguments)
    if frame.asks:
        said = follow_up.wanted(request)
        chosen = _chosen(frame, request, lexicon)
        borne = [word for word in said.split() if lexicon.bears(word)]
        if chosen is None or not follow_up.leans(said, borne, set(of.values())):
            chosen = _sku(request, lexicon, set(of.values()))
        return None if chosen is None else _changed(frame, arguments, of, request, [chosen], lexicon, freq)
    names = meant_names(follow_up.wanted(request), lexicon)
    told = [word for words in _told(frame.tool, of, follow_up.wanted(request)).values() for word in words]
    if not follow_up.leans(follow_up.wanted(request), [*names, *told], set(of.values())):
        return None
    return _changed(frame, arguments, of, request, names, lexicon, freq)


def _changed(
    frame: Frame,
    arguments: Any,
    of: Mapping[str, Kind],
    request: str,
    names: Sequence[str],
    lexicon: Lexicon,
    freq: str,
) -> Call | None:
    """The last call with what a request says; None where it says nothing, or something that has no field."""
    rest = without(follow_up.wanted(request), names)
    if follow_up.dropped(request) - {"promotion"}:
        rest = follow_up.DROPPED.sub(" ", rest)
    reading = Reading(rest, lexicon.columns, lexicon.known)
    plain = plainly(arguments, reading, freq)
    found = {name: values[0] for name, values in plain.items() if len(values) == 1}
    found |= {  # "12 per cent" of a price that was cut is a cut
        name: math.copysign(plain[name][0], frame.arguments[name])
        for name in plain
        if of[name] == "change" and name not in found and frame.arguments.get(name)
    }
    spans = [one.span for one in reading.lengths if one.way != "back" and one.counted]
    if len(spans) == 1 and not any(of[name] in follow_up.TIMED for name in found):
        found |= {name: spans[0] for name, kind in of.items() if kind in ("may be ahead", "surely ahead")}
    found |= {name: next(iter(words.values())) for name, words in _told(frame.tool, of, rest).items()}
    found = _later(frame, found, of, reading, freq)
    meant = _naming(of, names, frame, request, lexicon)
    if meant is None:
        return None
    held = {of[name] for name in found}
    if (reading.lengths and not held & follow_up.TIMED) or (reading.shares and not held & {"share", "change"}):
        return None
    if follow_up.of_a_year(request):
        found = _year_before(frame, found, of)
        if follow_up.same(request) and any(of[name] in PAST[1:] for name in found):
            return None  # the same weeks a year ago: no field holds that, and it is not the last year
    if not found and reading.numbers:
        found = _number_alone(frame, of, rest)
        if not found:
            return None
    found = {name: _as_meant(of[name], value, frame.arguments.get(name), request) for name, value in found.items()}
    found |= meant
    if any(one >= ID and one not in found.values() for one in reading.numbers):
        return None  # a product that there is not
    merged = {**kept(without_dropped(frame.arguments, found, of, request), found, of), **found}
    says = bool(found) or merged != dict(frame.arguments)  # what holds already may be said once more
    return Call(frame.tool, merged) if says and valid(arguments, merged) else None


def _later(frame: Frame, found: dict[str, Any], of: Mapping[str, Kind], reading: Reading, freq: str) -> dict[str, Any]:
    """What a length alone says where it was said last how late deliveries are: that, and not how long they take."""
    late = next((name for name in frame.said if of.get(name) == "late"), None)
    spans = [one.periods(freq, whole=True) for one in reading.lengths if one.way == ""]
    if late is None or late in found or len(spans) != 1 or follow_up.says("lead time", reading.text):
        return found
    return {name: value for name, value in found.items() if of[name] != "lead time"} | {late: spans[0]}


def _told(tool: str, of: Mapping[str, Kind], text: str) -> dict[str, dict[str, str]]:
    """The words that say a direction, with it, by field: `losers`."""
    some = {name: telling(tool, name, text) for name, kind in of.items() if kind == "direction"}
    return {name: words for name, words in some.items() if len({*words.values()}) == 1}


def followed(frame: Frame, call: Call, request: str, lexicon: Lexicon | None) -> Call:
    """The last call with the fields that a model changed, or that a number alone in the request changes.

    What the request says that it goes without is taken back.

    Args:
        frame: the last call.
        call: the fields that change.
        request: the person's words.
        lexicon: of the catalogue.
    """
    arguments = tools()[frame.tool].arguments
    of = kinds(arguments)
    found = {name: value for name, value in call.arguments.items() if name in of}
    if _bare(request, [str(value) for name, value in found.items() if of[name] in NAMING]):
        found = {name: value for name, value in found.items() if of[name] in NAMING}  # the number goes where it fits
    product = next((name for name, kind in of.items() if kind == "product"), "")
    if frame.asks and lexicon is not None and product:
        chosen = _chosen(frame, request, lexicon)
        both = " ".join(str(part) for part in (frame.arguments.get(product), found.get(product)) if part)
        found |= {product: chosen or (both if lexicon.bears(both) else found.get(product, both))}
    if all(of[name] in NAMING for name in found):
        names = [str(found[name]) for name in found]
        found |= _number_alone(frame, of, without(follow_up.wanted(request), names))
    found = {name: _as_meant(of[name], value, frame.arguments.get(name), request) for name, value in found.items()}
    merged = {**kept(without_dropped(frame.arguments, found, of, request), found, of), **found}
    return Call(frame.tool, merged if valid(arguments, merged) else dict(frame.arguments))


def _bare(request: str, names: Sequence[str]) -> bool:
    """Whether it says one number, and not of what."""
    reading = Reading(PRONOUN.sub(" ", without(request, names)))
    said = (reading.lengths, reading.shares, reading.weeks, reading.shown, reading.stock, reading.lead, reading.until)
    return len(reading.numbers) == 1 and not any(said)


def _as_meant(kind: Kind, value: Any, before: Any, request: str) -> Any:
    """A new value beside the one before: "15 instead" of a price cut is one, and "week 3 as well" is one more week."""
    if (
        kind == "change"
        and before is not None
        and not prices.way(request.lower())
        and len(next(iter(Reading(request).changes), [0, 0])) > 1
    ):
        return math.copysign(value, before)
    if kind == "weeks" and isinstance(before, list) and follow_up.also(request):
        return sorted({*before, *value})
    return value


def without_dropped(
    before: Mapping[str, Any], new: Mapping[str, Any], of: Mapping[str, Kind], request: str
) -> dict[str, Any]:
    """What was set before without what the request wants gone."""
    gone = follow_up.dropped(request) - {of[name] for name in new if name in of}
    return {name: value for name, value in before.items() if of.get(name) not in gone}


def other_fields(frame: Frame) -> tuple[str, ...]:
    """The fields that a call holds, without those that every session speaks of."""
    of = kinds(tools()[frame.tool].arguments) if frame.tool in tools() else {}
    return tuple(name for name in of if name in frame.arguments and of[name] not in GENERAL)


def named_in(request: str, lexicon: Lexicon) -> list[str]:
    """The longest runs of words that name a product or a group, none within another."""
    runs = [_trimmed(name) for name in Naming(request).named(lexicon)]
    some = [name for name in dict.fromkeys(runs) if name and (lexicon.bears(name) or lexicon.group(name))]
    some = [name for name in some if not asks(name) or lexicon.exactly(name) or lexicon.has(name)]
    some = [name for name in some if lexicon.bears(name)] or some
    return [name for name in some if not any(name != other and name in other for other in some)]


def meant_names(request: str, lexicon: Lexicon) -> list[str]:
    """Those that are spelt as the catalogue spells them, or whose words no pattern has: slips of the keys."""
    return [
        name
        for name in named_in(request, lexicon)
        if (len(name) > 1 or not name.isascii() or lexicon.has(name))
        and (lexicon.says(name) or not any(map(learned, name.lower().split())))
    ]


def _trimmed(name: str) -> str:
    """A run of words without filling at its edges; a number is no name unless it is long enough for a SKU."""
    words = name.split()
    while words and follow_up.filling(words[0]) and not _number(words[0]):
        words = words[1:]
    while words and follow_up.filling(words[-1]) and not _number(words[-1]):
        words = words[:-1]
    return " ".join(words)


def _number(word: str) -> bool:
    return word.isdigit() and len(word) >= SHORTEST


def without(request: str, names: Sequence[str]) -> str:
    """A request without the names in it."""
    for name in sorted(names, key=len, reverse=True):
        request = request.replace(name, "…")
    return request


def _naming(
    of: Mapping[str, Kind], names: Sequence[str], frame: Frame, request: str, lexicon: Lexicon
) -> dict[str, Any] | None:
    """The fields that names fill; None where they fit none."""
    if not names:
        return {}
    fields = {kind: name for name, kind in of.items()}
    if "topic" in fields and fields["topic"] in frame.arguments and len(names) == 1:
        return {fields["topic"]: names[0]}
    if "products" in fields:
        before = frame.arguments.get(fields["products"], [])
        some = [*before, *names] if follow_up.also(request) or len(names) == 1 < len(before) else list(names)
        return {fields["products"]: some}
    if len(names) > 1:
        return None
    group = "category" in fields and lexicon.group(names[0]) is not None
    about_one = "product" in fields and fields["product"] in frame.arguments
    if group and (not about_one or fields["category"] in frame.arguments or not lexicon.bears(names[0])):
        return {fields["category"]: names[0]}
    if "product" in fields and lexicon.bears(names[0]):
        return {fields["product"]: names[0]}
    return {fields["words"]: names[0]} if "words" in fields else None


def _number_alone(frame: Frame, of: Mapping[str, Kind], text: str) -> dict[str, Any]:
    """A number without a unit in place of the likest that was set, those said last first; else how many to show."""
    reading = Reading(PRONOUN.sub(" ", text))
    if len(reading.numbers) != 1 or reading.lengths:
        return {}
    number = reading.numbers[0]
    arguments = tools()[frame.tool].arguments
    shown = next((name for name, kind in of.items() if kind == "count"), None)
    asked = {shown: int(number)} if shown and number == int(number) else {}
    if asked and follow_up.how_many(text) and valid(arguments, {**frame.arguments, **asked}):
        return asked
    change = next((name for name, kind in of.items() if kind == "change"), None)
    if change and (way := prices.way(reading.text)) and valid(arguments, {**frame.arguments, change: way * number}):
        return {change: way * number}
    units = [name for name in frame.arguments if of.get(name) in UNITS] if COUNTED.search(text) else []
    for names in [units] if units else [frame.said, tuple(frame.arguments)]:
        found = {name: _instead(frame.arguments.get(name), number, of.get(name)) for name in names}
        new = {name: value for name, value in found.items() if value is not None}  # a stock of 0 is one
        fits = {name: value for name, value in new.items() if valid(arguments, {**frame.arguments, name: value})}
        if fits:
            name = min(fits, key=lambda one: abs(math.log(_size(frame.arguments[one]) / max(abs(number), 1e-9))))
            return {name: fits[name]}
    return asked if valid(arguments, {**frame.arguments, **asked}) else {}


def _instead(value: Any, number: float, kind: Kind | None) -> Any:
    """A number in a value's place, with its sign or its unit of time; None where it does not go there."""
    if kind in NAMING or isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        new = -number if value < 0 else number
        return int(new) if new == int(new) else new
    if isinstance(value, str) and (span := SPAN.match(value)) and span[0] != "1" and number == int(number):
        return SPAN.sub(str(int(number)), value)  # "next week" says no number
    return None


def _size(value: Any) -> float:
    """How big a value is, for likeness."""
    span = SPAN.match(value) if isinstance(value, str) else None
    return max(abs(float(span[0] if span else value)), 1e-9)


def kept(before: Mapping[str, Any], new: Mapping[str, Any], of: Mapping[str, Kind]) -> dict[str, Any]:
    """What stays of the arguments before: what no new one takes the place of, unless both stood there already."""
    held = {of.get(name) for name in before}
    gone = {
        name
        for some in INSTEAD
        if any(of.get(name) in some for name in new) and len(held & {*some}) < len(some)
        for name in before
        if of.get(name) in some and name not in new
    }
    if any(of.get(name) == "product" and before.get(name) not in (None, new[name]) for name in new):
        gone |= {name for name in before if of.get(name) in OF_PRODUCT}
    return {name: value for name, value in before.items() if name not in gone}


def _year_before(frame: Frame, found: dict[str, Any], of: Mapping[str, Kind]) -> dict[str, Any]:
    """What "the same month last year" says: that month a year before, and no year back."""
    month = next((name for name in frame.arguments if of.get(name) == "month"), None)
    back = [name for name in found if of.get(name) in ("back", "counted back")]
    if month is None or month in found or not back:
        return found
    value = str(frame.arguments[month])
    year = re.match(r"\d{4}", value)
    earlier = f"{int(year[0]) - 1}{value[4:]}" if year else f"-{value.lstrip('-')}"
    return {name: one for name, one in found.items() if name not in back} | {month: earlier}


def _chosen(frame: Frame, request: str, lexicon: Lexicon) -> str | None:
    """The one of the listed products that bears most of the words that say which is meant, or short forms of them."""
    said = follow_up.wanted(request)
    skus = [uid for uid in frame.listed if re.search(rf"(?<!\w){re.escape(uid)}(?!\w)", said)]
    if len(skus) == 1:
        return skus[0]
    asked = {word for word in plain(said).split() if not word.isdigit()}
    texts = {uid: lexicon.texts.get(uid, "").split() for uid in frame.listed}
    count = {uid: sum(any(short_for(own, word) for own in text) for word in asked) for uid, text in texts.items()}
    best = max(count.values(), default=0)
    likest = [uid for uid, one in count.items() if one == best and best > 0]
    return likest[0] if len(likest) == 1 else None


def _sku(request: str, lexicon: Lexicon, of: set[Kind]) -> str | None:
    """The one SKU that answers a question back, where it is none of those shown."""
    skus = Naming(request).skus(lexicon)
    return skus[0] if len(skus) == 1 and follow_up.leans(request, skus, of) else None


def valid(arguments: Any, values: Mapping[str, Any]) -> bool:
    """Whether a tool takes these arguments."""
    try:
        arguments.model_validate(dict(values))
    except ValidationError:
        return False
    return True
