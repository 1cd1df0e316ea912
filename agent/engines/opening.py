"""Opening: the models that a command names, by kind, name, folder or address, loaded for what they are to do."""

from typing import TYPE_CHECKING

from ...tools.errors import InputError
from ..models.registry import find, merged_folder
from . import DEFAULT_ENGINE, open_engine
from .base import Engine, EngineError
from .served import check_listens

if TYPE_CHECKING:
    from .slots import SlotEngine

NONE = "none"  # in a model's place


def open_llm(engine: str, *, start: bool = True) -> Engine | None:
    """The LLM of this spec; None of `none`.

    Raises:
        InputError: there is no such model, or nothing listens at its address.
    """
    if engine == NONE:
        return None
    made = open_engine(engine, start=start)
    if start and engine.startswith("openai:"):
        try:
            check_listens(engine.partition("@")[2])
        except EngineError as error:
            raise InputError(f"--engine: {error}") from None
    return made


def writing(engine: str, model: str) -> str:
    """The LLM of a forecast: where a fine-tuned model forecasts, the default one only writes, and is fine-tuned too."""
    return engine if engine != DEFAULT_ENGINE or model == NONE else f"hf:{merged_folder(find('writer'))}"


def open_slots(model: str, engine: str, *, start: bool = True) -> "SlotEngine | None":
    """The slot model of this name; None with the engine `none`, which is statistics alone.

    Args:
        model: name or folder, `vllm:` before it for vLLM in this process, `@http…` behind it for a server.
        engine: spec of the LLM.
        start: vLLM at once, and not when it is first asked for.

    Raises:
        InputError: there is no such model, or its server does not answer.
    """
    if NONE in (model, engine):
        return None
    from .slots import SlotEngine

    if model.startswith("vllm:"):
        folder = find(model.removeprefix("vllm:") or "default")
        return SlotEngine.offline(folder, merged_folder(folder), start=start)
    name, at, url = model.partition("@http")
    try:
        return SlotEngine.served(find(name), f"http{url}") if at else SlotEngine.load(find(model))
    except EngineError as error:
        raise InputError(f"--model {model}: {error}") from None
