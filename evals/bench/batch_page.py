"""docs/BATCH.md: what batches and serving were measured to cost, from docs/catalogue.json and docs/serving.json."""

import json
from pathlib import Path
from typing import Any

from ...tools.files import write_whole

DOCS = Path(__file__).parents[2] / "docs"
LEAST = 5.0  # ms a series that the pipeline may take


def page(catalogue: dict[str, Any], serving: dict[str, Any]) -> str:
    """The page, of what the two files hold."""
    rows = catalogue["rows"]
    first, last = rows[0], rows[-1]
    batch, vllm = serving["batch"], serving["vllm"]
    columns = {
        "series": "series",
        "seconds": "seconds",
        "series_per_second": "series/s",
        "base_forecasts": "s in base forecasts",
        "scripted_llm": "s in the scripted LLM",
        "pipeline_ms_a_series": "ms a series of the pipeline itself",
        "peak_mb": "peak MB",
        "file_mb": "MB written",
    }
    table = [list(columns.values()), ["---:"] * len(columns)]
    table += [[f"{row[name]:,}" for name in columns] for row in rows]
    kept = "keeps" if max(row["pipeline_ms_a_series"] for row in rows) < LEAST else "does not keep"
    faster, slower = ("a vLLM server", "this process") if vllm["vllm_times_as_fast"] > 1 else ("this process", "vLLM")
    engine = " and ".join(f"{one['tokens_per_second']:,.0f}" for one in batch["engine_alone"])
    lines = [
        "# What a batch costs",
        "",
        "Written by `python -m skucast.evals.bench.catalogue` and `python -m skucast.evals.bench.serving`, "
        "not by hand.",
        "",
        "## A catalogue through the pipeline",
        "",
        f"Weekly series of Complete Journey, each again and again at a level of its own, {catalogue['horizon']} weeks "
        "ahead; the statistical ensemble as the base, and an LLM that takes no time.",
        "",
        *("| " + " | ".join(row) + " |" for row in table),
        "",
        f"`{catalogue['command']}`, {catalogue['date']}. The pipeline itself {kept} to {LEAST:g} ms a series. From "
        f"{first['series']:,} to {last['series']:,} series the rate went from {first['series_per_second']} to "
        f"{last['series_per_second']} series/s, the peak of memory from {first['peak_mb']} to {last['peak_mb']} MB.",
        "",
        "## The LLM in a batch against the LLM alone",
        "",
        f"The shipped slot model on {batch['series']} weekly series: "
        f"{batch['batch']['tokens_per_second']:,.0f} tokens/s in the batch's LLM stage, {engine} before and after it "
        f"by the engine alone ({batch['batch_over_engine']:.2f} times its mean). `{batch['command']}`, "
        f"{batch['machine']}.",
        "",
        "## vLLM or in the process, on a CPU",
        "",
        f"The same {vllm['series']} series in float32: {vllm['in_process']['tokens_per_second']:,.0f} tokens/s in the "
        f"process, {vllm['vllm_cpu']['tokens_per_second']:,.0f} through a vLLM server for CPUs "
        f"({vllm['vllm_times_as_fast']:.2f} times as many), at most {vllm['most_apart_over_level']:.0e} of the level "
        f"apart. On a CPU {faster} is faster than {slower}, and "
        f"{'not ' if faster != 'this process' else ''}the default. `{vllm['command']}`.",
        "",
        "No GPU was at hand: rates of vLLM on one are not measured.",
        "",
    ]
    return "\n".join(lines)


def write(docs: Path = DOCS) -> None:
    """Write the page anew, once both files are there."""
    files = [docs / "catalogue.json", docs / "serving.json"]
    if all(path.exists() for path in files):
        results = [json.loads(path.read_text(encoding="utf-8")) for path in files]
        if {"batch", "vllm"} <= set(results[1]):
            write_whole(docs / "BATCH.md", page(*results))


if __name__ == "__main__":
    write()
