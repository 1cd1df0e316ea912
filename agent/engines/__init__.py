"""Engines: language models behind one small protocol, opened by a spec and loaded only then."""

from ...tools.errors import InputError
from ...tools.inputs import brief
from .base import Completion, Constraint, Engine, EngineError, Message, Prompt, integers

DEFAULT_ENGINE = "hf:"  # the default LLM, in this process
SPECS = "hf: (the default model), hf:FOLDER_OR_NAME, vllm:FOLDER, openai:MODEL@URL"


def open_engine(spec: str, *, start: bool = True) -> Engine:
    """Open the engine that a spec names.

    Args:
        spec: `hf:` for the default model in this process, `hf:FOLDER_OR_NAME` for another one, `vllm:FOLDER` for vLLM
            in this process (`vllm:` the default model), `openai:MODEL@URL` for a server that speaks the OpenAI API,
            vLLM's above all.
        start: vLLM in this process at once, and not when it is first asked for.

    Raises:
        InputError: no such kind of engine, or no such model.
    """
    kind, colon, rest = spec.partition(":")
    if kind == "hf" and colon:
        from .hf import HFEngine

        return HFEngine.load(rest or None)
    if kind == "vllm" and colon:
        from ..models.store import require_default
        from .offline import VllmEngine

        offline = VllmEngine.load(rest or require_default())
        if start:
            offline.start()
        return offline
    if kind == "openai" and colon:
        from .openai_compatible import OpenAIEngine

        model, at, url = rest.partition("@")
        if not (model and at and url):
            raise InputError(
                f"engine {brief(spec)!r}: expected openai:MODEL@URL, as openai:skucast@http://127.0.0.1:8000/v1"
            )
        return OpenAIEngine(model, url)
    raise InputError(f"engine {brief(spec)!r}: no such kind; valid choices: {SPECS}")


__all__ = ["Completion", "Constraint", "Engine", "EngineError", "Message", "Prompt", "integers", "open_engine"]
