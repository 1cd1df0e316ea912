"""Routing: a planner's request as one tool call in JSON. The words that the small model was trained on stand here."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..tools.requests import REQUESTS, Request
from .chats import Turn
from .render import render

ANSWER = "answer"  # the call that ends: what was found is enough
SHOWN = 200  # characters of what a tool found
ASKED = 600  # characters of a request


@dataclass(frozen=True)
class Call:
    """A tool by name, with the arguments that were said."""

    tool: str
    arguments: dict[str, Any]


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


@cache
def call_schema(*, may_answer: bool) -> str:
    """JSON Schema of every valid call, for constrained decoding.

    Args:
        may_answer: also `answer`, once a tool has found something.
    """
    choices = [_branch(name, request) for name, request in REQUESTS.items()]
    if may_answer:
        choices.append(_branch(ANSWER, Request))
    return json.dumps({"anyOf": choices})


def _branch(name: str, request: type[Request]) -> dict[str, Any]:
    schema = request.model_json_schema()
    fields = {field: _said(told) for field, told in schema.get("properties", {}).items()}
    return {
        "type": "object",
        "properties": {"tool": {"const": name}, **fields},
        "required": ["tool", *schema.get("required", [])],
        "additionalProperties": False,
    }


def _said(told: dict[str, Any]) -> dict[str, Any]:
    """A field's schema without null: what was not said is left out, and with nothing that only people read."""
    kinds = [kind for kind in told.get("anyOf", []) if kind.get("type") != "null"]
    kept = kinds[0] if kinds else told
    schema = {key: value for key, value in kept.items() if key not in ("title", "description", "default")}
    if "items" in schema:
        schema["items"] = _said(schema["items"])
    return schema
