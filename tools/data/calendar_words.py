"""Words in dates: months, weekdays, weeks, quarters, in the language of a whole column; names are CLDR's, by Babel."""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from babel.dates import get_day_names, get_month_names

from .words import words

LANGUAGES = (
    *("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "sk", "hu", "ro", "tr", "el", "ru"),
    *("uk", "bg", "hr", "sl", "et", "lv", "lt", "ca", "id", "vi", "zh", "ja", "ko"),
)
FORMS = tuple((width, context) for width in ("wide", "abbreviated") for context in ("format", "stand-alone"))
SHORTEST = 3


def joined(text: str) -> str:
    """A date in lower case, with the signs of Chinese, Japanese and Korean dates as hyphens."""
    text = text.strip().casefold()
    text = re.sub(r"(\d)\s*[年년月월]\s*", r"\1-", text)
    return re.sub(r"(\d)\s*[日号號일]", r"\1", text).strip(" -")


def meaning_of(texts: Iterable[str]) -> Mapping[str, str]:
    """What the words of dates mean, in the first language that knows most of them.

    Args:
        texts: dates without their time of the day.

    Returns:
        `month N`, `weekday`, `week`, `quarter` or `filler` of each known word, in lower case.
    """
    found: dict[str, None] = {}
    for text in texts:
        found |= dict.fromkeys(re.findall(r"[^\W\d_]+", joined(text)))
        if len(found) > 200:  # no column of dates has as many
            return {}
    if not found:
        return {}
    general = {word: kind for word in found if (kind := _general(word))}
    best: dict[str, str] = {}
    for lang in LANGUAGES:
        known = {word: kind for word in found if (kind := _in(lang, word))}
        if len(known) > len(best):
            best = known
    return best | general


@cache
def _general(word: str) -> str:
    dates = words()["dates"]
    if word in dates["months"]:
        return f"month {dates['months'][word]}"
    return next((kind for kind in ("week", "quarter", "filler") if word in dates[kind]), "")


@cache
def _names(lang: str) -> tuple[dict[str, int], frozenset[str]]:
    """Months by their names and abbreviations, and the names of weekdays."""
    months: dict[str, int] = {}
    days: set[str] = set()
    for width, context in FORMS:
        for number, name in get_month_names(width, context, lang).items():
            if not re.search(r"\d", name):
                months.setdefault(_bare(name), int(number))
        days |= {_bare(name) for name in get_day_names(width, context, lang).values()}
    return months, frozenset(days)


def _bare(name: str) -> str:
    """The one word of a name, without its point: `de enero` is `enero`."""
    found = re.findall(r"[^\W\d_]+", name.casefold())
    return max(found, key=len) if found else ""


@cache
def _in(lang: str, word: str) -> str:
    """A word's meaning in one language: a whole name, or the first letters of one alone."""
    months, days = _names(lang)
    if word in months:
        return f"month {months[word]}"
    if word in days:
        return "weekday"
    if len(word) >= SHORTEST:
        begun = {number for name, number in months.items() if name.startswith(word)}
        if len(begun) == 1:
            return f"month {begun.pop()}"
        if any(name.startswith(word) for name in days):
            return "weekday"
    return ""
