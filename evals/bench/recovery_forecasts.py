"""Forecasts learned from sales against forecasts learned from recovered demand, on earlier windows of a task."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ...tools.data.cube import cube
from ...tools.data.panel import Panel
from ...tools.forecast.lost_sales import with_recovered, without_stockouts
from ...tools.forecast.models import Toolbox
from ...tools.quantiles import MEDIAN, Array, pinball
from ..tasks.task import load_panel, load_spec

TASK = "freshretailnet_1D"
MODEL = "MeanGBM"
EARLIER = 2  # windows before the task's own
SCORED = 200  # series


def measure(say: Callable[[str], None]) -> dict[str, Any]:
    """Both on windows that end where the task's own begin: against all sales, and against days fully in stock."""
    name, spec = load_spec(TASK)
    panel = without_stockouts(load_panel(spec))
    arrays = cube(panel, 0)
    rows = np.sort(np.random.default_rng(0).choice(len(panel.unique_ids), SCORED, replace=False))
    first = len(arrays.ds) - spec.horizon * (spec.windows + EARLIER)
    made: dict[str, list[Array]] = {"sales": [], "recovered": []}
    truth, full = [], []
    for window in range(EARLIER):
        place = first + spec.horizon * window
        past = panel.before(arrays.ds[place - 1])
        for kind, learned in (("sales", past), ("recovered", with_recovered(past))):
            made[kind].append(_forecast(learned, spec.horizon, panel.unique_ids)[rows])
        truth.append(arrays.y[rows, place : place + spec.horizon])
        full.append(arrays.past_only["in_stock"][rows, place : place + spec.horizon] >= 1)
        say(f"{name}, window of {arrays.ds[place]:%Y-%m-%d}")
    y, stocked = np.stack(truth), np.stack(full)
    found: dict[str, Any] = {"task": name, "model": MODEL, "series": SCORED, "windows": EARLIER}
    for kind, some in made.items():
        found[kind] = {
            "all": figures(np.stack(some), y),
            "in_stock": figures(np.stack(some), np.where(stocked, y, np.nan)),
        }
        say(f"{kind}: {found[kind]}")
    return found


def figures(quantiles: Array, truth: Array) -> dict[str, float]:
    """Bias and WAPE of the median, and the pinball loss of all levels, as shares of the known units.

    Args:
        quantiles: shape `[..., Q]`.
        truth: units, NaN where not known, shape `[...]`.
    """
    known = np.isfinite(truth)
    y, q = truth[known], quantiles[known]
    middle = q[:, MEDIAN]
    return {
        "bias": round(float((middle - y).sum() / y.sum()), 4),
        "wape": round(float(np.abs(middle - y).sum() / y.sum()), 4),
        "wql": round(float(2 * pinball(y, q).mean() * len(y) / y.sum()), 4),
    }


def _forecast(panel: Panel, horizon: int, ids: list[str]) -> Array:
    made = Toolbox(workers=1).forecast(MODEL, panel, horizon)
    return np.stack([made[uid] for uid in ids])
