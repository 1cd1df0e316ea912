"""The rules reader: what it reads of a note, what it leaves, and what it says that it took."""

import pytest
from skucast.prompts.messages.say import say
from skucast.prompts.reading.signals import RulesReader, size, sizes
from skucast.tools.text.signals import LIKELY, SURE, VAGUE, Signal

from ...tools.text.shop import note, shop

PANEL = shop()


def read(text: str, **more: str) -> list[Signal]:
    return RulesReader().read(note(text, **more), PANEL)


def short(one: Signal) -> tuple[str, str, str, str, float | None]:
    scope = " ".join(f"{scope.column}={scope.value}" for scope in one.scope)
    return one.kind, f"{one.start:%m-%d}", "" if one.end is None else f"{one.end:%m-%d}", scope, one.size


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yogurt on promotion 11-17 December.", ("promotion", "12-11", "12-17", "category=yogurt", None)),
        ("Yogurt 20 % off from 8 to 14 January", ("promotion", "01-08", "01-14", "category=yogurt", None)),
        ("Yogurt promotion next week, sales double.", ("promotion", "12-11", "12-17", "category=yogurt", 2.0)),
        ("Item 1001: price up 8% from 1 January.", ("price", "01-01", "", "unique_id=1001", None)),
        ("Store 12 closed for refurbishment 3-17 May.", ("closure", "05-03", "05-17", "store=12", 0.0)),
        ("All stores closed on 25 December.", ("closure", "12-25", "12-25", "all=", 0.0)),
        ("Cheese is delisted on 1 January.", ("delisting", "01-01", "", "category=cheese", 0.0)),
        ("Pizza out of stock until 15 January.", ("supply", "12-08", "01-15", "category=frozen pizza", 0.0)),
        ("TV spot for cheese. It runs 2-8 January.", ("media", "01-02", "01-08", "category=cheese", None)),
        ("酸奶下周促销，销量增加30%。", ("promotion", "12-11", "12-17", "category=yogurt", 1.3)),
        ("奶酪缺货到1月15日。", ("supply", "12-08", "01-15", "category=cheese", 0.0)),
    ],
)
def test_one_signal(text: str, expected: tuple[str, str, str, str, float | None]) -> None:
    assert [short(one) for one in read(text) if one.comes] == [expected]


def test_several_events_of_one_note() -> None:
    made = read("Yogurt promotion 8 Jan - 14 Jan and cheese promotion 15 Jan - 21 Jan. Store 7 closed on 1 January.")
    assert [short(one)[:4] for one in made] == [
        ("promotion", "01-08", "01-14", "category=yogurt"),
        ("promotion", "01-15", "01-21", "category=cheese"),
        ("closure", "01-01", "01-01", "store=7"),
    ]
    (both,) = read("Yogurt and cheese on promotion 8-14 January.")
    assert short(both)[3] == "category=yogurt category=cheese"


@pytest.mark.parametrize(
    "text",
    [
        "Yogurt sells well.",  # nothing comes
        "There may be a yogurt promotion some day.",  # no date
        "Promotion from 8 to 14 January.",  # of what?
        "Pepsi promotion from 8 to 14 January.",  # other people's product
        "Meeting about yogurt on 8 January.",  # no event
        "Promotion of yogurt last year.",
    ],
)
def test_nothing_to_read(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The yogurt promotion of 8-14 January is cancelled.",
        "No promotion of yogurt in January after all.",
        "We decided not to discount yogurt in January.",
        "酸奶1月促销取消。",
        "1月酸奶没有促销。",
    ],
)
def test_what_does_not_come_is_no_signal_but_withdraws_one(text: str) -> None:
    (one,) = read(text)
    assert not one.comes and one.kind == "promotion" and one.size is None


def test_certainty_is_that_of_the_words() -> None:
    for text, certainty in (("is", SURE), ("is expected to be", LIKELY), ("might be", VAGUE)):
        (one,) = read(f"Yogurt {text} on promotion 8-14 January.")
        assert one.certainty == certainty


def test_the_label_of_a_note_says_what_it_is_about() -> None:
    (one,) = read("Promotion from 8 to 14 January.", product="1002")
    assert short(one)[3] == "unique_id=1002"
    (named,) = read(
        "Cheese promotion from 8 to 14 January.", product="1002"
    )  # its words go first, the fence comes later
    assert short(named)[3] == "category=cheese"


def test_what_was_taken_is_said() -> None:
    (one,) = read("Pizza promotion on 03/04.")
    assert [say(taken) for taken in one.taken] == ["'Pizza' taken as frozen pizza", "'03/04' taken as 2018-03-04"]


def test_the_words_and_their_place() -> None:
    (one,) = read("Hello. Yogurt on promotion 8-14 January.", title="Plan")
    assert one.quote == "Yogurt on promotion 8-14 January" and one.span == (13, 45)
    assert "Plan. Hello. Yogurt on promotion 8-14 January."[slice(*one.span)].strip() == one.quote


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("sales doubled", 2),
        ("demand up 30%", 1.3),
        ("we expect +60% volume", 1.6),
        ("20% less demand", 0.8),
        ("delivers only 60% of orders", 0.6),
        ("demand rises by a third", 1.333),
        ("sales halve", 0.5),
        ("demand times four", 4),
        ("we sell 2.5 times the usual", 2.5),
        ("销量减半", 0.5),
        ("需求是平时的3倍", 3),
        ("到货只有6成", 0.6),
        ("no deliveries", 0),
        ("20% off", None),
        ("the price rises by 10%, sales do not matter", None),
        ("half price", None),
        ("sells in 1 kg bags", None),
    ],
)
def test_sizes_are_of_demand_not_of_prices(text: str, times: float | None) -> None:
    assert size(text) == (None if times is None else pytest.approx(times))


def test_all_sizes_that_a_text_bears_out() -> None:
    assert sizes("20% off, sales double or 3x") == pytest.approx([0, 0.2, 0.8, 1.2, 2, 3])
    assert sizes("nothing of the kind") == [0.0]
