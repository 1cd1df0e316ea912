"""Sample paths of many series at once, for decisions: base forecasts without an LLM, and no reports."""

from collections.abc import Iterator, Sequence

import numpy as np

from ...tools.data.cube import cube
from ...tools.data.ended import LEAST, idle
from ...tools.data.panel import Panel
from ...tools.forecast.paths import sample_paths, schaake_paths
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

    They are those that a report's totals are made of where no LLM has a share. What sold last long before the others
    has ended, and its paths are 0; what ends a little earlier is forecast from its own last period.

    Args:
        forecaster: its tools and seed are used; its LLM is not.
        panel: what is known.
        ids: the series.
        horizon: periods ahead.
        progress: called with the stage, how many series are done, and of how many.
    """
    nothing = np.zeros((1, horizon))
    offset = panel.past["ds"].drop_duplicates().sort_values()
    last = offset.iloc[-min(LEAST[panel.freq], len(offset))]
    for start in range(0, len(ids), AT_ONCE):
        some = list(ids[start : start + AT_ONCE])
        going = [uid for uid in some if panel.cutoff_of(uid) >= last]
        cold = cold_starts(panel, going, horizon)
        learned = [uid for uid in going if uid not in cold and panel.cutoff_of(uid) == panel.cutoff]

        def tell(done: int, of: int) -> None:
            if progress:
                progress("learn", done, of)

        base = forecaster.base(panel.select(going), learned, horizon, tell) | cold if going else {}
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
            yield uid, made


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
