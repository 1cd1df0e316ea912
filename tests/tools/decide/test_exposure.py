"""Small makers in recommendations, by hand."""

import pytest
from skucast.prompts.messages.say import say_all
from skucast.tools.decide.exposure import exposure, small_makers

SALES = {"A": 70.0, "B": 20.0, "C": 6.0, "D": 4.0, "E": 50.0}
MAKER = {"A": "big", "B": "mid", "C": "ann", "D": "bob"}


def test_small_makers_have_a_fifth_at_most() -> None:
    assert small_makers(SALES, MAKER) == ({"ann", "bob"}, pytest.approx(0.1))  # mid would make it 0.3; E has no maker


def test_shares_and_interval() -> None:
    """Four offers each, of which none or two are small: 20 of 80; the error of a mean of 20 shares of 0 or 1/2."""
    lists = [["A", "A", "B", "B"], ["A", "C", "D", "B"]] * 10
    found = exposure(lists, SALES, MAKER)
    assert found is not None and not found.low
    error = (20 * 0.25**2 / 19) ** 0.5 / 20**0.5
    assert found.offered == 0.25
    assert found.interval == pytest.approx((0.25 - 1.96 * error, 0.25 + 1.96 * error))


def test_a_warning_where_they_are_left_out() -> None:
    found = exposure([["A", "B", "E"]] * 20, SALES, MAKER)
    assert found is not None and found.low
    assert "warning" in say_all(found.messages()) and "警告" in say_all(found.messages(), "zh")
    assert exposure([["C"]] * 5, SALES, MAKER) is None
