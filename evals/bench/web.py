"""The web page on this machine: cold start, page to page, what if, a catalogue of 30,000 products, and memory.

Into docs/web.json, one row for each size. The shops are made up; the server is `skucast web` in a process of its own:

python -m skucast.evals.bench.web                           30,000 products, 500, and 500 whose combined tools learn
python -m skucast.evals.bench.web --products 500 --learn    one of them alone
"""

import argparse
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pandas as pd

from ... import __version__
from ...tools.files import write_whole
from .machine import ROOT, Result, machine

WEEKS = 78
MANY, SOME_HUNDREDS = 30_000, 500
WHAT_IF = 2_000  # products up to which what if and orders are measured, which learn from or forecast all of them
TIMES = 20  # requests of each kind
SOME = 10  # products whose page is opened
PATIENCE = 3600.0  # seconds
WORDS = ("oat milk", "rye bread", "brie", "apple", "cola", "rice", "soap", "tea")


def shop(products: int, folder: Path, seed: int = 0) -> tuple[Path, Path]:
    """A made-up shop: sales by week with prices that move, names and categories, and its stock file."""
    rng = np.random.default_rng(seed)
    level, base = rng.lognormal(2, 1, (products, 1)), np.round(rng.lognormal(1, 0.5, (products, 1)), 2)
    off = np.where(rng.random((products, WEEKS)) < 0.15, 0.8, 1.0)
    season = 1 + 0.3 * np.sin(2 * np.pi * (np.arange(WEEKS) / 52 + rng.random((products, 1))))
    y = rng.poisson(level * season * off**-2)
    ids = np.array([f"P{number:05d}" for number in range(products)])
    names = np.array([f"{WORDS[at % len(WORDS)]} no {at}" for at in range(products)])
    groups = np.array([f"category {at % 40}" for at in range(products)])
    sales = pd.DataFrame(
        {
            "unique_id": np.repeat(ids, WEEKS),
            "ds": np.tile(pd.date_range("2022-01-02", periods=WEEKS, freq="W-SUN"), products),
            "y": y.ravel(),
            "price": np.round(base * off, 2).ravel(),
            "description": np.repeat(names, WEEKS),
            "category": np.repeat(groups, WEEKS),
        }
    )
    stock = {"unique_id": ids, "on_hand": np.round(level[:, 0] * rng.uniform(0, 8, products))}
    stock |= {"unit_cost": np.round(0.6 * base[:, 0], 2), "lead_time_weeks": rng.choice([1, 2, 3], products)}
    sales.to_csv(folder / "sales.csv", index=False)
    (folder / "sales.toml").write_text('known_future = ["price"]\nstatic = ["description", "category"]\n')
    pd.DataFrame(stock).to_csv(folder / "stock.csv", index=False)
    return folder / "sales.csv", folder / "stock.csv"


class Visitor:
    """Who looks at the pages of a server, and how long each took."""

    def __init__(self, port: int) -> None:
        self.port = port

    def get(self, path: str) -> tuple[str, float]:
        """A page, and the seconds until all of it was there.

        Raises:
            RuntimeError: it is no page.
        """
        began = time.perf_counter()
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        link.request("GET", path)
        answer = link.getresponse()
        text = answer.read().decode()
        link.close()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        return text, time.perf_counter() - began

    def whole(self, path: str) -> float:
        """Seconds until no part of a page waits any more, looked at as the page itself does."""
        began, wait = time.perf_counter(), 0.1
        while "data-waiting" in self.get(path)[0]:
            time.sleep(wait)
            wait = min(wait * 1.5, 3.0)
        return time.perf_counter() - began

    def many(self, paths: list[str]) -> dict[str, float]:
        """Median and most of the seconds of some pages."""
        took = [self.get(path)[1] for path in paths]
        return {"median": round(float(np.median(took)), 3), "most": round(max(took), 3)}


@contextmanager
def server(words: list[str], env: dict[str, str]) -> Iterator[tuple[Visitor, "subprocess.Popen[bytes]", float]]:
    """`skucast web` with these arguments; its first page; and the seconds from its start until that was there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "skucast", "web", *words, "--port", str(port)],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    visitor = Visitor(port)
    try:
        while True:
            try:
                visitor.get("/ask")
                break
            except OSError:
                if process.poll() is not None or time.perf_counter() - began > PATIENCE:
                    raise RuntimeError("the server did not start") from None
                time.sleep(0.05)
        yield visitor, process, time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(60)


def measure(products: int, *, learn: bool) -> Result:
    """One size: all that a person does on a morning, in the order in which they would."""
    import psutil

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sales, stock = shop(products, folder)
        words = [str(sales), "--engine", "none", "--model", "none", "--router", "rules"]
        small = products <= WHAT_IF
        words += (["--stock", str(stock)] if small else []) + ([] if learn else ["--quick"])
        env = {**os.environ, "SKUCAST_CACHE": str(folder / "cache")}
        with server(words, env) as (visitor, process, started):
            memory = psutil.Process(process.pid).memory_info
            load = round(os.getloadavg()[0], 1)

            def spent() -> float:
                times = psutil.Process(process.pid).cpu_times()
                return float(times.user + times.system)

            found: Result = {"cold_start_to_first_page": round(started, 2), "mb_after_start": memory().rss // 2**20}
            paths = [catalogue_path(at) for at in range(TIMES)]
            found["catalogue_first"] = round(visitor.get("/catalogue")[1], 3)
            found["catalogue"] = visitor.many(paths)
            skus = [f"P{at:05d}" for at in range(1, 1 + SOME)]
            product = [f"/product?{urlencode({'sku': sku})}" for sku in skus]
            found["first_forecast_shell"] = round(visitor.get(product[0])[1], 3)
            found["catalogue_while_it_forecasts"] = visitor.many(paths)
            found["first_forecast"] = round(visitor.whole(product[0]), 2)
            found["forecast_of_another_product"] = summary([visitor.whole(path) for path in product[1:]])
            found["chart"] = visitor.many([path.replace("/product?", "/product/chart.svg?") for path in product])
            if small:
                found["first_what_if"] = round(visitor.whole(f"{product[0]}&price=-10"), 2)
                before = spent()
                found["what_if"] = summary([visitor.whole(f"{path}&price=-15") for path in product[1:]])
                found["what_if"]["cpu_each"] = round((spent() - before) / len(product[1:]), 3)
            found["today"] = round(visitor.whole("/"), 2)
            found["page_to_page"] = visitor.many(["/", "/catalogue", product[0], "/ask"] * (TIMES // 4))
            if small:
                found["orders"] = visitor.many([f"/orders?what=&page={at}" for at in range(1, 6)])
            found["mb_at_the_end"] = memory().rss // 2**20
            found["cpu_of_all"] = round(spent(), 1)
            found["others_on_the_machine"] = {"load_at_start": load, "load_at_end": round(os.getloadavg()[0], 1)}
    command = f"skucast web sales.csv --engine none --model none --router rules{' --stock stock.csv' if small else ''}"
    return {
        "products": products,
        "weeks": WEEKS,
        "command": f"{command}{'' if learn else ' --quick'}",
        "seconds": found,
    }


def catalogue_path(at: int) -> str:
    """One of many ways to look at the catalogue."""
    ways = ({"page": 1 + 7 * at}, {"words": WORDS[at % len(WORDS)], "sort": "name"}, {"sort": "change", "state": "up"})
    return f"/catalogue?{urlencode(ways[at % len(ways)])}"


def summary(took: list[float]) -> dict[str, float]:
    """Median and most."""
    return {"median": round(float(np.median(took)), 3), "most": round(max(took), 3)}


def main() -> None:
    """Measure what was asked for, and write it into the file beside what else is there."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--products", type=int, help="one size alone")
    parser.add_argument("--learn", action="store_true", help="with the combined tools, which learn first")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "web.json")
    given = parser.parse_args()
    every = [(MANY, False), (SOME_HUNDREDS, False), (SOME_HUNDREDS, True)]
    for products, learn in [(given.products, given.learn)] if given.products else every:
        row = {
            **measure(products, learn=learn),
            "benchmark": f"python -m skucast.evals.bench.web --products {products}{' --learn' if learn else ''}",
            "version": __version__,
            "date": f"{datetime.now(UTC):%Y-%m-%d}",
            "machine": machine(),
        }
        print(json.dumps(row, indent=2))
        held = json.loads(given.out.read_text(encoding="utf-8"))["rows"] if given.out.exists() else []
        rows = [one for one in held if one["benchmark"] != row["benchmark"]]
        write_whole(given.out, json.dumps({"rows": [*rows, row]}, indent=2) + "\n")


if __name__ == "__main__":
    main()
