"""Days that a note names: absolute, relative to the note's own date, ranges and open ends, in English and Chinese.

`dateparser` 1.5 was tried first: of `3-17 May` it gives one day, of `week 14` none, `we may` are two dates to it, and
5月3日 is read as the ninth of August. So notes have a small grammar of their own: atoms, and what joins them.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from ...tools.messages import Message, Quoted, message
from .feasts import next_of
from .months import NAMES
from .numbers import NUMBERS, in_digits
from .words import EN, ZH

Side = Literal["", "from", "until"]
DAY = timedelta(days=1)
BACK = 60  # days before the note that a date without a year may lie; the next such date is meant otherwise
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_M = "|".join(rf"{name[:3]}(?:{name[3:]})?" if name != "september" else "sept?(?:ember)?" for name in NAMES)
_W = "|".join(rf"{name[:3]}(?:{name[3:]})?" for name in WEEKDAYS)
_N = "|".join((r"\d{1,2}", *NUMBERS))
_Y = r"(?:19|20)\d\d"
_PART = r"(?:the )?(?P<part>early|mid|late|(?:middle|end|beginning|start|first week|last week) of)[ -](?:the )?"
_TH = r"(?:st|nd|rd|th)?"
_TO = r" ?(?:-|–|—|to|through|thru|until|till|and) ?"
_FEASTS = {name: "|".join(words) for name, words in EN["feasts"].items()}
ENGLISH = re.compile(
    rf"(?P<iso>{_Y}[-/]\d{{1,2}}[-/]\d{{1,2}})(?!\d)"
    rf"|(?<![\d/.])(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})(?:/(?P<slash_year>{_Y}))?(?![\d/%])"
    rf"|\b(?P<month>{_M})\.? (?P<first>\d{{1,2}}){_TH}(?:{_TO}(?P<last>\d{{1,2}}){_TH}(?! ?(?:{_M})\b|\d))?"
    rf"(?:,? (?P<year>{_Y}))?(?![\d%x])"
    rf"|(?<![\d/.])(?P<day>\d{{1,2}}){_TH}(?:{_TO}(?:the )?(?P<to>\d{{1,2}}){_TH})? (?:of )?(?P<of>{_M})\b\.?"
    rf"(?:,? (?P<of_year>{_Y}))?"
    rf"|\b(?:{_PART})(?P<parted>{_M})\b(?: (?P<parted_year>{_Y}))?"
    rf"|\b(?P<week>this|next) (?:calendar )?week\b(?! ?end)|\b(?P<weekend>this|next|the) ?weekend\b"
    rf"|\b(?P<this>this|next) month\b|\b(?P<rel>today|now|tonight|tomorrow|this morning)\b"
    rf"|\b(?:the )?(?:next|coming) (?P<count>{_N}) (?P<unit>day|week|month)s?\b"
    rf"|\b(?:a|the next) (?P<fortnight>fortnight)\b"
    rf"|\bin (?P<after>{_N}) (?P<after_unit>day|week|month)s?\b"
    rf"|\b(?P<christmas_eve>christmas eve)\b|\b(?P<weekday>{_W})\b(?!,? (?:the )?\d)"
    rf"|\bweek (?P<number>\d{{1,2}})(?: of (?P<number_year>{_Y}))?\b"
    rf"|\b(?:in|during|whole|all|of|through|until|till|from) (?P<whole>{_M})\b(?! ?\d)(?: (?P<whole_year>{_Y}))?"
    + "".join(rf"|\b(?P<feast_{name}>{words})\b" for name, words in _FEASTS.items())
)
CHINESE = re.compile(
    rf"(?:(?P<year>{_Y})年)?(?P<month>\d{{1,2}})月(?P<first>\d{{1,3}})[日号]?(?:[到至\-—~](?P<last>\d{{1,3}})[日号])?(?![\d月])"
    rf"|(?:(?P<part_year>{_Y})年)?(?P<parted>\d{{1,2}})月(?P<part>上旬|中旬|下旬|初|底|末|中)"
    r"|(?P<rel>今天|今日|明天|明日|后天)|(?P<weekend>[本这下]?周末)|(?P<week>[本这下]个?(?:周|星期)(?P<weekday>[一1二2三3四4五5六6日天])?)"
    r"|(?P<this>本月|这个月|下个?月)|(?:未来|接下来|今后)(?P<count>\d{1,2})个?(?P<unit>天|周|星期|月)"
    rf"|(?:(?P<whole_year>{_Y})年)?(?P<whole>\d{{1,2}})月份?(?!\d)"
    + "".join(rf"|(?P<feast_{name}>{'|'.join(ZH['feasts'][name])})" for name in ZH["feasts"])
)
NUMERALS = re.compile(f"[{''.join([*ZH['numbers']['digits'], *ZH['numbers']['sizes']])}]+(?=[月日号周天个星])")
JOIN = re.compile(
    rf"[ ,]*(?:-|–|—|to|through|thru|until|till|up to|and(?: expires?)?(?: on)?|到|至|~)(?: the)?(?: (?:{_W})\b)?[ ,]*"
)
UNTIL = re.compile(r"(?:\b(?:until|till|through|up to|before|by|expires?(?: on)?|ends?(?: on)?)(?: the)?|[到至])[ ]*$")
FROM = re.compile(
    r"(?:\b(?:from|as of|since|start(?:s|ing)?|begin(?:s|ning)?|effective|commencing)(?: on)?(?: the)?|[从自])[ ]*$"
)
ON = re.compile(r"^,?(?: onwards?\b| (?:and )?on\b(?! \w)|开?[起始])|^.{0,60}\bfrom then on\b")
WEEK_OF = re.compile(r"\bweek (?:of|starting|beginning|commencing)(?: the| on)?(?: monday,?)? *$")
OPEN = re.compile(r"until further notice|for the time being|permanently|直到另行通知|另行通知")
PAST = re.compile(r"(?:\b(?:last|past|previous)(?: \w+)?|去年|上个?|往年)[ 的]*$")


@dataclass(frozen=True)
class Stretch:
    """Days that some words of a text name.

    Attributes:
        first: the first.
        last: the last one; None is no end that is said.
        places: where the words stand, each from its first character to the one behind the last.
        side: `from` and `until` say that it is but the beginning, or the end.
        point: a single day, named as such.
        ranged: its first and its last are both named.
        taken: what was assumed.
    """

    first: date
    last: date | None
    places: tuple[tuple[int, int], ...]
    side: Side = ""
    point: bool = False
    ranged: bool = False
    taken: tuple[Message, ...] = ()

    @property
    def at(self) -> tuple[int, int]:
        """From the first character of all of them to the one behind the last."""
        return self.places[0][0], self.places[-1][1]


def stretches(text: str, today: date) -> list[Stretch]:
    """The stretches of days that a text names, in order, each range as one.

    Args:
        text: a sentence, as it stands.
        today: the note's own date.
    """
    low = evened(text)
    found: list[Stretch] = []
    for match, read in _atoms(low):
        if found and match.start() < found[-1].at[1]:
            continue
        stretch = None if PAST.search(low[: match.start()]) else read(match, today)
        if stretch is not None:
            found.append(_placed(stretch, low))
    made: list[Stretch] = []
    for one in found:
        joins = made and JOIN.fullmatch(low[made[-1].at[1] : one.at[0]])
        begun = made and (made[-1].point or made[-1].side == "from") and one.side == "until" and not one.ranged
        ranges = joins and (one.side == "until" or _ranged(low, made[-1]))
        if made and made[-1].side != "until" and (begun or ranges):
            made[-1] = _range(made[-1], one)
        else:
            made.append(one)
    made = [_bounded(one, today) for one in made]
    if not made and (notice := OPEN.search(low)):
        made.append(Stretch(today, None, (notice.span(),)))
    return made


def evened(text: str) -> str:
    """The text in lower case, its Chinese numerals before units of time in digits, no character moved."""
    low = "".join(one.lower() if len(one.lower()) == 1 else one for one in text)
    return NUMERALS.sub(lambda found: in_digits(found[0]).zfill(len(found[0])), low)


def _atoms(low: str) -> Iterator[tuple[re.Match[str], Callable[[re.Match[str], date], Stretch | None]]]:
    every = [*((match, _english) for match in ENGLISH.finditer(low)), *((m, _chinese) for m in CHINESE.finditer(low))]
    return iter(sorted(every, key=lambda one: (one[0].start(), -one[0].end())))


def _placed(one: Stretch, low: str) -> Stretch:
    """With what stands before and behind it: `from`, `until`, `week of`."""
    before, after = low[: one.at[0]], low[one.at[1] :]
    head = low[one.at[0] : one.at[1]].split(" ")[0]
    if week := WEEK_OF.search(before):
        monday = one.first - one.first.weekday() * DAY
        one, before = replace(one, first=monday, last=monday + 6 * DAY, point=False), before[: week.start()]
    if UNTIL.search(before) or head in ("until", "till", "through"):
        return replace(one, side="until")
    if one.ranged:
        return one
    if FROM.search(before) or head == "from" or ON.search(after):
        return replace(one, side="from")
    return one


def _ranged(low: str, one: Stretch) -> bool:
    """Whether a range may begin here: not at `and`, unless `between` says so."""
    joined = JOIN.match(low[one.at[1] :])
    return not (joined and "and" in joined[0]) or bool(re.search(r"\bbetween(?: the)? *$", low[: one.at[0]]))


def _range(one: Stretch, other: Stretch) -> Stretch:
    last = other.last or other.first
    if last < one.first:
        near = (one.first - last).days < 7  # Friday to Monday
        last = last + 7 * DAY if near else _day(last.year + 1, last.month, last.day) or last + 366 * DAY
    return Stretch(one.first, last, (*one.places, *other.places), ranged=True, taken=(*one.taken, *other.taken))


def _bounded(one: Stretch, today: date) -> Stretch:
    if one.side == "until":
        return replace(one, first=min(today, one.last or one.first))
    return replace(one, last=None) if one.side == "from" else one


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _near(month: int, day: int, year: str | None, today: date) -> date | None:
    """A day of a year, or of the year in which it comes next; a little before the note may be meant, too."""
    if year:
        return _day(int(year), month, day)
    some = [_day(today.year + more, month, day) for more in (-1, 0, 1)]
    return next((one for one in some if one is not None and one >= today - BACK * DAY), None)


def _days(first: date | None, last: date | None, match: re.Match[str], *taken: Message) -> Stretch | None:
    if first is None or last is None:
        return None
    if last < first:
        last = _day(last.year + 1, last.month, last.day) or last
    return Stretch(first, last, (match.span(),), point=first == last, taken=taken) if last >= first else None


def _month(number: int, year: str | None, today: date, match: re.Match[str], part: str | None = None) -> Stretch | None:
    if not 1 <= number <= 12:
        return None
    last_year = int(year) if year else today.year + (number < today.month)
    first, last = date(last_year, number, 1), date(last_year + number // 12, number % 12 + 1, 1) - DAY
    ends = {
        **dict.fromkeys(("early", "上旬"), (first, first + 9 * DAY)),
        **dict.fromkeys(("beginning of", "start of", "初"), (first, first)),
        **dict.fromkeys(("mid", "middle of", "中旬", "中"), (first + 14 * DAY, first + 14 * DAY)),
        **dict.fromkeys(("late", "下旬"), (first + 20 * DAY, last)),
        **dict.fromkeys(("end of", "底", "末"), (last, last)),
        "first week of": (first, first + 6 * DAY),
        "last week of": (last - 6 * DAY, last),
    }
    return _days(*ends.get(part or "", (first, last)), match)


def _ahead(count: int, unit: str, today: date) -> date:
    days = {"day": 1, "天": 1, "week": 7, "周": 7, "星期": 7, "month": 30, "月": 30}[unit]
    return today + count * days * DAY


def _number(word: str) -> int:
    return int(word) if word.isdigit() else NUMBERS[word]


def _week(which: str, today: date) -> tuple[date, date]:
    monday = today - today.weekday() * DAY + (7 * DAY if which.startswith(("next", "下")) else 0 * DAY)
    return monday, monday + 6 * DAY


def _feast(g: dict[str, str | None], today: date, match: re.Match[str]) -> Stretch | None:
    name = next((key for key, value in g.items() if value and key.startswith("feast_")), None)
    day = next_of(name.removeprefix("feast_"), today) if name else None
    return _days(day, day, match)


def _slashed(match: re.Match[str], today: date) -> Stretch | None:
    """03/04 by the month first, unless there is no such month; and it is said."""
    a, b, year = int(match["a"]), int(match["b"]), match["slash_year"]
    by_month, by_day = _near(a, b, year, today) if a <= 12 else None, _near(b, a, year, today) if b <= 12 else None
    day = by_month or by_day
    both = by_month and by_day and by_month != by_day
    taken = (message("signals-taken-date", words=Quoted(match[0]), date=day),) if both and day else ()
    return _days(day, day, match, *taken)


def _english(match: re.Match[str], today: date) -> Stretch | None:
    g = match.groupdict()
    if g["iso"]:
        iso = _day(*map(int, re.split("[-/]", g["iso"])))
        return _days(iso, iso, match)
    if g["a"]:
        return _slashed(match, today)
    if g["month"] or g["of"]:
        month = _place(g["month"] or g["of"] or "")
        year = g["year"] or g["of_year"]
        first = _near(month, int(g["first"] or g["day"] or 0), year, today)
        last = first and _day(first.year, month, int(g["last"] or g["to"] or first.day))
        made = _days(first, last, match)
        return made and replace(made, ranged=not made.point)
    if g["parted"] or g["whole"]:
        name = g["parted"] or g["whole"] or ""
        return _month(_place(name), g["parted_year"] or g["whole_year"], today, match, g["part"])
    if g["week"]:
        return _days(*_week(g["week"], today), match)
    if g["weekend"]:
        sunday = _week(g["weekend"], today)[1]
        return _days(sunday - DAY, sunday, match)
    if g["this"]:
        return _month((today.month + (g["this"] == "next") - 1) % 12 + 1, None, today, match)
    if g["rel"]:
        day = today + DAY * (g["rel"] == "tomorrow")
        return _days(day, day, match)
    if g["count"] or g["fortnight"]:
        last = _ahead(_number(g["count"] or "14"), g["unit"] or "day", today)
        return _days(today + DAY, last, match)
    if g["after"]:
        day = _ahead(_number(g["after"]), g["after_unit"] or "day", today)
        return _days(day, day, match)
    if g["christmas_eve"]:
        day = next_of("christmas", today) - DAY
        return _days(day, day, match)
    if g["weekday"]:
        place = next(at for at, name in enumerate(WEEKDAYS) if name.startswith(g["weekday"][:3]))
        day = today + ((place - today.weekday() - 1) % 7 + 1) * DAY
        return _days(day, day, match)
    if g["number"]:
        return _numbered(int(g["number"]), g["number_year"], today, match)
    return _feast(g, today, match)


def _numbered(week: int, year: str | None, today: date, match: re.Match[str]) -> Stretch | None:
    """An ISO week, of this year or the next."""
    for one in [int(year)] if year else [today.year, today.year + 1]:
        try:
            monday = date.fromisocalendar(one, week, 1)
        except ValueError:
            return None
        if year or monday + 6 * DAY >= today:
            return _days(monday, monday + 6 * DAY, match)
    return None


def _chinese(match: re.Match[str], today: date) -> Stretch | None:
    g = match.groupdict()
    if g["month"]:
        first = _near(int(g["month"]), int(g["first"] or 0), g["year"], today) if 1 <= int(g["month"]) <= 12 else None
        last = first and _day(first.year, first.month, int(g["last"] or first.day))
        made = _days(first, last, match)
        return made and replace(made, ranged=not made.point)
    if g["parted"] or g["whole"]:
        return _month(int(g["parted"] or g["whole"] or 0), g["part_year"] or g["whole_year"], today, match, g["part"])
    if g["rel"]:
        day = today + DAY * {"明": 1, "后": 2}.get(g["rel"][0], 0)
        return _days(day, day, match)
    if g["week"]:
        monday, sunday = _week(g["week"], today)
        if not g["weekday"]:
            return _days(monday, sunday, match)
        day = monday + ("一二三四五六日123456天".index(g["weekday"]) % 7) * DAY
        return _days(day, day, match)
    if g["weekend"]:
        sunday = _week(g["weekend"], today)[1]
        return _days(sunday - DAY, sunday, match)
    if g["this"]:
        return _month((today.month + g["this"].startswith("下") - 1) % 12 + 1, None, today, match)
    if g["count"]:
        return _days(today + DAY, _ahead(int(g["count"]), g["unit"] or "天", today), match)
    return _feast(g, today, match)


def _place(name: str) -> int:
    return next(place for place, one in enumerate(NAMES, 1) if one.startswith(name[:3]))
