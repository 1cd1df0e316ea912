"""Horizons as people say them: `4w`, `28d`, `1m` or a bare count of periods."""

import re

import pandas as pd

from ..messages import Quoted, Refusal
from .panel import Panel
from .schema import Freq

DEFAULT_HORIZON: dict[Freq, str] = {"D": "28d", "W": "4w", "M": "3m"}
DAYS: dict[str, int] = {"d": 1, "w": 7}
OFFSET_OF: dict[str, Freq] = {"d": "D", "w": "W", "m": "M"}


def parse_horizon(text: str, panel: Panel) -> int:
    """The number of the panel's periods that a horizon covers.

    Months on a weekly or daily panel are calendar months from the cutoff: the periods that end within them. Days on a
    weekly panel are the fewest whole weeks that cover them: 10d is 2 weeks, 30d is 5.

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
    if panel.freq == "W":
        return -(-days // 7)
    raise Refusal("horizon-not-whole", words=Quoted(text), freq=panel.freq)
