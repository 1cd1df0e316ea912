"""Adjusted statistics: sales with weekday and promotion divided out are smoothed, and multiplied back by the plan."""

import warnings

import numpy as np
import pandas as pd
from statsforecast import StatsForecast
from statsforecast.models import AutoETS, DynamicOptimizedTheta, SeasonalNaive

from ..data.cube import cube
from ..data.freq import ByFreq
from ..data.panel import Panel
from ..errors import InputError, nearest
from ..quantiles import Array, monotone
from .features import FeatureMaker

ADJUSTED = ("AdjustedETS", "AdjustedTheta")
INTERVALS = [20, 40, 60, 80]
KEEP = ByFreq({"D": 182, "W": 104, "M": 60})  # periods of the adjusted past that are fitted
POOL_FROM = 400


def adjusted_forecasts(panel: Panel, horizon: int, model: str, *, workers: int | None = None) -> dict[str, Array]:
    """Forecast every series with its weekday and promotion pattern taken out first, and put back as planned.

    Units are divided by the usual units of their kind of period (weekday, promoted or not, as known at the cutoff);
    what is left has no short season and is smoothed; the forecast is multiplied by the usual units of the kind of
    period planned. Closed periods are left out and forecast as 0.

    Args:
        panel: what is known.
        horizon: periods ahead.
        model: `AdjustedETS` or `AdjustedTheta`.
        workers: processes; None chooses by the number of series.

    Returns:
        Quantiles `[H, Q]` in units per period by unique_id.

    Raises:
        InputError: the model is not known, or the horizon not positive.
    """
    if model not in ADJUSTED:
        raise InputError(f"unknown model {model!r}: {nearest(model, ADJUSTED)}")
    if horizon < 1:
        raise InputError(f"horizon {horizon}: expected 1 or more periods")
    arrays = cube(panel, horizon)
    maker = FeatureMaker(arrays)
    parts, ahead = [], {}
    for end in np.unique(arrays.end):
        rows = np.flatnonzero(arrays.end == end)
        relative, usual = maker.relative(int(end), rows)
        usual = np.where(arrays.closed[rows][:, end + 1 : end + 1 + horizon], 0.0, usual)
        for row, past, plan in zip(rows, relative[:, -KEEP[maker.freq] :], usual, strict=True):
            uid = arrays.unique_ids[row]
            past = past[np.isfinite(past)]
            ahead[uid] = plan
            parts.append((uid, past if len(past) else np.ones(1)))
    table = pd.DataFrame(
        {
            "unique_id": np.repeat([uid for uid, _ in parts], [len(past) for _, past in parts]),
            "ds": np.concatenate([np.arange(len(past)) for _, past in parts]),
            "y": np.concatenate([past for _, past in parts]),
        }
    )
    kind = AutoETS(season_length=1, model="ZZN") if model == "AdjustedETS" else DynamicOptimizedTheta(season_length=1)
    engine = StatsForecast(
        models=[kind],
        freq=1,
        n_jobs=workers or (-1 if len(parts) >= POOL_FROM else 1),
        fallback_model=SeasonalNaive(season_length=1),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = engine.forecast(h=horizon, df=table, level=INTERVALS)
    name = next(column for column in made.columns if column not in ("unique_id", "ds") and "-" not in column)
    columns = [*[f"{name}-lo-{i}" for i in reversed(INTERVALS)], name, *[f"{name}-hi-{i}" for i in INTERVALS]]
    quantiles = {}
    for uid, rows_of in made.groupby("unique_id", sort=False):
        levels = rows_of[columns].to_numpy(dtype=float)
        levels = np.where(np.isfinite(levels), levels, levels[:, len(INTERVALS)][:, None])
        quantiles[str(uid)] = monotone(np.nan_to_num(levels, nan=1.0)) * ahead[str(uid)][:, None]
    return {uid: quantiles[uid] for uid in panel.unique_ids}
