"""Sample paths: the marginals are the quantiles, and sums have true quantiles."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from skucast.tools.paths import sample_paths, step_dependence, total_quantiles
from skucast.tools.quantiles import LEVELS

NORMAL = stats.norm(100, 10)


@given(st.lists(st.lists(st.floats(0, 1e5), min_size=9, max_size=9), min_size=1, max_size=8), st.integers(0, 9))
def test_paths_have_the_given_quantiles(rows: list[list[float]], seed: int) -> None:
    quantiles = np.sort(np.array(rows), axis=1)
    paths = sample_paths(quantiles, np.zeros(0), n=1000, seed=seed)
    assert paths.shape == (1000, len(rows))
    assert (paths >= 0).all()
    found = np.quantile(paths, LEVELS, axis=0).T
    assert np.all(np.abs(found - quantiles) <= 0.02 * (np.ptp(quantiles, axis=1, keepdims=True) + 1e-9) + 1e-6)


def test_independent_steps_sum_as_normals_do() -> None:
    noise = np.random.default_rng(0).normal(100, 10, 400)
    assert step_dependence(noise, 4) < 0.25
    quantiles = np.tile(NORMAL.ppf(LEVELS), (4, 1))
    total = total_quantiles(sample_paths(quantiles, noise, n=20_000))
    assert total[4] == pytest.approx(400, rel=0.01)
    spread = (total[-1] - total[0]) / (quantiles[0, -1] - quantiles[0, 0])
    assert 2.0 * 0.9 < spread < 2.0 * 1.25  # independent: sqrt(4); summed quantiles would say 4


def test_a_wandering_level_ties_steps_together() -> None:
    walk = 500 + np.cumsum(np.random.default_rng(1).normal(0, 10, 300))
    assert step_dependence(walk, 4) > 0.7


def test_few_periods_fall_back_to_the_prior() -> None:
    assert step_dependence(np.array([1.0, 2.0]), 4) == 0.3
    assert step_dependence(np.full(50, 3.0), 4) == 0.3


def test_the_interval_of_a_total_covers_where_summed_quantiles_do_not() -> None:
    """80 % intervals of 4-step totals over 400 synthetic series with a slowly moving level."""
    rng = np.random.default_rng(5)
    inside = summed_inside = 0
    for _ in range(400):
        level = 100 + np.cumsum(rng.normal(0, 1.0, 64))
        y = level + rng.normal(0, 10, 64)
        past, truth = y[:60], y[60:].sum()
        spread = np.std(past[1:] - past[:-1]) / np.sqrt(2) * 1.05
        quantiles = np.tile(stats.norm(past[-8:].mean(), spread).ppf(LEVELS), (4, 1))
        total = total_quantiles(sample_paths(quantiles, past, n=500))
        inside += bool(total[0] <= truth <= total[-1])
        summed_inside += bool(quantiles[:, 0].sum() <= truth <= quantiles[:, -1].sum())
    assert 0.72 <= inside / 400 <= 0.90
    assert summed_inside / 400 > 0.95


def test_seeds_repeat() -> None:
    quantiles = np.tile(NORMAL.ppf(LEVELS), (3, 1))
    one, same, other = (sample_paths(quantiles, np.arange(30.0), n=50, seed=s) for s in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
