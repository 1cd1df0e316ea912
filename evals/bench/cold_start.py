"""Cold start, measured: items whose history is hidden are forecast from analogues, against what else one could do.

make bench-cold                                      the committed page, docs/COLD_START.md and docs/cold_start.json
python -m skucast.evals.bench.cold_start cj_1W --earlier   windows before the test windows: where constants are chosen
"""

import argparse
import importlib.metadata
import json
import platform
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from ... import __version__
from ...agent.engines.slots import SlotEngine
from ...prompts.messages.say import say_error
from ...prompts.slots import slot_contexts
from ...tools.data.cube import cube
from ...tools.data.panel import SEASON_LENGTH, Panel
from ...tools.errors import InputError
from ...tools.files import write_whole
from ...tools.forecast.cold_start import (
    LEAST,
    SHARPNESS,
    STRANGER,
    Analogue,
    K,
    candidates,
    cold_start_forecasts,
    seated,
)
from ...tools.forecast.similarity import PARTS, PRICE_BAND, labels_of
from ...tools.forecast.statistical import base_forecasts
from ...tools.quantiles import LEVELS, Array, pinball
from ..scoring.contestants import retailer
from ..scoring.metrics import bias, coverage, median_of, seasonal_scale, sql, wql
from ..tasks.task import TaskSpec, load_panel, load_spec
from .cold_start_page import KNOWN, Result, markdown

ITEMS = 200
DRAWS = 2000
COLUMNS = ("SQL", "WQL", "coverage", "bias", "width")
PACKAGES = ("numpy", "pandas", "statsforecast")
ROOT = Path(__file__).parents[2]
Forecasts = dict[str, Array]


@dataclass(frozen=True)
class Cold:
    """A window in which the past of some items is hidden.

    Attributes:
        panel: what is left to see.
        items: the items.
        horizon: periods ahead.
        seed: of random draws.
    """

    panel: Panel
    items: list[str]
    horizon: int
    seed: int


def analogue_forecasts(cold: Cold, without: str | None = None) -> Forecasts:
    """The tool, with one part of the similarity left out where named: `static`, `price` or `text`."""
    parts = {name: share for name, share in PARTS.items() if name != without}
    made = cold_start_forecasts(cold.panel, cold.items, cold.horizon, parts=parts)
    return {uid: one.quantiles for uid, one in made.items()}


def random_forecasts(cold: Cold) -> Forecasts:
    """As many items drawn at random, in place of the most alike: the same arithmetic on strangers."""
    able, draw = candidates(cold.panel), np.random.default_rng(cold.seed)
    return _from(cold, {uid: draw.choice(able, min(K, len(able)), replace=False).tolist() for uid in cold.items})


def category_forecasts(cold: Cold) -> Forecasts:
    """Every item of the same category alike; every item at all where the panel has no category."""
    able, static = candidates(cold.panel), cold.panel.static
    known = labels_of(static)
    column = "category" if "category" in known else next(iter(known), None)
    kind = static[column].astype(str) if column else pd.Series("", index=static.index)
    same = {uid: [other for other in able if kind[other] == kind[uid]] for uid in cold.items}
    return _from(cold, {uid: others or able for uid, others in same.items()})


def _from(cold: Cold, chosen: dict[str, list[str]]) -> Forecasts:
    """The tool's arithmetic on these items, all alike."""
    given = {uid: [Analogue(other, 1.0) for other in others] for uid, others in chosen.items()}
    made = cold_start_forecasts(cold.panel, cold.items, cold.horizon, given=given)
    return {uid: one.quantiles for uid, one in made.items()}


def slot_forecasts(cold: Cold, engine: SlotEngine, text: bool = True) -> Forecasts:
    """The fine-tuned LLM on the analogues' forecast: corrections to it where they are its form.

    Level and base in its prompt are the analogues', the history is the little that is known.

    Args:
        cold: the window.
        engine: the slot model.
        text: False hides the product text from it.
    """
    made = analogue_forecasts(cold)
    arrays = cube(seated(cold.panel, cold.items), cold.horizon)
    place = {uid: row for row, uid in enumerate(arrays.unique_ids)}
    base = np.stack([made[uid] for uid in cold.items])
    origin = arrays.y.shape[1] - 1
    found = slot_contexts(arrays, origin, [place[uid] for uid in cold.items], base)
    contexts = [
        replace(one, level=max(float(median_of(q).mean()), 0.1), text=one.text if text else "item")
        for one, q in zip(found, base, strict=True)
    ]
    return dict(zip(cold.items, engine.slot_quantiles(contexts), strict=True))


def guess_forecasts(cold: Cold) -> Forecasts:
    """The fallback of the base forecasts: a wide guess around the item's own mean; 0 without a past."""
    none = {uid: np.zeros((cold.horizon, len(LEVELS))) for uid in cold.items}
    seen = [uid for uid in cold.items if uid in set(cold.panel.unique_ids)]
    made = base_forecasts(cold.panel.select(seen), cold.horizon, workers=1) if seen else {}
    return none | {uid: made[uid].quantiles for uid in seen}


def informed_forecasts(whole: Panel, items: Sequence[str], horizon: int) -> Forecasts:
    """Not a rival: the statistical forecast of the items with their whole past, for what the past would be worth."""
    made = base_forecasts(whole.select(items), horizon, workers=1)
    return {uid: made[uid].quantiles for uid in items}


OURS = "Analogues"
RIVALS: dict[str, Callable[[Cold], Forecasts]] = {
    OURS: analogue_forecasts,
    "Random items": random_forecasts,
    "Category": category_forecasts,
    "Wide guess": guess_forecasts,
}
LLM, BLIND = "LLM on the analogues", "LLM on the analogues, without text"
ABLATIONS = {"static": "Without labels", "price": "Without price", "text": "Without text"}
INFORMED = "With its whole past"


def hide(panel: Panel, items: Sequence[str], known: int) -> Panel:
    """The panel in which each of the items has only its last `known` periods; its static row and plan stay.

    Raises:
        InputError: nothing would be left.
    """
    left = panel.past.groupby("unique_id", sort=False).cumcount(ascending=False)
    past = panel.past[~panel.past["unique_id"].isin(items) | (left < known)].reset_index(drop=True)
    if past.empty:
        raise InputError("no item is left with a past: hide fewer items")
    return replace(panel, past=past)


def cutoffs(panel: Panel, spec: TaskSpec, earlier: bool = False) -> list[pd.Timestamp]:
    """The cutoffs of the task's test windows, oldest first; or as many before them whose windows end before the first.

    Earlier ones with less than two horizons of past are left out.
    """
    step, count = spec.horizon, spec.windows
    ends = pd.date_range(end=panel.cutoff, periods=2 * step * count + 1, freq=panel.offset)
    if not earlier:
        return list(ends[step * count : -1 : step])
    first = panel.past["ds"].min()
    return [end for end in ends[: step * count : step] if len(pd.date_range(first, end, freq=panel.offset)) >= 2 * step]


def measure(
    name: str,
    spec: TaskSpec,
    *,
    items: int = ITEMS,
    seed: int = 0,
    earlier: bool = False,
    slots: SlotEngine | None = None,
) -> Result:
    """Hide items of a task at each cutoff, forecast them with each way, and score.

    Each item is hidden down to each of `KNOWN` periods in turn, so that the cells compare on the same items.

    Args:
        name: of the task.
        spec: what it declares.
        items: how many to hide, sampled reproducibly among those with enough past and all of the truth.
        seed: of the sample and of every draw.
        earlier: the cutoffs before the test windows.
        slots: a fine-tuned LLM, which is then measured too, with the product text and without, unless it was trained
            on this retailer.

    Raises:
        InputError: the data is missing, or no item has enough past.
    """
    started = time.perf_counter()
    panel = load_panel(spec)
    if slots and retailer(spec.panel or name) in {retailer(seen) for seen in slots.config.trained}:
        slots = None  # to it these items are not new
    times = cutoffs(panel, spec, earlier)
    chosen = _sample(panel, times, spec.horizon, items, seed)
    season = spec.seasonality or SEASON_LENGTH[panel.freq]
    losses: dict[tuple[int, str], list[Array]] = {}
    rows: dict[tuple[int, str], list[list[float]]] = {}
    for at in times:
        whole = panel.before(at)
        truth = [panel.past_of(uid) for uid in chosen]
        y = np.stack([t.loc[t["ds"] > at, "y"].to_numpy(dtype=float)[: spec.horizon] for t in truth])
        scale = np.array([seasonal_scale(whole.past_of(uid)["y"].to_numpy(dtype=float), season) for uid in chosen])
        informed = informed_forecasts(whole, chosen, spec.horizon)
        for known in KNOWN:
            cold = Cold(hide(whole, chosen, known), chosen, spec.horizon, seed)
            made = {rival: forecast(cold) for rival, forecast in RIVALS.items()}
            made |= {label: analogue_forecasts(cold, part) for part, label in ABLATIONS.items() if _tells(whole, part)}
            if slots:
                made |= {LLM: slot_forecasts(cold, slots), BLIND: slot_forecasts(cold, slots, text=False)}
            for rival, forecasts in (made | {INFORMED: informed}).items():
                q = np.stack([forecasts[uid] for uid in chosen])
                width = float(np.nanmean((q[..., -1] - q[..., 0]).mean(axis=1) / scale))
                found = [wql(y, q), coverage(y, q), bias(y, median_of(q)), width]
                losses.setdefault((known, rival), []).append(
                    np.stack([sql(y, q, scale), pinball(y, q).mean(axis=(1, 2))])
                )
                rows.setdefault((known, rival), []).append(found)
    mean = {cell: np.nanmean(np.stack(found), axis=0) for cell, found in losses.items()}  # each [2, N]
    return {
        "task": name,
        "horizon": spec.horizon,
        "cutoffs": [f"{at:%Y-%m-%d}" for at in times],
        "items": len(chosen),
        "items_of": len(panel.unique_ids),
        "seasonality": season,
        "seed": seed,
        "rows": [
            {"known": known, "contestant": rival, "SQL": round(float(np.nanmean(mean[known, rival][0])), 4)}
            | {c: round(float(v), 4) for c, v in zip(COLUMNS[1:], np.mean(found, axis=0), strict=True)}
            for (known, rival), found in rows.items()
        ],
        "gains": [
            {"known": known, "against": rival, "metric": metric} | gain(mean[known, OURS][i], theirs[i], seed)
            for (known, rival), theirs in mean.items()
            if rival not in (OURS, INFORMED)
            for i, metric in enumerate(("SQL", "WQL"))
        ],
        "text": [
            {"known": known, "metric": metric} | gain(mean[known, LLM][i], mean[known, BLIND][i], seed)
            for known in (KNOWN if slots else ())
            for i, metric in enumerate(("SQL", "WQL"))
        ],
        "slots": slots and f"{slots.name} ({slots.digest})",
        "seconds": round(time.perf_counter() - started, 1),
    }


def gain(ours: Array, theirs: Array, seed: int = 0) -> Result:
    """How much lower our loss is, in % of theirs, with the 95 % interval of a paired bootstrap over items.

    Args:
        ours: loss of each item, shape `[N]`.
        theirs: the same items', shape `[N]`. Items with NaN do not count.
        seed: of the draws.
    """
    use = np.isfinite(ours) & np.isfinite(theirs)
    ours, theirs = ours[use], theirs[use]
    at = np.random.default_rng(seed).integers(0, len(ours), (DRAWS, len(ours)))
    drawn = 1 - ours[at].mean(axis=1) / theirs[at].mean(axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    percent = {"gain": 1 - ours.mean() / theirs.mean(), "low": low, "high": high}
    return {name: round(100 * float(value), 1) for name, value in percent.items()}


def _sample(panel: Panel, times: Sequence[pd.Timestamp], horizon: int, items: int, seed: int) -> list[str]:
    """Items with enough past at the first cutoff and all of the truth at every one."""
    if not times:
        raise InputError("no cutoff has enough past: the task's windows reach back to the panel's first periods")
    first, last = times[0], pd.date_range(times[-1], periods=horizon + 1, freq=panel.offset)[-1]
    past = panel.past[panel.past["y"].notna()]
    before = past[past["ds"] <= first].groupby("unique_id").size()
    during = past[(past["ds"] > first) & (past["ds"] <= last)].groupby("unique_id").size()
    steps = len(pd.date_range(first, last, freq=panel.offset)) - 1
    able = sorted(str(uid) for uid in before.index[before >= LEAST].intersection(during.index[during == steps]))
    if not able:
        raise InputError(f"no item has {LEAST} known periods before {first:%Y-%m-%d} and all of the truth after it")
    drawn = np.random.default_rng(seed).choice(len(able), min(items, len(able) // 2), replace=False)
    return [able[i] for i in sorted(drawn)]


def _tells(panel: Panel, part: str) -> bool:
    """Whether the panel has what a part of the similarity needs."""
    if part == "price":
        return "price" in panel.schema.covariates
    named = labels_of(panel.static)
    return bool(named) if part == "static" else len(named) < len(panel.static.select_dtypes(exclude="number").columns)


def main() -> None:
    """Measure the tasks named, print the page, and write it unless the cutoffs are the earlier ones."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("task", nargs="+", help="tasks by name or TOML file")
    parser.add_argument("--items", type=int, default=ITEMS, help="items to hide")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--earlier", action="store_true", help="cutoffs before the test windows; nothing is written")
    parser.add_argument("--model", help="folder of a fine-tuned slot model, to be measured too")
    parser.add_argument("--out", type=Path, default=ROOT / "docs")
    given = parser.parse_args()
    try:
        slots = SlotEngine.load(given.model) if given.model else None
        tasks = [
            measure(*load_spec(name), items=given.items, seed=given.seed, earlier=given.earlier, slots=slots)
            for name in given.task
        ]
    except InputError as error:
        print(f"error: {say_error(error)}", file=sys.stderr)
        sys.exit(2)
    result: Result = {
        "command": " ".join(["python -m skucast.evals.bench.cold_start", *sys.argv[1:]]),
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "version": __version__,
        "python": platform.python_version(),
        "versions": {name: importlib.metadata.version(name) for name in PACKAGES},
        "constants": {"K": K, "SHARPNESS": SHARPNESS, "PARTS": PARTS, "STRANGER": STRANGER, "PRICE_BAND": PRICE_BAND},
        "tasks": tasks,
    }
    print(markdown(result))
    if not given.earlier:
        write_whole(given.out / "cold_start.json", json.dumps(result, indent=1) + "\n")
        write_whole(given.out / "COLD_START.md", markdown(result))


if __name__ == "__main__":
    main()
