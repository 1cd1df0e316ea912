"""The registry: every tool of this folder by its name, found and not listed; requests to them, checked."""

import pkgutil
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any, TypeGuard

from pydantic import ValidationError

from ..errors import InputError, nearest
from .kit import Arguments, Tool


@cache
def tools() -> dict[str, Tool]:
    """The tools by name: of each module here that has a `TOOL`, by rank and name."""
    names = sorted(module.name for module in pkgutil.iter_modules(_folders()))
    found = (getattr(import_module(f"{__package__}.{name}"), "TOOL", None) for name in names)
    return {one.name: one for one in sorted(filter(_is_tool, found), key=lambda one: (one.rank, one.name))}


def tool_that(holds: Callable[[Tool], bool]) -> Tool:
    """The first tool, by rank and name, of which this holds.

    Raises:
        StopIteration: it holds of none.
    """
    return next(filter(holds, tools().values()))


def outside() -> Tool:
    """The tool that answers what no tool can do."""
    return tool_that(lambda tool: tool.outside)


def forecaster() -> Tool:
    """The tool that forecasts a product or a group."""
    return tool_that(lambda tool: tool.shows == "forecast" and tool.sums)


def _is_tool(found: object) -> TypeGuard[Tool]:
    return isinstance(found, Tool)


def _folders() -> list[str]:
    return list(import_module(__package__).__path__)


def parse(tool: str, arguments: dict[str, Any]) -> Arguments:
    """The arguments of a tool, checked.

    Raises:
        InputError: there is no such tool, or an argument is not valid; the message says what would be.
    """
    if tool not in tools():
        raise InputError(f"unknown tool {tool!r}: {nearest(tool, tools())}")
    try:
        return tools()[tool].arguments.model_validate(arguments)
    except ValidationError as error:
        raise InputError(not_valid(tool, error)) from None


def not_valid(tool: str, error: ValidationError) -> str:
    """What is wrong with the arguments of a tool, in one line."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or tool
    fields = tools()[tool].arguments.model_fields
    about = fields[str(first["loc"][0])] if first["loc"] and str(first["loc"][0]) in fields else None
    expected = f" ({about.description})" if about is not None and about.description else ""
    return f"{tool}: {where}: {first['msg']}{expected}; its arguments are: {', '.join(fields) or 'none'}"


def schemas() -> dict[str, dict[str, Any]]:
    """JSON Schema of every tool's arguments by its name, with what it does as the description."""
    return {name: tool.arguments.model_json_schema() for name, tool in tools().items()}


def argument_models() -> dict[str, type[Arguments]]:
    """The argument model of every tool by its name."""
    return {name: tool.arguments for name, tool in tools().items()}
