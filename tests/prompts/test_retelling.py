"""Facts in other words: every pattern says what the facts do and nothing else, and a grammar holds all of it."""

import itertools
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xgrammar
from hypothesis import given, settings
from hypothesis import strategies as st
from skucast.agent.forecast.evidence import forecast_message
from skucast.agent.forecast.explain import selected
from skucast.agent.forecast.grounding import ground
from skucast.agent.forecast.report import Evidence, Total
from skucast.finetune.examples.writing import drawn_evidence, retell, writings
from skucast.prompts.retelling import (
    FOCUS,
    answering,
    expansions,
    facts_used,
    focus_of,
    kind_of,
    retelling_grammar,
    retellings,
    sections,
    wordings,
)
from skucast.tools.errors import InputError
from skucast.tools.messages import Message, Money, Percent, Units, message

WEEK = message("period-W")
TOTAL = Total(mean=10, quantiles={"q0.1": 8, "q0.5": 10, "q0.9": 12})
FORECAST = Evidence.of(1, "forecast", forecast_message(TOTAL, [pd.Timestamp("2024-01-07")], "W"))
LEVEL = Evidence.of(
    2,
    "drivers.level",
    message(
        "driver-level",
        recent_mean=Units(9),
        periods=8,
        period=WEEK,
        unit=message("unit-W"),
        way="down",
        change_percent=Percent(5),
        periods_before=8,
    ),
)
PRICE = Evidence.of(3, "drivers.price", message("driver-price-none"))
STRANGE = Evidence(id="E4", tool="drivers.weather", text='It will rain on "3" days.', facts={"days": "3"})
Facts = dict[str, list[list[Evidence]]]


@pytest.fixture(scope="module")
def facts() -> Facts:
    """Facts, and pairs of neighbouring ones, by their kind."""
    found: Facts = defaultdict(list)
    for items in itertools.islice(drawn_evidence(np.random.default_rng(0)), 400):
        shown = selected(items)
        for first, second in itertools.pairwise(shown):
            found[f"{kind_of(first)} + {kind_of(second)}"].append([first, second])
        for item in shown:
            found[kind_of(item)].append([item])
    return found


@pytest.mark.slow
def test_every_retelling_is_borne_out_by_its_facts(facts: Facts) -> None:
    rng = np.random.default_rng(1)
    patterns = retellings()[0]
    seen = set(patterns) & set(facts)
    assert len(seen) >= 0.7 * len(patterns)
    for kind in seen:
        for pattern in patterns[kind]:
            some = facts[kind][int(rng.integers(len(facts[kind])))]
            for text in wordings(some, {kind: [pattern]}):
                assert ground(text, some)[1] == [], pattern
                assert text.endswith(".") and not set("{}|()") & set(text), pattern


@pytest.mark.slow
def test_every_kind_of_fact_has_retellings(facts: Facts) -> None:
    assert {kind for kind in facts if "+" not in kind} <= set(retellings()[0])


def test_kinds_say_which_way() -> None:
    every = [kind_of(item) for item in (FORECAST, LEVEL, PRICE, STRANGE)]
    assert every == ["forecast", "level.down", "price.none", "weather"]
    assert kind_of(LEVEL.in_language("zh")) == "level.down"  # whatever the language of its words
    read = Evidence.model_validate_json(LEVEL.model_dump_json())
    assert read == LEVEL and read.message is None
    assert wordings([read], {"level": ["{period}"]}) == []  # told in the tool's words alone


@pytest.mark.parametrize(
    ("key", "facts", "kind"),
    [
        ("driver-level", {"way": "none"}, "level"),
        ("driver-last_year", {"way": "same"}, "last_year.same"),
        ("driver-mailer", {"way": "up"}, "mailer.up"),
        ("driver-response-discount", {}, "response.discount"),
        ("driver-stockout-unknown", {}, "stockout.unknown"),
        ("evidence-validation-shared", {}, "validation.shared"),
        ("top-sellers-best", {"way": "up"}, "top_sellers"),
    ],
)
def test_the_kind_is_read_from_key_and_facts(key: str, facts: dict[str, str], kind: str) -> None:
    @dataclass
    class One:
        tool: str = "top_sellers"
        text: str = "5 % lower"
        facts: dict[str, float | str] = field(default_factory=dict)
        message: Message | None = None

    assert kind_of(One(message=Message(key, facts))) == kind


def test_a_question_is_answered_by_what_it_is_after() -> None:
    every = [FORECAST, LEVEL, PRICE]
    assert answering(every, "") == every
    assert answering(every, "price") == [FORECAST, PRICE]
    assert answering(every, "down") == [FORECAST, LEVEL]
    assert answering(every, "up") == every  # nothing answers it
    price = message("driver-price", planned_price=Money(2.1), usual_price=Money(2), way="up", change_percent=Percent(5))
    dearer = Evidence.of(3, "drivers.price", price)
    assert kind_of(dearer) == "price.up"
    assert answering([FORECAST, LEVEL, dearer], "up") == [FORECAST, LEVEL, dearer]  # a higher price lifts no demand
    assert answering([FORECAST, LEVEL, dearer], "down") == [FORECAST, LEVEL, dearer]
    assert answering([FORECAST, dearer, STRANGE], "down") == [FORECAST, dearer]
    outlook = message("driver-outlook", forecast_mean=Units(8), way="down", change_percent=Percent(11), period=WEEK)
    lower = Evidence.of(2, "drivers.outlook", outlook)
    dear = [FORECAST, lower, PRICE]
    assert answering(dear, "up") == dear  # asked why it is high: it is low
    assert answering(dear, "price") == [FORECAST, PRICE]
    assert set(retellings()[1]) == set(FOCUS)
    kinds = {part for kind in retellings()[0] for part in kind.split(" + ")}
    for some in FOCUS.values():
        assert all(any(f"{kind}.".startswith(f"{one}.") for kind in kinds) for one in some), some


@pytest.mark.parametrize(
    ("asked", "focus"),
    [
        ("why?", ""),
        ("is it the price?", "price"),
        ("how much of it is down to our mailers", "promotion"),
        ("is that more than last year", "last_year"),
        ("were we out of stock", "stock"),
        ("did the AI change anything", "llm"),
        ("why is it so low?", "down"),
        ("why does it rise", "up"),
        ("price or promotion?", ""),
        ("up or down?", ""),
    ],
)
def test_what_a_question_says_it_is_after(asked: str, focus: str) -> None:
    assert focus_of(asked) == focus


def test_all_facts_where_the_question_says_which() -> None:
    first, price = (wordings([one], retellings()[0])[0] for one in (FORECAST, PRICE))
    grammar = retelling_grammar([FORECAST, PRICE], whole=True)
    assert accepts(grammar, f"{first} {price}") and not accepts(grammar, first)


def test_alternations() -> None:
    assert expansions("a (b (c|d)|e)(, f|) .") == ["a b c, f.", "a b c.", "a e, f.", "a e.", "a b d, f.", "a b d."]


def test_figures_stand_as_the_tools_write_them() -> None:
    one = {"forecast": ["{total_median} units in total over {horizon} {period}s."]}
    assert wordings([FORECAST], one) == ["10 units in total over 1 week."]
    assert wordings([FORECAST, LEVEL], {"forecast + level.down": ["{total_median}, {change_percent2}."]}) == ["10, 5."]
    assert wordings([STRANGE], one) == []
    with pytest.raises(InputError, match="are not among"):
        wordings([PRICE], {"price.none": ["{nothing}"]})
    with pytest.raises(InputError, match="no retelling"):
        retell([PRICE], {}, np.random.default_rng(3))


@pytest.mark.parametrize("line", ["no section", "[a]\n(b"])
def test_bad_files(tmp_path: Path, line: str) -> None:
    (tmp_path / "facts.txt").write_text(line)
    with pytest.raises(InputError, match="under no section, or a bracket"):
        sections(tmp_path / "facts.txt")


def accepts(grammar: str, text: str) -> bool:
    matcher = xgrammar.testing._is_grammar_accept_string
    return bool(matcher(xgrammar.Grammar.from_ebnf(grammar), text))


def test_the_grammar_lets_through_retellings_and_nothing_else() -> None:
    every = [FORECAST, LEVEL, PRICE, STRANGE]
    grammar = retelling_grammar(every)
    patterns = retellings()[0]
    rng = np.random.default_rng(5)
    first = wordings([FORECAST], patterns)[0]
    assert accepts(grammar, first) and accepts(grammar, f"{first} {STRANGE.text}")
    for some in ([FORECAST], [FORECAST, LEVEL], [FORECAST, PRICE], [FORECAST, LEVEL, PRICE]):
        text = retell(some, patterns, rng)
        assert accepts(grammar, text), text
        assert list(facts_used(text, every)) == [every.index(one) for one in some]
    for wrong in (
        "",
        first[:-1],
        f"{first} {first}",
        first.replace("10", "11"),
        f"{first} Sales will rise.",
        LEVEL.text,
    ):
        assert not accepts(grammar, wrong), wrong


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_what_the_writer_learns_is_within_its_grammar(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shown = selected(POOL[seed % len(POOL)])
    told_of = answering(shown, ["", *FOCUS][seed % (len(FOCUS) + 1)])
    text = retell(told_of, retellings()[0], rng)
    assert accepts(retelling_grammar(told_of, whole=True), text) and ground(text, shown)[1] == []
    assert list(facts_used(text, told_of)) == list(range(len(told_of)))


POOL = list(itertools.islice(drawn_evidence(np.random.default_rng(6)), 40))


@pytest.mark.slow
def test_chats_end_in_grounded_words_and_the_same_draws_give_the_same() -> None:
    made, again = (list(writings(30, np.random.default_rng(4))) for _ in range(2))
    assert made == again and len(made) == 30
    for turns, answer in made:
        lines = [line.removeprefix("- ") for line in turns[-1][1].splitlines() if line.startswith("- ")]
        known = [Evidence(id=f"E{n}", tool="t", text=line, facts={}) for n, line in enumerate(lines, 1)]
        assert len(known) >= 2 and ground(answer, known)[1] == []
    assert 0.2 < np.mean(["\nAsked: " in turns[-1][1] for turns, _ in made]) < 1
