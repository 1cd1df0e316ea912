"""Costs of products: a file read as people write numbers, and the cost of one product by sales or stock file."""

from pathlib import Path

import pandas as pd
from skucast.prompts.messages.say import say_all
from skucast.tools.data.costs import read_costs, unit_cost
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.data.stock import Stock, StockRow


def panel(**columns: float) -> Panel:
    ds = pd.date_range("2024-01-07", periods=20, freq="W-SUN")
    frame = pd.DataFrame({"unique_id": "A", "ds": ds, "y": 10.0, **columns})
    return read_panel(frame, schema=PanelSchema(static=list(columns)))


def test_a_comma_before_three_digits_is_no_decimal_comma(tmp_path: Path) -> None:
    path = tmp_path / "costs.csv"
    path.write_text('sku,cost\nA,"3,20"\nB,$3.125\nC,"1,200"\n')
    costs, said = read_costs(path, ["A", "B", "C"])
    assert costs == {"A": 3.2, "B": 3.125} and "C: '1,200'" in say_all(said)


def test_of_two_costs_the_first_is_taken_and_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "costs.csv"
    path.write_text("sku,cost\nA,3\nA,4\nB,5\nB,5\n")
    costs, said = read_costs(path, ["A", "B"])
    assert costs == {"A": 3, "B": 5}
    assert say_all(said) == "more than one cost, of which the first is taken: A"
    assert say_all(said, "zh") == "有不止一个成本，取第一个：A"


def test_the_cost_of_the_sales_goes_before_that_of_the_stock_file() -> None:
    stock = Stock("stock.csv", {"A": StockRow("A", 5.0, unit_cost=3.0)})
    assert unit_cost(panel(), stock, "A") == 3.0 and unit_cost(panel(unit_cost=2.0), stock, "A") == 2.0
    assert unit_cost(panel(), None, "A") is None and unit_cost(panel(), stock, "B") is None
