"""Groups of series: parts add up to their total in every draw, and its width follows what the series share."""

from math import sqrt

import numpy as np
import pytest
from scipy import stats
from skucast.tools.forecast.hierarchy import (
    Dependence,
    even_ranks,
    group_paths,
    learned_dependence,
    ratio_to,
    reconciled,
    shared_correlation,
)
from skucast.tools.quantiles import LEVELS, Array

NORMAL = np.asarray(stats.norm(100, 10).ppf(LEVELS))
TWO = np.stack([np.tile(NORMAL, (3, 1)), np.tile(2 * NORMAL, (3, 1))])  # [2, 3, Q]
BOTH, EACH = [np.array([0, 1])], [np.array([0]), np.array([1])]


def dependence(between: float) -> Dependence:
    return Dependence(between, 0.0, np.zeros(2))


def spread(paths: Array) -> float:
    low, high = np.quantile(paths[:, 0], [0.1, 0.9])
    return float(high - low)


def test_parts_add_up_to_their_group_in_every_draw() -> None:
    together, means = group_paths(TWO, BOTH, dependence(0.4), n=500)
    apart, again = group_paths(TWO, EACH, dependence(0.4), n=500)
    assert apart[0] + apart[1] == pytest.approx(together[0], rel=1e-12)
    assert (means == again).all() and means.sum(axis=0) == pytest.approx(together[0].mean(axis=0))
    assert means == pytest.approx(np.tile([[100.0], [200.0]], 3), rel=1e-3)


def test_the_sum_of_series_that_always_err_together_has_the_sums_of_their_quantiles() -> None:
    drawn, _ = group_paths(TWO, BOTH, dependence(1.0), n=1000)
    found = np.quantile(drawn[0], LEVELS, axis=0).T
    assert found == pytest.approx(TWO.sum(axis=0), rel=2e-3)


def test_the_sum_of_independent_series_is_narrower() -> None:
    """Of normal errors with spreads 10 and 20: sqrt(10² + 20²) = 22.4 against 30 together; with r = 0.5, 26.5."""
    z = 2 * 1.2816
    for between, sigma in ((0.0, sqrt(500)), (0.5, sqrt(700)), (1.0, 30.0)):
        drawn, _ = group_paths(TWO, BOTH, dependence(between), n=20_000)
        assert spread(drawn[0]) == pytest.approx(z * sigma, rel=0.03)


def test_a_series_has_the_same_futures_in_every_group() -> None:
    alone, _ = group_paths(TWO, [np.array([1])], dependence(0.4), n=100)
    among, _ = group_paths(TWO, EACH, dependence(0.4), n=100)
    assert (alone[0] == among[1]).all()


def test_a_shared_shock_is_learned_and_independent_noise_is_not() -> None:
    draws = np.random.default_rng(0)
    shock, noise = draws.normal(0, 10, 200), draws.normal(0, 10, (30, 200))
    assert shared_correlation(100 + noise, 4) < 0.03
    assert shared_correlation(100 + noise + shock, 4) == pytest.approx(0.5, abs=0.1)
    assert shared_correlation(100 + 0 * noise + shock, 4) == 0.95  # the most there is
    gaps = np.where(draws.random((30, 200)) < 0.01, np.nan, 100 + noise + shock)
    assert shared_correlation(gaps, 4) == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize("demand", [np.ones((1, 50)), np.ones((3, 50)), np.ones((3, 9)), np.full((3, 50), np.nan)])
def test_nothing_is_shared_where_nothing_can_be_seen(demand: Array) -> None:
    assert shared_correlation(demand, 4) == 0.0
    assert learned_dependence(demand, 4).within.shape == (len(demand),)


def test_even_ranks_keep_the_order() -> None:
    assert even_ranks(np.array([[3.0], [1.0], [2.0], [9.0]]))[:, 0].tolist() == [0.625, 0.125, 0.375, 0.875]


def test_a_total_has_the_quantiles_of_its_own_forecast_in_the_order_of_the_draws() -> None:
    """From 100 ± 10 to 200 ± 20."""
    drawn, _ = group_paths(TWO[:1], [np.array([0])], Dependence(0.0, 0.0, np.zeros(1)), n=1000)
    found = reconciled(drawn[0], TWO[1])
    assert pytest.approx(TWO[1], rel=2e-3) == np.quantile(found, LEVELS, axis=0).T
    assert (np.argsort(found, axis=0) == np.argsort(drawn[0], axis=0)).all()


def test_reconciled_parts_still_add_up() -> None:
    whole, before = group_paths(TWO, BOTH, dependence(0.2), n=500)
    ratio = ratio_to(whole[0], np.tile(330.0 / 300.0 * TWO.sum(axis=0)[0], (3, 1)))
    total, means = group_paths(TWO, BOTH, dependence(0.2), n=500, ratio=ratio)
    apart, _ = group_paths(TWO, EACH, dependence(0.2), n=500, ratio=ratio)
    assert apart.sum(axis=0) == pytest.approx(total[0], rel=1e-12)
    assert means.sum(axis=0) == pytest.approx(total[0].mean(axis=0))
    assert total[0].mean() == pytest.approx(330, rel=2e-3) and before.sum() == pytest.approx(900, rel=2e-3)


def test_a_draw_that_sells_nothing_stays_so() -> None:
    assert ratio_to(np.array([[0.0], [10.0]]), np.full((1, 9), 30.0)).tolist() == [[1.0], [3.0]]
