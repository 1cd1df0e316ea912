"""Accuracy over many products, worked out by hand with forecasts that are made up."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.monitor.accuracy import accuracy, quick_forecasts
from skucast.tools.quantiles import Array

SOLD = {"A": [10.0] * 12, "B": [1.0] * 10 + [5.0] * 2}


@pytest.fixture
def panel() -> Panel:
    ds = pd.date_range("2024-01-07", periods=12, freq="W-SUN")
    return read_panel(pd.concat([pd.DataFrame({"unique_id": uid, "ds": ds, "y": y}) for uid, y in SOLD.items()]))


def always(**level: list[float]) -> Callable[[Panel, int], dict[str, Array]]:
    """A forecaster that says the same quantiles of each product at every step."""
    return lambda panel, horizon: {uid: np.tile(level[uid], (horizon, 1)) for uid in panel.unique_ids}


def test_errors_bias_and_coverage_by_hand(panel: Panel) -> None:
    """A: 4 weeks of 12 against 10. B: 4 weeks of 1 against 1, 1, 5, 5. 40 + 12 = 52 units sold.

    Errors 8 + 8 = 16; expected 48 + 4 = 52, so there is no bias; inside 2 of 8; the last known value misses B's first
    5s by 4 twice.
    """
    found = accuracy(panel, ["A", "B"], 2, 2, quick=always(A=[12.0] * 9, B=[1.0] * 9))
    assert found is not None
    assert found.wape == pytest.approx(100 * 16 / 52) and found.bias == pytest.approx(0.0)
    assert found.coverage == 25.0 and found.naive == pytest.approx(100 * 8 / 52)
    assert found.cutoffs == (pd.Timestamp("2024-02-25"), pd.Timestamp("2024-03-10"))
    assert found.products.loc["A"].to_dict() == {"sold": 40.0, "expected": pytest.approx(48.0), "error": 8.0}


def test_too_high_is_positive_and_one_product_is_alone(panel: Panel) -> None:
    """12 for 10 is 20 % too high; of half as much, 50 % too low."""
    found = accuracy(panel, ["A"], 2, 2, quick=always(A=[12.0] * 9))
    assert found is not None and found.bias == pytest.approx(20.0) and list(found.products.index) == ["A"]
    low = accuracy(panel, ["A"], 2, 2, quick=always(A=[5.0] * 9))
    assert low is not None and low.bias == pytest.approx(-50.0) and low.wape == pytest.approx(50.0)


def test_the_ends_of_the_interval_count_and_the_median_is_the_forecast(panel: Panel) -> None:
    """From 10 to 18 the median is 14: 4 off of 10. Beyond both ends alike, the mean is 14 too."""
    found = accuracy(panel, ["A"], 2, 1, quick=always(A=[10.0, 11, 12, 13, 14, 15, 16, 17, 18]))
    assert found is not None and (found.wape, found.coverage) == (40.0, 100.0)
    assert found.bias == pytest.approx(40.0)


def test_a_forecast_sees_nothing_of_its_window(panel: Panel) -> None:
    seen = []

    def watched(known: Panel, horizon: int) -> dict[str, Array]:
        seen.append((known.cutoff, float(known.past["y"].sum())))
        return {uid: np.ones((horizon, 9)) for uid in known.unique_ids}

    accuracy(panel, ["A", "B"], 2, 2, quick=watched)
    assert seen == [(pd.Timestamp("2024-02-25"), 88.0), (pd.Timestamp("2024-03-10"), 110.0)]


def test_too_short_a_past(panel: Panel) -> None:
    assert accuracy(panel, ["A"], 5, 3) is None


def test_quick_forecasts_of_what_never_changes_are_that(panel: Panel) -> None:
    made = quick_forecasts(panel.select(["A"]), 3)["A"]
    assert made.shape == (3, 9) and made == pytest.approx(np.full((3, 9), 10.0))
