"""Responses to another plan, worked out by hand."""

import numpy as np
import pytest
from skucast.tools.insight.what_if import changed_total, response


def test_a_response_is_a_ratio_and_1_where_nothing_was_forecast() -> None:
    before, after = np.array([10.0, 4.0, 0.0, 0.0]), np.array([15.0, 1.0, 7.0, 0.0])
    assert response(before, after).tolist() == [1.5, 0.25, 1.0, 1.0]


def test_a_response_of_one_step_counts_by_what_it_sells() -> None:
    """30 of 40 units double: 70 of 40; a total of 44 becomes 77."""
    assert changed_total(44.0, np.array([10.0, 30.0]), np.array([1.0, 2.0])) == pytest.approx(77.0)
    assert changed_total(44.0, np.array([10.0, 30.0]), np.array([2.0, 1.0])) == pytest.approx(55.0)
    assert changed_total(44.0, np.array([10.0, 30.0]), np.array([0.0, 0.0])) == 0.0
    assert changed_total(44.0, np.array([0.2, 0.3]), np.array([1.5, 1.5])) == pytest.approx(66.0)


def test_where_nothing_sells_nothing_changes() -> None:
    assert changed_total(3.0, np.zeros(2), np.array([2.0, 2.0])) == 3.0
