"""Whether chances are as good for every group of people: AUROC and calibration by group, with intervals over people."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

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
    known = known & sums.there
    drawn = sums.draws(np.random.default_rng(seed))
    every, made = sums.of(drawn, known), []
    for name, row in frame.by_group.iterrows():
        inside = (group == name).to_numpy() & sums.there
        if inside.sum() < LEAST:
            continue
        own, whole = sums.of(drawn, inside), sums.of(np.ones((1, len(group))), inside)
        rest, others = every.without(own), sums.of(np.ones((1, len(group))), known & ~inside)
        auroc, gap = own.auroc() - rest.auroc(), own.gap() - rest.gap()
        made.append(
            {
                "column": column,
                "group": str(name),
                "people": int(inside.sum()),
                "share": round(float(row["share"]), 4),
                "auroc": round(float(row["auroc"]), 4),
                "auroc_gap": round(float(whole.auroc()[0] - others.auroc()[0]), 4),
                "auroc_interval": [round(float(x), 4) for x in np.quantile(auroc, LEVELS)],
                "gap": round(float(row["gap"]), 4),
                "gap_gap": round(float(whole.gap()[0] - others.gap()[0]), 4),
                "gap_interval": [round(float(x), 4) for x in np.quantile(gap, LEVELS)],
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
    drawn, everyone = sums[0].draws(np.random.default_rng(seed)), np.ones(people, dtype=bool)
    mean, of = (
        sums[0].of(weights, everyone).auroc() - sums[1].of(weights, everyone).auroc()
        for weights in (np.ones((1, people)), drawn)
    )
    low, high = np.quantile(of, LEVELS)
    return {"auroc": round(float(mean[0]), 4), "interval": [round(float(low), 4), round(float(high), 4)]}


@dataclass(frozen=True)
class Sampled:
    """Cases of D samples of people, by bin of chance.

    Attributes:
        true: that came true, shape `[D, B]`.
        false: that did not.
        off: sum of chance less outcome, shape `[D]`.
    """

    true: Array
    false: Array
    off: Array

    def without(self, some: "Sampled") -> "Sampled":
        """The same without some of the people."""
        return Sampled(self.true - some.true, self.false - some.false, self.off - some.off)

    def auroc(self) -> Array:
        """Area under the ROC curve of each sample, shape `[D]`; pairs of one bin count half."""
        below = np.cumsum(self.false, axis=1) - self.false
        total = self.true.sum(axis=1) * self.false.sum(axis=1)
        made: Array = (self.true * (below + self.false / 2)).sum(axis=1) / np.where(total > 0, total, np.nan)
        return made

    def gap(self) -> Array:
        """Mean of chance less outcome of each sample, shape `[D]`."""
        cases = (self.true + self.false).sum(axis=1)
        made: Array = self.off / np.where(cases > 0, cases, np.nan)
        return made


class Sums:
    """Cases counted by person and by bin of chance, so that a sample of people is a product of matrices."""

    def __init__(self, chance: Array, outcome: Array, user: Array, people: int) -> None:
        edges = np.unique(np.quantile(chance, np.linspace(0, 1, BINS + 1)))
        place = np.searchsorted(edges, chance, side="left").clip(0, len(edges) - 1)
        size, cell = people * len(edges), user * len(edges) + place
        self.true = np.bincount(cell, outcome, minlength=size).reshape(people, -1)
        self.false = np.bincount(cell, 1 - outcome, minlength=size).reshape(people, -1)
        self.off = np.bincount(user, chance - outcome, minlength=people)
        self.there = np.bincount(user, minlength=people) > 0

    def draws(self, rng: np.random.Generator, count: int = DRAWS) -> Array:
        """How often each person is in each sample of all who have cases, shape `[D, P]`."""
        places = np.flatnonzero(self.there)
        drawn = rng.multinomial(len(places), np.full(len(places), 1 / len(places)), count)
        made = np.zeros((count, len(self.there)))
        made[:, places] = drawn
        return made

    def of(self, weights: Array, some: "np.ndarray[Any, np.dtype[np.bool_]]") -> Sampled:
        """The cases of some of the people in each sample."""
        held = weights[:, some]
        return Sampled(held @ self.true[some], held @ self.false[some], held @ self.off[some])


def _auroc(outcome: Array, chance: Array) -> float:
    from ...tools.decide.intent import quality

    return quality(np.asarray(chance), np.asarray(outcome)).auroc


def _metric_frame() -> Any:
    try:
        return import_module("fairlearn.metrics").MetricFrame
    except ImportError:
        raise InputError("this needs fairlearn: pip install 'skucast[customers]'") from None
