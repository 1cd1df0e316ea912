"""Numbers in explanations must stand in the evidence, among the same words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from skucast.agent.forecast import grounding
from skucast.agent.forecast.grounding import ground
from skucast.agent.forecast.report import Evidence

E1 = Evidence(
    id="E1",
    tool="forecast",
    text="Forecast: 1,412 units in total over 4 weeks, likely between 1,250 and 1,600 (80 % interval).",
    facts={},
)
E2 = Evidence(id="E2", tool="drivers.level", text="Recent sales: 34.2 units a week, 5 % lower than before.", facts={})


def test_grounded_numbers_become_claims() -> None:
    text = "We expect 1412 units in total over 4 weeks; sales ran at 34.2 units a week, 5 % lower than before."
    claims, loose = ground(text, [E1, E2])
    assert loose == []
    assert [(c.number, c.evidence) for c in claims] == [("1412", "E1"), ("4", "E1"), ("34.2", "E2"), ("5", "E2")]


def test_a_number_may_be_rounded_but_not_sharpened() -> None:
    assert ground("about 34 units a week", [E2])[1] == []
    assert ground("about 34.25 units a week", [E2])[1] == ["34.25"]
    assert ground("about 35 units a week", [E2])[1] == ["35"]


@pytest.mark.parametrize(
    "text",
    [
        "999 units in total",
        "over seven weeks",
        "sales will double",
        "1,413 units in total",
        "0.5 % lower than before",
        "B12 holds 12 units",
    ],
)
def test_a_number_without_evidence_is_loose(text: str) -> None:
    assert ground(text, [E1, E2])[1] != []


@pytest.mark.parametrize(
    "text",
    [
        "Sales averaged 1,250 units a week.",  # the low end of the total, said of the level
        "We expect 1,600 units.",
        "The forecast is 34.2 units in total over the horizon.",
        "Sales are 80 % lower.",
        "We expect 4, then more.",
    ],
)
def test_a_number_in_another_meaning_is_loose(text: str) -> None:
    assert ground(text, [E1, E2])[1] != []


def test_every_evidence_grounds_its_own_text() -> None:
    for item in (E1, E2):
        assert ground(item.text, [item])[1] == []


def test_names_with_digits_and_texts_without_figures() -> None:
    assert ground("no figures here, and q0 is a name", [E1]) == ([], [])


def test_no_evidence_grounds_nothing() -> None:
    assert ground("4 weeks", [])[1] == ["4"]


@given(st.text(alphabet="ab1,. %\né", max_size=40), st.integers(0, 40), st.integers(0, 3))
def test_the_words_around_are_those_of_the_whole_text(text: str, start: int, length: int) -> None:
    left = ["^", *(token.lower() for token in grounding.TOKEN.findall(text[:start]))][::-1][: grounding.REACH]
    right = [*(token.lower() for token in grounding.TOKEN.findall(text[start + length :])), "$"][: grounding.REACH]
    assert grounding._around(text, start, start + length) == (left, right)


@pytest.mark.parametrize(
    ("text", "loose"),
    [
        ("Sales are 12 % higher than the 8 weeks before.", []),
        ("Sales are 12 % lower than the 8 weeks before.", ["lower"]),
        ("Sales are 12 % higher than last year.", ["higher"]),
        ("The forecast is 7 % lower than last year.", []),
        ("The forecast fell.", []),
        ("Sales rose.", []),
    ],
)
def test_directions_and_what_they_are_compared_with(text: str, loose: list[str]) -> None:
    held = [
        Evidence(id="E1", tool="t", text="Recent sales: 12 % higher than the 8 weeks before.", facts={}),
        Evidence(id="E2", tool="t", text="The forecast is 7 % lower than the 900 units of last year.", facts={}),
    ]
    if text == "The forecast fell.":
        held.append(Evidence(id="E3", tool="t", text="SKU 1 fell most.", facts={}))
    if text == "Sales rose.":
        held.append(Evidence(id="E3", tool="t", text="SKU 2 rose most.", facts={}))
    from skucast.agent.forecast.grounding import directions

    assert directions(text, held) == loose
