"""Shares in per cent, changes of a price, and promotions that a text speaks of.

The text is in lower case, its numbers in digits.
"""

import re

from ...tools.data.lexicon import HAN
from .words import EN, ZH, en, words, zh

_SHARE = rf"(?:{en('change.share')})"
PER_CENT = re.compile(rf"(?P<sign>[-–+−])?(?<![\d.])(?P<digits>\d{{1,3}}(?:\.\d+)?)[ -]?{_SHARE}")
SHARE_OFF = re.compile(rf"{PER_CENT.pattern} ?off\b")  # of a price, and not of a promotion
PARTS = EN["change"]["parts"] | ZH["change"]["parts"]
PART = re.compile(
    rf"\b(?:a|1) (?P<part>{en('change.parts')})(?= (?:{en('change.part_behind')}))"
    rf"|\b(?:{en('change.part_before')}) (?:(?:a|1) )?(?P<by>{en('change.parts')})\b|(?P<zh>{zh('change.parts')})"
)
OFF = re.compile(r"(\d+(?:\.\d+)?)折")  # tenths of the price that are left, or hundredths
PHRASES = [
    (one["percent"], re.compile(rf"\b(?:{'|'.join(one['says'])})\b" if table is EN else "|".join(one["says"])))
    for table in (EN, ZH)
    for one in table["change"]["phrases"]
]
MONEY = re.compile(f"{en('change.money')}|{zh('change.money')}")
CHEAPER, DEARER = words("change.cheaper"), words("change.dearer")
PROMOTION, WITHOUT, DOUBT = words("promotion.on"), words("promotion.off"), words("promotion.doubt")


def priced(text: str) -> bool:
    """Whether it speaks of an amount of money, which is no change in per cent."""
    return MONEY.search(text) is not None


def shares(text: str) -> list[float]:
    """The shares in per cent."""
    return [float(match["digits"]) for match in PER_CENT.finditer(text)]


def without_shares(text: str) -> str:
    """The text with a comma in each share's place."""
    return PER_CENT.sub(",", text)


def changes(text: str) -> list[list[float]]:
    """The changes of a price in per cent, each as it may be meant: both ways where its direction is not plain."""
    left = [float(one) for one in OFF.findall(text)]  # 打8折 is -20, 85折 is -15
    plain = [(one if one >= 10 else 10 * one) - 100 for one in left]
    plain += [percent for percent, pattern in PHRASES for _ in pattern.finditer(text)]
    parts = [PARTS[match["part"] or match["by"] or match["zh"]] for match in PART.finditer(text)]
    sizes = [*shares(text), *parts]
    ways = _ways(text)
    return [*([change] for change in plain), *([way * size for way in ways] for size in sizes)]


def way(text: str) -> int:
    """Whether it speaks of a price that rises, 1, or falls, -1; 0 where that is not plain."""
    down, up = CHEAPER.search(text), DEARER.search(text)
    return (1 if up else -1) if bool(down) != bool(up) else 0


def _ways(text: str) -> tuple[int, ...]:
    signs = [match["sign"] for match in PER_CENT.finditer(text) if match["sign"]]
    if signs:
        return (1,) if signs[0] == "+" else (-1,)
    for near in _around(text):
        down, up = CHEAPER.search(near), DEARER.search(near)
        if bool(down) != bool(up):
            return (-1,) if down else (1,)
    return (-1, 1)


def _around(text: str) -> list[str]:
    """What stands by the first share of a request, the nearest first: a few words behind it, before it, all."""
    match = PER_CENT.search(text) or PART.search(text)
    if match is None:
        return [text]
    behind, before = text[match.end() :].split(), text[: match.start()].split()
    signs = "".join(HAN.findall(text[: match.start()]))  # Chinese says it before
    near = [match[0] + " " + " ".join(behind[:2]), " ".join(before[-2:]), " ".join(before[-6:]), text]
    return [signs[-4:], *near] if signs else near


def promotion(text: str) -> list[bool]:
    """Whether it speaks of a promotion that is on, or off; both where that is not plain."""
    if WITHOUT.search(text):
        return [False]
    if not PROMOTION.search(text):
        return []
    return [True, False] if DOUBT.search(SHARE_OFF.sub(" ", text)) else [True]
