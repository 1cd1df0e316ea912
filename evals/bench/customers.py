"""docs/CUSTOMERS.md: how good chances of buying are, in sessions and by household, beside simpler models, and for whom.

python -m skucast.evals.bench.customers
"""

import argparse
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t as student

from ...tools.data.demo_events import complete_journey_events
from ...tools.data.events import Events
from ...tools.decide.baskets import Ints
from ...tools.decide.intent import Quality, fit_folds, quality, sklearn
from ...tools.decide.intent_features import FEATURES, History, day_of, history
from ...tools.decide.intent_sessions import session_features
from ...tools.decide.intent_windows import cases, chances, learned, windows
from ...tools.files import write_whole
from ...tools.quantiles import Array
from ..tasks.panels.source import read
from .customers_page import page
from .fairness import by_group, interval_of_difference

DOCS = Path(__file__).parents[2] / "docs"
SPLITS, TESTED = 10, 0.3
CATEGORIES, HORIZON, TESTS = 50, 28, 2
MEASURES = ("auroc", "aupr", "ece", "ece_equal", "brier")
RFM = ("item_since", "item_days_364", "item_money_84", "any_since", "any_days_364", "any_money_364")
GROUPED = ("age", "income", "household_size")

Say = Callable[[str], None]


def shoppers(say: Say) -> dict[str, Any]:
    """Ten splits of the sessions, ours beside a logistic regression of the same columns."""
    table = read("online_shoppers/sessions.parquet")
    rows = len(table)
    table = table.drop_duplicates(ignore_index=True)
    outcome = table.pop("Revenue").to_numpy().astype(float)
    made, names, codes = session_features(table)
    found: dict[str, list[Quality]] = {"ours": [], "logistic": []}
    for seed in range(SPLITS):
        train, test = split(outcome, seed)
        ours = fit_folds(made[train], outcome[train], names, categories=codes, seed=seed)
        found["ours"].append(quality(ours.chance(made[test]), outcome[test]))
        chance = logistic(one_hot(made, codes), outcome, train, test)
        found["logistic"].append(quality(chance, outcome[test]))
        say(f"split {seed}: " + ", ".join(f"{name} {of[-1].auroc:.4f}" for name, of in found.items()))
    return {
        "rows": rows,
        "duplicates": rows - len(table),
        "share": round(float(outcome.mean()), 4),
        "splits": SPLITS,
        "tested": TESTED,
        "models": {name: summed(of) for name, of in found.items()},
    }


def split(outcome: Array, seed: int) -> tuple[Ints, Ints]:
    """Rows to learn from and to test on: three tenths of either outcome, by chance."""
    rng, test = np.random.default_rng(seed), np.zeros(len(outcome), dtype=bool)
    for value in (0, 1):
        rows = rng.permutation(np.flatnonzero(outcome == value))
        test[rows[: round(TESTED * len(rows))]] = True
    return np.flatnonzero(~test), np.flatnonzero(test)


def summed(found: Sequence[Quality]) -> dict[str, Any]:
    """Mean of each measure over splits, its 95 % interval, and the least and greatest.

    Source: Nadeau and Bengio (2003), Inference for the generalization error: splits share cases, so that the variance
    of the mean is that of the splits times (1 / splits + cases tested / cases learned from).
    """
    made = {}
    for name in MEASURES:
        values = np.array([getattr(one, name) for one in found])
        wide = np.sqrt(values.var(ddof=1) * (1 / len(values) + TESTED / (1 - TESTED)))
        half = float(student.ppf(0.975, len(values) - 1) * wide)
        mean = float(values.mean())
        made[name] = [round(x, 4) for x in (mean, mean - half, mean + half, values.min(), values.max())]
    return made


def one_hot(made: Array, codes: Sequence[int]) -> Array:
    """The columns of codes as one column a code."""
    rest = [at for at in range(made.shape[1]) if at not in codes]
    parts = [(made[:, at, None] == np.unique(made[:, at])).astype(float) for at in codes]
    return np.column_stack([made[:, rest], *parts])


def logistic(made: Array, outcome: Array, train: Ints, test: Ints) -> Array:
    """Chances by a logistic regression of standardised columns."""
    model = sklearn("pipeline").make_pipeline(
        sklearn("preprocessing").StandardScaler(), sklearn("linear_model").LogisticRegression(max_iter=1000)
    )
    chance: Array = model.fit(made[train], outcome[train]).predict_proba(made[test])[:, 1]
    return chance


def journey(say: Say) -> dict[str, Any]:
    """Purchases of fifty categories in the next four weeks, over the last windows of the year; by group of people."""
    events = complete_journey_events()
    known, end = households(events), day_of(events.end)
    found: dict[str, list[Any]] = {"ours": [], "rfm": [], "outcome": [], "user": []}
    for back in range(TESTS, 0, -1):
        day = end - HORIZON * back
        past = known.before(day)
        made = [cases(past, start, HORIZON, past.active(start)) for start in windows(past, day, HORIZON)]
        users = past.active(day)
        features, outcome = cases(known, day, HORIZON, users)
        found["ours"].append(chances(learned(made), past, day, users).ravel())
        found["rfm"].append(rfm_chances(made, features))
        found["outcome"].append(outcome)
        found["user"].append(np.repeat(users, len(known.items)))
        say(f"{back} windows back: AUROC {quality(found['ours'][-1], outcome).auroc:.4f}")
    ours, rfm, outcome, user = (np.concatenate(found[name]) for name in ("ours", "rfm", "outcome", "user"))
    difference = interval_of_difference(ours, rfm, outcome, user)
    people = events.people.reindex(known.users)
    return {
        "households": len(known.users), "categories": len(known.items), "days": HORIZON, "windows": TESTS,
        "cases": len(outcome), "share": round(float(outcome.mean()), 4),
        "models": {name: rounded(quality(of, outcome)) for name, of in (("ours", ours), ("rfm", rfm))},
        "difference": difference,
        "groups": [one for column in GROUPED for one in by_group(ours, outcome, user, people[column], column)],
    }  # fmt: skip


def households(events: Events) -> History:
    """The history of the households by category: those that most of them bought before the test windows."""
    before = events.before(events.end - pd.Timedelta(days=HORIZON * TESTS)).frame
    pairs = before[["user_id", "unique_id"]].drop_duplicates()
    category = events.products["category"]
    bought = pairs.assign(category=pairs["unique_id"].map(category)).drop_duplicates(["user_id", "category"])
    items = bought["category"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    return history(
        events, dict(zip(category.index.astype(str), category, strict=True)), items.index[:CATEGORIES].tolist()
    )


def rfm_chances(made: Sequence[tuple[Array, Array]], features: Array) -> Array:
    """Chances by a logistic regression of recency, frequency and money, of the item and of all, on the same windows."""
    places = [FEATURES.index(name) for name in RFM]

    def logs(of: Array) -> Array:
        some = of[:, places].astype(float)
        return np.column_stack([np.isnan(some[:, 0]), np.log1p(np.nan_to_num(some, nan=400.0).clip(0))])

    learned_from = np.concatenate([logs(of) for of, _ in made])
    outcome = np.concatenate([of for _, of in made])
    both, count = np.concatenate([learned_from, logs(features)]), len(outcome)
    return logistic(both, np.append(outcome, np.zeros(len(features))), np.arange(count), np.arange(count, len(both)))


def rounded(one: Quality) -> dict[str, float]:
    """The measures for a file."""
    return {name: round(float(getattr(one, name)), 4) for name in MEASURES}


PARTS = {"shoppers": shoppers, "journey": journey}


def main(argv: Sequence[str] | None = None) -> None:
    """Measure, and write docs/customers.json and docs/CUSTOMERS.md."""
    parser = argparse.ArgumentParser(prog="python -m skucast.evals.bench.customers")
    parser.add_argument("--out", type=Path, default=DOCS)
    parser.add_argument("--only", choices=list(PARTS), help="measure this part; the other's figures stay")
    parser.add_argument("--page", action="store_true", help="the page alone, of the figures that there are")
    asked = parser.parse_args(argv)
    path = asked.out / "customers.json"
    held = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if not asked.page:
        for name, measure in PARTS.items():
            if asked.only in (None, name):
                held[name] = measure(lambda line: print(line, flush=True))
        held |= {"command": "make bench-customers", "date": f"{datetime.now(UTC):%Y-%m-%d}"}
        write_whole(path, json.dumps(held, indent=1) + "\n")
    write_whole(asked.out / "CUSTOMERS.md", page(held))


if __name__ == "__main__":
    main()
