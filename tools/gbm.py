"""The global quantile GBM: one LightGBM over all series, direct for every step, median first and then the levels."""

import time
from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
import numpy.typing as npt

from .cube import Cube, cube
from .features import FeatureMaker, Index
from .panel import Panel
from .quantiles import LEVELS, MEDIAN, Array, monotone

MAX_ROWS = 400_000
TUNING_ROWS = 150_000
MAX_ORIGINS = 40
MAX_ROUNDS = 1500
LEVEL_ROUNDS = 120
STRIDE = {"D": 9, "W": 2, "M": 1}


@dataclass(frozen=True)
class GBMForecast:
    """The forecasts of a global model.

    Attributes:
        quantiles: units per period by unique_id, shape `[H, Q]`.
        rounds: trees of the median model, as early stopping chose.
        features: how many features it saw.
        rows: rows it was trained on.
        seconds: what it took.
    """

    quantiles: dict[str, Array]
    rounds: int
    features: int
    rows: int
    seconds: float


@dataclass(frozen=True)
class _Table:
    x: npt.NDArray[np.float32]
    y: Array
    weight: Array


def gbm_forecasts(panel, horizon, *, country=None, seed=0, max_rows=MAX_ROWS, opts=None):
    opts = opts or {}
    started = time.perf_counter()
    c = cube(panel, horizon)
    maker = FeatureMaker(c, country)
    last = c.y.shape[1] - 1
    stride = opts.get("stride", STRIDE[maker.freq])
    origins = list(range(last - horizon, max(last - horizon - stride * MAX_ORIGINS * 2, 2), -stride))[: opts.get("origins", MAX_ORIGINS)]
    rng = np.random.default_rng(seed)
    tuning = [o for o in origins if o + horizon <= last - horizon]
    rounds = opts.get("rounds")
    params = {**PARAMS, **opts.get("params", {}), "seed": seed}
    t0 = time.perf_counter()
    if rounds is None:
        rounds = 300
        if len(tuning) >= 2:
            train = _table(maker, tuning, rng, opts.get("tuning_rows", TUNING_ROWS))
            valid = _table(maker, [last - horizon], rng, 60_000)
            booster = lgb.train(
                params, _dataset(train, maker), opts.get("max_rounds", MAX_ROUNDS), valid_sets=[_dataset(valid, maker)],
                callbacks=[lgb.early_stopping(60, verbose=False)],
            )
            rounds = max(int(booster.best_iteration), 30)
            if opts.get("verbose"): print("tuned", rounds, booster.best_score["valid_0"]["quantile"], round(time.perf_counter() - t0, 1))
    t0 = time.perf_counter()
    train = _table(maker, origins, rng, max_rows)
    t1 = time.perf_counter()
    data = _dataset(train, maker)
    median = lgb.train(params, data, rounds)
    t2 = time.perf_counter()
    rows = np.arange(len(c.unique_ids))
    quantiles = {}
    groups = {}
    for end in np.unique(c.end):
        groups[int(end)] = rows[c.end == end]
    fitted = median.predict(train.x)
    take = rng.choice(len(train.y), min(len(train.y), opts.get("level_rows", 200_000)), replace=False)
    spread = {}
    lp = {**params, **LEVEL_PARAMS, **opts.get("level_params", {})}
    base = lgb.Dataset(train.x[take], train.y[take], weight=train.weight[take], init_score=fitted[take],
            feature_name=list(maker.names), categorical_feature=[n for n in maker.categorical if n in maker.names], free_raw_data=False, params={"max_bin":127,"verbosity":-1})
    for level in LEVELS:
        if level == 0.5: continue
        spread[level] = lgb.train({**lp, "alpha": level}, base, opts.get("level_rounds", LEVEL_ROUNDS))
    t3 = time.perf_counter()
    for end, members in groups.items():
        o = maker.at(end, members)
        mid = median.predict(o.x)
        q = np.stack([mid + (spread[l].predict(o.x) if l in spread else 0) for l in LEVELS], axis=1) * o.baseline[:, None]
        q = monotone(q.reshape(len(members), horizon, len(LEVELS)))
        ahead = c.closed[members][:, end + 1 : end + 1 + horizon]
        q[ahead] = 0.0
        for i, m in enumerate(members):
            quantiles[c.unique_ids[m]] = q[i]
    if opts.get("verbose"): print("rows", len(train.y), "feat", train.x.shape[1], "build", round(t1-t0,1), "median", round(t2-t1,1), "levels", round(t3-t2,1), "pred", round(time.perf_counter()-t3,1))
    if opts.get("imp"):
        g = median.feature_importance("gain"); print([(maker.names[i], int(g[i])) for i in np.argsort(-g)[:25]])
    return GBMForecast(quantiles, rounds, train.x.shape[1], len(train.y), time.perf_counter() - started)

PARAMS = {"objective": "quantile", "alpha": 0.5, "learning_rate": 0.05, "num_leaves": 95, "min_data_in_leaf": 60, "feature_fraction": 0.6,
  "bagging_fraction": 0.7, "bagging_freq": 1, "max_bin": 127, "verbosity": -1, "num_threads": 2, "lambda_l2": 1.0}
LEVEL_PARAMS = {"num_leaves": 31, "learning_rate": 0.1, "min_data_in_leaf": 200}

def _dataset(t, maker):
    return lgb.Dataset(t.x, t.y, weight=t.weight, feature_name=list(maker.names), categorical_feature=[n for n in maker.categorical if n in maker.names], free_raw_data=False, params={"max_bin": 127, "verbosity": -1})

def _table(maker, origins, rng, max_rows):
    c = maker.cube; H = c.horizon; N = len(c.unique_ids)
    share = min(1.0, max_rows / (len(origins) * N * H))
    xs, ys, ws = [], [], []
    scale = _scale(maker.demand)
    for o in origins:
        known = np.isfinite(maker.demand[:, : o + 1]).sum(axis=1)
        rows = np.flatnonzero((known >= 4) & np.isfinite(maker.demand[:, o+1:o+1+H]).any(axis=1))
        if not len(rows): continue
        made = maker.at(o, rows)
        y = maker.demand[rows, o + 1 : o + 1 + H].reshape(-1)
        keep = np.isfinite(y)
        if share < 1: keep &= rng.random(len(keep)) < share
        keep = np.flatnonzero(keep)
        xs.append(made.x[keep]); ys.append(y[keep] / made.baseline[keep])
        ws.append(made.baseline[keep] / np.repeat(scale[rows], H)[keep])
    w = np.concatenate(ws); w = np.clip(w / np.median(w), 0.1, 10)
    return _Table(np.concatenate(xs), np.concatenate(ys), w)

def _scale(demand):
    with np.errstate(all="ignore"):
        import warnings
        warnings.simplefilter("ignore")
        s = np.nanmean(np.abs(np.diff(demand, axis=1)), axis=1)
    return np.maximum(np.nan_to_num(s, nan=1.0), 1e-3)
