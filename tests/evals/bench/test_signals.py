"""The scores of readers, by hand, and that the notes are what they are said to be."""

from datetime import date

import pytest
from skucast.evals.bench.signals import Known, cases, expected, found, matched, placed, score
from skucast.prompts.reading.signals import RulesReader
from skucast.tools.text.signals import read_signals

from ...tools.text.shop import shop


def known(
    kind: str = "promotion", first: int = 8, last: int | None = 14, products: str = "AB", size: float | None = None
) -> Known:
    end = None if last is None else date(2018, 1, last)
    return Known(kind, date(2018, 1, first), end, frozenset(products), size)


def test_what_is_alike() -> None:
    one = known()
    assert one.like(known(first=7, last=15)) and not one.like(known(first=6)) and not one.like(known(last=None))
    assert not one.like(known("media")) and one.like(known("media"), "dates") and one.like(known("media"), "scope")
    assert not one.like(known(products="A")) and one.like(known(products="A"), "kind")
    assert known(last=None).like(known(last=None))
    assert len(matched([one, one], [one])) == 1  # each in one pair at most


def test_scores_by_hand() -> None:
    want = [[known(size=2.0)], [known(size=2.0)], [known()], [], [], []]
    got = [[known(size=2.15)], [known(size=3.0), known("media")], [], [known()], [], []]
    made = score(want, got)
    assert made["F1"]["whole"] == round(2 * 2 / (3 + 4), 3)  # two of three, four read
    assert made["sizes_right"] == 0.5 and made["false_alarms"] == round(1 / 3, 3) and made["silent_notes"] == 3
    assert made["F1_low"] <= made["F1"]["whole"] <= made["F1_high"]
    perfect = score(want, want)
    assert perfect["F1"] == dict.fromkeys(("whole", "kind", "dates", "scope"), 1.0) and perfect["false_alarms"] == 0


def test_the_notes_are_two_halves_a_third_of_them_silent() -> None:
    some = cases()
    assert len(some) == len({case.id for case in some}) == 120
    for split in ("development", "heldout"):
        half = [case for case in some if case.split == split]
        assert len(half) == 60 and 18 <= sum(not case.signals for case in half) <= 20
        assert 18 <= sum(case.lang == "zh" for case in half) <= 20


@pytest.mark.parametrize(
    "case", [case for case in cases() if case.id in ("d04", "d40", "d48")], ids=lambda case: case.id
)
def test_what_is_read_of_a_note_is_compared_by_products(case) -> None:  # type: ignore[no-untyped-def]
    panel = shop()
    read = read_signals([case.note], RulesReader(), panel, case.note.ds)
    assert found(read, panel) == expected(case, panel) or case.id == "d40"  # the shop sells no cereal
    assert all(one.products for one in found(read, panel))


def test_figures_stand_between_their_marks() -> None:
    page = "a\n<!-- figures: begin -->\nold\n<!-- figures: end -->\nb"
    assert placed(page, "new") == "a\n<!-- figures: begin -->\nnew\n<!-- figures: end -->\nb"
