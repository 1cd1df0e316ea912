"""Outliers: one bulk order is found; peaks that recur, promotions and lumpy sales are not."""

import numpy as np
import pytest
from skucast.tools.data.outliers import outliers, usual

LEVEL = np.tile([60.0, 55.0, 66.0, 58.0, 63.0, 52.0, 61.0, 57.0], 20)


def found(y: np.ndarray, season: int = 52, promoted: np.ndarray | None = None) -> list[int]:
    return [int(i) for i in np.flatnonzero(outliers(y, season, promoted))]


@pytest.mark.parametrize("at", [3, 60, 154, 155])
def test_one_order_of_twenty_times_the_usual(at: int) -> None:
    y = LEVEL[:156].copy()
    y[at] = 1200
    assert found(y) == [at]
    assert usual(y, at) == pytest.approx(59, abs=2)


def test_an_order_over_two_periods() -> None:
    y = LEVEL[:156].copy()
    y[100:102] = 900
    assert found(y) == [100, 101]


def test_before_the_series_grew() -> None:
    y = np.concatenate([LEVEL[:80] / 10, LEVEL[:76]])
    y[40] = 120  # twenty times the usual then, twice the usual now
    assert found(y) == [40]


@pytest.mark.parametrize(
    "peak",
    [
        {50: 900, 102: 950},  # every Christmas
        {15: 700, 69: 800},  # Easter moves: 54 weeks
        {100: 900, 101: 950, 102: 900},  # an event of three weeks
        {30: 800, 50: 900, 75: 850, 95: 900},  # an order each half year
        {100: 200},  # three times the usual
    ],
)
def test_what_is_no_outlier(peak: dict[int, float]) -> None:
    y = LEVEL[:156].copy()
    for at, value in peak.items():
        y[at] = value
    assert found(y) == []


def test_a_promotion_is_no_outlier() -> None:
    y, promoted = LEVEL[:104].copy(), np.zeros(104, dtype=bool)
    y[50], promoted[50] = 800, True
    assert found(y, promoted=promoted) == []
    assert found(y) == [50]


def test_lumpy_sales_are_not_compared_with_their_zeros() -> None:
    y = np.zeros(104)
    y[::4] = np.tile([5.0, 9.0, 3.0, 12.0, 7.0, 4.0], 5)[:26]
    assert found(y) == []
    y[60] = 160
    assert found(y) == [60]


def test_what_is_not_known_and_what_is_short() -> None:
    y = LEVEL[:60].copy()
    y[10:20] = np.nan
    y[40] = 1300
    assert found(y) == [40]
    assert found(np.array([5.0, 5.0, 500.0])) == []
    assert found(np.zeros(30)) == []
