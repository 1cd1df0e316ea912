"""Patterns of requests: text with alternations and slots, drawn into sentences with the arguments that they say."""

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ...prompts.asking import Line, lines
from ...tools.errors import InputError
from ...tools.toolset.kit import of_kinds
from ...tools.toolset.registry import argument_models
from .fillers import FILLERS, Rng, pick

CHINESE = re.compile(r"[\u4e00-\u9fff]")
SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Pattern:
    """One way to ask a tool.

    Attributes:
        tool: asked.
        text: with alternations `(a|b|)` and slots `{product}`.
        fixed: arguments that the words themselves say; `price` is the sign of {percent}.
    """

    tool: str
    text: str
    fixed: dict[str, str]

    @property
    def slots(self) -> set[str]:
        """Names of its slots."""
        return set(SLOT.findall(self.text))


@dataclass
class Drawn:
    """A sentence in pieces, each with the slot that it fills or none, and its arguments."""

    pieces: list[tuple[str, str]] = field(default_factory=list)
    arguments: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence."""
        return "".join(piece for piece, _ in self.pieces)


@cache
def patterns() -> tuple[Pattern, ...]:
    """All patterns that come with skucast, by file and line.

    Raises:
        InputError: a line is none.
    """
    return tuple(checked(line) for line in lines())


def checked(line: Line) -> Pattern:
    """A pattern from its line.

    Raises:
        InputError: the tool or a slot is not known, or brackets do not match.
    """
    if line.tool not in argument_models():
        raise InputError(f"pattern {line.text!r}: tool {line.tool} is not known")
    return checked_slots(line)


def checked_slots(line: Line) -> Pattern:
    """A pattern of no tool of its own from its line.

    Raises:
        InputError: a slot is not known, or brackets do not match.
    """
    pattern = Pattern(line.tool, line.text, line.fixed)
    unknown = pattern.slots - set(FILLERS)
    if unknown or line.text.count("(") != line.text.count(")"):
        raise InputError(f"pattern {line.text!r}: slots {sorted(unknown)}: not known, or brackets left open")
    return pattern


def draw(pattern: Pattern, rng: Rng, *, whole: bool = False) -> Drawn:
    """One sentence of a pattern; its arguments are those that the tool has, or with `whole` all that its words hold."""
    text = expand(pattern.text, rng)
    made = Drawn()
    at = 0
    for match in SLOT.finditer(text):
        made.pieces.append((text[at : match.start()], ""))
        filled, arguments = FILLERS[match[1]](rng, bool(CHINESE.search(text)))
        made.pieces.append((filled, match[1]))
        made.arguments |= arguments
        at = match.end()
    made.pieces.append((text[at:], ""))
    for name, value in pattern.fixed.items():
        if name == "price":
            made.arguments["price_change_percent"] *= -1 if value.startswith("-") else 1
        else:
            plain: dict[str, Any] = {"true": True, "false": False}
            made.arguments[name] = int(value) if value.isdigit() else plain.get(value, value)
    asked = argument_models().get(pattern.tool)
    if (
        asked
        and "product" in made.arguments
        and (several := of_kinds(asked, {"products": [made.arguments["product"]]}))
    ):
        del made.arguments["product"]
        made.arguments |= several
    order = list(asked.model_fields) if asked else []
    made.arguments = {
        name: made.arguments[name] for name in [*order, *(made.arguments if whole else ())] if name in made.arguments
    }
    return made


def expand(text: str, rng: Rng) -> str:
    """The text with every alternation decided, innermost first."""
    while (match := re.search(r"\(([^()]*)\)", text)) is not None:
        text = text[: match.start()] + pick(rng, match[1].split("|")) + text[match.end() :]
    return re.sub(r"\s+([,.?!])", r"\1", re.sub(r"\s+", " ", text)).strip()
