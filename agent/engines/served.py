"""What every served engine shares: one client for a server that speaks the OpenAI API, and its errors in one line."""

import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import openai

from ...tools.errors import InputError
from ...tools.inputs import brief
from .base import EngineError

TIMEOUT = 120.0  # seconds a request may take; one that took them is not asked again: a slow server gets no quicker
RETRIES = 9  # of what may pass (no connection, 408, 409, 429, 5xx): up to 50 seconds, so that a server may start again
FIRST_WAIT, LONGEST_WAIT = 0.5, 8.0  # seconds between them, doubled each time
PATIENCE = 5.0  # seconds in which a server shows that it is there, at the start
GIVEN_UP = 300.0  # seconds in which a server that did not answer to the end is asked but once, or each chunk would wait
HANGS = 3  # requests in a row without an answer in time, after which a server is not asked at all for as long
MAY_PASS = (408, 409, 429)
AT_ONCE = 8  # requests under way
LONGEST = 300  # characters of a server's error that are shown

POOLER = {"task": "token_classify", "use_activation": False}  # of vLLM's pooling runner: raw logits, token by token
STRUCTURED = {"backend": "xgrammar", "disable_any_whitespace": True}  # else JSON answers run into endless newlines

T = TypeVar("T")
_given_up: dict[str, float] = {}  # addresses, and until when
_hung: dict[str, int] = {}  # addresses, and requests in a row without an answer in time


def client(url: str) -> openai.OpenAI:
    """A client of this address. The key is `OPENAI_API_KEY`, if the server wants one.

    Raises:
        InputError: it is no address.
    """
    check_url(url)
    key = os.environ.get("OPENAI_API_KEY") or "none"
    return openai.OpenAI(base_url=url, api_key=key, timeout=TIMEOUT, max_retries=0)


def check_url(url: str) -> None:
    """Refuse what is no address of a server, and one with a password: names of engines stand in reports.

    Raises:
        InputError: it is none.
    """
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and url.isprintable()
    except ValueError:
        good, parts = False, None
    if parts is not None and (parts.password or parts.username):
        raise InputError("the URL of a model server: expected no user or password in it; set OPENAI_API_KEY")
    if not good:
        raise InputError(f"{brief(url)}: no URL of a server; expected one like http://HOST:8000/v1")


def answered(url: str, ask: Callable[[], T], retries: int | None = None) -> T | None:
    """What a request came to; None where the answer is not of the API.

    Raises:
        EngineError: no connection, no answer in time, or the server refused; what may pass was tried again before.
    """
    left, wait = RETRIES if retries is None else retries, FIRST_WAIT
    late = f"{url}: no answer within {TIMEOUT:g} s"
    if _hung.get(url, 0) >= HANGS and time.monotonic() < _given_up.get(url, 0.0):
        raise EngineError(f"{late}, {HANGS} times; not asked again for {GIVEN_UP / 60:g} minutes")
    while True:
        asked_for = None
        try:
            made = ask()
            _given_up.pop(url, None)
            _hung.pop(url, None)
            return made
        except openai.APITimeoutError:
            _hung[url] = _hung.get(url, 0) + 1
            if _hung[url] >= HANGS:
                _given_up[url] = time.monotonic() + GIVEN_UP
            raise EngineError(late) from None
        except openai.APIConnectionError as error:
            _hung.pop(url, None)
            reason = f"{url}: no connection ({error.__cause__ or error})"
        except openai.APIStatusError as error:
            _hung.pop(url, None)
            reason = f"{url}: HTTP {error.status_code}: {error.message[:LONGEST]}"
            if error.status_code not in MAY_PASS and error.status_code < 500:
                raise EngineError(reason) from None
            asked_for = error.response.headers.get("retry-after")
        except (openai.APIError, ValueError):
            return None
        hopeless = time.monotonic() < _given_up.get(url, 0.0)
        if left == 0 or hopeless:
            if retries is None and not hopeless:
                _given_up[url] = time.monotonic() + GIVEN_UP
            raise EngineError(reason)
        left -= 1
        jittered = wait * random.uniform(0.8, 1.2)  # so that those who were refused together do not come back together
        time.sleep(min(float(asked_for), 60.0) if asked_for and asked_for.isdecimal() else jittered)
        wait = min(2 * wait, LONGEST_WAIT)


def check_listens(url: str) -> None:
    """Refuse an address at which nothing listens, before any work is done; whatever answers, or is slow to, will do.

    Raises:
        EngineError: no connection.
    """
    try:
        client(url).with_options(timeout=PATIENCE).models.list()
    except openai.APITimeoutError:
        return
    except openai.APIConnectionError as error:
        raise EngineError(f"{url}: no connection ({error.__cause__ or error})") from None
    except (openai.APIError, ValueError, AttributeError, TypeError):
        return


def served_models(url: str) -> list[str]:
    """Names of the models at an address.

    Raises:
        EngineError: there is no such API.
    """
    found: Any = answered(url, lambda: client(url).models.list(), retries=0)
    names = [str(one.id) for one in getattr(found, "data", None) or []]
    if not names:
        raise EngineError(f"{url}: not a model server's answer; expected an address like http://HOST:8000/v1")
    return names


def load_adapter(url: str, name: str, folder: Path) -> None:
    """Add a LoRA adapter to a vLLM server that runs, to be asked for as a model of that name; twice is as once.

    Args:
        url: of the server, such as http://127.0.0.1:8178/v1.
        name: to ask for it by.
        folder: of the adapter, as the server sees it: on another machine it must lie at the same place.

    Raises:
        EngineError: there is no server, it takes no adapters while it runs, or not this one.
    """
    if name in served_models(url):
        return
    body = {"lora_name": name, "lora_path": str(folder.resolve())}
    try:
        answered(url, lambda: client(url).post("/load_lora_adapter", body=body, cast_to=str), retries=0)
    except EngineError as error:
        closed = "HTTP 404" in str(error) and "adapter" not in str(error).lower()
        raise EngineError(f"{error}; was it started with --hot?" if closed else str(error)) from None
    if name not in served_models(url):
        raise EngineError(f"{url}: took {name}, but does not serve it")
