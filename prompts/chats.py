"""Chats: what the model is sent, as (role, content) turns. Training and serving say the same words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from ..tools.data.panel import Panel
from ..tools.quantiles import Array
from .context import sales_context
from .render import render
from .serialize import serialize, unit_of, write_answer

Role = Literal["system", "user", "assistant"]
Turn = tuple[Role, str]
MIN_HISTORY = 8  # periods a series needs before its window can stand as an example
COMPARED = 52  # recent periods by which series are compared


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
        shot = _shot(panel, unique_id, horizon)
        if shot is not None:
            shots.append(shot)
    return shots


def similar_shots(panel: Panel, unique_id: str, horizon: int, k: int) -> list[Shot]:
    """Up to `k` examples from the series most like this one: the last window of each, known at the panel's cutoff.

    Likeness is the correlation of the recent sales before that window, and half as much again for the share of static
    covariates in common. The series' own last window is the first candidate: nothing is more like it.

    Args:
        panel: what was known.
        unique_id: the series to forecast.
        horizon: periods in the answer.
        k: examples wanted; fewer where the panel has no more usable series.
    """
    if k < 1:
        return []
    names, patterns = _patterns(panel, horizon)
    if unique_id not in names:
        return choose_shots(panel, horizon, k)
    own = names.index(unique_id)
    likeness = patterns @ patterns[own]
    if len(panel.described.columns):
        static = panel.described.reindex(names).astype(str).to_numpy()
        likeness = likeness + 0.5 * (static == static[own]).mean(axis=1)
    likeness[own] = np.inf
    shots: list[Shot] = []
    for place in np.argsort(-likeness, kind="stable")[: k + 5]:
        shot = _shot(panel, names[int(place)], horizon)
        if shot is not None and len(shots) < k:
            shots.append(shot)
    return shots[::-1]  # the nearest stands last, next to the question


def _shot(panel: Panel, unique_id: str, horizon: int) -> Shot | None:
    """The last window of a series as an example; None where a step of it is not known."""
    one = panel.select([unique_id])
    known = one.past_of(unique_id)
    answer = known["y"].to_numpy(dtype=float)[-horizon:]
    if not np.isfinite(answer).all():
        return None
    context = sales_context(one.before(known["ds"].iloc[-horizon - 1]), unique_id, horizon)
    return Shot(unique_id, serialize(context), write_answer(answer, unit_of(context)))


@lru_cache(maxsize=2)
def _patterns(panel: Panel, horizon: int) -> tuple[list[str], Array]:
    """The series that may stand as examples, and the unit vectors of their sales before their last window."""
    names, rows = [], []
    for unique_id in panel.unique_ids:
        y = panel.past_of(unique_id)["y"].to_numpy(dtype=float)
        if len(y) < horizon + MIN_HISTORY:
            continue
        before = np.nan_to_num(y[:-horizon][-COMPARED:], nan=float(np.nanmean(y)) if np.isfinite(y).any() else 0.0)
        if before.sum() <= 0:
            continue
        centred = np.zeros(COMPARED)
        centred[-len(before) :] = before - before.mean()
        length = float(np.linalg.norm(centred))
        names.append(unique_id)
        rows.append(centred / length if length > 0 else centred)
    return names, np.stack(rows) if rows else np.zeros((0, COMPARED))


def forecast_chat(context: str, shots: Sequence[Shot]) -> list[Turn]:
    """The chat that asks for a forecast: instruction, worked examples, the context at hand."""
    turns: list[Turn] = [("system", render("forecast_system"))]
    for shot in shots:
        turns += [("user", shot.context), ("assistant", shot.answer)]
    return [*turns, ("user", context)]


def explain_chat(product: str, facts: Sequence[str], asked: str = "") -> list[Turn]:
    """The chat that asks for an explanation of these facts.

    Args:
        product: what it is called.
        facts: sentences, the forecast first.
        asked: the person's question, where there is one.
    """
    return [
        ("system", render("explain_system")),
        ("user", render("explain", product=product, facts=list(facts), asked=" ".join(asked.split()))),
    ]
