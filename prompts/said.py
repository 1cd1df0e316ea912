"""What a request says: its words and numbers, of which alone the arguments of a call may be made."""

import re
from dataclasses import dataclass
from functools import cached_property

MOST_WORDS = 120  # of a request, from which names are taken; of Chinese, characters
LONGEST = 10  # words of a name
WORD = re.compile(r"\d+[A-Za-z]*|[^\W\d_\u4e00-\u9fff]+|[\u4e00-\u9fff]")  # SKU1234 and 商品12A are two and four
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
CHINESE = re.compile(r"([一二三四五六七八九])?(十)([一二三四五六七八九])?|([一二两三四五六七八九])")
OFF = re.compile(r"(\d+(?:\.\d+)?|[一二三四五六七八九]{1,2})折")  # tenths of the price that are left, or hundredths
AHEAD = re.compile(
    r"\b(next|nxt|coming|following|upcoming)( (?P<count>[\w-]+( [a-z]+)?))? "
    r"(days?|wks?|weeks?|mths?|months?|quarters?|years?)\b"
    r"|(未来|接下来|今后)(?P<many>[\d一二两三四五六七八九十]+)个?[天周月年季]|下(个|一)?(月|周|季度|星期)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Said:
    """A request.

    Attributes:
        request: as it was typed.
    """

    request: str

    @cached_property
    def names(self) -> list[str]:
        """Runs of up to ten words, or Chinese characters, as they stand."""
        words = [match.span() for match in WORD.finditer(self.request)][:MOST_WORDS]
        runs = (
            self.request[start:end]
            for place, (start, _) in enumerate(words)
            for _, end in words[place : place + LONGEST]
        )
        return list(dict.fromkeys(runs))

    @cached_property
    def ahead(self) -> bool:
        """Whether it plainly says how far ahead, as `next month`, or `the coming six weeks` in a number it reads."""
        match = AHEAD.search(self.request)
        count = match and (match["count"] or match["many"])
        return match is not None and (not count or len(Said(count).numbers) == 1)

    @cached_property
    def numbers(self) -> list[float]:
        """Numbers up to 99 in words and any in digits, rising."""
        text = self.request.lower()
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
