"""The global quantile GBM: one LightGBM over all series, direct for every step, the median first and then the levels."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np
import numpy.typing as npt

from .cube import cube
from .errors import InputError
from .features import FeatureMaker
from .panel import Panel
from .quantiles import LEVELS, Array, monotone

MAX_ROWS = 400_000  # rows of the final median model
TUNING_ROWS = 150_000
LEVEL_ROWS = 200_000
MAX_ORIGINS = 40
STRIDE = {"D": 9, "W": 2, "M": 1}  # periods between training origins; 9 days visit every weekday
MIN_KNOWN = 4  # periods a series must have shown before an origin to train there
MAX_ROUNDS, MIN_ROUNDS, DEFAULT_ROUNDS, PATIENCE = 1500, 60, 300, 60
LEVEL_ROUNDS = 120

MEDIAN_PARAMS: dict[str, Any] = {
    "objective": "quantile",
    "alpha": 0.5,
    "learning_rate": 0.05,
    "num_leaves": 95,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 1.0,
}
LEVEL_PARAMS: dict[str, Any] = {**MEDIAN_PARAMS, "learning_rate": 0.1, "num_leaves": 31, "min_data_in_leaf": 200}
COMMON: dict[str, Any] = {"max_bin": 127, "verbosity": -1, "deterministic": True, "force_row_wise": True}


@dataclass(frozen=True)
class GBMForecast:
    """The forecasts of a global model.

    Attributes:
        quantiles: units per period by unique_id, shape `[H, Q]`.
        rounds: trees of the median model, as early stopping chose.
        rows: rows it was trained on.
        importance: share of the gain by feature, largest first.
    """

    quantiles: dict[str, Array]
    rounds: int
    rows: int
    importance: dict[str, float]


@dataclass(frozen=True)
class _Table:
    x: npt.NDArray[np.float32]
    y: Array
    weight: Array


def gbm_forecasts(
    panel: Panel, horizon: int, *, country: str | None = None, seed: int = 0, threads: int = 2, max_rows: int = MAX_ROWS
) -> GBMForecast:
    """Train on windows of the panel's past, and forecast every series from its own last period.

    A row is a series, an origin and a step; its target is the units over the usual units of that kind of period
    (weekday, promoted or not) as known at the origin. The median model's trees are counted by early stopping on the
    last window of the past, with no training window reaching into it; then it is fitted again with that window. The
    other levels are fitted on what the median leaves. Closed periods are no rows and are forecast as 0; periods out of
    stock are no rows. Rows count as in the scaled loss: by usual units over the series' mean absolute change.

    Args:
        panel: what is known. Nothing after its cutoff but the plan is in it.
        horizon: periods ahead.
        country: ISO code, for public holidays.
        seed: of sampling and of the trees.
        threads: for LightGBM.
        max_rows: training rows at most; more are sampled.

    Raises:
        InputError: the horizon is not positive, or no past window of that horizon has a known sale.

    Source: direct global quantile boosting as in the M5 uncertainty track; Ke et al. (2017), "LightGBM".
    """
    if horizon < 1:
        raise InputError(f"horizon {horizon}: expected 1 or more periods")
    arrays = cube(panel, horizon)
    maker = FeatureMaker(arrays, country)
    draws = np.random.default_rng(seed)
    last = arrays.y.shape[1] - 1
    stride = STRIDE[maker.freq]
    origins = list(range(last - horizon, MIN_KNOWN - 1, -stride))[: 2 * MAX_ORIGINS][:MAX_ORIGINS]
    train = _table(maker, origins, draws, max_rows)
    if train is None:
        raise InputError(f"the past is too short to train on windows of {horizon} periods")
    params = {**MEDIAN_PARAMS, **COMMON, "seed": seed, "num_threads": threads}
    rounds = _rounds(maker, [o for o in origins if o + horizon <= last - horizon], last - horizon, params, draws)
    median = lgb.train(params, _dataset(train, maker), rounds)
    gain = median.feature_importance("gain")
    boosters = {0.5: median} | _levels(train, maker, median, {**LEVEL_PARAMS, **COMMON, "seed": seed, "num_threads": threads}, draws)
    quantiles: dict[str, Array] = {}
    for end in np.unique(arrays.end):
        members = np.flatnonzero(arrays.end == end)
        ahead = maker.at(int(end), members)
        middle = np.asarray(median.predict(ahead.x))
        columns = [middle if level == 0.5 else middle + np.asarray(boosters[level].predict(ahead.x)) for level in LEVELS]
        units = (np.stack(columns, axis=1) * ahead.baseline[:, None]).reshape(len(members), horizon, len(LEVELS))
        units[arrays.closed[members][:, end + 1 : end + 1 + horizon]] = 0.0
        quantiles |= {arrays.unique_ids[row]: q for row, q in zip(members, monotone(units), strict=True)}
    order = np.argsort(-gain)
    importance = {maker.names[i]: float(gain[i] / max(gain.sum(), 1e-12)) for i in order}
    return GBMForecast({uid: quantiles[uid] for uid in panel.unique_ids}, rounds, len(train.y), importance)


def _rounds(maker: FeatureMaker, origins: list[int], valid: int, params: dict[str, Any], draws: np.random.Generator) -> int:
    """Trees of the median model, by early stopping on the window after `valid`; a default where there is too little."""
    train = _table(maker, origins, draws, TUNING_ROWS) if len(origins) >= 2 else None
    check = _table(maker, [valid], draws, TUNING_ROWS // 2)
    if train is None or check is None:
        return DEFAULT_ROUNDS
    booster = lgb.train(
        params,
        _dataset(train, maker),
        MAX_ROUNDS,
        valid_sets=[_dataset(check, maker)],
        callbacks=[lgb.early_stopping(PATIENCE, verbose=False)],
    )
    return max(int(booster.best_iteration), MIN_ROUNDS)


def _levels(
    train: _Table, maker: FeatureMaker, median: lgb.Booster, params: dict[str, Any], draws: np.random.Generator
) -> dict[float, lgb.Booster]:
    """A small model for every other level, on what the median model leaves."""
    rows = np.sort(draws.choice(len(train.y), min(len(train.y), LEVEL_ROWS), replace=False))
    part = _Table(train.x[rows], train.y[rows], train.weight[rows])
    data = _dataset(part, maker, start=np.asarray(median.predict(part.x)))
    return {level: lgb.train({**params, "alpha": level}, data, LEVEL_ROUNDS) for level in LEVELS if level != 0.5}


def _dataset(table: _Table, maker: FeatureMaker, start: Array | None = None) -> lgb.Dataset:
    return lgb.Dataset(
        table.x,
        table.y,
        weight=table.weight,
        init_score=start,
        feature_name=list(maker.names),
        categorical_feature=list(maker.categorical),
        free_raw_data=False,
        params=dict(COMMON),
    )


def _table(maker: FeatureMaker, origins: Sequence[int], draws: np.random.Generator, most: int) -> _Table | None:
    """Training rows of these origins, sampled to about `most`; None where no target is known."""
    arrays, demand = maker.cube, maker.demand
    horizon = arrays.horizon
    share = min(1.0, most / max(len(origins) * demand.shape[0] * horizon, 1))
    scale = _scale(demand)
    parts: list[tuple[npt.NDArray[np.float32], Array, Array]] = []
    for origin in origins:
        target = demand[:, origin + 1 : origin + 1 + horizon]
        shown = np.isfinite(demand[:, : origin + 1]).sum(axis=1) >= MIN_KNOWN
        rows = np.flatnonzero(shown & np.isfinite(target).any(axis=1))
        if not len(rows):
            continue
        made = maker.at(origin, rows)
        y = target[rows].reshape(-1)
        use = np.flatnonzero(np.isfinite(y) & (draws.random(len(y)) < share))
        weight = made.baseline / np.repeat(scale[rows], horizon)
        parts.append((made.x[use], y[use] / made.baseline[use], weight[use]))
    if not sum(len(part[1]) for part in parts):
        return None
    x, y, weight = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _Table(x, y, np.clip(weight / np.median(weight), 0.1, 10.0))


def _scale(demand: Array) -> Array:
    """Mean absolute change from one known period to the next, shape `[N]`; 1 where there is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", category=RuntimeWarning)
        change = np.nanmean(np.abs(np.diff(demand, axis=1)), axis=1)
    return np.where(change > 0, change, 1.0)
