"""docs/BLEND.md: how the blend weighs its members, chosen on windows that end before each task's first test window.

python -m skucast.evals.bench.blend
"""

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...tools.data.cube import cube
from ...tools.files import write_whole
from ...tools.forecast.blend import KnownWindow, known_window, tested
from ...tools.forecast.models import MEMBERS, TREES, Toolbox, unproven_weights
from ...tools.forecast.weights import PRIOR_SERIES, blend_weights, by_step, weighted
from ...tools.quantiles import Array, pinball
from ..tasks.task import EvalTask, load_spec

DOCS = Path(__file__).parents[2] / "docs"
TRIED = (  # task and horizon: the task's own, and longer ones of which the past shows little
    ("cj_1W", 4), ("cj_1W", 12), ("retail2_1W", 8), ("retail2_1W", 26), ("rossmann_1W", 4), ("vn2_1W", 8),
    ("favorita_transactions_1W", 13), ("favorita_transactions_1W", 39), ("favorita_transactions_1M", 6),
    ("retail2_1M", 3), ("breakfast_1W", 13), ("breakfast_1W_long", 39),
)  # fmt: skip
SERIES, FEW, WINDOWS = 40, 3, 3


@dataclass(frozen=True)
class Known:
    """One window to be judged by, and the windows before it to learn weights from."""

    judged: KnownWindow
    learned: list[KnownWindow]
    names: list[str]
    span: int
    horizon: int

    def prior(self, weights: dict[str, float]) -> Array:
        """Weights by name as an array that sums to 1."""
        made = np.array([weights.get(name, 0.0) for name in self.names])
        return made / made.sum() if made.sum() else np.full(len(self.names), 1 / len(self.names))

    def weights(self, prior: Array, doubt: float) -> Array:
        """Weights learned on the windows before, shrunk as by so many series-windows of doubt."""
        if not self.learned:
            return prior
        parts = self.learned
        y, scale = (np.concatenate([getattr(part, name) for part in parts]) for name in ("y", "scale"))
        members = np.concatenate([part.members for part in parts], axis=1)
        windows = np.repeat(range(len(parts)), [len(part.y) for part in parts])
        shrunk = blend_weights(y, members, scale, windows, prior)
        count = int((np.isfinite(y).any(axis=1) & np.isfinite(scale)).sum())
        best = (shrunk * (count + PRIOR_SERIES) - PRIOR_SERIES * prior) / max(count, 1)
        return np.asarray((count * best + doubt * prior) / (count + doubt))


Rule = Callable[[Known], Array]


def _trees(known: Known) -> Array:
    return known.prior(dict.fromkeys(TREES, 0.5))


def _unproven(known: Known) -> Array:
    return known.prior(unproven_weights(len(known.judged.unique_ids)))


RULES: dict[str, Rule] = {
    "equal weights": lambda known: known.prior({}),
    "the trees alone, equal": _trees,
    "learned without doubt": lambda known: known.weights(known.prior({}), 0.0),
    "learned, 300 series-windows of doubt": lambda known: known.weights(_unproven(known), PRIOR_SERIES),
    "the same, and less so beyond the windows": lambda known: by_step(
        known.weights(_unproven(known), PRIOR_SERIES), _unproven(known), known.span, known.horizon
    ),
}
CHOSEN = list(RULES)[-1]


def known_windows(task: EvalTask, horizon: int, series: int, seed: int) -> Known | None:
    """The last window before the first test window, and the validation windows before it, of a sample of the series."""
    panel = next(task.windows()).panel
    ids = sorted(panel.unique_ids)
    chosen = np.random.default_rng(seed).choice(len(ids), min(series, len(ids)), replace=False)
    panel = panel.select([ids[i] for i in sorted(chosen)])
    periods = len(pd.date_range(panel.past["ds"].min(), panel.cutoff, freq=panel.offset))
    span = tested(periods - horizon, horizon)
    ends = pd.date_range(end=panel.cutoff, periods=periods, freq=panel.offset)
    toolbox, truth = Toolbox(country=task.spec.country, workers=1), cube(panel, 0)

    def window(place: int, ahead: int) -> KnownWindow | None:
        known = panel.before(ends[place])
        made = {name: toolbox.forecast(name, known, ahead) for name in MEMBERS}
        return known_window(truth, ends[place], ahead, made)

    last = periods - 1 - horizon
    judged = window(last, horizon)
    places = [last - span * (k + 1) for k in range(WINDOWS)]
    learned = [window(place, span) for place in places if place + 1 >= span + 4]
    if judged is None:
        return None
    return Known(judged, [part for part in learned if part is not None], list(MEMBERS), span, horizon)


def sql(known: Known, quantiles: Array) -> float:
    """Twice the scaled pinball loss of the judged window, the mean over its series."""
    part = known.judged
    with np.errstate(all="ignore"):
        loss = 2 * np.nanmean(pinball(part.y, quantiles).mean(-1), axis=1) / part.scale
    return float(np.nanmean(loss))


def compared(known: Known) -> dict[str, float]:
    """Each rule's loss over that of the best single member in the same window."""
    alone = [sql(known, member) for member in known.judged.members]
    best = min(alone)
    return {
        name: round(sql(known, weighted(known.judged.members, rule(known))) / best, 4) for name, rule in RULES.items()
    }


def study() -> Iterator[dict[str, Any]]:
    """All tasks and horizons, of many series and of three."""
    for name, horizon in TRIED:
        task = EvalTask(*load_spec(name))
        for series in (SERIES, FEW):
            known = known_windows(task, horizon, series, seed=1)
            if known is not None:
                yield {"task": name, "horizon": horizon, "series": len(known.judged.unique_ids), "span": known.span} | {
                    "rules": compared(known)
                }


def page(results: dict[str, Any]) -> str:
    """The page, of what was measured."""
    rows = results["windows"]
    lines = [
        "# How the blend weighs its members",
        "",
        f"Written by `{results['command']}`, not by hand.",
        "",
        "For each task and horizon the last window before the first test window is forecast, of a sample of its "
        f"series, with weights learned on up to {WINDOWS} windows before it. The table has each rule's SQL over that "
        "of the best single member there, which nobody knows beforehand: below 1 is better. The chosen rule is last.",
        "",
        f"| task | horizon | series | {' | '.join(RULES)} |",
        f"|---|---:|---:|{'---:|' * len(RULES)}",
    ]
    for row in rows:
        cells = " | ".join(f"{row['rules'][name]:.3f}" for name in RULES)
        lines.append(f"| {row['task']} | {row['horizon']} | {row['series']} | {cells} |")
    for what, of in (("mean", lambda values: float(np.exp(np.mean(np.log(values))))), ("worst", max)):
        for many in (True, False):
            picked = [row for row in rows if (row["series"] > FEW) == many]
            cells = " | ".join(f"{of([row['rules'][name] for row in picked]):.3f}" for name in RULES)
            lines.append(f"| **{what}**, {'samples' if many else 'three series'} | | | {cells} |")
    lines += [
        "",
        "The thought behind it: weights learned without doubt lose where the windows that they were learned on are "
        "unlike those ahead. The trees learn every step of the horizon from all series, so they stand without proof, "
        "the more so the more series there are; of few series the recent pattern stands beside them. The other "
        "members (`AdjustedTheta`, `AdjustedETS`, `DynamicOptimizedTheta`) must prove themselves.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, and write docs/blend.json and docs/BLEND.md."""
    parser = argparse.ArgumentParser(prog="python -m skucast.evals.bench.blend")
    parser.add_argument("--out", type=Path, default=DOCS)
    asked = parser.parse_args()
    windows = []
    for row in study():
        windows.append(row)
        print(json.dumps(row), flush=True)
    results = {"command": "python -m skucast.evals.bench.blend", "windows": windows}
    write_whole(asked.out / "blend.json", json.dumps(results, indent=1) + "\n")
    write_whole(asked.out / "BLEND.md", page(results))


if __name__ == "__main__":
    main()
