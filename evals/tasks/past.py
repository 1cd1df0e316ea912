"""The past of a task that a model may be fine-tuned on: what was known before its test windows, less a little."""

import pandas as pd

from ...tools.data.tasks import TaskPast
from .task import EvalTask, load_spec

KEPT = 1  # horizons before the first test window that are kept back, for a fine-tuned model to earn its part on
TERMS = {
    "retail2": ("CC BY 4.0", False),
    "complete_journey": ("84.51° data, for education and research", True),
    "rossmann": ("Kaggle competition rules", True),
    "koubei": ("Tianchi competition terms", True),
    "breakfast": ("dunnhumby source files, for education and research", True),
    "freshretailnet": ("CC BY 4.0", False),
    "vn2": ("competition data without a licence", True),
    "favorita": ("Kaggle competition rules", True),
}


def task_past(name: str, kept: int = KEPT) -> TaskPast:
    """The past of a task.

    Args:
        name: of the task, or its .toml file.
        kept: horizons kept back before the first test window.

    Raises:
        InputError: there is no such task, or its data is missing.
    """
    named, spec = load_spec(name)
    task = EvalTask(named, spec)
    panel = next(task.windows()).panel
    at = pd.date_range(end=panel.cutoff, periods=kept * spec.horizon + 1, freq=panel.offset)[0]
    licence, restricted = next(
        (terms for start, terms in TERMS.items() if (spec.panel or "").startswith(start)), ("the user's own", False)
    )
    return TaskPast(
        spec.panel or named, panel.before(at), spec.horizon, licence, restricted, f"task:{task.fingerprint}"
    )
