"""Learned weights: what they find, how far they are believed, and how they are applied."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skucast.tools.forecast.weights import (
    SHARES,
    blend_weights,
    by_step,
    gated_weights,
    guarded_share,
    learn_weights,
    learned_weight,
    weighted,
)
from skucast.tools.quantiles import Array, average, pinball

EQUAL = [0.5, 0.5]


def sales(n: int, horizon: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).poisson(20, (n, horizon)).astype(float) + 1


def point(y: Array, off: float = 0.0) -> Array:
    """A forecast of every level at the truth, or off by some units."""
    return np.repeat(y[..., None] + off, 9, axis=-1)


def loss(y: Array, members: list[Array], scale: Array, weights: Array) -> float:
    """The slow twin: mean scaled pinball loss over what is known, cell by cell."""
    found = []
    for i in range(len(y)):
        for h in range(y.shape[1]):
            if np.isfinite(y[i, h]) and scale[i] > 0:
                mixed = average([member[i, h] for member in members], list(weights))
                found.append(pinball(y[i, h][None], mixed[None]).mean() / scale[i])
    return float(np.mean(found))


def test_weights_are_earned() -> None:
    y = np.array([10.0, 12.0, 11.0, 9.0])
    right, wrong = point(y), point(y, 50.0)
    made = learned_weight(y, wrong, right)
    assert made.weight == pytest.approx(4 / 28)  # all of it, shrunk by 4 of 4 + 24 steps
    assert (made.loss_base, made.loss_other) == (pytest.approx(25.0), 0.0)  # half of 50, over levels around a half
    assert learned_weight(y, right, wrong).weight == 0.0
    assert learned_weight(y, right, right).weight == 0.0
    assert learned_weight(y, wrong, right, prior_weight=0.5).weight == pytest.approx((4 + 24 * 0.5) / 28)
    assert learned_weight(y, right, wrong, prior_weight=0.9).weight == 0.0  # it lost here, whatever others say
    assert learned_weight(y, wrong, right, prior_steps=4).weight == 0.5


def test_only_known_steps_earn() -> None:
    y = np.array([10.0, 12.0, 11.0, 9.0])
    right, wrong = point(y), point(y, 50.0)
    one = np.array([10.0, np.nan, np.nan, np.nan])
    assert learned_weight(one, wrong, right).weight == pytest.approx(1 / 25)
    nothing = learned_weight(np.full(4, np.nan), right, wrong)
    assert nothing.weight == 0.0 and np.isnan([nothing.loss_base, nothing.loss_other]).all()
    assert learned_weight(np.full(4, np.nan), right, wrong, prior_weight=0.5).weight == 0.0


def test_others_lower_the_best_weight_and_never_raise_it() -> None:
    """2 too high against 1.95 too low: a half is best. By hand 4 and 24 steps: (2 + 24 * prior) / 28, at most 0.5."""
    y = np.array([10.0, 12.0, 11.0, 9.0])
    for prior, weight in ((0.0, 2 / 28), (0.25, 8 / 28), (0.5, 0.5), (0.9, 0.5)):
        assert learned_weight(y, point(y, 2.0), point(y, -1.95), prior_weight=prior).weight == pytest.approx(weight)


def test_a_newcomer_must_be_better_by_itself() -> None:
    """Averaging with one that errs to the other side would help by luck. A miss of d units costs d / 2."""
    y = np.array([10.0, 12.0, 11.0, 9.0])
    worse = learned_weight(y, point(y, 2.0), point(y, -5.0))
    assert (worse.weight, worse.loss_base, worse.loss_other) == (0.0, pytest.approx(1.0), pytest.approx(2.5))
    assert learned_weight(y, point(y, 2.0), point(y, -2.0)).weight == 0.0
    better = learned_weight(y, point(y, 2.0), point(y, -1.95))
    assert better.weight == pytest.approx(4 * 0.5 / 28)  # of the grid, 0.5 is nearest to 2 / 3.95
    assert better.loss_other == pytest.approx(0.975)


@pytest.mark.parametrize("unit", [1.0, 0.1])
def test_one_step_of_the_gradient_by_hand(unit: float) -> None:
    """Members at 2 above and 6 below, each half: 2 too low on average.

    All levels lie below the truth, so the gradient is minus half of each member: -31 and -27 (means of 12 and 112, of 4
    and 104), apart from their mean by 2. The members lie 4 from their mean, so the first rate is 4 / 4. Weights
    become e^2 and e^-2, over their sum; in other units the rate is larger as the gradient is smaller.
    """
    y = unit * np.array([[10.0, 110.0]])
    members = [point(y, 2.0 * unit), point(y, -6.0 * unit)]
    right = np.exp([2.0, -2.0]) / np.exp([2.0, -2.0]).sum()
    assert learn_weights(y, members, np.ones(1), rounds=2) == pytest.approx(right)
    assert learn_weights(y, members, np.ones(1), rounds=1).tolist() == EQUAL
    start = np.array([0.2, 0.8])
    assert learn_weights(y, members, np.ones(1), start=start, rounds=1).tolist() == [0.2, 0.8]


def test_the_second_step_is_shorter_by_the_root_of_two() -> None:
    """From nearly all on the member that is 6 too low, two steps are too few to overshoot: -2, then -2 / sqrt(2)."""
    y = np.array([[10.0]])
    made = learn_weights(y, [point(y, 2.0), point(y, -6.0)], np.ones(1), start=np.array([0.001, 0.999]), rounds=3)
    odds = 0.001 / 0.999 * np.exp(4 * (1 + 1 / np.sqrt(2)))
    assert made == pytest.approx([odds / (1 + odds), 1 / (1 + odds)])


def test_a_perfect_member_gets_nearly_all() -> None:
    y = sales(40, 4)
    members = [point(y, 9.0), point(y), point(y, 4.0)]
    weights = learn_weights(y, members, np.ones(40))
    assert weights.sum() == pytest.approx(1.0)
    assert weights[1] > 0.97


def test_two_that_err_on_opposite_sides_share() -> None:
    """One is 2 too high, the other 6 too low: 3 parts of the first to 1 of the second are right."""
    y = sales(40, 4)
    weights = learn_weights(y, [point(y, 2.0), point(y, -6.0)], np.ones(40))
    assert weights == pytest.approx([0.75, 0.25], abs=0.02)


def test_large_series_do_not_drown_small_ones() -> None:
    """Scaled, ten small series count for more than one that is a thousand times as large."""
    y = sales(11, 4)
    y[10] *= 1000
    scale = np.array([1.0] * 10 + [1000.0])
    good_for_small = point(y)
    good_for_small[10] *= 1.5
    good_for_large = point(y, 10.0)
    good_for_large[10] = point(y)[10]
    assert learn_weights(y, [good_for_small, good_for_large], scale)[0] > 0.9
    assert learn_weights(y, [good_for_small, good_for_large], np.ones(11))[0] < 0.1


@pytest.mark.slow
@settings(deadline=None, max_examples=30, derandomize=True)
@given(st.integers(0, 10_000), st.integers(2, 4), st.floats(0, 0.5))
def test_never_worse_than_where_it_started(seed: int, count: int, missing: float) -> None:
    rng = np.random.default_rng(seed)
    y = rng.gamma(2, 10, (6, 3))
    scale = rng.uniform(0.5, 20, 6)
    members = [np.sort(rng.gamma(2, 10, (6, 3, 9)), axis=-1) for _ in range(count)]
    y[rng.random(y.shape) < missing] = np.nan
    y[0, 0] = 5.0
    equal = np.full(count, 1 / count)
    learned = learn_weights(y, members, scale)
    assert learned.sum() == pytest.approx(1.0) and (learned >= 0).all()
    assert loss(y, members, scale, learned) <= loss(y, members, scale, equal) + 1e-9
    start = rng.dirichlet(np.ones(count))
    from_start = learn_weights(y, members, scale, start=start)
    assert loss(y, members, scale, from_start) <= loss(y, members, scale, start) + 1e-9


def test_near_the_best_of_a_fine_grid() -> None:
    rng = np.random.default_rng(8)
    y = rng.gamma(2, 10, (30, 4))
    scale = np.full(30, 10.0)
    members = [np.sort(y[..., None] + rng.normal(off, 6, (30, 4, 9)), axis=-1) for off in (3.0, -2.0)]
    learned = loss(y, members, scale, learn_weights(y, members, scale))
    grid = [loss(y, members, scale, np.array([w, 1 - w])) for w in np.linspace(0, 1, 51)]
    assert learned <= min(grid) * 1.002


@pytest.mark.filterwarnings("error")
def test_what_is_not_known_teaches_nothing() -> None:
    y = sales(20, 4)
    members = [point(y), point(y, 5.0)]
    assert learn_weights(np.full((20, 4), np.nan), members, np.ones(20)).tolist() == EQUAL
    assert learn_weights(y, members, np.full(20, np.nan)).tolist() == EQUAL
    assert learn_weights(y, members, np.zeros(20)).tolist() == EQUAL
    assert learn_weights(y, members[:1], np.ones(20)).tolist() == [1.0]
    half = np.where(np.arange(4) < 2, y, np.nan)
    members[1][:, 2:] = 0.0  # where no truth is known it does not matter what was forecast
    members[0][:, 2:] = 1e6
    assert learn_weights(half, members, np.ones(20))[0] > 0.97


@pytest.mark.filterwarnings("ignore:.*:RuntimeWarning")
def test_series_without_a_scale_teach_nothing() -> None:
    y, scale = sales(20, 4), np.where(np.arange(20) < 10, 3.0, 0.0)
    members = [noisy(y, 1, 1), noisy(y, -1, 2)]
    alone = learn_weights(y[:10], [member[:10] for member in members], scale[:10])
    assert learn_weights(y, members, scale).tolist() == alone.tolist()


# --- the weights of a blend -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "first"), [(1, 1 / 301), (100, 0.25), (300, 0.5), (2700, 0.9)])
def test_the_blend_is_believed_by_its_number(n: int, first: float) -> None:
    """The first member is right, the prior is all on the second: n of n + 300 go to the first."""
    y, scale, prior = sales(n, 3), np.ones(n), np.array([0.0, 1.0])
    made = blend_weights(y, np.stack([point(y), point(y, 5.0)]), scale, np.zeros(n), prior)
    assert made[0] == pytest.approx(first, rel=0.03)
    assert made.sum() == pytest.approx(1.0)


def test_the_best_of_a_blend_is_learned_from_half_way_to_equal_weights() -> None:
    """From the prior itself, a member of no weight there could never be learned."""
    y, scale, prior = sales(40, 3), np.ones(40), np.array([1.0, 0.0, 0.0])
    members = np.stack([noisy(y, off, seed) for seed, off in enumerate((3.0, -2.0, 1.0))])
    best = learn_weights(y, list(members), scale, start=np.array([4 / 6, 1 / 6, 1 / 6]))
    made = blend_weights(y, members, scale, [0] * 40, prior)
    assert made == pytest.approx((40 * best + 300 * prior) / 340)
    assert made[1] > 0.01


def test_a_rough_window_counts_the_same_as_a_calm_one() -> None:
    """In 10 series-windows the second is 30 off, in 12 calm ones the first is 1 off: the second is right more often.

    Half of 30 and half of 1 are the losses, the middles 7.5 and 0.25: 10 times 2 against 12 times 2.
    """
    y, scale, rough = sales(22, 3), np.ones(22), np.arange(22) < 10
    members = np.stack([point(y, 0.0), point(y, 0.0)])
    members[1, rough] += 30.0
    members[0, ~rough] += 1.0
    made = blend_weights(y, members, scale, np.where(rough, 0, 1), np.array(EQUAL))
    assert made[1] == pytest.approx((22 + 150) / 322, abs=0.002)
    in_one = blend_weights(y, members, scale, [0] * 22, np.array(EQUAL))
    assert in_one[0] == pytest.approx((22 + 150) / 322, abs=0.002)  # as one window, the rough series would decide


def test_a_series_that_exploded_does_not_silence_its_window() -> None:
    """One series-window of ten is missed by a million, by both; it counts as 20, and the other nine are still heard.

    There the second is 2 off: the means are 2 and 2.9, so nine times 1 / 2.45. In the other window, of one series, the
    first is 1 off: once 0.5 / 0.25.
    """
    y, scale, window = sales(11, 3), np.ones(11), np.array([0] * 10 + [1])
    members = np.stack([point(y), point(y)])
    members[1, :9] += 2.0
    members[:, 9] += 2e6
    members[0, 10] += 1.0
    made = blend_weights(y, members, scale, window, np.array(EQUAL))
    assert made[0] == pytest.approx((11 + 150) / 311, abs=0.002)


@pytest.mark.filterwarnings("error")
def test_series_with_nothing_known_are_no_proof() -> None:
    """5 series of which the truth is known teach as much as they do alone, however many are not known beside them."""
    y, scale, prior = sales(60, 3), np.ones(60), np.array([0.2, 0.8])
    members = np.stack([point(y), point(y, 5.0)])
    y[5:40] = np.nan
    scale[40:50], scale[50:] = np.nan, 0.0
    among = blend_weights(y, members, scale, [0] * 60, prior)
    assert among == pytest.approx(blend_weights(y[:5], members[:, :5], scale[:5], [0] * 5, prior))
    assert blend_weights(np.full_like(y, np.nan), members, scale, [0] * 60, prior).tolist() == [0.2, 0.8]
    assert blend_weights(y, members[:1], scale, [0] * 60, np.ones(1)).tolist() == [1.0]


def test_a_large_sample_is_repeatable() -> None:
    y, scale, prior = sales(3000, 1), np.ones(3000), np.array(EQUAL)
    members = np.stack([point(y, 1.0), point(y, -2.0)])
    one, same = (blend_weights(y, members, scale, [0] * 3000, prior) for _ in range(2))
    assert np.array_equal(one, same)
    assert one == pytest.approx([(3000 * 2 / 3 + 150) / 3300, (3000 / 3 + 150) / 3300], abs=0.03)


def test_a_sample_is_drawn_without_repeats_from_more_than_enough() -> None:
    """1,500 are enough. All weights are shrunk to the prior ones, as 3,000 against 300."""
    y, scale, prior = sales(3000, 1), np.ones(3000), np.array([0.3, 0.7])
    members = np.stack([noisy(y, 0, 1), noisy(y, 1, 2)])
    rows = np.sort(np.random.default_rng(0).choice(3000, 1500, replace=False))
    best = learn_weights(y[rows], list(members[:, rows]), scale[rows], start=np.array([0.4, 0.6]))
    made = blend_weights(y, members, scale, [0] * 3000, prior)
    assert made == pytest.approx((3000 * best + 300 * prior) / 3300, abs=1e-9)
    best = learn_weights(y[:1500], list(members[:, :1500]), scale[:1500], start=np.array([0.4, 0.6]))
    few = blend_weights(y[:1500], members[:, :1500], scale[:1500], [0] * 1500, prior)
    assert few == pytest.approx((1500 * best + 300 * prior) / 1800, abs=1e-9)


def test_what_is_learned_fades_beyond_the_steps_that_were_proven() -> None:
    """Proven for two steps: all of it there, two thirds of it at the third, a half at the fourth."""
    made = by_step(np.array([0.2, 0.8]), np.array([1.0, 0.0]), 2, 4)
    assert made[0] == pytest.approx([0.2, 0.2, 0.2 * 2 / 3 + 1 / 3, 0.6])
    assert made.sum(axis=0) == pytest.approx(np.ones(4))
    assert by_step(np.array([0.2, 0.8]), np.array([1.0, 0.0]), 9, 2)[0] == pytest.approx([0.2, 0.2])


def test_weighted_by_hand() -> None:
    a, b = np.full((3, 2, 9), 10.0), np.full((3, 2, 9), 20.0)
    mixed = weighted([a, b], np.array([0.9, 0.1]))
    assert mixed.shape == (3, 2, 9) and mixed == pytest.approx(np.full((3, 2, 9), 11.0))
    by_steps = weighted([a, b], np.array([[0.9, 0.0], [0.1, 1.0]]))
    assert by_steps[:, 0] == pytest.approx(np.full((3, 9), 11.0))
    assert by_steps[:, 1] == pytest.approx(np.full((3, 9), 20.0))


@settings(deadline=None, max_examples=30, derandomize=True)
@given(st.integers(0, 10_000))
def test_weighted_is_the_average_series_by_series(seed: int) -> None:
    rng = np.random.default_rng(seed)
    members = [np.sort(rng.gamma(2, 5, (4, 3, 9)), axis=-1) for _ in range(3)]
    weights = rng.dirichlet(np.ones(3), size=3).T  # [M, H]
    mixed = weighted(members, weights)
    for i in range(4):
        for step in range(3):
            twin = average([member[i, step] for member in members], list(weights[:, step]))
            np.testing.assert_allclose(mixed[i, step], twin)
    assert (np.diff(mixed, axis=-1) >= -1e-9).all()


# --- the gate -------------------------------------------------------------------------------------------------------


def noisy(y: Array, off: float, seed: int) -> Array:
    return np.repeat((y + np.random.default_rng(seed).normal(off, 4, y.shape))[..., None], 9, axis=-1)


def test_a_newcomer_that_helps_earns_a_part() -> None:
    """Errors of the two are independent, so their average is better than either."""
    y, scale = sales(200, 4), np.ones(200)
    weights = gated_weights(y, [noisy(y, 0, 1), noisy(y, 0, 2)], scale)
    assert weights == pytest.approx([0.5, 0.5], abs=0.1)


def test_a_gain_is_proved_by_more_than_its_standard_error() -> None:
    """The newcomer misses by 2.5, 2.5, 2.5 and -1.5 units less: a mean of 1.5, its error 1, whatever its weight is."""
    y, less = np.zeros((4, 1)), np.array([[2.5], [2.5], [2.5], [-1.5]])
    members = [point(y, 5000.0), point(5000.0 - less)]
    assert gated_weights(y, members, np.ones(4))[1] > 0.4
    assert gated_weights(y, members, np.ones(4), doubt=1.75).tolist() == [1.0, 0.0]
    once_more = [members[0], point(5000.0 - less + 0.75)]  # a mean of 0.75
    assert gated_weights(y, once_more, np.ones(4)).tolist() == [1.0, 0.0]


def test_a_newcomer_that_changes_nothing_gets_nothing() -> None:
    y, scale = sales(20, 4), np.ones(20)
    weights = gated_weights(y, [point(y, 4.0), point(y, 4.0)], scale)
    assert weights.tolist() == [1.0, 0.0]


def test_a_newcomer_that_is_worse_gets_nothing() -> None:
    y, scale = sales(200, 4), np.ones(200)
    weights = gated_weights(y, [point(y, 1.0), noisy(y, 30, 2)], scale)
    assert weights.tolist() == [1.0, 0.0]


def test_a_newcomer_with_little_proof_is_shrunk_to_a_half() -> None:
    """Ten series in which the newcomer alone is right: 10 of 30 parts its own, 20 of 30 a half."""
    y = sales(10, 3)
    made = gated_weights(y, [point(y, 5.0) + np.arange(10)[:, None, None] / 10, point(y)], np.ones(10))
    assert made[1] == pytest.approx((10 + 20 * 0.5) / 30, abs=0.01)


def test_a_newcomer_has_a_small_share_until_it_does_harm() -> None:
    y, scale, windows = sales(200, 4), np.ones(200), [0] * 100 + [1] * 100
    old, like, bad = noisy(y, 0, 1), noisy(y, 0, 2), noisy(y, 200, 2)

    def share(new: Array, rows: int = 200, truth: Array = y) -> float:
        return guarded_share(truth[:rows], old[:rows], new[:rows], scale[:rows], windows[:rows])

    assert share(old) == SHARES[0]
    assert share(bad) == 0.0
    assert share(like, rows=1) == 0.0  # one series-window is no proof
    assert share(like, rows=0) == 0.0
    assert share(like, truth=np.full_like(y, np.nan)) == 0.0


def shared(
    gains: list[float], windows: list[int] | None = None, scale: list[float] | None = None, doubt: float | None = None
) -> float:
    """The share of a newcomer that misses by so many units less, each in one step, than what stands, 5,000 above."""
    n = len(gains)
    y, stands, off = np.zeros((n, 1)), np.full((n, 1), 5000.0), np.array(gains)[:, None]
    arguments = y, point(stands), point(stands - off), np.array(scale or [1.0] * n), windows or [0] * n
    return guarded_share(*arguments) if doubt is None else guarded_share(*arguments, doubt=doubt)


def test_harm_is_proved_by_more_than_its_standard_error() -> None:
    """Of -2.2, -2.2, -2.2 and 1.8 the mean is -1.2; the deviation 2 (squares 1, 1, 1 and 9 over 3), its error 1."""
    harm = [-2.2, -2.2, -2.2, 1.8]
    assert shared(harm) == 0.0
    assert shared(harm, doubt=1.25) == SHARES[0]
    assert shared([-1.8, -1.8, -1.8, 2.2]) == SHARES[0]  # a mean of -0.8
    assert shared([-1.0, -1.0, -1.0, 3.5]) == SHARES[0]  # a gain, though not a proved one
    assert shared([1.0, 2.0]) == SHARES[0]
    assert shared([-1.0, -2.0]) == 0.0


def test_harm_counts_in_units_of_each_series_scale() -> None:
    assert shared([-2.2, -2.2, -2.2, 1800.0], scale=[1.0, 1.0, 1.0, 1000.0]) == 0.0


def test_a_newcomer_that_says_the_same_has_a_small_share() -> None:
    assert guarded_share(np.zeros((4, 1)), *np.zeros((2, 4, 1, 9)), np.ones(4), [0, 0, 1, 1]) == SHARES[0]


def test_shares_are_tried_one_after_the_other() -> None:
    """What stands is 1 too high, the newcomer 7 too low: misses are 0.6 at a share of 0.05, 0.2 at 0.1, 0.6 at 0.2."""
    y = np.zeros((4, 1))
    assert guarded_share(y, point(y, 1.0), point(y, -7.0), np.ones(4), [0, 0, 1, 1]) == 0.1


def test_one_window_of_three_without_a_gain_is_enough_to_stop() -> None:
    windows = [0] * 20 + [1] * 20 + [2] * 20
    assert shared([100.0] * 40 + [-1.0] * 20, windows) == SHARES[0]
    assert shared([100.0] * 40 + [1.0] * 20, windows) == SHARES[-1]


def test_a_newcomer_gets_more_only_where_every_window_speaks_for_it() -> None:
    y, scale, windows = sales(200, 4), np.ones(200), [0] * 100 + [1] * 100
    old = noisy(y, 0, 1)
    assert guarded_share(y, old, point(y), scale, windows) == SHARES[-1]
    once = np.concatenate([point(y[:100]), noisy(y[100:], 15, 2)])  # right in one, off in the other
    assert guarded_share(y, old, once, scale, windows) == SHARES[0]
    assert guarded_share(y[:100], old[:100], point(y[:100]), scale[:100], windows[:100]) == SHARES[0]


def test_without_proof_the_standing_forecast_stands() -> None:
    nothing = np.zeros((0, 4, 9))
    assert gated_weights(np.zeros((0, 4)), [nothing, nothing], np.zeros(0)).tolist() == [1.0, 0.0]
    y = np.full((3, 4), np.nan)
    weights = gated_weights(y, [point(sales(3, 4)), point(sales(3, 4))], np.ones(3))
    assert weights.tolist() == [1.0, 0.0]


def test_luck_within_the_noise_earns_nothing() -> None:
    """Twenty newcomers of pure noise added to the standing forecast: hardly any gets a part."""
    y, scale = sales(60, 2), np.ones(60)
    old = noisy(y, 0, 0)
    taken = [
        gated_weights(y, [old, old + np.random.default_rng(s).normal(0, 6, (60, 2, 1))], scale)[1] for s in range(20)
    ]
    assert sum(part > 0 for part in taken) <= 2
