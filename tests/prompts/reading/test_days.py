"""Days that notes name, each held against a calendar by hand. 2017-12-11 is a Monday."""

from datetime import date

import pytest
from skucast.prompts.messages.say import say
from skucast.prompts.reading.days import stretches

MONDAY = date(2017, 12, 11)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("closed 3-17 May", "2018-05-03", "2018-05-17"),
        ("from 3 May to 17 May", "2018-05-03", "2018-05-17"),
        ("May 3rd through 17th", "2018-05-03", "2018-05-17"),
        ("Jan 8 - Jan 14", "2018-01-08", "2018-01-14"),
        ("between 8 and 14 January", "2018-01-08", "2018-01-14"),
        ("28 December to 3 January", "2017-12-28", "2018-01-03"),
        ("2018-01-08 to 2018-01-14", "2018-01-08", "2018-01-14"),
        ("from Friday to Monday", "2017-12-15", "2017-12-18"),
        ("Thu 4 Jan to Sat 6 Jan", "2018-01-04", "2018-01-06"),
        ("short until mid July", "2017-12-11", "2018-07-15"),
        ("until 15 January", "2017-12-11", "2018-01-15"),
        ("as of 18 December", "2017-12-18", None),
        ("from next month", "2018-01-01", None),
        ("until further notice", "2017-12-11", None),
        ("next week", "2017-12-18", "2017-12-24"),
        ("this weekend", "2017-12-16", "2017-12-17"),
        ("next month", "2018-01-01", "2018-01-31"),
        ("for the next two weeks", "2017-12-12", "2017-12-25"),
        ("in 3 weeks", "2018-01-01", "2018-01-01"),
        ("tomorrow", "2017-12-12", "2017-12-12"),
        ("in the week of January 17", "2018-01-15", "2018-01-21"),
        ("week 3", "2018-01-15", "2018-01-21"),
        ("in February", "2018-02-01", "2018-02-28"),
        ("late January", "2018-01-21", "2018-01-31"),
        ("first week of January", "2018-01-01", "2018-01-07"),
        ("01/22 - 01/28", "2018-01-22", "2018-01-28"),
        ("25/01/2018", "2018-01-25", "2018-01-25"),
        ("starts on 2 January and ends 8 January", "2018-01-02", "2018-01-08"),
        ("5月3日至17日", "2018-05-03", "2018-05-17"),
        ("1月28日到2月3日", "2018-01-28", "2018-02-03"),
        ("2018年1月8日到1月14日", "2018-01-08", "2018-01-14"),
        ("二月一日起", "2018-02-01", None),
        ("到1月中旬", "2017-12-11", "2018-01-15"),
        ("下周", "2017-12-18", "2017-12-24"),
        ("下周三", "2017-12-20", "2017-12-20"),
        ("本周末", "2017-12-16", "2017-12-17"),
        ("未来两周", "2017-12-12", "2017-12-25"),
        ("下个月", "2018-01-01", "2018-01-31"),
        ("元旦", "2018-01-01", "2018-01-01"),
    ],
)
def test_a_stretch(text: str, first: str, last: str | None) -> None:
    made = [(f"{one.first}", one.last and f"{one.last}") for one in stretches(text, MONDAY)]
    assert made == [(first, last)]


def test_several_stretches_stay_apart() -> None:
    made = stretches("8 Jan - 14 Jan and 15 Jan - 21 Jan", MONDAY)
    assert [(one.first.day, one.last and one.last.day) for one in made] == [(8, 14), (15, 21)]


@pytest.mark.parametrize(
    "text",
    ["we may sell 500 units of 1 kg bags, 20% off", "31 February", "last week", "上周", "13/13", "at some point"],
)
def test_no_days(text: str) -> None:
    assert stretches(text, MONDAY) == []


def test_which_of_two_dates_was_taken_is_said() -> None:
    (one,) = stretches("on 03/04/2018", MONDAY)
    assert one.first == date(2018, 3, 4) and [say(note) for note in one.taken] == ["'03/04/2018' taken as 2018-03-04"]
    (sure,) = stretches("on 03/14/2018", MONDAY)
    assert sure.taken == ()


def test_places_are_where_the_words_stand() -> None:
    text = "Eggs: 八月一日 to nowhere"
    (one,) = stretches(text, MONDAY)
    assert text[slice(*one.at)] == "八月一日"
