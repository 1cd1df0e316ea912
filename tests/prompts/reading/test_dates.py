"""Times told by the calendar, from the last day that the data knows."""

from datetime import date

import pytest
from skucast.prompts.reading.request import Reading

KNOWN = date(2017, 12, 31)  # a Sunday: the day after begins January
MIDDLE = date(2024, 2, 11)


@pytest.mark.parametrize(
    ("request_", "known", "until"),
    [
        ("how many eggs through the end of January?", KNOWN, ["31d"]),
        ("by the end of the month", KNOWN, ["31d"]),
        ("by the end of the month", MIDDLE, ["18d"]),  # of a leap year: 29 - 11
        ("through the end of the quarter", MIDDLE, ["49d"]),  # 18 and the 31 of March
        ("rest of the year", MIDDLE, ["324d"]),  # 366 - 42
        ("until the end of Q1", KNOWN, ["90d"]),
        ("forecast limes until the end of January", MIDDLE, ["355d"]),  # the next one: 324 and 31
        ("eggs forecast for January", KNOWN, ["31d"]),
        ("more eggs than last January?", KNOWN, []),
        ("eggs forecast for March", KNOWN, []),  # not the month that comes next: its weeks are not all there are
        ("到月底能卖多少", KNOWN, ["31d"]),
        ("到3月底", KNOWN, ["90d"]),
        ("next month", KNOWN, []),
        ("the end of the aisle", KNOWN, []),
        ("by the end of the month", None, []),
        ("how many limes until Christmas", MIDDLE, ["318d"]),  # 366 days less 42, and the 6 after it
        ("limes in Christmas week", MIDDLE, ["324d"]),  # to the end of the seven days from it on
        ("sales at Christmas", MIDDLE, ["324d"]),
        ("stock for Easter", MIDDLE, ["55d"]),  # 31 March: 18 + 31, and 6
        ("to Chinese New Year", date(2024, 1, 1), ["40d"]),  # 10 February
        ("before Chinese New Year", MIDDLE, ["353d"]),  # that of 29 January 2025: 324 and 29
        ("till new year's eve", date(2024, 12, 1), ["31d"]),
        ("forecast for black friday", date(2024, 11, 1), ["34d"]),  # the 29th, and 6
        ("春节前能卖多少", date(2024, 1, 1), ["40d"]),
        ("圣诞那周卖多少", date(2024, 12, 1), ["30d"]),
        ("how did it do last christmas", MIDDLE, []),
        ("forecast easter eggs", MIDDLE, []),
        ("stock of christmas cookies for 6 weeks", MIDDLE, []),
        ("sales since christmas", MIDDLE, []),
        ("how did we do at christmas 2023", MIDDLE, []),
        ("去年春节卖了多少", MIDDLE, []),
    ],
)
def test_how_far_an_end_lies(request_: str, known: date | None, until: list[str]) -> None:
    assert Reading(request_, (), known).until == until


@pytest.mark.parametrize(
    ("request_", "months"),
    [
        ("our worst week this year", ["2024"]),
        ("sales this month", ["2024-02"]),
        ("how did it do this quarter", ["2024-Q1"]),
        ("sales year to date", ["2024"]),
        ("今年卖得怎么样", ["2024"]),
        ("this week", []),
        ("this time last year", []),
    ],
)
def test_the_part_of_the_year_that_the_last_day_lies_in(request_: str, months: list[str]) -> None:
    assert Reading(request_, (), MIDDLE).months == months
    assert Reading(request_).months == []


def test_of_weekly_data_only_whole_weeks_are_counted() -> None:
    end = Reading("through the end of January", (), KNOWN)
    assert end.ends("W") == ["4w"]  # 31 days hold four weeks that end
    assert end.ends("D") == ["31d"]
    assert Reading("by the end of the month", (), date(2024, 2, 27)).ends("W") == ["1w"]
