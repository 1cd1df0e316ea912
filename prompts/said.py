"""What a request says: its words and numbers, of which alone the arguments of a call may be made."""

import re
from collections.abc import Callable
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
COUNT = r"\d{1,2}|t(?:wo|hree|en|welve|wenty)|f(?:our|ive|ifteen|ifty)|s(?:ix|even)|eight|nine|eleven|thirty|forty"
RANKED = (
    "top|best|worst|biggest|largest|strongest|weakest|fastest|slowest|hottest|highest|lowest|most|least|similar|closest"
    "|nearest|odd|oddest|strange|strangest|unusual"
)
THINGS = (
    "products?|items?|articles?|skus?|sellers?|movers?|risers?|fallers?|losers?|winners?|gainers?|decliners?"
    "|outliers?|anomal[a-z]+|spikes?|dips?|alternatives?|substitutes?|lookalikes?"
)
MANY = re.compile(
    rf"\b(?:{RANKED}|first)[ -]+(?P<after>{COUNT})\b(?!\s*(?:%|per ?cent|days?|weeks?|wks?|months?|[dwm]\b))"
    rf"|(?<![\w.%-])(?<!sku )(?<!item )(?P<before>{COUNT})[ -]+(?:(?:{RANKED})\b|(?:[a-z]+ )?(?:{THINGS})\b)"
    r"|(?<!目)前(?P<zh>\d{1,2}|[二两三四五六七八九]?十?[一二两三四五六七八九]?)(?!\d|个?[天周月年季])"
    r"|(?P<pieces>\d{1,2}|[二两三四五六七八九十]+)(?:个|款|种|件)(?:最|商品|产品|单品|相似|类似|替代)",
    re.IGNORECASE,
)
SPAN = re.compile(
    rf"(?<![\w.])(?P<count>{COUNT}|\d{{3}})(?: ?(?:d|w|m|wks?|mths?)| (?:days?|weeks?|months?))\b", re.IGNORECASE
)
BEHIND = re.compile(
    rf"\b(?:last|past|previous|prior|recent|latest|first|week|month|every|each|of|{RANKED})\s+$", re.IGNORECASE
)
_ASKING = (
    "a about an and are at be by can category chart could day days demand did discount do does estimate expect "
    "expected for forecast from give history how i if in is it its item last many me month months much my need "
    "next of off on order our over past plan please plot pls predict price product project promo promotion sale "
    "sales sell selling sells show sku sold stock tell thanks that the this to us want was we week weeks were "
    "what when which why will with would year you fcst forcast mnth mth mths nxt plz qtr thx wk wks"
)
ASKING = set(_ASKING.split())  # words of a request, at whose edge no name stands
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
    def _words(self) -> list[tuple[int, int]]:
        return [match.span() for match in WORD.finditer(self.request)][:MOST_WORDS]

    @cached_property
    def _runs(self) -> list[tuple[int, int]]:
        """First and last word of every run of up to ten."""
        count = len(self._words)
        return [(first, last) for first in range(count) for last in range(first, min(first + LONGEST, count))]

    def _text(self, run: tuple[int, int]) -> str:
        return self.request[self._words[run[0]][0] : self._words[run[1]][1]]

    @cached_property
    def names(self) -> list[str]:
        """Runs of up to ten words, or Chinese characters, as they stand."""
        return list(dict.fromkeys(map(self._text, self._runs)))

    def named(self, bears: Callable[[str], bool]) -> list[str]:
        """Names that may be a product's: whole, where the catalogue has some, and without the words of asking.

        `oat milk` stays where there is but milk: what the catalogue lacks is to be said, and not to be guessed.

        Args:
            bears: whether some product of the catalogue has all words of a run.
        """
        some = [run for run in self._runs if not ASKING & {self._edge(run[0]), self._edge(run[1])}]
        known = {run for run in some if bears(self._text(run))}
        inner = {run for run in known if any(a <= run[0] and run[1] <= b and (a, b) != run for a, b in known)}
        return list(dict.fromkeys(self._text(run) for run in some if run not in inner)) or self.names

    def _edge(self, place: int) -> str:
        start, end = self._words[place]
        return self.request[start:end].lower()

    @cached_property
    def ahead(self) -> bool:
        """Whether it plainly says how far ahead: `next month`, `the coming six weeks` in a number it reads, or `8w`."""
        match = AHEAD.search(self.request)
        count = match and (match["count"] or match["many"])
        if match is not None and (not count or len(Said(count).numbers) == 1):
            return True
        spans = list(SPAN.finditer(self.request))
        behind = [
            BEHIND.search(self.request[: span.start()]) or self.request[span.end() :].lstrip()[:3] == "ago"
            for span in spans
        ]
        return bool(spans) and not any(behind)

    @cached_property
    def many(self) -> int | None:
        """How many it plainly wants to see, as in `top 5`, `three similar items`, 前十; None where it does not say."""
        found = {
            int(number)
            for match in MANY.finditer(self.request)
            for number in Said(next(filter(None, match.groups()), "")).numbers
        }
        return found.pop() if len(found) == 1 else None

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
