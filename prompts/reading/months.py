"""Months, quarters and years that a text names: `december 2024`, `last march`, `q4`, `in 2023`, 2024年12月.

The text is in lower case, its numbers in digits.
"""

import re

from .numbers import ORDINALS
from .words import EN, en, words, zh

NAMES = EN["months"]["names"]
_MONTH = "|".join(rf"{name[:3]}(?:{name[3:]})?" if name != "september" else "sept?(?:ember)?" for name in NAMES)
YEAR = r"(?:19|20)\d\d"
NTH = {**ORDINALS, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, **dict.fromkeys(EN["months"]["final"], 4)}
ORDINAL = [word for word, place in NTH.items() if place < 5 and word not in EN["months"]["final"]]
ENGLISH = re.compile(
    rf"\b(?P<month>{_MONTH})\b\.?(?:,? (?:of )?(?P<year>{YEAR}|'\d\d))?(?!\w)"
    rf"|\bq(?P<quarter>[1-4])\b(?:,? (?:of )?(?P<of>{YEAR}|'\d\d))?"
    rf"|\b(?P<nth>{'|'.join(NTH)}) quarter(?: of)? (?P<its>{YEAR})"
    rf"|\b(?:{en('months.before')}) the (?P<ordinal>{'|'.join(ORDINAL)}) quarter\b"
    rf"|\b(?P<iso>{YEAR})-(?P<part>0[1-9]|1[0-2]|q[1-4])\b(?!-)"
    rf"|\b(?:of|{en('months.before')}) (?:the year )?(?P<whole>{YEAR})\b(?![-/.]\d| q[1-4])"
)
CHINESE = re.compile(
    rf"(?:(?P<year>{YEAR})年的?)?(?:(?P<month>1[0-2]|0?[1-9])月份?"
    r"|第?(?P<quarter>[1-4])季度|(?<=[年的])q(?P<q>[1-4]))(?![\d日号])"
    rf"|(?P<whole>{YEAR})年(?![的第\dqh上下双])"
)
# May is a verb, Mar and Dec are names: short ones are months where a word or a year beside them says so.
SHORT = re.compile(rf"\b(?:{en('months.before')})\s*$")
BEHIND = re.compile(rf"\s*(?:{en('months.behind')})\b")
# Beside one of them, what is asked for begins or ends there, is a day of it, or a part of the year.
OPEN_BEFORE = re.compile(
    rf"(?:\b(?:{en('months.open_before')})|[-–]|{zh('months.open_before')}|\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)?)\s*$"
)
OPEN_AFTER = re.compile(
    rf"\s*(?:(?:{en('months.open_behind')})\b|\d{{1,2}}(?:st|nd|rd|th)?\b(?! ?(?:day|week|month|unit))"
    rf"|[-–]|{zh('months.open_behind')})"
)
PARTLY = re.compile(rf"\b(?:{en('months.partly')})\s*$")
LAST_YEAR = words("months.last_year")


def months(text: str) -> list[str]:
    """Each as `2024-12`, `2024-Q4` or `2024`; `12` and `Q4` where no year is given, `-12` of last year.

    None where it asks for a day, for a part of a year that is no quarter, or for what lies before, after or between.
    """
    last = "-" if LAST_YEAR.search(text) else ""
    every = [*filter(lambda one: _named(one, text), ENGLISH.finditer(text)), *CHINESE.finditer(text)]
    if any(_open(one, text) for one in every):
        return []
    return [_written(one.groupdict(), last) for one in every]


def _named(match: re.Match[str], text: str) -> bool:
    """Whether a short name is a month's, or a quarter's."""
    groups, before = match.groupdict(), text[: match.start()]
    if groups["month"] in {*NAMES} - {"may"} or not (groups["month"] or groups["quarter"]):
        return True
    alone = groups["quarter"] and not before.strip()
    return bool(groups["year"] or groups["of"] or alone or BEHIND.match(text[match.end() :]) or SHORT.search(before))


def _open(match: re.Match[str], text: str) -> bool:
    before, after = text[: match.start()], text[match.end() :]
    return bool(OPEN_BEFORE.search(before) or OPEN_AFTER.match(after) or (match["whole"] and PARTLY.search(before)))


def _written(groups: dict[str, str | None], last: str) -> str:
    year = groups["year"] or groups.get("of") or groups.get("its") or groups.get("iso")
    quarter = groups["quarter"] or groups.get("q") or NTH.get(groups.get("nth") or groups.get("ordinal") or "")
    if groups["whole"]:
        return groups["whole"]
    if month := groups["month"]:
        english = [place for place, name in enumerate(NAMES, 1) if name.startswith(month[:3])]
        part = f"{english[0] if english else int(month):02d}"
    else:
        part = f"Q{quarter}" if quarter else str(groups.get("part")).upper()
    return f"{year.replace(chr(39), '20')}-{part}" if year else f"{last}{part}"
