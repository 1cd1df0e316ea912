"""Stock-outs: what would have been sold while nothing was on hand, and a panel that takes no such zero for demand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ..data.cube import STOCK_BY, Bools, cube
from ..data.freq import ByFreq
from ..data.panel import Panel
from ..errors import InputError
from ..quantiles import Array

RECENT = ByFreq({"D": 28, "W": 13, "M": 6})
AROUND = ByFreq({"D": 28, "W": 8, "M": 6})  # periods before and after that show what was usual
ENOUGH = 3  # periods alike that make a mean
Z80 = 1.2816  # half the width of the 80 % interval of a normal distribution, in standard deviations


@dataclass(frozen=True)
class Loss:
    """Demand not served over some periods.

    Attributes:
        out: periods out of stock.
        of: periods looked at.
        units: estimated units not sold; NaN where no period in stock tells what was usual.
        low: lower end of the 80 % interval.
        high: its upper end.
    """

    out: int
    of: int
    units: float
    low: float
    high: float


@dataclass(frozen=True)
class LostUnits:
    """Demand that a series did not serve for want of stock.

    Attributes:
        unique_id: the series.
        recent: over its last 28 days, 13 weeks or 6 months.
        whole: over its whole past.
    """

    unique_id: str
    recent: Loss
    whole: Loss


def lost_units(panel: Panel, unique_id: str) -> LostUnits | None:
    """Estimate what one series would have sold in the periods that it was out of stock.

    A period counts as out of stock where a column of `STOCK_BY` is 0 and nothing was sold, and the place was open; one
    that sold something and then ran out does not, as nothing tells how much more it would have sold. What was usual is
    the mean of periods in stock of the same kind (weekday, promoted or not) within four weeks, eight weeks or six
    months, before and after: it is for reporting, not for forecasting. With fewer than 3 of those, of the same kind at
    any time; then any kind within that span; then any. The interval of the sum has the variance of the single periods
    and that of their means, which share the periods they are made of; periods are taken as independent.

    Args:
        panel: what is known.
        unique_id: the series.

    Returns:
        The estimate, 0 where it was never out of stock; None where the panel has no column of stock.
    """
    if not set(STOCK_BY) & set(panel.schema.past_only):
        return None
    alone = replace(panel, past=panel.past_of(unique_id), future=panel.future.iloc[:0], static=panel.static.iloc[:0])
    arrays = cube(alone, 1)
    steps = arrays.y.shape[1]
    out = (arrays.stockout & ~arrays.closed[:, :steps])[0]
    promoted = arrays.promoted
    kind = np.zeros(steps, dtype=np.int64) if promoted is None else promoted[0, :steps].astype(np.int64)
    if panel.freq == "D":
        kind = kind * 7 + arrays.ds[:steps].dayofweek.to_numpy()
    usual = [_usual(arrays.demand[0], kind, int(t), AROUND[panel.freq]) for t in np.flatnonzero(out)]
    return LostUnits(unique_id, _loss(out, usual, RECENT[panel.freq]), _loss(out, usual, steps))


@dataclass(frozen=True)
class _Usual:
    """What a period would have sold: mean and standard deviation of the periods that tell, and which they are."""

    mean: float
    spread: float
    basis: Bools


def without_stockouts(panel: Panel) -> Panel:
    """The panel with sales not known, where nothing was on hand and nothing was sold: no truth about demand.

    Raises:
        InputError: the panel has no column of stock.
    """
    names = [name for name in STOCK_BY if name in panel.schema.past_only]
    if not names:
        raise InputError(f"no column tells when stock ran out; expected one of {', '.join(STOCK_BY)} under past_only")
    past = panel.past
    out = (past[names].astype(float) <= 0).any(axis=1) & ~(past["y"] > 0)
    return replace(panel, past=past.assign(y=past["y"].mask(out)))


def _usual(demand: Array, kind: npt.NDArray[np.int64], at: int, around: int) -> _Usual:
    """What period `at` would have sold, from the first set of periods in stock that is large enough."""
    known, alike = np.isfinite(demand), kind == kind[at]
    near: Bools = np.abs(np.arange(len(demand)) - at) <= around
    sets: list[Bools] = [known & alike & near, known & alike, known & near, known]
    use = next((one for one in sets if one.sum() >= ENOUGH), known)
    sample = demand[use]
    if not len(sample):
        return _Usual(float("nan"), float("nan"), use)
    variance = float(sample.var(ddof=1)) if len(sample) > 1 else float(sample.mean())  # of one count: as of a Poisson
    return _Usual(float(sample.mean()), float(np.sqrt(variance)), use)


def _loss(out: Bools, usual: Sequence[_Usual], last: int) -> Loss:
    """The sum over the out-of-stock periods among the last ones; `usual` has one for each such period of the past."""
    count, of = int(out[-last:].sum()), min(last, len(out))
    if not count:
        return Loss(0, of, 0.0, 0.0, 0.0)
    lost = usual[-count:]
    units = float(sum(one.mean for one in lost))
    shared = np.sum([one.spread * one.basis / max(one.basis.sum(), 1) for one in lost], axis=0)
    spread = Z80 * float(np.sqrt(sum(one.spread**2 for one in lost) + (shared**2).sum()))
    return Loss(count, of, units, max(units - spread, 0.0), units + spread)
