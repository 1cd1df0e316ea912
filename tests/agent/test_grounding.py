"""Numbers in explanations must stand in the evidence."""

import pytest

from skucast.agent.grounding import ground, numbers_in
from skucast.agent.report import Evidence

E1 = Evidence(id="E1", tool="forecast", text="Forecast: 1,412 units over 4 weeks.", facts={"total": "1,412", "h": 4})
E2 = Evidence(id="E2", tool="drivers.level", text="Level 34.2 units a week, 5 % lower.", facts={"level": 34.2, "pct": -5.0})


def test_numbers_are_found_as_written() -> None:
    assert numbers_in("1,412 units, 3.5 % and 2018-01-07") == [
        ("1,412", 1412.0, 0), ("3.5", 3.5, 1), ("2018", 2018.0, 0), ("01", 1.0, 0), ("07", 7.0, 0),
    ]
    assert [n[1] for n in numbers_in("twelve units, half of twenty")] == [12.0, 0.5, 20.0]
    assert numbers_in("no figures, q0 and B12 are names") == []


def test_grounded_numbers_become_claims() -> None:
    claims, loose = ground("We expect 1412 units in 4 weeks; sales ran at 34.2, 5 % lower.", [E1, E2])
    assert loose == []
    assert [(c.number, c.evidence) for c in claims] == [("1412", "E1"), ("4", "E1"), ("34.2", "E2"), ("5", "E2")]


def test_a_number_may_be_rounded_but_not_sharpened() -> None:
    assert ground("about 34 units", [E2])[1] == []
    assert ground("about 34.25 units", [E2])[1] == ["34.25"]
    assert ground("about 35 units", [E2])[1] == ["35"]


@pytest.mark.parametrize("text", ["999 units", "seven weeks", "sales will double", "1,413 units", "0.5 %"])
def test_a_number_without_evidence_is_loose(text: str) -> None:
    assert ground(text, [E1, E2])[1] != []


def test_no_evidence_grounds_nothing() -> None:
    assert ground("4 weeks", [])[1] == ["4"]
