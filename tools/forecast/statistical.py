"""Base forecasts: statistical models as quantiles, their equal-weight ensemble, and a fallback for every series."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from scipy import stats
from statsforecast import StatsForecast
from statsforecast.models import TSB, AutoARIMA, AutoETS, AutoTheta, CrostonSBA, DynamicOptimizedTheta, SeasonalNaive

from ..data.cube import Bools, cube
from ..data.ended import LEAST, ended
from ..data.panel import Panel
from ..errors import InputError, nearest
from ..messages import Exact, Message, Times, message
from ..quantiles import LEVELS, Array, average, monotone
from .guard import guarded

MIN_HISTORY = 8
INTERMITTENT_ADI = 1.32  # mean periods between sales: Syntetos, Boylan and Croston (2005)
SMOOTH = ("SeasonalNaive", "AutoETS", "DynamicOptimizedTheta")
INTERMITTENT = ("SeasonalNaive", "CrostonSBA", "TSB")
COUNTS = ("CrostonSBA", "TSB")
ENDED = "Ended"  # the model of what stopped selling
KNOWN = ("SeasonalNaive", "AutoETS", "AutoTheta", "DynamicOptimizedTheta", "AutoARIMA", "CrostonSBA", "TSB")
INTERVALS = [20, 40, 60, 80]
TRIED = 3  # series that a model is timed on
POOL_FROM = 400  # series from which a process pool pays for its start


@dataclass(frozen=True)
class BaseForecast:
    """The base forecast of one series.

    Attributes:
        unique_id: the series.
        quantiles: the ensemble, units per period, shape `[H, Q]`.
        members: each model's quantiles, shape `[H, Q]`.
        warnings: what a person should know about it.
        ranks: probabilities that the truth took under such forecasts on known windows, shape `[K, h]`, which say how
            steps depend on one another; None where they were not kept.
        then: the forecast of the newest known window, shape `[h, Q]`, NaN where there was none; None where none is
            kept.
        weights: of the models, by name; those of equal weight are the keys of `members`.
    """

    unique_id: str
    quantiles: Array
    members: dict[str, Array]
    warnings: tuple[Message, ...]
    ranks: Array | None = None
    then: Array | None = None
    weights: dict[str, float] = field(default_factory=dict)

    @property
    def models(self) -> list[str]:
        """The models by name, those that carry a hundredth or more, the heaviest first."""
        weighed = {name: weight for name, weight in self.weights.items() if weight >= 0.01}
        return sorted(weighed, key=lambda name: -weighed[name]) or list(self.members)


@dataclass(frozen=True)
class _Series:
    unique_id: str
    y: Array
    season: int
    models: tuple[str, ...]
    warnings: tuple[Message, ...]


def base_forecasts(
    panel: Panel,
    horizon: int,
    *,
    models: Sequence[str] | None = None,
    season_length: int | None = None,
    masks: bool = True,
    workers: int | None = None,
    budget: float | None = None,
) -> dict[str, BaseForecast]:
    """Forecast every series of the panel from its own last period.

    Smooth series get SeasonalNaive, AutoETS and DynamicOptimizedTheta; intermittent ones SeasonalNaive, CrostonSBA and
    TSB. A season is used where two full ones are known. Shorter than 8 periods, all zero or all equal: a fallback
    around what was seen, and a warning. Closed and out-of-stock periods and single odd orders show no demand: they are
    interpolated like periods not known; periods planned closed, and products that stopped selling, are forecast as 0.

    Args:
        panel: what is known.
        horizon: periods ahead.
        models: names of models for every series, instead of those above.
        season_length: instead of the panel's own.
        masks: False takes all periods as they stand.
        budget: seconds a series that one model may take, judged by a few series before the rest are fitted. A model
            over it is left out, with a warning, unless it is the only one.
        workers: processes; None chooses by the number of series.

    Raises:
        InputError: the horizon is not positive, or a model is not known.
    """
    if horizon < 1:
        raise InputError(f"horizon {horizon}: expected 1 or more periods")
    for name in models or ():
        if name not in KNOWN:
            raise InputError(f"unknown model {name!r}: {nearest(name, KNOWN)}")
    made: dict[str, BaseForecast] = {}
    groups: dict[tuple[int, tuple[str, ...]], list[_Series]] = {}
    long_season = season_length or panel.season_length
    masked, closed_ahead, gone = _masked(panel, horizon) if masks else ({}, {}, set())
    for uid in panel.unique_ids:
        y, warnings = _fill(masked[uid] if uid in masked else panel.past_of(uid)["y"].to_numpy(dtype=float))
        if uid in gone:
            made[uid] = BaseForecast(
                uid, np.zeros((horizon, len(LEVELS))), {ENDED: np.zeros((horizon, len(LEVELS)))}, warnings
            )
            continue
        if len(y) < MIN_HISTORY or np.ptp(y) == 0:
            quantiles, why = _fallback(y, horizon)
            made[uid] = BaseForecast(uid, quantiles, {"Fallback": quantiles}, (*warnings, why))
            continue
        season = long_season if len(y) >= 2 * long_season else 1
        if season == 1 and long_season > 1:
            warnings = (*warnings, message("warning-no-season", periods=len(y)))
        chosen = tuple(models) if models else INTERMITTENT if _intermittent(y) else SMOOTH
        groups.setdefault((season, chosen), []).append(_Series(uid, y, season, chosen, warnings))
    for (season, chosen), series in groups.items():
        names, notes = _within(budget, series, chosen, season, horizon)
        for uid, forecast in _forecast(series, names, season, horizon, workers).items():
            made[uid] = replace(forecast, warnings=(*forecast.warnings, *notes))
    for uid, closed in closed_ahead.items():
        made[uid].quantiles[closed] = 0.0
        for member in made[uid].members.values():
            member[closed] = 0.0
    return {uid: made[uid] for uid in panel.unique_ids}


def _masked(panel: Panel, horizon: int) -> tuple[dict[str, Array], dict[str, Bools], set[str]]:
    """The pasts of which something shows no demand, the closed steps ahead of those with any, and what has ended."""
    arrays = cube(panel, horizon)
    demand, pasts, ahead = arrays.demand, {}, {}
    for row, uid in enumerate(arrays.unique_ids):
        end = int(arrays.end[row])
        begin = end + 1 - len(panel.past_of(uid))
        if (np.isnan(demand[row]) & np.isfinite(arrays.y[row])).any():
            pasts[uid] = demand[row, begin : end + 1]
        closed = arrays.closed[row, end + 1 : end + 1 + horizon]
        if closed.any():
            ahead[uid] = closed
    gone = ended(demand, LEAST[panel.freq])
    return pasts, ahead, {uid for uid, over in zip(arrays.unique_ids, gone, strict=True) if over}


def _within(
    budget: float | None, series: list[_Series], names: tuple[str, ...], season: int, horizon: int
) -> tuple[tuple[str, ...], tuple[Message, ...]]:
    """The models that keep to the budget on the longest few series, and a note on each that does not."""
    if budget is None or len(series) < TRIED or len(names) == 1:
        return names, ()
    tried = sorted(series, key=lambda one: len(one.y))[-TRIED:]
    took = {}
    for name in names:
        _forecast(tried[:1], (name,), season, horizon, 1)  # compiled once, not timed
        started = time.perf_counter()
        _forecast(tried, (name,), season, horizon, 1)
        took[name] = (time.perf_counter() - started) / len(tried)
    kept = tuple(name for name in names if took[name] <= budget) or (min(took, key=lambda name: took[name]),)
    return kept, tuple(
        message("warning-too-slow", model=name, seconds=Times(took[name]), budget=Exact(budget))
        for name in names
        if name not in kept
    )


def _fill(y: Array) -> tuple[Array, tuple[Message, ...]]:
    """Periods not known are interpolated for fitting; those before the first known one are dropped."""
    known = np.flatnonzero(np.isfinite(y))
    if len(known) == 0:
        return np.zeros(0, dtype=float), (message("warning-no-period-known"),)
    y = y[known[0] :]
    missing = int(np.isnan(y).sum())
    if not missing:
        return y, ()
    filled: Array = np.asarray(pd.Series(y).interpolate(limit_direction="both"), dtype=float)
    return filled, (message("warning-interpolated", missing=missing, periods=len(y)),)


def _intermittent(y: Array) -> bool:
    return len(y) / max(int((y > 0).sum()), 1) > INTERMITTENT_ADI


def _fallback(y: Array, horizon: int) -> tuple[Array, Message]:
    """Quantiles around what little was seen: wide for few periods, nothing for no sales."""
    if len(y) == 0 or not y.any():
        return np.zeros((horizon, len(LEVELS))), message("warning-no-sales", periods=len(y))
    if np.ptp(y) == 0 and len(y) >= MIN_HISTORY:
        return count_quantiles(np.full(horizon, y[0]), y), message("warning-constant", periods=len(y))
    mean = float(y.mean())
    spread = mean * (1 + 2 / len(y)) + float(y.var())  # a negative binomial wider than what was seen
    levels = _counts(mean, max(spread, mean * 1.01))
    return np.tile(levels, (horizon, 1)), message("warning-short", periods=len(y))


def _counts(mean: float, variance: float) -> Array:
    if mean <= 0:
        return np.zeros(len(LEVELS))
    if variance <= mean:
        return np.asarray(stats.poisson.ppf(LEVELS, mean), dtype=float)
    p = mean / variance
    return np.asarray(stats.nbinom.ppf(LEVELS, mean * p / (1 - p), p), dtype=float)


def count_quantiles(mean: Array, y: Array) -> Array:
    """Quantiles of counts around a mean: negative binomial with the series' dispersion, Poisson if not over-dispersed.

    Args:
        mean: expected units per period, shape `[H]`.
        y: the history, for its variance-to-mean ratio.

    Returns:
        Shape `[H, Q]`.
    """
    ratio = float(y.var() / y.mean()) if y.mean() > 0 else 1.0
    return np.stack([_counts(float(m), float(m) * ratio) for m in mean])


def _model(name: str, season: int) -> object:
    if name == "CrostonSBA":
        return CrostonSBA()
    if name == "TSB":
        return TSB(alpha_d=0.1, alpha_p=0.1)
    kinds = {
        "SeasonalNaive": SeasonalNaive,
        "AutoETS": AutoETS,
        "AutoTheta": AutoTheta,
        "DynamicOptimizedTheta": DynamicOptimizedTheta,
        "AutoARIMA": AutoARIMA,
    }
    return kinds[name](season_length=season)


def _forecast(
    series: list[_Series], names: tuple[str, ...], season: int, horizon: int, workers: int | None
) -> dict[str, BaseForecast]:
    """One statsforecast run for series of the same season and models. Time is counted in whole numbers."""
    frame = pd.DataFrame(
        {
            "unique_id": np.repeat([one.unique_id for one in series], [len(one.y) for one in series]),
            "ds": np.concatenate([np.arange(len(one.y)) for one in series]),
            "y": np.concatenate([one.y for one in series]),
        }
    )
    jobs = workers or (-1 if len(series) >= POOL_FROM else 1)
    plain = [name for name in names if name not in COUNTS]
    counts = [name for name in names if name in COUNTS]
    tables: dict[str, dict[str, pd.DataFrame]] = {}
    for group, level in ((plain, INTERVALS), (counts, None)):
        if not group:
            continue
        engine = StatsForecast(
            models=[_model(name, season) for name in group],
            freq=1,
            n_jobs=jobs,
            fallback_model=SeasonalNaive(season_length=1),
        )
        table = engine.forecast(h=horizon, df=frame, level=level)
        rows = {str(uid): part for uid, part in table.groupby("unique_id", sort=False)}
        tables |= dict.fromkeys(group, rows)
    made = {}
    for one in series:
        members, warnings = {}, list(one.warnings)
        for name in names:
            quantiles = _read(tables[name][one.unique_id], name, one.y)
            if np.isfinite(quantiles).all():
                members[name] = monotone(quantiles)
            else:
                warnings.append(message("warning-no-number", model=name))
        if not members:
            members["Fallback"], why = _fallback(one.y, horizon)
            warnings.append(why)
        held = guarded(np.stack(list(members.values()))[:, None], one.y[None])[:, 0]
        members = dict(zip(members, held, strict=True))
        made[one.unique_id] = BaseForecast(one.unique_id, average(list(members.values())), members, tuple(warnings))
    return made


def _read(table: pd.DataFrame, name: str, y: Array) -> Array:
    """A model's columns as quantiles `[H, Q]`."""
    middle = table[name].to_numpy(dtype=float)
    if name in COUNTS:
        return count_quantiles(np.maximum(middle, 0.0), y)
    low = [table[f"{name}-lo-{level}"].to_numpy(dtype=float) for level in reversed(INTERVALS)]
    high = [table[f"{name}-hi-{level}"].to_numpy(dtype=float) for level in INTERVALS]
    return np.stack([*low, middle, *high], axis=1)
