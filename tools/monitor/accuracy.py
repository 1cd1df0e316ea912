"""Accuracy: how far quick statistical forecasts of many products lay from what then sold, and to which side."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..data.panel import Panel
from ..forecast.adjusted import adjusted_forecasts
from ..forecast.recent import recent_forecasts
from ..quantiles import MEDIAN, Array, average, read
from .backtest import cutoffs

MOST = 1000  # products up to which the smoothed statistics are fitted, too
DRAWS = (np.arange(200) + 0.5) / 200  # probabilities whose values make the mean

Quick = Callable[[Panel, int], dict[str, Array]]


@dataclass(frozen=True)
class Accuracy:
    """Forecasts of many products against what then sold, every known product-period counting by its units.

    Attributes:
        wape: sum of the absolute errors of the median over the units sold, in per cent; NaN where nothing sold.
        bias: sum of expected units less units sold, over the units sold, in per cent: positive is forecast too high.
        coverage: share in per cent of product-periods that fell within the 80 % interval, its ends included.
        naive: the WAPE of the last known value, repeated.
        cutoffs: after which the windows began, oldest first.
        products: by unique_id, most absolute error first: `sold`, `expected`, `error` in units.
    """

    wape: float
    bias: float
    coverage: float
    naive: float
    cutoffs: tuple[pd.Timestamp, ...]
    products: pd.DataFrame


def quick_forecasts(panel: Panel, horizon: int) -> dict[str, Array]:
    """The recent pattern averaged with smoothed statistics, or alone where there are very many products.

    Quantiles `[H, Q]`, units per period, by unique_id.
    """
    recent = recent_forecasts(panel, horizon)
    if len(panel.unique_ids) > MOST:
        return recent
    smoothed = adjusted_forecasts(panel, horizon, "AdjustedTheta", workers=1)
    return {uid: average([made, smoothed[uid]]) for uid, made in recent.items()}


def accuracy(
    panel: Panel, unique_ids: Sequence[str], horizon: int, windows: int, *, quick: Quick = quick_forecasts
) -> Accuracy | None:
    """Forecast the latest windows from what was known before each, and hold the forecasts against what then sold.

    Args:
        panel: what is known.
        unique_ids: the products.
        horizon: periods in a window.
        windows: how many are wanted, as far as the past goes.
        quick: makes quantiles `[H, Q]` of every series of a cut panel.

    Returns:
        None where the past is too short for one window.
    """
    chosen = panel.select(unique_ids)
    periods = chosen.past["ds"].nunique()
    ends = cutoffs(chosen.cutoff, chosen.offset, periods, horizon, windows)
    tables = [_window(chosen, end, horizon, quick) for end in ends]
    if not tables:
        return None
    rows = pd.concat(tables, ignore_index=True)
    sold = float(rows["y"].sum())
    by = rows.groupby("unique_id").agg(sold=("y", "sum"), expected=("mean", "sum"), error=("error", "sum"))

    def of_sold(units: float) -> float:
        return 100 * units / sold if sold > 0 else float("nan")

    return Accuracy(
        wape=of_sold(float(rows["error"].sum())),
        bias=of_sold(float((rows["mean"] - rows["y"]).sum())),
        coverage=100 * float(rows["inside"].mean()),
        naive=of_sold(float(rows["naive"].sum())),
        cutoffs=tuple(ends),
        products=by.sort_values("error", ascending=False, kind="stable"),
    )


def _window(panel: Panel, end: pd.Timestamp, horizon: int, quick: Quick) -> pd.DataFrame:
    """The known product-periods of one window, each with its forecast's errors. The forecast sees nothing of them."""
    known = panel.before(end)
    made = quick(known, horizon)
    parts = []
    for uid, quantiles in made.items():
        past = known.past_of(uid)["y"].dropna()
        parts.append(
            pd.DataFrame(
                {
                    "unique_id": uid,
                    "ds": known.steps_of(uid, horizon),
                    "median": quantiles[:, MEDIAN],
                    "mean": read(quantiles, np.tile(DRAWS[:, None], horizon)).mean(axis=0),
                    "low": quantiles[:, 0],
                    "high": quantiles[:, -1],
                    "last": float(past.iloc[-1]) if len(past) else 0.0,
                }
            )
        )
    truth = panel.past.loc[panel.past["ds"] > end, ["unique_id", "ds", "y"]].dropna()
    rows = pd.concat(parts, ignore_index=True).merge(truth, on=["unique_id", "ds"])
    return rows.assign(
        error=(rows["y"] - rows["median"]).abs(),
        naive=(rows["y"] - rows["last"]).abs(),
        inside=(rows["low"] <= rows["y"]) & (rows["y"] <= rows["high"]),
    )
