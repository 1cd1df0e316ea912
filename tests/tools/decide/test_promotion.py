"""Promotions that are over, worked out by hand."""

import numpy as np
import pytest
from skucast.tools.decide.promotion import last_promotion, review

Y = np.array([10.0, 10, 30, 30, 6, 8, 10, 10, 10])
ON = np.array([0, 0, 1, 1, 0, 0, 0, 0, 0], dtype=bool)
PRICE = np.where(ON, 8.0, 10.0)
TEN = np.full(9, 10.0)


def test_the_last_promotion_that_is_over() -> None:
    assert last_promotion(ON) == (2, 3)
    assert last_promotion(np.array([True, False, True])) == (0, 0)  # the second is still on
    assert last_promotion(np.zeros(3, dtype=bool)) is None


def test_uplift_dip_and_margin() -> None:
    """40 units more, 6 fewer after it. At a cost of 6: 60 * 2 against 20 * 4, less 6 * 4: 16 are left."""
    made = review(Y, TEN, TEN, PRICE, 10.0, ON, cost=6.0)
    assert made is not None and (made.first, made.last, made.sold) == (2, 3, 60.0)
    assert (made.uplift.mean, made.dip.mean) == (40.0, -6.0)
    assert made.uplift.high - made.uplift.mean == pytest.approx(1.96 * np.sqrt(20))
    assert made.margin is not None and made.margin.mean == pytest.approx(16.0)
    assert made.margin.high - 16.0 == pytest.approx(1.96 * 4 * np.sqrt(60))
    assert made.worse == pytest.approx(0.30, abs=0.02)  # 16 / 31 = 0.52 standard deviations


def test_funding_counts_and_without_a_cost_no_money_is_named() -> None:
    funded = review(Y, TEN, TEN, PRICE, 10.0, ON, cost=6.0, funding=100.0)
    assert funded is not None and funded.margin is not None and funded.margin.mean == pytest.approx(116.0)
    free = review(Y, TEN, TEN, PRICE, 10.0, ON)
    assert free is not None and free.margin is None and free.worse is None


def test_the_dip_ends_where_the_next_promotion_begins_and_what_is_not_known_says_nothing() -> None:
    on = ON.copy()
    on[8] = on[5] = True
    made = review(Y, TEN, TEN, PRICE, 10.0, on)
    assert made is not None and made.first == 5 and made.dip.mean == 0.0
    assert review(np.where(ON, np.nan, Y), TEN, TEN, PRICE, 10.0, ON) is None


def test_without_the_prices_no_money_and_no_chance_of_a_loss_is_named() -> None:
    """Not a number is no sure gain."""
    gap = np.where(np.arange(9) == 3, np.nan, PRICE)
    for price, regular in ((gap, 10.0), (np.full(9, np.nan), 0.0)):
        made = review(Y, TEN, TEN, price, regular, ON, cost=6.0)
        assert made is not None and made.uplift.mean == 40.0 and made.margin is None and made.worse is None
