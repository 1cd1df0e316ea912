"""Routing: a planner's request as one tool call in JSON. The words that the small model was trained on stand here."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..tools.data.groups import ALL
from ..tools.toolset.kit import Arguments
from ..tools.toolset.registry import argument_models
from .chats import Turn
from .reading.fields import everything, grouped, lists, more_to_do, plainly, priced, timed, unspoken, whole
from .reading.lengths import lengths
from .reading.names import BARE, Catalogue, Naming
from .reading.numbers import Said
from .render import render

ANSWER = "answer"  # the call that ends: what was found is enough
SHOWN = 200  # characters of what a tool found
ASKED = 600  # characters of a request
SAME = "its"  # the category of what was spoken of last
SUMMED = {"forecast", "sales_history"}  # tools that add the products of a category up
QUERIES = ["notes", "news", "reviews", "coupons", "campaigns", "competitors", "mailer"]  # of no words of their own
PLAIN = {
    "on_hand",
    "service_level",
    "promotion",
    "during",
}  # fields that only the request's own words fill: a guess would be bad advice
WEEKS_AHEAD = 53
MOST_PERIODS = 12  # of a plan, where the model lists them


@dataclass(frozen=True)
class Call:
    """A tool by name, with the arguments that were said."""

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
    """

    tool: str = ""
    product: bool = False
    category: bool = False
    horizon: str = ""

    @property
    def text(self) -> str:
        """In a few words."""
        parts = [self.tool, "a product" if self.product else "", "a category" if self.category else "", self.horizon]
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
    told = {"tool": call.tool, **call.arguments}
    return json.dumps(told, ensure_ascii=False, separators=(", ", ": "))


def read_call(text: str) -> Call:
    """A call from the model's line.

    Raises:
        ValueError: it is none.
    """
    told = json.loads(text)
    if not isinstance(told, dict) or not isinstance(told.get("tool"), str):
        raise ValueError("no tool is named")
    return Call(told.pop("tool"), told)


def call_schema(
    request: str,
    *,
    meant: str | None = None,
    spoken: Spoken | None = None,
    found: Sequence[Found] = (),
    may_answer: bool = False,
    catalogue: Catalogue | None = None,
    freq: str = "W",
) -> str:
    """JSON Schema of every valid call for a request, for constrained decoding.

    Names are runs of the request's words, or SKUs that tools have found; a product is its SKU, where that is said.
    What the request says in so many words a call must hold. Other numbers are those that it says, or that its words may
    stand for, such as 3m for a quarter. What it does not say no call can hold.

    Args:
        request: the person's words.
        meant: the same as they were meant to be typed.
        spoken: what the session spoke of last; where that is not known, it may have spoken of anything.
        found: what tools have found for it.
        may_answer: also `answer`, once a tool has found something.
        catalogue: what names there are; where that is known, they are whole.
        freq: of the data, W or D: what a period is.
    """
    naming = Naming(" ".join(request.split())[:ASKED])
    skus = naming.skus(catalogue) if catalogue else []
    said = Said(_without(skus, " ".join((meant or request).split())[:ASKED]))
    told = [sku for one in found for sku in one.skus]
    names = [*(naming.named(catalogue) if catalogue else naming.names), *told]
    groups = [name for name in names if catalogue is None or catalogue.group(name)]
    groups += [SAME] * (spoken is None or spoken.product or spoken.category)
    tools = argument_models() | ({ANSWER: Arguments} if may_answer else {})
    if found and may_answer and not (told or found[-1].failed or more_to_do(said)):
        tools = {ANSWER: Arguments}
    every = False
    if catalogue and not any(_wordy(name) for name in Naming(unspoken(naming.request)).named(catalogue)):
        every = everything(said)
        if not found and not every and (some := lists(said)):
            tools = {name: model for name, model in tools.items() if name in {*some, "out_of_scope", ANSWER}}
    heard = _Heard(said, freq, len(skus), catalogue is not None, any(group != SAME for group in groups), every)
    branches = [_branch(name, model, heard) for name, model in tools.items()]
    texts = {
        "product": [*skus, *told] if skus else names,
        "products": skus if len(skus) > 1 else names,  # an unknown SKU may stand beside a known one
        "group": groups,
        "words": naming.names,
    }
    for field in ("product", "products"):
        if not texts[field]:  # it names none
            for branch in branches:
                branch["properties"].pop(field, None)
    return json.dumps({"anyOf": branches, "$defs": {key: {"enum": some or ["?"]} for key, some in texts.items()}})


def _without(skus: Sequence[str], text: str) -> str:
    """A request without the SKUs in it, whose digits are no counts; a short number may be both, and stays."""
    for sku in skus:
        if len(sku) > 3 or not sku.isdigit():
            text = re.sub(rf"(?<!\w){re.escape(sku)}(?!\w)", "…", text, flags=re.IGNORECASE)
    return text


def _wordy(name: str) -> bool:
    return not BARE.fullmatch(name)


@dataclass(frozen=True)
class _Heard:
    """What a request says, as every tool's arguments are read by it.

    Attributes:
        said: its words.
        freq: of the data, W or D.
        skus: how many SKUs it names.
        known: whether there is a catalogue.
        group: whether it names a group of products.
        every: whether it speaks of all products together.
    """

    said: Said
    freq: str
    skus: int
    known: bool
    group: bool
    every: bool


def _branch(name: str, request: type[Arguments], heard: _Heard) -> dict[str, Any]:
    said = heard.said
    schema = _fields(request)
    plain = plainly(name, said, heard.freq) if name in argument_models() else {}
    chosen = {field: _chosen(field, told, said) for field, told in schema["properties"].items()}
    if heard.every and name in SUMMED:
        plain["category"] = [ALL]
        chosen["product"] = None
    if "during" in plain:
        chosen["periods"] = None
    chosen |= {field: {"enum": values} for field, values in plain.items()}  # in the order that the model was taught
    fields = {field: told for field, told in chosen.items() if told is not None}
    summed = heard.every or grouped(said) or (whole(said) and (heard.group or name == "forecast"))
    if name in SUMMED and heard.known and not summed:  # its words are a product's, too
        del fields["category"]
    if "products" in fields and 2 <= heard.skus <= fields["products"]["maxItems"]:  # those, and no words beside them
        fields["products"] |= {"minItems": heard.skus, "maxItems": heard.skus, "uniqueItems": True}
    return {
        "type": "object",
        "properties": {"tool": {"const": name}, **fields},
        "required": ["tool", *schema["required"], *plain],
        "additionalProperties": False,
    }


@cache
def _fields(request: type[Arguments]) -> dict[str, Any]:
    schema = request.model_json_schema()
    fields = {field: _without_null(told) for field, told in schema.get("properties", {}).items()}
    return {"properties": fields, "required": schema.get("required", [])}


def _chosen(field: str, told: dict[str, Any], said: Said) -> dict[str, Any] | None:
    """A field's schema with the values that the request leaves; None where there are none."""
    if field in ("product", "words"):
        return {"$ref": f"#/$defs/{field}"}
    if field == "products":
        return {**told, "items": {"$ref": "#/$defs/products"}}
    if field == "category":
        return {"$ref": "#/$defs/group"}
    if field == "query":
        return {"anyOf": [{"$ref": "#/$defs/words"}, {"enum": QUERIES}]}
    if field == "horizon":
        return {"enum": said.horizons} if timed(said) else None
    if told.get("type") == "array":
        most = 0 if lengths(said) else max(said.whole(1, WEEKS_AHEAD), default=0)
        return told | {"items": {"enum": list(range(1, most + 1))}, "maxItems": MOST_PERIODS} if most else None
    if field in PLAIN:
        return None
    values: list[float] = []
    if told.get("type") == "number":
        values = [] if told["minimum"] < 0 and priced(said) else said.numbers
        values = [sign * value for value in values for sign in (-1, 1)] if told["minimum"] < 0 else values
    elif told.get("type") == "integer":
        least = 2 if field == "periods" else told["minimum"]  # a single one is said as a length
        values = list(said.whole(least, told["maximum"]))
    else:
        return told
    kept = [value for value in values if told["minimum"] <= value <= told["maximum"]]
    return {"enum": [int(value) if value == int(value) else value for value in kept]} if kept else None


def _without_null(told: dict[str, Any]) -> dict[str, Any]:
    """A field's schema without null: what was not said is left out, and with nothing that only people read."""
    kinds = [kind for kind in told.get("anyOf", []) if kind.get("type") != "null"]
    kept = kinds[0] if kinds else told
    schema = {key: value for key, value in kept.items() if key not in ("title", "description", "default")}
    if "items" in schema:
        schema["items"] = _without_null(schema["items"])
    return schema
