"""Demand of days partly out of stock: by hand, and on days whose hours are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skucast.tools.forecast.censored import profiles, recover_hours, recovered, share_of_hours, usual_sales


def test_half_a_day_by_hand() -> None:
    """Sold 3 in half a day of usually 10: at 10 * (2 + 0.3) / (2 + 0.5) = 9.2 a day the other half sells 4.6."""
    half = np.array([0.5])
    assert recovered(np.array([3.0]), half, np.array([10.0])) == pytest.approx(7.6)
    assert recovered(np.array([3.0]), half, np.array([10.0]), strength=0) == pytest.approx(6.0)
    assert recovered(np.array([3.0]), half, np.array([10.0]), strength=1e9) == pytest.approx(8.0)


def test_the_ends() -> None:
    """All of it in stock: what was sold. None of it: the usual. No usual: by the share alone, or not known."""
    sold, share, usual = np.array([3.0, 0, 3, 0]), np.array([1.0, 0, 0.5, 0]), np.array([10.0, 10, 0, np.nan])
    made = recovered(sold, share, usual)
    assert made[:3].tolist() == [3, 10, 6]
    assert np.isnan(made[3])


@given(
    sold=st.floats(0, 1e4, allow_subnormal=False),
    share=st.floats(0.01, 1),
    usual=st.floats(0.01, 1e4),
    strength=st.floats(0, 100),
)
def test_between_the_usual_and_the_days_own_rate(sold: float, share: float, usual: float, strength: float) -> None:
    made = float(recovered(np.array([sold]), np.array([share]), np.array([usual]), strength=strength)[0])
    ends = sorted([sold / share, sold + (1 - share) * usual])
    assert ends[0] * (1 - 1e-9) <= made <= ends[1] * (1 + 1e-9)
    assert made >= sold


def test_usual_sales_count_periods_by_their_time_in_stock() -> None:
    """14 units in 1.5 periods; near the last one 4 in half a period, and two periods at that: 22.667 / 2.5."""
    sold, share = np.array([[10.0, 4, 0]]), np.array([[1.0, 0.5, 0]])
    made = usual_sales(sold, share, [], before=1, after=1)
    assert made[0] == pytest.approx([14 / 1.5, 14 / 1.5, (4 + 2 * 14 / 1.5) / 2.5])
    past = usual_sales(sold, share, [], before=1, after=0)
    assert past[0, :2] == pytest.approx([10, 14 / 1.5])
    assert usual_sales(np.zeros((1, 2)), np.zeros((1, 2)), [], before=1, after=1).tolist() == [[0, 0]]


def test_usual_sales_of_a_kind() -> None:
    """Of two kinds in turn, 8 and 2, whose mean is 5: shrunk by two periods, (16 + 10) / 4 and (4 + 10) / 4."""
    sold = np.array([[8.0, 2, 8, 2]])
    made = usual_sales(sold, np.ones((1, 4)), [np.array([[0, 1, 0, 1]])], before=9, after=9)
    assert made[0] == pytest.approx([6.5, 3.5, 6.5, 3.5])


def test_nothing_later_is_looked_at() -> None:
    rng = np.random.default_rng(0)
    sold, share = rng.poisson(5.0, (3, 40)).astype(float), rng.uniform(0.2, 1, (3, 40))
    kinds = [np.tile(np.arange(40) % 7, (3, 1))]
    changed = sold.copy()
    changed[:, 20:] = 99.0
    before = usual_sales(sold, share, kinds, before=14, after=0)
    assert (usual_sales(changed, share, kinds, before=14, after=0)[:, :20] == before[:, :20]).all()


def test_profiles_by_hand() -> None:
    """6 and 2 of a day of usually 8, and 3 in the first hour of another: 9 / 16 and 2 / 8, so shares of 9 and 4."""
    sold, in_stock = np.array([[[6.0, 2], [3, 5]]]), np.array([[[True, True], [True, False]]])
    usual = np.full((1, 2), 8.0)
    assert profiles(sold, in_stock, usual)[0] == pytest.approx([9 / 13, 4 / 13])
    own = profiles(sold, in_stock, usual, np.array([0]))  # 20 units at the shares of the whole
    first, second = (9 + 20 * 9 / 13) / 36, (2 + 20 * 4 / 13) / 28
    assert own[0] == pytest.approx([first / (first + second), second / (first + second)])
    assert profiles(0 * sold, in_stock, usual)[0].tolist() == [0.5, 0.5]


def test_the_last_hours_are_those_without() -> None:
    profile = np.array([0.5, 0.3, 0.2])
    assert share_of_hours(np.array([0, 1, 1.5, 3]), profile) == pytest.approx([1, 0.8, 0.65, 0])


def test_days_alike_are_recovered_whole() -> None:
    """10 a day, 5, 3 and 2 by hour: where the last two hours are out, half of the day was, and 5 are missing."""
    sold = np.tile([5.0, 3, 2], (1, 8, 1))
    in_stock = np.ones(sold.shape, dtype=bool)
    in_stock[0, 3, 1:] = False
    in_stock[0, 5, 2] = False
    demand, share = recover_hours(sold, in_stock, [], before=9, after=9)
    assert demand[0] == pytest.approx(np.full(8, 10.0), abs=0.02)
    assert share[0, [0, 3, 5]] == pytest.approx([1, 0.5, 0.8], abs=0.01)


def test_a_stock_that_runs_out_leaves_no_bias() -> None:
    """Poisson sales over ten hours against a stock drawn for each day: what is lost is found again within a per cent,
    though days run out because they sell; scaling by the share of the day finds far too much."""
    rng = np.random.default_rng(1)
    wanted = rng.poisson(rng.gamma(20, 0.05, (200, 100, 1)) * np.full(10, 1.0)).astype(float)
    upto = np.cumsum(wanted, axis=2)
    stock = rng.uniform(4, 16, (200, 100, 1))
    in_stock = np.concatenate([np.ones((200, 100, 1), dtype=bool), upto[:, :, :-1] < stock], axis=2)
    truth, sold = wanted.sum(axis=2), (wanted * in_stock).sum(axis=2)
    assert sold.sum() / truth.sum() < 0.93
    made, share = recover_hours(wanted, in_stock, [], before=28, after=28)
    assert made.sum() / truth.sum() == pytest.approx(1, abs=0.01)
    out = share < 1
    scaled = recover_hours(wanted, in_stock, [], before=28, after=28, strength=0.0)[0]
    assert abs(made[out].sum() / truth[out].sum() - 1) < abs(scaled[out].sum() / truth[out].sum() - 1)
