"""Attention over a prefix that all rows share: its keys and values are held once, not once a row.

The prefix is handed to the model's forward as `shared_prefix` and reaches the attention of each layer. Scores of the
prefix and of a row's own tokens go through one softmax, so the result is that of ordinary attention over both.
Grouped-query heads are folded into the query axis, so keys and values are never repeated.

Source: Juravsky et al. (2024), "Hydragen: High-Throughput LLM Inference with Shared Prefixes".
"""

from typing import Any

import torch
from transformers import AttentionInterface, DynamicCache
from transformers.cache_utils import DynamicLayer
from transformers.masking_utils import ALL_MASK_ATTENTION_FUNCTIONS

NAME = "shared_prefix"
Prefix = list[tuple[torch.Tensor, torch.Tensor]]  # a layer's keys and values, each [K, P, d]


def attend(
    module: Any,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    scaling: float,
    shared_prefix: Prefix | None = None,
    **_: Any,
) -> tuple[torch.Tensor, None]:
    """Causal attention of `[R, H, T, d]` queries over the shared prefix and `[R, K, S, d]` own keys.

    Args:
        module: the layer's attention, for its index.
        query: `[R, H, T, d]`.
        key: own keys, `[R, K, S, d]`, H a multiple of K.
        value: own values, as key.
        attention_mask: boolean (True = may look) or additive, `[R, 1, T, S]`; None is causal.
        scaling: of the scores.
        shared_prefix: the prefix, all of it visible to every query.

    Returns:
        `[R, T, H, d]`, and no weights.
    """
    rows, heads, steps, width = query.shape
    groups, own = key.shape[1], key.shape[2]
    fold = heads // groups
    q = (query * scaling).reshape(rows, groups, fold * steps, width)
    scores = (q @ key.transpose(-1, -2)).view(rows, groups, fold, steps, own)
    if attention_mask is None and steps > 1:
        attention_mask = torch.ones(steps, own, dtype=torch.bool, device=q.device).tril(own - steps)[None, None]
    if attention_mask is not None:
        if attention_mask.dtype == torch.bool:
            scores.masked_fill_(~attention_mask[:, :, None], torch.finfo(scores.dtype).min)
        else:
            scores += attention_mask[:, :, None]
    scores = scores.view(rows, groups, fold * steps, own)
    if shared_prefix is None:
        out = torch.softmax(scores, dim=-1) @ value
    else:
        keys, values = shared_prefix[module.layer_idx]
        flat = q.transpose(0, 1).reshape(groups, rows * fold * steps, width)  # all rows' queries at once
        ahead = (flat @ keys.transpose(-1, -2)).view(groups, rows, fold * steps, -1).transpose(0, 1)
        shares = torch.softmax(torch.cat([ahead, scores], dim=-1), dim=-1)
        cut = keys.shape[1]
        front = shares[..., :cut].transpose(0, 1).reshape(groups, rows * fold * steps, cut) @ values
        out = shares[..., cut:] @ value + front.view(groups, rows, fold * steps, width).transpose(0, 1)
    return out.reshape(rows, heads, steps, width).transpose(1, 2).contiguous(), None


def can_share(model: Any) -> bool:
    """Whether this attention is the model's own: all layers see everything before them, through plain softmax scores.

    Sliding windows, soft-capped scores, attention sinks and models with attention code of their own are not that.
    """
    config = model.config.get_text_config()
    return (
        model._supports_attention_backend
        and all(type(layer) is DynamicLayer for layer in DynamicCache(config=model.config).layers)
        and getattr(config, "attn_logit_softcapping", None) is None
    )


def register() -> str:
    """Make the attention known to transformers; returns its name."""
    AttentionInterface.register(NAME, attend)
    ALL_MASK_ATTENTION_FUNCTIONS.register(NAME, ALL_MASK_ATTENTION_FUNCTIONS["sdpa"])
    return NAME
