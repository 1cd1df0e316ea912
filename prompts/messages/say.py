"""Saying: messages put into words by Fluent files, one folder a language and one file a subject.

[Fluent](https://projectfluent.org) was made for this: a key a message, plurals and choices in the file, so that the
grammar of a language is the translator's and not the code's. Numbers are shown by their kind, in all languages alike,
because every number of a text is checked against the evidence.
"""

import re
from calendar import monthrange
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_interval
from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.types import fluent_number

from ...tools.errors import InputError, without_secrets
from ...tools.messages import Count, Fact, Message, ProductName, Refusal, Span, shown

ENGLISH = "en"
LONGEST = 900  # characters of a fact: Fluent takes no more than a thousand
LOCALES = {ENGLISH: "en_GB"}  # how dates are written: the day before the month
ENDED = re.compile(r"[.!?:;,…)。！？：；，）]\s*$")
WIDE = re.compile(r"[。，：；！？]$")  # after which the next sentence follows without a space
FOLDER = Path(str(files(__package__)))


@cache
def languages() -> list[str]:
    """The languages there are, English first."""
    found = sorted(path.name for path in FOLDER.iterdir() if path.is_dir() and any(path.glob("*.ftl")))
    return [ENGLISH, *(lang for lang in found if lang != ENGLISH)]


def check_language(lang: str) -> str:
    """Refuse a language that there is not, before any work is done.

    Raises:
        InputError: it is none of those there are.
    """
    if lang not in languages():
        raise InputError(f"language {lang!r}: not known; valid choices: {', '.join(languages())}")
    return lang


@cache
def bundle(lang: str) -> FluentBundle:
    """All messages of a language, read once.

    Raises:
        InputError: there is no such language.
    """
    check_language(lang)
    made = FluentBundle([lang], use_isolating=False, functions={"NOUN": _noun})
    for path in sorted((FOLDER / lang).glob("*.ftl")):
        made.add_resource(FluentResource(path.read_text(encoding="utf-8")))
    return made


def _noun(count: object, one: str, other: str) -> str:
    """`{ NOUN($count, "product is", "products are") }` in a message: a short plural, beside the selectors of Fluent.

    A quantity is one where it reads so, after rounding.
    """
    return one if str(count) == "1" else other


def say(one: Message, lang: str = ENGLISH, *, names: bool = True) -> str:
    """One message in words.

    Args:
        one: the message.
        lang: `en` or another of `languages()`.
        names: also the names of products; without them a product is its SKU alone, as a model may be shown it.

    Raises:
        InputError: there is no such language.
        KeyError: the language has no such message, or the message no such fact.
    """
    words = bundle(lang)
    if not words.has_message(one.key):
        raise KeyError(f"no message {one.key!r} in {lang!r}")
    held = {name.replace(".", "_"): _argument(name, value, lang, names) for name, value in one.facts.items()}
    pattern = words.get_message(one.key).value
    text, wrong = words.format_pattern(pattern, held)
    if wrong:
        raise KeyError(f"message {one.key!r} in {lang!r}: {wrong[0]}")
    return str(text)


def say_all(some: Iterable[Message], lang: str = ENGLISH, *, names: bool = True) -> str:
    """Messages as one text; Chinese sentences stand without spaces between them."""
    text = ""
    for sentence in (say(one, lang, names=names) for one in some):
        if text and not ENDED.search(text):
            text += "；" if lang != ENGLISH else ";"
        text += sentence if not text or WIDE.search(text) else f" {sentence}"
    return text


def say_fact(value: Fact, lang: str = ENGLISH, *, names: bool = True, name: str = "") -> str:
    """A fact by itself, as a table's cell shows it; several stand between the `NAME-separator` of the language."""
    if isinstance(value, Message):
        return say(value, lang, names=names)
    if isinstance(value, ProductName):
        return say(_product(value, names), lang)
    if isinstance(value, Span):
        return say_span(value, lang)
    if isinstance(value, tuple) and value:
        parts = [say_fact(part, lang, names=names) for part in value]
        kind = "products-separator" if isinstance(value[0], ProductName) else "list-separator"
        if bundle(lang).has_message(f"{name}-separator"):
            kind = f"{name}-separator"
        return say(Message(kind), lang).join(parts) if len(parts) > 1 else parts[0]
    return "" if isinstance(value, tuple) else shown(value)


def say_span(span: Span, lang: str = ENGLISH) -> str:
    """A period by its days: `3 Dec 2017`, `4–10 Dec 2017`, `28 Aug – 3 Sept 2017`, `December 2017`."""
    first, last, locale = span.first, span.last, LOCALES.get(lang, lang)
    if first == last:
        return str(format_date(first, "medium", locale=locale))
    month = (last.year, last.month)
    if (first.year, first.month) == month and (first.day, last.day) == (1, monthrange(*month)[1]):
        return str(format_interval(first, first, "yMMMM", locale=locale))
    text = str(format_interval(first, last, "yMMMd", locale=locale))
    dash = "–" if (first.year, first.month) == month else " – "
    return re.sub(r"\s*–\s*", dash, text)


def say_error(error: BaseException, lang: str = ENGLISH) -> str:
    """What a person is shown of an error, in one line without a password: a refusal in their language."""
    return without_secrets(" ".join(say(error.message, lang).split()) if isinstance(error, Refusal) else str(error))


def _argument(name: str, value: Fact, lang: str, names: bool) -> Any:
    """A fact as Fluent takes it: whole counts stay numbers, so that a message can choose by them."""
    if isinstance(value, int) and not isinstance(value, bool):
        return fluent_number(int(value), useGrouping=isinstance(value, Count))
    text = say_fact(value, lang, names=names, name=name)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _product(product: ProductName, names: bool) -> Message:
    if product.name and names:
        return Message("product-named", {"sku": product.sku, "name": product.name})
    return Message("product", {"sku": product.sku})
