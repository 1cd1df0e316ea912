"""The newsvendor on samples: by hand, and that a promised fill rate is kept in simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skucast.tools.decide.newsvendor import (
    critical_quantile,
    critical_ratio,
    expected_cost,
    newsvendor,
    stock_for_fill_rate,
)
from skucast.tools.errors import InputError


def test_ratio() -> None:
    assert critical_ratio(0.2, 1.0) == pytest.approx(5 / 6)
    with pytest.raises(InputError, match="expected costs above 0"):
        critical_ratio(0.0, 1.0)


def test_critical_quantile() -> None:
    """Of 1, 2, 3, 7: half do not exceed 2; more than half, 3; all, 7."""
    sample = np.array([[3.0, 1, 7, 2]])
    assert [critical_quantile(sample, ratio).tolist() for ratio in (0.5, 0.51, 0.75, 0.76)] == [[2], [3], [3], [7]]
    for ratio in (0.0, 1.0):
        with pytest.raises(InputError, match="above 0 and below 1"):
            critical_quantile(sample, ratio)


def test_expected_cost() -> None:
    """Stock 3 against 1 and 7: 2 left at 0.5, 4 missing at 2: (1 + 8) / 2."""
    assert expected_cost(np.array([1.0, 7]), 3.0, 0.5, 2.0) == pytest.approx(4.5)


@given(st.lists(st.integers(0, 20), min_size=1, max_size=30), st.sampled_from([0.1, 0.2, 1.0, 3.0]))
def test_the_critical_quantile_costs_least(demand: list[int], holding: float) -> None:
    sample = np.array(demand, dtype=float)
    best = float(critical_quantile(sample, critical_ratio(holding, 1.0)))
    least = min(float(expected_cost(sample, float(stock), holding, 1.0)) for stock in range(21))
    assert float(expected_cost(sample, best, holding, 1.0)) == pytest.approx(least)


def test_of_a_distribution() -> None:
    """Uniform 0 to 10, costs 1 and 3: stock 7.5; cost 1 x 7.5^2 / 20 + 3 x 2.5^2 / 20 = 3.75."""
    from scipy import stats

    assert newsvendor(stats.uniform(0, 10), 1.0, 3.0) == pytest.approx((7.5, 3.75))


def test_fill_rate_by_hand() -> None:
    """Demand 2 or 6, mean 4: with a stock of 4 sales are 2 or 4, 3 in the mean: 75 %."""
    assert stock_for_fill_rate(np.array([2.0, 6]), 0.75) == pytest.approx(4.0)
    assert stock_for_fill_rate(np.zeros(5), 0.9) == 0.0
    with pytest.raises(InputError, match="fill rate 1"):
        stock_for_fill_rate(np.array([2.0, 6]), 1.0)
