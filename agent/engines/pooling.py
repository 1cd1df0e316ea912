"""Slot logits from a vLLM pooling server, which gives those of every token."""

import base64
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import torch

from .base import EngineError
from .served import AT_ONCE, POOLER, answered, client

REQUEST_TOKENS = 4096  # prompt tokens a request


class PoolingReader:
    """A slot model behind `vllm serve --runner pooling`, several requests under way at once."""

    batch_tokens = REQUEST_TOKENS * AT_ONCE * 2

    def __init__(self, model: str, url: str) -> None:
        self.model, self.url = model, url
        self._client = client(url)

    def read(self, rows: Sequence[Sequence[int]], places: Sequence[tuple[int, int]]) -> torch.Tensor:
        """Logits at some tokens (see `SlotReader.read`)."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            read = [logits for part in pool.map(self._ask, _requests(rows)) for logits in part]
        wanted = np.stack([read[row][column] for row, column in places])
        if not np.isfinite(wanted).all():
            raise EngineError(f"{self.url}: logits that are not numbers")
        return torch.from_numpy(wanted)

    def _ask(self, rows: list[list[int]]) -> list[np.ndarray[Any, Any]]:
        body = {"model": self.model, "input": rows, "encoding_format": "base64", **POOLER}
        answer: Any = answered(self.url, lambda: self._client.post("/pooling", body=body, cast_to=object))
        try:
            data = [one["data"] for one in sorted(answer["data"], key=lambda one: int(one["index"]))]
            made = [np.frombuffer(base64.b64decode(text), dtype=np.float32) for text in data]
            return [logits.reshape(len(row), -1) for logits, row in zip(made, rows, strict=True)]
        except (TypeError, KeyError, ValueError):
            raise EngineError(f"{self.url}: not the answer of a vLLM pooling server (token_classify)") from None


def _requests(rows: Sequence[Sequence[int]]) -> Iterator[list[list[int]]]:
    """Rows in order, some tokens together."""
    batch: list[list[int]] = []
    for row in rows:
        if batch and sum(map(len, batch)) + len(row) > REQUEST_TOKENS:
            yield batch
            batch = []
        batch.append(list(row))
    if batch:
        yield batch
