"""Spelling: words of asking are read as they were meant; names, numbers and words of the language stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from skucast.prompts.reading.typos import SHORT, WORDS, spelt

KNOWN = {"salsa", "stack", "peek", "wheat", "prices", "mail"}


@pytest.mark.parametrize(
    ("request_", "meant"),
    [
        ("forcast SKU 1082185 nxt mnth", "forecast SKU 1082185 next month"),
        ("waht sels best?", "what sells best?"),
        ("reorer point, simlar itmes", "reorder point, similar items"),
        ("the sesonality of chedar", "the seasonality of chedar"),
        ("forecast salsa", "forecast salsa"),  # no sales, where the catalogue has it
        ("stack overflow", "stack overflow"),
        ("it may peek", "it may peek"),
        ("SKU forcast-12 and slaes_7", "SKU forcast-12 and slaes_7"),
        ("预测forcast", "预测forcast"),
        ("thex", "thex"),  # them, or they
        ("", ""),
    ],
)
def test_words_of_asking_are_mended(request_: str, meant: str) -> None:
    assert spelt(request_, KNOWN.__contains__) == meant


@given(st.text(max_size=80))
def test_what_is_known_is_left_alone(request: str) -> None:
    assert spelt(request, lambda _: True) == request


@given(st.lists(st.sampled_from(sorted(WORDS)), max_size=8).map(" ".join))
def test_right_words_are_left_alone(request: str) -> None:
    assert spelt(request, lambda _: False) == request


def test_short_words_stand_for_words() -> None:
    assert not set(SHORT) & WORDS
