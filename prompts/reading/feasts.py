"""Feasts: the days of the year that people plan by, and when the next of each lies.

The text is in lower case, its numbers in digits.
"""

import re
from datetime import date, timedelta
from functools import cache

import holidays
from dateutil.easter import easter

from .words import EN, ZH, en, zh

_NAMES = {name: "|".join([rf"\b(?:{'|'.join(EN['feasts'][name])})\b", *ZH["feasts"][name]]) for name in EN["feasts"]}
_ANY = "|".join(f"(?P<{name}>{words})" for name, words in sorted(_NAMES.items(), key=lambda one: "new_year" in one))
FEAST = re.compile(
    rf"(?P<past>\b(?:{en('dates.feast_past')}) |(?:{zh('dates.feast_past')}))?"
    rf"(?:(?P<before>\b(?:{en('dates.feast_before')})\b)|(?P<until>\b(?:{en('dates.until')})\b|{zh('dates.until')}))?"
    rf" ?(?:the |this )?(?:{_ANY})(?P<end>(?P<week> week\b|那?一?周)|前)?(?! ?(?:19|20)\d\d)"
)


def feasts(text: str, today: date) -> list[date]:
    """The days up to which requests speak that name a feast: it, or the end of the week that it lies in.

    It counts behind a preposition, or as a week: "easter eggs" are eggs. "until Christmas" ends on the feast,
    "Christmas week" and "for Christmas" end when its week does. One that is over is next year's; one of last year
    counts for none.
    """
    found = []
    for match in FEAST.finditer(text):
        if match["past"] or not (match["before"] or match["until"] or match["end"]):
            continue
        day = next_of(next(name for name in _NAMES if match[name]), today)
        up_to = match["until"] and not match["week"]
        found.append(day if up_to or match["end"] == "前" else day + timedelta(days=6))
    return found


def next_of(name: str, today: date) -> date:
    """When a feast of the words' table lies next, today or later."""
    here: date = _day(name, today.year)
    return here if here >= today else _day(name, today.year + 1)


@cache
def _day(name: str, year: int) -> date:
    fixed = {"christmas": (12, 25), "new_year": (1, 1), "halloween": (10, 31), "valentines": (2, 14)}
    if name in fixed:
        return date(year, *fixed[name])
    if name == "easter":
        made: date = easter(year)
        return made
    if name == "spring_festival":
        named = holidays.country_holidays("CN", years=year, language="en_US")
        days: list[date] = [day for day in named if "Spring Festival" in named[day] and "Eve" not in named[day]]
        return min(days)
    first = date(year, 11, 1)
    thursday = first + timedelta(days=(3 - first.weekday()) % 7 + 21)  # the fourth of November, as in the US
    return thursday + timedelta(days=name == "black_friday")
