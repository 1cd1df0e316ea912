"""Orders of a large catalogue: time and memory of `skucast orders`, the first time and again.

Into docs/orders_scale.json:

python -m skucast.evals.bench.orders_scale                     5,000 weekly products of two years, quick statistics
python -m skucast.evals.bench.orders_scale --products 500 --learn      the combined tools, which learn first
"""

import argparse
import json
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from ... import __version__
from ...tools.files import write_whole
from .machine import ROOT, Result, machine, run

PRODUCTS, WEEKS = 5000, 104


def catalogue(products: int, folder: Path, seed: int = 0) -> tuple[Path, Path]:
    """Made-up sales of so many products by week, and their stock file: `sales.csv` and `stock.csv` of a folder."""
    rng = np.random.default_rng(seed)
    level = rng.lognormal(2, 1, products)
    week = np.arange(WEEKS)[None, :] / 52 + rng.uniform(0, 1, products)[:, None]
    y = rng.poisson(level[:, None] * (1 + 0.3 * np.sin(2 * np.pi * week)) * rng.gamma(4, 0.25, (products, WEEKS)))
    ids = [f"P{number:05d}" for number in range(products)]
    ds = pd.date_range("2022-01-02", periods=WEEKS, freq="W-SUN")
    sales = pd.DataFrame({"unique_id": np.repeat(ids, WEEKS), "ds": np.tile(ds, products), "y": y.ravel()})
    stock = pd.DataFrame(
        {
            "unique_id": ids,
            "on_hand": np.round(level * rng.uniform(0, 8, products)),
            "on_order": np.where(rng.random(products) < 0.3, np.round(2 * level), 0),
            "due": "2024-01-14",
            "case_pack": rng.choice([1, 6, 12], products),
            "unit_cost": np.round(rng.lognormal(1, 0.5, products), 2),
            "lead_time_weeks": rng.choice([1, 2, 3, 4], products),
        }
    )
    sales.to_csv(folder / "sales.csv", index=False)
    stock.to_csv(folder / "stock.csv", index=False)
    return folder / "sales.csv", folder / "stock.csv"


def measure(products: int, *, learn: bool = False) -> Result:
    """The command twice with an empty cache: what the first run keeps the second one reads."""
    with tempfile.TemporaryDirectory() as folder:
        sales, stock = catalogue(products, Path(folder))
        env = {**os.environ, "SKUCAST_CACHE": str(Path(folder) / "cache")}
        words = [
            "-m",
            "skucast",
            "orders",
            str(sales),
            "--stock",
            str(stock),
            *([] if learn else ["--quick"]),
            "--json",
        ]
        first, second = (run([sys.executable, *words], env=env) for _ in range(2))
    return {
        "products": products,
        "weeks": WEEKS,
        "command": f"skucast orders sales.csv --stock stock.csv{'' if learn else ' --quick'} --json",
        "first": {name: first[name] for name in ("seconds", "cpu_seconds", "peak_mb")},
        "second": {name: second[name] for name in ("seconds", "cpu_seconds", "peak_mb")},
    }


def main() -> None:
    """Measure what was asked for, and write it into the file beside what else is there."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--products", type=int, default=PRODUCTS)
    parser.add_argument("--learn", action="store_true", help="the combined tools, which learn first")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "orders_scale.json")
    given = parser.parse_args()
    row = {
        **measure(given.products, learn=given.learn),
        "benchmark": " ".join(["python -m skucast.evals.bench.orders_scale", *sys.argv[1:]]),
        "version": __version__,
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": machine(),
    }
    print(json.dumps(row, indent=2))
    held = json.loads(given.out.read_text(encoding="utf-8"))["rows"] if given.out.exists() else []
    rows = [one for one in held if (one["products"], one["command"]) != (row["products"], row["command"])]
    write_whole(given.out, json.dumps({"rows": [*rows, row]}, indent=2) + "\n")


if __name__ == "__main__":
    main()
