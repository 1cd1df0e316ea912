"""Beyond: what no tool does is known by its words, and what a tool does is let through."""

import math
from collections import Counter

import pytest
from skucast.prompts import beyond as module
from skucast.prompts.beyond import asks, beyond, learned, odds


@pytest.mark.parametrize(
    "request_",
    [
        "email that to the vendor", "great, send the PO to the supplier", "ok order it", "hang a sign in aisle 4",
        "what's our tax rate for 2018?", "who works here tomorrow?", "set it to 2.49 from monday", "给供应商打个电话",
    ],
)  # fmt: skip
def test_what_no_tool_does_is_beyond(request_: str) -> None:
    assert beyond(request_)


@pytest.mark.parametrize(
    "request_",
    [
        "how many will we sell in the next 8 weeks?", "which products fell most last month?", "any odd weeks?",
        "what if we raise it by 8 percent", "reorder point, lead time 2 weeks", "why is it so low?", "未来6周能卖多少",
        "", "...", "explain that", "forecast next week for SKU _", "forecast the next quarter for sku _",
        "show me the price of SKU _", "find cheddar",
    ],
)  # fmt: skip
def test_what_a_tool_does_is_not(request_: str) -> None:
    assert not beyond(request_)


def test_a_sentence_within_answers_for_those_beyond() -> None:
    assert beyond("Email it to Dave.")
    assert not beyond("Email it to Dave. How many will we sell in the next 8 weeks?")


def test_names_say_nothing_of_what_is_asked() -> None:
    assert odds("forecast the joke book", ["joke book"]) == odds("forecast the pear", ["pear"])


def test_odds_are_those_of_the_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """By hand: in 1 of 3 patterns within and 2 of 4 beyond, with a quarter added to each count."""
    within, without = Counter({"ice": 4, "^ice": 4}), Counter({"ice": 8, "^ice": 8})
    monkeypatch.setattr(module, "_counts", lambda: (within, without))
    monkeypatch.setattr(module, "_patterns", lambda: (3, 4))
    share = (2.25 / 4) / (1.25 / 3)
    assert odds("ice") == pytest.approx(0.6 * 2 * math.log(share))


def test_words_of_asking_name_nothing() -> None:
    assert asks("good") and asks("the shelf") and not asks("bread") and not asks("whole milk")
    assert learned("weather") and learned("forecasts") and not learned("banannas") and not learned("u")
