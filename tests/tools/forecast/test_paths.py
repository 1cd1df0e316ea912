"""Sample paths: the marginals are the quantiles, and sums have true quantiles."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from skucast.tools.forecast.paths import rank_dependence, sample_paths, schaake_paths, step_dependence, total_quantiles
from skucast.tools.quantiles import LEVELS, Array, probability, read

NORMAL = stats.norm(100, 10)


@settings(deadline=None)
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


RISING = np.array([0.0] * 8 + [8.0, 8.0, 0.0])


@pytest.mark.parametrize("unit", [1.0, 0.01])
def test_the_dependence_by_hand(unit: float) -> None:
    """Two origins. Of the first the level is 0, the errors 8 and 8; of the second the level is 1, they are 7 and -1.

    rho = (64 - 7) / sqrt((64 + 49) * (64 + 1)); it counts as 2 / 2 windows, 0.3 as 20 / 2 of them.
    """
    rho = 57 / np.sqrt(113 * 65)
    assert step_dependence(unit * RISING, 2) == pytest.approx((rho + 0.3 * 10) / 11)
    assert step_dependence(unit * RISING, 1) == step_dependence(unit * RISING, 2)
    assert step_dependence(unit * RISING[:-1], 2) == 0.3  # one origin
    assert step_dependence(np.insert(unit * RISING, 3, np.nan), 2) == step_dependence(unit * RISING, 2)


@pytest.mark.filterwarnings("error")
def test_steps_that_are_met_exactly_show_no_dependence() -> None:
    """Errors 0 and 0, then 0 and 5: no correlation can be taken, so 0 counts as 1 window, 0.3 as 10."""
    assert step_dependence(np.array([0.0] * 10 + [5.0]), 2) == pytest.approx(3 / 11)


def test_the_dependence_lies_between_none_and_nearly_all() -> None:
    assert step_dependence(np.tile([0.0, 10.0], 100), 2) == 0.0
    assert step_dependence(np.arange(1000.0), 2) == 0.95


def test_long_horizons_are_judged_by_their_first_eight_steps() -> None:
    history = np.random.default_rng(2).gamma(2, 10, 60)
    assert step_dependence(history, 9) == step_dependence(history, 28) == step_dependence(history, 8)
    assert step_dependence(history, 7) != step_dependence(history, 8)


def test_draws_are_spread_evenly() -> None:
    """Four draws stand at an eighth, three, five and seven of them, of levels that rise by 10 from q0.1 = 10."""
    quantiles = np.arange(10.0, 100.0, 10.0)[None]
    for paths in (
        sample_paths(quantiles, RISING, n=4),
        schaake_paths(quantiles, np.zeros((0, 1)), n=4),
        schaake_paths(quantiles, np.linspace(0.1, 0.9, 40)[:, None], n=4),
    ):
        assert np.sort(paths[:, 0]) == pytest.approx([12.5, 37.5, 62.5, 87.5])


def test_how_many_are_drawn_unless_asked() -> None:
    quantiles, ranks = np.tile(NORMAL.ppf(LEVELS), (2, 1)), np.random.default_rng(0).uniform(0, 1, (50, 2))
    assert np.array_equal(sample_paths(quantiles, RISING), sample_paths(quantiles, RISING, n=1000, seed=0))
    assert np.array_equal(schaake_paths(quantiles, ranks), schaake_paths(quantiles, ranks, n=500, seed=0))


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


def spread_of_total(ranks: Array, quantiles: Array) -> float:
    """Width of the total's 80 % interval, as a share of the width of the sum of quantiles."""
    total = total_quantiles(schaake_paths(quantiles, ranks, n=2000))
    return float((total[-1] - total[0]) / (quantiles[:, -1] - quantiles[:, 0]).sum())


@settings(deadline=None)
@given(
    st.lists(st.lists(st.floats(0, 1e5), min_size=9, max_size=9), min_size=1, max_size=8),
    st.integers(30, 80),
    st.integers(0, 9),
)
def test_shuffled_paths_have_the_given_quantiles(rows: list[list[float]], windows: int, seed: int) -> None:
    quantiles = np.sort(np.array(rows), axis=1)
    ranks = np.random.default_rng(seed).uniform(0.01, 0.99, (windows, len(rows)))
    paths = schaake_paths(quantiles, ranks, n=1000, seed=seed)
    assert paths.shape == (1000, len(rows))
    assert (paths >= 0).all()
    found = np.quantile(paths, LEVELS, axis=0).T
    assert np.all(np.abs(found - quantiles) <= 0.02 * (np.ptp(quantiles, axis=1, keepdims=True) + 1e-9) + 1e-6)


def test_steps_are_ordered_as_the_windows_were() -> None:
    """With as many paths as windows, each path is one window: its steps have the ranks that window's had."""
    draws = np.random.default_rng(2).uniform(0.01, 0.99, (40, 3))
    quantiles = np.stack([NORMAL.ppf(LEVELS), 5 * NORMAL.ppf(LEVELS), 9 * NORMAL.ppf(LEVELS)])
    paths = schaake_paths(quantiles, draws, n=40)
    order = np.argsort(paths[:, 0])
    template = draws[np.argsort(draws[:, 0])]
    for step in range(3):
        ranks = stats.rankdata(paths[order, step])
        assert ranks.tolist() == stats.rankdata(template[:, step]).tolist()


def test_the_total_follows_the_dependence_of_the_ranks() -> None:
    quantiles = np.tile(NORMAL.ppf(LEVELS), (4, 1))
    rng = np.random.default_rng(3)
    one = np.tile(rng.uniform(0.01, 0.99, (600, 1)), (1, 4))
    together = total_quantiles(schaake_paths(quantiles, one, n=2000))
    assert together == pytest.approx(quantiles.sum(axis=0), rel=0.005)  # all rise and fall as one: the sum of quantiles
    assert spread_of_total(one, quantiles) == pytest.approx(1.0, abs=0.03)
    independent = rng.uniform(0.01, 0.99, (2000, 4))
    assert spread_of_total(independent, quantiles) == pytest.approx(0.5, abs=0.06)  # sqrt(4) of 4
    against = np.hstack([one[:, :2], 1 - one[:, 2:]])
    assert spread_of_total(against, quantiles) < 0.1  # two up, two down


def test_the_dependence_of_ranks_by_hand() -> None:
    """Scores 1 and 1, then -1 and 0: products 1 and 0, squares 1 and 1 before, 1 and 0 after; 0.3 counts as 20."""
    ranks = stats.norm.cdf([[1.0, 1.0], [-1.0, 0.0]])
    assert rank_dependence(ranks) == pytest.approx((2 * 0.5 / np.sqrt(1 * 0.5) + 20 * 0.3) / 22)
    assert rank_dependence(np.zeros((0, 4))) == 0.3
    assert rank_dependence(np.full((5, 1), 0.2)) == 0.3  # no neighbours
    assert rank_dependence(np.full((20, 3), 0.5)) == pytest.approx(20 * 0.3 / 40)  # all in the middle: none to be seen
    alike = np.tile(np.linspace(0.1, 0.9, 1000)[:, None], (1, 3))
    assert rank_dependence(alike) == 0.95
    assert rank_dependence(np.hstack([alike[:, :1], 1 - alike[:, :1]])) == 0.0


@pytest.mark.parametrize(("windows", "rho"), [(0, 0.3), (1, (1 + 6) / 21), (29, (29 + 6) / 49)])
def test_fewer_than_30_windows_fall_back_to_the_correlation_of_neighbours(windows: int, rho: float) -> None:
    """All steps of these windows move as one; that counts as so many windows, 0.3 as 20."""
    quantiles = np.tile(NORMAL.ppf(LEVELS), (4, 1))
    ranks = np.tile(np.linspace(0.1, 0.8, windows)[:, None], (1, 4))
    correlation = np.corrcoef(schaake_paths(quantiles, ranks, n=4000).T)
    assert correlation[0, 1:] == pytest.approx([rho, rho**2, rho**3], abs=0.05)
    enough = np.tile(np.linspace(0.1, 0.9, 30)[:, None], (1, 4))
    assert np.corrcoef(schaake_paths(quantiles, enough, n=400).T).min() > 0.9


def test_windows_shorter_than_the_horizon_say_how_neighbours_hang_together() -> None:
    """200 windows of 2 steps that move as one, 4 steps ahead: (200 + 6) / 220, the square and the cube of it."""
    quantiles = np.tile(NORMAL.ppf(LEVELS), (4, 1))
    ranks = np.tile(np.linspace(0.05, 0.95, 200)[:, None], (1, 2))
    rho = 206 / 220
    correlation = np.corrcoef(schaake_paths(quantiles, ranks, n=4000).T)
    assert correlation[0, 1:] == pytest.approx([rho, rho**2, rho**3], abs=0.03)


def test_ties_say_nothing_of_dependence() -> None:
    """Ranks of steps that were masked are all in the middle: such a step is independent of the others."""
    quantiles = np.tile(NORMAL.ppf(LEVELS), (3, 1))
    ranks = np.tile(np.random.default_rng(4).uniform(0.01, 0.99, (500, 1)), (1, 3))
    ranks[:, 2] = 0.5
    correlation = np.corrcoef(schaake_paths(quantiles, ranks, n=2000).T)
    assert correlation[0, 1] > 0.99
    assert abs(correlation[0, 2]) < 0.1


@pytest.mark.parametrize("rho", [0.0, 0.6])
def test_totals_of_shuffled_paths_cover_80_percent_and_sums_of_quantiles_too_many(rho: float) -> None:
    """Weekly totals of daily sales whose errors last: learned from 800 windows, tried on 2,000 others."""
    quantiles = np.tile(NORMAL.ppf(LEVELS), (7, 1))
    root = np.linalg.cholesky(rho ** np.abs(np.subtract.outer(np.arange(7), np.arange(7))))
    sales = read(quantiles, stats.norm.cdf(np.random.default_rng(6).standard_normal((2800, 7)) @ root.T))
    ranks = probability(sales[:800], np.broadcast_to(quantiles, (800, 7, 9)))
    total, truth = total_quantiles(schaake_paths(quantiles, ranks, n=4000)), sales[800:].sum(axis=1)
    assert np.mean((total[0] <= truth) & (truth <= total[-1])) == pytest.approx(0.8, abs=0.05)
    assert np.mean(truth[:, None] <= total, axis=0) == pytest.approx(LEVELS, abs=0.05)
    assert np.mean((quantiles[:, 0].sum() <= truth) & (truth <= quantiles[:, -1].sum())) > 0.92


def test_totals_of_normal_sales_cover_80_percent() -> None:
    quantiles = np.tile(NORMAL.ppf(LEVELS), (28, 1))
    ranks = np.random.default_rng(8).uniform(0, 1, (4000, 28))
    total = total_quantiles(schaake_paths(quantiles, ranks, n=4000))
    truth = stats.norm(28 * 100, np.sqrt(28) * 10)
    assert truth.cdf(total[-1]) - truth.cdf(total[0]) == pytest.approx(0.8, abs=0.03)


def test_seeds_repeat_in_shuffled_paths_too() -> None:
    quantiles = np.tile(NORMAL.ppf(LEVELS), (3, 1))
    ranks = np.random.default_rng(0).uniform(0, 1, (50, 3))
    one, same, other = (schaake_paths(quantiles, ranks, n=50, seed=s) for s in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    none = np.zeros((0, 3))  # the Gaussian stands in
    one, same, other = (schaake_paths(quantiles, none, n=50, seed=s) for s in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
