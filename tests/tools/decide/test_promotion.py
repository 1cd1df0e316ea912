"""Promotions that are over, worked out by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from skucast.tools.data.cube import Cube
from skucast.tools.decide.promotion import Review, last_promotion, last_review, review
from skucast.tools.forecast.elasticity import Assumed, Elasticity, PriceModel

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
    dipped = review(np.where(np.arange(9) == 6, 7.0, Y), TEN, TEN, PRICE, 10.0, on)
    assert dipped is not None and dipped.dip.mean == -3.0
    assert review(np.where(ON, np.nan, Y), TEN, TEN, PRICE, 10.0, ON) is None


def test_without_the_prices_no_money_and_no_chance_of_a_loss_is_named() -> None:
    """Not a number is no sure gain."""
    gap = np.where(np.arange(9) == 3, np.nan, PRICE)
    for price, regular in ((gap, 10.0), (np.full(9, np.nan), 0.0)):
        made = review(Y, TEN, TEN, price, regular, ON, cost=6.0)
        assert made is not None and made.uplift.mean == 40.0 and made.margin is None and made.worse is None


def test_what_the_dip_and_the_band_are_made_of() -> None:
    """Five periods after it of 1 unit fewer each: four count, and of these what is known. Variance is 10 in each of the
    2 and 4 periods, and a unit is worth 4: 10 more at 15 x 2 units, less 20 x 4, less 4 x 4."""
    on, y = np.array([0, 1, 1, 0, 0, 0, 0, 0], dtype=bool), np.array([10.0, 15, 15, 9, 9, 9, 9, 9])
    made = review(y, np.full(8, 10.0), np.full(8, 10.0), np.where(on, 8.0, 10.0), 10.0, on, cost=6.0)
    assert made is not None and made.margin is not None
    assert (made.uplift.mean, made.dip.mean, made.margin.mean) == (10, -4, 30 * 2 - 20 * 4 - 4 * 4)
    assert made.uplift.low == pytest.approx(10 - 1.96 * np.sqrt(20)) and made.dip.low == pytest.approx(
        -4 - 1.96 * 40**0.5
    )
    assert made.margin.low == pytest.approx(-36 - 1.96 * 4 * np.sqrt(60)) and made.worse == pytest.approx(
        0.88, abs=0.01
    )
    gap = np.array([10.0, 15, 15, 9, np.nan, 9, 9, 9])
    some = review(gap, np.full(8, 10.0), np.full(8, 10.0), np.where(on, 8.0, 10.0), 10.0, on)
    assert some is not None and some.dip.mean == -3


def model(price: list[float], *, usual: float = 10.0, promo: list[float] | None = None) -> PriceModel:
    """Two series of ten periods, the second of which ends after eight: 10 units expected at the usual price, e -2."""
    nothing, y = np.zeros((2, 10), dtype=bool), [10.0, 10, 10, 30, 30, 6, 8, 10, np.nan, np.nan]
    made = Cube(
        unique_ids=["other", "A"],
        ds=pd.date_range("2024-01-07", periods=10, freq="W-SUN"),
        y=np.array([[1.0] * 10, y]),
        known={"promo": np.array([[0.0] * 10, promo])} if promo else {},
        past_only={"price": np.array([[5.0] * 10, price])},
        static=pd.DataFrame(),
        closed=nothing, stockout=nothing, outlier=nothing,
        end=np.array([9, 7]), horizon=0, offset="W-SUN",
    )  # fmt: skip
    each = {uid: Elasticity(mean, 0.1, mean, 0.1, 1.0) for uid, mean in (("other", -1.0), ("A", -2.0))}
    effect, base, spread = np.zeros((2, 1)), np.array([[1.0] * 10, [10.0] * 10]), np.array([0.0, 0.1])
    names = ("promo",) if promo else ()
    return PriceModel(made, each, Assumed(-2, -2, -2, -2), names, (effect, effect), np.log([5.0, usual]), base, spread)


def found(one: PriceModel, **more: float) -> Review:
    made = last_review(one, "A", **more)
    assert made is not None
    return made


CUT = [10.0, 10, 10, 8, 8, 10, 10, 10, 8, 10]  # the last two lie behind the end of the series


def test_the_last_promotion_of_a_series_by_its_cut_prices() -> None:
    """As above: 40 more, 6 fewer after it, 16 left at a cost of 6. Variance 10 + 0.1 x 10^2 a period."""
    made = found(model(CUT), cost=6.0, funding=5.0)
    assert (made.first, made.last, made.uplift.mean, made.dip.mean) == (3, 4, 40, -6)
    assert made.uplift.high == pytest.approx(40 + 1.96 * np.sqrt(40))
    assert made.margin is not None and made.margin.mean == pytest.approx(21)
    bare = found(model(CUT), cost=6.0)
    assert bare.margin is not None and bare.margin.mean == pytest.approx(16)


def test_what_would_have_sold_is_at_the_regular_price() -> None:
    """Prices lie around 8: at 10 not 10 units but 10 x (10 / 8) ** -2 = 6.4 would have sold; 60 - 12.8 more."""
    assert found(model(CUT, usual=8.0)).uplift.mean == pytest.approx(47.2)


def test_the_regular_price_is_the_greatest_of_late_and_a_small_cut_is_none() -> None:
    """A cut of 5 % is none, one of 6 % is. A price of 12 is the regular one for eight more periods, not for nine."""
    small, more = ([10.0, 10, 10, price, price, 10, 10, 10, 10, 10] for price in (9.5, 9.4))
    assert last_review(model(small), "A") is None and found(model(more)).first == 3
    one = model(CUT)
    once = np.array([[12.0, *[10.0] * 9], CUT])
    made = last_review(replace(one, cube=replace(one.cube, past_only={"price": once})), "other")
    assert made is not None and (made.first, made.last) == (1, 8)


def test_a_promotion_may_be_a_flag_without_a_cut_or_any_price() -> None:
    """Flags of 0.05 are none. Without prices the units are told and no money."""
    flags = [0.05, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    made = found(model([10.0] * 10, promo=flags), cost=6.0)
    assert (made.first, made.last, made.uplift.mean) == (3, 4, 40) and made.margin is not None
    bare = found(model([np.nan] * 10, promo=flags), cost=6.0)
    assert (bare.first, bare.uplift.mean, bare.margin) == (3, 40, None)
