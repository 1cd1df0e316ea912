"""Level shifts: a step is found where it is, and neither noise, slope nor season is one."""

import numpy as np
import pytest
from skucast.tools.data.level_shift import level_shift, levels

WAVE = np.tile([4.0, -3.0, 1.0, -5.0, 2.0, 5.0, -2.0, -4.0, 3.0, -1.0], 20)  # mean 0


@pytest.mark.parametrize(
    ("old", "new", "held"), [(80.0, 35.0, 10), (80.0, 35.0, 6), (40.0, 90.0, 20), (80.0, 50.0, 30)]
)
def test_a_step_is_found_at_its_first_period(old: float, new: float, held: int) -> None:
    y = np.concatenate([old + WAVE[: 100 - held], new + WAVE[:held]])
    assert level_shift(y, 52) == 100 - held
    assert levels(y, 100 - held) == pytest.approx((old, new), abs=1.5)


def test_a_step_of_the_last_five_periods_is_not_sure_yet() -> None:
    assert level_shift(np.concatenate([80 + WAVE[:95], 35 + WAVE[:5]])) is None


@pytest.mark.parametrize(
    "y",
    [
        80 + WAVE[:100],  # no change
        np.concatenate([80 + WAVE[:80], 66 + WAVE[:20]]),  # 17 %: less than a quarter
        80 + 0.8 * np.arange(100) + WAVE[:100],  # a slope
        100 + 50 * np.sin(np.arange(156) * 2 * np.pi / 52) + WAVE[:156],  # a season
        np.concatenate([np.full(90, 80.0), [80, 900, 80, 80, 900, 80, 80, 80, 80, 80]]),  # two odd weeks
        np.concatenate([80 + WAVE[:88], np.zeros(12)]),  # ended or not loaded, no level
        np.tile([0.0, 0.0, 7.0, 0.0, 0.0, 0.0, 2.0], 20),  # a slow seller
        np.full(100, 5.0),
        np.arange(17.0),  # too short
    ],
)
def test_what_is_no_step(y: np.ndarray) -> None:
    assert level_shift(y, 52) is None


def test_a_season_with_edges_is_told_from_a_step_by_the_year_before() -> None:
    summer = np.concatenate([40 + WAVE[:30], 90 + WAVE[:22]])
    y = np.concatenate([summer, summer, summer])[:146]  # 12 weeks into the third summer
    assert level_shift(y, 52) is None
    assert level_shift(y[-42:]) == 30  # without the year before it looks like one


def test_weekends_do_not_hide_a_step_of_daily_sales() -> None:
    week = np.array([10.0, 10.0, 11.0, 12.0, 15.0, 30.0, 25.0])
    y = np.concatenate([np.tile(week, 12), np.tile(week * 2, 3)])
    found = level_shift(y, 7)
    assert found is not None
    assert abs(found - 84) <= 3
    assert level_shift(np.tile(week, 15), 7) is None


def test_periods_that_are_not_known_are_no_level() -> None:
    y = np.concatenate([80 + WAVE[:80], np.full(10, np.nan), 35 + WAVE[:10]])
    assert level_shift(y, 52) == 90
