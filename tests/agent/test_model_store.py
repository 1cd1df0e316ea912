"""Fetching the default model: once, whole or not at all, and in one line when it cannot be."""

import subprocess
from pathlib import Path

import pytest
from skucast.agent import model_store
from skucast.tools.errors import InputError


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SKUCAST_CACHE", str(tmp_path))
    monkeypatch.setattr(model_store, "_installed_gguf", lambda: None)
    return tmp_path


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_not_here_yet_says_what_to_run() -> None:
    with pytest.raises(InputError, match="run `skucast model pull` once"):
        model_store.require_default()


def test_no_index_is_one_line_and_leaves_nothing(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = subprocess.CompletedProcess([], 1, "", "noise\nERROR: No matching distribution found\n")
    monkeypatch.setattr(model_store.subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(InputError, match="cannot be downloaded: ERROR: No matching distribution"):
        model_store.pull()
    assert left_in(cache) == []


def test_another_file_is_refused(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = cache / "SmolLM2.gguf"
    fake.write_bytes(b"not the weights")
    monkeypatch.setattr(model_store, "_installed_gguf", lambda: fake)
    with pytest.raises(InputError, match="SHA-256"):
        model_store.pull()
    assert left_in(cache) == ["SmolLM2.gguf"]


def test_a_kill_while_unpacking_leaves_nothing_that_looks_finished(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = cache / "SmolLM2.gguf"
    fake.write_bytes(b"weights")
    monkeypatch.setattr(model_store, "_installed_gguf", lambda: fake)
    monkeypatch.setattr(model_store, "GGUF_SHA256", "9216b8ae3a4b1ba3a6a4a3a5d8f9ac0c")
    monkeypatch.setattr(model_store.hashlib, "file_digest", lambda *_: _Digest())

    def killed(gguf: Path, folder: Path) -> None:
        folder.mkdir()
        (folder / "model.safetensors").write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(model_store, "_unpack", killed)
    with pytest.raises(KeyboardInterrupt):
        model_store.pull()
    with pytest.raises(InputError):
        model_store.require_default()


class _Digest:
    def hexdigest(self) -> str:
        return "9216b8ae3a4b1ba3a6a4a3a5d8f9ac0c"


def test_a_full_disk_is_one_line(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = cache / "SmolLM2.gguf"
    fake.write_bytes(b"weights")
    monkeypatch.setattr(model_store, "_installed_gguf", lambda: fake)
    monkeypatch.setattr(model_store.hashlib, "file_digest", lambda *_: _Digest())
    monkeypatch.setattr(model_store, "GGUF_SHA256", _Digest().hexdigest())

    def full(gguf: Path, folder: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(model_store, "_unpack", full)
    with pytest.raises(InputError, match="No space left on device"):
        model_store.pull()


@pytest.mark.slow
def test_the_default_model_is_a_plain_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SKUCAST_CACHE")
    folder = model_store.require_default()
    assert {"config.json", "model.safetensors", "tokenizer.json", "skucast.json"} <= {f.name for f in folder.iterdir()}
    assert model_store.pull() == folder
