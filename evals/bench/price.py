"""docs/PRICE.md: elasticities of a made-up retailer that are known, and signs of price changes on real sales.

python -m skucast.evals.bench.price
"""

import argparse
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...tools.data.panel import Panel
from ...tools.files import write_whole
from ...tools.forecast.elasticity import Z95, price_model
from ...tools.insight.what_if import replan, response
from ...tools.quantiles import MEDIAN
from ..tasks.panels.breakfast import breakfast_weekly
from .price_market import market
from .price_page import page

DOCS = Path(__file__).parents[2] / "docs"
SEEDS = (1, 2, 3, 4, 5)  # others than those that the interval's width was set on
CHANGE = 10.0  # per cent
HORIZON, UNSEEN = 13, 26  # weeks that the trees are asked about; weeks at the end that no model sees
JUMP = 0.1  # a price that lies so far from the mean of the four weeks before
EVERY = 12  # of the store-products, by sorted id, so that it takes minutes


def naive(panel: Panel) -> "pd.Series[float]":
    """Log of units and one on log price, by product: what a spreadsheet does."""
    rows = panel.past.assign(x=np.log(panel.past["price"]), z=np.log1p(panel.past["y"]))
    x, z = (rows[name] - rows.groupby("unique_id")[name].transform("mean") for name in ("x", "z"))
    sums = pd.DataFrame({"unique_id": rows["unique_id"], "xz": x * z, "xx": x * x})
    total = sums.groupby("unique_id", sort=False).sum()
    made: pd.Series[float] = total["xz"] / total["xx"].where(total["xx"] > 1e-9)
    return made


def made_up(seed: int, *, answers: bool, products: int = 200, weeks: int = 104) -> dict[str, Any]:
    """How the estimates of one made-up retailer miss the truth."""
    made = market(seed, answers=answers, products=products, weeks=weeks)
    found = price_model(made.panel)
    plain = naive(made.panel)
    table = pd.DataFrame({uid: {"mean": one.mean, "sd": one.sd} for uid, one in found.elasticities.items()}).T
    table["identified"] = [one.identified for one in found.elasticities.values()]
    table["miss"], table["naive"] = table["mean"] - made.elasticity, plain - made.elasticity
    covered = table["miss"].abs() <= Z95 * table["sd"]
    some = table["identified"]
    return {
        "seed": seed,
        "answers": answers,
        "coverage": round(float(covered[some].mean()), 4),
        "prior_coverage": round(float(covered[~some].mean()), 4),
        "bias": round(float(table.loc[some, "miss"].mean()), 4),
        "rmse": round(float((table.loc[some, "miss"] ** 2).mean() ** 0.5), 4),
        "naive_bias": round(float(table.loc[some, "naive"].mean()), 4),
        "naive_rmse": round(float((table.loc[some, "naive"] ** 2).mean() ** 0.5), 4),
        "refused": int((~some).sum()),
        "fixed": len(made.fixed),
        "fixed_refused": int((~some[list(made.fixed)]).sum()),
        "assumed": {name: round(value, 3) for name, value in vars(found.assumed).items()},
    }


def signs(say: Callable[[str], None], every: int = EVERY) -> dict[str, Any]:
    """Breakfast at the Frat: the signs of +10 % and -10 % ahead of weeks that no model has seen; jumps of the price."""
    from ...tools.forecast.gbm_mean import MeanGBM

    whole = breakfast_weekly()
    whole = whole.select(sorted(whole.unique_ids)[::every])
    last = pd.DatetimeIndex(whole.past["ds"].unique()).sort_values()[-UNSEEN - 1]
    panel = whole.before(last)
    say(f"breakfast_at_the_frat: {len(panel.unique_ids)} store-products up to {last:%Y-%m-%d}")
    found = price_model(panel)
    ids = panel.unique_ids
    identified = [uid for uid in ids if found.elasticities[uid].identified]
    reasons = pd.Series([found.elasticities[uid].reason or "identified" for uid in ids]).value_counts()
    trees = MeanGBM(panel, HORIZON, country="US")
    before = trees.forecast(panel)
    say("the trees have learned")
    right: dict[str, dict[str, float]] = {"model": {}, "trees": {}, "own": {}}
    for change in (CHANGE, -CHANGE):
        way = f"{change:+.0f} %"
        plan = panel
        for uid in identified:
            plan = replan(plan, uid, HORIZON, price_change_percent=change).panel
        after = trees.forecast(plan)
        ratio = [response(before[uid][:, MEDIAN], after[uid][:, MEDIAN]).mean() - 1 for uid in identified]
        mean, own = (
            np.array([getattr(found.elasticities[uid], name) for uid in identified]) for name in ("mean", "own")
        )
        right["trees"][way] = round(float((np.sign(ratio) == -np.sign(change)).mean()), 4)
        right["model"][way] = round(float((mean < 0).mean()), 4)
        right["own"][way] = round(float((own < 0).mean()), 4)
        say(f"{way}: trees {right['trees'][way]:.3f}, elasticities {right['model'][way]:.3f}")
    return {
        "series": len(ids),
        "last": f"{last:%Y-%m-%d}",
        "identified": len(identified),
        "refused": round(1 - len(identified) / len(ids), 4),
        "reasons": {str(name): int(count) for name, count in reasons.items()},
        "right": right,
        "assumed": {name: round(value, 3) for name, value in vars(found.assumed).items()},
        "moves": moves(whole, last, {uid: found.elasticities[uid].mean for uid in identified}),
    }


def moves(whole: Panel, last: pd.Timestamp, elasticity: dict[str, float]) -> dict[str, float]:
    """Unseen weeks whose price lies a tenth or more from the mean of the four before: which way units went, how far.

    The error is of log units (and one) against the mean of the four weeks before, changed by the elasticity or not.
    """
    rows = whole.past[whole.past["unique_id"].isin(elasticity)]
    by = rows.groupby("unique_id", sort=False)
    price = by["price"].transform(lambda one: one.shift().rolling(4).mean())
    units = by["y"].transform(lambda one: one.shift().rolling(4).mean())
    ratio = rows["price"] / price
    some = (rows["ds"] > last) & ((ratio - 1).abs() >= JUMP) & (units > 0)
    now, then, moved = rows.loc[some, "y"], units[some], np.log(ratio[some])
    predicted = moved * rows.loc[some, "unique_id"].map(elasticity)
    went = np.sign(now - then)
    error = (np.log1p(now) - np.log1p(then)).abs().mean()
    after = (np.log1p(now) - np.log1p(then * np.exp(predicted))).abs().mean()
    return {
        "weeks": int(some.sum()),
        "same_way": round(float((np.sign(predicted) == went)[went != 0].mean()), 4),
        "error_without": round(float(error), 4),
        "error_with": round(float(after), 4),
    }


def main() -> None:
    """Measure, and write docs/price.json and docs/PRICE.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=DOCS)
    parser.add_argument("--every", type=int, default=EVERY, help="take every so many store-products")
    parser.add_argument("--made-up", action="store_true", help="measure the made-up retailer only")
    parser.add_argument("--page", action="store_true", help="write the page of what was measured")
    asked = parser.parse_args()
    path = asked.out / "price.json"
    held: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if not asked.page:
        held |= {"command": "make bench-price", "date": f"{datetime.now(UTC):%Y-%m-%d}"}
        held["made_up"] = [made_up(seed, answers=answers) for answers in (False, True) for seed in SEEDS]
        if not asked.made_up:
            held["signs"] = signs(print, asked.every)
        write_whole(path, json.dumps(held, indent=1) + "\n")
    write_whole(asked.out / "PRICE.md", page(held))


if __name__ == "__main__":
    main()
