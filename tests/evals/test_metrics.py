"""Metrics against hand-worked numbers and slow twins."""

import numpy as np
import pytest
from skucast.evals.metrics import bias, coverage, mase, median_of, seasonal_scale, sql, wape, wql
from skucast.tools.quantiles import LEVELS

Y = np.array([[10.0, 20.0], [4.0, 0.0]])
POINT = np.array([[12.0, 17.0], [4.0, 3.0]])
SCALE = np.array([5.0, 2.0])


def random_quantiles() -> np.ndarray:
    return np.sort(np.random.default_rng(0).gamma(2.0, 5.0, (2, 2, 9)), axis=-1)


def test_scale_by_hand() -> None:
    history = np.array([1.0, 5.0, 4.0, 9.0])
    assert seasonal_scale(history, 1) == pytest.approx((4 + 1 + 5) / 3)
    assert seasonal_scale(history, 2) == pytest.approx((3 + 4) / 2)
    assert seasonal_scale(np.array([1.0, np.nan, 4.0, 6.0]), 1) == pytest.approx(2.0)
    assert np.isnan(seasonal_scale(np.full(9, 3.0), 1))
    assert np.isnan(seasonal_scale(np.array([3.0]), 1))


def test_point_metrics_by_hand() -> None:
    assert mase(Y, POINT, SCALE) == pytest.approx([(2 + 3) / 2 / 5, (0 + 3) / 2 / 2])
    assert wape(Y, POINT) == pytest.approx((2 + 3 + 0 + 3) / 34)
    assert bias(Y, POINT) == pytest.approx((2 - 3 + 0 + 3) / 34)
    assert bias(Y, Y + 1) > 0  # positive is over-forecast


def test_sql_equals_its_slow_twin() -> None:
    quantiles = random_quantiles()
    for n in range(2):
        losses = []
        for h in range(2):
            for level, q in zip(LEVELS, quantiles[n, h], strict=True):
                error = Y[n, h] - q
                losses.append(2 * (level * error if error >= 0 else (level - 1) * error))
        assert sql(Y, quantiles, SCALE)[n] == pytest.approx(np.mean(losses) / SCALE[n])


def test_sql_of_a_point_copied_into_every_level_is_mase() -> None:
    copied = np.repeat(POINT[..., None], 9, axis=-1)
    assert sql(Y, copied, SCALE) == pytest.approx(mase(Y, POINT, SCALE))
    assert median_of(copied) == pytest.approx(POINT)


def test_wql_is_the_unscaled_twin() -> None:
    quantiles = random_quantiles()
    assert wql(Y, quantiles) == pytest.approx((sql(Y, quantiles, np.ones(2)) * 2).sum() / 34)


def test_coverage_by_hand() -> None:
    quantiles = np.tile(np.linspace(3.0, 11.0, 9), (2, 2, 1))
    assert coverage(Y, quantiles) == pytest.approx(2 / 4)  # 10 and 4 lie in [3, 11]; 20 and 0 do not
    assert coverage(np.array([[3.0, np.nan]]), quantiles[:1]) == 1.0
