"""The benchmark of customers: gaps between groups by hand and against scikit-learn, splits, and its page."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score
from skucast.evals.bench.customers import one_hot, split, summed
from skucast.evals.bench.customers_page import page
from skucast.evals.bench.fairness import Sums, by_group, clear, interval_of_difference
from skucast.tools.decide.intent import quality

ROOT = Path(__file__).parents[3]


def crowd(people: int = 120, each: int = 20) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Chances that are right for the first half of the people, and noise for the others."""
    rng = np.random.default_rng(3)
    user = np.repeat(np.arange(people), each)
    true = rng.random(len(user))
    outcome = (rng.random(len(user)) < true).astype(float)
    return np.where(user < people / 2, true, rng.random(len(user))), outcome, user


def test_the_area_is_that_of_scikit_learn() -> None:
    chance, outcome, user = crowd()
    weights = np.ones((1, 120))
    everyone = np.ones(120, dtype=bool)
    made = Sums(chance, outcome, user, 120).of(weights, everyone)
    assert made.auroc()[0] == pytest.approx(roc_auc_score(outcome, chance), abs=2e-3)  # of 400 bins
    assert made.gap()[0] == pytest.approx((chance - outcome).mean())


def test_a_group_that_is_served_worse_is_found() -> None:
    chance, outcome, user = crowd()
    group = pd.Series(np.where(np.arange(120) < 60, "told", "noise"))
    told = {one["group"]: one for one in by_group(chance, outcome, user, group, "kind")}
    assert told["noise"]["auroc_gap"] < -0.2 and clear(told["noise"]["auroc_interval"])
    assert told["told"]["auroc_gap"] == -told["noise"]["auroc_gap"]
    assert told["told"]["auroc"] == pytest.approx(roc_auc_score(outcome[user < 60], chance[user < 60]), abs=1e-4)
    assert not clear(told["told"]["gap_interval"])


def test_groups_of_under_ten_people_are_left_out() -> None:
    chance, outcome, user = crowd()
    group = pd.Series(np.where(np.arange(120) < 9, "few", "many"))
    assert [one["group"] for one in by_group(chance, outcome, user, group, "kind")] == ["many"]


def test_the_difference_of_two_has_an_interval() -> None:
    chance, outcome, user = crowd()
    made = interval_of_difference(chance, np.full(len(chance), 0.5), outcome, user)
    assert made["interval"][0] < made["auroc"] < made["interval"][1] and clear(made["interval"])


def test_splits_have_as_many_of_either_outcome_and_nothing_in_common() -> None:
    outcome = np.repeat([1.0, 0.0], [100, 900])
    train, test = split(outcome, 0)
    assert (len(test), outcome[test].sum()) == (300, 30)
    assert not set(train) & set(test) and len(train) + len(test) == 1000


def test_codes_become_columns() -> None:
    assert one_hot(np.array([[5.0, 0], [6, 2]]), [1]).tolist() == [[5, 1, 0], [6, 0, 1]]


def test_the_mean_of_splits_has_the_wider_interval() -> None:
    outcome = np.array([1.0, 0, 1, 0])
    some = [quality(np.array(chance), outcome) for chance in ([0.9, 0.1, 0.8, 0.2], [0.9, 0.1, 0.3, 0.8])]
    mean, _, high, least, most = summed(some)["auroc"]
    assert (mean, least, most) == (0.875, 0.75, 1.0)
    # sd .17678, times the root of 1/2 + 3/7, times 12.706 of one degree of freedom
    assert high - mean == pytest.approx(0.17678 * np.sqrt(0.5 + 3 / 7) * 12.7062, abs=1e-3)


def test_the_page_is_of_the_figures() -> None:
    held = json.loads((ROOT / "docs" / "customers.json").read_text())
    assert (ROOT / "docs" / "CUSTOMERS.md").read_text() == page(held)
