"""The leaderboard as one HTML page: tables, plots and scripts inside, nothing fetched, light and dark."""

import functools
import json
from typing import Any

import jinja2
import vl_convert

from ...agent.faces.script import ScriptSafe
from .board import Board
from .groups import TaskBoard
from .plots import WORST_SKILL, Spec, calibration_plot, cells_plot, cost_plot, example_plot, skill_plot
from .style import PAGE, SCRIPT, STYLE
from .tables import PageTable, glance, origins, tables_of

Figure = dict[str, Any]


def page(board: Board) -> str:
    """The whole page. Text from rows is escaped; a content policy in it forbids any request."""
    tasks = [_task(task, number) for number, task in enumerate(board.tasks)]
    specs = {figure["id"]: figure.pop("spec") for task in tasks for figure in [*task["plots"], *task["examples"]]}
    template = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(PAGE)
    whole = glance(board)
    return template.render(
        whole=whole,
        tasks=tasks,
        marks=_marks,
        style=STYLE,
        library=_library(),
        specs=_script_safe(specs),
        script=SCRIPT,
        made=max((row.made for row in board.rows), default="")[:10],
    )


@functools.cache
def _library() -> str:
    """Vega-Embed with all it stands on, as one script; bundling takes seconds."""
    bundle: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return bundle.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _task(task: TaskBoard, number: int) -> dict[str, Any]:
    """What the template needs of a task."""
    plots: list[Figure] = []

    def add(title: str, note: str, spec: Spec | None) -> None:
        if spec is not None:
            plots.append({"id": f"t{number}-{len(plots)}", "title": title, "note": note, "spec": spec})

    for group in task.groups:
        which = f", {group.title}" if len(task.groups) > 1 else ""
        if group.naive is not None and any(not s.entry.published for s in group.standings):
            note = f"To the right is better than {group.naive_label} on the same series."
            worst = min((skill for s in group.standings if (skill := group.skill(s)) is not None), default=0.0)
            note += f" Bars end at {WORST_SKILL:.0%}; their figures do not." if worst < WORST_SKILL else ""
            add(f"Skill against seasonal naive{which}", note, skill_plot(task, group))
    note = "On the dashed line a forecast means what it says; above it, quantiles lie too high."
    add("Calibration", note, calibration_plot(task))
    for group in task.groups:
        which = f", {group.title}" if len(task.groups) > 1 else ""
        if any(not s.entry.published for s in group.standings):
            note = "Lower left is better. Published times come from other machines, most with a GPU."
            note = note if any(s.entry.published for s in group.standings) else "Lower left is better."
            add(f"Accuracy against cost{which}", note, cost_plot(task, group))
            note = "SQL; green is the best of its cell, red is twice the best or more."
            add(f"ABC-XYZ cells{which}", note, cells_plot(task, group))
    top = task.reference
    examples: list[Figure] = [
        {
            "id": f"t{number}-example-{i}",
            "title": f"{example.rank.capitalize()}: {example.unique_id}",
            "note": f"SQL {example.sql:.3f}",
            "spec": example_plot(example),
        }
        for i, example in enumerate(top.entry.row.examples if top else [])
    ]
    return {
        "id": f"t{number}",
        "name": task.name,
        "facts": task.facts,
        "tables": tables_of(task),
        "plots": plots,
        "examples": examples,
        "top": top.label if top else "",
        "published": bool(task.published),
        "origins": origins(task),
    }


def _marks(table: PageTable, column: str, cell: str) -> str:
    """The classes of a cell, for the style sheet."""
    kind = "words" if column in table.words else "figure"
    name = " name" if column in ("contestant", "against", "task") else ""
    return kind + name + (f" {cell}" if cell in ("ahead", "behind") else "")


def _script_safe(value: Any) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False, cls=ScriptSafe)
