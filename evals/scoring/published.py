"""Published scores: those of other people's models on the shipped tasks, as rows."""

from collections.abc import Callable, Sequence
from io import StringIO

import numpy as np
import pandas as pd

from ...tools.errors import InputError
from ..tasks.panels.source import data_folder
from ..tasks.task import SHIPPED, TaskSpec, load_spec, shipped_tasks
from .runs import Row


def published_rows(name: str, spec: TaskSpec) -> list[Row]:
    """The published scores of a task as rows, other people's models, zero-shot; none where the task has no table.

    A table that comes with skucast is read from there, else from `SKUCAST_DATA`. A metric without a figure is None.

    Raises:
        InputError: the table is not at hand.
    """
    if spec.published is None:
        return []
    shipped = SHIPPED / spec.published
    if shipped.is_file():
        table = pd.read_csv(StringIO(shipped.read_text(encoding="utf-8")))
    else:
        path = data_folder() / spec.published
        if not path.exists():
            raise InputError(f"SKUCAST_DATA holds no {spec.published}")
        table = pd.read_csv(path)
    rows = []
    for entry in table[table["task"] == name].to_dict("records"):
        seconds = float(entry["training_time_s"]) + float(entry["inference_time_s"])
        figures = {metric: float(entry[metric]) for metric in ("SQL", "MASE", "WQL", "WAPE")}
        metrics = {metric: value if np.isfinite(value) else None for metric, value in figures.items()}
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
