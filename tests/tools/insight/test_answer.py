"""The small sums and names that answers share."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from skucast.tools.data.panel import Panel
from skucast.tools.insight.answer import column, columns, label, many, mean, moved, period_of, units
from skucast.tools.messages import Percent, ProductName, Times, message

NAN = float("nan")


@pytest.mark.parametrize(
    ("now", "then", "facts"),
    [
        (12.0, 10.0, {"way": "up", "change": Percent(20.0)}),
        (7.0, 10.0, {"way": "down", "change": Percent(30.0)}),
        (100.9, 100.0, {"way": "same"}),
        (99.1, 100.0, {"way": "same"}),
        (101.1, 100.0, {"way": "up", "change": Percent(1.1)}),
        (202.0, 200.0, {"way": "up", "change": Percent(1.0)}),
        (40.0, 10.0, {"way": "up", "change": Percent(300.0)}),
        (42.0, 10.0, {"way": "times", "times": Times(4.2)}),
        (0.0, 0.5, {"way": "down", "change": Percent(100.0)}),
        (5.0, 0.0, {"way": "none"}),
        (5.0, NAN, {"way": "none"}),
        (NAN, 5.0, {"way": "none"}),
    ],
)
def test_comparisons(now: float, then: float, facts: dict[str, object]) -> None:
    found = moved(now, then)
    assert set(found) == set(facts) and found["way"] == facts["way"]
    if "times" in facts:
        assert isinstance(found["times"], Times) and found["times"] == pytest.approx(facts["times"])
    if "change" in facts:
        assert isinstance(found["change"], Percent) and found["change"] == pytest.approx(facts["change"])


@pytest.mark.filterwarnings("error")
def test_means_of_what_is_known() -> None:
    assert mean(pd.Series([1.0, NAN, 3.0, np.inf])) == 2.0
    assert mean(np.array([4.0])) == 4.0
    assert np.isnan(mean(pd.Series([NAN])))
    assert np.isnan(mean(np.array([])))


def test_names(shop: Callable[..., Panel]) -> None:
    sold = {"A": [1.0, 2.0, NAN, 4.0], "B": [1.0] * 4}
    panel = shop(sold, static={"brand": {"A": "ACME", "B": "x"}, "description": {"A": "Fluid  MILK", "B": ""}})
    assert label(panel, "A") == ProductName("A", "fluid milk")
    assert label(panel, "group:all") == message("all-products")
    assert label(panel, "group:category:Fruit") == message("category-name", name="Fruit")
    assert label(shop({"A": [1.0] * 4}, static={"brand": {"A": "ACME"}}), "A") == ProductName("A", "acme")
    assert label(shop({"A": [1.0] * 4}), "A") == ProductName("A", "")
    assert many(3, panel) == message("periods-W", count=3)
    assert period_of(panel) == message("period-W")
    assert column("sold", of="x") == message("column-sold", of="x")
    assert columns("sold", "price") == (message("column-sold"), message("column-price"))


def test_units_by_date(shop: Callable[..., Panel]) -> None:
    found = units(shop({"A": [1.0, NAN, 3.0]}, price=[2.0] * 5), "A")
    assert list(found.index) == list(pd.date_range("2024-01-07", periods=3, freq="W-SUN"))
    assert found.iloc[0] == 1.0 and np.isnan(found.iloc[1]) and found.iloc[2] == 3.0
