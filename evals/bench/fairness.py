"""Whether chances are as good for every group of people: AUROC and calibration by group, with intervals over people."""

from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...tools.data.people import LEAST
from ...tools.errors import InputError
from ...tools.quantiles import Array

BINS, DRAWS = 400, 1_000
LEVELS = (0.025, 0.975)


def by_group(
    chance: Array, outcome: Array, user: Array, group: "pd.Series[str]", column: str, *, seed: int = 0
) -> list[dict[str, Any]]:
    """Quality by group, and each group's gap to all others whose group is known; groups of under ten people left out.

    The gap of AUROC is the group's less the others'; that of calibration the mean of chance less outcome, likewise.

    Args:
        chance: of each case, shape `[N]`.
        outcome: 0 or 1, shape `[N]`.
        user: the place of each case's person in `group`, shape `[N]`.
        group: of each person; NaN where it is not known.
        column: what the groups are of.
        seed: of the bootstrap over people.

    Raises:
        InputError: fairlearn is not installed.
    """
    known = group.notna().to_numpy()
    of_case = known[user]
    names = group.to_numpy()[user[of_case]].astype(str)
    frame = _metric_frame()(
        metrics={"auroc": _auroc, "gap": lambda y, p: float(np.mean(p - y)), "share": lambda y, p: float(np.mean(y))},
        y_true=outcome[of_case], y_pred=chance[of_case], sensitive_features=pd.Series(names, name=column),
    )  # fmt: skip
    sums = Sums(chance, outcome, user, len(group))
    rng, made = np.random.default_rng(seed), []
    weights = [sums.draw(rng) for _ in range(DRAWS)]
    for name, row in frame.by_group.iterrows():
        inside = (group == name).to_numpy() & sums.there
        others = known & ~inside & sums.there
        if inside.sum() < LEAST:
            continue
        auroc = np.array([sums.auroc(w * inside) - sums.auroc(w * others) for w in weights])
        gap = np.array([sums.gap(w * inside) - sums.gap(w * others) for w in weights])
        bounds = {
            what: [round(float(x), 4) for x in np.quantile(of, LEVELS)] for what, of in (("a", auroc), ("g", gap))
        }
        own, rest = (Gap(sums.auroc(w), sums.gap(w)) for w in (inside * 1.0, others * 1.0))
        made.append(
            {
                "column": column,
                "group": str(name),
                "people": int(inside.sum()),
                "share": round(float(row["share"]), 4),
                "auroc": round(float(row["auroc"]), 4),
                "auroc_gap": round(own.auroc - rest.auroc, 4),
                "auroc_interval": bounds["a"],
                "gap": round(float(row["gap"]), 4),
                "gap_gap": round(own.gap - rest.gap, 4),
                "gap_interval": bounds["g"],
            }
        )
    return made


def clear(interval: list[float]) -> bool:
    """Whether an interval has 0 outside."""
    return interval[0] > 0 or interval[1] < 0


def interval_of_difference(one: Array, other: Array, outcome: Array, user: Array, *, seed: int = 0) -> dict[str, Any]:
    """AUROC of one less that of another, with a 95 % interval by a bootstrap over people."""
    people = int(user.max()) + 1
    sums = [Sums(chance, outcome, user, people) for chance in (one, other)]
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(DRAWS):
        weight = sums[0].draw(rng)
        drawn.append(sums[0].auroc(weight) - sums[1].auroc(weight))
    whole = np.ones(people)
    low, high = np.quantile(drawn, LEVELS)
    mean = sums[0].auroc(whole) - sums[1].auroc(whole)
    return {"auroc": round(mean, 4), "interval": [round(float(low), 4), round(float(high), 4)]}


class Gap(NamedTuple):
    """AUROC of some people, and their mean of chance less outcome."""

    auroc: float
    gap: float


class Sums:
    """Cases counted by person and by bin of chance, so that a sample of people is a product of matrices."""

    def __init__(self, chance: Array, outcome: Array, user: Array, people: int) -> None:
        edges = np.unique(np.quantile(chance, np.linspace(0, 1, BINS + 1)))
        place = np.searchsorted(edges, chance, side="left").clip(0, len(edges) - 1)
        size = people * len(edges)
        cell = user * len(edges) + place
        self.true = np.bincount(cell, outcome, minlength=size).reshape(people, -1)
        self.false = np.bincount(cell, 1 - outcome, minlength=size).reshape(people, -1)
        self.off = np.bincount(user, chance - outcome, minlength=people)
        self.cases = np.bincount(user, minlength=people)
        self.there = self.cases > 0

    def draw(self, rng: np.random.Generator) -> Array:
        """How often each person is in a sample of all who have cases."""
        places = np.flatnonzero(self.there)
        made: Array = np.bincount(rng.choice(places, len(places)), minlength=len(self.there)).astype(float)
        return made

    def auroc(self, weight: Array) -> float:
        """Area under the ROC curve of a weighted sample of people; cases of one bin count half."""
        true, false = weight @ self.true, weight @ self.false
        below = np.cumsum(false) - false
        total = true.sum() * false.sum()
        return float((true * (below + false / 2)).sum() / total) if total else float("nan")

    def gap(self, weight: Array) -> float:
        """Mean of chance less outcome of a weighted sample of people."""
        cases = float(weight @ self.cases)
        return float(weight @ self.off) / cases if cases else float("nan")


def _auroc(outcome: Array, chance: Array) -> float:
    from ...tools.decide.intent import quality

    return quality(np.asarray(chance), np.asarray(outcome)).auroc


def _metric_frame() -> Any:
    try:
        return import_module("fairlearn.metrics").MetricFrame
    except ImportError:
        raise InputError("this needs fairlearn: pip install 'skucast[customers]'") from None
