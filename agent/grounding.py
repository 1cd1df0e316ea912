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
    """The words left (nearest first) and right of a span, in lower case; the start and end of a text are words too."""
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
    return left == their_left or right == their_right or (left[0] == their_left[0] and right[0] == their_right[0])


def ground(text: str, evidence: Sequence[Evidence]) -> tuple[list[Claim], list[str]]:
    """Find the evidence of each number in a text.

    A number is grounded when some evidence's sentence holds it, or a number that rounds to it at the decimals it shows,
    among the same words: "337 units a week" does not ground "337 units in total". A number in words needs its value in
    the evidence.

    Returns:
        The claims, and the numbers (as written) that no evidence holds.
    """
    held = [
        (item.id, value, _around(item.text, start, end))
        for item in evidence
        for start, end, value, _ in _figures(item.text)
    ]
    claims, loose = [], []
    for start, end, value, decimals in _figures(text):
        half = 0.5 * 10.0**-decimals + 1e-9
        ours = _around(text, start, end)
        home = next(
            (name for name, theirs, around in held if abs(theirs - value) <= half and _same_meaning(ours, around)), None
        )
        if home is None:
            loose.append(text[start:end])
        else:
            claims.append(Claim(number=text[start:end], evidence=home))
    return claims, loose
