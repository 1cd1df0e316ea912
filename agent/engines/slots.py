"""The slot engine: a fine-tuned slot model, quantiles of the whole horizon in one forward pass."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch

from ...prompts.slots import SLOT, SlotContext, slot_contexts, slot_prompt
from ...tools.data.cube import cube
from ...tools.data.panel import Panel
from ...tools.errors import InputError
from ...tools.forecast.recent import recent_quantiles
from ...tools.quantiles import LEVELS, Array, monotone
from ..models.folders import load_tokenizer
from ..models.slot_head import SlotConfig, load_network, scaled_units, slot_logits, to_scaled, to_units, weights_digest
from ..models.store import base_digest, require_default
from .pooling import PoolingReader
from .served import served_models

BATCH_TOKENS = 4096
MEMBERS = "member-*"  # folders of an ensemble


class SlotReader(Protocol):
    """Runs the network of a slot model, wherever it is."""

    @property
    def batch_tokens(self) -> int:
        """Tokens it wants at a time, padding counted."""

    def read(self, rows: Sequence[Sequence[int]], places: Sequence[tuple[int, int]]) -> torch.Tensor:
        """Logits at some tokens, `[K, C]`, float32 on the CPU.

        Args:
            rows: tokens of each prompt.
            places: (row, column) of each wanted token.

        Raises:
            EngineError: a server could not answer.
        """


class NetworkReader:
    """A network in this process."""

    @property
    def batch_tokens(self) -> int:
        """Tokens it wants at a time, padding counted."""
        return BATCH_TOKENS

    def __init__(self, network: Any) -> None:
        self.network = network.eval()

    @torch.inference_mode()
    def read(self, rows: Sequence[Sequence[int]], places: Sequence[tuple[int, int]]) -> torch.Tensor:
        """Logits at some tokens (see `SlotReader.read`), in one pass."""
        device = next(self.network.parameters()).device
        width = max(map(len, rows))
        ids = torch.tensor([[*row, *[0] * (width - len(row))] for row in rows], device=device)
        mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows], device=device)
        return slot_logits(self.network, ids, mask, torch.tensor(places, device=device)).cpu()


class SlotEngine:
    """One slot model, or several of one kind whose quantiles are averaged."""

    def __init__(
        self, readers: Sequence[SlotReader], config: SlotConfig, tokenizer: Any, name: str, digest: str
    ) -> None:
        self.readers = list(readers)
        self.config, self.tokenizer, self.name, self.digest = config, tokenizer, name, digest
        ids = tokenizer(SLOT, add_special_tokens=False)["input_ids"]
        if len(ids) != 1:
            raise InputError(f"model {name}: its tokenizer splits {SLOT!r}; slots need one token")
        self.slot = int(ids[0])
        self.tokens = 0  # read so far

    @classmethod
    def load(cls, folder: str | Path, base: str | Path | None = None) -> "SlotEngine":
        """Load a slot model: merged weights, an adapter, or a folder of members.

        Args:
            folder: where it is.
            base: the LLM that an adapter belongs to; the default model when left out.

        Raises:
            InputError: it is none, or belongs to another LLM.
        """
        folder = Path(folder)
        parts = sorted(folder.glob(MEMBERS)) or [folder]
        config = SlotConfig.load(parts[0])
        merged = (parts[0] / "config.json").exists()
        where = parts[0] if merged else Path(base or require_default())
        if not merged and config.base and config.base != base_digest(where):
            raise InputError(f"{folder}: made for the LLM {config.base}, not for {where.name} ({base_digest(where)})")
        device = "cuda" if torch.cuda.is_available() else "cpu"
        readers = [NetworkReader(load_network(part, where)[0].to(device)) for part in parts]
        tokenizer = load_tokenizer(where)
        return cls(readers, config, tokenizer, f"slots:{folder.resolve().name}", weights_digest(parts))

    @classmethod
    def served(cls, folder: str | Path, url: str, base: str | Path | None = None) -> "SlotEngine":
        """A slot model that a vLLM pooling server runs; what it is stands in its folder here.

        Args:
            folder: where it is on this machine.
            url: of the server, such as http://127.0.0.1:8001.
            base: the LLM that an adapter belongs to; the default model when left out.

        Raises:
            InputError: the folder is none, or the server serves no such model.
            EngineError: there is no server.
        """
        folder, url = Path(folder), url.rstrip("/").removesuffix("/v1")
        config = SlotConfig.load(folder)
        name = folder.resolve().name
        models = served_models(f"{url}/v1")
        if name not in models:
            raise InputError(f"{url}: serves {', '.join(models)}, not {name}; start it with: skucast serve {name}")
        where = folder if (folder / "config.json").exists() else Path(base or require_default())
        tokenizer = load_tokenizer(where)
        return cls([PoolingReader(name, url)], config, tokenizer, f"slots:{name}@{url}", weights_digest([folder]))

    @classmethod
    def offline(cls, folder: str | Path, merged: Path, *, start: bool = True, **options: Any) -> "SlotEngine":
        """A slot model in vLLM inside this process, for batches on a GPU host.

        Args:
            folder: where it is.
            merged: the same as whole weights.
            start: vLLM at once, and not when it is first asked for.
            options: of `vllm.LLM`, such as `max_model_len`.

        Raises:
            InputError: vLLM is not installed, or the folder is none.
        """
        from .offline import VllmReader

        folder = Path(folder)
        reader = VllmReader(merged, **options)
        if start:
            reader.start()
        tokenizer = load_tokenizer(merged)
        name = f"slots:vllm:{folder.resolve().name}"
        return cls([reader], SlotConfig.load(folder), tokenizer, name, weights_digest([folder]))

    def slot_quantiles(
        self, contexts: Sequence[SlotContext], progress: Callable[[int], None] | None = None
    ) -> list[Array]:
        """Quantiles `[H, Q]` in units per period of each context, in order.

        Raises:
            InputError: a horizon is longer than the model was made for, where that binds (the point form).
        """
        prompts = [slot_prompt(context, self.config.format) for context in contexts]
        rows = self.tokenizer(prompts, add_special_tokens=False)["input_ids"] if prompts else []
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        made: list[Array] = [np.zeros((0, len(LEVELS)))] * len(rows)
        done = 0
        for batch in _batches(order, rows, min(reader.batch_tokens for reader in self.readers)):
            for place, quantiles in zip(
                batch, self._batch([rows[i] for i in batch], [contexts[i] for i in batch]), strict=True
            ):
                made[place] = quantiles
            done += len(batch)
            if progress:
                progress(done)
        return made

    def _batch(self, rows: list[list[int]], contexts: list[SlotContext]) -> list[Array]:
        self.tokens += sum(map(len, rows))
        if self.config.form == "point":
            places = [(row, len(tokens) - 1) for row, tokens in enumerate(rows)]
        else:
            places = [
                (row, at) for row, tokens in enumerate(rows) for at, token in enumerate(tokens) if token == self.slot
            ]
        members = [self._quantiles(reader.read(rows, places), contexts) for reader in self.readers]
        return [np.mean([member[i] for member in members], axis=0) for i in range(len(rows))]

    def _quantiles(self, logits: torch.Tensor, contexts: list[SlotContext]) -> list[Array]:
        if self.config.form == "point":
            points = logits.double().numpy()
            longest = max(len(context.steps) for context in contexts)
            if longest > points.shape[1]:
                raise InputError(f"horizon {longest}: {self.name} was made for {points.shape[1]} steps")
            return [
                to_units(np.repeat(row[: len(context.steps), None], len(LEVELS), axis=1), context.level)
                for row, context in zip(points, contexts, strict=True)
            ]
        base = np.concatenate([scaled_units(context.base, context.level) for context in contexts])
        scaled = to_scaled(logits, self.config.form, torch.from_numpy(base.astype(np.float32)))
        parts = np.split(scaled.double().numpy(), np.cumsum([len(context.steps) for context in contexts])[:-1])
        return [to_units(part, context.level) for part, context in zip(parts, contexts, strict=True)]

    def forecast(
        self,
        panel: Panel,
        horizon: int,
        unique_ids: Sequence[str] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> dict[str, Array]:
        """Quantiles `[H, Q]` of series from their own last period; closed steps are 0.

        Args:
            panel: what is known.
            horizon: periods ahead.
            unique_ids: series wanted; all when left out.
            progress: called with how many series are done.
        """
        arrays = cube(panel, horizon)
        wanted = set(panel.unique_ids if unique_ids is None else unique_ids)
        contexts: list[SlotContext] = []
        closed: list[Any] = []
        for end in np.unique(arrays.end):
            rows = [int(row) for row in np.flatnonzero(arrays.end == end) if arrays.unique_ids[int(row)] in wanted]
            if rows:
                base = recent_quantiles(arrays, int(end), np.array(rows))
                contexts += slot_contexts(arrays, int(end), rows, base)
                closed += list(arrays.closed[rows][:, end + 1 : end + 1 + horizon])
        made = self.slot_quantiles(contexts, progress)
        return {
            context.unique_id: np.where(shut[:, None], 0.0, monotone(quantiles))
            for context, quantiles, shut in zip(contexts, made, closed, strict=True)
        }


def _batches(order: Sequence[int], rows: Sequence[Sequence[int]], tokens: int) -> list[list[int]]:
    batches: list[list[int]] = []
    batch: list[int] = []
    for place in order:  # by rising length, so the last is the longest
        if batch and (len(batch) + 1) * len(rows[place]) > tokens:
            batches.append(batch)
            batch = []
        batch.append(place)
    return [*batches, batch] if batch else batches
