"""Contestants: every forecaster by name behind one protocol, the tools and the LLM alike; none can see the truth."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from ..agent.engines.base import Engine
from ..agent.llm_forecast import llm_forecasts
from ..prompts.chats import similar_shots
from ..prompts.context import sales_context
from ..prompts.render import prompt_digest
from ..tools.combined import Memo
from ..tools.errors import InputError, nearest
from ..tools.models import MODELS, Toolbox
from ..tools.paths import sample_paths, total_quantiles
from ..tools.quantiles import Array, monotone
from .task import EvalTask, Window

SHOTS = (0, 1, 3, 5)
LLM = tuple(f"LLM{k}" for k in SHOTS)
CONTESTANTS = (*MODELS, *LLM)
PATHS = 500


@dataclass(frozen=True)
class Forecasts:
    """What a contestant says of one window.

    Attributes:
        quantiles: units per period by unique_id, shape `[H, Q]`; every wanted series.
        totals: quantiles of the total over the horizon, by way of what they come from (`total`, `gauss`), by
            unique_id, shape `[Q]`; for contestants that draw paths.
        answers: LLM answers asked for, and how many of them were unusable.
        fallbacks: series for which the base forecast stood in.
        tokens: LLM tokens, read and written.
    """

    quantiles: dict[str, Array]
    totals: dict[str, dict[str, Array]] = field(default_factory=dict)
    answers: int = 0
    unusable: int = 0
    fallbacks: int = 0
    tokens: int = 0


class Contestant(Protocol):
    """A forecaster on trial."""

    name: str

    def forecast(self, window: Window, horizon: int) -> Forecasts:
        """Forecast the wanted series of a window."""


@dataclass
class ToolContestant:
    """One of the tools. A model that learns across series sees the whole panel; a per-series one only what is wanted."""

    name: str
    toolbox: Toolbox
    memo: Memo = field(default_factory=dict)

    def forecast(self, window: Window, horizon: int) -> Forecasts:
        """Forecast the wanted series of a window."""
        if self.name != "Combined":
            panel = window.panel if self.name == "GBM" else window.panel.select(window.wanted)
            return Forecasts(_of(self.toolbox.forecast(self.name, panel, horizon), window))
        made = self.toolbox.combined(window.panel, horizon, memo=self.memo)
        totals, gauss = {}, {}
        for uid in window.wanted:
            totals[uid] = total_quantiles(made.paths(uid, n=PATHS))
            history = window.panel.past_of(uid)["y"].to_numpy(dtype=float)
            gauss[uid] = total_quantiles(sample_paths(made.quantiles[uid], history, n=PATHS))
        return Forecasts(_of(made.quantiles, window), {"total": totals, "gauss": gauss})


@dataclass
class LLMContestant:
    """The LLM, prompted with k worked examples: windows of similar series that had come true by the cutoff.

    A series without a usable answer gets the statistical forecast, and is scored as such.
    """

    name: str
    engine: Engine
    shots: int
    samples: int
    seed: int
    toolbox: Toolbox
    progress: Callable[[int], None] | None = None

    def forecast(self, window: Window, horizon: int) -> Forecasts:
        """Forecast the wanted series of a window."""
        contexts = [sales_context(window.panel, uid, horizon) for uid in window.wanted]
        shots = [similar_shots(window.panel, uid, horizon, self.shots) for uid in window.wanted]
        answers = llm_forecasts(
            self.engine, contexts, shots, samples=self.samples, seed=self.seed, progress=self.progress
        )
        failed = [uid for uid, answer in zip(window.wanted, answers, strict=True) if answer.quantiles is None]
        stand_in = self.toolbox.forecast("Statistical", window.panel.select(failed), horizon) if failed else {}
        quantiles = {
            uid: answer.quantiles if answer.quantiles is not None else stand_in[uid]
            for uid, answer in zip(window.wanted, answers, strict=True)
        }
        return Forecasts(
            quantiles,
            answers=self.samples * len(answers),
            unusable=sum(answer.unusable for answer in answers),
            fallbacks=len(failed),
            tokens=sum(answer.prompt_tokens + answer.completion_tokens for answer in answers),
        )

    @property
    def prompt_digest(self) -> str:
        """Digest of the templates."""
        return prompt_digest()


@dataclass
class Lineup:
    """Makes contestants by name for a task; the engine is loaded once, when the first LLM is asked for.

    Attributes:
        open_engine: gives the engine of the LLM contestants.
        samples: LLM answers a series.
        seed: of every random draw.
        workers: processes of the statistical models.
    """

    open_engine: Callable[[], Engine]
    samples: int = 5
    seed: int = 0
    workers: int | None = None
    _engine: Engine | None = None

    def contestant(self, name: str, task: EvalTask) -> Contestant:
        """The contestant of this name.

        Raises:
            InputError: there is no such contestant.
        """
        if name not in CONTESTANTS:
            raise InputError(f"unknown contestant {name!r}: {nearest(name, CONTESTANTS)}")
        toolbox = Toolbox(task.seasonality, task.spec.country, self.seed, self.workers)
        shots = re.fullmatch(r"LLM(\d+)", name)
        if shots is None:
            return ToolContestant(name, toolbox)
        self._engine = self._engine or self.open_engine()
        return LLMContestant(name, self._engine, int(shots[1]), self.samples, self.seed, toolbox)


def _of(made: dict[str, Array], window: Window) -> dict[str, Array]:
    return {uid: monotone(np.nan_to_num(made[uid], nan=0.0)) for uid in window.wanted}
