"""Price lines: what a price of now is, what a forecast is of, and what lines come to."""

import numpy as np
import pandas as pd
import pytest
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.decide.price import Bounds
from skucast.tools.decide.price_lines import by_gain, price_behind, price_line, price_now, price_totals
from skucast.tools.forecast.elasticity import Elasticity

SURE = Elasticity(-2.0, 1e-9, -2.0, 0.1, 1.0)


@pytest.fixture
def panel() -> Panel:
    """30 weeks at 10, the last on promotion at 8; 9 is planned."""
    ds = pd.date_range("2023-01-01", periods=32, freq="W-SUN")
    price = [10.0] * 29 + [8.0, 9.0, 9.0]
    rows = pd.DataFrame({"unique_id": "A", "ds": ds, "y": 50.0, "price": price, "promo": [0.0] * 29 + [1.0, 0, 0]})
    rows.loc[30:, "y"] = None
    return read_panel(rows, schema=PanelSchema(known_future=["price", "promo"])).before(ds[29])


def test_the_price_now_is_not_that_of_a_promotion(panel: Panel) -> None:
    assert price_now(panel, "A") == 10.0
    assert price_behind(panel, "A", 2, planned=True) == 9.0
    assert price_behind(panel, "A", 2, planned=False) == pytest.approx((7 * 10 + 8) / 8)


def test_demand_is_taken_to_the_price_now(panel: Panel) -> None:
    """100 units at 8 are 100 * (10 / 8) ** -2 = 64 at 10; they earn 64 * (10 - 6) = 256."""
    paths = np.full((1, 2), 50.0)
    made = price_line(panel, "A", paths, SURE, cost=6.0, goal="margin", bounds=Bounds(), behind=8.0)
    assert made.advice is not None and made.advice.before == pytest.approx(256.0)
    assert made.moves and made.advice.price == 11.0  # towards 12


def test_totals_and_order(panel: Panel) -> None:
    paths = np.full((1, 2), 50.0)
    up, down, none = (
        price_line(panel, "A", paths, SURE, cost=cost, goal="margin", bounds=Bounds()) for cost in (6.0, 4.0, None)
    )
    assert none.reason == "no-cost" and by_gain([none, down, up])[-1] is none
    total = price_totals([none, down, up])
    assert (total.lines, total.up, total.down, total.kept, total.refused) == (3, 1, 1, 0, 1)
    assert total.before == pytest.approx(100 * 4 + 100 * 6)
