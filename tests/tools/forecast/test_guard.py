"""The guard by hand: who has run away, who stands in for it, and how high a quantile may be."""

import numpy as np
import pytest
from skucast.tools.forecast.guard import guarded
from skucast.tools.quantiles import Array

STEADY = np.full((1, 10), 10.0)  # 10 units in each of 10 periods


def flat(*units: float, horizon: int = 2) -> Array:
    """Members that say the same of every level and step of one series, `[M, 1, H, 9]`."""
    return np.stack([np.full((1, horizon, 9), unit) for unit in units])


def test_who_has_run_away_is_replaced_by_the_middle() -> None:
    """The middle total is 20, and 20 the most ever sold in two periods: from above 60 on a member is not believed."""
    assert guarded(flat(10, 10, 40), STEADY) == pytest.approx(flat(10, 10, 10))
    assert guarded(flat(10, 10, 30.1), STEADY) == pytest.approx(flat(10, 10, 10))
    assert guarded(flat(10, 10, 30), STEADY) == pytest.approx(flat(10, 10, 30))
    assert guarded(flat(0, 10, 10), STEADY) == pytest.approx(flat(0, 10, 10))  # low is no running away


def test_what_was_sold_before_may_be_sold_again() -> None:
    """Four times the middle, but 100 were sold in two neighbouring periods once."""
    season = np.array([[10.0, 10, 50, 50, 10, 10]])
    assert guarded(flat(10, 10, 40), season) == pytest.approx(flat(10, 10, 40))
    apart = np.array([[10.0, 50, 10, 10, 50, 10]])  # never more than 60 together
    assert guarded(flat(10, 10, 40), apart) == pytest.approx(flat(10, 10, 10))


def test_the_stand_in_is_the_middle_level_by_level() -> None:
    narrow, wide = np.linspace(8, 12, 9), np.linspace(2, 18, 9)
    members = np.stack([narrow, wide, wide * 9])[:, None, None, :]
    made = guarded(members, STEADY)[:, 0, 0]
    assert made[:2] == pytest.approx(members[:2, 0, 0])
    assert made[2] == pytest.approx([8, 8.5, 9, 9.5, 10, 12, 14, 16, 18])  # the higher of the other two: the middle


def test_each_series_is_judged_by_itself() -> None:
    members = np.concatenate([flat(10, 10, 40), flat(40, 40, 40)], axis=1)
    made = guarded(members, np.repeat(STEADY, 2, axis=0))
    assert made[2, 0] == pytest.approx(np.full((2, 9), 10.0))
    assert made[2, 1] == pytest.approx(np.full((2, 9), 40.0))


def test_no_quantile_is_higher_than_three_times_the_most_ever_sold() -> None:
    """Or than twice the middle member's highest. The member's middle is ordinary; only its tail is not."""
    members = flat(10, 10, 10)
    members[2, ..., -1] = 99.0
    assert guarded(members, STEADY)[2, 0, 0].tolist() == [10] * 8 + [30]
    members[:2, ..., -1] = 20.0
    assert guarded(members, STEADY)[2, 0, 0, -1] == 40
    assert guarded(members, 5 * STEADY)[2, 0, 0, -1] == 99


def test_a_past_shorter_than_the_horizon_is_scaled_up() -> None:
    """12 in three periods are 24 in six; the member says 24 of them, the others 6."""
    members = flat(1, 1, 4, horizon=6)
    assert guarded(members, np.full((1, 3), 4.0)) == pytest.approx(members)
    assert guarded(members, np.full((1, 3), 3.9)) == pytest.approx(flat(1, 1, 1, horizon=6))


@pytest.mark.filterwarnings("error")
def test_what_is_not_known_is_no_past() -> None:
    gaps = np.array([[np.nan, 10, np.nan, 10, 10]])
    assert guarded(flat(10, 10, 40), gaps) == pytest.approx(flat(10, 10, 10))
    assert guarded(flat(1, 1, 2), np.full((1, 5), np.nan)) == pytest.approx(flat(1, 1, 2))
    assert guarded(flat(1, 1, 9), np.full((1, 5), np.nan)) == pytest.approx(flat(1, 1, 1))


def test_two_members_have_no_middle_but_a_ceiling() -> None:
    """Which of the two ran away is not known; but none is higher than three times the most, or twice the lower one."""
    assert guarded(flat(10, 25), STEADY) == pytest.approx(flat(10, 25))
    assert guarded(flat(10, 500), STEADY) == pytest.approx(flat(10, 30))
    assert guarded(flat(400, 500), STEADY) == pytest.approx(flat(400, 500))  # both say so
    assert guarded(flat(500), STEADY) == pytest.approx(flat(500))  # nobody to compare with
