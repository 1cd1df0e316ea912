"""What a request says: its words and numbers, of which alone the arguments of a call may be made."""

import re
from dataclasses import dataclass
from functools import cached_property

MOST_WORDS = 60  # of a request, from which names are taken
LONGEST = 8  # words of a name, in Chinese characters
WORD = re.compile(r"\d+[A-Za-z]*|[A-Za-z]+|[^\W_]")  # SKU1234 and 商品12A are two and three
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
} | {"fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100}

_COUNT = "|".join([r"\d{1,3}", *COUNTED])  # a number that is not read must not force another one
AHEAD = re.compile(
    rf"\b(next|nxt|coming|following|upcoming)( ({_COUNT}))? (days?|wks?|weeks?|mths?|months?|quarters?|years?)\b"
    rf"|(未来|接下来|今后)({_COUNT})个?[天周月年季]|下(个|一)?(月|周|季度|星期)",
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
        """Runs of up to eight words, or Chinese characters, as they stand."""
        words = [match.span() for match in WORD.finditer(self.request)][:MOST_WORDS]
        runs = (
            self.request[start:end]
            for place, (start, _) in enumerate(words)
            for _, end in words[place : place + LONGEST]
        )
        return list(dict.fromkeys(runs))

    @cached_property
    def ahead(self) -> bool:
        """Whether it plainly says how far ahead, as `next month` or `the coming six weeks`."""
        return AHEAD.search(self.request) is not None

    @cached_property
    def numbers(self) -> list[float]:
        """Numbers in digits and in words, rising."""
        found = {float(text.replace(",", "")) for text in DIGITS.findall(self.request)}
        words = re.findall(r"[a-z]+|十[一二]|[一二两三四五六七八九十]", self.request.lower())
        return sorted(found | {float(COUNTED[word]) for word in words if word in COUNTED})

    def whole(self, least: int, most: int, besides: tuple[int, ...] = ()) -> list[int]:
        """The whole numbers within these bounds, and some that may be meant without being said."""
        found = {int(number) for number in self.numbers if number == int(number)} | set(besides)
        return sorted(number for number in found if least <= number <= most)
