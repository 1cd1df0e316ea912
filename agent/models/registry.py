"""The registry: a folder of fine-tuned models by name, and those that come with skucast."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ... import agent
from ...tools.errors import InputError, nearest
from ...tools.files import replacing_folder, write_whole
from .cards import CARD_FILE, ModelCard, read_card, write_card
from .folders import NO_CODE, PLAIN, check_model_folder, load_tokenizer
from .store import base_digest, cache_dir, require_default

if TYPE_CHECKING:
    from .slot_head import SlotConfig

ADAPTER, WHOLE = "adapter_config.json", "config.json"  # one of the two is in every model's folder
SLOTS = "skucast_slots.json"  # also in that of a slot model (agent.slot_head.CARD, without loading torch)
MEMBERS = "member-*"  # or in each of these, of an ensemble


@dataclass(frozen=True)
class RegisteredModel:
    """One model; its card is None where `problem` says what is wrong with it."""

    name: str
    path: Path
    card: ModelCard | None
    shipped: bool
    bytes: int
    problem: str = ""


def registry_dir() -> Path:
    """Where models are kept: `$SKUCAST_MODELS`, else `registry` in the cache folder."""
    return Path(os.environ.get("SKUCAST_MODELS") or cache_dir() / "registry")


def models(folder: Path | None = None) -> list[RegisteredModel]:
    """Every model by name: the folder's own and the shipped ones; an own model hides a shipped one of its name.

    Args:
        folder: registry; `registry_dir()` when left out.
    """
    shipped = Path(str(resources.files(agent) / "weights"))
    found: dict[str, RegisteredModel] = {}
    for place in (shipped, folder or registry_dir()):
        for path in place.iterdir() if place.is_dir() else ():
            if not path.name.startswith(".") and _is_model(path):
                found[path.name] = _entry(path, shipped=place == shipped)
    return [found[name] for name in sorted(found)]


def find(name_or_path: str | Path, folder: Path | None = None) -> Path:
    """The folder of a model: by its name in the registry, else by path, of the model or of its run.

    Raises:
        InputError: there is none.
    """
    entries = models(folder)
    for entry in entries:
        if entry.name == str(name_or_path):
            return entry.path
    path = Path(name_or_path)
    for place in (path, path / "model", path / "best"):
        if _is_model(place):
            return place
    raise InputError(
        f"unknown model {str(name_or_path)!r}: {nearest(str(name_or_path), [one.name for one in entries])}"
    )


def add(best: Path, card: ModelCard, folder: Path | None = None, *, replace: bool = False) -> Path:
    """Copy a model into the registry with its card. A kill half-way leaves nothing that looks finished.

    Args:
        best: folder of the weights: an adapter, whole ones, or members of an ensemble.
        card: says the name.
        folder: registry; `registry_dir()` when left out.
        replace: put it in the place of a model of that name.

    Returns:
        Where it is now.

    Raises:
        InputError: there are no weights, the name is taken, or the folder cannot be written.
    """
    if not _is_model(best):
        raise InputError(f"{best}: no model to add (neither {ADAPTER} nor {WHOLE})")
    folder = folder or registry_dir()
    if not replace and card.name in [entry.name for entry in models(folder)]:
        raise InputError(f"model {card.name!r} is in the registry already: --replace puts the new one in its place")
    with replacing_folder(folder / card.name, replace=replace) as ready:
        shutil.copytree(best, ready, dirs_exist_ok=True)
        for path in ready.glob(f"**/{ADAPTER}"):  # peft writes the path of the LLM on this machine
            config = json.loads(path.read_text(encoding="utf-8"))
            write_whole(path, json.dumps({**config, "base_model_name_or_path": card.base.name}, indent=2))
        for path in ready.glob("**/README.md"):  # peft's, with the same path; the card says more
            path.unlink()
        write_card(ready, card)
    return folder / card.name


def merge(name_or_path: str | Path, base: str | Path, out: Path, folder: Path | None = None) -> Path:
    """Write a model as a plain Hugging Face folder: adapter and LLM in one, with the tokenizer.

    A slot model becomes what `LlamaForSequenceClassification` loads and a vLLM pooling runner serves; a generative one
    becomes a causal LLM.

    Args:
        name_or_path: of the model.
        base: the LLM it was trained on.
        out: folder to write, new or empty.
        folder: registry; `registry_dir()` when left out.

    Raises:
        InputError: there is no such model, it is an ensemble or of another LLM, or `out` is in use.
    """
    path = find(name_or_path, folder)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(f"{out}: there is something already; name a new or an empty folder")
    if members := sorted(path.glob(MEMBERS)):
        raise InputError(f"{path}: {len(members)} models of an ensemble; merge one of them, such as {members[0]}")
    card = read_card(path) if (path / CARD_FILE).exists() else None
    network, tokenizer, slots = _load(path, base, card)
    with replacing_folder(out) as ready:
        network.save_pretrained(ready)
        tokenizer.save_pretrained(ready)
        if slots is not None:
            slots.save(ready)
        if card is not None:
            write_card(ready, card.model_copy(update={"name": f"{card.name}-merged", "parents": [card.name]}))
    return out


def merged_folder(path: Path, base: Path | None = None) -> Path:
    """A model as whole weights: itself, or merged once into the cache folder, by its digest; by two at once just so.

    Raises:
        InputError: it is an ensemble, belongs to another LLM, or cannot be written.
    """
    if (path / WHOLE).exists():
        return path
    found = hashlib.sha256()
    for file in sorted([*path.glob("*.safetensors"), *path.glob("*.json")]):
        found.update(file.read_bytes())
    where = cache_dir() / "merged" / f"{path.name}-{found.hexdigest()[:12]}"
    try:
        return where if (where / WHOLE).exists() else merge(path, base or require_default(), where)
    except InputError:
        if not (where / WHOLE).exists():  # else another process has put it there meanwhile
            raise
        return where


def adapters_of(names: Sequence[str]) -> dict[str, Path]:
    """Folders of LoRA adapters by name, as a server of their LLM wants them.

    Raises:
        InputError: one is not known, or is no adapter of a causal LLM.
    """
    found = {name: find(name) for name in names}
    for name, path in found.items():
        if not (path / ADAPTER).exists() or (path / SLOTS).exists():
            raise InputError(f"{name}: no LoRA adapter of a model that writes; slot models are served by --model")
    return {Path(name).name: path for name, path in found.items()}


def _is_model(path: Path) -> bool:
    return any(any(path.glob(f"{within}{name}")) for within in ("", f"{MEMBERS}/") for name in (ADAPTER, WHOLE))


def _entry(path: Path, *, shipped: bool) -> RegisteredModel:
    size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    try:
        return RegisteredModel(path.name, path, read_card(path), shipped, size)
    except InputError as error:
        return RegisteredModel(path.name, path, None, shipped, size, str(error))


def _load(path: Path, base: str | Path, card: ModelCard | None) -> tuple[Any, Any, "SlotConfig | None"]:
    """Network with its adapter merged, tokenizer, and the slot card of a slot model."""
    import torch
    import transformers
    from peft import PeftModel
    from safetensors import safe_open

    from .slot_head import CARD, SlotConfig, load_network

    slots = SlotConfig.load(path) if (path / CARD).exists() else None
    adapter = (path / ADAPTER).exists()
    wanted = slots.base if slots else card.base.digest if card else ""
    if adapter and wanted and Path(base).is_dir() and wanted != (found := base_digest(Path(base))):
        raise InputError(f"{path}: made for the LLM {wanted}, not for {base} ({found})")
    transformers.logging.set_verbosity_error()
    source = str(base if adapter else path)
    words = str(path if (path / "tokenizer_config.json").exists() else base)
    for folder in (path, Path(source)):
        check_model_folder(folder)
    try:
        tokenizer = load_tokenizer(words)
        if slots is not None:
            return load_network(path, base)[0], tokenizer, slots
        settings = transformers.AutoConfig.from_pretrained(source, **NO_CODE)
        if adapter:  # as many layers of the LLM as the adapter has
            with safe_open(path / "adapter_model.safetensors", "pt") as file:
                numbers = [int(number) for key in file.keys() for number in re.findall(r"\.layers\.(\d+)\.", key)]  # noqa: SIM118
            settings.num_hidden_layers = max(numbers) + 1
        network = transformers.AutoModelForCausalLM.from_pretrained(
            source, config=settings, dtype=torch.float32, **PLAIN
        )
        if adapter:
            network = PeftModel.from_pretrained(network, str(path)).merge_and_unload()
        return network.eval(), tokenizer, None
    except InputError:
        raise
    except (OSError, ValueError, RuntimeError) as error:
        raise InputError(f"{path}: cannot be loaded with {base} ({str(error).splitlines()[0]})") from None
