"""What a benchmark task gives a model to learn from: made where tasks are scored, used where models are trained."""

from collections.abc import Callable
from dataclasses import dataclass

from .panel import Panel


@dataclass(frozen=True)
class TaskPast:
    """What may be learned of a task.

    Attributes:
        name: of its panel.
        panel: cut before the first test window, less what is kept back.
        horizon: steps of a window.
        licence: the data's terms.
        restricted: whether they do not plainly allow training.
        digest: of the task.
    """

    name: str
    panel: Panel
    horizon: int
    licence: str
    restricted: bool
    digest: str


PastOf = Callable[[str], TaskPast]  # of a task by name, or by its .toml file
