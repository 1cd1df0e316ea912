"""The chat model of a server: LangChain's client for the OpenAI API, with errors in one line and words as they come."""

import os
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import openai
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from .base import EngineError
from .served import TIMEOUT, answered

T = TypeVar("T")
MOST_TOKENS = 1024  # of one answer: a small model may not come to an end by itself


class ServedChat(ChatOpenAI):
    """A model behind an OpenAI-compatible server that calls tools and writes; what may pass is tried again.

    Raises EngineError where the server cannot answer.
    """

    def _generate(self, *args: Any, **options: Any) -> ChatResult:
        made = answered(self._url, lambda: _no_attribute(lambda: ChatOpenAI._generate(self, *args, **options)))
        if made is None:
            raise self._odd()
        return made

    def _stream(self, *args: Any, **options: Any) -> Iterator[ChatGenerationChunk]:
        def begun() -> tuple[ChatGenerationChunk | None, Iterator[ChatGenerationChunk]]:
            chunks = ChatOpenAI._stream(self, *args, **options)
            return next(chunks, None), chunks

        made = answered(self._url, lambda: _no_attribute(begun))
        if made is None or made[0] is None:
            raise self._odd()
        yield made[0]
        try:
            yield from made[1]
        except (openai.OpenAIError, ValueError, TypeError) as error:
            raise EngineError(f"{self._url}: the answer broke off ({error})") from None

    @property
    def _url(self) -> str:
        return str(self.openai_api_base)

    def _odd(self) -> EngineError:
        return EngineError(f"{self._url}: not a chat API's answer; expected an address like http://HOST:8000/v1")


def _no_attribute(ask: Callable[[], T]) -> T:
    """What is asked for; an answer of another shape is a ValueError."""
    try:
        return ask()
    except (TypeError, AttributeError, KeyError) as error:
        raise ValueError(str(error)) from None


def served_chat(model: str, url: str) -> ServedChat:
    """The chat model of this name at an address. The key is `OPENAI_API_KEY`, if the server wants one."""
    return ServedChat(
        model=model,
        base_url=url,
        api_key=SecretStr(os.environ.get("OPENAI_API_KEY") or "none"),
        temperature=0,
        timeout=TIMEOUT,
        max_retries=0,
        stream_usage=True,
        max_completion_tokens=MOST_TOKENS,
    )
