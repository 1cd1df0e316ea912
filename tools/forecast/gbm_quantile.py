"""The global quantile GBM: one LightGBM over all series, direct for every step, median first and then the levels."""

from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np

from ..data.cube import cube
from ..data.panel import Panel
from ..errors import InputError
from ..quantiles import LEVELS, Array, monotone
from .features import FeatureMaker
from .rows import COMMON, Table, dataset, origins, table

MAX_ROWS = 300_000  # rows of the final median model
TUNING_ROWS = 150_000
LEVEL_ROWS = 100_000
MAX_ROUNDS, MIN_ROUNDS, DEFAULT_ROUNDS, PATIENCE = 1000, 30, 150, 40
LEVEL_ROUNDS = 40

MEDIAN_PARAMS: dict[str, Any] = {
    "objective": "quantile",
    "alpha": 0.5,
    "learning_rate": 0.1,
    "num_leaves": 95,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 1.0,
}
LEVEL_PARAMS: dict[str, Any] = {**MEDIAN_PARAMS, "learning_rate": 0.25, "num_leaves": 15, "min_data_in_leaf": 150}


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


def gbm_forecasts(
    panel: Panel, horizon: int, *, country: str | None = None, seed: int = 0, threads: int = 0, max_rows: int = MAX_ROWS
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
        threads: for LightGBM; 0 takes OMP_NUM_THREADS, else every core.
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
    pasts = origins(arrays, maker.freq)
    train = table(maker, pasts, draws, max_rows)
    if train is None:
        raise InputError(f"the past is too short to train on windows of {horizon} periods")
    params = {**MEDIAN_PARAMS, **COMMON, "seed": seed, "num_threads": threads}
    rounds = _rounds(maker, [o for o in pasts if o + horizon <= last - horizon], last - horizon, params, draws)
    median = lgb.train(params, dataset(train, maker), rounds)
    gain = median.feature_importance("gain")
    level_params = {**LEVEL_PARAMS, **COMMON, "seed": seed, "num_threads": threads}
    others = _levels(train, maker, median, level_params, draws)
    quantiles: dict[str, Array] = {}
    for end in np.unique(arrays.end):
        members = np.flatnonzero(arrays.end == end)
        ahead = maker.at(int(end), members)
        middle = np.asarray(median.predict(ahead.x))
        columns = [
            middle + (np.asarray(others[level].predict(ahead.x)) if level in others else 0.0) for level in LEVELS
        ]
        units = (np.stack(columns, axis=1) * ahead.baseline[:, None]).reshape(len(members), horizon, len(LEVELS))
        units[arrays.closed[members][:, end + 1 : end + 1 + horizon]] = 0.0
        quantiles |= {arrays.unique_ids[row]: q for row, q in zip(members, monotone(units), strict=True)}
    order = np.argsort(-gain)
    importance = {maker.names[i]: float(gain[i] / max(gain.sum(), 1e-12)) for i in order}
    return GBMForecast({uid: quantiles[uid] for uid in panel.unique_ids}, rounds, len(train.y), importance)


def _rounds(
    maker: FeatureMaker, pasts: list[int], valid: int, params: dict[str, Any], draws: np.random.Generator
) -> int:
    """Trees of the median model, by early stopping on the window after `valid`; a default where too little is known."""
    train = table(maker, pasts, draws, TUNING_ROWS) if len(pasts) >= 2 else None
    check = table(maker, [valid], draws, TUNING_ROWS // 2)
    if train is None or check is None:
        return DEFAULT_ROUNDS
    booster = lgb.train(
        params,
        dataset(train, maker),
        MAX_ROUNDS,
        valid_sets=[dataset(check, maker)],
        callbacks=[lgb.early_stopping(PATIENCE, verbose=False)],
    )
    return max(int(booster.best_iteration), MIN_ROUNDS)


def _levels(
    train: Table, maker: FeatureMaker, median: lgb.Booster, params: dict[str, Any], draws: np.random.Generator
) -> dict[float, lgb.Booster]:
    """A small model for every other level, on what the median model leaves."""
    rows = np.sort(draws.choice(len(train.y), min(len(train.y), LEVEL_ROWS), replace=False))
    left = train.y[rows] - np.asarray(median.predict(train.x[rows]))
    data = dataset(Table(train.x[rows], left, train.weight[rows], train.usual[rows]), maker)
    return {level: lgb.train({**params, "alpha": level}, data, LEVEL_ROUNDS) for level in LEVELS if level != 0.5}
