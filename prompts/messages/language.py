"""Language: English sentences with their figures, said again in another language by a catalogue of both.

A catalogue `prompts/LANG.toml` pairs sentences (`[[said]]`, `en` and the other) with the same {placeholders}. One named
in `[terms]` holds a word of a short list, each with its translation; one in `[lists]` parts that are translated by
themselves, between separators; one in `text` holds names that stay as they are; any other a number or a date. Digits at
a name's end tell placeholders of one kind apart.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from ...tools.errors import InputError

ENGLISH = "en"
PLACE = re.compile(r"\{(\w+)\}")
NUMBER = r"[-+]?(?:\d(?:[\d,.e+-]*\d)?|nan)"
WIDE = re.compile(r"[。，：；！？]$")  # after which the next sentence follows without a space


@dataclass(frozen=True)
class Catalogue:
    """Sentences in English and another language.

    Attributes:
        said: pairs of templates; the first that a sentence matches is taken.
        terms: by placeholder, what it may hold and how that is called there.
        lists: by placeholder, the separator here and there.
        text: placeholders that stay as they are.
    """

    said: list[tuple[str, str]]
    terms: dict[str, dict[str, str]]
    lists: dict[str, tuple[str, str]]
    text: frozenset[str]

    def translate(self, sentence: str) -> str:
        """The sentence there; itself where no template matches."""
        for pattern, there in self._patterns:
            if match := pattern.fullmatch(sentence):
                held = {
                    name: self._value(name.rstrip("0123456789"), value) for name, value in match.groupdict().items()
                }
                return _fill(there, held)
        return sentence

    def _value(self, name: str, value: str) -> str:
        """What a placeholder held, there."""
        kind = name.rstrip("0123456789")
        if kind in self.lists:
            here, there = self.lists[kind]
            return there.join(self.translate(part) for part in value.split(here))
        for pattern, there in self._term_patterns.get(kind, []):
            if match := pattern.fullmatch(value):
                return _fill(there, match.groupdict())
        return value

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], str]]:
        return [(re.compile(self._regex(here), re.DOTALL), there) for here, there in self.said]

    @cached_property
    def _term_patterns(self) -> dict[str, list[tuple[re.Pattern[str], str]]]:
        return {
            kind: [(re.compile(self._regex(here)), there) for here, there in terms.items()]
            for kind, terms in self.terms.items()
        }

    def _regex(self, template: str, *, named: bool = True) -> str:
        """A regular expression that the filled template matches, with a group a placeholder if `named`."""
        made, seen = "", set[str]()
        for place, part in enumerate(PLACE.split(template)):
            kind = part.rstrip("0123456789")
            if place % 2 == 0:
                made += re.escape(part)
            elif part in seen and named:
                made += f"(?P={part})"
            else:
                held = ".+?" if kind in self.text or kind in self.lists else NUMBER
                if kind in self.terms:
                    held = "|".join(self._regex(term, named=False) for term in self.terms[kind])
                made += f"(?P<{part}>{held})" if named else f"(?:{held})"
                seen.add(part)
        return made


def _fill(template: str, held: dict[str, str]) -> str:
    return PLACE.sub(lambda match: held[match[1]], template)


def languages() -> list[str]:
    """The languages there are, English first."""
    found = (item.name.removesuffix(".toml") for item in files(__package__).iterdir() if item.name.endswith(".toml"))
    return [ENGLISH, *sorted(found)]


@cache
def catalogue(lang: str) -> Catalogue:
    """The catalogue of a language other than English, read and compiled once.

    Raises:
        InputError: there is none of that name.
    """
    check_language(lang)
    told: dict[str, Any] = tomllib.loads(files(__package__).joinpath(f"{lang}.toml").read_text(encoding="utf-8"))
    return Catalogue(
        said=[(pair["en"], pair[lang]) for pair in told["said"]],
        terms=told["terms"],
        lists={name: (here, there) for name, (here, there) in told["lists"].items()},
        text=frozenset(told["text"]),
    )


def check_language(lang: str) -> str:
    """Refuse a language that there is not, before any work is done.

    Raises:
        InputError: it is none of those there are.
    """
    if lang not in languages():
        raise InputError(f"language {lang!r}: not known; valid choices: {', '.join(languages())}")
    return lang


def translate(sentence: str, lang: str) -> str:
    """One sentence in a language; as it is where the catalogue has none like it.

    Args:
        sentence: in English, as a tool said it.
        lang: `en` or the name of a catalogue.

    Raises:
        InputError: there is no such language.
    """
    return sentence if lang == ENGLISH else catalogue(lang).translate(sentence)


def said_in(sentences: Iterable[str], lang: str) -> str:
    """Sentences in a language as one text; Chinese ones stand without spaces between them."""
    text = ""
    for sentence in (translate(one, lang) for one in sentences):
        text += sentence if not text or WIDE.search(text) else f" {sentence}"
    return text
