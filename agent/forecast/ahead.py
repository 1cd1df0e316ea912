"""Sample paths of many series at once, for decisions: base forecasts without an LLM, and no reports."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from ...tools.data.cube import cube
from ...tools.data.ended import LEAST, idle
from ...tools.data.panel import Panel
from ...tools.forecast.lost_sales import with_recovered
from ...tools.forecast.paths import sample_paths, schaake_paths
from ...tools.forecast.statistical import BaseForecast
from ...tools.quantiles import Array
from .base import Steps, cold_starts
from .forecaster import PATHS, Forecaster, Progress
from .learned import statistics

AT_ONCE = 256  # series whose forecasts are held
ODD = 3  # sales of late that may yet be none: single odd orders, or of periods that were closed


def base_paths(
    forecaster: Forecaster,
    panel: Panel,
    ids: Sequence[str],
    horizon: int,
    progress: Progress | None = None,
    cutoff: pd.Timestamp | None = None,
) -> Iterator[tuple[str, Array]]:
    """Paths of demand of each series, units per period, `[N, H]`, one series after the other.

    They are those that a report's totals are made of where no LLM has a share. All begin after the cutoff: what ends a
    little earlier is forecast from its own last period, and the periods up to the cutoff are left out. What sold last
    long before has ended, and its paths are 0. Where a column says for which part of a period there was stock, they are
    learned from recovered demand and not from sales: an order is for what is wanted.

    Args:
        forecaster: its tools and seed are used; its LLM is not.
        panel: what is known.
        ids: the series.
        horizon: periods ahead.
        progress: called with the stage, how many series are done, and of how many.
        cutoff: the last period of the catalogue that the panel is a block of; the panel's own when left out.
    """
    panel = with_recovered(panel)
    if forecaster.tools is not None:
        forecaster = replace(forecaster, tools=forecaster.tools.of_demand)
    end = panel.cutoff if cutoff is None else cutoff
    nothing, last = np.zeros((1, horizon)), _least(panel, end)
    stretch = {uid: place // AT_ONCE for place, uid in enumerate(panel.unique_ids)}  # one product more changes but one
    done = itertools.count(1)
    for _, part in itertools.groupby(sorted(ids, key=stretch.__getitem__), key=stretch.__getitem__):
        some = list(part)
        going = [uid for uid in some if panel.cutoff_of(uid) >= last]
        gaps = {one: len(pd.date_range(one, end, freq=panel.offset)) - 1 for one in set(map(panel.cutoff_of, going))}
        late = {uid: gaps[panel.cutoff_of(uid)] for uid in going}
        span = horizon + max(late.values(), default=0)
        cold = cold_starts(panel, going, span)
        learned = [uid for uid in going if uid not in cold and not late[uid]]

        def tell(done: int, of: int) -> None:
            if progress:
                progress("learn", done, of)

        base = _base(forecaster, panel, learned, late, horizon, tell) | cold if going else {}
        for uid in some:
            one = base.get(uid)
            if one is None:
                made = nothing
            elif one.ranks is None:
                past = panel.past_of(uid)["y"].to_numpy(dtype=float)
                made = sample_paths(one.quantiles, past, n=PATHS, seed=forecaster.seed)
            else:
                made = schaake_paths(one.quantiles, one.ranks, n=PATHS, seed=forecaster.seed)
            if progress:
                progress("base", next(done), len(ids))
            yield uid, made if one is None else made[:, late[uid] : late[uid] + horizon]


def _base(
    forecaster: Forecaster,
    panel: Panel,
    learned: Sequence[str],
    late: Mapping[str, int],
    horizon: int,
    tell: Steps,
) -> dict[str, BaseForecast]:
    """Base forecasts of those that end at the cutoff, and longer ones of those that end before it."""
    made: dict[str, BaseForecast] = {}
    for gap in sorted(set(late.values())):
        some = [uid for uid, periods in late.items() if periods == gap]
        made |= forecaster.base(panel.select(some), learned if not gap else (), horizon + gap, tell, statistics)
    return made


def idle_ones(panel: Panel, cutoff: pd.Timestamp | None = None) -> set[str]:
    """The series that have not sold for so long that something may be called ended: 13 weeks, 56 days or 4 months.

    Args:
        panel: what is known.
        cutoff: the last period of the catalogue that the panel is a block of; the panel's own when left out.
    """
    least, last = LEAST[panel.freq], _least(panel, panel.cutoff if cutoff is None else cutoff)
    recent = panel.past.groupby("unique_id", sort=False)["y"].tail(least) > 0
    sales = recent.groupby(panel.past["unique_id"].loc[recent.index], sort=False).sum()
    slow = [str(uid) for uid in sales.index[sales <= ODD]]  # the rest need no closer look
    demand = cube(panel.select(slow), 0).demand if slow else np.zeros((0, 0))
    known = np.isfinite(demand).sum(axis=1)
    quiet = {uid for uid, run, of in zip(slow, idle(demand), known, strict=True) if run >= least and of > least}
    return quiet | {uid for uid in panel.unique_ids if panel.cutoff_of(uid) < last}


def _least(panel: Panel, end: pd.Timestamp) -> pd.Timestamp:
    """The first of the last periods up to the end, before which a series' own end is one for good."""
    return pd.Timestamp(pd.date_range(end=end, periods=LEAST[panel.freq], freq=panel.offset)[0])
