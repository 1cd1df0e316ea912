"""Dates as people write them: which part of a text is the day is decided over a whole column, and said or asked.

Every different text of a column is read in every way that it allows; the way that reads most of them is taken. Where
several do, the one whose dates make a calendar (days, weeks or months in a row) is taken, and else the person is asked.
Names of months and weekdays are those of [CLDR](https://cldr.unicode.org) for many languages, by Babel, which comes
with Fluent; the way of the whole column is needed, and libraries that read one text at a time cannot have it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache

from ..messages import Message, Quoted, Refusal, message
from .calendar_words import joined, meaning_of
from .words import column_words, words

FIRST, LAST = 1900, 2200
NEAR = range(1970, 2070)  # years that a text without separators may mean
EXCEL = date(1899, 12, 30)
SERIALS = range(20_000, 80_000)  # 1954 to 2119
SECONDS = range(10**9 // 2, 4 * 10**9)
REGULAR, IRREGULAR = 0.8, 0.5  # share of the days, weeks or months of a calendar that are there
PLAIN = ("Ymd", "Ym", "ymd8")  # that go without saying
WEEKS = ("GV", "VG", "GV6", "GV-")
MONTHS = ("Ym", "mY", "Ym6", "bY", "by")
RARE = {"Ydm": "Ymd", "GV-": "Ym", "VG": "mY"}
WEAK = ("by", "my2")  # may as well be a day of a month without its year


@dataclass(frozen=True)
class Dates:
    """How a column of dates is read.

    Attributes:
        of: the date of each text that can be read.
        way: which parts of a text are what.
        assumed: what was taken for granted.
        unread: texts that cannot be read.
    """

    of: Mapping[str, date] = field(default_factory=dict)
    way: str = ""
    assumed: tuple[Message, ...] = ()
    unread: tuple[str, ...] = ()


def read_dates(texts: Sequence[str], column: str, date_format: str | None = None, freq: str | None = None) -> Dates:
    """The dates of a column.

    Args:
        texts: its different texts, without times of the day.
        column: its name: `week` and `month` say what six digits mean.
        date_format: as declared, in the directives of strptime.
        freq: as declared: D, W or M.

    Raises:
        Refusal: two ways are possible, or the texts are quarters.
    """
    texts = [text for text in dict.fromkeys(texts) if text.strip()]
    if date_format is not None:
        return _declared(texts, column, date_format)
    language = meaning_of(texts)
    read = {text: ways(text, language) for text in texts}
    quarters = [text for text, found in read.items() if "quarter" in found]
    if quarters and len(quarters) * 2 >= len(texts):
        raise Refusal("quarters-refused", column=column, text=Quoted(quarters[0]))
    counts = Counter(way for found in read.values() for way, day in found.items() if day is not None)
    if not counts:
        return Dates(unread=tuple(texts))
    most = max(counts.values())
    able = {way: _of(read, way) for way in counts if counts[way] == most}
    way = _chosen(able, column, freq)
    if way in WEAK and _regularity(able[way].values()) < REGULAR:
        return Dates(unread=tuple(texts))
    days = able[way]
    said: tuple[Message, ...] = ()
    if way not in PLAIN:
        text = next((text for text in days if any(_of(read, other).get(text, days[text]) != days[text]
                                                 for other in counts)), next(iter(days)))  # fmt: skip
        said = (message("assumed-dates", column=column, text=Quoted(text), date=days[text], way=_group(way)),)
    return Dates(days, way, said, tuple(text for text in texts if text not in days))


def ways(text: str, meanings: Mapping[str, str]) -> dict[str, date | None]:
    """Every way in which a text is a date.

    Args:
        text: without a time of the day.
        meanings: of words: `month 1`, `week`, `quarter` or nothing; a word that is not there is unknown.
    """
    text = joined(text)
    parts = re.findall(r"\d+|[^\W\d_]+", text)
    kinds = [meanings.get(part) for part in parts if not part.isdigit()]
    if None in kinds:
        return {}
    numbers = [part for part in parts if part.isdigit()]
    if "quarter" in kinds and "week" not in kinds:
        return {"quarter": None}
    if "week" in kinds:
        return _of_weeks(numbers)
    months = [int(kind.split()[1]) for kind in kinds if kind and kind.startswith("month")]
    if months:
        return _of_months(numbers, months[0])
    by_length = {1: _of_one, 2: _of_two, 3: _of_three}.get(len(numbers))
    found = by_length(numbers, text) if by_length else {}
    return {way: day for way, day in found.items() if day is not None}


def _of_three(numbers: list[str], text: str) -> dict[str, date | None]:
    a, b, c = (int(number) for number in numbers)
    lengths = [len(number) for number in numbers]
    if max(lengths[1:] if lengths[0] == 4 else lengths[:2]) > 2 or re.search(r"[^\d\s./,\-]", text):
        return {}
    if lengths[0] == 4:
        return {"Ymd": _day(a, b, c), "Ydm": _day(a, c, b)} if lengths[2] <= 2 else {}
    if lengths[2] == 4:
        return {"dmY": _day(c, b, a), "mdY": _day(c, a, b)}
    if lengths[2] == 2:
        return {"dmy": _day(_year(c), b, a), "mdy": _day(_year(c), a, b), "ymd": _day(_year(a), b, c)}
    return {}


def _of_two(numbers: list[str], text: str) -> dict[str, date | None]:
    a, b = (int(number) for number in numbers)
    lengths = (len(numbers[0]), len(numbers[1]))
    if lengths[0] == 5 and "." in text and a in SERIALS:
        return {"serial": EXCEL + timedelta(days=a)}
    if lengths[0] == 4 and lengths[1] <= 2:
        return {"Ym": _day(a, b, 1), "GV-": _week(a, b)}
    if lengths[1] == 4 and lengths[0] <= 2:
        return {"mY": _day(b, a, 1), "VG": _week(b, a)}
    if lengths == (2, 2) and not re.search(r"[.,]", text):
        return {"my2": _day(_year(b), a, 1)}
    return {}


def _of_one(numbers: list[str], text: str) -> dict[str, date | None]:
    digits = numbers[0]
    if text != digits:
        return {}
    value = int(digits)
    if len(digits) == 8:
        a, b, c = value // 10_000, value // 100 % 100, value % 100
        e, f, g = value // 1_000_000, value // 10_000 % 100, value % 10_000
        return {
            "ymd8": _day(a, b, c) if a in range(FIRST, LAST) else None,
            "dmY8": _day(g, f, e) if g in NEAR else None,
            "mdY8": _day(g, e, f) if g in NEAR else None,
        }
    if len(digits) == 6:
        year, rest = value // 100, value % 100
        a, b, c = value // 10_000, value // 100 % 100, value % 100
        return {
            "Ym6": _day(year, rest, 1) if year in NEAR else None,
            "GV6": _week(year, rest) if year in NEAR else None,
            "ymd6": _day(_year(a), b, c),
            "dmy6": _day(_year(c), b, a),
        }
    if len(digits) == 5:
        return {"serial": EXCEL + timedelta(days=value) if value in SERIALS else None}
    for length, scale, way in ((10, 1, "seconds"), (13, 1000, "milliseconds")):
        if len(digits) == length and value // scale in SECONDS:
            return {way: datetime.fromtimestamp(value / scale, UTC).date()}
    return {}


def _of_weeks(numbers: list[str]) -> dict[str, date | None]:
    """Year and week of ISO 8601, in either order, and perhaps the day of the week."""
    long = [place for place, number in enumerate(numbers) if len(number) == 4]
    if len(numbers) == 1 and len(numbers[0]) == 6:
        return {"GV": _week(int(numbers[0][:4]), int(numbers[0][4:]))}
    if len(long) != 1 or len(numbers) not in (2, 3) or (len(numbers) == 3 and long != [0]):
        return {}
    year = int(numbers[long[0]])
    rest = [int(number) for place, number in enumerate(numbers) if place != long[0]]
    day = _week(year, rest[0], *rest[1:])
    return {"GV": day} if day is not None else {}


def _of_months(numbers: list[str], month: int) -> dict[str, date | None]:
    """A month by its name, with its year and perhaps its day."""
    if len(numbers) == 1:
        year = int(numbers[0])
        way = "bY" if len(numbers[0]) == 4 else "by"
        found = _day(year if way == "bY" else _year(year), month, 1) if len(numbers[0]) in (2, 4) else None
    elif len(numbers) == 2:
        first_is_year = len(numbers[0]) == 4
        year, day = (int(number) for number in (numbers if first_is_year else numbers[::-1]))
        way = "dbY"
        found = _day(year if year > 99 else _year(year), month, day)
    else:
        return {}
    return {way: found} if found is not None else {}


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if FIRST <= year < LAST else None
    except ValueError:
        return None


def _week(year: int, week: int, day: int = 1) -> date | None:
    try:
        return date.fromisocalendar(year, week, day) if FIRST <= year < LAST else None
    except ValueError:
        return None


def _year(two: int) -> int:
    """A year of two digits, as POSIX has it."""
    return 2000 + two if two < 69 else 1900 + two


def _of(read: Mapping[str, Mapping[str, date | None]], way: str) -> dict[str, date]:
    return {text: day for text, found in read.items() if (day := found.get(way)) is not None}


def _chosen(able: dict[str, dict[str, date]], column: str, freq: str | None) -> str:
    """The one of several ways that the column's name, the declared frequency or the calendar allows.

    Raises:
        Refusal: more than one is left.
    """
    able = dict(sorted(able.items(), key=lambda pair: _ORDER.index(pair[0])))
    once: dict[tuple[date, ...], str] = {}
    for way, days in able.items():
        once.setdefault(tuple(days.values()), way)
    left = list(once.values())
    for rare, usual in RARE.items():  # nobody's habit: only where the other cannot read the column
        if rare in left and usual in left:
            left.remove(rare)
    name = column_words(column)
    for kind, own, declared in (("week", WEEKS, "W"), ("month", MONTHS, "M")):
        if {*left} & {*own} and (name & {*words()["dates"][kind]} or freq == declared):
            left = [way for way in left if way in own]
    if len(left) == 1:
        return left[0]
    scores = {way: _regularity(able[way].values()) for way in left}
    first, second, *_ = sorted(left, key=lambda way: -scores[way])
    if scores[first] >= REGULAR and scores[second] < IRREGULAR:
        return first
    if {first, second} <= {"dmY", "mdY", "dmy", "mdy"} and all("." in text for text in able[first]):
        return first if first.startswith("d") else second  # with points, no country has the month first
    text = next((text for text in able[first] if able[first][text] != able[second].get(text, able[first][text])), None)
    if text is None:  # each reads other texts: the column is not of one way
        return min(left, key=_ORDER.index)
    raise Refusal(
        "ask-dates",
        choices=tuple(f'date_format = "{format_of(way, text)}"' for way in (first, second)),
        asks=True,
        column=column,
        text=Quoted(text),
        one=able[first][text],
        other=able[second][text],
        one_format=format_of(first, text),
        other_format=format_of(second, text),
    )


_ORDER = (
    *("Ymd", "dmY", "mdY", "Ydm", "dmy", "mdy", "ymd", "Ym", "mY", "GV", "VG", "GV-", "my2", "ymd8", "dmY8", "mdY8"),
    *("Ym6", "GV6", "ymd6", "dmy6", "serial", "seconds", "milliseconds", "dbY", "bY", "by"),
)


def _regularity(days: Iterable[date]) -> float:
    """The share of the days, weeks or months between the first and the last that are among these days."""
    some: list[date] = sorted({*days})
    if len(some) < 2:
        return 0.0
    span = (some[-1] - some[0]).days
    shares = [len(some) / (span + 1)]
    if all((day - some[0]).days % 7 == 0 for day in some):
        shares.append(len(some) / (span / 7 + 1))
    last = all((day + timedelta(days=1)).day == 1 for day in some)
    if last or len({day.day for day in some}) == 1:
        months = (some[-1].year - some[0].year) * 12 + some[-1].month - some[0].month
        shares.append(len(some) / (months + 1))
    return float(max(shares))


def format_of(way: str, text: str) -> str:
    """What a person declares as `date_format` to have a text read in this way."""
    directives = [f"%{sign}" for sign in re.sub(r"[^A-Za-z]", "", way)]
    if re.fullmatch(r"\d+", text):
        return "".join(directives)
    places = iter(directives)
    return re.sub(r"\d+", lambda found: next(places, found.group()), text)


def _declared(texts: Sequence[str], column: str, date_format: str) -> Dates:
    """Dates by a declared format; what it has of the time of the day is left out, as it is of the texts."""
    day = re.split(r"[\sT]*%[HIMSpfzZTX]", date_format)[0]
    extra = (" 1", " %u") if "%V" in day and "%u" not in day and "%A" not in day else ("", "")
    found = {}
    for text in texts:
        try:
            found[text] = datetime.strptime(text.strip() + extra[0], day + extra[1]).date()
        except ValueError:
            continue
    return Dates(found, "declared", (), tuple(text for text in texts if text not in found))


@cache
def _group(way: str) -> str:
    """The kind of way, as its message has it."""
    if way in WEEKS:
        return "week"
    return {"dmY": "day-first", "dmy": "day-first", "dmY8": "day-first", "dmy6": "day-first", "mdY": "month-first",
            "mdy": "month-first", "mdY8": "month-first", "serial": "serial", "seconds": "seconds",
            "milliseconds": "seconds"}.get(way, "other")  # fmt: skip
