"""Partial pooling, worked out by hand and on draws whose truth is known."""

import numpy as np
import pytest
from skucast.tools.forecast.shrinkage import shrink


def test_alike_estimates_become_their_mean() -> None:
    """Errors of 1 explain all of what lies between 1 and 2: no variance is left, and both are 1.5."""
    made = shrink(np.array([1.0, 2.0]), np.ones(2), np.zeros(2, dtype=np.int64))
    assert made.mean == pytest.approx([1.5, 1.5], abs=1e-3)
    assert made.sd == pytest.approx(np.sqrt([0.5, 0.5]), abs=0.01)


def test_sure_estimates_stay() -> None:
    made = shrink(np.array([1.0, 5.0, 9.0]), np.full(3, 1e-3), np.zeros(3, dtype=np.int64))
    assert made.mean == pytest.approx([1, 5, 9], abs=1e-3) and made.own.min() > 0.99


def test_what_has_no_estimate_is_its_group() -> None:
    estimate = np.array([-3.0, -3.2, np.nan, -1.0, -1.2, np.nan])
    made = shrink(estimate, np.full(6, 0.05), np.array([0, 0, 0, 1, 1, 1]))
    assert made.mean[[2, 5]] == pytest.approx([-3.1, -1.1], abs=0.05)
    assert made.own[2] == 0.0 and made.sd[2] > made.sd[0]


def test_intervals_cover_the_truth() -> None:
    rng = np.random.default_rng(3)
    group = np.arange(400) % 8
    truth = rng.normal(-2, 0.6, 8)[group] + rng.normal(0, 0.4, 400)
    error = rng.uniform(0.2, 1.0, 400)
    made = shrink(truth + rng.normal(0, error), error, group)
    assert 0.92 <= (np.abs(made.mean - truth) < 1.96 * made.sd).mean() <= 0.98
    assert ((made.mean - truth) ** 2).mean() < 0.5 * (error**2).mean()
