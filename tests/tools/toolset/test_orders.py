"""The chat's tool: what to order, what runs out, what lies too long, of all, a category or a supplier."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from skucast.agent.chat.desk import Desk
from skucast.agent.faces.saving import plain_table
from skucast.agent.faces.tables import drawn
from skucast.agent.forecast.forecaster import Forecaster
from skucast.prompts.messages.say import say, say_all, say_error
from skucast.prompts.reading.fields import plainly
from skucast.prompts.reading.request import Reading
from skucast.tools.data.cube import cube
from skucast.tools.data.digest import panel_digest
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.data.stock import Stock, read_stock, with_suppliers
from skucast.tools.decide.policy import Policy, with_fields
from skucast.tools.decide.scenarios import Scenario
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
    assert "900 units in stock by the stock file" in said and "nothing need be ordered now. 900 are on hand" in said
    said = say_all(desk.do("stock_plan", {"product": "B", "on_hand": 7}).messages)
    assert "7 are on hand" in said and "by the stock file" not in said


FULL = """sku,stock,on order,due,pack,moq,cost,lead time (weeks),review (weeks),supplier
A,0,12,2024-01-14,6,90,1.5,3,2,Alpha
B,6,,,6,,2,,,Alpha
C,90,,,1,,4,,,Beta Ltd
"""


@pytest.fixture
def full(tmp_path: Path) -> Desk:
    (tmp_path / "full.csv").write_text(FULL)
    held = read_stock(tmp_path / "full.csv", panel().unique_ids, panel().cutoff, "W")
    return Desk(with_suppliers(panel(), held), Forecaster(None), stock=held)


@pytest.mark.parametrize("asked", [{}, {"service_level": 99}, {"late": 1}, {"service_level": 80, "late": 2}])
def test_a_stock_plan_and_the_orders_are_the_same(full: Desk, asked: dict[str, float]) -> None:
    """With units on order, packs, a least order, and a lead time and review of the row: whichever is asked first."""
    plan = say_all(full.do("stock_plan", {"product": "A", **asked}).messages)
    table = full.do("orders", asked).table
    assert table is not None
    units = {row[0]: row[5] for row in table.rows}
    assert f"SKU A (kind a): order {units['A']:g} units now" in plan.replace("SKU A: order", "SKU A (kind a): order")
    assert float(units["A"]) >= 90 and "12 on order" in plan  # type: ignore[arg-type]
    scenario = Scenario(with_fields(Policy(), service=asked.get("service_level")), int(asked.get("late", 0)))
    lines = {line.row.unique_id: line for line in full.order_lines(scenario)}
    fresh = Desk(full.panel, Forecaster(None), stock=full.stock)
    for uid in "ABC":
        alone = fresh.order_line(uid, scenario)
        assert alone is not None and (alone.order, alone.risk) == (lines[uid].order, lines[uid].risk)


def test_what_a_request_says_goes_before_the_stock_file(full: Desk) -> None:
    scenario = Scenario(Policy())
    row = full.order_line("A", scenario)
    said = full.order_line("A", scenario, on_hand=500, lead_time=1)
    assert row is not None and said is not None
    assert row.lead.periods == (3,) and row.row.on_hand == 0 and row.order > 0
    assert said.lead.periods == (1,) and said.row.on_hand == 500 and said.order == 0 and said.on_order == 12
    told = say_all(full.do("stock_plan", {"product": "A", "lead_time": 1, "on_hand": 500}).messages)
    assert "nothing need be ordered now. 500 are on hand and 12 on order" in told and "lead time of 1 week" in told


def test_the_policy_is_that_of_the_session(full: Desk) -> None:
    usual = {line.row.unique_id: line.order for line in full.order_lines(Scenario(full.policy))}
    full.policy = Policy(service=99, lead_time=6, budget=30.0)  # type: ignore[arg-type]
    answer = full.do("orders", {})
    said = say_all(answer.messages)
    assert "budget" not in say(answer.messages[0]) and "to stay within a budget of 30.00" in said
    cut = full.order_line("A", Scenario(full.policy))
    assert cut is not None and cut.cut and cut.order < usual["A"] and (cut.cost or 0) <= 30
    assert "the budget leaves" in say_all(full.do("stock_plan", {"product": "A"}).messages)
    assert "as none is given" not in " ".join(say(one) for one in answer.messages if "service" in one.key)


def test_a_capacity_holds_for_one_product_as_for_all(full: Desk) -> None:
    """Stock of B and C alone fills the storage: nothing is left for A, whichever is asked first."""
    usual = full.order_line("A", Scenario(Policy()))
    full.policy = Policy(capacity=50.0)
    said = say_all(full.do("stock_plan", {"product": "A"}).messages)
    assert usual is not None and f"{usual.order:g} units are proposed; the capacity leaves 0 of them" in said
    answer = full.do("orders", {})
    assert answer.products == () and "it is full without any order" in say_all(answer.messages)


def test_what_if_the_supplier_is_late_or_the_service_higher(full: Desk) -> None:
    said = say_all(full.do("orders", {"late": 2, "service_level": 99}).spoken)
    assert "With all deliveries 2 weeks late" in said and "A service level of 99 % takes orders of" in said
    alone = say_all(full.do("stock_plan", {"product": "B", "on_hand": 30, "late": 3}).messages)
    late, usual = (full.order_line("B", Scenario(Policy(), periods), on_hand=30) for periods in (3, 0))
    assert late is not None and usual is not None and usual.order == 0 < late.order
    assert f"With all deliveries 3 weeks late, {late.order:g} units are to be ordered" in alone
    assert "on time, 0 units" in alone and late.risk > usual.risk


def test_suppliers_group_and_neither_name_nor_forecast(full: Desk) -> None:
    plain = Desk(panel(), Forecaster(None))
    assert full.panel.static_of("A") == plain.panel.static_of("A") == {"category": "kind A"}
    assert panel_digest(full.panel) == panel_digest(plain.panel)
    assert list(cube(full.panel, 1).static) == ["category"]
    assert full.do("forecast", {"product": "A"}).messages == plain.do("forecast", {"product": "A"}).messages
    assert full.reports[-1].product == {"category": "kind A"}
    assert full.do("orders", {"category": "Alpha"}).products
    full.do("forecast", {"category": "Alpha"})
    assert full.reports[-1].unique_id == "group:supplier:Alpha"


def test_the_table_fits_a_chat_and_the_assumptions_are_told(full: Desk) -> None:
    for what in ("order", "risk", "over", "dead"):
        answer = full.do("orders", {"what": what})
        if answer.table is None:
            continue
        console = Console(width=80, record=True, file=io.StringIO())
        console.print(drawn(answer.table, "en"))
        assert "…" not in console.export_text()
        assert len(plain_table(answer.table)["columns"]) == 12
    told = say_all(full.do("orders", {}).spoken)
    assert "assumed: a service level of 95 % for 3 products" in told and "as quick statistics forecast it" in told
    assert "assumed: a lead time of 2 weeks for 2 products" in told


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        ("what should we order this week", {"what": ["order"]}),
        ("which products might run out first", {"what": ["risk"]}),
        ("where do we have too much stock", {"what": ["over"]}),
        ("list the dead stock", {"what": ["dead"]}),
        ("what to order at 98 % service", {"what": ["order"], "service_level": [98]}),
        ("the 5 most overstocked products", {"what": ["over"], "limit": [5]}),
        ("what if the supplier is a week late", {"late": [1]}),
        ("what if deliveries are delayed by 10 days", {"late": [2]}),
        ("如果供应商晚两周呢", {"late": [2]}),
        ("哪些商品快断货了？", {"what": ["risk"]}),
        ("有哪些滞销商品", {"what": ["dead"]}),
        ("hello", {}),
    ],
)
def test_what_a_request_plainly_says(request_: str, told: dict[str, list[object]]) -> None:
    assert plainly(Orders, Reading(request_)) == told


def test_recovered_demand_is_said_of_one_product_as_of_all(tmp_path: Path) -> None:
    of = panel(in_stock=0.5)
    desk = Desk(of, Forecaster(None), stock=stock(tmp_path, of))
    for tool, asked in (("orders", {}), ("stock_plan", {"product": "A"})):
        assert "demand is learned from what was wanted" in say_all(desk.do(tool, asked).messages)
