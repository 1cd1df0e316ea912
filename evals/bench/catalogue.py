"""A catalogue through the batch: what it takes at a thousand series and at thirty thousand, and what the pipeline adds.

python -m skucast.evals.bench.catalogue --sizes 1000 30000     half an hour on two cores, into docs/catalogue.json
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ... import __version__
from ...agent.batch.run import read_lines, run_batch
from ...agent.engines.base import Constraint, Prompt
from ...agent.engines.scripted import ScriptedEngine
from ...agent.forecast.forecaster import Forecaster
from ...agent.forecast.report import ForecastReport
from ...tools.data.demo import load_complete_journey
from ...tools.data.read import open_source
from ...tools.files import replacing, write_whole
from . import batch_page

ROOT = Path(__file__).parents[2]
HORIZON = 4
SIZES = (1000, 30_000)


def replicate(series: int, path: Path, seed: int = 0) -> None:
    """Write so many weekly series: real ones of Complete Journey again and again, each at a level of its own, noisy."""
    panel = load_complete_journey("W")
    rng = np.random.default_rng(seed)
    y = panel.past.pivot(index="ds", columns="unique_id", values="y").fillna(0.0)
    parts = []
    for number, start in enumerate(range(0, series, y.shape[1])):
        some = y.iloc[:, : min(y.shape[1], series - start)]
        level = rng.lognormal(0, 0.5, some.shape[1])
        made = pd.DataFrame(rng.poisson(some.to_numpy() * level), index=some.index, columns=some.columns)
        long = made.rename_axis(columns="unique_id").reset_index().melt("ds", value_name="y")
        parts.append(long.assign(unique_id=long["unique_id"].astype(str) + f"-{number}"))
    with replacing(path) as beside:
        pd.concat(parts).to_parquet(beside, index=False)


def scripted() -> ScriptedEngine:
    """An LLM that takes no time: it repeats the last known units."""

    def answer(prompt: Prompt, constraint: Constraint | None) -> str:
        lines = prompt[-1].content.split("\n")
        steps = sum(line.endswith("=") for line in lines)
        last = next((line.split()[-1] for line in lines if line.startswith("last")), "1")
        return " ".join([last] * steps) if constraint is not None and steps else "Sales go on."

    return ScriptedEngine(answer)


def run_one(path: Path, out: Path) -> dict[str, Any]:
    """The batch of one file, in this process: seconds, and what of them was not the forecasts'."""
    started = time.perf_counter()
    source = open_source(path)
    engine = scripted()
    result = run_batch(
        Forecaster(engine, samples=1, explanations="template"),
        source,
        source.unique_ids(),
        HORIZON,
        out,
        on_line=lambda _: engine.history.clear(),
    )
    seconds = time.perf_counter() - started
    lines = sum(isinstance(line, ForecastReport) for line in read_lines(out))
    return {
        "series": lines,
        "failed": result.failed,
        "seconds": round(seconds, 1),
        "series_per_second": round(lines / seconds, 1),
        "base_forecasts": round(result.base, 1),
        "scripted_llm": round(result.llm, 1),
        "pipeline_ms_a_series": round(1000 * (seconds - result.base - result.llm) / lines, 2),
        "file_mb": round(out.stat().st_size / 2**20, 1),
    }


def measure(series: int) -> dict[str, Any]:
    """One size, in a process of its own, so that its peak of memory is its own."""
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "sales.parquet", Path(folder) / "f.jsonl"
        replicate(series, path)
        code = (
            "import json, re, sys; from pathlib import Path; from skucast.evals.bench.catalogue import run_one;"
            "result = run_one(Path(sys.argv[1]), Path(sys.argv[2]));"
            "result['peak_mb'] = int(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1]) // 1024;"
            "print(json.dumps(result))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, str(path), str(out)], capture_output=True, text=True, check=True
        )
        result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return result


def main() -> None:
    """Measure the sizes asked for, and write docs/catalogue.json after each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="series")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "catalogue.json")
    given = parser.parse_args()
    rows = []
    for size in given.sizes:
        rows.append(measure(size))
        print(json.dumps(rows[-1]), flush=True)
        made = {
            "command": " ".join(["python -m skucast.evals.bench.catalogue", *sys.argv[1:]]),
            "version": __version__,
            "date": f"{datetime.now(UTC):%Y-%m-%d}",
            "horizon": HORIZON,
            "rows": rows,
        }
        write_whole(given.out, json.dumps(made, indent=2) + "\n")
    batch_page.write(given.out.parent)


if __name__ == "__main__":
    main()
