"""Notices: what a planner should know of single series before a forecast: an end, a new level, one odd order."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from ..messages import Count, Fact, Message, Quoted, Times, Units, message
from .cube import demand_of
from .ended import LEAST, ended, idle
from .freq import YEAR, ByFreq
from .health import Finding
from .level_shift import AFTER, level_shift, levels
from .outliers import outliers, usual
from .panel import Panel

if TYPE_CHECKING:
    import pandas as pd

HELD = ByFreq({"D": 14, "W": AFTER, "2W": AFTER, "4W": AFTER, "M": AFTER})  # periods that a new level must have lasted
SEASON = ByFreq({"D": 7, "W": 52, "M": 12})  # that a step is told from
KINDS = ("stopped", "level_shift", "outlier")


def notices(panel: Panel, unique_id: str) -> tuple[Message, ...]:
    """What is to be said of one series as of the panel's cut: warnings of a forecast.

    A product that stopped selling by its own usual gaps; else a lasting step of its level within the last year, and
    the largest order within the last year that is many times the usual and nothing explains.
    """
    return tuple(said for _, _, said in _noticed(panel, unique_id))


def noticed(panel: Panel, looked_at: int | None = None) -> list[Finding]:
    """The same of all series of a panel as findings of the health report, one a kind.

    Args:
        panel: the series that are looked at.
        looked_at: how many they are, where the table has more.
    """
    found: dict[str, list[tuple[str, date]]] = {}
    for uid in panel.unique_ids:
        for kind, day, _ in _noticed(panel, uid):
            found.setdefault(kind, []).append((uid, day))
    return [_finding(kind, found[kind], looked_at) for kind in KINDS if kind in found]


def _noticed(panel: Panel, unique_id: str) -> Iterator[tuple[str, date, Message]]:
    y, promoted = demand_of(panel, unique_id)
    days, freq = panel.past_of(unique_id)["ds"], panel.freq
    year = YEAR[freq]
    recent = max(0, len(y) - year)
    if ended(y[None], LEAST[freq])[0]:
        last = _day(days, int(np.flatnonzero(y > 0)[-1]))
        since = message(f"periods-{freq}", count=int(idle(y[None])[0]))
        yield "stopped", last, message("warning-stopped", date=last, periods=since)
        return
    step = level_shift(y, SEASON[freq], HELD[freq])
    if step is not None and step >= recent:
        old, new = levels(y, step)
        ago = message(f"periods-{freq}", count=len(y) - step)
        facts: dict[str, Fact] = {"date": _day(days, step), "periods": ago, "old": Units(old), "new": Units(new)}
        yield "level_shift", _day(days, step), Message("warning-level-shift", facts)
    odd = [int(at) for at in np.flatnonzero(outliers(y, year, promoted)) if at >= recent]
    if odd:
        at = max(odd, key=lambda place: float(y[place]))
        times = Times(y[at] / usual(y, at))
        yield (
            "outlier",
            _day(days, at),
            message("warning-outlier", date=_day(days, at), times=times, units=Units(y[at])),
        )


def _day(days: "pd.Series[Any]", at: int) -> date:
    found: date = days.iloc[at].date()
    return found


def _finding(kind: str, cases: list[tuple[str, date]], looked_at: int | None) -> Finding:
    first, day = cases[0]
    counted = message("counted-series", rows=Count(len(cases)))
    parts: tuple[Fact, ...] = (message("where-first", counted=counted, first=(Quoted(first), f"{day:%Y-%m-%d}")),)
    if looked_at is not None:
        parts = (*parts, message("looked-at", series=Count(looked_at)))
    said = message("finding", what=message(f"found-{kind}"), parts=parts)
    return Finding("warning", kind, len(cases), len(cases), f"{first} {day:%Y-%m-%d}", said)
