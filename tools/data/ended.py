"""Ended products: series whose last run of zeros is too long to be one more of their usual gaps."""

import numpy as np
import numpy.typing as npt

from ..quantiles import Array
from .freq import ByFreq

LEAST = ByFreq({"D": 56, "W": 13, "M": 4})  # periods without a sale before anything is called ended
SALES = 3  # that show a series' gaps
CHANCE = 0.001  # of a gap that long, at the series' own rate
LONGER = 1.5  # than its longest gap so far: a season that begins late is no end


def ended(demand: Array, least: int = LEAST["W"]) -> npt.NDArray[np.bool_]:
    """Which series have stopped selling.

    Periods with a sale come, between a series' first sale and its last, at the rate p = (sales - 1/2) / periods. Were
    sales independent, a run of k periods without one would have the chance (1 - p)^k (the geometric distribution).
    A series has ended where that chance is under 0.001, where the run is at least `least` long, and where it is more
    than one and a half times its longest gap so far, which keeps what sells in one season a year.

    Args:
        demand: units per period, shape `[N, T]`; NaN (not known, closed, out of stock) counts neither as a sale nor as
            none.
        least: periods without a sale before anything is called ended; `LEAST` has them by frequency.

    Returns:
        Shape `[N]`. Never true of a series with fewer than three periods of sales.
    """
    return np.array([_ended(row[~np.isnan(row)], least) for row in np.asarray(demand, dtype=float)], dtype=bool)


def idle(demand: Array) -> npt.NDArray[np.int64]:
    """Known periods since each series' last sale, shape `[N]`; all of them where it never sold."""
    counts = []
    for row in np.asarray(demand, dtype=float):
        known = row[~np.isnan(row)]
        sold = np.flatnonzero(known > 0)
        counts.append(len(known) - 1 - int(sold[-1]) if len(sold) else len(known))
    return np.array(counts, dtype=np.int64)


def _ended(known: Array, least: int) -> bool:
    sold = np.flatnonzero(known > 0)
    if len(sold) < SALES:
        return False
    run = len(known) - 1 - int(sold[-1])
    longest = int(np.diff(sold).max()) - 1
    rate = (len(sold) - 0.5) / (int(sold[-1]) - int(sold[0]) + 1)
    return run >= least and run > LONGER * longest and (1 - rate) ** run < CHANCE
