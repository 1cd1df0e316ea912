"""docs/RECOVERY.md: hours of days fully in stock are hidden, and the day's demand is recovered.

python -m skucast.evals.bench.recovery
"""

import argparse
import functools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...tools.data.cube import Bools
from ...tools.files import write_whole
from ...tools.forecast.censored import Codes, profiles, recover_hours, recovered, share_of_hours, usual_sales
from ...tools.quantiles import Array
from ..tasks.panels.source import read
from . import recovery_forecasts
from .recovery_page import page

DOCS = Path(__file__).parents[2] / "docs"
OPEN = slice(6, 22)  # selling hours
NEAR = 28  # days before and after that show what is usual
EARLIER = 60  # days: settings are chosen on targets among these, of every other series
HIDDEN = 0.25  # share of the target days, times the day's demand over its series' mean where hiding depends on it
STOCK = (0.2, 1.2)  # a day's stock where it runs out, in mean days of its series
PROMOTED = 0.05
MECHANISMS = ("any day", "high demand", "runs out")
GRID = [
    {"strength": strength, "groups": groups}
    for strength, groups in product((0.0, 0.5, 1.0, 2.0, 4.0), ("all", "product", "store"))
]
BANDS = ((0.0, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1.0))
DRAWS = 1000


@dataclass(frozen=True)
class Hours:
    """Sales and stock by hour, N series, T days, H selling hours.

    Attributes:
        sold: units (normalised), shape `[N, T, H]`.
        out: out of stock, shape `[N, T, H]`.
        kinds: kinds of days, as for `usual_sales`.
        groups: codes of series whose hours may be alike, by name.
    """

    sold: Array
    out: Bools
    kinds: list[Codes]
    groups: dict[str, Codes | None]


@dataclass(frozen=True)
class Hidden:
    """Hours of days fully in stock that are taken as out of stock.

    Attributes:
        days: which days, shape `[N, T]`.
        hours: which hours of them, shape `[N, T, H]`.
    """

    days: Bools
    hours: Bools


def load() -> Hours:
    """FreshRetailNet by hour: the 16 stores that have it."""
    keys = ["store_id", "product_id"]
    rows = read("freshretailnet/hourly.parquet").sort_values([*keys, "dt", "hour"], kind="stable")
    ids = rows[keys].drop_duplicates().reset_index(drop=True)
    shape = (len(ids), -1, 24)
    dates = np.sort(rows["dt"].unique())
    daily = read("freshretailnet/daily.parquet").merge(ids.assign(row=np.arange(len(ids))), on=keys)
    paid = np.full((len(ids), len(dates)), np.nan)
    paid[daily["row"], np.searchsorted(dates, daily["dt"].to_numpy())] = daily["discount"].where(daily["discount"] > 0)
    promoted = (1 - paid > PROMOTED).astype(np.int64)
    weekday = pd.DatetimeIndex(dates).day_of_week.to_numpy()
    return Hours(
        rows["sale"].to_numpy(dtype=float).reshape(shape)[:, :, OPEN],
        rows["stockout"].to_numpy(dtype=bool).reshape(shape)[:, :, OPEN],
        [promoted, promoted * 7 + weekday[None, :]],
        {"all": None} | {name: pd.factorize(ids[f"{name}_id"])[0].astype(np.int64) for name in ("product", "store")},
    )


def hide(data: Hours, targets: Bools, mechanism: str, seed: int) -> Hidden:
    """Hours to hide, of target days that were in stock throughout and sold.

    Args:
        data: sales and stock.
        targets: days that may be chosen, shape `[N, T]`.
        mechanism: `any day`: days by chance, with the stock-out of another day of the same series. `high demand`: the
            same, of days by their demand over the mean of their series. `runs out`: days as in the second; hours after
            the one in which the sales reach a stock drawn uniformly, in mean days of the series.
        seed: of the draws.
    """
    rng = np.random.default_rng(seed)
    count, demand = data.out.sum(axis=2), data.sold.sum(axis=2)
    full, partly = count == 0, (count > 0) & (count < data.out.shape[2])
    mean = (demand * full).sum(axis=1) / np.maximum(full.sum(axis=1), 1)
    relative = np.divide(demand, mean[:, None], out=np.zeros_like(demand), where=mean[:, None] > 0)
    chance = np.full(demand.shape, HIDDEN) if mechanism == "any day" else HIDDEN * relative
    days = targets & full & (demand > 0) & (rng.random(demand.shape) < chance)
    hours = np.zeros(data.out.shape, dtype=bool)
    if mechanism == "runs out":
        stock = rng.uniform(*STOCK, demand.shape) * mean[:, None]
        hours[:, :, 1:] = (np.cumsum(data.sold, axis=2) >= stock[:, :, None])[:, :, :-1] & days[:, :, None]
    else:
        anywhere = data.out[partly]
        for row in np.flatnonzero(days.any(axis=1)):
            own = data.out[row][partly[row]]
            masks = own if len(own) else anywhere
            hours[row, days[row]] = masks[rng.integers(0, len(masks), int(days[row].sum()))]
    return Hidden(np.asarray(hours.any(axis=2), dtype=bool), hours)


def targets(data: Hours, *, later: bool) -> Bools:
    """Days that may be hidden: the earlier ones of every other series to choose on, the later ones of the others."""
    rows, days = np.ogrid[: data.out.shape[0], : data.out.shape[1]]
    return np.asarray((rows % 2 == int(later)) & ((days >= EARLIER) == later), dtype=bool)


def ours(data: Hours, in_stock: Bools, setting: dict[str, Any]) -> Array:
    """Days recovered from sales and stock by hour."""
    groups = data.groups[setting["groups"]]
    strength = setting["strength"]
    made, _ = recover_hours(data.sold, in_stock, data.kinds, before=NEAR, after=NEAR, groups=groups, strength=strength)
    return made


def methods(data: Hours, in_stock: Bools, setting: dict[str, Any]) -> dict[str, Array]:
    """Every day's demand as each method has it, shape `[N, T]`."""
    sold = np.where(in_stock, data.sold, 0.0).sum(axis=2)
    share = in_stock.mean(axis=2)
    near = {"before": NEAR, "after": NEAR}
    usual = usual_sales(sold, share, data.kinds, **near)
    whole = profiles(data.sold, in_stock, usual)[0]
    last = share_of_hours((~in_stock).sum(axis=2).astype(float), whole)
    nothing = np.zeros_like(usual)
    return {
        "ignored": sold,
        "by hours": np.nan_to_num(recovered(sold, share, nothing)),
        "by share": ours(data, in_stock, setting | {"strength": 0.0}),
        "usual": ours(data, in_stock, setting | {"strength": 1e9}),
        "ours": ours(data, in_stock, setting),
        "count, uniform": recovered(sold, share, usual, strength=setting["strength"]),
        "count, profile": recovered(
            sold, last, usual_sales(sold, last, data.kinds, **near), strength=setting["strength"]
        ),
    }


def figures(made: Array, truth: Array, hidden: Hidden, *, draws: int = DRAWS, seed: int = 0) -> dict[str, Any]:
    """Bias and WAPE over the hidden days, as shares of their demand, bias also by how much of the demand was hidden.

    Args:
        made: recovered units a day, shape `[N, T]`.
        truth: units a day, shape `[N, T]`.
        hidden: the days.
        draws: bootstrap samples of series, for the interval of the bias.
        seed: of these.
    """
    error = np.where(hidden.days, made - truth, 0.0)
    wanted = np.where(hidden.days, truth, 0.0)
    by_series, of = error.sum(axis=1), wanted.sum(axis=1)
    drawn = np.random.default_rng(seed).integers(0, len(of), (draws, len(of)))
    low, high = np.quantile(by_series[drawn].sum(axis=1) / of[drawn].sum(axis=1), [0.025, 0.975])
    out = hidden.hours.mean(axis=2)
    bands = []
    for low_out, high_out in BANDS:
        here = hidden.days & (out > low_out) & (out <= high_out)
        bands.append(round(float(error[here].sum() / wanted[here].sum()), 4) if here.any() else None)
    return {
        "bias": round(float(error.sum() / wanted.sum()), 4),
        "interval": [round(float(low), 4), round(float(high), 4)],
        "wape": round(float(np.abs(error).sum() / wanted.sum()), 4),
        "bias_by_hidden": bands,
    }


def choose(data: Hours, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Every setting on the earlier days of half the series, the least mean of |bias| + WAPE first."""
    truth = data.sold.sum(axis=2)
    hidden = {name: hide(data, targets(data, later=False), name, seed=1) for name in MECHANISMS}
    tried = []
    for setting in GRID:
        found = {}
        for name, one in hidden.items():
            made = ours(data, ~(data.out | one.hours), setting)
            found[name] = {key: figures(made, truth, one, draws=1)[key] for key in ("bias", "wape")}
        loss = float(np.mean([abs(one["bias"]) + one["wape"] for one in found.values()]))
        tried.append({"setting": setting, "loss": round(loss, 4), "mechanisms": found})
        say(f"{setting}: {loss:.4f} " + ", ".join(f"{n} {o['bias']:+.1%} {o['wape']:.1%}" for n, o in found.items()))
    return sorted(tried, key=lambda one: float(one["loss"]))


def described(data: Hours) -> dict[str, float]:
    """What the data's own stock-outs are like."""
    count, demand = data.out.sum(axis=2), data.sold.sum(axis=2)
    full, partly = count == 0, (count > 0) & (count < data.out.shape[2])
    usual = usual_sales(demand * full, full.astype(float), data.kinds, before=NEAR, after=NEAR)
    whole = profiles(data.sold, ~data.out, usual)[0]
    in_stock = ~data.out
    share = (in_stock * whole).sum(axis=2)
    sold = (data.sold * in_stock).sum(axis=2)
    last = in_stock[:, :, :-1] & data.out[:, :, 1:]
    rate = (usual[:, :, None] * whole)[:, :, :-1]
    return {
        "series": len(demand),
        "days": int(demand.size),
        "partly": round(float(partly.mean()), 4),
        "out": round(float((count == data.out.shape[2]).mean()), 4),
        "last_hour_out": round(float(data.out[:, :, -1][partly].mean()), 4),
        "sold_against_usual": round(float(sold[partly].sum() / (share * usual)[partly].sum()), 3),
        "last_hour_against_usual": round(float(data.sold[:, :, :-1][last].sum() / rate[last].sum()), 2),
    }


def measure(say: Callable[[str], None]) -> dict[str, Any]:
    """The setting chosen on one part, and every method on the other."""
    data = load()
    truth = data.sold.sum(axis=2)
    tried = choose(data, say)
    setting = dict(tried[0]["setting"])
    rows = []
    cases = [(name, False) for name in MECHANISMS] + [("any day", True)]
    for name, alone in cases:
        hidden = hide(data, targets(data, later=True), name, seed=2)
        out = data.out.any(axis=2, keepdims=True) | data.out if alone else data.out
        found = {
            method: figures(made, truth, hidden)
            for method, made in methods(data, ~(out | hidden.hours), setting).items()
        }
        share = float(hidden.hours[hidden.days].mean())
        rows.append(
            {"mechanism": name, "alone": alone, "days": int(hidden.days.sum()), "hidden": share, "methods": found}
        )
        say(f"{name}{' alone' if alone else ''}: " + ", ".join(f"{m} {o['bias']:+.1%}" for m, o in found.items()))
    return {
        "data": described(data), "setting": setting, "near": NEAR, "earlier": EARLIER, "stock": STOCK,
        "rows": rows, "tried": tried,
    }  # fmt: skip


def main(argv: Sequence[str] | None = None) -> None:
    """Measure, and write docs/recovery.json and docs/RECOVERY.md."""
    parser = argparse.ArgumentParser(prog="python -m skucast.evals.bench.recovery")
    parser.add_argument("--out", type=Path, default=DOCS)
    parser.add_argument("--page", action="store_true", help="the page alone, of the figures that there are")
    asked = parser.parse_args(argv)
    path = asked.out / "recovery.json"
    if not asked.page:
        say = functools.partial(print, flush=True)
        found = measure(say) | {"forecasts": recovery_forecasts.measure(say)}
        found |= {"command": "python -m skucast.evals.bench.recovery", "date": f"{datetime.now(UTC):%Y-%m-%d}"}
        write_whole(path, json.dumps(found, indent=1) + "\n")
    write_whole(asked.out / "RECOVERY.md", page(json.loads(path.read_text(encoding="utf-8"))))


if __name__ == "__main__":
    main()
