"""A run's log, line by line, and the boards on which it is watched."""

import importlib
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..recipe import Recipe


@dataclass(frozen=True)
class Logged:
    """One line of a run's log: the training loss at each step, the validation loss where it was measured."""

    step: int
    loss: float
    validation: float | None = None
    seconds: float = 0.0


class Board:
    """TensorBoard, and Weights & Biases where it is installed and `WANDB_PROJECT` is set."""

    def __init__(self, folder: Path, recipe: Recipe, step: int) -> None:
        from torch.utils.tensorboard import SummaryWriter

        self.events = SummaryWriter(str(folder / "tensorboard"), purge_step=step + 1 if step else None)
        self.wandb: Any = None
        if os.environ.get("WANDB_PROJECT"):
            try:
                self.wandb = importlib.import_module("wandb")
                self.wandb.init(name=recipe.name, config=recipe.model_dump())
            except ImportError:
                self.wandb = None

    def write(self, line: Logged) -> None:
        """Add a line; what is no number is left out."""
        scalars = {"loss": line.loss, "validation": line.validation}
        finite = {name: value for name, value in scalars.items() if value is not None and math.isfinite(value)}
        for name, value in finite.items():
            self.events.add_scalar(name, value, line.step)
        if self.wandb is not None:
            self.wandb.log(finite, step=line.step)
        if line.validation is not None:
            self.events.flush()

    def close(self) -> None:
        """Write out what is left."""
        self.events.close()
        if self.wandb is not None:
            self.wandb.finish()
