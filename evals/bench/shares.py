"""docs/SHARES.md: what a small share of a slot model changes in the combined forecast, before any test window.

python -m skucast.evals.bench.shares cj_1W=cj-weekly koubei_1D=koubei-daily retail2_1W=default
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...agent.engines.base import Engine
from ...tools.data.cube import cube
from ...tools.errors import InputError
from ...tools.files import write_whole
from ...tools.forecast.blend import known_window
from ...tools.quantiles import pinball
from ..scoring.contestants import FusedContestant, Lineup
from ..tasks.task import EvalTask, load_spec

DOCS = Path(__file__).parents[2] / "docs"
SHIPPED = Path(__file__).parents[2] / "agent" / "weights"
TRIED = (0.025, 0.05, 0.1, 0.2, 0.4, 1.0)


def share_curve(task: EvalTask, fused: FusedContestant, shares: Sequence[float] = TRIED) -> dict[str, Any]:
    """The change of the mean scaled pinball loss by share, on the last window that is known at the first test cutoff.

    Raises:
        InputError: the model was trained on that window.
    """
    panel, horizon = next(task.windows()).panel, task.spec.horizon
    at = pd.date_range(end=panel.cutoff, periods=horizon + 1, freq=panel.offset)[0]
    if fused.until is not None and at < fused.until:
        raise InputError(f"{fused.name}: was trained until {fused.until:%Y-%m-%d}, after {at:%Y-%m-%d}")
    past = panel.before(at)
    both = {"Combined": fused.toolbox.forecast("Combined", past, horizon), "Slot": fused.engine.forecast(past, horizon)}
    known = known_window(cube(panel, 0), at, horizon, both)
    if known is None:
        raise InputError(f"{task.name}: no series is known to {panel.cutoff:%Y-%m-%d}")
    stands, slots = known.members

    def loss(share: float) -> np.ndarray[Any, Any]:
        mixed = (1 - share) * stands + share * slots
        made = np.nanmean(pinball(known.y, mixed).mean(-1), axis=1) / known.scale
        return np.asarray(made[np.isfinite(known.scale) & np.isfinite(known.y).any(axis=1)])

    alone = loss(0.0)
    rows = []
    for share in shares:
        change = (loss(share) - alone) / alone.mean()
        error = float(change.std(ddof=1) / np.sqrt(len(change)))
        rows.append({"share": share, "percent": round(100 * float(change.mean()), 3), "error": round(100 * error, 3)})
    return {"task": task.name, "model": fused.name, "cutoff": f"{at:%Y-%m-%d}", "series": len(alone), "rows": rows}


def page(results: dict[str, Any]) -> str:
    """The page, of what was measured."""
    curves = results["curves"]
    shares = [row["share"] for row in curves[0]["rows"]]
    means = [float(np.mean([curve["rows"][i]["percent"] for curve in curves])) for i in range(len(shares))]
    best = shares[int(np.argmin(means))]
    heads = [f"{curve['task']} ({curve['cutoff']}, {curve['series']:,} series)" for curve in curves]
    lines = [
        "# The least share of a slot model",
        "",
        f"Written by `{results['command']} --models FOLDER`, not by hand; "
        "the folder holds the models that do not ship.",
        "",
        "Before the first test window of each task one horizon was known that no model here was trained on. So much "
        "changes there the mean scaled pinball loss of the combined tools when a slot model gets a share (less is "
        "better; ± one standard error):",
        "",
        f"| share | {' | '.join(heads)} | mean |",
        f"|---:|{'---:|' * (len(heads) + 1)}",
    ]
    for i, share in enumerate(shares):
        cells = [f"{curve['rows'][i]['percent']:+.3f} % ± {curve['rows'][i]['error']:.3f}" for curve in curves]
        lines.append(f"| {share:g} | {' | '.join(cells)} | {means[i]:+.3f} % |")
    lines += [
        "",
        f"Of these, {best:g} is best in the mean. `SHARES` in `tools/forecast/weights.py` begins with 0.05; "
        "known windows may take it away, or raise it. The size was chosen here; that a small share does better than "
        "weights learned from a window or two was seen on the test windows, where those weights were ahead on one task "
        "and behind on another.",
        "",
    ]
    return "\n".join(lines)


def _no_engine() -> Engine:
    raise InputError("no LLM is prompted here")


def main() -> None:
    """Measure, and write docs/shares.json and docs/SHARES.md."""
    parser = argparse.ArgumentParser(prog="python -m skucast.evals.bench.shares")
    parser.add_argument("pairs", nargs="+", metavar="TASK=MODEL")
    parser.add_argument("--out", type=Path, default=DOCS)
    parser.add_argument("--models", type=Path, default=SHIPPED, help="folder of the models that do not ship")
    asked = parser.parse_args()

    def find(name: str) -> Path:
        return next((where / name for where in (asked.models, SHIPPED) if (where / name).exists()), Path(name))

    curves = []
    for pair in asked.pairs:
        name, _, model = pair.partition("=")
        task = EvalTask(*load_spec(name))
        fused = Lineup(_no_engine, find).contestant(f"Combined+Slot@{model}", task)
        assert isinstance(fused, FusedContestant)
        curves.append(share_curve(task, fused))
        print(json.dumps(curves[-1]), flush=True)
    results = {"command": f"python -m skucast.evals.bench.shares {' '.join(asked.pairs)}", "curves": curves}
    write_whole(asked.out / "shares.json", json.dumps(results, indent=1) + "\n")
    write_whole(asked.out / "SHARES.md", page(results))


if __name__ == "__main__":
    main()
