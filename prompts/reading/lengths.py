"""Lengths of time that a text says, and the weeks that it names: `the next 2 months`, `8w`, `week 3`, 未来4周.

The text is in lower case, its numbers in digits.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from .numbers import ORDINALS
from .words import EN, ZH, en, words, zh

Way = Literal["ahead", "back", ""]
PERIODS = {  # of the data, a unit
    "D": {"d": 1.0, "w": 7.0, "m": 365 / 12},
    "W": {"d": 1 / 7, "w": 1.0, "m": 52 / 12},
    "2W": {"d": 1 / 14, "w": 1 / 2, "m": 26 / 12},
    "4W": {"d": 1 / 28, "w": 1 / 4, "m": 13 / 12},
}
MOST_WEEKS = 12  # of a plan
UNITS = EN["units"] | ZH["units"]
UNIT = re.compile(rf"\b(?:{en('units')})|{zh('units')}")
HALVES = {"12m": "6m", "3m": "6w", "1m": "2w", "2w": "1w"}
LENGTH = re.compile(
    r"(?<![\w.,%#-])(?:"
    r"(?:(?P<half>half(?:[ -]an?)?[ -])|(?P<count>\d{1,3})[ -]?(?:of )?|(?P<article>an? ))?"
    rf"(?P<unit>{en('units')})(?P<some>s?)\b(?! ?\d|'s)"
    rf"|(?P<short>\d{{1,3}}[dwm])(?=[\s.?!]*$|[,;?!]|[ ,]+(?:{en('time.short_behind')})\b))"
)
CHINESE = re.compile(
    rf"(?P<lead>{zh('time.ahead_before', 'time.back_before')}|第)?(?P<half>半)?(?P<count>\d{{1,3}})?(?P<each>个)?"
    rf"(?P<unit>{zh('units')})"
)
# What stands before or behind a length, and says where it lies, or that it is none.
NEXT, PAST, NO_LENGTH = (re.compile(rf"\b(?:{en(f'time.{key}_before')})[ ,]*$") for key in ("ahead", "back", "none"))
OUT, BACK, AGO = (re.compile(rf"^[ ,-]*(?:{en(f'time.{key}_behind')})\b") for key in ("ahead", "back", "ago"))
LEAD = re.compile(rf"\b(?:{en('counts.lead')})(?: of| is|:|=)? $")
TOMORROW = words("time.tomorrow")
_WEEK, _NTH = rf"(?:{en('time.week')})", rf"{en('ordinals')}|\d{{1,2}}(?:st|nd|rd|th)"
WEEKS = re.compile(
    rf"\b{_WEEK} ?(?P<list>\d{{1,2}}(?:(?:{en('time.joined')})(?:weeks? )?\d{{1,2}})+)\b"
    rf"|\b{_WEEK} ?(?P<from>\d{{1,2}})(?:{en('time.until')})(?:week )?(?P<to>\d{{1,2}})\b"
    rf"|\b{_WEEK} ?(?P<one>\d{{1,2}})\b(?![%.]\d| ?%| ?per)"
    rf"|\bfirst (?P<first>\d{{1,2}}) (?:of )?{_WEEK}\b"
    rf"|\b(?P<nth>{_NTH})(?: and (?:the )?(?P<also>{_NTH}))? {_WEEK}\b"
)
WEEKS_CHINESE = re.compile(
    r"第(?P<nth>\d{1,2})(?:周?(?P<to>到|至|和|、)第?(?P<also>\d{1,2}))?周|(?:头|前)(?P<first>\d{1,2})周"
)


@dataclass(frozen=True)
class Length:
    """A length of time in a request.

    Attributes:
        span: as `8w`.
        way: where it lies, so far as its words say.
        counted: whether its words say how long, as `1 month` does and `next month` need not.
        words: as they stand in the text.
    """

    span: str
    way: Way
    counted: bool
    words: str = field(default="", compare=False)

    def periods(self, freq: str, *, whole: bool = False) -> int | None:
        """How many periods of the data it is, at least one; None where the data is monthly.

        Args:
            freq: of the data.
            whole: so many that all of it lies within: 10 days are 2 weeks; else the nearest number.
        """
        per = PERIODS.get(freq, {}).get(self.span[-1])
        if per is None:
            return None
        count = int(self.span[:-1]) * per
        month = self.span[-1] == "m"  # whose weeks are a mean
        return max(1, math.ceil(count - 1e-9) if whole and not month else round(count))


def lengths(text: str) -> list[Length]:
    """The lengths of time of a text, English before Chinese, else in order."""
    some = [(match, _english(match, text[: match.start()], text[match.end() :])) for match in LENGTH.finditer(text)]
    some += [(match, _chinese(match)) for match in CHINESE.finditer(text)]
    return [replace(one, words=match[0].strip()) for match, one in some if one is not None]


def units(text: str) -> set[str]:
    """The units of time that it speaks of: `1w`, `3m` of a quarter."""
    return {UNITS[word] for word in UNIT.findall(text)}


def word(name: str) -> bool:
    """Whether a name is but a word of time: quarter, weeks."""
    return name.lower() in UNITS or name.lower().removesuffix("s") in UNITS


def tomorrow(text: str) -> list[str]:
    """Tomorrow, as a horizon."""
    return ["1d"] if TOMORROW.search(text) else []


def weeks(text: str) -> list[int]:
    """The weeks ahead that a text names by their place; none where there are too many."""
    found = {week for match in [*WEEKS.finditer(text), *WEEKS_CHINESE.finditer(text)] for week in _weeks(match)}
    return sorted(found) if found and min(found) >= 1 and len(found) <= MOST_WEEKS else []


def _weeks(match: re.Match[str]) -> Iterator[int]:
    groups = {name: value for name, value in match.groupdict().items() if value}
    if "list" in groups:
        return map(int, re.findall(r"\d+", groups["list"]))
    named = [ORDINALS.get(value) or int(re.sub(r"\D", "", value) or 0) for name, value in groups.items()]
    if "first" in groups:
        return iter(range(1, named[0] + 1))
    if "from" in groups or groups.get("to") in ("到", "至"):
        first, last = named[0], named[-1]
        return iter(range(first, last + 1) if first <= last else [0])
    return (week for name, week in zip(groups, named, strict=True) if name != "to")


def _english(match: re.Match[str], before: str, after: str) -> Length | None:
    back, ahead = PAST.search(before) or BACK.search(after), NEXT.search(before) or OUT.search(after)
    way: Way = "back" if back else "ahead" if ahead else ""
    if NO_LENGTH.search(before) or AGO.search(after):
        return None
    if match["short"]:
        return Length(f"{int(match['short'][:-1])}{match['short'][-1]}", way, True)
    unit = UNITS[match["unit"]]
    if match["half"]:
        return Length(HALVES[unit], way, True) if unit in HALVES else None
    counted = bool(match["count"]) or bool(
        match["article"] and (way == "ahead" or LEAD.search(before))
    )  # else a rate: "10 a week"
    if not counted and (match["article"] or match["some"] or not way):
        return None
    return Length(_times(match["count"] or "1", unit), way, counted)


def _chinese(match: re.Match[str]) -> Length | None:
    lead, unit = match["lead"] or "", UNITS[match["unit"]]
    counted = bool(match["count"] or match["half"])
    named = match["unit"] in ("月", "季") and match["count"] and not match["each"]  # 12月 is December, 3季度 the third
    if named and (not lead or match.string[match.end() :][:1] in ("份", "日", "号")):
        return None
    if lead == "第" or not (counted or lead in ("下", "上")) or (not counted and unit == "1d"):
        return None
    way: Way = "ahead" if lead in ZH["time"]["ahead_before"] else "back" if lead else ""
    if match["half"]:
        return Length(HALVES[unit], way, True) if unit in HALVES else None
    return Length(_times(match["count"] or "1", unit), way, counted)


def _times(count: str, unit: str) -> str:
    return f"{int(count) * int(unit[:-1])}{unit[-1]}"
