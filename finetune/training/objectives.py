"""What a network is trained on: batches as tensors, the loss of each form, and the loss that stops a run early."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from ...agent.models.slot_head import LIMIT, scaled_units, slot_logits, to_scaled
from ...tools.quantiles import LEVELS
from ..examples.windows import Example
from ..recipe import Recipe

TAU = torch.tensor(LEVELS)


@dataclass(frozen=True)
class Batch:
    """Windows as tensors: N prompts of T tokens, K slots and L letters over all of them.

    Attributes:
        ids: `[N, T]`, padded on the right.
        mask: `[N, T]`.
        slots: (row, column), `[K, 2]`.
        y: asinh(units / level) at each slot, `[K]`; NaN is not known. Of chats, the next token.
        base: asinh(base quantiles / level), `[K, Q]`.
        weight: of each slot, `[K]`.
        letters: (row, column), `[L, 2]`.
        after: asinh(units / level) after each letter, `[L]`.
    """

    ids: torch.Tensor
    mask: torch.Tensor
    slots: torch.Tensor
    y: torch.Tensor
    base: torch.Tensor
    weight: torch.Tensor
    letters: torch.Tensor
    after: torch.Tensor

    def to(self, device: Any) -> "Batch":
        """The same on a device."""
        return Batch(*(getattr(self, name).to(device) for name in self.__dataclass_fields__))


def collate(examples: Sequence[Example], pad: int, *, chats: bool = False) -> Batch:
    """One batch of windows."""
    width = max(len(one.ids) for one in examples)
    ids = torch.full((len(examples), width), pad)
    mask = torch.zeros(len(examples), width, dtype=torch.long)
    slots, letters = [], []
    for row, one in enumerate(examples):
        ids[row, : len(one.ids)] = torch.tensor(one.ids)
        mask[row, : len(one.ids)] = 1
        slots += [(row, column) for column in one.slots]
        letters += [(row, column) for column in one.letters]
    if chats:
        y = torch.tensor([one.ids[place + 1] for one in examples for place in one.slots])
    else:
        y = _tensor([scaled_units(one.y, 1.0) for one in examples])
    return Batch(
        ids=ids,
        mask=mask,
        slots=torch.tensor(slots, dtype=torch.long).reshape(-1, 2),
        y=y,
        base=_tensor([scaled_units(one.base, 1.0) for one in examples]),
        weight=_tensor([np.full(len(one.slots), one.weight) for one in examples]),
        letters=torch.tensor(letters, dtype=torch.long).reshape(-1, 2),
        after=_tensor([scaled_units(one.after, 1.0) for one in examples]),
    )


def bucketed(
    examples: Sequence[Example], batch_tokens: int, seed: int, *, shuffle: bool = True
) -> Iterator[list[Example]]:
    """Batches of like length and at most so many tokens, padding counted, in an order drawn by the seed."""
    draws = np.random.default_rng(seed)
    order = draws.permutation(len(examples)) if shuffle else np.arange(len(examples))
    batches: list[list[Example]] = []
    pool = 1024  # sorted by length within pools, so that batches differ from epoch to epoch
    for start in range(0, len(order), pool):
        batch: list[Example] = []
        for place in sorted(order[start : start + pool], key=lambda i: len(examples[i].ids)):
            one = examples[place]
            if batch and (len(batch) + 1) * len(one.ids) > batch_tokens:
                batches.append(batch)
                batch = []
            batch.append(one)
        batches.append(batch)
    for place in draws.permutation(len(batches)) if shuffle else range(len(batches)):
        yield batches[place]


def batch_loss(network: Any, batch: Batch, recipe: Recipe) -> torch.Tensor:
    """The loss that is minimised, a mean over the batch."""
    if recipe.form == "generative":
        return _cross_entropy(network, batch)
    if recipe.form == "point":
        return _point(network, batch)
    logits = slot_logits(network, batch.ids, batch.mask, torch.cat([batch.slots, batch.letters]))
    scaled = to_scaled(logits[: len(batch.slots)], recipe.form, batch.base)
    loss = pinball_loss(scaled, batch.y, batch.weight, units=recipe.loss == "pinball")
    if recipe.history_loss > 0 and recipe.form == "direct" and len(batch.letters):
        after = to_scaled(logits[len(batch.slots) :], "direct")
        weight = torch.ones_like(batch.after)
        loss = loss + recipe.history_loss * pinball_loss(after, batch.after, weight, units=False)
    return loss


def validation_losses(network: Any, batch: Batch, recipe: Recipe) -> torch.Tensor:
    """(sum of losses, count) of a batch: scaled pinball loss, doubled as in SQL; of chats, cross-entropy."""
    if recipe.form == "generative":
        loss = _cross_entropy(network, batch)
        return torch.stack([loss * len(batch.y), torch.tensor(float(len(batch.y)), device=loss.device)])
    if recipe.form == "point":
        scaled = _points(network, batch)[:, None].expand(-1, len(LEVELS))
    else:
        scaled = to_scaled(slot_logits(network, batch.ids, batch.mask, batch.slots), recipe.form, batch.base)
    known = torch.isfinite(batch.y)
    loss = 2 * _pinball(scaled.clamp(min=0.0), batch.y, units=True).mean(-1) * batch.weight
    return torch.stack([loss[known].sum(), known.sum().float()])


def pinball_loss(scaled: torch.Tensor, y: torch.Tensor, weight: torch.Tensor, *, units: bool) -> torch.Tensor:
    """Mean pinball loss of scaled quantiles `[K, Q]`: in units over the level, weighted, or in asinh space."""
    known = torch.isfinite(y)
    if not known.any():
        return scaled.sum() * 0.0
    loss = _pinball(scaled[known], y[known], units=units).mean(-1)
    return (loss * weight[known]).mean() if units else loss.mean()


def _pinball(scaled: torch.Tensor, y: torch.Tensor, *, units: bool) -> torch.Tensor:
    tau = TAU.to(scaled.device)
    if units:
        scaled, y = torch.sinh(scaled.clamp(max=LIMIT)), torch.sinh(y)
    error = y[:, None] - scaled
    return torch.maximum(tau * error, (tau - 1) * error)


def _points(network: Any, batch: Batch) -> torch.Tensor:
    """Scaled units of every slot, from the logits at the last token of each prompt, `[K]`."""
    last = batch.mask.sum(1) - 1
    rows = torch.arange(len(last), device=last.device)
    logits = slot_logits(network, batch.ids, batch.mask, torch.stack([rows, last], 1))
    row = batch.slots[:, 0].contiguous()  # rising
    step = torch.arange(len(row), device=row.device) - torch.searchsorted(row, row)
    return logits[row, step]


def _point(network: Any, batch: Batch) -> torch.Tensor:
    known = torch.isfinite(batch.y)
    return functional.mse_loss(_points(network, batch)[known], batch.y[known])


def _cross_entropy(network: Any, batch: Batch) -> torch.Tensor:
    inner = network.get_base_model() if hasattr(network, "get_base_model") else network
    hidden = inner.model(input_ids=batch.ids, attention_mask=batch.mask, use_cache=False).last_hidden_state
    logits = inner.lm_head(hidden[batch.slots[:, 0], batch.slots[:, 1]])
    return functional.cross_entropy(logits.float(), batch.y)


def _tensor(parts: Sequence[Any]) -> torch.Tensor:
    return torch.from_numpy(np.concatenate(parts).astype(np.float32))
