"""Carry: what a call takes over from the one before it, and what words that point back mean."""

from collections.abc import Callable, Mapping
from typing import Any

from ...prompts.reading import follow_up, scope
from ...prompts.reading.fields import plainly
from ...prompts.reading.request import Reading
from ...prompts.routing import Call
from ...tools.data.lexicon import Lexicon
from ...tools.data.panel import Panel
from ...tools.insight.answer import many
from ...tools.messages import Change, Fact, Message, Share, Units, message
from ...tools.toolset.fields import Kind
from ...tools.toolset.kit import kinds, of_kinds
from ...tools.toolset.registry import forecaster, tool_that, tools
from .frames import ID, NAMING, PAST, Frame, kept, meant_names, valid, without, without_dropped

SHOWN: Mapping[Kind, Callable[[Any, Panel], Fact]] = {  # what is told of a field that was carried, and how
    "lead time": many,
    "share": lambda value, _: Share(value),
    "stock": lambda value, _: Units(value),
    "change": lambda value, _: Change(value),
    "promotion": lambda value, _: message("as-before-on" if value else "as-before-off"),
}


def pointed_out(frame: Frame | None, request: str) -> str:
    """The request with SKUs in place of words that point to products listed before, or spoken of one after another."""
    if frame is None:
        return request
    spoken = frame.arguments.get("product")
    spoken = spoken if isinstance(spoken, str) else None
    within = frame.asks or (len(frame.listed) > 1 and (spoken is None or spoken in frame.listed))
    return follow_up.pointing(request, frame.listed if within else frame.trail, spoken)


def carried(frame: Frame | None, call: Call, request: str) -> Call:
    """A call with what still holds of the last one, where it names no product or group of its own.

    The same tool for the same product keeps what was set. Another one keeps the product or the group: a tool of one
    product always, one that may be of all where the request points back.
    """
    if frame is None or call.tool not in tools():
        return call
    tool, of = tools()[call.tool], kinds(tools()[call.tool].arguments)
    if frame.asks:
        merged = {**kept(frame.arguments, call.arguments, of), **call.arguments}
        return Call(call.tool, merged) if call.tool == frame.tool else call
    held = {of[name] for name in call.arguments if name in of}
    if tool.outside or tool.aside or held & {*NAMING, "grouping", "ranked grouping"}:
        return call
    if call.tool == frame.tool and "product" in of.values() and "product" in frame.arguments:
        before = {name: value for name, value in frame.arguments.items() if of.get(name) not in PAST}
        before = without_dropped(before, call.arguments, of, request)
        merged = {**kept(before, call.arguments, of), **call.arguments}
        return Call(call.tool, merged) if valid(tool.arguments, merged) else call
    about, back = _about(frame), follow_up.there(request)
    if scope.everything(request.lower()) and not back:
        return call
    if "product" in about and "product" in of.values() and (tool.about_one or back):
        return _with(call, {"product": about["product"]})
    if "category" in about and "category" in of.values() and (tool.sums or back):
        return _with(call, {"category": about["category"]})
    return call


def timed(frame: Frame | None, request: str, lexicon: Lexicon | None, freq: str) -> Call | None:
    """The sales of a time behind, or the forecast of one ahead, where a request says no more than of what and when.

    Args:
        frame: the last call, of whose product or group it is where none is named.
        request: the person's words.
        lexicon: of the catalogue.
        freq: of the data, W or D.
    """
    if lexicon is None or (frame is not None and frame.asks):
        return None
    said = follow_up.wanted(request)
    names = meant_names(said, lexicon)
    reading = Reading(without(said, names), lexicon.columns, lexicon.known)
    past = bool(reading.months and not reading.until) or any(one.way == "back" for one in reading.lengths)
    if past == bool(reading.ahead or reading.until) or len(names) > 1 or any(one >= ID for one in reading.numbers):
        return None
    history = tool_that(lambda tool: tool.sums and {*PAST} & {*kinds(tool.arguments).values()} >= {"month"})
    tool = history if past else forecaster()
    of = kinds(tool.arguments)
    if not follow_up.leans(said, [*names, *follow_up.QUANTITY], {*of.values()}):
        return None
    plain = {name: few[0] for name, few in plainly(tool.arguments, reading, freq).items() if len(few) == 1}
    if not names:
        about = _about(frame) if frame is not None else {}
        return _with(Call(tool.name, plain), about) if about else None
    alone = lexicon.of_groups_alone(names[0]) or scope.grouped(said.lower())
    group = alone and lexicon.group(names[0]) is not None
    return _with(Call(tool.name, plain), {"category" if group else "product": names[0]})


def _about(frame: Frame) -> dict[Kind, Any]:
    """The product or the group that the last call was of."""
    of = kinds(tools()[frame.tool].arguments) if frame.tool in tools() else {}
    found: dict[Kind, Any] = {of[name]: value for name, value in frame.arguments.items() if name in of}
    return {kind: found[kind] for kind in ("product", "category") if found.get(kind)}


def _with(call: Call, values: Mapping[Kind, Any]) -> Call:
    return Call(call.tool, {**of_kinds(tools()[call.tool].arguments, values), **call.arguments})


def as_before(frame: Frame | None, call: Call, request: str, panel: Panel) -> Message | None:
    """What a call took over from the last one and the request did not say, so that nothing stale goes unseen."""
    if frame is None or frame.tool != call.tool or call.tool not in tools():
        return None
    of = kinds(tools()[call.tool].arguments)
    said = plainly(tools()[call.tool].arguments, Reading(request), panel.freq)
    kept = {of[name]: value for name, value in call.arguments.items() if frame.arguments.get(name) == value}
    kept = {kind: value for kind, value in kept.items() if not any(of[name] == kind for name in said)}
    shown = tuple(
        message(f"as-before-{kind.replace(' ', '-')}", value=SHOWN[kind](value, panel))
        for kind, value in kept.items()
        if kind in SHOWN
    )
    return message("as-before", fields=shown) if shown else None
