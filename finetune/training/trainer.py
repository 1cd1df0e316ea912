"""The trainer: one loop for every recipe, stopped early on validation loss, resumable from a kill on the same curve."""

import copy
import json
import math
import pickle
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState
from accelerate.utils import broadcast_object_list
from safetensors import SafetensorError

from ...agent.models.folders import load_tokenizer
from ...agent.models.slot_head import SlotConfig, weights_digest
from ...tools.errors import InputError
from ...tools.files import replacing, replacing_folder, write_whole
from ..examples.windows import Example, Examples
from ..recipe import Recipe
from .board import Board, Logged
from .networks import Perturbation, make_network, make_optimizer, start_from
from .objectives import Batch, batch_loss, bucketed, collate, validation_losses

CHECKPOINT = "checkpoint.pt"
GO_ON = "; start again to go on"
LOG = "log.jsonl"
BEST = "best"
KEPT_EVERY = 20  # steps between checkpoints


@dataclass
class Trained:
    """What a run came to.

    Attributes:
        folder: of the weights that are kept.
        log: the loss curve.
        best: validation loss of the weights that are kept: the lowest, or the last.
        before: validation loss of the untrained network.
        steps: run.
        tokens: trained on, padding counted.
        seconds: of wall time, over all its starts.
        stopped: why: `done`, `patience` or `minutes`.
    """

    folder: Path
    log: list[Logged]
    best: float
    before: float
    steps: int
    tokens: int
    seconds: float
    stopped: str


OnStep = Callable[[int, int, float, float | None], None]


def train(
    recipe: Recipe,
    examples: Examples,
    base: Path,
    folder: Path,
    *,
    base_digest: str = "",
    start: Path | None = None,
    on_step: OnStep | None = None,
    on_validation: Callable[[Any, int], None] | None = None,
    every: int = KEPT_EVERY,
) -> Trained:
    """Fine-tune by a recipe; begun again in the same folder it goes on where it was.

    With several GPUs, start it under `accelerate launch`: batches are shared out among the processes.

    Args:
        recipe: how.
        examples: windows to learn from and to be stopped by.
        base: folder of the causal LLM.
        folder: of the run: log, checkpoint, TensorBoard events, best weights.
        base_digest: of the LLM, for the card.
        start: folder of the adapter that the recipe goes on from.
        on_step: called with step, steps, training loss, validation loss where one was measured.
        on_validation: called with the network and the step after each validation.
        every: steps between checkpoints.

    Raises:
        InputError: the folder holds a run of another recipe or of other examples; the disk is full.
    """
    run = _Run(recipe, examples, base, folder, base_digest, every, start)
    try:
        return run.go(on_step or (lambda *_: None), on_validation)
    except (OSError, SafetensorError) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(f"{folder}: cannot be written ({why}){GO_ON}") from None
    finally:
        if run.board:
            run.board.close()


class _Run:
    def __init__(
        self,
        recipe: Recipe,
        examples: Examples,
        base: Path,
        folder: Path,
        base_digest: str,
        every: int,
        start: Path | None,
    ) -> None:
        self.recipe, self.examples, self.folder, self.every = recipe, examples, folder, every
        if not examples.train:
            raise InputError("no examples to learn from")
        AcceleratorState._reset_state()  # else the precision of this process's first run would bind all later ones
        try:
            self.accelerator = Accelerator(mixed_precision=recipe.precision, cpu=not torch.cuda.is_available())
        except ValueError as error:
            raise InputError(f"precision {recipe.precision!r}: {error}") from None
        self.tokenizer = load_tokenizer(base)
        self.pad = self.tokenizer.pad_token_id or 0
        self.base_digest = base_digest
        batches = sum(1 for _ in bucketed(examples.train, recipe.batch_tokens, 0))
        per = recipe.accumulate * self.accelerator.num_processes
        self.steps = max(1, math.ceil(recipe.epochs * batches / per))
        # Not wrapped by accelerate: the slots are read inside the network, past a wrapper's forward.
        self.network = make_network(recipe, base, examples.horizon, self.steps)
        self.start = weights_digest([start]) if start else ""
        if start:
            start_from(self.network, start, recipe, base_digest)
        self.network.to(self.accelerator.device)
        self.perturbation = Perturbation(self.network, recipe)
        self.optimizer = self.accelerator.prepare(make_optimizer(self.network, recipe))
        self.board: Board | None = None
        self.rates = [group["lr"] for group in self.optimizer.param_groups]
        self.log: list[Logged] = []
        self.step, self.tokens, self.spent = 0, 0, 0.0
        self.best, self.kept, self.before, self.worse = math.inf, math.nan, math.nan, 0
        self.started = time.monotonic()

    def go(self, on_step: OnStep, on_validation: Callable[[Any, int], None] | None) -> Trained:
        self._open()
        batches = self._batches()
        if self.accelerator.is_main_process:
            self.board = Board(self.folder, self.recipe, self.step)
        if self.step == 0:
            self.before = self._validate(on_validation)
            self._keep(self.before)
            self._note(Logged(0, math.nan, self.before))
        stopped = self._stopped()
        if stopped and self.recipe.keep == "last":  # it ended before, and may have kept the best
            self._keep(self._validate(on_validation))
        while not stopped:
            loss = self._learn([next(batches) for _ in range(self.recipe.accumulate)])
            self.step += 1
            stopped = self._stopped()
            validation = None
            if stopped or self.step % self.recipe.evaluate_every == 0:
                validation = self._validate(on_validation)
                self._keep(validation)
                stopped = stopped or self._stopped()
            self._note(Logged(self.step, round(loss, 6), validation, round(self._seconds(), 1)))
            on_step(self.step, self.steps, loss, validation)
            if stopped or self.step % self.every == 0:
                self._checkpoint()
        return Trained(
            self.folder / BEST, self.log, self.kept, self.before, self.step, self.tokens, self._seconds(), stopped
        )

    def _seconds(self) -> float:
        return self.spent + time.monotonic() - self.started

    def _stopped(self) -> str:
        """Why the run ends here; empty while it does not."""
        if self.step >= self.steps:
            return "done"
        if self.worse >= self.recipe.patience:
            return "patience"
        late = [bool(self.recipe.minutes and self._seconds() > 60 * self.recipe.minutes)]
        return "minutes" if broadcast_object_list(late)[0] else ""  # one clock for all processes

    def _note(self, line: Logged) -> None:
        self.log.append(line)
        if self.board:
            self.board.write(line)

    def _batches(self) -> Iterator[list[Example]]:
        """This process's batches from the current step on: the order is drawn anew each epoch, from the seed."""
        here, among = self.accelerator.process_index, self.accelerator.num_processes
        skip = self.step * self.recipe.accumulate * among
        place = 0
        epoch = 0
        while True:
            for batch in bucketed(self.examples.train, self.recipe.batch_tokens, self.recipe.seed * 1000 + epoch):
                if place >= skip and place % among == here:
                    yield batch
                place += 1
            epoch += 1

    def _learn(self, batches: list[list[Example]]) -> float:
        """One step of the optimizer; returns the mean loss."""
        self.network.train()
        for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
            group["lr"] = rate * self._schedule()
        total = 0.0
        for examples in batches:
            batch = collate(examples, self.pad, chats=self.recipe.form == "generative").to(self.accelerator.device)
            self.tokens += int(batch.ids.numel())
            loss = self._backward(batch, len(batches))
            with self.perturbation.against() as again:
                if again:
                    self._backward(batch, len(batches))
            total += float(loss)
        if self.accelerator.num_processes > 1:
            total = float(self.accelerator.reduce(torch.tensor(total, device=loss.device), reduction="mean"))
            for weight in self.network.parameters():
                if weight.grad is not None:
                    weight.grad = self.accelerator.reduce(weight.grad, reduction="mean")
        if not math.isfinite(total):
            raise InputError(f"step {self.step}: the loss is {total}; try a lower lr")
        self.accelerator.clip_grad_norm_(self.network.parameters(), self.recipe.clip)
        self.optimizer.step()
        if self.recipe.method == "adalora":
            self.network.base_model.update_and_allocate(self.step)
        self.optimizer.zero_grad()
        return total

    def _backward(self, batch: Batch, parts: int) -> torch.Tensor:
        with self.accelerator.autocast():
            loss = batch_loss(self.network, batch, self.recipe) / parts
        self.accelerator.backward(loss)
        return loss.detach()

    def _schedule(self) -> float:
        """Share of the peak rate: up over the warm-up, then a cosine down to a twentieth."""
        warm = max(1, int(self.recipe.warmup * self.steps))
        if self.step < warm:
            return (self.step + 1) / warm
        share = (self.step - warm) / max(1, self.steps - warm)
        return 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * share))

    @torch.no_grad()
    def _validate(self, on_validation: Callable[[Any, int], None] | None) -> float:
        if not self.examples.validation:
            return math.nan
        self.network.eval()
        sums = torch.zeros(2, device=self.accelerator.device)
        for examples in bucketed(self.examples.validation, self.recipe.batch_tokens, 0, shuffle=False):
            batch = collate(examples, self.pad, chats=self.recipe.form == "generative").to(self.accelerator.device)
            with self.accelerator.autocast():
                sums += validation_losses(self.network, batch, self.recipe)
        if on_validation and self.accelerator.is_main_process:
            on_validation(self.network, self.step)
        return float(sums[0] / sums[1])

    def _keep(self, validation: float) -> None:
        better = validation < self.best or math.isnan(validation)
        self.worse = 0 if better else self.worse + 1
        self.best = validation if better else self.best
        if not better and self.recipe.keep == "best":
            return
        self.kept = validation
        if not self.accelerator.is_main_process:
            return
        network = self.network
        if hasattr(network, "merge_and_unload") and not self.recipe.pretrained:
            network = copy.deepcopy(network).merge_and_unload()  # an adapter to weights that are nowhere else
        if self.recipe.method == "adalora":  # all ranks: those it pruned last may have grown again since
            network = copy.deepcopy(network)
            network.peft_config["default"].rank_pattern = None
        with replacing_folder(self.folder / BEST, replace=True) as folder:
            network.save_pretrained(folder)
            if not (folder / "adapter_config.json").exists() or self.recipe.form == "generative":
                self.tokenizer.save_pretrained(folder)  # whole weights are loaded without the LLM's folder
            if self.recipe.form != "generative":
                self.config.save(folder)

    @property
    def config(self) -> SlotConfig:
        return self.recipe.slot_config(self.examples.horizon, self.base_digest)

    def _identity(self) -> dict[str, Any]:
        free = {"minutes", "patience", "keep", "about", "data"}
        return {
            "recipe": self.recipe.model_dump(exclude=free if self.start else free | {"start"}),
            "examples": self.examples.digest,
            "base": self.base_digest,
            **({"start": self.start} if self.start else {}),
        }

    def _open(self) -> None:
        """Start the folder, or take up what it holds."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / CHECKPOINT
        if not path.exists():
            return
        try:
            held = torch.load(path, map_location="cpu", weights_only=True)  # a pickle of others could hold code
        except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError):
            raise InputError(f"{path}: no run of this version to go on with; take another --out") from None
        if held["identity"] != self._identity():
            raise InputError(f"{self.folder}: holds a run of another recipe or other data; take another --out")
        weights = dict(self.network.named_parameters())
        with torch.no_grad():
            for name, weight in held["weights"].items():
                weights[name].copy_(weight)
        self.optimizer.load_state_dict(held["optimizer"])
        for name in ("step", "tokens", "spent", "best", "kept", "before", "worse"):
            setattr(self, name, held[name])
        self.log = [Logged(**line) for line in held["log"]]
        if self.recipe.method == "adalora":
            vars(self.network.base_model.rankallocator).update(held["ranks"]["importance"])
            self.network.peft_config["default"].rank_pattern = held["ranks"]["pattern"]
        if self.accelerator.scaler is not None:
            self.accelerator.scaler.load_state_dict(held["scaler"])
        torch.set_rng_state(held["random"]["torch"])
        if torch.cuda.is_available():
            torch.cuda.set_rng_state_all(held["random"]["cuda"])
        np.random.set_state(tuple(held["random"]["numpy"]))
        random.setstate(held["random"]["python"])

    def _checkpoint(self) -> None:
        """All that the next step depends on, written beside and renamed: a kill leaves the last one whole."""
        if not self.accelerator.is_main_process:
            return
        state = {
            "identity": self._identity(),
            "weights": {name: w.detach().cpu() for name, w in self.network.named_parameters() if w.requires_grad},
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "tokens": self.tokens,
            "spent": self._seconds(),
            "best": self.best,
            "kept": self.kept,
            "before": self.before,
            "worse": self.worse,
            "log": [asdict(line) for line in self.log],
            "random": {
                "torch": torch.get_rng_state(),
                "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
                "numpy": [part.tolist() if isinstance(part, np.ndarray) else part for part in np.random.get_state()],
                "python": random.getstate(),
            },
        }
        if self.recipe.method == "adalora":
            allocator = vars(self.network.base_model.rankallocator)
            importance = {name: allocator[name] for name in ("ipt", "exp_avg_ipt", "exp_avg_unc")}
            state["ranks"] = {"importance": importance, "pattern": self.network.peft_config["default"].rank_pattern}
        if self.accelerator.scaler is not None:
            state["scaler"] = self.accelerator.scaler.state_dict()
        with replacing(self.folder / CHECKPOINT, then=GO_ON) as beside, beside.open("wb") as file:
            torch.save(state, file)  # a file of Python's, so that a full disk is an OSError
        lines = "".join(json.dumps(asdict(line)) + "\n" for line in self.log)
        write_whole(self.folder / LOG, lines)
