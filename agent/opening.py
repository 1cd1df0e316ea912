"""Opening: the models that a command names, by kind, name, folder or address, loaded for what they are to do."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..tools.errors import InputError
from .chat.router import RoutingModel
from .chat.rules import RulesModel
from .engines import DEFAULT_ENGINE, open_engine
from .engines.base import Engine, EngineError
from .engines.served import check_listens, load_adapter
from .models.cards import CARD_FILE, read_card
from .models.registry import adapters_of, find, merged_folder

if TYPE_CHECKING:
    from .engines.slots import SlotEngine

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
    from .engines.slots import SlotEngine

    if model.startswith("vllm:"):
        folder = find(model.removeprefix("vllm:") or "default")
        return SlotEngine.offline(folder, merged_folder(folder), start=start)
    name, at, url = model.partition("@http")
    try:
        return SlotEngine.served(find(name), f"http{url}") if at else SlotEngine.load(find(model))
    except EngineError as error:
        raise InputError(f"--model {model}: {error}") from None


def open_caller(
    router: str, engine: str, known: Sequence[str] = (), writer: Callable[[], Engine | None] | None = None
) -> Any:
    """The model that chooses the chat's tools: rules without an LLM, a server's own model, or a fine-tuned router.

    Args:
        router: name or folder of a router, `engine` or `rules`.
        engine: spec of the LLM.
        known: SKUs, for the rules.
        writer: beside a router it says why a forecast is so; without one the tools' own sentences do.

    Raises:
        InputError: there is no such model.
    """
    if engine == NONE or router == "rules":
        return RulesModel(known=frozenset(known))
    if engine.startswith("openai:") and router == "engine":
        from .engines.served_chat import served_chat

        name, _, url = engine.removeprefix("openai:").partition("@")
        return served_chat(name, url)
    if router == "engine":
        return RoutingModel(engine=open_llm(engine))
    folder = find(router)
    trained = tuple(read_card(folder).tools) if (folder / CARD_FILE).exists() else ()
    return RoutingModel(engine=open_llm(f"hf:{merged_folder(folder)}"), trained=trained, writer=writer)


def add_adapters(url: str, names: Sequence[str]) -> dict[str, str]:
    """Load adapters of the registry into a server that runs; each one's spec as an engine.

    Raises:
        InputError: none is named, there is no such adapter, or the server does not take it.
    """
    if not names:
        raise InputError("--into: name what to add, with --adapter NAME")
    made = {}
    for name, folder in adapters_of(names).items():
        try:
            load_adapter(url, name, folder)
        except EngineError as error:
            raise InputError(f"--into {url}: {error}") from None
        made[name] = f"openai:{name}@{url}"
    return made
