"""Training rows of the global models: windows of the past as features, target over usual units, and weight."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np
import numpy.typing as npt

from ..data.cube import Cube
from ..data.freq import ByFreq
from ..quantiles import Array
from .features import FeatureMaker

MAX_ORIGINS = 40
STRIDE = ByFreq({"D": 9, "W": 2, "M": 1})  # periods between training origins; 9 days visit every weekday
MOST = 2.0  # times the 99th percentile of the targets: one beyond counts as that, lest it teach all the others
MIN_KNOWN = 4  # periods a series must have shown before an origin to train there
COMMON: dict[str, Any] = {"max_bin": 127, "verbosity": -1, "deterministic": True, "force_row_wise": True}


@dataclass(frozen=True)
class Table:
    """Training rows, each a series, an origin and a step.

    Attributes:
        x: features, shape `[K, F]`.
        y: units over the usual units of that kind of period, shape `[K]`.
        weight: usual units over the series' mean absolute change, around 1: rows count as in a scaled loss.
        usual: the usual units, shape `[K]`.
    """

    x: npt.NDArray[np.float32]
    y: Array
    weight: Array
    usual: Array


def origins(cube: Cube, freq: str) -> list[int]:
    """Ends of the pasts to train from, newest first; the newest window ends with the panel's past."""
    last = cube.y.shape[1] - 1
    return list(range(last - cube.horizon, MIN_KNOWN - 1, -STRIDE[freq]))[:MAX_ORIGINS]


def dataset(rows: Table, maker: FeatureMaker) -> lgb.Dataset:
    """The rows for LightGBM, columns by number: it does not take every name."""
    return lgb.Dataset(
        rows.x,
        rows.y,
        weight=rows.weight,
        categorical_feature=[maker.names.index(name) for name in maker.categorical],
        free_raw_data=False,
        params=dict(COMMON),
    )


def table(maker: FeatureMaker, origins: Sequence[int], draws: np.random.Generator, most: int) -> Table | None:
    """Training rows of these origins, sampled to about `most`; None where no target is known."""
    arrays, demand = maker.cube, maker.demand
    horizon = arrays.horizon
    share = min(1.0, most / max(len(origins) * demand.shape[0] * horizon, 1))
    scale = _scale(demand)
    parts: list[tuple[npt.NDArray[np.float32], Array, Array, Array]] = []
    for origin in origins:
        target = demand[:, origin + 1 : origin + 1 + horizon]
        seen = demand[:, : origin + 1]
        shown = (np.isfinite(seen).sum(axis=1) >= MIN_KNOWN) & (seen > 0).any(axis=1)
        rows = np.flatnonzero(shown & np.isfinite(target).any(axis=1))
        if not len(rows):
            continue
        made = maker.at(origin, rows)
        y = target[rows].reshape(-1)
        use = np.flatnonzero(np.isfinite(y) & (draws.random(len(y)) < share))
        weight = made.baseline / np.repeat(scale[rows], horizon)
        parts.append((made.x[use], y[use] / made.baseline[use], weight[use], made.baseline[use]))
    if not sum(len(part[1]) for part in parts):
        return None
    x, y, weight, usual = (np.concatenate(column) for column in zip(*parts, strict=True))
    y = np.minimum(y, MOST * np.quantile(y, 0.99))
    return Table(x, y, np.clip(weight / np.median(weight), 0.1, 10.0), usual)


def _scale(demand: Array) -> Array:
    """Mean absolute change from one known period to the next, shape `[N]`; 1 where there is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", category=RuntimeWarning)
        change = np.nanmean(np.abs(np.diff(demand, axis=1)), axis=1)
    return np.where(change > 0, change, 1.0)
