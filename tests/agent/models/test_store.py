"""Fetching the default model: once, whole or not at all, and in one line when it cannot be."""

import hashlib
import subprocess
from pathlib import Path

import pytest
from safetensors import SafetensorError
from skucast.agent.models import store as model_store
from skucast.tools.errors import InputError


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SKUCAST_CACHE", str(tmp_path))
    monkeypatch.setattr(model_store, "_installed_gguf", lambda: None)
    return tmp_path


def _install_fake(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = cache / "SmolLM2.gguf"
    fake.write_bytes(b"weights")
    monkeypatch.setattr(model_store, "_installed_gguf", lambda: fake)
    monkeypatch.setattr(model_store, "GGUF_SHA256", hashlib.sha256(b"weights").hexdigest())


def _finished(gguf: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "skucast.json").touch()


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_not_here_yet_says_what_to_run() -> None:
    with pytest.raises(InputError, match="run `skucast model pull` once"):
        model_store.require_default()


def test_a_file_that_is_installed_is_unpacked_at_once(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _install_fake(cache, monkeypatch)
    monkeypatch.setattr(model_store, "_unpack", _finished)
    folder = model_store.require_default()
    assert left_in(folder) == ["skucast.json"]
    monkeypatch.setattr(model_store, "_unpack", lambda *_: pytest.fail("unpacked twice"))
    assert model_store.pull() == folder


def test_a_quicker_process_keeps_its_folder(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _install_fake(cache, monkeypatch)
    theirs = model_store.default_model_dir()

    def overtaken(gguf: Path, folder: Path) -> None:
        _finished(gguf, folder)
        _finished(gguf, theirs)
        (theirs / "being-read").touch()

    monkeypatch.setattr(model_store, "_unpack", overtaken)
    assert left_in(model_store.pull()) == ["being-read", "skucast.json"]


def test_no_index_is_one_line_and_leaves_nothing(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = subprocess.CompletedProcess([], 1, "", "noise\nERROR: No matching distribution found\n")
    monkeypatch.setattr("skucast.tools.wheels.subprocess.run", lambda *_, **__: failed)
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
    _install_fake(cache, monkeypatch)

    def killed(gguf: Path, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        (folder / "model.safetensors").write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(model_store, "_unpack", killed)
    with pytest.raises(KeyboardInterrupt):
        model_store.pull()
    assert not model_store.default_model_dir().exists()


@pytest.mark.parametrize(
    "error",
    [OSError(28, "No space left on device"), SafetensorError("I/O error: No space left on device (os error 28)")],
)
def test_a_full_disk_is_one_line(cache: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    _install_fake(cache, monkeypatch)

    def full(gguf: Path, folder: Path) -> None:
        raise error

    monkeypatch.setattr(model_store, "_unpack", full)
    with pytest.raises(InputError, match="No space left on device"):
        model_store.pull()


@pytest.mark.slow
def test_the_default_model_is_a_plain_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SKUCAST_CACHE")
    folder = model_store.require_default()
    assert {"config.json", "model.safetensors", "tokenizer.json", "skucast.json"} <= {f.name for f in folder.iterdir()}
    assert model_store.pull() == folder
