"""Published scores: those of other people's models on the shipped tasks, as rows."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from ...tools.errors import InputError
from ..tasks.panels import data_folder
from ..tasks.task import TaskSpec, load_spec, shipped_tasks
from .runs import Row


def published_rows(name: str, spec: TaskSpec) -> list[Row]:
    """The published scores of a task as rows, other people's models, zero-shot; none where the task has no table."""
    if spec.published is None:
        return []
    path = data_folder() / spec.published
    if not path.exists():
        raise InputError(f"SKUCAST_DATA holds no {spec.published}")
    table = pd.read_csv(path)
    rows = []
    for entry in table[table["task"] == name].to_dict("records"):
        seconds = float(entry["training_time_s"]) + float(entry["inference_time_s"])
        metrics: dict[str, float | None] = {m: float(entry[m]) for m in ("SQL", "MASE", "WQL", "WAPE")}
        rows.append(
            Row(
                task=name,
                contestant=str(entry["model"]),
                kind="published",
                zero_shot=float(entry["training_time_s"]) == 0,
                windows=spec.windows,
                series=0,
                series_of=0,
                forecasts=0,
                metrics=metrics,
                seconds=seconds if np.isfinite(seconds) else None,
            )
        )
    return rows


def published_for(rows: Sequence[Row], on_missing: Callable[[str], None] = lambda _: None) -> list[Row]:
    """The published rows of the shipped tasks among these; `on_missing` is called where the data is not at hand."""
    found = []
    for name in dict.fromkeys(row.task for row in rows if not row.own):
        if name in shipped_tasks():
            try:
                found += published_rows(*load_spec(name))
            except InputError as error:
                on_missing(f"{name}: without its published scores ({error})")
    return found
