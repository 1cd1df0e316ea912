"""Price lines: what a price of now is, what a forecast is of, and what lines come to."""

import numpy as np
import pandas as pd
import pytest
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.decide.price import Bounds, Goal
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
    assert up.advice is not None and down.advice is not None
    # at 11 82.64 units earn 5 each, 13.22 more than 100 did at 4; at 9 123.46 earn 5 each, 17.28 more than 100 at 6
    assert (up.advice.price, down.advice.price) == (11.0, 9.0) and by_gain([none, up, down])[0] is down
    assert total.units == pytest.approx(82.645 + 123.457 - 200, abs=0.01)
    assert total.value == pytest.approx(13.223 + 17.284, abs=0.01)


def test_why_no_price_is_advised(panel: Panel) -> None:
    """Revenue needs no cost, but for a floor; what the elasticity cannot say comes last."""
    paths, flat = np.full((1, 2), 50.0), Elasticity(-2.0, 0.1, -2.0, 0.1, 1.0, "flat")

    def reason(goal: Goal, elasticity: Elasticity, cost: float | None, floor: float | None = None) -> str:
        bounds = Bounds(floor=floor)
        made = price_line(panel, "A", paths, elasticity, cost=cost, goal=goal, bounds=bounds)
        assert (made.advice is None) == bool(made.reason)
        return made.reason

    assert reason("revenue", SURE, None) == "" and reason("revenue", SURE, None, 0.1) == "no-cost"
    assert reason("margin", flat, 6.0) == "flat" and reason("margin", flat, None) == "no-cost"
    stays = price_line(panel, "A", paths, Elasticity(0.0, 0.0, 0, 0, 1), cost=9.0, goal="revenue", bounds=Bounds(0.01))
    assert stays.moves and stays.advice is not None and stays.advice.price == 10.1


def test_a_line_has_what_it_rests_on_and_is_the_same_again(panel: Panel) -> None:
    """Of 200 draws of an unsure elasticity the seed decides; 0 where none is said."""
    paths, unsure = np.full((200, 2), 50.0), Elasticity(-2.0, 0.5, -2.0, 0.5, 1.0)
    once, again, other = (
        price_line(panel, "A", paths, unsure, cost=6.0, goal="margin", bounds=Bounds(), **seed)
        for seed in ({}, {"seed": 0}, {"seed": 1})
    )
    assert (once.unique_id, once.now, once.cost, once.elasticity) == ("A", 10.0, 6.0, unsure)
    assert once.advice == again.advice != other.advice


def test_a_price_that_stays_is_kept(panel: Panel) -> None:
    """Within 2 % the prices are 9.80 to 10.20; 20 % over a cost of 8 are earned from 10 on, and with e of -9 no more
    is earned above."""
    steep = Elasticity(-9.0, 1e-9, -9.0, 0.1, 1.0)
    made = price_line(panel, "A", np.full((1, 2), 50.0), steep, cost=8.0, goal="margin", bounds=Bounds(0.02, 0.2))
    assert made.advice is not None and not made.moves
    total = price_totals([made])
    assert (total.up, total.down, total.kept, total.refused, total.units, total.value) == (0, 0, 1, 0, 0, 0)


def sold_at(price: list[float | None], **flags: list[float]) -> Panel:
    ds = pd.date_range("2023-01-01", periods=len(price) + 1, freq="W-SUN")
    rows = pd.DataFrame({"unique_id": "A", "ds": ds[:-1], "y": 50.0, "price": price, **flags})
    return read_panel(rows, schema=PanelSchema(past_only=["price", *flags]))


def test_a_product_that_was_always_promoted_has_its_last_price_and_one_without_prices_none() -> None:
    ten: list[float | None] = [10.0] * 28
    assert price_now(sold_at([*ten, 8.0, 7.0], promo=[1.0] * 30), "A") == 7.0
    assert price_now(sold_at([*ten, 9.0, None], promo=[0.0] * 30), "A") == 9.0
    assert price_now(sold_at([*ten, 9.0, 8.0], feature=[0.0] * 29 + [1.0]), "A") == 9.0
    assert price_now(sold_at([*ten, 9.0, 8.0], promo=[0.0] * 29 + [0.03]), "A") == 9.0  # of a flag any is on
    both = sold_at([*ten, 8.0, 7.0], promo=[0.0] * 28 + [1.0, 0.0], feature=[0.0] * 29 + [1.0])
    assert price_now(both, "A") == 10.0
    ds = pd.date_range("2023-01-01", periods=30, freq="W-SUN")
    table = pd.DataFrame({"unique_id": "A", "ds": ds, "y": 50.0, "description": "oat milk"})
    bare = read_panel(table, schema=PanelSchema(static=["description"]))
    assert np.isnan(price_now(bare, "A")) and np.isnan(price_behind(bare, "A", 2, planned=False))
    made = price_line(bare, "A", np.ones((1, 2)), SURE, cost=6.0, goal="margin", bounds=Bounds())
    assert made.name == "oat milk" and made.reason == "no-price-now" and made.advice is None and not made.moves
