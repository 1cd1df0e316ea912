"""Spelling: the words of asking as a small model was taught them, where a request misspells or shortens them."""

import re
from collections.abc import Callable
from functools import cache

from rapidfuzz.distance import OSA

from .words import EN

WORDS = frozenset(EN["spelling"]["words"].split())
SHORT = EN["spelling"]["short"]
LEAST = 4  # letters of a word that may be misspelt
LONG = 8  # letters from which it may be so twice
WORD = re.compile(r"(?<![\w'’-])[A-Za-z]+(?![\w'’-])")


def spelt(request: str, known: Callable[[str], bool]) -> str:
    """A request as it was meant to be typed: its words of asking, not its names.

    Args:
        request: the person's words.
        known: whether a word is one for itself, of the language or of the catalogue, and to be left alone.
    """

    def mended(match: re.Match[str]) -> str:
        word = match[0].lower()
        if word in WORDS:
            return match[0]
        meant = SHORT.get(word) or _nearest(word)
        return match[0] if meant is None or known(word) else meant

    return WORD.sub(mended, request)


@cache
def _nearest(word: str) -> str | None:
    """The one word of asking that is a slip of the keys away, of several that with the same first and last letter."""
    if len(word) < LEAST:
        return None
    slips = 2 if len(word) >= LONG else 1
    near = {one: OSA.distance(word, one, score_cutoff=slips) for one in WORDS if abs(len(one) - len(word)) <= slips}
    least = min(near.values(), default=slips + 1)
    found = [one for one, distance in near.items() if distance == least <= slips]
    alike = [one for one in found if (one[0], one[-1]) == (word[0], word[-1])]
    return next((some[0] for some in (found, alike) if len(some) == 1), None)
