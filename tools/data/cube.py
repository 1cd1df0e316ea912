"""The Cube: a cut panel as dense arrays on one calendar, with closed and out-of-stock periods masked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..quantiles import Array
from .freq import YEAR
from .outliers import outliers
from .panel import Panel

Bools = npt.NDArray[np.bool_]
KINDS = 8  # values of a column that says what is on, at most; of more it is a measure
CLOSED_BY = "open"  # known-future column: 0 is closed, nothing can be sold
STOCK_BY = ("stock", "on_hand", "in_stock")  # past-only columns: 0 with no sale is a stock-out
PROMOTED_BY = {"promo": 0.0, "promotion": 0.0, "discount": 0.05}  # known-future column: promoted above this

READ = (CLOSED_BY, *PROMOTED_BY)  # known-future columns with a meaning of their own


@dataclass(frozen=True)
class Cube:
    """N series over T past periods and the H ahead. Series that begin later are NaN before.

    Attributes:
        unique_ids: the series.
        ds: all T + H periods.
        y: units per period, shape `[N, T]`; NaN where not known, before the first period or after the series' last.
        known: each known-future covariate, shape `[N, T + H]`.
        past_only: each past-only covariate, shape `[N, T]`.
        static: one row a series, as in the panel.
        closed: known to be closed, shape `[N, T + H]`.
        stockout: nothing on hand and nothing sold, shape `[N, T]`.
        outlier: one order of many times the usual that nothing explains, shape `[N, T]`.
        end: index of the last period of each series' past, shape `[N]`.
        horizon: H.
        offset: of the calendar, as in the panel.
    """

    unique_ids: list[str]
    ds: pd.DatetimeIndex
    y: Array
    known: dict[str, Array]
    past_only: dict[str, Array]
    static: pd.DataFrame
    closed: Bools
    stockout: Bools
    outlier: Bools
    end: npt.NDArray[np.int64]
    horizon: int
    offset: str

    @property
    def demand(self) -> Array:
        """Units where they show demand, shape `[N, T]`.

        NaN where closed or out of stock, before the first sale, and where one odd order stands in the demand's place.
        """
        unsold = np.logical_and.accumulate(~(self.y > 0), axis=1)
        begun = ~unsold | unsold[:, -1:]  # what never sold shows that
        hidden = self.closed[:, : self.y.shape[1]] | self.stockout | self.outlier | ~begun
        return np.asarray(np.where(hidden, np.nan, self.y), dtype=float)

    @property
    def promoted(self) -> Bools | None:
        """Where a promotion is planned or was on, shape `[N, T + H]`; None where no column tells."""
        flags = [self.known[name] > above for name, above in PROMOTED_BY.items() if name in self.known]
        return np.logical_or.reduce(flags) if flags else None


def cube(panel: Panel, horizon: int) -> Cube:
    """The panel's past and the plan of the next `horizon` periods as arrays."""
    ids = panel.unique_ids
    first = panel.past["ds"].min()
    steps = len(pd.date_range(first, panel.cutoff, freq=panel.offset))
    ds = pd.date_range(first, periods=steps + horizon, freq=panel.offset)
    past = _Places(panel.past, ids, ds)
    future = _Places(panel.future, ids, ds)
    y = past.fill(["y"], len(ds))["y"][:, :steps]
    known = past.fill(panel.schema.known_future, len(ds))
    for name, ahead in future.fill(panel.schema.known_future, len(ds)).items():
        known[name] = np.where(np.isnan(known[name]), ahead, known[name])
    past_only = {name: a[:, :steps] for name, a in past.fill(panel.schema.past_only, len(ds)).items()}
    end = np.zeros(len(ids), dtype=np.int64)
    np.maximum.at(end, past.rows, past.columns)
    closed = known[CLOSED_BY] == 0 if CLOSED_BY in known else np.zeros((len(ids), len(ds)), dtype=bool)
    stockout = np.zeros(y.shape, dtype=bool)
    for name in STOCK_BY:
        if name in past_only:
            stockout |= (past_only[name] <= 0) & ~(y > 0)
    static = panel.described.reindex(ids)
    made = Cube(
        ids, ds, y, known, past_only, static, closed, stockout, np.zeros_like(stockout), end, horizon, panel.offset
    )
    return replace(made, outlier=_outliers(made, YEAR[panel.freq]))


def _outliers(cube: Cube, season: int) -> Bools:
    """The outliers of each series among the periods that show its demand and that nothing planned explains."""
    periods = cube.y.shape[1]
    planned = [special(values[:, :periods]) for name, values in cube.known.items() if name not in READ]
    explained = np.logical_or.reduce([np.zeros(cube.y.shape, dtype=bool), *planned])
    if cube.promoted is not None:
        explained |= cube.promoted[:, :periods]
    return np.stack([outliers(demand, season, explained[row]) for row, demand in enumerate(cube.demand)])


def special(values: Array) -> Bools:
    """Where a known column of at most 8 values has another than its commonest: something was on. Else nowhere."""
    kinds, counts = np.unique(values[np.isfinite(values)], return_counts=True)
    if not 2 <= len(kinds) <= KINDS:
        return np.zeros(values.shape, dtype=bool)
    return np.asarray(np.isfinite(values) & (values != kinds[np.argmax(counts)]), dtype=bool)


def demand_of(panel: Panel, unique_id: str) -> tuple[Array, Bools | None]:
    """One series: its units where they show demand, and where it was promoted.

    Returns:
        Units, NaN in closed and out-of-stock periods, shape `[T]`; where a promotion or another event that was planned
        was on, shape `[T]`, None where no column tells.
    """
    rows = panel.past_of(unique_id)
    y = rows["y"].to_numpy(dtype=float).copy()

    def column(name: str) -> Array:
        return pd.to_numeric(rows[name], errors="coerce").to_numpy(dtype=float, na_value=np.nan)

    out = np.zeros(len(y), dtype=bool)
    for name in STOCK_BY:
        if name in panel.schema.past_only:
            out |= (column(name) <= 0) & ~(y > 0)
    if CLOSED_BY in panel.schema.known_future:
        out |= column(CLOSED_BY) == 0
    y[out] = np.nan
    flags = [column(name) > above for name, above in PROMOTED_BY.items() if name in panel.schema.known_future]
    flags += [special(column(name)) for name in panel.schema.known_future if name not in READ]
    return y, np.logical_or.reduce(flags) if flags else None


class _Places:
    """Where the rows of a long table lie in the arrays."""

    def __init__(self, table: pd.DataFrame, ids: Sequence[str], ds: pd.DatetimeIndex) -> None:
        rows = pd.Index(ids).get_indexer(pd.Index(table["unique_id"]))
        columns = ds.get_indexer(pd.DatetimeIndex(table["ds"]))
        self.keep = (rows >= 0) & (columns >= 0)
        self.rows, self.columns = rows[self.keep], columns[self.keep]
        self.table, self.n = table, len(ids)

    def fill(self, names: Sequence[str], periods: int) -> dict[str, Array]:
        filled = {}
        for name in names:
            values = pd.to_numeric(self.table[name], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
            array = np.full((self.n, periods), np.nan)
            array[self.rows, self.columns] = values[self.keep]
            filled[name] = array
        return filled
