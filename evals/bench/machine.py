"""The benchmark: time, memory and accuracy of this version on this machine, as JSON and Markdown.

make bench                                   everything, about half an hour on two cores
python -m skucast.evals.bench.machine --only accuracy
"""

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ... import __version__
from ...agent.batch.run import read_lines
from ...agent.engines import open_engine
from ...agent.engines.slots import SlotEngine
from ...agent.forecast.forecaster import Forecaster
from ...agent.forecast.report import ForecastReport, Quantiles
from ...prompts.render import prompt_digest
from ...tools.data.demo import load_complete_journey
from ...tools.files import write_whole
from ...tools.forecast.statistical import base_forecasts
from ...tools.quantiles import LEVELS, Array, level_name
from ..scoring.metrics import coverage, mase, median_of, seasonal_scale, sql, wape
from . import costs

ROOT = Path(__file__).parents[2]
HORIZON = 4
SERIES = 200
Result = dict[str, Any]


def run(command: list[str], cwd: Path | None = None, env: dict[str, str] | None = None) -> Result:
    """Run a command; wall seconds, seconds of all cores, and the peak memory of its largest process, MB."""
    code = "import resource,subprocess,sys,time;t=time.monotonic();"
    code += "r=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL).returncode;"
    code += "u=resource.getrusage(resource.RUSAGE_CHILDREN);"
    code += "print(time.monotonic()-t,u.ru_utime+u.ru_stime,u.ru_maxrss/1024,r)"
    done = subprocess.run(
        [sys.executable, "-c", code, *command], cwd=cwd, env=env, text=True, stdout=subprocess.PIPE, check=True
    )
    seconds, cpu, peak, status = done.stdout.split()
    if status != "0":
        raise SystemExit(f"bench: {' '.join(command)} exited {status}")
    return {
        "command": " ".join([Path(command[0]).name, *command[1:]]),
        "seconds": round(float(seconds), 1),
        "cpu_seconds": round(float(cpu), 1),
        "peak_mb": round(float(peak)),
    }


def skucast(*words: str) -> list[str]:
    """The command of this environment."""
    return [str(Path(sys.executable).with_name("skucast")), *words]


def bench_demo() -> Result:
    """`make demo` from a bare clone of the commit at hand, twice, with nothing cached but the package index's files."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "skucast"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        env = {**os.environ, "SKUCAST_CACHE": str(Path(folder) / "cache")}
        return {"first_run": run(["make", "demo"], clone, env), "second_run": run(["make", "demo"], clone, env)}


def bench_panel() -> Result:
    """The first build of the weekly and the daily Complete Journey panel, and a read of it from the cache."""
    results: Result = {}
    for freq in ("W", "D"):
        with tempfile.TemporaryDirectory() as folder:
            env = {**os.environ, "SKUCAST_CACHE": folder}
            code = f"from skucast.tools.data.demo import load_complete_journey as f; f({freq!r})"
            for when in ("build", "cached"):
                results[f"{freq}_{when}"] = run([sys.executable, "-c", code], env=env) | {"command": code}
    return results


def bench_big_read() -> Result:
    """A hundred million transaction rows in Parquet, read as a weekly panel of a thousand products through SQL."""
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sales.parquet"
        duckdb.sql(
            "copy (select hash(i) % 1000 as sku, date '2023-01-02' + cast(hash(i + 1) % 728 as integer) as day, "
            f"1 + i % 3 as units from range(100000000) t(i)) to '{path}'"
        )
        query = (
            "select sku as unique_id, date_trunc('week', day) + interval 6 day as ds, sum(units) as y "
            "from data group by all"
        )
        code = (
            f"from skucast.tools.data.read import read_panel; print(len(read_panel({str(path)!r}, sql={query!r}).past))"
        )
        return run([sys.executable, "-c", code]) | {
            "command": f"read_panel(100,000,000 rows, sql={query!r})",
            "file_mb": round(path.stat().st_size / 2**20),
        }


def bench_one() -> Result:
    """One product asked for at the command line, all included: start, data, model, forecast, explanation."""
    return run(skucast("forecast", "--demo", "--sku", "1082185", "--horizon", "4w"))


def bench_batch() -> Result:
    """The 500 weekly products to JSONL, and where the time goes."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "f.jsonl"
        result = run(skucast("forecast", "--demo", "--all", "--horizon", "4w", "--out", str(out)))
        reports = [line for line in read_lines(out) if isinstance(line, ForecastReport)]
        megabytes = out.stat().st_size / 2**20
    spent = {part: sum(getattr(r.timings, part) for r in reports) for part in ("base", "llm", "rest")}
    tokens = sum(r.timings.prompt_tokens + r.timings.completion_tokens for r in reports)
    total = result["seconds"]
    result["command"] = "skucast forecast --demo --all --horizon 4w --out f.jsonl"
    return result | {
        "series": len(reports),
        "series_per_second": round(len(reports) / total, 2),
        "tokens_per_second_in_llm": round(tokens / spent["llm"]),
        "share_llm": round(spent["llm"] / total, 3),
        "share_statistics": round(spent["base"] / total, 3),
        "share_rest": round(1 - (spent["llm"] + spent["base"]) / total, 3),
        "file_mb": round(megabytes, 1),
    }


def bench_accuracy() -> Result:
    """Naive, base ensemble, LLM alone and combined on the same series and last four weeks."""
    whole = load_complete_journey("W")
    cutoff = sorted(whole.past["ds"].unique())[-HORIZON - 1]
    panel = whole.before(pd.Timestamp(cutoff))
    rng = np.random.default_rng(0)
    ids = sorted(str(uid) for uid in rng.choice(panel.unique_ids, SERIES, replace=False))
    started = time.perf_counter()
    reports = Forecaster(open_engine("hf:"), explanations="template", ask_all=True).forecast(panel, ids, HORIZON)
    seconds = time.perf_counter() - started
    naive = base_forecasts(panel.select(ids), HORIZON, models=["SeasonalNaive"])
    y = np.stack([whole.past_of(uid)["y"].to_numpy(dtype=float)[-HORIZON:] for uid in ids])
    scale = np.array([seasonal_scale(panel.past_of(uid)["y"].to_numpy(dtype=float), 1) for uid in ids])
    made = {report.unique_id: report for report in reports}
    answered = [uid for uid in ids if (part := made[uid].llm) is not None and part.steps is not None]
    contestants = {
        "naive": np.stack([naive[uid].quantiles for uid in ids]),
        "base ensemble": np.stack([_array(made[uid].base.steps) for uid in ids]),
        "LLM alone (few-shot, unusable answers fall back to base)": np.stack(
            [_array(part.steps if (part := made[u].llm) and part.steps else made[u].base.steps) for u in ids]
        ),
        "combined": np.stack([_array([step.quantiles for step in made[uid].steps]) for uid in ids]),
    }
    losses = {name: sql(y, q, scale) for name, q in contestants.items()}
    rows = [
        {
            "contestant": name,
            "SQL": round(float(np.nanmean(losses[name])), 4),
            "MASE": round(float(np.nanmean(mase(y, median_of(q), scale))), 4),
            "WAPE": round(wape(y, median_of(q)), 4),
            "coverage80": round(coverage(y, q), 3),
        }
        for name, q in contestants.items()
    ]
    gain = losses["base ensemble"] - losses["combined"]
    draws = rng.choice(gain[np.isfinite(gain)], (2000, int(np.isfinite(gain).sum())))
    weights = np.array([part.weight for uid in ids if (part := made[uid].llm) is not None])
    totals = np.array([_array([made[uid].total.quantiles])[0] for uid in ids])
    return {
        "task": f"Complete Journey weekly, {SERIES} of 500 series, horizon {HORIZON}, cutoff {cutoff:%Y-%m-%d}",
        "scale": "in-sample mean absolute week-to-week difference (season 1: under two years are known)",
        "rows": rows,
        "combined_against_base_SQL_gain": round(float(np.nanmean(gain)), 4),
        "gain_95_interval": [round(float(v), 4) for v in np.quantile(draws.mean(axis=1), [0.025, 0.975])],
        "llm_weight_mean": round(float(weights.mean()), 3),
        "llm_weight_zero_share": round(float((weights == 0).mean()), 3),
        "llm_fallback_share": round(1 - len(answered) / len(ids), 3),
        "total_coverage80": round(coverage(y.sum(axis=1), totals), 3),
        "total_coverage80_if_quantiles_were_summed": round(
            coverage(y.sum(axis=1), contestants["combined"].sum(axis=1)), 3
        ),
        "seconds": round(seconds, 1),
    }


def bench_slots() -> Result:
    """The slot model against the LLM's digits: series a second, and quicker variants with what they lose."""
    return costs.measure_costs(
        load_complete_journey("W"), HORIZON, SlotEngine.load(ROOT / "agent/weights/default"), open_engine("hf:"), SERIES
    )


def _array(steps: list[Quantiles]) -> Array:
    return np.array([[step[level_name(level)] for level in LEVELS] for step in steps])


BENCHES: dict[str, Callable[[], Result]] = {
    "one": bench_one,
    "accuracy": bench_accuracy,
    "slots": bench_slots,
    "panel": bench_panel,
    "big_read": bench_big_read,
    "batch": bench_batch,
    "demo": bench_demo,
}


def machine() -> Result:
    """What the figures were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cpu = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "memory_gb": round(memory),
        "python": platform.python_version(),
        "threads": os.environ.get("OMP_NUM_THREADS", "all"),
    }


def markdown(results: Result) -> str:
    """The results as a page."""
    of = results["machine"]
    lines = [
        "# Benchmark",
        "",
        f"skucast {results['version']}, commit {results['commit']}, prompts {results['prompts']}, {results['date']}. "
        f"{of['cpu']}, {of['cores']} cores, {of['memory_gb']} GB, Python {of['python']}. Made by `make bench`.",
        "",
        "| what | seconds | peak MB | more |",
        "|---|---|---|---|",
    ]
    for name in BENCHES:
        found = results.get(name, {})
        parts = {f"{name}: {k}": v for k, v in found.items() if isinstance(v, dict)} or {name: found}
        for label, part in parts.items():
            if "peak_mb" in part:
                more = ", ".join(
                    f"{k} {v}" for k, v in part.items() if k not in ("seconds", "cpu_seconds", "peak_mb", "command")
                )
                lines.append(f"| {label} | {part['seconds']} | {part['peak_mb']} | {more} |")
    if "accuracy" in results:
        a = results["accuracy"]
        columns = list(a["rows"][0])
        lines += [
            "",
            "## Accuracy",
            "",
            f"{a['task']}; scale: {a['scale']}. Lower is better; coverage80 is best at 0.8.",
            "",
            "| " + " | ".join(columns) + " |",
            "|" + "---|" * len(columns),
        ]
        lines += ["| " + " | ".join(str(row[c]) for c in columns) + " |" for row in a["rows"]]
        low, high = a["gain_95_interval"]
        verdict = "better" if low > 0 else "worse" if high < 0 else "no different, as far as this can tell"
        lines += [
            "",
            f"Combined against base: SQL gain {a['combined_against_base_SQL_gain']} (95 % interval {low} to {high}): "
            f"{verdict}. The LLM here is prompted, not trained; it carries {a['llm_weight_mean']:.1%} of the forecast "
            f"on average and nothing in {a['llm_weight_zero_share']:.0%} of the series.",
            "",
            f"Totals over the horizon: the 80 % interval from sample paths covers {a['total_coverage80']:.0%}; summing "
            f"the steps' quantiles would cover {a['total_coverage80_if_quantiles_were_summed']:.0%}.",
        ]
    if "slots" in results:
        lines += costs.markdown(results["slots"])
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run the benches asked for, keep the results of the others, and write both files after each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=list(BENCHES), default=list(BENCHES))
    parser.add_argument("--out", type=Path, default=ROOT / "docs")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    file = given.out / "bench.json"
    results: Result = json.loads(file.read_text()) if file.exists() else {}
    git = shutil.which("git")
    commit = subprocess.run(
        [git or "git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    for name in given.only:
        print(f"bench: {name}", flush=True)
        results[name] = BENCHES[name]()
        results |= {
            "version": __version__,
            "commit": commit,
            "prompts": prompt_digest(),
            "machine": machine(),
            "date": f"{datetime.now(UTC):%Y-%m-%d}",
        }
        write_whole(file, json.dumps(results, indent=2) + "\n")
        write_whole(given.out / "BENCH.md", markdown(results))
    print(f"peak of the benchmark itself: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
