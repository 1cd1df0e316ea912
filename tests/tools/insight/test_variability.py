"""How unevenly products sell, worked out by hand."""

from collections.abc import Callable

import pytest
from skucast.tools.data.panel import Panel
from skucast.tools.insight.variability import FEWEST, variability

Shop = Callable[..., Panel]


def test_by_hand(shop: Shop) -> None:
    """8 and 12 in turn: mean 10, standard deviation 2; 0 and 20 in turn: mean 10, deviation 10, half of it empty."""
    found = variability(shop({"even": [8, 12] * 5, "lumpy": [0, 20] * 5, "same": [7] * 10})).products
    assert list(found.index) == ["lumpy", "even", "same"]
    assert found["cv"].tolist() == pytest.approx([1.0, 0.2, 0.0])
    assert found["mean"].tolist() == [10.0, 10.0, 7.0]
    assert found["empty"].tolist() == [0.5, 0.0, 0.0]
    assert [cell[1] for cell in found["cell"]] == ["Z", "X", "X"]


def test_the_last_year_alone_and_not_too_few(shop: Shop) -> None:
    """Of 60 weeks the first eight do not count; what never sold, or was seen for less than eight weeks, is left out."""
    wild = [0, 100] * 4 + [10] * 52
    found = variability(shop({"calmed": wild, "never": [0] * 60, "new": [5] * (FEWEST - 1)})).products
    assert list(found.index) == ["calmed"] and found["cv"]["calmed"] == 0.0
    assert variability(shop({"a": [8, 12] * 5, "b": [1] * 10}), ["b"]).products.index.tolist() == ["b"]
