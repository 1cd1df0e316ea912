"""Effects of dated events, by hand."""

import numpy as np
import pytest
from skucast.tools.forecast.signal_effects import Effect, applied, blended, learned, past_ratio


def test_an_event_of_the_past_is_told_by_the_periods_before_it() -> None:
    units = np.array([10.0, 12, 8, 10, 25, 10])
    shares = np.array([0.0, 0, 0, 0, 1, 0])
    assert past_ratio(units, shares, shares, 1) == pytest.approx(2.5)  # 25 over the median of 10, 12, 8, 10
    assert past_ratio(units, shares / 2, shares, 1) == pytest.approx(4.0)  # in half the week: 1 + 1.5 / 0.5
    busy = np.array([0.0, 1, 0, 0, 1, 0])
    assert past_ratio(units, shares, busy, 1) == pytest.approx(2.5)  # over the median of 10, 8, 10
    assert np.isnan(past_ratio(units, np.zeros(6), shares, 1))
    assert np.isnan(past_ratio(np.full(6, np.nan), shares, shares, 1))


def test_days_are_held_against_the_same_days_of_the_week() -> None:
    units = np.tile([10.0, 10, 10, 10, 10, 40, 40], 3)
    units[19] = 120  # the third Saturday
    shares = np.zeros(21)
    shares[19] = 1
    assert past_ratio(units, shares, shares, 7) == pytest.approx(3.0)


def test_the_past_is_shrunk_from_product_to_category_to_all() -> None:
    assert learned([], [], []) is None
    alone = learned([2.0] * 3, [], [])  # log 2 * 3 / (3 + 3): half of it, in logs
    assert alone is not None and alone.ratio == pytest.approx(2**0.5) and alone.events == (3, 0, 0)
    near = learned([4.0], [2.0] * 3, [])  # (log 4 + 3 * log 2 / 2) / 4
    assert near is not None and near.ratio == pytest.approx(2**0.875)
    far = learned([], [], [2.0] * 9)  # 0.75 log 2 of all, and 0.75 of it, which nothing nearer speaks against
    assert far is not None and far.ratio == pytest.approx(2**0.75)
    dead = learned([0.0], [], [])
    assert dead is not None and dead.ratio == pytest.approx(0.05**0.25)  # an event leaves at least a twentieth


def test_the_spread_shrinks_with_what_was_seen() -> None:
    one, many = learned([2.0], [], []), learned([2.0] * 30, [], [])
    assert one is not None and many is not None
    mean = np.log(2) / 4
    expected = np.sqrt(((np.log(2) - mean) ** 2 + 3 * 0.25) / 4 * 1.25)
    assert one.spread == pytest.approx(expected) and many.spread < one.spread
    assert one.low == pytest.approx(one.ratio * np.exp(-1.2815515655 * expected))
    assert one.low < one.ratio < one.high


def test_what_is_said_is_blended_with_what_was_seen() -> None:
    past = Effect(1.0, 0.15, (5, 0, 0))
    even = blended(past, 4.0, 1.0)  # both have a spread of 0.15: half way in logs
    assert even is not None and even.ratio == pytest.approx(2.0) and even.spread == pytest.approx(0.15 / 2**0.5)
    doubted = blended(past, 4.0, 0.5)  # a spread of 0.3 against 0.15: a weight of 4 to 16
    weight = 0.2
    assert doubted is not None and doubted.ratio == pytest.approx(4**weight)
    assert blended(None, 3.0, 0.8) == Effect(3.0, pytest.approx(0.21))  # type: ignore[arg-type]
    assert blended(past, None, 1.0) is past and blended(None, None, 1.0) is None
    assert blended(past, 0.0, 1.0) == Effect(0.0, 0.0, (5, 0, 0))  # a closure is no matter of the past


PATHS = np.column_stack([np.arange(1.0, 101), np.full(100, 10.0), np.arange(1.0, 101)])


def test_a_closure_leaves_nothing_and_touches_nothing_else() -> None:
    made = applied(PATHS, np.array([1.0, 0.25, 0.0]), Effect(0.0), 1.0)
    assert (made[:, 0] == 0).all() and made[:, 1] == pytest.approx(np.full(100, 7.5))
    assert (made[:, 2] == PATHS[:, 2]).all()


def test_certainty_is_the_share_of_paths_in_which_it_comes() -> None:
    made = applied(PATHS, np.array([0.0, 1.0, 0.0]), Effect(2.0), 0.8)
    assert sorted(set(made[:, 1])) == [10.0, 20.0] and (made[:, 1] == 20).sum() == 80
    assert made[:, 1].mean() == pytest.approx(18.0)


def test_the_spread_of_an_effect_widens_and_keeps_its_median() -> None:
    flat = np.full((1000, 1), 10.0)
    made = applied(flat, np.array([1.0]), Effect(2.0, 0.3), 1.0)
    assert np.median(made) == pytest.approx(20.0, rel=1e-3)
    assert np.quantile(made, 0.9) == pytest.approx(20 * np.exp(0.3 * 1.2815515655), rel=0.01)


def test_what_is_not_known_widens_the_band_and_keeps_the_level() -> None:
    made = applied(PATHS, np.array([1.0, 1.0, 0.0]), None, 1.0)
    assert np.median(made[:, 0]) == 50.5 and (made[:, 1] == 10).all() and (made[:, 2] == PATHS[:, 2]).all()
    assert made[-1, 0] == pytest.approx(50.5 + 49.5 * 1.5) and made[0, 0] == 0  # never below nothing
    half = applied(PATHS, np.array([0.5, 0.0, 0.0]), None, 1.0)
    assert half[-1, 0] == pytest.approx(50.5 + 49.5 * 1.25)
