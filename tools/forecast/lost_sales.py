"""Stock-outs: what would have been sold while nothing was on hand, and panels that do not take sales for demand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..data.cube import STOCK_BY, Bools, Cube, cube
from ..data.freq import ByFreq
from ..data.panel import Panel
from ..errors import InputError
from ..quantiles import Array
from .censored import Codes, recovered, usual_sales

SHARE_BY = "in_stock"  # of STOCK_BY: between 0 and 1 it is the share of the period in stock
RECENT = ByFreq({"D": 28, "W": 13, "M": 6})
AROUND = ByFreq({"D": 28, "W": 8, "M": 6})  # periods before and after that show what was usual
ENOUGH = 3  # periods alike that make a mean
Z80 = 1.2816  # half the width of the 80 % interval of a normal distribution, in standard deviations


@dataclass(frozen=True)
class Loss:
    """Demand not served over some periods.

    Attributes:
        out: periods out of stock throughout.
        partly: periods out of stock for a part.
        of: periods looked at.
        units: estimated units not sold; NaN where no period in stock tells what was usual.
        low: lower end of the 80 % interval.
        high: its upper end.
    """

    out: int
    partly: int
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

    A period counts as out of stock throughout where a column of `STOCK_BY` is 0 and nothing was sold, and the place was
    open. Where a column says the share of each period in stock (`share_in_stock`), one that sold something and then ran
    out lost what `censored.recovered` adds to its sales; where none does, nothing tells how much more it would have
    sold. What was usual is the mean of periods in stock of the same kind (weekday, promoted or not) within four weeks,
    eight weeks or six months, before and after: it is for reporting, not for forecasting. With fewer than 3 of those,
    of the same kind at any time; then any kind within that span; then any. The interval of the sum has the variance of
    the single periods and that of their means, which share the periods they are made of; periods are taken as
    independent, and what is missing of one varies as that part of a whole one does.

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
    share, demand = share_in_stock(arrays), arrays.demand[0]
    partly: Bools = np.zeros(steps, dtype=bool)
    if share is not None:
        demand = recovered_demand(arrays, share, panel.freq, after=AROUND[panel.freq])[0]
        partly = np.isfinite(demand) & (share[0] < 1)
    kind = _kinds(arrays, panel.freq)[-1][0]
    lost = []
    for t in np.flatnonzero(out | partly):
        usual = _usual(demand, kind, int(t), AROUND[panel.freq])
        if share is not None and partly[t]:
            missing = float(demand[t] - arrays.y[0, t])
            usual = replace(usual, mean=missing, spread=usual.spread * (1 - float(share[0, t])))
        lost.append(usual)
    return LostUnits(unique_id, *(_loss(out, partly, lost, last) for last in (RECENT[panel.freq], steps)))


def tells_parts(panel: Panel) -> bool:
    """Whether a column says for which part of a period there was stock.

    It is a past-only column `in_stock` with values between 0 and 1: the hours in stock over the hours open, or better
    the share of a usual day's demand that falls in them. One that is 0 or 1 throughout says nothing of parts.
    """
    return SHARE_BY in panel.schema.past_only and _parts(panel.past[SHARE_BY].to_numpy(dtype=float, na_value=np.nan))


def share_in_stock(arrays: Cube) -> Array | None:
    """Share of each period in stock, 0 to 1, shape `[N, T]`, 1 where not known; None where `tells_parts` is false."""
    values = arrays.past_only.get(SHARE_BY)
    if values is None or not _parts(values):
        return None
    return np.asarray(np.clip(np.nan_to_num(values, nan=1.0), 0.0, 1.0), dtype=float)


def recovered_demand(arrays: Cube, share: Array, freq: str, *, after: int = 0) -> Array:
    """`Cube.demand`, and in periods partly out of stock what would have been sold, shape `[N, T]`.

    Args:
        arrays: the panel's past.
        share: as of `share_in_stock`.
        freq: of the panel.
        after: later periods that show what was usual too; 0 looks at none, so that no forecast of an earlier date could
            know more by it.
    """
    demand = arrays.demand
    known = np.isfinite(demand)
    sold, seen = np.where(known, demand, 0.0), np.where(known, share, 0.0)
    usual = usual_sales(sold, seen, _kinds(arrays, freq), before=AROUND[freq], after=after)
    return np.asarray(np.where(known & (share > 0), recovered(sold, seen, usual), demand), dtype=float)


def with_recovered(panel: Panel) -> Panel:
    """The panel with demand in place of sales where a period was out of stock for a part; as it is where none says so.

    Forecasts that learn from it are of demand. Those of sales learn from the panel itself.
    """
    arrays = cube(panel, 0)
    share = share_in_stock(arrays)
    if share is None:
        return panel
    past = panel.past
    rows = pd.Index(arrays.unique_ids).get_indexer(pd.Index(past["unique_id"]))
    columns = arrays.ds.get_indexer(pd.DatetimeIndex(past["ds"]))
    demand = recovered_demand(arrays, share, panel.freq)[rows, columns]
    partly = (share[rows, columns] < 1) & np.isfinite(demand)
    return replace(panel, past=past.assign(y=np.where(partly, demand, past["y"])))


def _parts(values: Array) -> bool:
    return bool(((values > 0) & (values < 1)).any() and not (values > 1).any())


def _kinds(arrays: Cube, freq: str) -> list[Codes]:
    """Kinds of periods, shape `[N, T]` each: promoted or not, and among those the weekdays."""
    steps, promoted = arrays.y.shape[1], arrays.promoted
    kind = np.zeros(arrays.y.shape, dtype=np.int64) if promoted is None else promoted[:, :steps].astype(np.int64)
    return [kind, kind * 7 + arrays.ds[:steps].dayofweek.to_numpy()] if freq == "D" else [kind]


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


def _loss(out: Bools, partly: Bools, lost: Sequence[_Usual], last: int) -> Loss:
    """The sum over the periods among the last ones that lost; `lost` has one for each such period of the past."""
    whole, parts, of = int(out[-last:].sum()), int(partly[-last:].sum()), min(last, len(out))
    if not whole + parts:
        return Loss(0, 0, of, 0.0, 0.0, 0.0)
    lost = lost[-(whole + parts) :]
    units = float(sum(one.mean for one in lost))
    shared = np.sum([one.spread * one.basis / max(one.basis.sum(), 1) for one in lost], axis=0)
    spread = Z80 * float(np.sqrt(sum(one.spread**2 for one in lost) + (shared**2).sum()))
    return Loss(whole, parts, of, units, max(units - spread, 0.0), units + spread)
