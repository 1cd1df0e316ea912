"""Beyond: whether a request asks for what no tool does, by how far its words lie from the patterns of all tools.

A naive Bayes model (Manning, Raghavan and Schütze, Introduction to Information Retrieval, chapter 13) of words, pairs
of words, and the first words of a request. It counts the patterns in `requests/`, so a new tool's patterns widen what
is within.
"""

import math
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from ..tools.toolset.registry import outside, tools
from .asking import SLOT, Line, lines, pointed
from .reading.numbers import in_digits
from .reading.request import Reading
from .reading.words import EN

DRAWS = 4  # sentences of a pattern, of its alternations
SMOOTHING = 0.25  # added to each count
WEIGHT = 0.6  # of a feature: words and their pairs say the same thing twice
UNKNOWN = 1.2  # of a word of no pattern and no product
COMMON = 4  # patterns, from which a word in them is one of asking
MOST_WORDS = 30  # of a request: longer ones say much that asks for nothing
ORDERED = 2.0  # of a request that tells what to do, and not what to say
LEAST = 4  # letters of such a word
SOCIAL = {"greeting", "thanks", "farewell", "small talk", "no clear request"}  # topics that are answered otherwise
SURE = 2.25  # from here on it is beyond: chosen on the development requests and conversations
SENTENCE = re.compile(r"[.!?;。！？；]+(?:\s|$)|[。！？；]")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|[\u4e00-\u9fff]|\d[\d.,]*|_")
OPENING = frozenset(EN["beyond"]["opening"].split())
DONE_TO = frozenset(EN["beyond"]["done_to"].split())
SHORT: dict[str, str] = {**EN["spelling"]["short"], "plz": "please", "pls": "please"}
LETTERS = frozenset("bcdefghjklmnopqrstuvwxyz")  # alone they name something
ENDINGS = ("'s", "ing", "ed", "es", "s")
SAID: dict[str, tuple[str, ...]] = {  # what stands in slots of patterns, as people write it; in others a sign for it
    "product": ("_", "_", "_", "sku _"),
    "horizon": ("next month", "next week", "the next 4 weeks", "the next quarter"),
    "span": ("6 weeks", "2 months", "10 days", "3 wks"),
    "back": ("8 weeks", "3 months", "12 weeks", "30 days"),
    "month": ("december", "march", "q3", "last month"),
}
IN_CHINESE: dict[str, tuple[str, ...]] = {
    "horizon": ("下个月", "下周", "未来4周", "下季度"),
    "span": ("6周", "2个月", "10天", "3周"),
    "back": ("8周", "3个月", "12周", "30天"),
    "month": ("12月", "3月", "三季度", "上个月"),
}


def beyond(request: str, names: Sequence[str] = ()) -> bool:
    """Whether a request asks for what no tool does: none of its sentences lies within what the tools are asked.

    A sentence that a tool's rule points to, or that changes a price by a share, must be further out to be so; one that
    saves, or asks for help, is none, as rules alone lead there.

    Args:
        request: the person's words, spelt as they should be.
        names: of products and groups in it.
    """
    sentences = [one for one in SENTENCE.split(request) if WORD.search(one.lower())]
    if not sentences or len(WORD.findall(request.lower())) > MOST_WORDS:
        return False
    return all(odds(one, names) > SURE * (1 + _within(one)) for one in sentences) and not _aside(request)


def _aside(request: str) -> bool:
    line = pointed(request)
    return line is not None and tools()[line.tool].aside


def _within(sentence: str) -> bool:
    reading = Reading(sentence)
    return bool(reading.changes or reading.promotion or reading.counted or pointed(sentence))


def odds(request: str, names: Sequence[str] = ()) -> float:
    """Log-odds, nats, that words ask for what no tool does, names aside."""
    for name in sorted(names, key=len, reverse=True):
        request = request.replace(name, " _ ")
    within, without = _counts()
    found = features(request)
    some = (_weight(within[one] / DRAWS, without[one] / DRAWS) for one in found if within[one] + without[one])
    unknown = [one for one in found if one.isalpha() and len(one) >= LEAST and not within[one] + without[one]]
    return WEIGHT * sum(some) + UNKNOWN * len(unknown) + ORDERED * _orders(request)


def _orders(request: str) -> bool:
    """Whether it opens with a word that opens no question to a tool, but a no, or does something to a thing."""
    within, without = _counts()
    first, second = ([*_opened(_words(request)), "", ""])[:2]
    if not first.isalpha() or within[f"^{first}"] or first in DONE_TO:
        return False
    return without[f"^{first}"] > 0 or second in DONE_TO


def learned(word: str) -> bool:
    """Whether a word stands in any pattern: it is one for itself, and no slip of the keys."""
    within, without = _counts()
    if word.lower() in SHORT:
        return False
    return within[_stem(word.lower())] + without[_stem(word.lower())] > 0


def asks(name: str) -> bool:
    """Whether each word of a run is one that people ask by, and so names nothing: `good`, `the shelf`."""
    return all(word in _asking() for word in WORD.findall(name.lower()))


@cache
def _asking() -> frozenset[str]:
    """Words that stand in several of the tools' patterns, whose products are slots."""
    no = outside().name
    count = Counter(
        word for line in lines() if line.tool != no for word in {*WORD.findall(SLOT.sub(" ", line.text.lower()))}
    )
    return frozenset(word for word, times in count.items() if times >= COMMON and word.isascii())


def features(text: str) -> set[str]:
    """Its words without endings, their pairs, and with ^ the first behind what only opens a request."""
    words = _words(text)
    first = _opened(words)[:2]
    some = {*words, *map(" ".join, pairwise(words))} - {"_", "_ _"}
    return some | ({f"^{first[0]}", f"^{' '.join(first)}"} if first else set())


def _words(text: str) -> list[str]:
    plain = (SHORT.get(word, word) for word in WORD.findall(in_digits(text.lower().replace("’", "'"))))
    return [_stem(word) for word in plain]


def _opened(words: list[str]) -> list[str]:
    """Words without those that only open a request."""
    return words[next((at for at, word in enumerate(words) if word not in OPENING), len(words)) :]


def _stem(word: str) -> str:
    if word[0].isdigit() or (len(word) == 1 and word in LETTERS):
        return "_"
    return next((word.removesuffix(end) for end in ENDINGS if word.endswith(end) and len(word) - len(end) > 2), word)


@cache
def _counts() -> tuple[Counter[str], Counter[str]]:
    """How many sentences have a feature, `DRAWS` a pattern: of the tools' patterns, and of the no's."""
    within: Counter[str] = Counter()
    without: Counter[str] = Counter()
    rng, no = random.Random(0), outside().name
    for line in lines():
        if line.tool == no and line.fixed.get("topic") in SOCIAL:
            continue
        drawn = [features(text) for text in _sentences(line, rng)]
        for one in drawn:
            (without if line.tool == no else within).update(dict.fromkeys(one, DRAWS // len(drawn)))
    return within, without


def _sentences(line: Line, rng: random.Random) -> Iterator[str]:
    said = SAID | IN_CHINESE if CHINESE.search(line.text) else SAID
    for _ in range(DRAWS if "(" in line.text or "{" in line.text else 1):
        text = line.text
        while (match := re.search(r"\(([^()]*)\)", text)) is not None:
            text = text[: match.start()] + rng.choice(match[1].split("|")) + text[match.end() :]
        yield SLOT.sub(lambda slot: f" {rng.choice(said.get(slot[0][1:-1], ('_',)))} ", text)


def _weight(within: float, without: float) -> float:
    return _log_share(without, beyond_it=True) - _log_share(within, beyond_it=False)


def _log_share(count: float, *, beyond_it: bool) -> float:
    """Log of how often a feature stands in a pattern of that side."""
    return math.log((count + SMOOTHING) / _patterns()[beyond_it])


@cache
def _patterns() -> tuple[int, int]:
    no = outside().name
    some = [line.tool == no for line in lines() if line.tool != no or line.fixed.get("topic") not in SOCIAL]
    return len(some) - sum(some), sum(some)
