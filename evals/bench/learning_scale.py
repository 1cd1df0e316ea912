"""Tracking of a large catalogue: time and memory of `skucast track`, of the first time and of a week later."""

import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...tools.monitor.ledger import BANDS, Entry, open_ledger
from ...tools.quantiles import LEVELS, Array
from .machine import Result, run

SERIES, WEEKS, KNOWN, HORIZON = 30_000, 52, 20, 4
STAGES = ("naive", "statistics", "trees")
LEVEL = LEVELS.index(0.5)


def made_up(series: int, every: int, folder: Path, seed: int = 0) -> tuple[Path, Path]:
    """Sales (`sales.parquet`) and a ledger with forecasts of the last `WEEKS` weeks, from a cutoff every so many."""
    rng = np.random.default_rng(seed)
    level = rng.lognormal(2, 1, series)
    ids = np.array([f"P{number:06d}" for number in range(series)])
    ds = pd.date_range("2022-01-02", periods=KNOWN + WEEKS, freq="W-SUN")
    y = rng.poisson(level[:, None], (series, len(ds))).astype(float)
    table = {"unique_id": np.repeat(ids, len(ds)), "ds": np.tile(ds, series), "y": y.ravel()}
    labels = {"category": np.repeat(np.array([f"c{number % 20}" for number in range(series)]), len(ds))}
    pd.DataFrame({**table, **labels}).to_parquet(folder / "sales.parquet", index=False)
    (folder / "sales.toml").write_text('static = ["category"]\n')
    ledger = open_ledger(str(folder / "ledger.duckdb"))
    spread = level[:, None] + np.sqrt(level)[:, None] * np.linspace(-1.28, 1.28, len(LEVELS))
    for cutoff in range(KNOWN - 1, KNOWN + WEEKS - HORIZON, every):
        quantiles = np.maximum(spread * rng.normal(1, 0.05, (series, 1)), 0)
        rows = pd.concat([_stage(name, ids, ds, cutoff, quantiles, y[:, cutoff]) for name in STAGES])
        ledger.write(Entry("forecast", "bench", data_digest=str(cutoff)), rows)
    return folder / "sales.parquet", folder / "ledger.duckdb"


def _stage(
    name: str, ids: "npt.NDArray[np.str_]", ds: pd.DatetimeIndex, cutoff: int, quantiles: Array, last: Array
) -> pd.DataFrame:
    """One stage from one cutoff: the last value, or quantiles that are the same at every step."""
    made = quantiles if name != "naive" else np.full_like(quantiles, np.nan)
    middle = last if name == "naive" else quantiles[:, LEVEL] + (name == "statistics")
    parts = []
    for step in range(1, HORIZON + 1):
        part = pd.DataFrame(dict(zip(BANDS, made.T, strict=True)))
        part["unique_id"], part["freq"], part["stage"], part["step"] = ids, "W", name, step
        part["cutoff"], part["ds"], part["mean"], part["q-50"] = ds[cutoff], ds[cutoff + step], middle, middle
        parts.append(part)
    return pd.concat(parts)


def measure(series: int = SERIES) -> Result:
    """`skucast track` on 13 cutoffs, which cover each week once, and on one every week; each twice."""
    found: Result = {"series": series, "weeks": WEEKS, "stages": len(STAGES)}
    for name, every in (("cutoff_every_4_weeks", HORIZON), ("cutoff_every_week", 1)):
        with tempfile.TemporaryDirectory() as folder:
            sales, ledger = made_up(series, every, Path(folder))
            words = [sys.executable, "-m", "skucast", "track", str(sales), "--ledger", str(ledger), "--by", "category"]
            env = {**os.environ, "OMP_NUM_THREADS": "2"}
            first, again = run([*words, "--json"], env=env), run([*words, "--json"], env=env)
            rows = int(open_ledger(str(ledger)).read("select count(*) as n from skucast_forecasts")["n"][0])
            keys = ("seconds", "cpu_seconds", "peak_mb")
            found[name] = {
                "forecast_rows": rows,
                "ledger_mb": round(ledger.stat().st_size / 2**20),
                "first": {key: first[key] for key in keys},
                "again": {key: again[key] for key in keys},
            }
    return found
