"""Frequencies: days, weeks, two and four weeks, and months; and figures that depend on them."""

from typing import Literal, TypeVar, cast

import pandas as pd

from ..messages import Span

Freq = Literal["D", "W", "2W", "4W", "M"]

WEEKS: dict[Freq, int] = {"W": 1, "2W": 2, "4W": 4}  # that one period has

T = TypeVar("T")


class ByFreq(dict[str, T]):
    """Figures by frequency. Whole numbers of periods that two and four weeks lack are those of as many weeks.

    A count of periods, or a tuple of them, is divided by 2 or 4 and rounded up.
    """

    def __missing__(self, freq: str) -> T:
        """The figure of weeks, in periods of two or four."""
        if freq not in ("2W", "4W"):
            raise KeyError(freq)
        each, weekly = WEEKS[cast("Freq", freq)], self["W"]
        if isinstance(weekly, tuple):
            return cast("T", tuple(-(-count // each) for count in weekly))
        return cast("T", -(-cast("int", weekly) // each))


def freq_of(offset: str) -> Freq:
    """The frequency of a pandas offset: `D`, `W-SUN` … `W-SAT`, the same with 2W- and 4W-, `MS` or `ME`."""
    head = offset.partition("-")[0]
    return "M" if head in ("MS", "ME") else cast("Freq", head)


YEAR = ByFreq({"D": 364, "W": 52, "M": 12})  # periods after which a peak may recur


def span_of(ds: pd.Timestamp, freq: Freq) -> Span:
    """The days of a period by its date: that of weeks is their last day, but their first where it is a Monday."""
    if freq == "M":
        month = ds.to_period("M")
        return Span(month.start_time.date(), month.end_time.date())
    more = pd.Timedelta(days=7 * WEEKS[freq] - 1 if freq in WEEKS else 0)
    if ds.dayofweek == 0:
        return Span(ds.date(), (ds + more).date())
    return Span((ds - more).date(), ds.date())
