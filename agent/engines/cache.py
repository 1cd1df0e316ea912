"""A key/value cache with room ahead: a step writes into its place instead of copying all that went before.

Growing by `torch.cat` also leaves holes in the heap that the next, longer tensors do not fit: seen as four times the
memory that the cache itself takes.
"""

from typing import Any

import torch
from transformers import DynamicCache
from transformers.cache_utils import DynamicLayer

AHEAD = 32  # places set aside beyond those in use


class RoomyLayer(DynamicLayer):  # type: ignore[misc]
    """Keys and values `[R, K, S, d]` at the front of tensors with room for more steps."""

    keys: torch.Tensor
    values: torch.Tensor

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *_: Any, **__: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Append the new states; returns all of them."""
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        self.keys = append(self.keys, key_states)
        self.values = append(self.values, value_states)
        return self.keys, self.values


def append(held: torch.Tensor, new: torch.Tensor) -> torch.Tensor:
    """`new` `[R, K, T, d]` after `held` `[R, K, S, d]`: written behind it where there is room, else moved with room."""
    rows, heads, steps, width = new.shape
    start = held.shape[-2] if held.numel() else 0
    end = start + steps
    if start and held.stride(0) // (heads * width) >= end:
        grown = held.as_strided((rows, heads, end, width), held.stride())
    else:
        grown = new.new_empty(rows, heads, end + AHEAD, width)[:, :, :end]
        if start:
            grown[:, :, :start] = held
    grown[:, :, start:] = new
    return grown


def make_cache(config: Any) -> DynamicCache:
    """A cache for a model of this config; layers of special kinds (sliding windows) stay as transformers has them."""
    cache = DynamicCache(config=config)
    cache.layers = [RoomyLayer() if type(layer) is DynamicLayer else layer for layer in cache.layers]
    return cache
