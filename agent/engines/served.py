"""What every served engine shares: one client for a server that speaks the OpenAI API, and its errors in one line."""

import os
from collections.abc import Callable
from typing import Any, TypeVar

import openai

from .base import EngineError

TIMEOUT = 120.0  # seconds a request may take
RETRIES = 9  # of what may pass (no connection, 408, 409, 429, 5xx): up to 50 seconds, so that a server may start again
AT_ONCE = 8  # requests under way
LONGEST = 300  # characters of a server's error that are shown

POOLER = {"task": "token_classify", "use_activation": False}  # of vLLM's pooling runner: raw logits, token by token
STRUCTURED = {"backend": "xgrammar", "disable_any_whitespace": True}  # else JSON answers run into endless newlines

T = TypeVar("T")


def client(url: str, retries: int | None = None) -> openai.OpenAI:
    """A client of this address. The key is `OPENAI_API_KEY`, if the server wants one."""
    key = os.environ.get("OPENAI_API_KEY") or "none"
    return openai.OpenAI(
        base_url=url, api_key=key, timeout=TIMEOUT, max_retries=RETRIES if retries is None else retries
    )


def answered(url: str, ask: Callable[[], T]) -> T | None:
    """What a request came to; None where the answer is not of the API.

    Raises:
        EngineError: no connection, no answer in time, or the server refused; what may pass was tried again before.
    """
    try:
        return ask()
    except openai.APITimeoutError:
        raise EngineError(f"{url}: no answer within {TIMEOUT:.0f} s") from None
    except openai.APIConnectionError as error:
        raise EngineError(f"{url}: no connection ({error.__cause__ or error})") from None
    except openai.APIStatusError as error:
        raise EngineError(f"{url}: HTTP {error.status_code}: {error.message[:LONGEST]}") from None
    except (openai.APIError, ValueError):
        return None


def served_models(url: str) -> list[str]:
    """Names of the models at an address.

    Raises:
        EngineError: there is no such API.
    """
    found: Any = answered(url, lambda: client(url, 0).models.list())
    names = [str(one.id) for one in getattr(found, "data", None) or []]
    if not names:
        raise EngineError(f"{url}: not a model server's answer; expected an address like http://HOST:8000/v1")
    return names
