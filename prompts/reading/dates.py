"""Times told by the calendar, from the last day that the data knows: `through the end of January`, `this year`.

The text is in lower case, its numbers in digits.
"""

import re
from datetime import date, timedelta

from .feasts import feasts
from .months import NAMES
from .words import EN, ZH, en, words, zh

MOST_DAYS = 800
UNITS = EN["units"] | ZH["units"]
PARTS = {"1m": 1, "3m": 3, "12m": 12}  # months of a part of the calendar
_MONTH = "|".join(rf"{name[:3]}(?:{name[3:]})?" for name in NAMES)
UNTIL = re.compile(
    rf"\b(?:{en('dates.until')}) (?:the )?end of (?:the |this )?"
    rf"(?:(?P<unit>{en('units')})\b|(?P<month>{_MONTH})\b|q(?P<q>[1-4]))"
    rf"|\b(?:{en('dates.through')}) (?P<through>{_MONTH})\b(?! ?\d)"
    rf"|\b(?:{en('dates.rest')}) (?:the |this )?(?P<rest>{en('units')})\b"
    rf"|(?:{zh('dates.until')})?(?:(?P<zh>{zh('dates.end_of')})|(?P<zh_month>1[0-2]|[1-9])月底)"
)
NAMED = re.compile(rf"\b(?:{en('dates.within')}) (?P<name>{_MONTH})\b(?! ?\d)")
THIS = re.compile(
    rf"\b(?:{en('dates.this')}) (?P<unit>{en('units')})\b(?! (?:{en('dates.not_this')}))|(?P<zh>{zh('dates.this')})"
)
SO_FAR = words("dates.so_far")


def until(text: str, known: date | None, *, feasts_too: bool = True) -> list[str]:
    """How far ahead each end of a month, quarter or year, or a feast, lies, in days from the last that is known.

    A month by its name alone counts where it is the one that comes next; so do feasts by theirs.
    """
    if known is None:
        return []
    today = known + timedelta(days=1)
    ends = [_end(match, today) for match in UNTIL.finditer(text)]
    if not ends and [_place(match["name"]) for match in NAMED.finditer(text)] == [today.month]:
        ends = [_last(today.year, today.month)]
    if not ends and feasts_too:
        ends = [*feasts(text, today)]
    days = [(end - known).days for end in ends if end is not None]
    return [f"{count}d" for count in days if 0 < count <= MOST_DAYS]


def within(text: str, known: date | None) -> list[str]:
    """The month, quarter or year that the last known day lies in, where it is spoken of: `2017-12` of "this month"."""
    if known is None:
        return []
    found = [UNITS.get(match["unit"] or "") or ZH["dates"]["this"].get(match["zh"]) for match in THIS.finditer(text)]
    found += ["12m"] if not found and SO_FAR.search(text) else []
    whole = {"1m": f"{known:%Y-%m}", "3m": f"{known.year}-Q{(known.month + 2) // 3}", "12m": str(known.year)}
    return [whole[unit] for unit in found if unit in whole]


def _end(match: re.Match[str], today: date) -> date | None:
    named = match["month"] or match["through"]
    if named or match["zh_month"]:
        number = int(match["zh_month"]) if match["zh_month"] else _place(named)
        return _last(today.year + (number < today.month), number)
    if match["q"]:
        number = 3 * int(match["q"])
        return _last(today.year + (number < today.month), number)
    unit = ZH["dates"]["end_of"].get(match["zh"]) if match["zh"] else UNITS[match["unit"] or match["rest"]]
    months = PARTS.get(unit or "")
    return _last(today.year, -(-today.month // months) * months) if months else None


def _place(name: str) -> int:
    return next(place for place, one in enumerate(NAMES, 1) if one.startswith(name[:3]))


def _last(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
