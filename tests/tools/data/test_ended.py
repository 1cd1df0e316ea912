"""Ended products, by the chance of their last gap."""

import numpy as np
import pytest
from skucast.tools.data.ended import ended, idle

WEEKLY = [5.0] * 40


@pytest.mark.parametrize(
    ("y", "expected"),
    [
        (WEEKLY + [0.0] * 26, True),  # rate 39.5 / 40: (1 / 80) ** 26
        (WEEKLY + [0.0] * 13, True),
        (WEEKLY + [0.0] * 12, False),  # a quarter is the least
        (WEEKLY + [np.nan] * 26, False),  # out of stock: not known
        ([3.0, 0.0, 0.0, 0.0] * 20 + [0.0] * 13, False),  # a sale every fourth week: 19.5 / 77, (.747) ** 16 = .009
        ([3.0, 0.0, 0.0, 0.0] * 20 + [0.0] * 26, True),  # (.747) ** 29 = .0002
        (([0.0] * 44 + [9.0] * 8) * 3 + [0.0] * 60, False),  # a Christmas article that begins late: 1.5 x 44 = 66
        (([0.0] * 44 + [9.0] * 8) * 3 + [0.0] * 70, True),
        ([0.0] * 20 + [4.0, 0.0, 4.0] + [0.0] * 50, False),  # two sales show no rate
        ([0.0] * 60, False),
        ([], False),
    ],
)
def test_a_series_has_ended_where_its_last_gap_is_no_gap_of_its_own(y: list[float], expected: bool) -> None:
    assert ended(np.array([y])).tolist() == [expected]


def test_each_series_is_judged_by_itself() -> None:
    y = np.array([[5.0] * 53, [5.0] * 27 + [0.0] * 26])
    assert ended(y).tolist() == [False, True]
    assert idle(y).tolist() == [0, 26]
    assert idle(np.zeros((1, 7))).tolist() == [7]


def test_months_need_fewer_periods() -> None:
    y = np.array([[9.0] * 24 + [0.0] * 5])
    assert ended(y).tolist() == [False]
    assert ended(y, least=4).tolist() == [True]
