"""The number format is measured once and remembered."""

import json
from pathlib import Path

import pytest
import torch
from skucast.agent.engines import dtype
from skucast.tools.errors import InputError


@pytest.fixture(autouse=True)
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKUCAST_CACHE", str(tmp_path))
    monkeypatch.delenv("SKUCAST_DTYPE", raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)


@pytest.mark.parametrize(("fast", "best"), [(399.0, torch.bfloat16), (120.0, torch.float32)])
def test_the_faster_by_far_wins_and_stays(monkeypatch: pytest.MonkeyPatch, fast: float, best: torch.dtype) -> None:
    monkeypatch.setattr(dtype, "_gflops", lambda kind: fast if kind == torch.bfloat16 else 100.0)
    assert dtype.compute_dtype() == best
    monkeypatch.setattr(dtype, "_gflops", lambda kind: pytest.fail("measured twice"))
    assert dtype.compute_dtype() == best


def test_another_processor_is_measured_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "processor.json").write_text(json.dumps({"processor": "abacus", "dtype": "float32"}))
    monkeypatch.setattr(dtype, "_gflops", lambda kind: 9.0 if kind == torch.bfloat16 else 1.0)
    assert dtype.compute_dtype() == torch.bfloat16


def test_a_person_may_choose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKUCAST_DTYPE", "float32")
    assert dtype.compute_dtype() == torch.float32
    monkeypatch.setenv("SKUCAST_DTYPE", "int3")
    with pytest.raises(InputError, match="valid choices: float32, bfloat16"):
        dtype.compute_dtype()


def test_measuring_measures() -> None:
    assert dtype._gflops(torch.float32) > 0.1
