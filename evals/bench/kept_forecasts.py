"""Forecasts of a replay, kept in files, so that policies are compared on the same: one a model, horizon, data and code.

python -m skucast.evals.bench.kept_forecasts FOLDER MODEL WEEK... makes them ahead of time.
"""

import argparse
import io
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from ...agent.forecast.learned import code
from ...tools.data.digest import panel_digest
from ...tools.data.panel import Panel
from ...tools.decide.replay import shown
from ...tools.files import write_whole
from ...tools.forecast.blend import Memo
from ...tools.forecast.gbm_mean import MeanGBM
from ...tools.forecast.lost_sales import without_stockouts
from ...tools.forecast.models import Toolbox
from ...tools.forecast.paths import sample_paths
from ...tools.quantiles import Array, average
from ..tasks.panels.vn2 import vn2_weekly

DRAWS = 400


def quantiles(panel: Panel, model: str, horizon: int, folder: Path, kept: "Kept | None" = None) -> Array:
    """Quantiles of every series of a cut panel, `[P, H, Q]`, from the folder or made and put there.

    Periods out of stock are taken as not known. Names joined by + are averaged, level by level. What was made of other
    data, or by other code, has another name there.

    Args:
        panel: what is known.
        model: a name of `Toolbox.forecast`; `MeanGBM@` and a date, to learn up to that date alone; or some joined by +.
        horizon: periods ahead.
        folder: for the files.
        kept: what was learned before, of the same data cut at any time.
    """
    if "+" in model:
        return average([quantiles(panel, name, horizon, folder, kept) for name in model.split("+")])
    path = folder / f"{model}_{panel.cutoff:%Y-%m-%d}_{horizon}_{code()}-{panel_digest(panel)[:16]}.npy"
    if path.exists():
        return np.asarray(np.load(path), dtype=float)
    kept = Kept() if kept is None else kept
    known = without_stockouts(panel) if "in_stock" in panel.schema.past_only else panel
    name, _, date = model.partition("@")
    if date:
        if model not in kept.learned:
            kept.learned[model] = MeanGBM(known.before(date), horizon)
        made = kept.learned[model].forecast(known)
    else:
        made = Toolbox(workers=1).forecast(name, known, horizon, memo=kept.memo)
    stacked = np.stack([made[uid] for uid in panel.unique_ids])
    file = io.BytesIO()
    np.save(file, stacked)
    write_whole(path, file.getvalue())
    return stacked


@dataclass
class Kept:
    """What was learned, to be used again.

    Attributes:
        memo: forecasts of the members of `Combined`.
        learned: mean models, by name and date.
    """

    memo: Memo = field(default_factory=dict)
    learned: dict[str, MeanGBM] = field(default_factory=dict)


def forecaster(model: str, horizon: int, folder: Path, kept: Kept | None = None) -> Callable[[Panel], Array]:
    """Sample paths `[P, N, H]` of every series of a cut panel, by a model, from kept quantiles."""
    kept = Kept() if kept is None else kept

    def paths(panel: Panel) -> Array:
        made, past = quantiles(panel, model, horizon, folder, kept), shown(panel)
        drawn = [sample_paths(q, y[np.isfinite(y)], n=DRAWS) for q, y in zip(made, past, strict=True)]
        return np.stack(drawn)

    return paths


def main(argv: Sequence[str] | None = None) -> None:
    """Make forecasts ahead of time: six weekly decisions from each start."""
    parser = argparse.ArgumentParser(prog="python -m skucast.evals.bench.kept_forecasts")
    parser.add_argument("folder", type=Path)
    parser.add_argument("model", help="MeanGBM@start learns once a start")
    parser.add_argument("start", nargs="+", help="the last week known at the first order")
    parser.add_argument("--horizon", type=int, default=4)
    parser.add_argument("--orders", type=int, default=6)
    asked = parser.parse_args(argv)
    panel = vn2_weekly()
    kept = Kept()
    for start in asked.start:
        for at in pd.date_range(start, periods=asked.orders, freq=panel.offset):
            began = time.perf_counter()
            model = asked.model.replace("@start", f"@{start}")
            quantiles(panel.before(at), model, asked.horizon, asked.folder, kept)
            print(f"{model} {at:%Y-%m-%d}: {time.perf_counter() - began:.1f} s", flush=True)


if __name__ == "__main__":
    main()
