"""Events: what rare known periods (a promotion, a holiday) did to each series, shrunk to what they did to all."""

import warnings
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from ..data.cube import CLOSED_BY, Bools, Cube
from ..quantiles import Array

RARE = 0.2  # share of periods above which a flag is no event, but how the series sells
LONGEST = 2  # periods that an event usually lasts at most, or days of as many weeks: a campaign of months is a level
BEFORE = 8  # periods of the same kind before an event that show what was usual
WORST = 30.0  # times the usual that one event counts as at most
DOUBT = 3.0  # periods of doubt about what an event does to all series
ROUNDS = 3  # in which the effects of events that come together are told apart
FLOOR = 0.05  # of the usual that an event leaves at least
LEAST = 0.02  # variance between the series' effects, at least


def event_flags(known: Mapping[str, Array], periods: int, stride: int) -> dict[str, Bools]:
    """The rare value of each known column of two values as a flag `[N, T + H]`, by column, the commonest first.

    Args:
        known: each known-future covariate, shape `[N, T + H]`; NaN is no event, and closed periods are none.
        periods: T.
        stride: 7 for days, else 1.
    """
    found: dict[str, tuple[float, Bools]] = {}
    for name, values in known.items():
        kinds, counts = np.unique(values[:, :periods][np.isfinite(values[:, :periods])], return_counts=True)
        if name == CLOSED_BY or len(kinds) != 2 or counts.min() > RARE * counts.sum():
            continue
        flag = values == kinds[np.argmin(counts)]
        if _runs(flag[:, :periods]) <= LONGEST * stride:
            found[name] = (float(counts.min() / counts.sum()), flag)
    return {name: flag for name, (_, flag) in sorted(found.items(), key=lambda one: -one[1][0])}


class Events:
    """The effects of events as known at any origin; an event counts from the period after it.

    Events that often come together (a leaflet and a display) are told apart by backfitting: each one's effect is what
    the others leave.

    Args:
        demand: units per period, shape `[N, T]`; NaN where no demand shows.
        flags: of each event, shape `[N, T + H]`.
        stride: periods from one to the next of the same kind: 7 days, else 1.
        horizon: H.

    Attributes:
        any: where any event is, shape `[N, T + H]`.
    """

    def __init__(self, demand: Array, flags: Mapping[str, Bools], stride: int, horizon: int) -> None:
        self.flags = dict(flags)
        nowhere = np.zeros((len(demand), demand.shape[1] + horizon), dtype=bool)
        self.any: Bools = np.logical_or.reduce([nowhere, *self.flags.values()])
        self._sums: dict[str, Array] = {}
        self._counts: dict[str, Array] = {}
        self._periods: dict[str, Array] = {}
        self._noise = np.zeros(len(demand))
        if not self.flags:
            return
        periods = demand.shape[1]
        plain = np.where(self.any[:, :periods], np.nan, demand)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", category=RuntimeWarning)  # of nothing known
            mean = np.nanmean(plain, axis=1)
            self._noise = np.nan_to_num(np.nanvar(plain, axis=1) / np.maximum(mean, 1e-9) ** 2)
        ratio = np.full(demand.shape, np.nan)
        for t in np.flatnonzero(self.any[:, :periods].any(axis=0)):
            ratio[:, t] = over_usual(demand, plain, int(t), stride)
        alone = {name: np.ones((len(demand), periods)) for name in self.flags}
        for _ in range(ROUNDS):
            for name, flag in self.flags.items():
                others = np.prod([np.ones(demand.shape), *(alone[other] for other in alone if other != name)], axis=0)
                here = flag[:, :periods] & np.isfinite(ratio)
                self._sums[name] = np.cumsum(np.where(here, ratio / others, 0.0), axis=1)
                self._counts[name] = np.cumsum(here, axis=1).astype(float)
                self._periods[name] = np.cumsum(here.any(axis=0)).astype(float)
                alone[name] = np.where(flag[:, :periods], self._of(name, periods - 1)[:, None], 1.0)

    def effect(self, origin: int, rows: npt.NDArray[np.int64], upto: int) -> Array:
        """How many times the usual each period sells for its events, shape `[n, upto]`; 1 where there is none.

        A series' own mean of n events carries n / (n + noise / spread): the noise is the variance of its other periods
        over their squared mean, the spread the variance of the effect between series. The rest is the mean effect over
        all series, which 3 periods of doubt hold to none: the series of one period share its weather.

        Args:
            origin: the last period known.
            rows: the series.
            upto: periods wanted, from the first.
        """
        made = np.ones((len(rows), upto))
        for name, flag in self.flags.items():
            made *= np.where(flag[rows, :upto], self._of(name, origin)[rows, None], 1.0)
        return made

    def _of(self, name: str, origin: int) -> Array:
        """The effect of one event on each series as known at an origin, shape `[N]`."""
        sums, counts = self._sums[name][:, origin], self._counts[name][:, origin]
        seen = counts > 0
        if not seen.any():
            return np.ones(len(counts))
        periods = self._periods[name][origin]
        overall = (sums.sum() / counts.sum() * periods + DOUBT) / (periods + DOUBT)
        own = np.where(seen, sums / np.maximum(counts, 1), overall)
        spread = float(((own[seen] - overall) ** 2 - self._noise[seen] / counts[seen]).mean())
        doubt = np.maximum(self._noise, 1e-3) / max(spread, LEAST)
        return np.asarray(np.maximum((counts * own + doubt * overall) / (counts + doubt), FLOOR), dtype=float)


def events_of(cube: Cube) -> Events:
    """The events of a panel."""
    stride = 7 if cube.offset == "D" else 1
    return Events(cube.demand, event_flags(cube.known, cube.y.shape[1], stride), stride, cube.horizon)


def _runs(flag: Bools) -> float:
    """How many periods in a row a flag is usually up: the median."""
    edges = np.diff(np.pad(flag, ((0, 0), (1, 1))).astype(np.int8), axis=1).ravel()
    lengths = np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1)
    return float(np.median(lengths))


def over_usual(demand: Array, plain: Array, at: int, stride: int) -> Array:
    """Units of a period over the median of the 8 periods of its kind before it that had no event, shape `[N]`."""
    before = plain[:, range(at - stride, max(-1, at - stride * BEFORE - 1), -stride)]
    if before.shape[1] < 2:
        return np.full(len(demand), np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", category=RuntimeWarning)
        usual = np.nanmedian(before, axis=1)
    return np.where(usual > 0, np.minimum(demand[:, at] / np.maximum(usual, 1e-9), WORST), np.nan)
