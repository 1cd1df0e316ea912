"""docs/REPLAYS.md: fill rate at no more stock, on gifts by week and fresh food by day, against planners' rules.

python -m skucast.evals.bench.replays
"""

import argparse
import functools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...tools.data.cube import cube
from ...tools.data.panel import Panel
from ...tools.decide.base_stock import base_stock
from ...tools.decide.baselines import mean_with_margin, min_max, normal_base_stock
from ...tools.decide.replay import Costs, Known, Policy, Replayed, known_at, replay
from ...tools.files import write_whole
from ...tools.quantiles import Array
from ..tasks.panels.freshretailnet import freshretailnet_daily
from ..tasks.panels.retail2 import retail2_weekly
from .kept_forecasts import Kept, forecaster
from .replays_page import page

DOCS = Path(__file__).parents[2] / "docs"
AHEAD = 3  # an order of the end of a period is for sale from the third one on: two whole ones go by
DECIDED = AHEAD - 1  # periods that the start decides
PRODUCTS = 300
COSTS = Costs(holding=0.1, shortage=0.9)  # of a unit: the margin lost against what a unit left costs a period
LEVELS = (0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.84, 0.88, 0.9, 0.92, 0.94, 0.96, 0.98)
HALVINGS = 9  # of the span that a matched level lies in
DRAWS = 2000


@dataclass(frozen=True)
class Case:
    """A panel to replay.

    Attributes:
        name: of the task that it is of.
        load: gives the panel, `PRODUCTS` of its series.
        periods: that are played, of the earlier part and of the later one; the later one ends with the panel.
        windows: periods over which the planners' rules take their means.
        relearn: decisions between two times of learning.
        model: of ours, averaged where joined by +; `{date}` is when it last learned.
    """

    name: str
    load: Callable[[], Panel]
    periods: int
    windows: tuple[int, ...]
    relearn: int
    model: str


def gifts() -> Panel:
    """Online Retail II by week: every so-many-th of the SKUs that sold a year before the end of the data."""
    panel = retail2_weekly()
    begins = panel.past.groupby("unique_id")["ds"].min()
    ids = sorted(begins.index[begins <= panel.cutoff - pd.Timedelta(weeks=60)])
    return panel.select(ids[:: max(1, len(ids) // PRODUCTS)][:PRODUCTS])


def fresh() -> Panel:
    """FreshRetailNet by day, in tenths of its unit: the store-products that lost the fewest hours.

    What they sold is what was wanted, or nearly.
    """
    panel = freshretailnet_daily()
    stocked = panel.past.groupby("unique_id")["in_stock"].mean()
    ids = stocked.sort_values(ascending=False, kind="stable").index[:PRODUCTS]
    chosen = panel.select(sorted(ids))
    tenths = np.round(10 * chosen.past["y"])
    return Panel(chosen.past.assign(y=tenths), chosen.future, chosen.static, chosen.schema, chosen.offset)


CASES = (
    Case("retail2_1W", gifts, 20, (4, 8, 13, 26), 5, "MeanGBM@{date}+Statistical+Recent"),
    Case("freshretailnet_1D", fresh, 23, (7, 14, 28), 7, "MeanGBM@{date}+Recent"),
)


@dataclass(frozen=True)
class Part:
    """One part of a panel's periods, to be played by any policy.

    Attributes:
        known: what was known at each decision.
        demand: units per period, shape `[P, T]`.
        on_hand: units at the start, shape `[P]`.
        pipeline: units on their way at the start, shape `[P, AHEAD - 1]`.
        unique_ids: the products.
    """

    known: list[Known]
    demand: Array
    on_hand: Array
    pipeline: Array
    unique_ids: list[str]

    def play(self, policy: Policy) -> Replayed:
        """The part under a policy."""
        return replay(self.known, self.demand, self.on_hand, self.pipeline, policy, COSTS)


def part(panel: Panel, case: Case, begin: int, folder: Path) -> Part:
    """The periods from `begin` on, an index into the panel's.

    At the start a mean period is on hand and in each order due; the mean is that of the last `windows[1]` periods.
    What is learned is learned anew every `relearn` decisions; no forecast knows anything later than its decision.
    """
    arrays = cube(panel, 0)
    decisions = [arrays.ds[begin - 1 + step] for step in range(case.periods - AHEAD + 1)]
    kept, known = Kept(), list[Known]()
    for first in range(0, len(decisions), case.relearn):
        some = decisions[first : first + case.relearn]
        known += known_at(panel, some, forecaster(case.model.format(date=f"{some[0]:%Y-%m-%d}"), AHEAD, folder, kept))
    mean = np.round(np.nan_to_num(arrays.y[:, begin - case.windows[1] : begin]).mean(axis=1))
    demand = np.nan_to_num(arrays.y[:, begin : begin + case.periods])
    return Part(known, demand, mean, np.repeat(mean[:, None], AHEAD - 1, axis=1), panel.unique_ids)


def ours(level: float) -> Policy:
    """Base stock on paths at a service level."""
    return base_stock(Costs(holding=1 - level, shortage=level))


def rules(windows: Sequence[int]) -> dict[str, list[tuple[dict[str, float], Policy]]]:
    """Each planners' rule with every setting that is tried."""
    made: dict[str, list[tuple[dict[str, float], Policy]]] = {"a": [], "b": [], "c": []}
    for window in windows:
        for minimum in (2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0):
            for width in (0.5, 1.0, 2.0):
                setting = {"minimum": minimum, "maximum": minimum + width, "window": window}
                made["a"].append((setting, min_max(minimum, minimum + width, window=window)))
        made["b"].append(({"window": window}, mean_with_margin(window=window)))
        for ratio in (0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98):
            made["c"].append(({"ratio": ratio, "window": window}, normal_base_stock(ratio, window=window)))
    return made


def figures(played: Replayed) -> dict[str, float]:
    """Fill rate, units lost, mean stock and cost of the periods that orders decide."""
    lost, sold = played.lost[:, DECIDED:].sum(), played.sold[:, DECIDED:].sum()
    return {
        "fill_rate": round(float(sold / (sold + lost)), 4),
        "lost": round(float(lost), 1),
        "stock": round(float(played.stock[:, DECIDED:].sum(axis=0).mean()), 1),
        "cost": round(float(played.cost[:, DECIDED:].sum()), 1),
    }


def matched(stock: Callable[[float], float], most: float, low: float = 0.05, high: float = 0.99) -> float:
    """The highest level, to 0.002 or so, whose mean stock is at most `most`; `low` where none is.

    Args:
        stock: mean stock of a level, which more service never lowers.
        most: units.
        low: lowest level.
        high: highest level.
    """
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if stock(middle) <= most else (low, middle)
    return low


def differences(one: Replayed, other: Replayed, *, draws: int = DRAWS, seed: int = 0) -> dict[str, Any]:
    """Fill rate (points of a share), mean stock and cost (as shares of the other's) of one against another.

    Each with the 95 % interval of a paired bootstrap over products.
    """
    what = ("sold", "lost", "stock", "cost")
    sums = np.stack([getattr(played, name)[:, DECIDED:].sum(axis=1) for played in (one, other) for name in what])
    products = sums.shape[1]
    drawn = np.random.default_rng(seed).integers(0, products, (draws, products))
    rows = np.concatenate([sums.sum(axis=1)[:, None], sums[:, drawn].sum(axis=2)], axis=1)
    fill = rows[0] / (rows[0] + rows[1]) - rows[4] / (rows[4] + rows[5])
    with np.errstate(divide="ignore", invalid="ignore"):  # against no stock or no cost there is no share
        made = {"fill_rate": fill, "stock": rows[2] / rows[6] - 1, "cost": rows[3] / rows[7] - 1}
    return {
        name: {
            "gap": round(float(values[0]), 4),
            "low": round(float(np.quantile(values[1:], 0.025)), 4),
            "high": round(float(np.quantile(values[1:], 0.975)), 4),
        }
        for name, values in made.items()
    }


def measure(case: Case, folder: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """One panel: settings chosen on the earlier part, played once on the later one."""
    panel = case.load()
    end = len(cube(panel, 0).ds)
    earlier = part(panel, case, end - 2 * case.periods, folder)
    curve = {level: figures(earlier.play(ours(level))) for level in LEVELS}
    cheapest = min(curve, key=lambda level: curve[level]["cost"])
    say(f"{case.name}: {len(panel.unique_ids)} products, cheapest level {cheapest} {curve[cheapest]}")
    tried, chosen = {}, {}
    for rule, settings in rules(case.windows).items():
        tried[rule] = [(setting, figures(earlier.play(policy))) for setting, policy in settings]
        place = int(np.argmin([one["cost"] for _, one in tried[rule]]))
        most = tried[rule][place][1]["stock"]
        level = matched(lambda one: figures(earlier.play(ours(one)))["stock"], most)
        curve[level] = figures(earlier.play(ours(level)))
        chosen[rule] = (settings[place][1], level)
        say(f"{case.name} ({rule}) {tried[rule][place]}; ours at {level:.3f}: {curve[level]}")
    later = part(panel, case, end - case.periods, folder)
    rows = {}
    for rule, (policy, level) in chosen.items():
        theirs, mine = later.play(policy), later.play(ours(level))
        place = int(np.argmin([one["cost"] for _, one in tried[rule]]))
        rows[rule] = {
            "setting": tried[rule][place][0], "level": level,
            "earlier": {"theirs": tried[rule][place][1], "ours": curve[level]},
            "later": {"theirs": figures(theirs), "ours": figures(mine)},
            "differences": differences(mine, theirs),
            "cheapest": differences(later.play(ours(cheapest)), theirs)["cost"],
            "hindsight": at_stock_of(later, theirs),
        }  # fmt: skip
        say(f"{case.name} ({rule}) later: {rows[rule]['later']} {rows[rule]['differences']}")
    return {
        "products": len(panel.unique_ids),
        "model": case.model.format(date="date"),
        "periods": case.periods,
        "freq": panel.freq,
        "begins": [f"{one.known[0].at:%Y-%m-%d}" for one in (earlier, later)],
        "ends": f"{panel.cutoff:%Y-%m-%d}",
        "rules": rows,
        "cheapest": {"level": cheapest, "later": figures(later.play(ours(cheapest)))},
        "curves": {
            "ours": sorted([one["stock"], one["fill_rate"]] for one in curve.values()),
            **{rule: frontier([(one["stock"], one["fill_rate"]) for _, one in tried[rule]]) for rule in tried},
        },
    }


def at_stock_of(later: Part, theirs: Replayed) -> dict[str, Any]:
    """Ours at the level that had no more stock than a rule on this very part: known in hindsight alone."""
    most = figures(theirs)["stock"]
    level = matched(lambda one: figures(later.play(ours(one)))["stock"], most)
    mine = later.play(ours(level))
    return {"level": level, "ours": figures(mine), "differences": differences(mine, theirs)}


def frontier(points: Sequence[tuple[float, float]]) -> list[list[float]]:
    """The points that no other one beats by more fill rate at no more stock, by stock."""
    best, kept = -1.0, []
    for stock, fill in sorted(points, key=lambda point: (point[0], -point[1])):
        if fill > best:
            best = fill
            kept.append([stock, fill])
    return kept


def main(argv: Sequence[str] | None = None) -> None:
    """Measure, and write docs/replays.json and docs/REPLAYS.md."""
    parser = argparse.ArgumentParser(prog="python -m skucast.evals.bench.replays")
    parser.add_argument("--out", type=Path, default=DOCS)
    parser.add_argument("--kept", type=Path, default=Path(".cache/replays"), help="folder of forecasts made before")
    parser.add_argument("--page", action="store_true", help="the page alone, of the figures that there are")
    asked = parser.parse_args(argv)
    path = asked.out / "replays.json"
    if not asked.page:
        say = functools.partial(print, flush=True)
        found: dict[str, Any] = {"cases": {case.name: measure(case, asked.kept, say) for case in CASES}}
        found |= {"costs": {"holding": COSTS.holding, "shortage": COSTS.shortage}}
        found |= {"command": "python -m skucast.evals.bench.replays", "date": f"{datetime.now(UTC):%Y-%m-%d}"}
        write_whole(path, json.dumps(found, indent=1) + "\n")
    there: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    write_whole(asked.out / "REPLAYS.md", page(there))


if __name__ == "__main__":
    main()
