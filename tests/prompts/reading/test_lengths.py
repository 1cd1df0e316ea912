"""Lengths of time, and weeks by their place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from skucast.prompts.reading.lengths import Length
from skucast.prompts.reading.request import Reading


@pytest.mark.parametrize(
    ("request_", "found"),
    [
        ("milk next month", [("1m", "ahead", False)]),
        ("milk, the coming twenty-four weeks", [("24w", "ahead", True)]),
        ("the past ten weeks of milk", [("10w", "back", True)]),
        ("an eight-week outlook", [("8w", "ahead", True)]),
        ("half a year out", [("6m", "ahead", True)]),
        ("the next two quarters", [("6m", "ahead", True)]),
        ("milk for 1 fortnight", [("2w", "", True)]),
        ("a couple of months ahead", [("2m", "ahead", True)]),
        ("milk 8w, please", [("8w", "", True)]),
        ("as it was 3 weeks ago", []),
        ("12 weeks back", [("12w", "back", True)]),
        ("last year", [("12m", "back", False)]),
        ("how many a week do we sell", []),
        ("the latest week's sales", []),
        ("weeks ahead with a holiday", []),
        ("10 % off in week 2", []),
        ("forecast the 60w bulb", []),
        ("milk for 1,000 days", []),
        ("未来四周", [("4w", "ahead", True)]),
        ("过去12周卖了多少", [("12w", "back", True)]),
        ("未来半年", [("6m", "ahead", True)]),
        ("下个月", [("1m", "ahead", False)]),
        ("第三周打折", []),
        ("两个季度", [("6m", "", True)]),
    ],
)
def test_lengths_and_where_they_lie(request_: str, found: list[tuple[str, str, bool]]) -> None:
    assert [(one.span, one.way, one.counted) for one in Reading(request_).lengths] == found


@pytest.mark.parametrize(
    ("span", "weekly", "daily"), [("8w", 8, 56), ("10d", 1, 10), ("3m", 13, 91), ("12m", 52, 365), ("1d", 1, 1)]
)
def test_a_length_in_periods_of_the_data(span: str, weekly: int, daily: int) -> None:
    one = Length(span, "back", True)
    assert (one.periods("W"), one.periods("D"), one.periods("MS")) == (weekly, daily, None)


@pytest.mark.parametrize(
    ("request_", "places"),
    [
        ("10 % off in week 2", [2]),
        ("in weeks 2 and 3", [2, 3]),
        ("weeks 1, 3 and 5", [1, 3, 5]),
        ("from week 2 to week 4", [2, 3, 4]),
        ("weeks 4-6", [4, 5, 6]),
        ("in the first two weeks", [1, 2]),
        ("the second and the fourth week", [2, 4]),
        ("in the 3rd week", [3]),
        ("week five", [5]),
        ("第二周打九折", [2]),
        ("第2到第4周", [2, 3, 4]),
        ("前两周促销", [1, 2]),
        ("over the next 8 weeks", []),
        ("10% off a week", []),
        ("weeks 1 to 40", []),
        ("week 0", []),
    ],
)
def test_weeks_by_their_place(request_: str, places: list[int]) -> None:
    assert Reading(request_).weeks == places


@given(st.text(max_size=150))
def test_any_text_is_read(text: str) -> None:
    said = Reading(text)
    assert all(int(one.span[:-1]) >= 0 for one in said.lengths)
    assert all(1 <= week <= 99 for week in said.weeks)
