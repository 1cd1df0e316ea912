"""What holds of every page alike: security headers, the person's language, requests of other sites, errors in words."""

import hmac
import uuid
from base64 import b64decode
from collections.abc import Callable, Collection, Coroutine
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from ....prompts.messages.say import languages
from ....tools.errors import InputError
from ..service import Busy
from .look import error_page

LANG, BROWSER = "skucast_lang", "skucast_browser"  # cookies
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
BODY = 1_000_000  # bytes of a form
LONGEST_NAME = 80  # characters of a person's name
YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Visitor:
    """Who looks at a page.

    Attributes:
        lang: of what they read.
        browser: the name of their browser, by which their basket and conversation are known.
        who: their name: as they gave it with the key, else of who serves the page. It is taken at its word.
    """

    lang: str
    browser: str
    who: str

    @classmethod
    def of(cls, request: Request, lang: str, who: str) -> "Visitor":
        """The visitor of a request: their language as just chosen, else as chosen before, else the page's own."""
        wished = (request.query_params.get("lang"), request.cookies.get(LANG))
        name = request.cookies.get(BROWSER, "")
        known = len(name) == 32 and name.isalnum()
        spoken = next((one for one in wished if one in languages()), lang)
        return cls(spoken, name if known else uuid.uuid4().hex, _sent(request)[0] or who)


def guarded(lang: str, key: str | None = None, hosts: Collection[str] = (), who: str = "") -> type[APIRoute]:
    """The kind of route that all pages have.

    Args:
        lang: of who chose none.
        key: the password that a browser asks for; the user name is that of the person. None asks for none.
        hosts: names by which this server may be called, so that no other site's name leads here; any when empty.
        who: the person where a browser names none.
    """

    class Guarded(APIRoute):
        """A route whose answers are safe to show."""

        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            """Answers a request."""
            handle = super().get_route_handler()

            async def answer(request: Request) -> Response:
                visitor = request.state.visitor = Visitor.of(request, lang, who)
                if refused := _foreign(request, hosts):
                    response = error_page(request, "web-foreign", 403, what=refused)
                elif key and not _knows(request, key):
                    response = error_page(request, "web-key", 401)
                    response.headers["WWW-Authenticate"] = 'Basic realm="skucast", charset="UTF-8"'
                elif request.method == "POST" and not 0 <= _length(request) <= BODY:
                    response = error_page(request, "web-bad-request", 413)
                else:
                    try:
                        response = await handle(request)
                    except InputError as error:
                        response = error_page(request, error, 400)
                    except RequestValidationError:
                        response = error_page(request, "web-bad-request", 422)
                    except Busy:
                        response = error_page(request, "web-busy", 503)
                        response.headers["Retry-After"] = "2"
                for name, value in HEADERS.items():
                    response.headers.setdefault(name, value)
                response.headers.setdefault("Cache-Control", "no-store")
                if request.query_params.get("lang") == visitor.lang != request.cookies.get(LANG):
                    response.set_cookie(LANG, visitor.lang, max_age=YEAR, httponly=True, samesite="lax")
                if request.cookies.get(BROWSER) != visitor.browser:
                    response.set_cookie(BROWSER, visitor.browser, max_age=YEAR, httponly=True, samesite="strict")
                return response

            return answer

    return Guarded


def _foreign(request: Request, hosts: Collection[str]) -> str:
    """The name of another site that sent this request, or by whose name it came; empty where there is none."""
    if hosts and (request.url.hostname or "") not in hosts:
        return str(request.url.hostname)
    origin = request.headers.get("origin")
    if request.method == "POST":
        if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
            return origin
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return request.headers["sec-fetch-site"]
    return ""


def _knows(request: Request, key: str) -> bool:
    """Whether a browser sent the key as its password."""
    return hmac.compare_digest(_sent(request)[1], key.encode())


def _sent(request: Request) -> tuple[str, bytes]:
    """The user name and password that a browser sent; empty where it sent none."""
    kind, _, sent = request.headers.get("authorization", "").partition(" ")
    try:
        name, _, password = b64decode(sent, validate=True).partition(b":") if kind.lower() == "basic" else (b"",) * 3
        return name.decode().strip()[:LONGEST_NAME], password
    except ValueError:
        return "", b""


def _length(request: Request) -> int:
    """Bytes of a request's body; -1 where that is not said."""
    said = request.headers.get("content-length", "")
    return int(said) if said.isdecimal() and "transfer-encoding" not in request.headers else -1
