"""Which number format this machine's processor multiplies fastest: measured once, then remembered, so runs agree."""

import json
import os
import platform
import time
from contextlib import suppress
from pathlib import Path

import torch

from ...tools.errors import InputError
from ...tools.files import write_whole
from ..models.store import cache_dir

CHOICES = {"float32": torch.float32, "bfloat16": torch.bfloat16}
WORTH = 1.3  # bfloat16 must be so many times as fast: it is less exact
SHAPE = (512, 576, 1536)  # a batch of tokens through a projection of the default model


def compute_dtype() -> torch.dtype:
    """The dtype for a model in this process: `SKUCAST_DTYPE`, else bfloat16 on a GPU, else the faster one by far.

    Raises:
        InputError: `SKUCAST_DTYPE` names no dtype.
    """
    asked = os.environ.get("SKUCAST_DTYPE")
    if asked is not None:
        if asked not in CHOICES:
            raise InputError(f"SKUCAST_DTYPE={asked!r}: valid choices: {', '.join(CHOICES)}")
        return CHOICES[asked]
    if torch.cuda.is_available():
        return torch.bfloat16
    memory = cache_dir() / "processor.json"
    try:
        known = json.loads(memory.read_text(encoding="utf-8"))
        if known["processor"] == _processor():
            return CHOICES[known["dtype"]]
    except (OSError, ValueError, KeyError):
        pass
    gflops = {name: _gflops(dtype) for name, dtype in CHOICES.items()}
    best = "bfloat16" if gflops["bfloat16"] > WORTH * gflops["float32"] else "float32"
    found = {"processor": _processor(), "dtype": best, "gflops": {k: round(v) for k, v in gflops.items()}}
    with suppress(InputError):  # then it is measured again next time
        write_whole(memory, json.dumps(found, indent=2) + "\n")
    return CHOICES[best]


def _processor() -> str:
    """The processor's model and its instruction sets that matter here, and the torch that uses them."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        text = ""
    name = next((line.split(":")[1].strip() for line in text.splitlines() if line.startswith("model name")), "")
    extras = [flag for flag in ("avx512_bf16", "amx_bf16", "avx512f", "avx2") if flag in text]
    return " ".join([name or platform.processor(), *extras, f"torch {torch.__version__}"])


def _gflops(dtype: torch.dtype) -> float:
    """Best of a few multiplications, in billions of operations a second."""
    rows, inner, columns = SHAPE
    a, b = torch.ones(rows, inner, dtype=dtype), torch.ones(columns, inner, dtype=dtype)
    seconds = []
    for _ in range(8):
        started = time.perf_counter()
        torch.nn.functional.linear(a, b)
        seconds.append(time.perf_counter() - started)
    return 2 * rows * inner * columns / min(seconds) / 1e9
