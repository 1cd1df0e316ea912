"""Lengths of time that a request says, and the weeks that it names: `the next two months`, `8w`, `week 3`, 未来四周."""

import re
from dataclasses import dataclass
from typing import Literal

from .numbers import COUNT, COUNTED, SMALL, number

Way = Literal["ahead", "back", "ago", ""]
PERIODS = {"W": {"d": 1 / 7, "w": 1.0, "m": 52 / 12}, "D": {"d": 1.0, "w": 7.0, "m": 365 / 12}}  # of the data, a unit
MOST_WEEKS = 12  # of a plan

UNITS = {
    "day": "1d", "week": "1w", "wk": "1w", "fortnight": "2w", "month": "1m", "mth": "1m", "quarter": "3m", "qtr": "3m",
    "year": "12m", "yr": "12m", "天": "1d", "周": "1w", "星期": "1w", "礼拜": "1w", "月": "1m", "季": "3m", "年": "12m",
}  # fmt: skip
HALVES = {"12m": "6m", "3m": "6w", "1m": "2w", "2w": "1w"}
LENGTH = re.compile(
    r"(?<![\w.,%#-])(?:"
    rf"(?:(?P<half>half(?:[ -]an?)?[ -])|(?P<count>{COUNT})[ -](?:of )?|(?P<tight>\d{{1,3}})|(?P<article>an? ))?"
    rf"(?P<unit>{'|'.join(word for word in UNITS if word.isascii())})(?P<some>s?)\b(?! ?\d|'s)"
    r"|(?P<short>\d{1,3}[dwm])(?=[\s.?!]*$|[,;?!]|[ ,]+(?:forecast|outlook|ahead|out|please|pls|for|of|back)\b))"
)
CHINESE = re.compile(
    r"(?P<lead>未来|接下来|今后|往后|过去|最近|近|前|下|上|第)?(?P<half>半)?(?P<count>\d{1,3}|[一二两三四五六七八九十]{1,3})?(?P<each>个)?"
    rf"(?P<unit>{'|'.join(word for word in UNITS if not word.isascii())})"
)
AHEAD_CHINESE = ("未来", "接下来", "今后", "往后", "下")
# What stands before or behind a length, and says where it lies.
NEXT = re.compile(r"\b(?:next|coming|following|upcoming|the future)[ ,]*$")
PAST = re.compile(r"\b(?:last|past|previous|prior|recent|latest|trailing|preceding|earlier)[ ,]*$")
EACH = re.compile(r"\b(?:per|each|every|this|that|same|which|by|of the|the (?:best|worst))[ ,]*$|\bthe $")
FOR = re.compile(
    r"\b(?:for|to|over|within|in|during|of|these|about|say,?|roughly|around)(?: the)?(?: full| whole)?[ ,]*$"
)
NO_LENGTH = re.compile(
    r"\b(?:best|worst|strongest|weakest|biggest|oddest|most|least|first|week|month|every|each|sku|no\.?)[ ]+$"
)
AGO = re.compile(r"^[ ,]*(?:ago|before|earlier|old)\b")
OUT = re.compile(r"^[ -]*(?:ahead|out|forward|forecast|outlook|projection|prediction|horizon)\b")
BACK = re.compile(r"^[ ]*(?:back|of (?:history|sales|actuals)|history|to date)\b")

_NTH = r"second|third|fourth|fifth|sixth|seventh|eighth|\d{1,2}(?:st|nd|rd|th)"
_JOINED = r" ?, ?| ?& ?| ?\+ ?| and |, and "
_TO = r" ?[-–] ?| to | through | till | until "
_WEEK = r"(?:weeks?|wks?)"
WEEKS = re.compile(
    rf"\b{_WEEK} ?(?P<list>\d{{1,2}}(?:(?:{_JOINED})(?:weeks? )?\d{{1,2}})+)\b"
    rf"|\b{_WEEK} ?(?P<from>\d{{1,2}}|[a-z]+)(?:{_TO})(?:week )?(?P<to>\d{{1,2}}|[a-z]+)\b"
    rf"|\b{_WEEK} ?(?P<one>\d{{1,2}})\b(?![%.]\d| ?%| ?per)"
    rf"|\bweek (?P<word>{'|'.join(word for word in SMALL if word in COUNTED and COUNTED[word] <= MOST_WEEKS)})\b"
    rf"|\bfirst (?P<first>\d{{1,2}}|two|three|four|five|six|seven|eight|couple of) {_WEEK}\b"
    rf"|\b(?P<nth>first|{_NTH})(?: and (?:the )?(?P<also>{_NTH}))? {_WEEK}\b"
)
_NTH_CHINESE = r"\d{1,2}|[一二三四五六七八九十]{1,2}"
WEEKS_CHINESE = re.compile(
    rf"第(?P<nth>{_NTH_CHINESE})(?:周?(?P<to>到|至|和|、)第?(?P<also>{_NTH_CHINESE}))?周|(?:头|前)(?P<first>\d{{1,2}}|[二两三四五六])周"
)


TOMORROW = re.compile(r"(?P<after>\bday after )?\btomorrow\b(?!'s)|明天|明日|后天")


@dataclass(frozen=True)
class Length:
    """A length of time in a request.

    Attributes:
        span: as `8w`.
        way: where it lies, so far as its words say.
        counted: whether its words say how long, as `one month` does and `next month` need not.
    """

    span: str
    way: Way
    counted: bool

    def periods(self, freq: str) -> int | None:
        """How many periods of the data it is, at least one; None where the data is neither daily nor weekly."""
        per = PERIODS.get(freq, {}).get(self.span[-1])
        return None if per is None else max(1, round(int(self.span[:-1]) * per))


def lengths(text: str) -> list[Length]:
    """The lengths of time of a text in lower case, English before Chinese, else in order."""
    found = [_english(match, text[: match.start()], text[match.end() :]) for match in LENGTH.finditer(text)]
    found += map(_chinese, CHINESE.finditer(text))
    return [one for one in found if one is not None]


def tomorrow(text: str) -> list[str]:
    """Tomorrow and the day after it, as horizons."""
    return ["2d" if match["after"] or match[0] == "后天" else "1d" for match in TOMORROW.finditer(text)]


def weeks(text: str) -> list[int] | None:
    """The weeks ahead that a text in lower case names by their place; None where it names none, or too many."""
    found: set[int] = set()
    for match in WEEKS.finditer(text):
        if match["list"]:
            found |= {int(one) for one in re.findall(r"\d+", match["list"])}
        elif match["from"]:
            found |= _run(number(match["from"]), number(match["to"]))
        elif match["first"]:
            found |= _run(1, number(match["first"].replace("couple of", "2")))
        else:
            told = (match["one"], match["word"], match["nth"], match["also"])
            found |= {number(re.sub(r"(?<=\d)[a-z]+", "", one)) for one in told if one}
    for match in WEEKS_CHINESE.finditer(text):
        first, last = number(match["nth"] or "1"), number(match["also"] or match["first"] or match["nth"])
        found |= {first, last} if match["to"] in ("和", "、") else _run(first, last)
    return sorted(found) if found and min(found) >= 1 and len(found) <= MOST_WEEKS else None


def _run(first: int, last: int) -> set[int]:
    return set(range(first, last + 1)) if 1 <= first <= last else {0}


def _english(match: re.Match[str], before: str, after: str) -> Length | None:
    way = _way(before, after)
    if NO_LENGTH.search(before):
        return None
    if match["short"]:
        return Length(f"{int(match['short'][:-1])}{match['short'][-1]}", way, True)
    unit = UNITS[match["unit"]]
    if match["half"]:
        return Length(HALVES[unit], way, True) if unit in HALVES else None
    framed = bool(match["article"] and (FOR.search(before) or OUT.search(after) or NEXT.search(before)))  # else a rate
    counted = bool(match["count"] or match["tight"]) or framed
    if not counted and (match["article"] or match["some"] or not way or EACH.search(before)):
        return None
    told = match["count"] or match["tight"] or "1"
    count = number(told)
    return Length(f"{count * int(unit[:-1])}{unit[-1]}", way, counted) if count or told == "0" else None


def _chinese(match: re.Match[str]) -> Length | None:
    lead, unit = match["lead"] or "", UNITS[match["unit"]]
    counted = bool(match["count"] or match["half"])
    named = match["unit"] in ("月", "季") and match["count"] and not match["each"]  # 12月 is December, 3季度 the third
    if named and (not lead or match.string[match.end() :][:1] in ("份", "日", "号")):
        return None
    if lead == "第" or not (counted or lead in ("下", "上")) or (not counted and unit == "1d"):
        return None
    way: Way = "ahead" if lead in AHEAD_CHINESE else "back" if lead else ""
    if match["half"]:
        return Length(HALVES[unit], way, True) if unit in HALVES else None
    count = number(match["count"] or "1")
    return Length(f"{count * int(unit[:-1])}{unit[-1]}", way, counted) if count else None


def _way(before: str, after: str) -> Way:
    if AGO.search(after):
        return "ago"
    if PAST.search(before) or BACK.search(after):
        return "back"
    return "ahead" if NEXT.search(before) or OUT.search(after) else ""
