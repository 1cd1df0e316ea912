"""Drift: which series no longer behave as their forecasts take them to, in what, and since when."""

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import special

from ..errors import InputError
from ..quantiles import Array, probability

Kind = Literal["level", "variance", "season"]
KINDS: tuple[Kind, ...] = ("level", "variance", "season")
LEAST = 8  # periods before the first alarm
SLACK = 0.5  # of Page-Hinkley: standard deviations a period by which a mean may wander
NAMED: dict[Kind, float] = {"level": 1.25, "variance": 1.0, "season": 1.0}  # a new level moves the other two as well


@dataclass(frozen=True)
class Thresholds:
    """Where Page-Hinkley gives an alarm, by kind, in standard deviations summed.

    The defaults were calibrated by `evals/bench/drift.py` on simulated stable series, so that of a hundred series at
    most one has a false alarm within a year of weeks, all kinds together (docs/LEARNING.md).
    """

    level: float = 11.8
    variance: float = 10.4
    season: float = 12.4

    @property
    def by_kind(self) -> dict[Kind, float]:
        """Each kind with its own."""
        return {"level": self.level, "variance": self.variance, "season": self.season}


@dataclass(frozen=True)
class Alarm:
    """One series that drifts.

    Attributes:
        unique_id: the series.
        kind: the mean, the spread, or the part that follows the season.
        since: the first period after the change, as far as the numbers tell.
        at: the period in which it was seen.
        up: the mean or the spread rose, the season became stronger; else fell or weaker.
    """

    unique_id: str
    kind: Kind
    since: pd.Timestamp
    at: pd.Timestamp
    up: bool


Detect = Callable[[Array, float], tuple[int, int, bool] | None]


def scores(y: Array, quantiles: Array) -> Array:
    """Normal scores of the probabilities at which the truth lay under its forecasts (PIT): N(0, 1) if all is well.

    Args:
        y: units, shape `[T]`.
        quantiles: of forecasts one or a few steps ahead, shape `[T, Q]`.

    Returns:
        Shape `[T]`; NaN where the truth is not known.

    Source: Diebold, Gunther and Tay (1998), "Evaluating Density Forecasts"; Berkowitz (2001) for the normal scores.
    """
    return np.asarray(special.ndtri(probability(y[None], quantiles[None])[0]), dtype=float)


def streams(z: Array, median: Array) -> dict[Kind, Array]:
    """What each kind of drift moves the mean of, with mean 0 and deviation 1 while nothing drifts.

    Level: the scores. Variance: their absolute values. Season: the scores times what the forecast says of the season
    (its median against the median's mean): where the season is stronger than forecast both go together.

    Args:
        z: normal scores, shape `[T]`.
        median: forecast units, shape `[T]`.
    """
    known = np.isfinite(z)
    wave = np.log1p(median) - np.mean(np.log1p(median[known])) if known.any() else np.zeros_like(median)
    spread = float(np.std(wave[known])) if known.any() else 0.0
    season = z * wave / spread if spread > 0.05 else np.full_like(z, np.nan)  # a flat forecast tells no season
    half_normal = np.sqrt(2 / np.pi)
    return {"level": z, "variance": (np.abs(z) - half_normal) / np.sqrt(1 - half_normal**2), "season": season}


def page_hinkley(stream: Array, threshold: float) -> tuple[int, int, bool] | None:
    """The first alarm of a stream: the place where it is given, the first place after the change, whether it rose.

    Args:
        stream: shape `[T]`; NaN is passed over.
        threshold: of the sum of deviations from the running mean.

    Raises:
        InputError: river is not installed.

    Source: Page (1954), "Continuous Inspection Schemes"; river's implementation.
    """
    known = np.flatnonzero(np.isfinite(stream))
    detector = _river().PageHinkley(min_instances=LEAST, delta=SLACK, threshold=threshold, alpha=1.0)
    for seen, place in enumerate(known, start=1):
        detector.update(float(stream[place]))
        if detector.drift_detected:
            split = _split(stream[known[:seen]])
            rose = float(stream[known[split:seen]].mean()) > float(stream[known[:split]].mean())
            return int(place), int(known[split]), rose
    return None


def adwin(stream: Array, delta: float) -> tuple[int, int, bool] | None:
    """The same by ADWIN: an alarm where two halves of an adaptive window differ.

    Args:
        stream: shape `[T]`; NaN is passed over.
        delta: the chance of a false cut.

    Raises:
        InputError: river is not installed.

    Source: Bifet and Gavaldà (2007), "Learning from Time-Changing Data with Adaptive Windowing".
    """
    known = np.flatnonzero(np.isfinite(stream))
    detector = _river().ADWIN(delta=delta, clock=1, grace_period=LEAST, min_window_length=3)
    for seen, place in enumerate(known, start=1):
        detector.update(float(stream[place]))
        if detector.drift_detected:
            split = min(max(seen - int(detector.width), 1), seen - 1)
            rose = float(stream[known[split:seen]].mean()) > float(stream[known[:split]].mean())
            return int(place), int(known[split]), rose
    return None


def alarms(
    unique_id: str, ds: Sequence[pd.Timestamp], y: Array, quantiles: Array, thresholds: Thresholds | None = None
) -> Alarm | None:
    """The first alarm of a series; None while it behaves as forecast.

    Args:
        unique_id: the series.
        ds: periods, T of them.
        y: what sold, units, shape `[T]`; NaN where not known.
        quantiles: of forecasts of these periods, shape `[T, Q]`.
        thresholds: where an alarm is given.
    """
    limits = (thresholds or Thresholds()).by_kind
    found = first(streams(scores(y, quantiles), quantiles[:, quantiles.shape[1] // 2]), limits, page_hinkley)
    if found is None:
        return None
    kind, at, since, up = found
    return Alarm(unique_id, kind, ds[since], ds[at], up)


def first(
    made: Mapping[Kind, Array], settings: Mapping[Kind, float], detect: Detect
) -> tuple[Kind, int, int, bool] | None:
    """The first alarm of all streams: kind, place, first place after the change, whether it rose.

    The kind is that whose mean moved most since the change, by its standard error; a change of one moves all.

    Args:
        made: streams of a series.
        settings: of the detector, by kind.
        detect: the detector.
    """
    found = [seen for kind in KINDS if (seen := detect(made[kind], settings[kind]))]
    if not found:
        return None
    at, since, _ = min(found)
    moved = {kind: _moved(made[kind], since, at) for kind in KINDS}
    kind = max(KINDS, key=lambda one: abs(moved[one]) * NAMED[one])
    return kind, at, since, moved[kind] > 0


def _moved(stream: Array, since: int, at: int) -> float:
    """By how many standard errors the mean moved."""
    before, after = (part[np.isfinite(part)] for part in (stream[:since], stream[since : at + 1]))
    if not len(before) or not len(after):
        return 0.0
    return float((after.mean() - before.mean()) * np.sqrt(len(before) * len(after) / (len(before) + len(after))))


def _split(stream: Array) -> int:
    """The most likely place of one change of the mean, 1 to T - 1: the greatest difference of means, by its error.

    Source: Hinkley (1970), "Inference About the Change-Point in a Sequence of Random Variables".
    """
    count = len(stream)
    if count < 2:
        return 0
    before = np.arange(1, count)
    sums = np.cumsum(stream)[:-1]
    gap = sums / before - (stream.sum() - sums) / (count - before)
    return int(before[np.argmax(gap**2 * before * (count - before))])


def _river() -> Any:
    try:
        return importlib.import_module("river.drift")
    except ImportError:
        raise InputError("drift needs river: pip install 'skucast[learning]'") from None
