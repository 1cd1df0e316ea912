"""Grounding: every number in an explanation must stand in the evidence, among the same words, checked by code."""

import re
from collections.abc import Sequence
from itertools import islice

from .report import Claim, Evidence

NUMBER = re.compile(r"(?<![A-Za-z0-9])\d[\d,]*(?:\.\d+)?")
WORDS = (
    {
        word: value
        for value, word in enumerate(
            [
                "zero",
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
                "eleven",
                "twelve",
                "thirteen",
                "fourteen",
                "fifteen",
                "sixteen",
                "seventeen",
                "eighteen",
                "nineteen",
            ]
        )
    }
    | {
        word: 10 * (index + 2)
        for index, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"])
    }
    | {
        "dozen": 12,
        "hundred": 100,
        "thousand": 1000,
        "million": 1_000_000,
        "half": 0.5,
        "double": 2,
        "twice": 2,
        "triple": 3,
    }
)
del WORDS["one"]  # "one" is a pronoun more often than a figure
FIRST = "".join(sorted({word[0] for word in WORDS}))  # looked at first, which is three times as fast
WORD = re.compile(rf"\b(?=[{FIRST}])(" + "|".join(WORDS) + r")\b", re.IGNORECASE)


def _figures(text: str) -> list[tuple[int, int, float, int]]:
    """Each figure of a text, in digits or in words, as (start, end, absolute value, decimals shown)."""
    found = []
    for match in NUMBER.finditer(text):
        written = match[0].rstrip(",")
        value = float(written.replace(",", ""))
        found.append((match.start(), match.start() + len(written), value, len(written.partition(".")[2])))
    found += [(match.start(), match.end(), float(WORDS[match[0].lower()]), 0) for match in WORD.finditer(text)]
    return sorted(found)


TOKEN = re.compile(r"\d[\d,]*(?:\.\d+)?|[^\W\d]+|%")
REACH = 2  # words on each side that are compared


def _around(text: str, start: int, end: int) -> tuple[list[str], list[str]]:
    """The words left (nearest first) and right of a span, in lower case; the edges of a sentence are words too."""
    head, left = text[:start], list[str]()
    while head and len(left) < REACH:  # no token goes over a space, so as many words as are needed will do
        head, _, word = head.rpartition(" ")
        left += TOKEN.findall(word)[::-1]
    right = [match[0] for match in islice(TOKEN.finditer(text, end), REACH)]
    return (
        [*(token.lower() for token in left), "^"][:REACH],
        [*(token.lower() for token in right), "$"][:REACH],
    )


def _same_meaning(ours: tuple[list[str], list[str]], theirs: tuple[list[str], list[str]]) -> bool:
    """Whether a number stands among the same words: both words on one side, or the nearest on each."""
    (left, right), (their_left, their_right) = ours, theirs
    one_side = (left == their_left and left[0] != "^") or (right == their_right and right[0] != "$")
    return one_side or (left[0] == their_left[0] and right[0] == their_right[0])


UP = re.compile(r"\b(higher|upwards?|rises?|rising|rose|risen|increas\w*|grow\w*|grew)\b", re.IGNORECASE)
DOWN = re.compile(r"\b(lower|downwards?|falls?|falling|fell|fallen|drop\w*|decreas\w*|declin\w*)\b", re.IGNORECASE)
COMPARED = re.compile(r"\b(?:than|with|against|from)\b(.*)", re.IGNORECASE)
SMALL = {"the", "a", "an", "of", "that", "its", "it", "was", "were", "on", "in", "and", "units", "as"}
SENTENCE = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？；])\s*")


def _words(text: str) -> set[str]:
    """Words that say something, without figures."""
    return {word for word in re.findall(r"[^\W\d]+", text.lower()) if word not in SMALL}


def _supports(sentence: str, item: str, direction: re.Pattern[str], opposite: re.Pattern[str]) -> bool:
    """Whether a sentence of evidence moves the same way, and is compared with the same thing."""
    if not direction.search(item) or (opposite.search(item) and not opposite.search(sentence)):
        return False
    ours, theirs = COMPARED.search(sentence), COMPARED.search(item)
    return ours is None or theirs is None or not _words(ours[1]) or bool(_words(ours[1]) & _words(theirs[1]))


def directions(text: str, evidence: Sequence[Evidence]) -> list[str]:
    """Words of direction (higher, fell) that no evidence bears out.

    Each must stand in a sentence of evidence that moves the same way and, where the text gives a number, holds one of
    the numbers; "12 % higher than last year" is not borne out by "12 % higher than the 8 weeks before".
    """
    known = [part for item in evidence for part in SENTENCE.split(item.text)]
    loose = []
    for sentence in SENTENCE.split(text):
        figures = {value for *_, value, _ in _figures(sentence)}
        near = [part for part in known if not figures or figures & {value for *_, value, _ in _figures(part)}]
        for way, opposite in ((UP, DOWN), (DOWN, UP)):
            match = way.search(sentence)
            if match and not any(_supports(sentence, part, way, opposite) for part in near):
                loose.append(match[0])
    return loose


def ground(text: str, evidence: Sequence[Evidence]) -> tuple[list[Claim], list[str]]:
    """Find the evidence of each number in a text, and of the directions that it tells.

    A number is grounded when some evidence's sentence holds it, or a number that rounds to it at the decimals it shows,
    among the same words: "337 units a week" does not ground "337 units in total". A number in words needs its value in
    the evidence.

    Returns:
        The claims, and the numbers and words of direction (as written) that no evidence holds.
    """
    held = [
        (item.id, value, _around(part, start, end))
        for item in evidence
        for part in SENTENCE.split(item.text)
        for start, end, value, _ in _figures(part)
    ]
    claims, loose = [], []
    for part in SENTENCE.split(text):
        for start, end, value, decimals in _figures(part):
            half = 0.5 * 10.0**-decimals + 1e-9
            ours = _around(part, start, end)
            home = next(
                (name for name, theirs, near in held if abs(theirs - value) <= half and _same_meaning(ours, near)), None
            )
            if home is None:
                loose.append(part[start:end])
            else:
                claims.append(Claim(number=part[start:end], evidence=home))
    return claims, loose + directions(text, evidence)
