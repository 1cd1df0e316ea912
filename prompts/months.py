"""Months, quarters and years that a request names: `December 2024`, `last march`, `Q4`, `in 2023`, 2024年12月."""

import re

from .said import COUNTED, Said

NAMES = [
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
]
_MONTH = "|".join(rf"{name[:3]}(?:{name[3:]})?" if name != "september" else "sept?(?:ember)?" for name in NAMES)
_IN = r"(?:in|during|of|for|last|this|over)"
YEAR = r"(?:19|20)\d\d"
ENGLISH = re.compile(
    rf"\b(?P<month>{_MONTH})\b\.?(?:,? (?:of )?(?P<year>{YEAR}))?(?!\w)"
    rf"|\bq(?P<quarter>[1-4])\b(?:,? (?:of )?(?P<of>{YEAR}))?"
    rf"|\b(?P<iso>{YEAR})-(?P<nth>0[1-9]|1[0-2]|q[1-4])\b(?!-)"
    rf"|\b{_IN} (?:the year )?(?P<whole>{YEAR})\b(?![-/.]\d)"
)
CHINESE = re.compile(
    rf"(?:(?P<year>{YEAR})年)?(?:(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?|(?P<quarter>[一二三四1-4])季度)(?!\d)"
    rf"|(?P<whole>{YEAR})年(?![\d一二三四])"
)
MAY = re.compile(rf"\b(?:{_IN} may\b|may (?:of )?{YEAR})")  # else a verb, as mar is a name and dec may be short for all

# Beside one of them, what is asked for begins or ends there, and is not that month.
OPEN_BEFORE = re.compile(r"(?:\b(?:since|from|between|until|till|to|through|before|after|and)|[-–从自到至和])\s*$")
OPEN_AFTER = re.compile(r"\s*(?:(?:to|until|till|through|and|onwards?)\b|[-–到至和]|以来|之前|之后|起)")
LAST_YEAR = re.compile(r"\blast year|去年")


def months(said: Said) -> list[str]:
    """Each as `2024-12`, `2024-Q4` or `2024`; `12` and `Q4` where no year is said, `-12` of last year.

    None where it asks for what lies before, after or between some.
    """
    last = "-" if LAST_YEAR.search(said.lower) else ""
    found: list[str] = []
    text = said.lower
    every = [*ENGLISH.finditer(text), *CHINESE.finditer(text)]
    if any(OPEN_BEFORE.search(text[: one.start()]) or OPEN_AFTER.match(text[one.end() :]) for one in every):
        return []
    for match in ENGLISH.finditer(text):
        if match["month"]:
            if match["month"] != "may" or MAY.search(text):
                place = next(n for n, name in enumerate(NAMES, 1) if name.startswith(match["month"][:3]))
                found.append(_dated(match["year"], f"{place:02d}", last))
        elif match["quarter"]:
            found.append(_dated(match["of"], f"Q{match['quarter']}", last))
        else:
            found.append(match["whole"] or _dated(match["iso"], match["nth"].upper(), last))
    for match in CHINESE.finditer(text):
        if match["month"]:
            found.append(_dated(match["year"], f"{_count(match['month']):02d}", last))
        elif match["quarter"]:
            found.append(_dated(match["year"], f"Q{_count(match['quarter'])}", last))
        else:
            found.append(match["whole"])
    return found


def _dated(year: str | None, part: str, last: str) -> str:
    return f"{year}-{part}" if year else f"{last}{part}"


def _count(text: str) -> int:
    return int(text) if text.isdigit() else 10 * text.startswith("十") + COUNTED.get(text.removeprefix("十"), 0)
