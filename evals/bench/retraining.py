"""When to learn anew: retail2_1W replayed with trees that learn never, always, or when series drift; loss and cost."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from ...tools.data.cube import cube
from ...tools.data.panel import Panel
from ...tools.forecast.gbm_mean import MeanGBM
from ...tools.monitor.drift import Thresholds, first, page_hinkley, scores, streams
from ...tools.quantiles import LEVELS, Array, pinball
from ..tasks.panels.retail2 import retail2_weekly

SKUS, HORIZON, ORIGINS = 300, 4, 11
DRIFTING = 0.05  # share of series with an alarm since the last learning, from which on it learns anew; set beforehand
DRAWS = 2000
Wanted = Callable[[int, float], bool]  # from the number of the origin and the share that drifts
POLICIES: dict[str, Wanted] = {
    "never": lambda origin, drifting: origin == 0,
    "always": lambda origin, drifting: True,
    "on drift": lambda origin, drifting: origin == 0 or drifting >= DRIFTING,
}


def panel_of() -> Panel:
    """Every so-many-th SKU that sold a quarter before the first origin."""
    panel = retail2_weekly()
    begins = panel.past.groupby("unique_id")["ds"].min()
    first = panel.cutoff - pd.Timedelta(weeks=HORIZON * ORIGINS)
    ids = sorted(begins.index[begins <= first - pd.Timedelta(weeks=13)])
    return panel.select(ids[:: max(1, len(ids) // SKUS)][:SKUS])


def drifting(y: Array, quantiles: Array) -> float:
    """The share of series with an alarm: units `[N, T]`, quantiles `[N, T, Q]` since the last learning."""
    limits, found = Thresholds().by_kind, 0
    for one, q in zip(y, quantiles, strict=True):
        made = streams(scores(one, q), q[:, len(LEVELS) // 2])
        found += first(made, limits, page_hinkley) is not None
    return found / len(y)


def play(panel: Panel, wanted: Wanted) -> dict[str, Any]:
    """One policy over all origins; nothing is learned of what comes after an origin."""
    truth = np.nan_to_num(cube(panel, 0).y)
    weeks = pd.DatetimeIndex(cube(panel, 0).ds)
    begin = truth.shape[1] - HORIZON * ORIGINS
    model: MeanGBM | None = None
    learned, seconds, seen, losses = [], 0.0, list[Array](), list[Array]()
    for origin in range(ORIGINS):
        end = begin + HORIZON * origin
        known = panel.before(weeks[end - 1])
        share = drifting(truth[:, end - HORIZON * len(seen) : end], np.concatenate(seen, axis=1)) if seen else 0.0
        if model is None or wanted(origin, share):
            began = time.process_time()
            model = MeanGBM(known, HORIZON, country="GB")
            seconds += time.process_time() - began
            learned.append(f"{weeks[end - 1]:%Y-%m-%d}")
            seen = []
        made = model.forecast(known)
        quantiles = np.stack([made[uid] for uid in panel.unique_ids])
        seen.append(quantiles)
        losses.append(2 * pinball(truth[:, end : end + HORIZON], quantiles).mean(axis=2).sum(axis=1))
    return {
        "learned": learned,
        "seconds": seconds,
        "losses": np.stack(losses, axis=1),
        "sold": truth[:, begin:].sum(axis=1),
    }


def measure() -> dict[str, Any]:
    """Every policy; its loss against `never` with the 95 % interval of a paired bootstrap over series."""
    panel = panel_of()
    played = {name: play(panel, wanted) for name, wanted in POLICIES.items()}
    rng = np.random.default_rng(0)
    drawn = rng.integers(0, len(panel.unique_ids), (DRAWS, len(panel.unique_ids)))
    never = played["never"]["losses"].sum(axis=1)
    rows = {}
    for name, one in played.items():
        loss, sold = one["losses"].sum(axis=1), one["sold"]
        gaps = (loss - never)[drawn].sum(axis=1) / never[drawn].sum(axis=1)
        rows[name] = {
            "learned": one["learned"],
            "cpu_seconds": round(one["seconds"], 1),
            "wql": round(float(loss.sum() / sold.sum()), 4),
            "against_never": round(100 * float(loss.sum() / never.sum() - 1), 2),
            "low": round(100 * float(np.quantile(gaps, 0.025)), 2),
            "high": round(100 * float(np.quantile(gaps, 0.975)), 2),
        }
    return {"series": len(panel.unique_ids), "horizon": HORIZON, "origins": ORIGINS, "drifting": DRIFTING, "rows": rows}
