"""Months, quarters and years that a request names: `December 2024`, `last march`, `Q4`, `in 2023`, 2024年12月."""

import re

from .numbers import COUNTED

NAMES = [
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
]
_MONTH = "|".join(rf"{name[:3]}(?:{name[3:]})?" if name != "september" else "sept?(?:ember)?" for name in NAMES)
_IN = r"(?:in|during|of|for|last|this|over|or|and)"
YEAR = r"(?:19|20)\d\d"
NTH = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": 4, "final": 4}
ENGLISH = re.compile(
    rf"\b(?P<month>{_MONTH})\b\.?(?:,? (?:of )?(?P<year>{YEAR}|'\d\d))?(?!\w)"
    rf"|\bq(?P<quarter>[1-4])\b(?:,? (?:of )?(?P<of>{YEAR}|'\d\d))?"
    rf"|\b(?P<nth>{'|'.join(NTH)}) quarter(?: of)? (?P<its>{YEAR})"
    rf"|\b(?P<iso>{YEAR})-(?P<part>0[1-9]|1[0-2]|q[1-4])\b(?!-)"
    rf"|\b{_IN} (?:the year )?(?P<whole>{YEAR})\b(?![-/.]\d| q[1-4])"
)
CHINESE = re.compile(
    rf"(?:(?P<year>{YEAR})年的?)?(?:(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?"
    r"|第?(?P<quarter>[一二三四1-4])季度|(?<=[年的])q(?P<q>[1-4]))(?![\d日号])"
    rf"|(?P<whole>{YEAR})年(?![的第\d一二三四qh上下双])"
)
# May is a verb, Mar and Dec are names: short ones are months where a word or a year beside them says so.
SHORT = re.compile(r"\b(?:in|during|for|last|this|over|or|and)\s*$")
# Beside one of them, what is asked for begins or ends there, is a day of it, or a part of the year.
OPEN_BEFORE = re.compile(
    r"(?:\b(?:since|from|between|until|till|to|through|before|after)|[-–从自到至和前头近来去]"
    r"|\b\d{1,2}(?:st|nd|rd|th)?(?: of)?)\s*$"
)
OPEN_AFTER = re.compile(
    r"\s*(?:(?:to|until|till|through|onwards?)\b|\d{1,2}(?:st|nd|rd|th)?\b(?! ?(?:day|week|month|unit))"
    r"|[-–到至和]|以来|之前|之后|起)"
)
PARTLY = re.compile(
    r"\b(?:quarter|half|h[12]|weeks?(?: \d+)?|days?|christmas|easter|summer|winter|spring|autumn|fall|season|start|end"
    r"|beginning|middle)\s*$"
)
LAST_YEAR = re.compile(r"\blast year|去年")


def months(text: str) -> list[str]:
    """Each as `2024-12`, `2024-Q4` or `2024`; `12` and `Q4` where no year is said, `-12` of last year.

    None where it asks for a day, for a part of a year that is no quarter, or for what lies before, after or between.
    """
    last = "-" if LAST_YEAR.search(text) else ""
    every = [*filter(lambda one: _named(one, text), ENGLISH.finditer(text)), *CHINESE.finditer(text)]
    if any(_open(one, text) for one in every):
        return []
    return [_said(one.groupdict(), last) for one in every]


def _named(match: re.Match[str], text: str) -> bool:
    """Whether a short name is a month's, or a quarter's."""
    told = match.groupdict()
    if (told["month"] and (len(told["month"]) > 4 or told["month"] in ("june", "july")) and told["month"] != "may") or (
        not told["month"] and not told["quarter"]
    ):
        return True
    sales = re.match(r"\s*(?:sales|total|numbers|figures)\b", text[match.end() :])
    alone = told["quarter"] and not text[: match.start()].strip()
    return bool(told["year"] or told["of"] or sales or alone or SHORT.search(text[: match.start()]))


def _open(match: re.Match[str], text: str) -> bool:
    before, after = text[: match.start()], text[match.end() :]
    if match["whole"] and PARTLY.search(before):
        return True
    return bool(OPEN_BEFORE.search(before) or OPEN_AFTER.match(after))


def _said(told: dict[str, str | None], last: str) -> str:
    year = told["year"] or told.get("of") or told.get("its") or told.get("iso")
    if told["month"]:
        english = [place for place, name in enumerate(NAMES, 1) if name.startswith(told["month"][:3])]
        part = f"{english[0] if english else _count(told['month']):02d}"
    elif told.get("nth"):
        part = f"Q{NTH[str(told['nth'])]}"
    elif told.get("part"):
        part = str(told["part"]).upper()
    elif told["quarter"] or told.get("q"):
        part = f"Q{_count(str(told['quarter'] or told['q']))}"
    else:
        return str(told["whole"])
    return f"{year.replace(chr(39), '20')}-{part}" if year else f"{last}{part}"


def _count(text: str) -> int:
    return int(text) if text.isdigit() else 10 * text.startswith("十") + COUNTED.get(text.removeprefix("十"), 0)
