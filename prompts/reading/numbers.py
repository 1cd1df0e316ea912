"""Numbers that a text says, in digits, in English or in Chinese."""

import re

DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d{1,12}(?:\.\d+)?")
COUNTED = {
    word: number
    for number, words in enumerate(
        (
            "one first single 一",
            "two second couple pair both 二 两",
            "three third 三",
            "four fourth 四",
            "five fifth 五",
            "six sixth 六",
            "seven seventh 七",
            "eight eighth 八",
            "nine ninth 九",
            "ten tenth 十",
            "eleven eleventh 十一",
            "twelve twelfth dozen 十二",
        ),
        1,
    )
    for word in words.split()
} | {"thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19}
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
SMALL = sorted({word for word in COUNTED if word.isascii()} - {"first", "single", "pair", "both"})
COUNT = rf"\d{{1,3}}|(?:{'|'.join(TENS)})(?:[ -](?:{'|'.join(SMALL)}))?|{'|'.join(SMALL)}"
ENGLISH = re.compile(rf"\b(?:({'|'.join(TENS)})(?:[ -]([a-z]+))?|([a-z]+))\b")
HUNDREDS = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(TENS)})[ -]?)?(?P<count>an?|\d{{1,3}}|[a-z]+) (?P<size>hundred|thousand)"
    r"(?: (?:and )?(?P<more>[a-z]+(?:[ -][a-z]+)?))?\b"
)
CHINESE = re.compile(r"([一二三四五六七八九])?(十)([一二三四五六七八九])?|([一二两三四五六七八九])")


def numbers(text: str) -> list[float]:
    """Numbers up to 99 in words and any in digits, rising; the text in lower case."""
    found = {float(digits.replace(",", "")) for digits in DIGITS.findall(text)}
    for tens, unit, word in ENGLISH.findall(text):
        small = COUNTED.get(unit or word, 0)
        if tens or small:
            found.add(float(TENS[tens] + (small if small < 10 else 0) if tens else small))
    for tens, ten, unit, alone in CHINESE.findall(text):
        found.add(float(10 * COUNTED.get(tens, 1) + COUNTED.get(unit, 0) if ten else COUNTED[alone]))
    return sorted(found)


def number(words: str) -> int:
    """A count in digits or words, 1 to 999; 0 where it is none."""
    found = [int(one) for one in numbers(words) if one == int(one) and 1 <= one <= 999]
    return found[0] if len(found) == 1 else 0


def in_digits(text: str) -> str:
    """The text with hundreds and thousands in digits: `two hundred and fifty units` as `250 units`."""
    return HUNDREDS.sub(_in_digits, text)


def _in_digits(match: re.Match[str]) -> str:
    """As it stands where it is no number."""
    count = 1 if match["count"] in ("a", "an") else _count(match["count"])
    if not count:
        return match[0]
    worth = (count + TENS.get(match["tens"] or "", 0)) * (100 if match["size"] == "hundred" else 1000)
    more = match["more"] or ""
    for words in (more, more.split(" ")[0]):
        if words and _count(words):
            return f"{worth + _count(words)}{more[len(words) :]}"
    return f"{worth} {more}".strip()


def _count(words: str) -> int:
    """A number below a hundred in words, or any in digits; 0 where it is none."""
    if words.isdigit():
        return int(words)
    first, _, then = words.replace("-", " ").partition(" ")
    if first in TENS:
        return TENS[first] + (COUNTED.get(then, 0) if then else 0) if not then or COUNTED.get(then, 10) < 10 else 0
    return COUNTED.get(first, 0) if not then else 0
