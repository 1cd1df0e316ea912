"""How pages look: templates that escape everything, words in the person's language, numbers as messages show them."""

import hashlib
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ....prompts.messages.say import languages, say, say_all, say_fact
from ....tools.errors import InputError
from ....tools.messages import Fact, Message, Money, ProductName, Units, message, shown
from ..why import why
from .charts import points

FOLDER = Path(str(files(__package__)))
STATIC = {"style.css": "text/css; charset=utf-8", "pages.js": "text/javascript; charset=utf-8"}
PAGES = (("/", "today"), ("/catalogue", "catalogue"), ("/orders", "orders"), ("/ask", "ask"), ("/accuracy", "accuracy"))
UNKNOWN = "–"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"units": units, "money": money, "signed": signed, "points": points}
    made.tests["assumption"] = lambda key: "-assumed-" in key
    made.globals |= {"url": url, "asset": static_url, "menu": PAGES, "numeric": numeric, "sku_of": sku_of}
    return made


def page(request: Request, template: str, status: int = 200, **facts: Any) -> Response:
    """A page in the visitor's language.

    Args:
        request: whose path and language it is.
        template: of `templates/`.
        status: of HTTP.
        facts: what the template shows.
    """
    lang = request.state.visitor.lang

    def words(key: str, **some: Fact) -> str:
        return say(message(f"web-{key}", **some), lang)

    others = [(one, _turned(request, one)) for one in languages()]
    shared = {
        "t": words,
        "say": lambda one: say(one, lang),
        "say_all": lambda some: say_all(some, lang),
        "cell": lambda one: cell(one, lang),
        "why": lambda error: why(error, lang),
        "lang": lang,
        "languages": others,
        "path": request.url.path,
    }
    return HTMLResponse(_environment().get_template(template).render(shared | facts), status)


def error_page(request: Request, why: InputError | str, status: int, **facts: Fact) -> Response:
    """A page that says what went wrong, by an error or by the key of a message."""
    text = why if isinstance(why, InputError) else InputError(say(message(why, **facts), request.state.visitor.lang))
    return page(request, "error.html", status, error=text)


@cache
def asset(name: str) -> tuple[bytes, str]:
    """A file of `static/`, and what kind it is.

    Raises:
        KeyError: there is none of that name.
    """
    kind = STATIC[name]
    return (FOLDER / "static" / name).read_bytes(), kind


def static_url(name: str) -> str:
    """The address of a file of `static/`, which changes with what stands in it."""
    return f"/static/{name}?v={hashlib.sha256(asset(name)[0]).hexdigest()[:12]}"


def url(path: str, **query: Any) -> str:
    """An address of ours: whatever stands in the data is only ever a value of its query."""
    some = {name: value for name, value in query.items() if value not in (None, "")}
    return f"{path}?{urlencode(some)}" if some else path


def units(value: float | None) -> str:
    """Units as messages show them."""
    return UNKNOWN if value is None or not math.isfinite(value) else shown(Units(value))


def money(value: float | None) -> str:
    """Money in whole units of the currency from a hundred on, below with cents."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}"


def signed(value: float | None) -> str:
    """A change in per cent."""
    return UNKNOWN if value is None or not math.isfinite(value) else f"{value:+,.0f} %"


def cell(value: Fact | None, lang: str) -> str:
    """A cell of a tool's table, or of one that was kept as plain values."""
    if value is None or (isinstance(value, Message) and value.key == "not-known"):
        return UNKNOWN
    if type(value) is float:
        return units(value)
    if isinstance(value, Money):
        return f"{value:,.2f}"
    return say_fact(value, lang)


def numeric(value: Any) -> bool:
    """Whether a cell holds a number, which stands at the right."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def sku_of(value: Any, known: Mapping[str, int]) -> str | None:
    """The SKU of a cell that names a product of the panel, so that it may lead to its page."""
    if isinstance(value, ProductName):
        return value.sku if value.sku in known else None
    return str(value) if isinstance(value, str) and value in known else None


def _turned(request: Request, lang: str) -> str:
    """The address of the same page in another language."""
    query = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return f"{request.url.path}?{urlencode([*query, ('lang', lang)])}"
