"""Chats: what is said to the model, as (role, content) turns. Training and serving say the same words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..tools.panel import Panel
from .context import sales_context
from .render import render
from .serialize import serialize, unit_of, write_answer

Role = Literal["system", "user", "assistant"]
Turn = tuple[Role, str]
MIN_HISTORY = 8  # periods a series needs before its window can stand as an example


@dataclass(frozen=True)
class Shot:
    """A worked example: a serialized context and the answer that came true."""

    unique_id: str
    context: str
    answer: str


def choose_shots(panel: Panel, horizon: int, k: int) -> list[Shot]:
    """Up to `k` examples from the panel's own past: series spread evenly over the levels of sales, last window each.

    The panel is already cut: the examples' answers are sales that were known at its cutoff.

    Args:
        panel: what was known.
        horizon: periods in the answer.
        k: examples wanted; fewer where the panel has no more usable series.
    """
    if k < 1:
        return []
    sizes = panel.past.groupby("unique_id", sort=False)["y"].agg(["size", "mean"])
    usable = sizes[(sizes["size"] >= horizon + MIN_HISTORY) & (sizes["mean"] > 0)]
    ranked = [str(uid) for uid in usable.sort_values("mean", kind="stable").index]
    places = [int(place) for place in np.linspace(0, len(ranked), k + 2)[1:-1]] if ranked else []
    shots = []
    for unique_id in dict.fromkeys(ranked[min(place, len(ranked) - 1)] for place in places):
        one = panel.select([unique_id])
        known = one.past_of(unique_id)
        context = sales_context(one.before(known["ds"].iloc[-horizon - 1]), unique_id, horizon)
        answer = known["y"].to_numpy(dtype=float)[-horizon:]
        if np.isfinite(answer).all():
            shots.append(Shot(unique_id, serialize(context), write_answer(answer, unit_of(context))))
    return shots


def forecast_chat(context: str, shots: Sequence[Shot]) -> list[Turn]:
    """The chat that asks for a forecast: instruction, worked examples, the context at hand."""
    turns: list[Turn] = [("system", render("forecast_system"))]
    for shot in shots:
        turns += [("user", shot.context), ("assistant", shot.answer)]
    return [*turns, ("user", context)]


def explain_chat(facts: Sequence[str]) -> list[Turn]:
    """The chat that asks for an explanation of these facts, with one worked example."""
    return [
        ("system", render("explain_system")),
        ("user", render("explain_example_facts")),
        ("assistant", render("explain_example_answer")),
        ("user", render("explain", facts=list(facts))),
    ]
