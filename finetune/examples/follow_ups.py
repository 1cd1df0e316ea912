"""Follow-ups for the router: a last call of any tool, and a short request that changes some of its fields."""

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from ...prompts.asking import line_of
from ...prompts.reading.fields import plainly
from ...prompts.reading.request import Reading
from ...prompts.retelling import sections
from ...prompts.routing import AMEND, Call, Spoken
from ...tools.toolset.fields import Kind
from ...tools.toolset.kit import Tool, kinds, reads
from ...tools.toolset.registry import tools
from .fillers import Rng, pick
from .patterns import Pattern, checked_slots

FILE = "follow_up.txt"
NEEDED: dict[str, frozenset[Kind]] = {  # a pattern's slot, and the kinds of field of which the last call needs one
    "product": frozenset({"product", "words"}),
    "category": frozenset({"category"}),
    "span": frozenset({"ahead", "may be ahead", "lead time"}),
    "horizon": frozenset({"ahead", "surely ahead", "may be ahead"}),
    "back": frozenset({"back", "counted back"}),
    "percent": frozenset({"change"}),
    "level": frozenset({"share"}),
    "lead": frozenset({"lead time"}),
    "late": frozenset({"late"}),
    "onhand": frozenset({"stock"}),
    "limit": frozenset({"count"}),
    "weeks": frozenset({"weeks"}),
    "month": frozenset({"month"}),
    "number": frozenset({"ahead", "back", "count", "change", "share", "lead time", "stock"}),
    "promotion": frozenset({"promotion"}),
    "direction": frozenset({"direction"}),
    "measure": frozenset({"measure"}),
    "by": frozenset({"ranked grouping"}),
}
NAMED: dict[Kind, str] = {"product": "product", "words": "product", "category": "category"}  # kinds of names, by slot
ASKED = 0.3  # share of products named that answer a question back
GENERAL: frozenset[Kind] = frozenset({"product", "category", "ahead", "surely ahead", "may be ahead"})


@dataclass(frozen=True)
class FollowUp:
    """A short request, what it leans on, and the call that it makes of it."""

    request: str
    spoken: Spoken
    call: Call


@cache
def follow_ups() -> tuple[Pattern, ...]:
    """All patterns of follow-ups, by line.

    Raises:
        InputError: a line has a slot that is not known, or leaves a bracket open.
    """
    path = Path(str(resources.files("skucast.prompts") / FILE))
    return tuple(checked_slots(line_of("", line)) for _, line in sections(path))


def leant_on(pattern: Pattern) -> list[Tool]:
    """The tools whose call a pattern may change: they have a field for all that it says."""
    says = [NEEDED[name] for name in (*pattern.slots, *pattern.fixed) if name in NEEDED]
    some = [tool for tool in tools().values() if not tool.outside and not tool.aside]
    return [tool for tool in some if all(set(kinds(tool.arguments).values()) & needed for needed in says)]


def spoken_of(tool: Tool, rng: Rng, *, product: bool, category: bool, horizon: str, asks: bool = False) -> Spoken:
    """What a session may have spoken of last: a call of this tool with some of its fields."""
    of = kinds(tool.arguments)
    some = tuple(name for name, kind in of.items() if kind not in GENERAL and rng.random() < 0.5)
    return Spoken(tool.name, product, category, horizon, some, asks)


def follow_up(pattern: Pattern, text: str, said: dict[str, Any], rng: Rng) -> FollowUp | None:
    """A request with the call that it leans on; None where what it says is not read from its words.

    Args:
        pattern: that it was drawn from.
        text: of the request.
        said: what its slots mean, names as they stand in the text.
        rng: of the call that it leans on.
    """
    tool = pick(rng, leant_on(pattern))
    of = kinds(tool.arguments)
    asks = "product" in of.values() and set(pattern.slots) == {"product"} and rng.random() < ASKED
    span = f"{rng.integers(1, 13)}{'wwmd'[int(rng.integers(4))]}" if rng.random() < 0.6 else ""
    spoken = spoken_of(tool, rng, product=not asks, category=rng.random() < 0.5, horizon=span, asks=asks)
    names = {name: said[NAMED[kind]] for name, kind in of.items() if kind in NAMED and NAMED[kind] in said}
    masked = text
    for name in names.values():
        masked = re.sub(re.escape(name), "…", masked, flags=re.IGNORECASE)
    read = {name: values[0] for name, values in plainly(tool.arguments, Reading(masked)).items() if len(values) == 1}
    free = {name for name, mark in reads(tool.arguments).items() if not mark.plain and mark.kind not in NAMED}
    chosen = {name: value for name, value in said.items() if name in free}  # of what the grammar lets through
    arguments = names | chosen | read
    values = (set(pattern.slots) | set(pattern.fixed)) - {"product", "category", "number"}
    if values and not (read or chosen):
        return None
    return FollowUp(text, spoken, Call(AMEND, {name: arguments[name] for name in of if name in arguments}))
