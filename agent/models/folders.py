"""A folder of a model is data: weights as safetensors or GGUF, and JSON that names no code. Anything else is refused.

Weights in Python's pickle format run whatever they hold when they are loaded, and `auto_map` in a configuration names
Python files of the folder to import. See docs/SECURITY.md.
"""

from pathlib import Path
from typing import Any

from ...tools.errors import InputError
from ...tools.inputs import TEXT, read_json

PLAIN: dict[str, Any] = {"trust_remote_code": False, "use_safetensors": True}  # of every `from_pretrained` of a model
NO_CODE: dict[str, Any] = {"trust_remote_code": False}  # of a tokenizer or a configuration
SAFE = (".safetensors", ".gguf")
PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".h5", ".msgpack", ".joblib")
CONFIGS = ("config.json", "tokenizer_config.json", "generation_config.json", "adapter_config.json")


def check_model_folder(folder: Path) -> Path:
    """Refuse a folder whose weights are a pickle, or that wants code of its own to run.

    Args:
        folder: of a model, an adapter or a tokenizer; a name that is no folder here passes.

    Returns:
        The folder.

    Raises:
        InputError: it holds weights only as a pickle, or a configuration with `auto_map`.
    """
    if not folder.is_dir():
        return folder
    files = sorted(path.name for path in folder.iterdir())
    pickled = [name for name in files if name.endswith(PICKLED)]
    if pickled and not any(name.endswith(SAFE) for name in files):
        raise InputError(f"model {folder}: {pickled[0]} may hold code; expected weights as .safetensors or .gguf")
    for name in CONFIGS:
        if name not in files:
            continue
        held = read_json(folder / name, f"model {folder}: {name}", most=TEXT)
        if not isinstance(held, dict):
            raise InputError(f"model {folder}: {name} is no configuration")
        if held.get("auto_map") or held.get("custom_pipelines"):
            raise InputError(f"model {folder}: {name} asks for Python code of its own to be run, which is never done")
    return folder


def load_tokenizer(where: str | Path, **options: Any) -> Any:
    """The tokenizer of a folder, or of a model by its name, without any code of its own.

    Args:
        where: the folder or name.
        options: of `from_pretrained`, such as `gguf_file`.

    Raises:
        InputError: the folder is refused.
        OSError: there is none.
        ValueError: it is broken.
    """
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(str(check_model_folder(Path(where))), **NO_CODE, **options)
