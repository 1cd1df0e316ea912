"""Paired bootstrap: is one contestant better than another, or were these series lucky?"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

DRAWS = 4000
FEWEST = 10  # series; with fewer an interval says nothing
CHUNK = 2_000_000  # numbers in memory at a time
KEYS = ["unique_id", "window"]

Verdict = Literal["ahead", "behind", "no different", "too few series"]


@dataclass(frozen=True)
class Difference:
    """How much lower or higher the loss of a reference is than another's, on the series and windows that both have.

    Attributes:
        series: that were compared.
        reference: mean loss of the reference on them.
        other: mean loss of the other.
        gap: `reference - other`; negative is in favour of the reference.
        low: lower end of the 95 % interval of the gap.
        high: its upper end.
    """

    series: int
    reference: float
    other: float
    gap: float
    low: float
    high: float

    @property
    def verdict(self) -> Verdict:
        """Where the reference stands: `ahead` or `behind` when the interval is clear of 0."""
        if self.series < FEWEST:
            return "too few series"
        return "ahead" if self.high < 0 else "behind" if self.low > 0 else "no different"


def paired_difference(
    reference: pd.DataFrame, other: pd.DataFrame, *, metric: str = "SQL", draws: int = DRAWS, seed: int = 0
) -> Difference | None:
    """The difference of two contestants with its percentile bootstrap interval over series.

    A series is drawn with all of its windows, as they are not independent; it counts by its mean loss, and pairs of
    which either loss is unknown do not count.

    Args:
        reference: per-series scores, columns `unique_id`, `window` and the metric.
        other: the same of the other contestant.
        metric: the loss to compare; lower is better.
        draws: bootstrap samples.
        seed: of the draws.

    Returns:
        None where they share no series and window.

    Source: Efron and Tibshirani (1993), "An Introduction to the Bootstrap", chapters 13 and 17.
    """
    columns = [*KEYS, metric]
    both = reference[columns].merge(other[columns], on=KEYS, suffixes=("_reference", "_other"))
    both = both[np.isfinite(both[f"{metric}_reference"]) & np.isfinite(both[f"{metric}_other"])]
    if both.empty:
        return None
    means = both.groupby("unique_id")[[f"{metric}_reference", f"{metric}_other"]].mean().to_numpy(dtype=float)
    gaps = means[:, 0] - means[:, 1]
    n, rng = len(gaps), np.random.default_rng(seed)
    step = max(1, CHUNK // n)
    drawn = [gaps[rng.integers(0, n, (min(step, draws - done), n))].mean(axis=1) for done in range(0, draws, step)]
    low, high = np.quantile(np.concatenate(drawn), [0.025, 0.975])
    return Difference(
        series=n,
        reference=float(means[:, 0].mean()),
        other=float(means[:, 1].mean()),
        gap=float(gaps.mean()),
        low=float(low),
        high=float(high),
    )
