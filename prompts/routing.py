"""Routing: a planner's request as one tool call in JSON. The words that the small model was trained on stand here."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, Protocol

from pydantic import BaseModel

from ..tools.data.groups import ALL
from ..tools.toolset.fields import Kind
from ..tools.toolset.kit import kinds, reads
from .beyond import asks
from .chats import Turn
from .reading import follow_up, groupings, lengths, prices, scope
from .reading.fields import plainly
from .reading.names import BARE, Names, Naming
from .reading.request import Reading
from .render import render

ANSWER = "answer"  # the call that ends: what was found is enough
AMEND = "amend"  # the last call once more, with some of its fields changed
SHOWN = 200  # characters of what a tool found
ASKED = 600  # characters of a request
SHORTEST = 4  # digits of a name
SAME = "its"  # the category of what was spoken of last
QUERIES = ["notes", "news", "reviews", "coupons", "campaigns", "competitors", "mailer"]  # of no words of their own
WEEKS_AHEAD = 53
MOST_PERIODS = 12  # of a plan, where the model lists them


class Tool(Protocol):
    """What a tool's calls may hold, and which questions it answers; a `kit.Tool` is one."""

    @property
    def arguments(self) -> type[BaseModel]:
        """Their model."""

    @property
    def lists(self) -> Literal["", "always", "alike"]:
        """It answers the question which products: always, or where the request asks for like ones."""

    @property
    def sums(self) -> bool:
        """It adds the products of a category up."""

    @property
    def outside(self) -> bool:
        """It is the answer to what no tool can do."""


@dataclass(frozen=True)
class Call:
    """A tool by name, with the arguments that were given."""

    tool: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Found:
    """What came of a call.

    Attributes:
        text: in words, of products their SKUs alone.
        skus: of the products that it names.
        failed: it was refused.
    """

    text: str
    skus: tuple[str, ...] = ()
    failed: bool = False


@dataclass(frozen=True)
class Spoken:
    """What the session spoke of last, so far as a short request may lean on it.

    Attributes:
        tool: the last one called; empty at the start.
        product: whether a product was spoken of.
        category: whether a category was.
        horizon: the last horizon, as `4w`; empty where there was none.
        fields: other fields that the last call holds.
        asks: it was refused, and asks which product is meant.
    """

    tool: str = ""
    product: bool = False
    category: bool = False
    horizon: str = ""
    fields: tuple[str, ...] = ()
    asks: bool = False

    @property
    def text(self) -> str:
        """In a few words."""
        parts = [self.tool, "a product" if self.product else "", "a category" if self.category else "", self.horizon]
        parts += [*self.fields, "which one?" if self.asks else ""]
        return ", ".join(part for part in parts if part) or "nothing yet"


def routing_chat(request: str, spoken: Spoken, done: Sequence[tuple[Call, str]] = ()) -> list[Turn]:
    """The chat whose answer is the next call: the request, and the calls made for it with what they found.

    Args:
        request: the person's words.
        spoken: what came before.
        done: calls of this request, each with what it found.
    """
    turns: list[Turn] = [
        ("system", render("route_system", spoken=spoken.text)),
        ("user", " ".join(request.split())[:ASKED]),
    ]
    for call, found in done:
        turns += [("assistant", write_call(call)), ("user", f"found: {' '.join(found.split())[:SHOWN]}")]
    return turns


def write_call(call: Call) -> str:
    """The call as the one line of JSON that the model answers with."""
    fields = {"tool": call.tool, **call.arguments}
    return json.dumps(fields, ensure_ascii=False, separators=(", ", ": "))


def read_call(text: str) -> Call:
    """A call from the model's line.

    Raises:
        ValueError: it is none.
    """
    fields = json.loads(text)
    if not isinstance(fields, dict) or not isinstance(fields.get("tool"), str):
        raise ValueError("no tool is named")
    return Call(fields.pop("tool"), fields)


def call_schema(
    request: str,
    tools: Mapping[str, Tool],
    *,
    meant: str | None = None,
    spoken: Spoken | None = None,
    found: Sequence[Found] = (),
    may_answer: bool = False,
    catalogue: Names | None = None,
    freq: str = "W",
    amends: Tool | None = None,
) -> str:
    """JSON Schema of every valid call for a request, for constrained decoding.

    Names are runs of the request's words, or SKUs that tools have found; a product is its SKU, where that is given.
    What the request says in so many words a call must hold. Other numbers are those that it says, or that its words may
    stand for, such as 3m for a quarter. What it does not say no call can hold.

    Args:
        request: the person's words.
        tools: that may be called, by name.
        meant: the same as they were meant to be typed.
        spoken: what the session spoke of last; where that is not known, it may have spoken of anything.
        found: what tools have found for it.
        may_answer: also `answer`, once a tool has found something.
        catalogue: what names there are; where that is known, they are whole.
        freq: of the data, W or D: what a period is.
        amends: the tool of the last call, where the request may but change that.
    """
    columns, known = tuple(getattr(catalogue, "columns", ())), getattr(catalogue, "known", None)
    naming = Naming(groupings.unspoken(" ".join(request.split())[:ASKED], columns))
    skus = naming.skus(catalogue) if catalogue else []
    reading = Reading(_without(skus, " ".join((meant or request).split())[:ASKED]), columns, known)
    found_skus = [sku for one in found for sku in one.skus]
    some_names = None
    if catalogue:
        some_names = [one for one in naming.named(catalogue) if catalogue.has(one) or (_called(one) and not asks(one))]
    names = [*(naming.names if some_names is None else some_names), *found_skus]
    groups = [name for name in names if catalogue is None or (catalogue.group(name) and not lengths.word(name))]
    some = dict(tools)
    goes_on = scope.more_to_do(reading.text) or (found_skus and _onward(reading))
    enough = may_answer and found and not (found[-1].failed or goes_on)
    every = False
    if catalogue and not any(_wordy(name) for name in Naming(scope.unspoken(naming.request.lower())).named(catalogue)):
        every = scope.everything(reading.text)
        if not found and not every and (lists := scope.listed(reading.text)):
            some = {name: tool for name, tool in tools.items() if tool.lists in lists or tool.outside}
    if catalogue and not found and _ranks(reading, names, catalogue):
        some = {
            name: tool for name, tool in some.items() if "measure" in kinds(tool.arguments).values() or tool.outside
        }
    if reading.lasting and reading.stock:
        some = {name: tool for name, tool in some.items() if "lasting" in kinds(tool.arguments).values()} or some
    named = bool(groups)
    borne = catalogue is not None and any(catalogue.bears(name) for name in names)
    if spoken is None or spoken.product or spoken.category:
        groups.append(SAME)
    texts: dict[Kind, list[str]] = {
        "product": [*skus, *found_skus] if skus else names,
        "products": skus if len(skus) > 1 else names,  # an unknown SKU may stand beside a known one
        "category": groups,
        "words": naming.names,
    }
    empty: frozenset[Kind] = frozenset(kind for kind in ("product", "products", "category") if not texts[kind])
    about = _About(reading, freq, len(skus), catalogue is not None, named, borne, every, empty)
    branches = [] if enough else [_branch(name, tool, about) for name, tool in some.items()]
    branches += [_branch(AMEND, amends, about)] if amends is not None and not found else []
    branches += [_object(ANSWER, {}, [])] * may_answer
    return json.dumps({"anyOf": branches, "$defs": {kind: {"enum": values or ["?"]} for kind, values in texts.items()}})


def _without(skus: Sequence[str], text: str) -> str:
    """A request without the SKUs in it, whose digits are no counts; a short number may be both, and stays."""
    for sku in skus:
        if len(sku) > 3 or not sku.isdigit():
            text = re.sub(rf"(?<!\w){re.escape(sku)}(?!\w)", "…", text, flags=re.IGNORECASE)
    return text


def _ranks(reading: Reading, names: Sequence[str], catalogue: Names) -> bool:
    """Whether it asks which group, or which products by money, led in the past, and names none."""
    ranks = reading.ranked or (reading.measures and scope.listed(reading.text))
    known = [name for name in names if catalogue.bears(name) or catalogue.group(name)]
    groups = bool(reading.ranked) and any(catalogue.group(name) for name in known)
    return bool(ranks) and not reading.ahead and (groups or all(lengths.word(name) for name in known))


def _wordy(name: str) -> bool:
    return not BARE.fullmatch(name)


def _called(name: str) -> bool:
    """Whether something that is no SKU may be called so: no short number, and no single letter."""
    if name.isdigit():
        return len(name) >= SHORTEST
    return not follow_up.filling(name) and (len(name) > 1 or not name.isascii())


@dataclass(frozen=True)
class _About:
    """What a request says, as every tool's arguments are read by it.

    Attributes:
        reading: its words.
        freq: of the data, W or D.
        skus: how many SKUs it names.
        known: whether there is a catalogue.
        group: whether it names a group of products.
        product: whether it names a product that the catalogue has.
        every: whether it speaks of all products together.
        empty: kinds of names of which it says none.
    """

    reading: Reading
    freq: str
    skus: int
    known: bool
    group: bool
    product: bool
    every: bool
    empty: frozenset[Kind]


def _onward(reading: Reading) -> bool:
    """Whether something may be asked of what was found: of a time ahead, or its forecast, plot or reason."""
    ahead = reading.ahead or any(one.way != "back" for one in reading.lengths)
    return bool(ahead) or scope.onward(reading.text.lower())


def _branch(name: str, tool: Tool, about: _About) -> dict[str, Any]:
    reading, of = about.reading, kinds(tool.arguments)
    schema = _fields(tool.arguments)
    plain = plainly(tool.arguments, reading, about.freq)
    chosen = {field: _chosen(tool, field, spec, reading) for field, spec in schema["properties"].items()}
    gone = set(about.empty)
    if any(of[field] == "month" for field in plain):
        gone.add("back")
    if tool.sums and about.every:
        plain |= {field: [ALL] for field, kind in of.items() if kind == "category"}
        gone.add("product")
    elif tool.sums and about.known and name != AMEND:
        summed = scope.grouped(reading.text) or (scope.whole(reading.text) and (about.group or "ahead" in of.values()))
        gone |= set() if summed else {"category"}  # its words are a product's, too
    chosen |= {field: {"enum": values} for field, values in plain.items()}  # in the order that the model was taught
    fields = {field: spec for field, spec in chosen.items() if spec is not None and of.get(field) not in gone}
    for field, spec in fields.items():
        if of.get(field) == "products" and 2 <= about.skus <= spec["maxItems"]:  # those, and no words beside them
            fields[field] = spec | {"minItems": about.skus, "maxItems": about.skus, "uniqueItems": True}
    held = {of.get(field) for field in plain}
    ranks = about.group and held & {"ranked grouping", "measure"}
    named = {"category"} if ranks else {"product"} if about.product and "lasting" in held else set()
    within = [field for field, kind in of.items() if kind in named and field in fields]
    required = [] if name == AMEND else [*schema["required"], *within]
    return _object(name, fields, [*required, *plain])


def _object(name: str, fields: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"tool": {"const": name}, **fields},
        "required": ["tool", *required],
        "additionalProperties": False,
    }


@cache
def _fields(arguments: type[BaseModel]) -> dict[str, Any]:
    schema = arguments.model_json_schema()
    fields = {field: _without_null(spec) for field, spec in schema.get("properties", {}).items()}
    return {"properties": fields, "required": schema.get("required", [])}


def _chosen(tool: Tool, field: str, spec: dict[str, Any], reading: Reading) -> dict[str, Any] | None:
    """A field's schema with the values that the request leaves; None where there are none."""
    mark = reads(tool.arguments).get(field)
    if mark is not None and mark.plain:
        return None
    values: Sequence[float]
    match mark and mark.kind:
        case "product" | "words" | "category" as kind:
            return {"$ref": f"#/$defs/{kind}"}
        case "products":
            return {**spec, "items": {"$ref": "#/$defs/products"}}
        case "topic" if not tool.outside:
            return {"anyOf": [{"$ref": "#/$defs/words"}, {"enum": QUERIES}]}
        case "ahead" | "surely ahead" | "may be ahead":
            return {"enum": reading.horizons} if scope.timed(reading.request.lower()) else None
        case "weeks":
            some = [] if reading.lengths or prices.priced(reading.text) else reading.whole(1, WEEKS_AHEAD)
            most = max(some, default=0)
            return spec | {"items": {"enum": list(range(1, most + 1))}, "maxItems": MOST_PERIODS} if most else None
        case "change":
            values = (
                [] if prices.priced(reading.text) else [sign * value for value in reading.numbers for sign in (-1, 1)]
            )
        case "back" | "counted back":  # a single one is given as a length
            values = reading.whole(2, spec["maximum"])
        case _ if spec.get("type") in ("number", "integer"):
            values = reading.numbers
        case _:
            return spec
    kept: list[float] = [value for value in values if spec["minimum"] <= value <= spec["maximum"]]
    kept = [int(value) if value == int(value) else value for value in kept]
    kept = [value for value in kept if spec["type"] == "number" or isinstance(value, int)]
    return {"enum": kept} if kept else None


def _without_null(spec: dict[str, Any]) -> dict[str, Any]:
    """A field's schema without null: what was not given is left out, and with nothing that only people read."""
    some = [one for one in spec.get("anyOf", []) if one.get("type") != "null"]
    kept = some[0] if some else spec
    schema = {key: value for key, value in kept.items() if key not in ("title", "description", "default")}
    if "items" in schema:
        schema["items"] = _without_null(schema["items"])
    return schema
