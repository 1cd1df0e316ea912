"""Sample paths of many series at once, for decisions: base forecasts without an LLM, and no reports."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from ...tools.data.cube import cube
from ...tools.data.ended import LEAST, idle
from ...tools.data.panel import Panel
from ...tools.forecast.lost_sales import with_recovered
from ...tools.forecast.paths import sample_paths, schaake_paths
from ...tools.forecast.statistical import BaseForecast
from ...tools.quantiles import Array
from .base import cold_starts
from .forecaster import PATHS, Forecaster, Progress

AT_ONCE = 256  # series whose forecasts are held


def base_paths(
    forecaster: Forecaster,
    panel: Panel,
    ids: Sequence[str],
    horizon: int,
    progress: Progress | None = None,
) -> Iterator[tuple[str, Array]]:
    """Paths of demand of each series, units per period, `[N, H]`, one series after the other.

    They are those that a report's totals are made of where no LLM has a share. All begin after the panel's last period:
    what ends a little earlier is forecast from its own last one, and the periods up to the panel's are left out. What
    sold last long before the others has ended, and its paths are 0. Where a column says for which part of a period
    there was stock, they are learned from recovered demand and not from sales: an order is for what is wanted.

    Args:
        forecaster: its tools and seed are used; its LLM is not.
        panel: what is known.
        ids: the series.
        horizon: periods ahead.
        progress: called with the stage, how many series are done, and of how many.
    """
    panel = with_recovered(panel)
    nothing = np.zeros((1, horizon))
    offset = panel.past["ds"].drop_duplicates().sort_values()
    last = offset.iloc[-min(LEAST[panel.freq], len(offset))]
    for start in range(0, len(ids), AT_ONCE):
        some = list(ids[start : start + AT_ONCE])
        going = [uid for uid in some if panel.cutoff_of(uid) >= last]
        late = {uid: len(pd.date_range(panel.cutoff_of(uid), panel.cutoff, freq=panel.offset)) - 1 for uid in going}
        span = horizon + max(late.values(), default=0)
        cold = cold_starts(panel, going, span)
        learned = [uid for uid in going if uid not in cold and panel.cutoff_of(uid) == panel.cutoff]

        def tell(done: int, of: int) -> None:
            if progress:
                progress("learn", done, of)

        base = _base(forecaster, panel, learned, late, horizon, tell) | cold if going else {}
        for place, uid in enumerate(some, start + 1):
            one = base.get(uid)
            if one is None:
                made = nothing
            elif one.ranks is None:
                past = panel.past_of(uid)["y"].to_numpy(dtype=float)
                made = sample_paths(one.quantiles, past, n=PATHS, seed=forecaster.seed)
            else:
                made = schaake_paths(one.quantiles, one.ranks, n=PATHS, seed=forecaster.seed)
            if progress:
                progress("base", place, len(ids))
            yield uid, made if one is None else made[:, late[uid] : late[uid] + horizon]


def _base(
    forecaster: Forecaster,
    panel: Panel,
    learned: Sequence[str],
    late: Mapping[str, int],
    horizon: int,
    tell: Callable[[int, int], None],
) -> dict[str, BaseForecast]:
    """Base forecasts of those that end with the panel, and longer ones of those that end before it."""
    made: dict[str, BaseForecast] = {}
    for gap in sorted(set(late.values())):
        some = [uid for uid, periods in late.items() if periods == gap]
        made |= forecaster.base(panel.select(some), [uid for uid in learned if uid in some], horizon + gap, tell)
    return made


def idle_ones(panel: Panel) -> set[str]:
    """The series that have not sold for so long that something may be called ended: 13 weeks, 56 days or 4 months."""
    demand = cube(panel, 0).demand
    known = np.isfinite(demand).sum(axis=1)
    least = LEAST[panel.freq]
    quiet = {
        uid for uid, run, of in zip(panel.unique_ids, idle(demand), known, strict=True) if run >= least and of > least
    }
    steps = panel.past["ds"].drop_duplicates().sort_values()
    last = steps.iloc[-min(least, len(steps))]
    return quiet | {uid for uid in panel.unique_ids if panel.cutoff_of(uid) < last}
