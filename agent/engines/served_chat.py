"""The chat model of a server: LangChain's client for the OpenAI API, with errors in one line and words as they come."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import openai
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from .base import EngineError
from .served import LONGEST, RETRIES, TIMEOUT

MOST_TOKENS = 1024  # of one answer: a small model may not come to an end by itself


class ServedChat(ChatOpenAI):
    """A model behind an OpenAI-compatible server that calls tools and writes. Raises EngineError where it cannot."""

    def _generate(self, *args: Any, **options: Any) -> ChatResult:
        with self._in_a_line():
            return super()._generate(*args, **options)

    def _stream(self, *args: Any, **options: Any) -> Iterator[ChatGenerationChunk]:
        with self._in_a_line():
            yield from super()._stream(*args, **options)

    @contextmanager
    def _in_a_line(self) -> Iterator[None]:
        try:
            yield
        except openai.APITimeoutError:
            raise EngineError(f"{self.openai_api_base}: no answer within {TIMEOUT:g} s") from None
        except openai.APIConnectionError as error:
            raise EngineError(f"{self.openai_api_base}: no connection ({error.__cause__ or error})") from None
        except openai.APIStatusError as error:
            said = f"HTTP {error.status_code}: {error.message[:LONGEST]}"
            raise EngineError(f"{self.openai_api_base}: {said}") from None
        except (openai.OpenAIError, ValueError, TypeError, AttributeError, KeyError) as error:
            raise EngineError(f"{self.openai_api_base}: not a chat API's answer ({str(error)[:LONGEST]})") from None


def served_chat(model: str, url: str) -> ServedChat:
    """The chat model of this name at an address. The key is `OPENAI_API_KEY`, if the server wants one."""
    return ServedChat(
        model=model,
        base_url=url,
        api_key=SecretStr(os.environ.get("OPENAI_API_KEY") or "none"),
        temperature=0,
        timeout=TIMEOUT,
        max_retries=RETRIES,
        stream_usage=True,
        max_completion_tokens=MOST_TOKENS,
    )
