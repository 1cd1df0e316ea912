"""What a request says in numbers, of which alone the counts, shares and horizons of a call may be made."""

import re
from dataclasses import dataclass
from functools import cached_property

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
ENGLISH = re.compile(rf"\b(?:({'|'.join(TENS)})(?:[ -]([a-z]+))?|([a-z]+))\b")
HUNDREDS = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(TENS)})[ -]?)?(?P<count>an?|\d{{1,3}}|[a-z]+) (?P<size>hundred|thousand)"
    r"(?: (?:and )?(?P<more>[a-z]+(?:[ -][a-z]+)?))?\b"
)
CHINESE = re.compile(r"([一二三四五六七八九])?(十)([一二三四五六七八九])?|([一二两三四五六七八九])")
OFF = re.compile(r"(\d+(?:\.\d+)?|[一二三四五六七八九]{1,2})折")  # tenths of the price that are left, or hundredths
MEANT = (1, 2, 3, 6, 12)  # counts of a month, fortnight, quarter, half-year and year
LONGER = {"quarter": 3, "qtr": 3, "季": 3, "year": 12, "年": 12}  # months in them


@dataclass(frozen=True)
class Said:
    """A request.

    Attributes:
        request: as it was typed.
    """

    request: str

    @cached_property
    def lower(self) -> str:
        """In lower case, with hundreds and thousands in digits."""
        return HUNDREDS.sub(_in_digits, self.request.lower())

    @cached_property
    def horizons(self) -> list[str]:
        """How far ahead it may mean: each number it says as days, weeks and months, and of quarters and years."""
        counts = self.whole(1, 999, MEANT)
        spans = [f"{count}{unit}" for count in counts for unit in "dwm"]
        longer = [months for word, months in LONGER.items() if word in self.request.lower()]
        spans += [f"{count * months}m" for months in longer for count in counts if count * months <= 120]
        return list(dict.fromkeys(spans))

    @cached_property
    def numbers(self) -> list[float]:
        """Numbers up to 99 in words and any in digits, rising."""
        text = self.lower
        found = {float(digits.replace(",", "")) for digits in DIGITS.findall(text)}
        for tens, unit, word in ENGLISH.findall(text):
            small = COUNTED.get(unit or word, 0)
            if tens or small:
                found.add(float(TENS[tens] + (small if small < 10 else 0) if tens else small))
        for tens, ten, unit, alone in CHINESE.findall(text):
            found.add(float(10 * COUNTED.get(tens, 1) + COUNTED.get(unit, 0) if ten else COUNTED[alone]))
        return sorted(found)

    @cached_property
    def discounts(self) -> list[float]:
        """Price changes in per cent, where what is left is said in tenths: 打八折 is -20, 八五折 and 85折 are -15."""
        left = [float("".join(str(COUNTED.get(digit, digit)) for digit in said)) for said in OFF.findall(self.request)]
        return [(number if number >= 10 else 10 * number) - 100 for number in left]

    def whole(self, least: int, most: int, besides: tuple[int, ...] = ()) -> list[int]:
        """The whole numbers within these bounds, and some that may be meant without being said."""
        found = {int(number) for number in self.numbers if number == int(number)} | set(besides)
        return sorted(number for number in found if least <= number <= most)


def _in_digits(match: re.Match[str]) -> str:
    """`two hundred and fifty` as 250; as it stands where it is no number."""
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
