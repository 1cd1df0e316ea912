"""Horizons and cutoffs as people say them: `4w`, `28d`, `1m` or a bare count of periods; `2024-06-30`."""

import re

import pandas as pd

from ..errors import InputError
from ..messages import Quoted, Refusal, message
from .freq import WEEKS, Freq
from .panel import Panel

DEFAULT_HORIZON: dict[Freq, str] = {"D": "28d", "W": "4w", "2W": "8w", "4W": "12w", "M": "3m"}
DAYS: dict[str, int] = {"d": 1, "w": 7}
OFFSET_OF: dict[str, Freq] = {"d": "D", "w": "W", "m": "M"}


def parse_horizon(text: str, panel: Panel) -> int:
    """The number of the panel's periods that a horizon covers.

    Months on a weekly or daily panel are calendar months from the cutoff: the periods that end within them. Days on a
    weekly panel are the fewest whole weeks that cover them: 10d is 2 weeks, 30d is 5. So are days and weeks where a
    period has two or four weeks: 12w are 6 periods of two weeks, and so are 11w.

    Raises:
        Refusal: not a horizon, not positive, or days or weeks of a monthly panel.
    """
    match = re.fullmatch(r"\s*(-?\d+)\s*(?:([dwm])|(d)ays?|(w)eeks?|(m)onths?|)\s*", text.lower())
    if match is None:
        raise Refusal("horizon-unknown", words=Quoted(text))
    count, unit = int(match[1]), next((part for part in match.groups()[1:] if part), "")
    if count < 1:
        raise Refusal("horizon-too-short", words=Quoted(text))
    if not unit or OFFSET_OF[unit] == panel.freq:
        return count
    if unit == "m":
        end = panel.cutoff + pd.DateOffset(months=min(count, 1200))
        return len(pd.date_range(panel.cutoff, end, freq=panel.offset)[1:])
    days = count * DAYS[unit]
    if panel.freq == "D":
        return days
    if panel.freq in WEEKS:
        return -(-days // (7 * WEEKS[panel.freq]))
    period, periods = (message(f"{name}-{panel.freq}") for name in ("period", "several"))
    raise Refusal("horizon-not-whole", words=Quoted(text), period=period, periods=periods)


def parse_cutoff(text: str) -> pd.Timestamp:
    """The date of `--cutoff`, which is written year first: 05/06/2024 is two dates.

    Raises:
        InputError: not a date, or not of the calendar.
    """
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?", text, re.ASCII):
            return pd.Timestamp(text)
    except ValueError:
        pass
    raise InputError(f"--cutoff {text!r}: not a date; expected YYYY-MM-DD")
