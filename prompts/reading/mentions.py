"""Mentions: what a request says that a call ought to use, so that nothing said is passed over in silence."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from ...tools.toolset.fields import Kind
from . import months, prices
from .follow_up import TIMED
from .request import Reading
from .words import en, words, zh

MONEY = re.compile(
    rf"(?:{en('mentions.sign')})\s?\d+(?:[.,]\d+)?|\d+(?:[.,]\d+)?\s?(?:{en('mentions.money')}|{zh('mentions.money')})"
)
PERIODS = {freq: words(f"mentions.{freq}") for freq in ("hourly", "daily", "weekly", "monthly")}
SAVES = words("mentions.saves")
OF_FREQ = {"D": "daily", "W": "weekly", "M": "monthly"}


@dataclass(frozen=True)
class Mention:
    """One thing that a request says.

    Attributes:
        words: as they were typed.
        kinds: of fields that may hold it; none where no tool has one.
        values: that such a field may hold for it; empty where any will do.
    """

    words: str
    kinds: frozenset[Kind] = frozenset()
    values: tuple[Any, ...] = ()

    def used(self, held: Collection[tuple[Kind, Any]]) -> bool:
        """Whether a call uses it.

        Args:
            held: kind and value of each field of the call.
        """
        values = [value for kind, value in held if kind in self.kinds]
        each = [one for value in values for one in (value if isinstance(value, list) else [value])]
        return bool(values) and (not self.values or any(one in self.values for one in each))


def saves(request: str) -> bool:
    """Whether it says that something is to be written to a file."""
    return SAVES.search(request.lower()) is not None


def mentions(reading: Reading, skus: Sequence[str], freq: str) -> list[Mention]:
    """What a request says of products by SKU, times, shares, money, files, and periods that the data does not have.

    Args:
        reading: the request, without its SKUs.
        skus: in it.
        freq: of the data.
    """
    text = reading.text
    found = [Mention(sku, frozenset({"product", "products", "words"}), (sku,)) for sku in dict.fromkeys(skus)]
    found += [
        Mention(
            one.words,
            TIMED,
            (one.span, one.periods(freq), one.periods(freq, whole=True)) if one.counted else (),
        )
        for one in reading.lengths
    ]
    found += [
        Mention(_of(one), frozenset({"month", "ahead", "surely ahead", "may be ahead"}), (one, *reading.ends(freq)))
        for one in reading.months
    ]
    found += [
        Mention(match[0].strip(), frozenset({"share", "change"}), (float(match["digits"]), -float(match["digits"])))
        for match in prices.PER_CENT.finditer(text)
    ]
    found += [Mention(match[0].strip()) for match in MONEY.finditer(text)]
    found += [Mention(one, frozenset({"file"}), (one,)) for one in reading.files]
    found += [
        Mention(match[0])
        for name, pattern in PERIODS.items()
        if name != OF_FREQ.get(freq)
        for match in pattern.finditer(text)
    ]
    return found


def _of(value: str) -> str:
    """A month as people write it."""
    place = value.lstrip("-").rpartition("-")[2]
    return months.NAMES[int(place) - 1].title() if place.isdigit() and len(place) == 2 else value
