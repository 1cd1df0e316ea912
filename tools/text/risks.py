"""Warnings from dated texts: what is spoken of worse than before, of which kind, in which words, with quotes.

A share of negative texts rises by chance where there are few, so a warning says how likely it is that it truly rose.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd
from scipy import special

from .notes import Note
from .screen import clean, flags
from .sentiment import NEGATIVE, polarity
from .words import terms

RECENT, BEFORE = 28, 182  # days: what is new, and what it is held against
SURE = 0.95  # chance of a rise from which it is a warning
FEWEST = 3  # negative texts, below which a rise is none
QUOTES, QUOTED = 2, 160  # how many, and characters of each
TOPICS, RISING = 5, 1.96  # how many; standard errors from which a word is said more often than before
PRIOR = 10.0  # words that the prior of a word's share counts
SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")
GRID = np.linspace(0, 1, 2001)


@dataclass(frozen=True)
class Kind:
    """A kind of risk.

    Attributes:
        name: `safety`, `quality`, `supply`, `competitor` or `price`.
        words: what speaks of it.
        alone: one text is a warning.
    """

    name: str
    words: re.Pattern[str]
    alone: bool


@dataclass(frozen=True)
class Risk:
    """A warning about one product, or about none in particular.

    Attributes:
        product: its unique_id; None where the texts are of no product.
        kind: of risk; `other` where no words say which.
        negative: negative texts of the recent days that speak of it.
        texts: all recent texts on the product.
        share: share of these that are negative, of any kind.
        before: the same over the time before; of other products where fewer than 3 were known then; NaN of none.
        chance: that the share of negative texts rose; NaN where nothing was known before, of any product.
        topics: words that negative texts say more often now than texts did before, the most risen first.
        quotes: the most negative sentences, with the date each was published.
    """

    product: str | None
    kind: str
    negative: int
    texts: int
    share: float
    before: float
    chance: float
    topics: tuple[str, ...]
    quotes: tuple[tuple[pd.Timestamp, str], ...]


@cache
def kinds() -> tuple[Kind, ...]:
    """The kinds of risk of `risks.toml`, the gravest first."""
    data = tomllib.loads((files(__package__) / "risks.toml").read_text(encoding="utf-8"))
    made = []
    for name, one in data.items():
        english = rf"(?<![a-z])(?:{'|'.join(map(re.escape, one['en']))})"
        words = re.compile("|".join([english, *map(re.escape, one["zh"])]), re.IGNORECASE)
        made.append(Kind(name, words, bool(one.get("alone", False))))
    return tuple(made)


def rose(negative: int, texts: int, before: int, of: int) -> float:
    """The chance that the share of negative texts is higher now than before.

    Both shares have a uniform prior: Beta(1 + negative, 1 + others). Their difference is integrated on a grid.

    Args:
        negative: negative texts now.
        texts: texts now.
        before: negative texts before.
        of: texts before.
    """
    then = np.diff(special.betainc(1 + before, 1 + of - before, GRID))
    now = special.betaincc(1 + negative, 1 + texts - negative, (GRID[1:] + GRID[:-1]) / 2)
    return float((then * now).sum())


def rising(now: Sequence[str], before: Sequence[str]) -> list[str]:
    """The words that are said more often now than before, the most risen first.

    Log-odds of a word's share with a Dirichlet prior of both texts together, over its standard error, from 1.96 on.

    Source: Monroe, Colaresi and Quinn (2008), "Fightin' Words".
    """
    new, old = (Counter(word for text in some for word in set(terms(text))) for some in (now, before))
    both = new + old
    total, sums = sum(both.values()), (sum(new.values()), sum(old.values()))
    scores = {}
    for word, count in new.items():
        prior = PRIOR * both[word] / total
        odds = [
            (counted + prior) / (of + PRIOR - counted - prior)
            for counted, of in ((count, sums[0]), (old[word], sums[1]))
        ]
        spread = np.sqrt(1 / (count + prior) + 1 / (old[word] + prior))
        score = float(np.log(odds[0] / odds[1]) / spread)
        if score >= RISING and count > 1:
            scores[word] = score
    return sorted(scores, key=lambda word: (-scores[word], word))


def risks(notes: Sequence[Note], as_of: pd.Timestamp) -> list[Risk]:
    """The warnings of what was published up to a date, the gravest first.

    Texts that read like instructions to a model are left out. Recent is the last 28 days; before, the half year up to
    them. A kind is a warning where 3 or more recent negative texts speak of it and their share rose with a chance
    of 95 %, or nothing earlier is known of any product; one of safety alone is one.

    Args:
        notes: any, in any order.
        as_of: what was published later is not looked at.
    """
    known = [note for note in notes if note.ds <= as_of and not flags(note)]
    since, start = (as_of - pd.Timedelta(days=days) for days in (RECENT, RECENT + BEFORE))
    known = [note for note in known if note.ds > start]
    if not known:
        return []
    bad = dict(zip([note.digest for note in known], polarity([_text(note) for note in known]) <= NEGATIVE, strict=True))
    by_product: dict[str | None, list[Note]] = {}
    for note in known:
        by_product.setdefault(note.product, []).append(note)
    found = []
    for uid, some in by_product.items():
        now, before = ([note for note in some if (note.ds > since) == new] for new in (True, False))
        if len(before) < FEWEST:
            before = [note for note in known if note.product != uid]
        found += _of_product(uid, now, before, bad)
    grave = {kind.name: place for place, kind in enumerate(kinds())}
    return sorted(
        found, key=lambda risk: (grave.get(risk.kind, len(grave)), -risk.chance, -risk.negative, str(risk.product))
    )


def _of_product(
    product: str | None, now: Sequence[Note], before: Sequence[Note], bad: Mapping[str, bool]
) -> list[Risk]:
    negative = [note for note in now if bad[note.digest]]
    earlier = sum(bool(bad[note.digest]) for note in before)
    if not negative:
        return []
    chance = rose(len(negative), len(now), earlier, len(before)) if before else float("nan")
    risen = not before or chance >= SURE  # with nothing to hold them against, several are enough
    topics = tuple(rising([_text(note) for note in negative], [_text(note) for note in before])[:TOPICS])
    made, spoken_of = [], set()
    for kind in kinds():
        some = [note for note in negative if kind.words.search(_text(note))]
        spoken_of |= {note.digest for note in some}
        if some and (kind.alone or (len(some) >= FEWEST and risen)):
            made.append((kind.name, some))
    rest = [note for note in negative if note.digest not in spoken_of]
    if len(rest) >= FEWEST and risen:
        made.append(("other", rest))
    return [
        Risk(
            product,
            kind,
            len(some),
            len(now),
            len(negative) / len(now),
            earlier / len(before) if before else float("nan"),
            chance,
            topics,
            _quotes(some, kind),
        )
        for kind, some in made
    ]


def _quotes(notes: Sequence[Note], kind: str) -> tuple[tuple[pd.Timestamp, str], ...]:
    """The most negative sentences, those that speak of the kind first, one a note."""
    words = next((one.words for one in kinds() if one.name == kind), re.compile(""))
    best = []
    for note in notes:
        sentences = [part for part in map(str.strip, SENTENCE.findall(_text(note))) if part]
        about = [part for part in sentences if words.search(part)] or sentences
        tone = polarity(about)
        at = int(tone.argmin())
        best.append((float(tone[at]), note.ds, clean(about[at])[:QUOTED]))
    return tuple((ds, text) for _, ds, text in sorted(best, key=lambda one: one[0])[:QUOTES])


def _text(note: Note) -> str:
    return f"{note.title}. {note.text}" if note.title and note.text else note.title or note.text
