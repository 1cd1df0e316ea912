"""Chances from quantiles, worked out by hand."""

import pytest
from skucast.tools.decide.chance import Chance, Side, chance

EVEN = [10.0, 20, 30, 40, 50, 60, 70, 80, 90]  # q0.1 to q0.9
COUNTS = [0.0, 0, 1, 1, 1, 2, 2, 3, 5]


@pytest.mark.parametrize(
    ("units", "side", "percent", "bound"),
    [
        (50, "above", 50, ""),
        (75, "above", 25, ""),  # half way from q0.7 to q0.8
        (75, "below", 75, ""),
        (12, "at least", 88, ""),
        (9.9, "above", 90, "over"),
        (9.9, "below", 10, "under"),
        (90.1, "above", 10, "under"),
        (500, "at most", 90, "over"),
    ],
)
def test_between_and_beyond_the_levels(units: float, side: Side, percent: float, bound: str) -> None:
    found = chance(EVEN, units, side)
    assert (found.percent, found.bound) == (pytest.approx(percent), bound)


@pytest.mark.parametrize(
    ("units", "side", "percent", "bound"),
    [
        (1, "at least", 70, ""),  # q0.3 is the first 1: at most three tenths lie below
        (1, "above", 50, ""),  # q0.5 is the last
        (1, "below", 30, ""),
        (1, "at most", 50, ""),
        (0, "below", 10, "under"),
        (0, "at most", 20, ""),
        (4, "above", 15, ""),  # half way from q0.8 to q0.9
        (5, "at least", 10, ""),
        (5, "above", 10, "under"),
    ],
)
def test_what_equals_the_number_counts_as_the_side_says(units: float, side: Side, percent: float, bound: str) -> None:
    found = chance(COUNTS, units, side)
    assert (found.percent, found.bound) == (pytest.approx(percent), bound)


def test_of_nothing_but_zeros() -> None:
    assert chance([0.0] * 9, 1, "at least") == Chance(pytest.approx(10), "under")
    assert chance([0.0] * 9, 0, "at most") == Chance(90, "over")
