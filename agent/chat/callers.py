"""Callers: the model that chooses the chat's tools, opened by name."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..engines.opening import NONE, open_llm
from ..models.cards import CARD_FILE, read_card
from ..models.registry import find, merged_folder
from .router import RoutingModel
from .rules import RulesModel

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from ..engines.base import Engine


def open_caller(
    router: str, engine: str, known: Sequence[str] = (), writer: "Callable[[], Engine | None] | None" = None
) -> "BaseChatModel":
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
        from ..engines.served_chat import served_chat

        name, _, url = engine.removeprefix("openai:").partition("@")
        return served_chat(name, url)
    if router == "engine":
        return RoutingModel(engine=open_llm(engine))
    folder = find(router)
    trained = tuple(read_card(folder).tools) if (folder / CARD_FILE).exists() else ()
    return RoutingModel(engine=open_llm(f"hf:{merged_folder(folder)}"), trained=trained, writer=writer)
