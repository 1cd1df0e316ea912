"""What a request says: its words and numbers, of which alone the arguments of a call may be made."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

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
LEADING = "top|best|worst|biggest|largest|strongest|weakest|fastest|slowest|hottest|highest|lowest|first"
RANKED = f"{LEADING}|most|least|similar|closest|nearest|odd|oddest|strange|strangest|unusual|other|alternative"
THINGS = (
    "products?|items?|articles?|skus?|sellers?|movers?|risers?|fallers?|losers?|winners?|gainers?|decliners?"
    "|outliers?|anomal[a-z]+|spikes?|dips?|alternatives?|substitutes?|lookalikes?"
)
MORE = (
    r"(?![ -]*(?:[a-z]+teen|one|two|three|four|five|six|seven|eight|nine|dozen|hundred|thousand|units|pieces|packs?)\b)"
)
TIMES = r"(?!\s*(?:%|per ?cent|days?|weeks?|wks?|months?|quarters?|years?|[dwm]\b))"
NUMERAL = r"\d{1,2}|[二两三四五六七八九]?十[一二两三四五六七八九]?|[二两三四五六七八九]"
MANY = re.compile(
    rf"\b(?:{LEADING})[ -]+(?P<after>{COUNT})\b{MORE}{TIMES}"
    rf"|(?<![\w.,%-])(?<!sku )(?<!item )(?<!product )(?<!last )(?<!past )(?<!ty )(?<!ty-)"
    rf"(?P<before>{COUNT})[ -]+(?:{RANKED}|{THINGS})\b"
    rf"|(?<!目)前(?P<zh>{NUMERAL})(?![\d十一二两三四五六七八九]|个?(?:天|日|周|月|年|季|星期|礼拜))"
    rf"|(?<![\d十一二两三四五六七八九])(?P<pieces>{NUMERAL})(?:个|款|种|件)(?:最|商品|产品|单品|相似|类似|替代)",
    re.IGNORECASE,
)
SPAN = re.compile(
    rf"(?<![\w.,])(?P<count>{COUNT}|\d{{3}})(?: ?(?:wks?|mths?)| (?:days?|weeks?|months?)"
    r"|[dwm](?=[\s.?!]*$|[ ,]+(?:forecast|fcst|outlook|ahead|out|please|pls|for|of)\b))(?!\w)",
    re.IGNORECASE,
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
_NEVER = (
    "are could days demand did do does expect expected fcst forecast how is many mnth mth mths months much next nxt "
    "past please plz predict selling sells show sold was week weeks were what when which why will wk wks would"
)
NEVER = set(_NEVER.split())  # those that stand in no name either
BARE = re.compile(r"\d{1,2}|\d{1,3}[dwm]")  # a count, or how far ahead
_LINKS = "after and as at before by during for from in into of on or over since than to until versus vs with within"
LINKS = {
    *_LINKS.split(),
    *"的在从到和与跟下未卖涨降打如最近有是会能将要为怎多每去上这那本库补促价历走趋季预销需",
}  # beside a name, in none
NEVER_CHINESE = re.compile(
    r"下个|下周|下月|未来|接下来|今后|最近|过去|预测|销量|销售|需求|卖|多少|怎么|怎样|如何|如果|打\w?折|[降涨]价|促销|历史|为什么|请|帮我"
    r"|^[了在对和与是会将给把这那测量折售求问下个来未果少多]|[了在对和与是会将给把这那下个未来预销测如打问多天周月年季]$|[的吗呢么]"
)
MEANT = (1, 2, 3, 6, 12)  # counts of a month, fortnight, quarter, half-year and year
LONGER = {"quarter": 3, "qtr": 3, "季": 3, "year": 12, "年": 12}  # months in them
AHEAD = re.compile(
    r"\b(next|nxt|coming|following|upcoming)( (?P<count>[\w-]+( [a-z]+)?))? "
    r"(days?|wks?|weeks?|mths?|months?|quarters?|years?)\b"
    r"|(未来|接下来|今后)(?P<many>[\d一二两三四五六七八九十]+)个?[天周月年季]|下(个|一)?(月|周|季度|星期)",
    re.IGNORECASE,
)


class Catalogue(Protocol):
    """What names there are."""

    def has(self, name: str) -> bool:
        """Whether it is a SKU."""

    def bears(self, run: str) -> bool:
        """Whether it is a SKU, or some product bears all of its words."""


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

    def named(self, catalogue: Catalogue) -> list[str]:
        """Names that may be a product's: whole, where the catalogue has some, and without the words of asking.

        `oat milk` stays where there is but milk: what the catalogue lacks is to be said, and not to be guessed.
        """
        skus = {run for run in self._runs if catalogue.has(self._text(run))}
        plain = {run for run in self._runs if not self._asks(run) and catalogue.bears(self._text(run))}
        more = {run for run in self._runs if self._asks(run) and run[0] < run[1] and self._borne(run, catalogue)}
        whole = {run for run in skus | plain if not any(_within(run, other) for other in skus | plain)}

        def kept(run: tuple[int, int]) -> bool:
            if run in whole or run in more:
                return True
            if self._asks(run) or self._asking(run) or any(_within(other, run) for other in skus):
                return False
            if run not in plain and any(_within(other, run) and self._linked(other, run) for other in whole):
                return False
            return not any(_within(run, other) for other in (whole if run in plain else skus))

        return list(dict.fromkeys(map(self._text, filter(kept, self._runs)))) or self.names

    def skus(self, catalogue: Catalogue) -> list[str]:
        """The catalogue's SKUs that it says, of those with a digit: others may be words."""
        return [name for name in self.names if any(map(str.isdigit, name)) and catalogue.has(name)]

    def _linked(self, name: tuple[int, int], run: tuple[int, int]) -> bool:
        """Whether a name within a run has one of the words beside it that lead on to something else."""
        beside = [name[0] - 1] * (name[0] > run[0]) + [name[1] + 1] * (name[1] < run[1])
        return any(self._word(place) in LINKS for place in beside)

    def _borne(self, run: tuple[int, int], catalogue: Catalogue) -> bool:
        """Whether a product bears it, and the words at its edges, too, are no filling there."""
        edges = {self._word(place) for place in run} & ASKING
        return catalogue.bears(self._text(run)) and all(map(catalogue.bears, edges))

    def _asks(self, run: tuple[int, int]) -> bool:
        """Whether it begins or ends with a word of asking."""
        return bool(ASKING & {self._word(run[0]), self._word(run[1])})

    def _asking(self, run: tuple[int, int]) -> bool:
        """Whether there are words in it that no name has, or it is several and a bare number at their edge."""
        inside = {self._word(place) for place in range(run[0], run[1] + 1)}
        bare = run[0] < run[1] and any(BARE.fullmatch(self._word(place)) for place in run)
        return bare or bool(inside & NEVER) or NEVER_CHINESE.search(self._text(run)) is not None

    def _word(self, place: int) -> str:
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
        return bool(spans) and not any(behind) and all(Said(span["count"]).whole(1, 999) for span in spans)

    @cached_property
    def horizons(self) -> list[str]:
        """How far ahead it may mean: each number it says as days, weeks and months, and of quarters and years."""
        counts = self.whole(1, 999, MEANT)
        spans = [f"{count}{unit}" for count in counts for unit in "dwm"]
        longer = [months for word, months in LONGER.items() if word in self.request.lower()]
        spans += [f"{count * months}m" for months in longer for count in counts if count * months <= 120]
        return list(dict.fromkeys(spans))

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


def _within(run: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether it is part of another run, and not all of it."""
    return run != other and other[0] <= run[0] and run[1] <= other[1]
