"""Contestants: every forecaster by name behind one protocol, the tools and the LLM alike; none can see the truth."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd

from ...agent.engines import open_engine
from ...agent.engines.base import Engine
from ...agent.forecast.prompted import llm_forecasts
from ...prompts.chats import similar_shots
from ...prompts.context import sales_context
from ...prompts.render import prompt_digest
from ...tools.data.panel import Panel
from ...tools.errors import InputError, nearest
from ...tools.forecast.blend import VALIDATION_WINDOWS, Combined, Memo, combined_forecasts, remember, tested
from ...tools.forecast.models import MEMBERS, MODELS, Toolbox
from ...tools.forecast.paths import sample_paths, total_quantiles
from ...tools.quantiles import Array, monotone
from ..tasks.task import EvalTask, Window

if TYPE_CHECKING:
    from ...agent.engines.slots import SlotEngine

SHOTS = (0, 1, 3, 5)
LLM = tuple(f"LLM{k}" for k in SHOTS)
CONTESTANTS = (*MODELS, *LLM)
TUNED = re.compile(r"(Slot|Combined\+Slot|Tuned)@(\S+)")  # with the name of a fine-tuned model
PATHS = 500
GATE_WINDOWS = 2  # known windows on which a slot model must earn its part in the combined forecast


def retailer(panel: str) -> str:
    """Whose sales a panel holds: by day, week or month they are the same, and seen in one are seen in the others."""
    return re.sub("_(daily|weekly|monthly)$", "", panel)


def check_name(name: str) -> None:
    """Whether there is such a contestant.

    Raises:
        InputError: there is not.
    """
    if name not in CONTESTANTS and not TUNED.fullmatch(name):
        raise InputError(
            f"unknown contestant {name!r}: {nearest(name, CONTESTANTS)}; "
            "a fine-tuned model is Slot@MODEL, Combined+Slot@MODEL or Tuned@MODEL"
        )


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
        owed: seconds of work that another contestant had done already, and this one would have had to do.
    """

    quantiles: dict[str, Array]
    totals: dict[str, dict[str, Array]] = field(default_factory=dict)
    answers: int = 0
    unusable: int = 0
    fallbacks: int = 0
    tokens: int = 0
    owed: float = 0.0


class Contestant(Protocol):
    """A forecaster on trial."""

    name: str

    def forecast(self, window: Window, horizon: int) -> Forecasts:
        """Forecast the wanted series of a window."""


@dataclass
class ToolContestant:
    """One of the tools.

    `Combined` and its members see the whole panel, from which they learn, and share their work: each is made once for
    a cutoff, and its seconds are owed by every contestant that uses it. Other tools see the wanted series only.
    """

    name: str
    toolbox: Toolbox
    memo: Memo = field(default_factory=dict)
    paid: set[tuple[str, pd.Timestamp, int]] = field(default_factory=set)

    def forecast(self, window: Window, horizon: int) -> Forecasts:
        """Forecast the wanted series of a window."""
        stood = set(self.memo)
        if self.name == "Combined":
            made = self.toolbox.combined(window.panel, horizon, memo=self.memo)
            quantiles, totals = made.quantiles, _totals(made, window)
            used = _since(self.memo, made.cutoffs[-1] if made.cutoffs else window.panel.cutoff, window.panel.cutoff)
        else:
            panel = window.panel if self.name in MEMBERS else window.panel.select(window.wanted)
            quantiles, totals = self.toolbox.forecast(self.name, panel, horizon, memo=self.memo), {}
            used = {(self.name, panel.cutoff, horizon)} & set(self.memo)
        owed = sum(self.memo[key].seconds for key in (used & stood) - self.paid)
        self.paid |= used
        return Forecasts(_of(quantiles, window), totals, owed=owed)


def _since(memo: Memo, first: pd.Timestamp, last: pd.Timestamp) -> set[tuple[str, pd.Timestamp, int]]:
    """What the combined tools used: the forecasts of their members made at cutoffs from the first to the last."""
    return {(name, at, ahead) for name, at, ahead in memo if name in MEMBERS and first <= at <= last}


def _totals(made: Combined, window: Window) -> dict[str, dict[str, Array]]:
    """Quantiles of each wanted series' total: from the ranks of past errors, and from a Gaussian copula."""
    totals, gauss = {}, {}
    for uid in window.wanted:
        history = window.panel.past_of(uid)["y"].to_numpy(dtype=float)
        totals[uid] = total_quantiles(made.paths(uid, n=PATHS))
        gauss[uid] = total_quantiles(sample_paths(made.quantiles[uid], history, n=PATHS))
    return {"total": totals, "gauss": gauss}


@dataclass
class SlotContestant:
    """A fine-tuned slot model alone: one forward pass over a prompt of the past, no tool's forecast in it."""

    name: str
    engine: "SlotEngine"
    until: pd.Timestamp | None
    memo: Memo = field(default_factory=dict)

    def forecast(self, window: Window, horizon: int) -> Forecasts:
        """Forecast the wanted series of a window."""
        _unseen(self.name, self.until, window)
        before = self.engine.tokens
        read = partial(self.engine.forecast, window.panel, horizon, window.wanted)
        whole = len(window.wanted) == len(window.panel.unique_ids)  # then of use to the fused forecast, too
        made = remember(self.memo, self.name, window.panel.cutoff, horizon, read) if whole else read()
        return Forecasts(_of(made, window), tokens=self.engine.tokens - before)

    @property
    def zero_shot(self) -> bool:
        """Whether the model has never seen this data."""
        return self.until is None

    @property
    def model_digest(self) -> str:
        """Of the weights."""
        return self.engine.digest


@dataclass
class FusedContestant:
    """The combined tools and a share of a slot model in one forecast (`guarded_share`).

    The last windows whose truth the slot model was not trained on take the share away where it did harm, and raise it
    where it proved itself; without any the combined tools stand alone.
    """

    name: str
    engine: "SlotEngine"
    until: pd.Timestamp | None
    toolbox: Toolbox
    memo: Memo = field(default_factory=dict)
    paid: set[tuple[str, pd.Timestamp, int]] = field(default_factory=set)

    def forecast(self, window: Window, horizon: int) -> Forecasts:
        """Forecast the wanted series of a window."""
        _unseen(self.name, self.until, window)
        before, stood = self.engine.tokens, set(self.memo)
        panel = window.panel
        span = tested(len(pd.date_range(panel.past["ds"].min(), panel.cutoff, freq=panel.offset)), horizon)
        ends = pd.date_range(
            end=panel.cutoff, periods=(GATE_WINDOWS + VALIDATION_WINDOWS) * span + 1, freq=panel.offset
        )
        tried = ends[-1 - span :: -span][:GATE_WINDOWS]
        known = [at for at in tried if self.until is None or at >= self.until]

        def combined(panel: Panel, ahead: int) -> dict[str, Array]:
            return self.toolbox.forecast("Combined", panel, ahead, memo=self.memo)

        made = combined_forecasts(
            panel,
            horizon,
            {"Combined": combined, self.name.removeprefix("Combined+"): self.engine.forecast},
            windows=len(known),
            stands="Combined",
            memo=self.memo,
        )
        used = _since(self.memo, ends[0], panel.cutoff)
        used |= {key for key in self.memo if key[0] == self.name.removeprefix("Combined+") and ends[0] <= key[1]}
        owed = sum(self.memo[key].seconds for key in (used & stood) - self.paid)
        self.paid |= used
        tokens = self.engine.tokens - before
        return Forecasts(_of(made.quantiles, window), _totals(made, window), tokens=tokens, owed=owed)

    @property
    def model_digest(self) -> str:
        """Of the weights."""
        return self.engine.digest


def _unseen(name: str, until: pd.Timestamp | None, window: Window) -> None:
    if until is not None and window.panel.cutoff < until:
        raise InputError(
            f"{name}: was trained on this data until {until:%Y-%m-%d}, after the cutoff {window.panel.cutoff:%Y-%m-%d}"
        )


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
    def zero_shot(self) -> bool:
        """Whether the model was never trained on sales."""
        return self.name in LLM

    @property
    def prompt_digest(self) -> str:
        """Digest of the templates."""
        return prompt_digest()

    @property
    def model_digest(self) -> str:
        """Of the weights."""
        return self.engine.digest


@dataclass
class Lineup:
    """Makes contestants by name for a task; the engine is loaded once, when the first LLM is asked for.

    Attributes:
        open_engine: gives the engine of the LLM contestants.
        find: the folder of a fine-tuned model by name.
        merged: a folder of whole weights, of that of a fine-tuned model, which may be an adapter.
        samples: LLM answers a series.
        seed: of every random draw.
        workers: processes of the statistical models.
        memos: forecasts that the contestants of a task share, by its fingerprint.
    """

    open_engine: Callable[[], Engine]
    find: Callable[[str], Path] = Path
    merged: Callable[[Path], Path] = Path
    samples: int = 5
    seed: int = 0
    workers: int | None = None
    memos: dict[str, Memo] = field(default_factory=dict)
    _engine: Engine | None = None
    _slots: dict[str, "SlotEngine"] = field(default_factory=dict)

    def contestant(self, name: str, task: EvalTask) -> Contestant:
        """The contestant of this name.

        Raises:
            InputError: there is no such contestant.
        """
        check_name(name)
        toolbox = Toolbox(task.seasonality, task.spec.country, self.seed, self.workers)
        memo = self.memos.setdefault(task.fingerprint, {})
        tuned, shots = TUNED.fullmatch(name), re.fullmatch(r"LLM(\d+)", name)
        if tuned:
            return self._tuned(name, tuned[1], tuned[2], task, toolbox, memo)
        if shots is None:
            return ToolContestant(name, toolbox, memo)
        self._engine = self._engine or self.open_engine()
        return LLMContestant(name, self._engine, int(shots[1]), self.samples, self.seed, toolbox)

    def _tuned(self, name: str, kind: str, model: str, task: EvalTask, toolbox: Toolbox, memo: Memo) -> Contestant:
        folder = self.find(model)
        if kind == "Tuned":
            engine = open_engine(f"hf:{self.merged(folder)}")
            return LLMContestant(name, engine, 0, self.samples, self.seed, toolbox)
        from ...agent.engines.slots import SlotEngine

        if model not in self._slots:
            self._slots[model] = SlotEngine.load(folder)
        slots = self._slots[model]
        own = retailer(task.spec.panel or task.name)
        seen = [pd.Timestamp(last) for name, last in slots.config.trained.items() if retailer(name) == own]
        until = max(seen, default=None)
        if kind == "Slot":
            return SlotContestant(name, slots, until, memo)
        return FusedContestant(name, slots, until, toolbox, memo)


def _of(made: dict[str, Array], window: Window) -> dict[str, Array]:
    return {uid: monotone(np.nan_to_num(made[uid], nan=0.0)) for uid in window.wanted}
