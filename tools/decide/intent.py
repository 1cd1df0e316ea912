"""Who is likely to buy: boosted trees, their chances calibrated on later or held-out cases, with reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np

from ..errors import InputError
from ..quantiles import Array

ROUNDS, FOLDS, BINS = 300, 5, 10
LEAST_CASES = 50  # of either outcome that something can be learned from
PARAMS: dict[str, Any] = {
    "objective": "binary", "num_leaves": 15, "learning_rate": 0.03, "min_data_in_leaf": 40, "feature_fraction": 0.8,
    "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 1.0, "verbosity": -1, "deterministic": True,
    "force_row_wise": True,
}  # fmt: skip


@dataclass(frozen=True)
class Quality:
    """How good chances are, on cases that were not learned from.

    Attributes:
        cases: how many.
        share: of them that came true, 0..1.
        auroc: area under the ROC curve: how often one that came true had the higher chance of two.
        aupr: average precision.
        ece: expected calibration error: mean distance of chance and share over ten bins of equal width, by their cases.
        ece_equal: the same over ten bins of equal count.
        brier: mean squared distance of chance and outcome.
    """

    cases: int
    share: float
    auroc: float
    aupr: float
    ece: float
    ece_equal: float
    brier: float


@dataclass(frozen=True)
class Classifier:
    """Trees, and the curve that makes chances of their scores.

    Attributes:
        booster: the trees.
        names: of the F features.
        scores: of the calibration, rising.
        chances: at these scores; between them they are drawn straight, beyond them they stay.
    """

    booster: lgb.Booster
    names: tuple[str, ...]
    scores: Array
    chances: Array

    def chance(self, features: Array) -> Array:
        """The chance that each case comes true, shape `[N]` of features `[N, F]`."""
        made: Array = np.interp(self._scores(features), self.scores, self.chances)
        return made

    def _scores(self, features: Array) -> Array:
        made: Array = np.asarray(self.booster.predict(features, raw_score=True), dtype=float)
        return made

    def reasons(self, features: Array, most: int = 3) -> list[list[tuple[str, float, float]]]:
        """Of each case the features that moved its score furthest from the average, the strongest first.

        Returns:
            Name, value, and what it added to the score in log odds: SHAP values, which sum to the score with the base.

        Source: Lundberg et al. (2020), From local explanations to global understanding with explainable AI for trees.
        """
        shares = np.asarray(self.booster.predict(features, pred_contrib=True), dtype=float)[:, :-1]
        order = np.argsort(-np.abs(shares), axis=1, kind="stable")[:, :most]
        return [
            [(self.names[at], float(row[at]), float(share[at])) for at in places]
            for row, share, places in zip(features, shares, order, strict=True)
        ]


def fit_later(
    earlier: tuple[Array, Array], later: tuple[Array, Array], names: Sequence[str], *, seed: int = 0
) -> Classifier:
    """Trees of earlier cases, calibrated on later ones.

    Args:
        earlier: features `[N, F]` and outcomes `[N]` (0 or 1) to learn from.
        later: the same of a later time.
        names: of the features.
        seed: of the trees.

    Raises:
        InputError: fewer than 50 cases came true, or did not; or scikit-learn is not installed.
    """
    checked(earlier[1])
    checked(later[1])
    booster = _grown(*earlier, (), seed)
    scores = np.asarray(booster.predict(later[0], raw_score=True), dtype=float)
    return Classifier(booster, tuple(names), *_calibrated(scores, later[1]))


def fit_folds(
    features: Array, outcome: Array, names: Sequence[str], *, categories: Sequence[int] = (), seed: int = 0
) -> Classifier:
    """Trees of all cases, calibrated on scores of five folds that the trees of the others gave; for cases without time.

    Args:
        features: shape `[N, F]`.
        outcome: 0 or 1, shape `[N]`.
        names: of the features.
        categories: places of the features that are codes.
        seed: of folds and trees.

    Raises:
        InputError: fewer than 50 cases came true, or did not; or scikit-learn is not installed.
    """
    checked(outcome)
    fold = np.random.default_rng(seed).permutation(len(outcome)) % FOLDS
    scores = np.zeros(len(outcome))
    for one in range(FOLDS):
        out = fold == one
        grown = _grown(features[~out], outcome[~out], categories, seed)
        scores[out] = np.asarray(grown.predict(features[out], raw_score=True), dtype=float)
    booster = _grown(features, outcome, categories, seed)
    return Classifier(booster, tuple(names), *_calibrated(scores, outcome))


def checked(outcome: Array) -> None:
    """Refuse too few cases.

    Raises:
        InputError: fewer than 50 came true, or did not.
    """
    true = int(np.sum(outcome))
    if min(true, len(outcome) - true) < LEAST_CASES:
        raise InputError(
            f"too little to learn from: {true:,} of {len(outcome):,} cases came true; expected {LEAST_CASES} of either"
        )


def _grown(features: Array, outcome: Array, categories: Sequence[int], seed: int) -> lgb.Booster:
    data = lgb.Dataset(features, outcome, categorical_feature=list(categories), free_raw_data=True)
    return lgb.train(PARAMS | {"seed": seed}, data, ROUNDS)


def _calibrated(scores: Array, outcome: Array) -> tuple[Array, Array]:
    """Centred isotonic regression: the rising steps nearest to the outcomes, each at the mean of its scores.

    Joined by straight lines, so that cases of one step keep their order.

    Source: Zadrozny and Elkan (2002), Transforming classifier scores into accurate multiclass probability estimates;
    Oron and Flournoy (2017), Centered isotonic regression.
    """
    fitted = np.asarray(sklearn("isotonic").IsotonicRegression().fit_transform(scores, outcome), dtype=float)
    steps, place = np.unique(fitted, return_inverse=True)
    return np.bincount(place, scores) / np.bincount(place), steps


def quality(chance: Array, outcome: Array) -> Quality:
    """How good chances are.

    Args:
        chance: shape `[N]`, 0..1.
        outcome: 0 or 1, shape `[N]`.

    Raises:
        InputError: scikit-learn is not installed.
    """
    metrics = sklearn("metrics")
    both = 0 < outcome.sum() < len(outcome)
    return Quality(
        len(outcome),
        float(outcome.mean()),
        float(metrics.roc_auc_score(outcome, chance)) if both else float("nan"),
        float(metrics.average_precision_score(outcome, chance)) if both else float("nan"),
        calibration_error(chance, outcome),
        calibration_error(chance, outcome, equal_count=True),
        float(np.mean((chance - outcome) ** 2)),
    )


def calibration_error(chance: Array, outcome: Array, *, bins: int = BINS, equal_count: bool = False) -> float:
    """Expected calibration error: |mean chance - share that came true| of each bin, weighed by its cases.

    Args:
        chance: shape `[N]`, 0..1.
        outcome: 0 or 1, shape `[N]`.
        bins: how many.
        equal_count: bins of as many cases each, and not of equal width.

    Source: Naeini, Cooper and Hauskrecht (2015), Obtaining well calibrated probabilities using Bayesian binning.
    """
    if equal_count:
        place = np.argsort(np.argsort(chance, kind="stable"), kind="stable") * bins // len(chance)
    else:
        place = np.minimum((chance * bins).astype(int), bins - 1)
    gap = np.bincount(place, chance - outcome, minlength=bins)
    return float(np.abs(gap).sum() / len(chance))


def sklearn(part: str) -> Any:
    """A part of scikit-learn, which only some need.

    Raises:
        InputError: it is not installed.
    """
    from importlib import import_module

    try:
        return import_module(f"sklearn.{part}")
    except ImportError:
        raise InputError("this needs scikit-learn: pip install 'skucast[customers]'") from None
