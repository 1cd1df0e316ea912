"""The session that the README shows is what the command shows."""

import pytest
from skucast.evals.transcript import BEGIN, END, README, held, put, shape, transcript


@pytest.mark.slow
def test_the_readme_shows_what_the_chat_says() -> None:
    shown = held(README.read_text(encoding="utf-8"))
    assert shape(transcript()) == shape(shown)
    assert shown.count("skucast> ") == 8 and "→ forecast(product=1082185, horizon=1m)" in shown


def test_a_session_is_put_between_the_marks_and_read_back() -> None:
    made = put(f"before\n{BEGIN}old{END}\nafter\n", "skucast> hi\n")
    assert made == f"before\n{BEGIN}```\nskucast> hi\n```\n{END}\nafter\n"
    assert held(made) == "skucast> hi\n"
    with pytest.raises(ValueError, match="no marks"):
        put("before", "x")


def test_the_shape_holds_words_and_not_figures() -> None:
    assert shape("sold 1,234 units ▁▂▃") == shape("sold 99.5 units ▃▂▁") != shape("kept 99.5 units ▃▂▁")
