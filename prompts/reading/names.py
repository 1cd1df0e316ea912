"""Naming: the runs of a request's words that may be names, of which alone a call's products may be made."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from .words import EN, ZH, zh

MOST_WORDS = 120  # of a request, from which names are taken; of Chinese, characters
LONGEST = 10  # words of a name
WORD = re.compile(r"\d+[A-Za-z]*|[^\W\d_\u4e00-\u9fff]+|[\u4e00-\u9fff]")  # SKU1234 and 商品12A are two and four
ASKING = {*EN["names"]["asking"].split(), *ZH["names"]["asking"]}  # words of a request, at whose edge no name stands
NEVER = {*EN["names"]["never"].split()}  # those that stand in no name either
PARTING = re.compile(
    r"[,;!?]\s+(?!\d)|[，、；。！？]|\s(?:v|vs|versus)\.?\s", re.IGNORECASE
)  # no name goes on behind it, but a size may
YEAR = re.compile(r"(?:19|20)\d\d")
BARE = re.compile(r"\d{1,2}|\d{1,3}[dwm]")  # a count, or how far ahead
LINKS = {*EN["names"]["links"].split(), *ZH["names"]["links"]}  # beside a name, in none
NEVER_CHINESE = re.compile(zh("names.never"))


class Names(Protocol):
    """What names there are."""

    def has(self, name: str) -> bool:
        """Whether it is a SKU."""

    def bears(self, run: str) -> bool:
        """Whether it is a SKU, or some product bears all of its words."""

    def group(self, run: str) -> str | None:
        """What kind of group goes by these words, or nearly: category, department, type or brand."""


@dataclass(frozen=True)
class Naming:
    """A request's runs of words.

    Attributes:
        request: as it was typed.
    """

    request: str

    @cached_property
    def _words(self) -> list[tuple[int, int]]:
        return [match.span() for match in WORD.finditer(self.request)][:MOST_WORDS]

    @cached_property
    def _runs(self) -> list[tuple[int, int]]:
        """First and last word of every run of up to ten."""
        count = len(self._words)
        runs = ((first, last) for first in range(count) for last in range(first, min(first + LONGEST, count)))
        return [run for run in runs if not PARTING.search(self._text(run))]

    def _text(self, run: tuple[int, int]) -> str:
        return self.request[self._words[run[0]][0] : self._words[run[1]][1]]

    @cached_property
    def names(self) -> list[str]:
        """Runs of up to ten words, or Chinese characters, as they stand."""
        return list(dict.fromkeys(map(self._text, self._runs)))

    def named(self, catalogue: Names) -> list[str]:
        """Names that may be a product's: whole, where the catalogue has some, and without the words of asking.

        `oat milk` stays where there is but milk: what the catalogue lacks is to be reported, and not to be guessed.
        """
        skus = {run for run in self._runs if catalogue.has(self._text(run))}
        plain = {run for run in self._runs if not self._asks(run) and catalogue.bears(self._text(run))}
        more = {run for run in self._runs if self._asks(run) and run[0] < run[1] and self._borne(run, catalogue)}
        whole = {run for run in skus | plain if not any(_within(run, other) for other in skus | plain)}

        def kept(run: tuple[int, int]) -> bool:
            if run in whole or run in more:
                return True
            if self._asks(run) or self._asking(run) or any(_within(other, run) for other in skus):
                return False
            if run not in plain and any(_within(other, run) and self._linked(other, run) for other in whole):
                return False
            return not any(_within(run, other) for other in (whole if run in plain else skus))

        return list(dict.fromkeys(map(self._text, filter(kept, self._runs)))) or self._worded

    @cached_property
    def _worded(self) -> list[str]:
        """Runs that hold a word besides those of asking."""
        empty = ASKING | NEVER
        runs = (run for run in self._runs if not NEVER_CHINESE.search(self._text(run)))
        some = (run for run in runs if any(self._content(place, empty) for place in range(run[0], run[1] + 1)))
        return list(dict.fromkeys(map(self._text, some)))

    def skus(self, catalogue: Names) -> list[str]:
        """The catalogue's SKUs that it says, of those with a digit: others may be words."""
        return [name for name in self.names if any(map(str.isdigit, name)) and catalogue.has(name)]

    def _linked(self, name: tuple[int, int], run: tuple[int, int]) -> bool:
        """Whether a name within a run has one of the words beside it that lead on to something else."""
        beside = [name[0] - 1] * (name[0] > run[0]) + [name[1] + 1] * (name[1] < run[1])
        return any(self._word(place) in LINKS for place in beside)

    def _borne(self, run: tuple[int, int], catalogue: Names) -> bool:
        """Whether a product bears it, and the words at its edges, too, are no filling there."""
        edges = {self._word(place) for place in run} & ASKING
        return catalogue.bears(self._text(run)) and all(map(catalogue.bears, edges))

    def _asks(self, run: tuple[int, int]) -> bool:
        """Whether it begins or ends with a word of asking, or a year."""
        edges = {self._word(run[0]), self._word(run[1])}
        return bool(ASKING & edges) or any(map(YEAR.fullmatch, edges))

    def _asking(self, run: tuple[int, int]) -> bool:
        """Whether there are words in it that no name has, or it is several and a bare number at their edge."""
        inside = {self._word(place) for place in range(run[0], run[1] + 1)}
        bare = run[0] < run[1] and any(BARE.fullmatch(self._word(place)) for place in run)
        return bare or bool(inside & NEVER) or NEVER_CHINESE.search(self._text(run)) is not None

    def _content(self, place: int, empty: Collection[str]) -> bool:
        word = self._word(place)
        return word not in empty and not YEAR.fullmatch(word) and not BARE.fullmatch(word)

    def _word(self, place: int) -> str:
        start, end = self._words[place]
        return self.request[start:end].lower()


def _within(run: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether it is part of another run, and not all of it."""
    return run != other and other[0] <= run[0] and run[1] <= other[1]
