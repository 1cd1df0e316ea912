"""Grounding: every number in an explanation must stand in the evidence, checked by code."""

import re
from collections.abc import Sequence

from .report import Claim, Evidence

NUMBER = re.compile(r"(?<![A-Za-z0-9])\d[\d,]*(?:\.\d+)?")
WORDS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
} | {
    word: 10 * (index + 2)
    for index, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())
} | {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 1_000_000, "half": 0.5, "double": 2, "twice": 2, "triple": 3}
del WORDS["one"]  # "one" is a pronoun more often than a figure
WORD = re.compile(r"\b(" + "|".join(WORDS) + r")\b", re.IGNORECASE)


def numbers_in(text: str) -> list[tuple[str, float, int]]:
    """Each figure of a text, in digits or in words, as (as written, absolute value, decimals shown)."""
    found = []
    for match in NUMBER.finditer(text):
        written = match[0].rstrip(",")
        found.append((written, float(written.replace(",", "")), len(written.partition(".")[2])))
    found += [(match[0], float(WORDS[match[0].lower()]), 0) for match in WORD.finditer(text)]
    return found


def _values(evidence: Evidence) -> list[float]:
    values = [value for _, value, _ in numbers_in(evidence.text)]
    for fact in evidence.facts.values():
        values += [abs(fact)] if isinstance(fact, (int, float)) else [value for _, value, _ in numbers_in(str(fact))]
    return values


def ground(text: str, evidence: Sequence[Evidence]) -> tuple[list[Claim], list[str]]:
    """Find the evidence of each number in a text.

    A number is grounded when some evidence holds it, or holds a number that rounds to it at the decimals it shows.

    Returns:
        The claims, and the numbers (as written) that no evidence holds.
    """
    held = [(item.id, _values(item)) for item in evidence]
    claims, loose = [], []
    for written, value, decimals in numbers_in(text):
        half = 0.5 * 10.0**-decimals + 1e-9
        home = next((name for name, values in held if any(abs(v - value) < 1e-9 for v in values)), None)
        home = home or next((name for name, values in held if any(abs(v - value) <= half for v in values)), None)
        if home is None:
            loose.append(written)
        else:
            claims.append(Claim(number=written, evidence=home))
    return claims, loose
