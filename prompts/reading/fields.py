"""The arguments of a call that a request says in so many words: read by their kind, and not left to a small model."""

from collections.abc import Callable, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from ...tools.toolset.fields import Kind
from ...tools.toolset.kit import kinds
from .request import Reading

READERS: dict[Kind, Callable[[Reading, str], list[Any]]] = {
    "ahead": lambda reading, freq: _only([*_ahead(reading, freq), *reading.tomorrow]),
    "surely ahead": lambda reading, freq: _only(
        [*(one.span for one in reading.lengths if one.way == "ahead"), *reading.ends(freq)]
    ),
    "back": lambda reading, freq: _only([one.periods(freq) for one in reading.lengths if one.way in ("back", "")]),
    "counted back": lambda reading, freq: _only(
        [one.periods(freq) for one in reading.lengths if one.way in ("back", "") and one.counted]
    ),
    "grouping": lambda reading, _: _only(reading.groupings or (reading.ranked if reading.ahead else [])),
    "ranked grouping": lambda reading, _: [] if reading.ahead else _only(reading.groupings or reading.ranked),
    "measure": lambda reading, _: _only(reading.measures),
    "month": lambda reading, _: _only(reading.months),
    "count": lambda reading, _: _only(reading.shown),
    "windows": lambda reading, _: _only(reading.windows),
    "weeks": lambda reading, freq: _places(reading.weeks, freq),
    "change": lambda reading, _: next(iter(_only(reading.changes)), []),
    "promotion": lambda reading, _: reading.promotion,
    "stock": lambda reading, _: _only(reading.stock),
    "lasting": lambda reading, _: [True] if reading.lasting else [],
    "threshold": lambda reading, _: _only([units for _, units in reading.thresholds]),
    "side": lambda reading, _: _only([side for side, _ in reading.thresholds]),
    "lead time": lambda reading, freq: _only([*reading.lead, *_lead(reading, freq)]),
    "late": lambda reading, freq: _only([one.periods(freq, whole=True) for one in reading.late]),
    "urgency": lambda reading, _: _only(reading.urgencies),
    "file": lambda reading, _: _only(reading.files),
    "customer": lambda reading, _: _only(reading.customers),
    "share": lambda reading, _: _only(reading.shares),
}


def plainly(arguments: type[BaseModel], reading: Reading, freq: str = "W") -> dict[str, list[Any]]:
    """The arguments of a call that a request plainly speaks of, each with what it may be: most often one value.

    Args:
        arguments: of the tool to be called.
        reading: the request.
        freq: of the data, W or D: what a period is.
    """
    found: dict[str, list[Any]] = {}
    of = kinds(arguments)
    for name, kind in of.items():
        values = READERS[kind](reading, freq) if kind in READERS else []
        if values := [_plain(value) for value in values if _valid(arguments, name, value)]:
            found[name] = values
    if any(of[name] == "month" for name in found):  # which is no count of periods back
        found = {name: values for name, values in found.items() if of[name] != "back"}
    return found


def _valid(arguments: type[BaseModel], name: str, value: Any) -> bool:
    try:
        arguments.model_validate({name: value})
    except ValidationError as error:
        return all(one["loc"][0] != name for one in error.errors())  # others may be missing yet
    return True


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value == int(value) else value


def _only(found: Sequence[Any]) -> list[Any]:
    """The one value that is given; none where there are several, or it is of no use."""
    some = [one for at, one in enumerate(found) if one not in found[:at]]
    return some if len(some) == 1 and some[0] is not None else []


def _ahead(reading: Reading, freq: str) -> list[str]:
    """How far ahead: what says itself that it lies there, else any that says how long."""
    ahead = [one.span for one in reading.lengths if one.way == "ahead"] + reading.ends(freq)
    return ahead or [one.span for one in reading.lengths if one.way == "" and one.counted]


def _lead(reading: Reading, freq: str) -> list[int | None]:
    """The lengths of time that an order may take to arrive: of none that deliveries are late by."""
    late = {one.span for one in reading.late}
    some = (one for one in reading.lengths if one.way in ("ahead", "") and one.span not in late)
    return [one.periods(freq, whole=True) for one in some]


def _places(weeks: list[int], freq: str) -> list[list[int]]:
    """The weeks as places of periods in the plan."""
    each = {"W": 1, "D": 7}.get(freq)
    return [[each * (week - 1) + day for week in weeks for day in range(1, each + 1)]] if weeks and each else []
