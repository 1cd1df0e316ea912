"""What serving takes and what a batch adds to it, each measured by one command into docs/serving.json.

skucast merge default runs/whole
python -m skucast.evals.bench.serving vllm --whole runs/whole --vllm .venv-vllm/bin/vllm
                                          a vLLM CPU server against this process, 500 series
python -m skucast.evals.bench.serving batch     the batch against the engine's own rate, 500 series
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from ... import __version__
from ...agent.batch.run import run_batch
from ...agent.engines.slots import SlotEngine
from ...agent.faces.serve import Server, Serving, find_vllm
from ...agent.forecast.forecaster import Forecaster
from ...prompts.slots import SlotContext
from ...tools.data.demo import complete_journey_source
from ...tools.data.panel import Panel
from ...tools.files import write_whole
from ...tools.quantiles import Array
from . import batch_page

ROOT = Path(__file__).parents[2]
HORIZON = 4
NEAR = 0.1  # a batch may take so much longer than the engine alone
Row = dict[str, Any]


def timed(engine: SlotEngine, work: Callable[[], Any]) -> Row:
    """Seconds, tokens and tokens a second of some work of an engine."""
    before, started = engine.tokens, time.perf_counter()
    work()
    seconds, tokens = time.perf_counter() - started, engine.tokens - before
    return {"seconds": round(seconds, 2), "tokens": tokens, "tokens_per_second": round(tokens / seconds, 1)}


def contexts_of(engine: SlotEngine, panel: Panel, ids: Sequence[str]) -> list[SlotContext]:
    """What the engine reads of these series, made ready and not yet read."""
    seen: list[SlotContext] = []
    read = engine.slot_quantiles

    def record(contexts: list[SlotContext], progress: Callable[[int], None] | None = None) -> list[Array]:
        seen.extend(contexts)
        return [context.base for context in contexts]

    try:
        engine.slot_quantiles = record  # type: ignore[method-assign, assignment]
        engine.forecast(panel, HORIZON, ids)
    finally:
        engine.slot_quantiles = read  # type: ignore[method-assign]
    return seen


def against_vllm(weights: Path, whole: Path, panel: Panel, ids: Sequence[str], program: Path, port: int) -> Row:
    """The same series through a vLLM server for CPUs and in this process, in float32 both, after a first few each.

    Args:
        weights: folder of the slot model.
        whole: of the same, merged.
        panel: what is known.
        ids: the series.
        program: vLLM's.
        port: for the server.
    """
    os.environ["SKUCAST_DTYPE"] = "float32"
    made: dict[str, dict[str, Array]] = {}
    row: Row = {}

    def run(name: str, engine: SlotEngine) -> None:
        engine.forecast(panel, HORIZON, ids[:8])
        row[name] = timed(engine, lambda: made.update({name: engine.forecast(panel, HORIZON, ids)}))

    here = SlotEngine.load(weights)
    run("in_process", here)
    del here
    server = Server("slots", weights.name, whole, port, cpu=True, context=2048)
    with tempfile.TemporaryDirectory() as logs, Serving([server], program, Path(logs)).running():
        run("vllm_cpu", SlotEngine.served(weights, server.url))
    one, other = made["in_process"], made["vllm_cpu"]
    apart = [np.abs(one[uid] - other[uid]).max() / max(1.0, float(one[uid].mean())) for uid in ids]
    speed = row["vllm_cpu"]["tokens_per_second"] / row["in_process"]["tokens_per_second"]
    return {**row, "vllm_times_as_fast": round(speed, 3), "most_apart_over_level": float(f"{max(apart):.2g}")}


def against_itself(weights: Path, panel: Panel, ids: Sequence[str], out: Path) -> Row:
    """The engine alone over what it reads of the series, then a batch of them: tokens over the batch's LLM seconds."""
    engine = SlotEngine.load(weights)
    ready = contexts_of(engine, panel, ids)
    engine.slot_quantiles(ready[:8])
    alone = timed(engine, lambda: engine.slot_quantiles(ready))
    result = run_batch(Forecaster(None, slots=engine), complete_journey_source("W"), ids, HORIZON, out)
    again = timed(engine, lambda: engine.slot_quantiles(ready))  # on both sides: machines warm up and slow down
    own = (alone["tokens_per_second"] + again["tokens_per_second"]) / 2
    rate = result.tokens / result.llm
    return {
        "engine_alone": [alone, again],
        "batch": {
            "seconds": round(result.seconds, 2),
            "llm_seconds": round(result.llm, 2),
            "tokens": result.tokens,
            "tokens_per_second": round(rate, 1),
        },
        "batch_over_engine": round(rate / own, 3),
        "within_10_percent": bool(rate >= (1 - NEAR) * own),
    }


def keep(name: str, row: Row, path: Path) -> None:
    """Put a measurement into the file, beside the others."""
    measured = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    about = {
        "command": " ".join(["python -m skucast.evals.bench.serving", *sys.argv[1:]]),
        "version": __version__,
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
    }
    write_whole(path, json.dumps({**measured, name: {**about, **row}}, indent=2) + "\n")


def main() -> None:
    """Measure one thing, and write it into docs/serving.json."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=["vllm", "batch"])
    parser.add_argument("--series", type=int, default=500)
    parser.add_argument("--weights", type=Path, default=ROOT / "agent" / "weights" / "default", help="of a slot model")
    parser.add_argument("--whole", type=Path, help="the same merged, by skucast merge; with vllm")
    parser.add_argument("--vllm", type=Path, help="vLLM's program; default $SKUCAST_VLLM, then the PATH")
    parser.add_argument("--port", type=int, default=8177)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "serving.json")
    given = parser.parse_args()
    panel = complete_journey_source("W").panel()
    ids = panel.unique_ids[: given.series]
    if given.what == "batch":
        with tempfile.TemporaryDirectory() as folder:
            row = against_itself(given.weights, panel, ids, Path(folder) / "f.jsonl")
    else:
        if given.whole is None:
            parser.error("--whole: the folder that `skucast merge default FOLDER` wrote")
        row = against_vllm(given.weights, given.whole, panel, ids, find_vllm(given.vllm), given.port)
    row = {"series": len(ids), "horizon": HORIZON, **row}
    print(json.dumps(row))
    keep(given.what, row, given.out)
    batch_page.write(given.out.parent)


if __name__ == "__main__":
    main()
