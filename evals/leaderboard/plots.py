"""The plots of a leaderboard, as Vega-Lite specifications without colours of ink and paper: the page has two themes."""

import math
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from ...tools.forecast.abc_xyz import CELLS
from ..scoring.runs import ExampleForecast
from .groups import Group, Standing, TaskBoard, frequency
from .tables import seconds_a_series

Spec = dict[str, Any]
TOP_COLOUR, OURS_COLOUR, PUBLISHED_COLOUR = "#e07b39", "#4a90d9", "#9aa5b1"
COLOURS = {"reference": TOP_COLOUR, "ours": OURS_COLOUR, "published": PUBLISHED_COLOUR}
WORST_SKILL = -0.5  # bars end here; their figures do not
WORST_CELL = 2.0
NAMED = 3  # published models named in the plot of cost
COST_WIDTH, COST_HEIGHT = 400, 300  # the width is a guess: the plot is as wide as the page lets it
PLACES = ((0, -11, "center"), (8, 0, "left"), (-8, 0, "right"), (0, 11, "center"))
STEP = {
    "D": pd.DateOffset(days=1),
    "W": pd.DateOffset(weeks=1),
    "2W": pd.DateOffset(weeks=2),
    "4W": pd.DateOffset(weeks=4),
    "M": pd.DateOffset(months=1),
}


def skill_plot(task: TaskBoard, group: Group) -> Spec | None:
    """Skill against seasonal naive, a bar a contestant; None where seasonal naive is not among them."""
    rows = [
        {"contestant": s.label, "skill": skill, "whose": _whose(task, s), "origin": s.entry.origin, "SQL": s.entry.sql}
        for s in group.standings
        if (skill := group.skill(s)) is not None
    ]
    if not rows:
        return None
    table = pd.DataFrame(rows)
    table["shown"] = table["skill"].clip(lower=WORST_SKILL)
    order = alt.Y(
        "contestant:N", sort=list(table["contestant"]), title=None, axis=alt.Axis(labelLimit=170, ticks=False)
    )
    base = alt.Chart(table).encode(
        y=order,
        tooltip=[
            "contestant",
            alt.Tooltip("origin:N", title="whose"),
            alt.Tooltip("skill:Q", format=".1%"),
            _figure("SQL"),
        ],
    )
    bars = base.mark_bar(cornerRadius=2, height={"band": 0.7}).encode(
        x=alt.X("shown:Q", title="skill: 1 - SQL / SQL of seasonal naive", axis=alt.Axis(format="%", tickCount=5)),
        color=_colour(table),
    )
    figures = base.mark_text(align="left", dx=4, fontSize=10).encode(
        x=alt.X("end:Q"), text=alt.Text("skill:Q", format=".0%")
    )
    figures = figures.transform_calculate(end="max(datum.shown, 0)")
    return _spec(alt.layer(bars, figures), height={"step": 19})


def calibration_plot(task: TaskBoard) -> Spec | None:
    """Share of actuals at or below each level; on the diagonal the forecast means what it says."""
    top = task.reference
    rows = [
        {"contestant": s.label, "level": float(name[1:]), "observed": share, "top": s is top}
        for s in task.ours
        for name, share in s.entry.row.calibration.items()
    ]
    if not rows:
        return None
    table = pd.DataFrame(rows)
    names = list(dict.fromkeys(table["contestant"]))
    scale = alt.Scale(domain=[0, 1])
    axis = alt.Axis(format="%", tickCount=5)
    diagonal = (
        alt.Chart(pd.DataFrame({"level": [0.0, 1.0], "observed": [0.0, 1.0]}))
        .mark_line(strokeDash=[4, 4], strokeWidth=1)
        .encode(x=alt.X("level:Q", scale=scale, axis=axis, title="nominal level"), y=alt.Y("observed:Q", scale=scale))
    )
    colours = alt.Scale(domain=names, range=_palette(names, top.label if top else ""))
    lines = (
        alt.Chart(table)
        .mark_line(point={"size": 22, "filled": True})
        .encode(
            x=alt.X("level:Q", scale=scale),
            y=alt.Y("observed:Q", scale=scale, axis=axis, title="share of actuals at or below"),
            color=alt.Color("contestant:N", scale=colours, legend=_legend(2)),
            strokeWidth=alt.condition("datum.top", alt.value(3), alt.value(1.3)),
            tooltip=["contestant", alt.Tooltip("level:Q", format=".0%"), alt.Tooltip("observed:Q", format=".1%")],
        )
    )
    return _spec(alt.layer(diagonal, lines), height=300)


def cost_plot(task: TaskBoard, group: Group) -> Spec | None:
    """SQL against seconds a series; what is worse than a quarter over seasonal naive stands at the upper edge."""
    count = max((s.entry.row.forecasts for s in task.ours if not s.entry.sampled), default=0)
    rows = [
        {
            "contestant": s.label,
            "seconds": max(seconds, 1e-5),
            "SQL": s.entry.sql,
            "whose": _whose(task, s),
            "origin": s.entry.origin,
            "named": not s.entry.published or (s.rank or 99) <= NAMED,
        }
        for s in group.standings
        if (seconds := seconds_a_series(s, count)) is not None and s.rank is not None
    ]
    if not rows:
        return None
    table = pd.DataFrame(rows)
    table["shown"] = table["SQL"].clip(upper=1.25 * (group.naive or float("inf")))
    decades = np.log10(table["seconds"])
    left, right = math.floor(decades.min() - 0.1), math.ceil(decades.max() + 0.1)
    low, high = float(table["shown"].min()), float(table["shown"].max())
    margin = 0.1 * (high - low) or 0.1 * high
    low, high = low - margin, high + margin
    across, up = (decades - left) / (right - left), (table["shown"] - low) / (high - low)
    table["name"], table["dx"], table["dy"] = _names(table, across, up)
    base = alt.Chart(table).encode(
        x=alt.X(
            "seconds:Q",
            scale=alt.Scale(type="log", domain=[10.0**left, 10.0**right], nice=False),
            axis=alt.Axis(tickCount=right - left, format="~g"),
            title="seconds a series and window",
        ),
        y=alt.Y("shown:Q", scale=alt.Scale(domain=[low, high], nice=False), axis=alt.Axis(format=".2~f"), title="SQL"),
        tooltip=[
            "contestant",
            alt.Tooltip("origin:N", title="whose"),
            _figure("SQL"),
            alt.Tooltip("seconds:Q", format=".2~g"),
        ],
    )
    dots = base.mark_point(filled=True, size=70, opacity=0.9).encode(color=_colour(table))
    names = [
        base.transform_filter(f"datum.name && datum.dx == {dx} && datum.dy == {dy}")
        .mark_text(dx=dx, dy=dy, align=align, fontSize=10)
        .encode(text="name:N")
        for dx, dy, align in PLACES
    ]
    return _spec(alt.layer(dots, *names), height=COST_HEIGHT)


def _names(table: pd.DataFrame, across: pd.Series, up: pd.Series) -> tuple[list[str], list[int], list[int]]:
    """Names beside their dots where one of four places is free of other names and dots; else none."""
    dots = [(x * COST_WIDTH, (1 - y) * COST_HEIGHT) for x, y in zip(across, up, strict=True)]
    taken = [(x - 4, y - 4, x + 4, y + 4) for x, y in dots]
    names, right, down = [""] * len(dots), [0] * len(dots), [0] * len(dots)
    important = sorted(range(len(dots)), key=lambda i: (table["whose"][i] != "reference", table["SQL"][i]))
    for i in important:
        if not table["named"][i]:
            continue
        name, (x, y) = str(table["contestant"][i]), dots[i]
        wide = 6 * len(name)
        for dx, dy, align in PLACES:
            start = x + dx - {"left": 0, "center": wide / 2, "right": wide}[align]
            box = (start, y + dy - 6, start + wide, y + dy + 6)
            inside = box[0] >= 0 and box[2] <= COST_WIDTH
            if inside and not any(box[0] < o[2] and o[0] < box[2] and box[1] < o[3] and o[1] < box[3] for o in taken):
                taken.append(box)
                names[i], right[i], down[i] = name, dx, dy
                break
    return names, right, down


def cells_plot(task: TaskBoard, group: Group) -> Spec | None:
    """SQL by ABC-XYZ cell and contestant, coloured by how much it is over the best of its cell."""
    ours = [s for s in group.standings if s.entry.row.cells]
    rows = [{"contestant": s.label, "cell": cell, "SQL": sql} for s in ours for cell, sql in s.entry.row.cells.items()]
    if not rows:
        return None
    table = pd.DataFrame(rows)
    table["over"] = table["SQL"] / table.groupby("cell")["SQL"].transform("min")
    table["shown"] = table["over"].clip(upper=WORST_CELL)
    base = alt.Chart(table).encode(
        x=alt.X(
            "cell:N", sort=list(CELLS), title=None, axis=alt.Axis(orient="top", labelAngle=0, ticks=False, domain=False)
        ),
        y=alt.Y(
            "contestant:N",
            sort=[s.label for s in ours],
            title=None,
            axis=alt.Axis(labelLimit=150, ticks=False, domain=False),
        ),
        tooltip=["contestant", "cell", _figure("SQL"), alt.Tooltip("over:Q", title="times the best", format=".2f")],
    )
    squares = base.mark_rect(cornerRadius=2).encode(
        color=alt.Color(
            "shown:Q",
            scale=alt.Scale(domain=[1, 1.25, WORST_CELL], range=["#2f7f6f", "#d9d2b0", "#c2613f"]),
            legend=None,
        )
    )
    figures = base.mark_text(fontSize=10).encode(
        text=alt.Text("SQL:Q", format=".2f"),
        color=alt.condition("datum.over < 1.08 || datum.over > 1.95", alt.value("#ffffff"), alt.value("#222222")),
    )
    return _spec(alt.layer(squares, figures), height={"step": 26})


def example_plot(example: ExampleForecast) -> Spec:
    """One series of the last window: its past, the 80 % band and median of the forecast, and what came true."""
    freq = frequency(example.ds)
    start, n = pd.Timestamp(example.ds[0]), len(example.history)
    past: list[int] | list[str] = list(range(-n, 0))
    ahead: list[int] | list[str] = list(range(len(example.ds)))
    if freq is not None:
        past, ahead = [str(start - STEP[freq] * i)[:10] for i in range(n, 0, -1)], list(example.ds)
    kind = "ds:Q" if freq is None else "ds:T"
    x = alt.X(kind, title=None, axis=alt.Axis(grid=False, labelOverlap=True, tickCount=5))
    y = alt.Y("y:Q", title=None, scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=4, format="~s"))
    fan = pd.DataFrame(
        {"ds": ahead, "q10": example.q10, "q50": example.q50, "q90": example.q90, "actual": example.actual}
    )
    history = pd.DataFrame({"ds": past, "y": example.history})
    tip = [kind, "actual:Q", *[alt.Tooltip(f"{q}:Q", format=".1f") for q in ("q10", "q50", "q90")]]
    single = len(example.ds) == 1  # one period has no width to shade
    fanned = alt.Chart(fan).encode(x=x, tooltip=tip)
    band = (
        fanned.mark_rule(strokeWidth=6, opacity=0.3, color=TOP_COLOUR)
        if single
        else fanned.mark_area(opacity=0.25, color=TOP_COLOUR)
    )
    middle = fanned.mark_point(filled=True, color=TOP_COLOUR) if single else fanned.mark_line(color=TOP_COLOUR)
    layers = [
        alt.Chart(history).mark_line(strokeWidth=1.2).encode(x=x, y=y),
        band.encode(y=alt.Y("q10:Q", title=None), y2="q90:Q"),
        middle.encode(y=alt.Y("q50:Q", title=None)),
        fanned.mark_line(strokeWidth=1.2, point={"size": 18, "filled": True}).encode(y=alt.Y("actual:Q", title=None)),
    ]
    return _spec(alt.layer(*layers), height=150)


def _whose(task: TaskBoard, standing: Standing) -> str:
    return "published" if standing.entry.published else "reference" if standing is task.reference else "ours"


def _colour(table: pd.DataFrame) -> Any:
    return alt.Color("whose:N", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())), legend=None)


def _legend(columns: int) -> Any:
    return alt.Legend(orient="bottom", title=None, columns=columns, labelLimit=150)


def _palette(names: list[str], top: str) -> list[str]:
    """A colour a contestant, the same orange for the reference wherever it stands."""
    others = [
        "#4a90d9",
        "#3aa187",
        "#b5679e",
        "#c9a227",
        "#7a6fc0",
        "#8a9a5b",
        "#d06a6a",
        "#5fa8b8",
        "#a07855",
        "#8b95a1",
    ]
    others = others * (1 + len(names) // len(others))
    return [TOP_COLOUR if name == top else others.pop(0) for name in names]


def _figure(name: str) -> Any:
    return alt.Tooltip(f"{name}:Q", format=".4f")


def _spec(chart: Any, height: Any) -> Spec:
    """The specification as a dictionary, as wide as where it stands, without altair's own look."""
    spec: Spec = chart.properties(width="container", height=height).to_dict()
    for name in ("config", "$schema"):
        spec.pop(name, None)
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    return spec
