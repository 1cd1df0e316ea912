"""The newsvendor on samples: by hand, and that a promised fill rate is kept in simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skucast.tools.decide.dynamics import play
from skucast.tools.decide.newsvendor import (
    critical_quantile,
    critical_ratio,
    expected_cost,
    level_for_fill_rate,
    newsvendor,
)
from skucast.tools.errors import InputError


def test_ratio() -> None:
    assert critical_ratio(0.2, 1.0) == pytest.approx(5 / 6)
    for holding, shortage in ((0.0, 1.0), (1.0, 0.0)):
        with pytest.raises(InputError, match="expected costs above 0"):
            critical_ratio(holding, shortage)


def test_critical_quantile() -> None:
    """Of 1, 2, 3, 7: half do not exceed 2; more than half, 3; all, 7."""
    sample = np.array([[3.0, 1, 7, 2]])
    assert [critical_quantile(sample, ratio).tolist() for ratio in (0.5, 0.51, 0.75, 0.76)] == [[2], [3], [3], [7]]
    for ratio in (0.0, 1.0):
        with pytest.raises(InputError, match="above 0 and below 1"):
            critical_quantile(sample, ratio)


def test_expected_cost() -> None:
    """Stock 3 against 1 and 7: 2 left at 0.5, 4 missing at 2: (1 + 8) / 2. Stock 8: 7 and 1 left: (3.5 + 0.5) / 2."""
    assert expected_cost(np.array([1.0, 7]), 3.0, 0.5, 2.0) == pytest.approx(4.5)
    two = expected_cost(np.array([[1.0, 7], [1, 7]]), np.array([3.0, 8]), 0.5, 2.0)
    assert two.tolist() == [4.5, 2.0]


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
    """Demand 2 or 6, mean 4: with a level of 4 sales are 2 or 4, 3 in the mean: 75 %. Likewise in tenths of units."""
    assert level_for_fill_rate(np.array([[2.0], [6]]), 0.75) == pytest.approx(4.0)
    assert level_for_fill_rate(np.array([[0.2], [0.6]]), 0.75) == pytest.approx(0.4)
    assert level_for_fill_rate(np.zeros((5, 2)), 0.9) == 0.0


def test_fill_rate_over_a_lead_time_by_hand() -> None:
    """Paths 4 then 2, and 0 then 6; a level of 5. New shortage in the second period: 1 of 2 and 1 of 6: 75 % is met.
    Where both periods lie between two orders, 2 of 12 are missing: 83 %."""
    paths = np.array([[4.0, 2], [0, 6]])
    assert level_for_fill_rate(paths, 0.75) == pytest.approx(5.0)
    assert level_for_fill_rate(paths, 10 / 12, review=2) == pytest.approx(5.0)


@pytest.mark.parametrize(("fill_rate", "review"), [(1.0, 1), (0.0, 1), (0.9, 3), (0.9, 0)])
def test_what_cannot_be_promised(fill_rate: float, review: int) -> None:
    with pytest.raises(InputError, match="expected"):
        level_for_fill_rate(np.ones((4, 2)), fill_rate, review=review)


@given(st.lists(st.integers(0, 9), min_size=6, max_size=30), st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_more_service_never_holds_less(demand: list[int], low: float, high: float) -> None:
    low, high = sorted((low, high))
    paths = np.array(demand[: len(demand) // 3 * 3], dtype=float).reshape(-1, 3)
    assert level_for_fill_rate(paths, low) <= level_for_fill_rate(paths, high) + 1e-9


@pytest.mark.parametrize("promised", [0.8, 0.9, 0.95, 0.98])
@pytest.mark.parametrize("lead_time", [1, 3])
def test_a_promised_fill_rate_is_kept(promised: float, lead_time: int) -> None:
    """Planned on 10,000 paths of skewed demand, played on 10,000 others over 12 periods: within 1 point.

    Orders bring the stock back up to the level, so each brings the demand of the period before it. What is met at once
    is demand less what was newly owed: what is owed at the end, less what of the old debt the arrivals did not pay.
    """
    draws = np.random.default_rng(7)
    periods = 12
    level = level_for_fill_rate(draws.negative_binomial(1.5, 0.25, (10_000, lead_time)).astype(float), promised)
    demand = draws.negative_binomial(1.5, 0.25, (10_000, periods)).astype(float)
    arrivals = np.concatenate([np.zeros((10_000, lead_time)), demand[:, : periods - lead_time]], axis=1)
    played = play(demand, level, arrivals, backorders=True)
    debt = np.concatenate([np.zeros((10_000, 1)), played.lost[:, :-1]], axis=1)
    new = played.lost - np.maximum(debt - arrivals, 0.0)
    settled = slice(lead_time - 1, None)
    kept = 1 - new[:, settled].sum() / demand[:, settled].sum()
    assert abs(kept - promised) < 0.01
