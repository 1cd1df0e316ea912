"""The chat's tool: what to order, what runs out, what lies too long, of all, a category or a supplier."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from skucast.agent.chat.desk import Desk
from skucast.agent.forecast.forecaster import Forecaster
from skucast.prompts.messages.say import say, say_all, say_error
from skucast.prompts.reading.fields import plainly
from skucast.prompts.reading.request import Reading
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.data.stock import Stock, read_stock, with_suppliers
from skucast.tools.errors import InputError
from skucast.tools.toolset.orders import Orders

STOCK = "sku,stock,pack,cost,supplier\nA,0,6,1.5,Alpha\nB,900,6,2,Alpha\nC,90,1,4,Beta Ltd\n"


def panel(**columns: float) -> Panel:
    """A sells 20 a week, B 5, C nothing any more."""
    rng, parts = np.random.default_rng(4), []
    ds = pd.date_range("2022-01-02", periods=104, freq="W-SUN")
    for uid, level in (("A", 20), ("B", 5), ("C", 30)):
        y = rng.poisson(level, 104).astype(float)
        y[70 if uid == "C" else 104 :] = 0
        parts.append(pd.DataFrame({"unique_id": uid, "ds": ds, "y": y, "category": f"kind {uid}", **columns}))
    schema = PanelSchema(static=["category"], past_only=list(columns))
    return read_panel(pd.concat(parts, ignore_index=True), schema=schema)


def stock(tmp_path: Path, of: Panel) -> Stock:
    path = tmp_path / "stock.csv"
    path.write_text(STOCK)
    return read_stock(path, of.unique_ids, of.cutoff, of.freq)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    held = stock(tmp_path, panel())
    return Desk(with_suppliers(panel(), held), Forecaster(None), stock=held)


def test_what_to_order_over_all(desk: Desk) -> None:
    answer = desk.do("orders", {})
    said = say_all(answer.spoken)
    assert answer.products == ("A",) and answer.table is not None and len(answer.table.rows) == 1
    assert "All products: 1 of 3 should be ordered now: SKU A" in said and "Nothing is sent anywhere" in said
    units = float(answer.table.rows[0][5])  # type: ignore[arg-type]
    assert units % 6 == 0 and f"To order now: 1 of 3 products, {units:g} units" in said
    assert any("assumed: a lead time of 2 weeks for 3 products" in say(one) for one in answer.messages)


def test_more_service_orders_no_less_and_the_lines_are_made_once(desk: Desk) -> None:
    usual, high = (desk.do("orders", {"service_level": level}).table for level in (80, 99))
    assert usual is not None and high is not None
    assert high.rows[0][5] > usual.rows[0][5]  # type: ignore[operator]
    desk.do("orders", {"what": "dead"})
    desk.do("orders", {"what": "over"})
    assert len(desk._lines) == 3  # of 80, 99 and the usual 95 %


def test_what_is_at_risk_over_stocked_or_dead(desk: Desk) -> None:
    assert desk.do("orders", {"what": "risk"}).products == ("A",)
    assert desk.do("orders", {"what": "over"}).products == ("B", "C")
    assert desk.do("orders", {"what": "dead"}).products == ("C",)
    assert "C 90 units" in say(desk.do("orders", {"what": "dead"}).spoken[0])


def test_of_a_supplier_or_a_category(desk: Desk) -> None:
    assert "supplier Alpha: 1 of 2 should be ordered now" in say(desk.do("orders", {"category": "Alpha"}).messages[0])
    none = desk.do("orders", {"category": "Beta Ltd"})
    assert say(none.spoken[0]) == "supplier Beta Ltd: none of 1 need be ordered now."
    assert desk.do("orders", {"category": "kind A"}).products == ("A",)
    with pytest.raises(InputError) as error:
        desk.do("orders", {"category": "Gamma"})
    assert "Gamma" in say_error(error.value)


def test_without_a_stock_file_the_data_s_own_column_counts_or_it_says_what_is_missing() -> None:
    assert Desk(panel(stock=1.0), Forecaster(None)).do("orders", {}).products == ("A", "B")
    with pytest.raises(InputError) as error:
        Desk(panel(), Forecaster(None)).do("orders", {})
    assert "--stock" in say_error(error.value) and "--stock" in say_error(error.value, "zh")


def test_a_stock_plan_knows_what_the_stock_file_has(desk: Desk) -> None:
    said = say_all(desk.do("stock_plan", {"product": "B"}).messages)
    assert "900 units in stock by the stock file" in said and "With 900 on hand, nothing need be ordered" in said
    assert "With 7 on hand" in say_all(desk.do("stock_plan", {"product": "B", "on_hand": 7}).messages)


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        ("what should we order this week", {"what": ["order"]}),
        ("which products might run out first", {"what": ["risk"]}),
        ("where do we have too much stock", {"what": ["over"]}),
        ("list the dead stock", {"what": ["dead"]}),
        ("what to order at 98 % service", {"what": ["order"], "service_level": [98]}),
        ("the 5 most overstocked products", {"what": ["over"], "limit": [5]}),
        ("哪些商品快断货了？", {"what": ["risk"]}),
        ("有哪些滞销商品", {"what": ["dead"]}),
        ("hello", {}),
    ],
)
def test_what_a_request_plainly_says(request_: str, told: dict[str, list[object]]) -> None:
    assert plainly(Orders, Reading(request_)) == told
