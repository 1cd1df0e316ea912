"""Time and memory of recommending to 100,000 made-up customers, and of one customer's new purchases."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...tools.data.demo_events import complete_journey_events
from ...tools.data.events import Events
from ...tools.decide.baskets import baskets_of
from ...tools.decide.next_basket import user_vectors
from ...tools.decide.rerank import Weights
from ...tools.decide.shop import open_shop

PRODUCTS, TRIPS, ITEMS, LIKED = 5_000, 14, 3, 12
FOLDED = 200
RUN = """
import resource, sys
from skucast.__main__ import main
sys.argv = ["skucast", "recommend", *sys.argv[1:]]
try:
    main()
finally:
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(used.ru_utime + used.ru_stime, used.ru_maxrss, file=sys.stderr)
"""


def made_up(users: int, seed: int = 0) -> pd.DataFrame:
    """Purchases of so many customers in half a year: each likes a dozen of 5,000 products, popular ones more often."""
    draws = np.random.default_rng(seed)
    popular = 1.0 / np.arange(1, PRODUCTS + 1) ** 0.8
    popular /= popular.sum()
    likes = draws.choice(PRODUCTS, (users, LIKED), p=popular)
    trips = np.repeat(np.arange(users), TRIPS)
    day = draws.integers(0, 182, len(trips))
    liked = likes[trips[:, None], draws.integers(0, LIKED, (len(trips), ITEMS))]
    other = draws.choice(PRODUCTS, liked.shape, p=popular)
    bought = np.where(draws.random(liked.shape) < 0.8, liked, other).ravel()
    return pd.DataFrame(
        {
            "user_id": np.char.add("c", np.repeat(trips, ITEMS).astype("U7")),
            "ds": pd.Timestamp("2024-01-01") + pd.to_timedelta(np.repeat(day, ITEMS), unit="D"),
            "event": "buy",
            "unique_id": np.char.add("p", bought.astype("U5")),
            "value": 1.0 + bought % 20,
        }
    )


def sampled(events: Events, households: int | None) -> Events:
    """So many households drawn at random; all where no number is given."""
    if households is None:
        return events
    ids = np.sort(np.asarray(events.frame["user_id"].unique(), dtype=object))
    chosen = np.random.default_rng(0).choice(ids, households, replace=False)
    return replace(events, frame=events.frame[events.frame["user_id"].isin(chosen)])


def measured_scale(users: int, households: int | None, say: Callable[[str], None]) -> dict[str, Any]:
    """Minutes and memory of the whole command in a process of its own, and milliseconds of one customer."""
    with tempfile.TemporaryDirectory() as folder:
        events, out = Path(folder) / "events.parquet", Path(folder) / "recs.jsonl"
        table = made_up(users)
        table.to_parquet(events)
        rows = len(table)
        del table
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", RUN, str(events), "--all", "--out", str(out)],
            stderr=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        minutes = (time.perf_counter() - began) / 60
        seconds, kilobytes = done.stderr.split()[-2:]
        memory, cpu = int(kilobytes) / 1024**2, float(seconds) / 60
        with out.open(encoding="utf-8") as file:
            lines = sum(len(json.loads(line)["offers"]) == 10 for line in file)
    say(f"{users:,} customers: {minutes:.1f} minutes ({cpu:.1f} of CPU), {memory:.2f} GB, {lines:,} full lists")
    return {
        "users": users, "products": PRODUCTS, "rows": rows, "minutes": round(minutes, 2), "cpu_minutes": round(cpu, 2),
        "gigabytes": round(memory, 2), "full_lists": lines, **folded(households, say),
    }  # fmt: skip


def folded(households: int | None, say: Callable[[str], None]) -> dict[str, float]:
    """Milliseconds a household of the demo: the vector with new purchases, and the list made anew from them."""
    events = sampled(complete_journey_events(), households)
    shop = open_shop(events)
    chosen = np.random.default_rng(0).choice(len(shop.baskets.users), FOLDED, replace=False)
    vectors, lists = [], []
    frames = dict(
        iter(events.frame[events.frame["user_id"].isin([shop.baskets.users[c] for c in chosen])].groupby("user_id"))
    )
    for code in chosen.tolist():
        name = shop.baskets.users[code]
        new = frames[name].tail(3).assign(ds=shop.as_of)  # three purchases of today
        began = time.perf_counter()
        history = baskets_of(pd.concat([frames[name], new]), products=(), users=())
        user_vectors(history, shop.maker.market.decay)
        vectors.append(time.perf_counter() - began)
        own = shop.baskets.of(np.array([code]))
        began = time.perf_counter()
        shop.maker.recommend(own, np.array([code]), shop.supply, Weights(), 10)
        lists.append(time.perf_counter() - began)
    made = {"fold_ms": 1000 * float(np.median(vectors)), "list_ms": 1000 * float(np.median(lists))}
    say(", ".join(f"{name} {value:.2f}" for name, value in made.items()))
    return {name: round(value, 2) for name, value in made.items()}
