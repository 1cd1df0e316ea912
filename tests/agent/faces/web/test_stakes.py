"""What is at stake in money, by hand."""

from typing import Any

import pandas as pd
from skucast.agent.faces.web.stakes import BOUND, MISSED, of_orders, of_sales, together
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.insight.overview import overview


def line(
    uid: str, urgency: str, *, on_hand: float = 0, over: float = 0, lost: float = 0, **known: float
) -> dict[str, Any]:
    evidence = {"lost_without": lost, "price": known.get("price"), "unit_cost": known.get("cost")}
    some = {"unique_id": uid, "name": "", "urgency": urgency, "order": 12.0, "on_hand": on_hand, "over": over}
    return {**some, "runs_out": None, "evidence": evidence}


def test_missed_sales_count_at_the_price_and_stock_at_cost() -> None:
    lines = [
        line("a", "order", lost=10, price=3.0, cost=2.0),  # 10 x 3
        line("b", "runs-out", lost=5, cost=2.0),  # the sales say 4: 5 x 4
        line("c", "order", lost=7, cost=2.0),  # no price anywhere: 7 x 2
        line("d", "over", on_hand=90, over=40, price=9.0, cost=1.5),  # 40 x 1.5
        line("e", "dead", on_hand=90, over=40, cost=1.0),  # all of it: 90 x 1
        line("f", "order", lost=1000),  # neither price nor cost: last
        line("g", "fine", lost=1, price=1000.0),
        line("h", "left-out", lost=4, price=3.0),  # missed, whatever the budget: 4 x 3
    ]
    found = of_orders(lines, {"b": 4.0})
    assert [(one.sku, one.money) for one in found] == [
        ("e", 90.0),
        ("d", 60.0),
        ("a", 30.0),
        ("b", 20.0),
        ("c", 14.0),
        ("h", 12.0),
        ("f", None),
    ]
    assert together(found, MISSED) == 30 + 20 + 14 + 12
    assert together(found, BOUND) == 60 + 90


def test_moves_count_over_all_their_periods_and_an_odd_one_alone() -> None:
    ds = pd.date_range("2024-01-07", periods=40, freq="W-SUN")
    frames = []
    for uid, before, last in (("up", 10.0, 20.0), ("down", 30.0, 10.0), ("same", 10.0, 10.0)):
        frames.append(pd.DataFrame({"unique_id": uid, "ds": ds, "y": [before] * 32 + [last] * 8}))
    panel = read_panel(pd.concat(frames), schema=PanelSchema())
    found = of_sales(overview(panel), {"up": 5.0, "down": 1.0}, {})
    by_sku = {(one.sku, one.what): one for one in found}
    up, down = by_sku["up", "up"], by_sku["down", "down"]
    assert (up.units, up.money) == (8 * 10.0, 8 * 10.0 * 5.0)
    assert (down.units, down.money) == (8 * 20.0, 8 * 20.0 * 1.0)
    assert found.index(up) < found.index(down)
    assert "same" not in {one.sku for one in found}
