"""The chat's scorecard of suppliers: one of them, all of them with the latest first, and what is missing."""

from dataclasses import replace

import pandas as pd
import pytest
from skucast.agent.chat.desk import Desk
from skucast.agent.chat.loop import Agent
from skucast.agent.chat.rules import RulesModel
from skucast.agent.forecast.forecaster import Forecaster
from skucast.prompts.messages.say import say_all
from skucast.tools.data.deliveries import DeliveryTable
from skucast.tools.data.lexicon import Lexicon
from skucast.tools.data.read import read_panel
from skucast.tools.data.stock import Stock, StockRow, with_suppliers
from skucast.tools.messages import Refusal


def deliveries(**more: bool) -> DeliveryTable:
    """Of ten orders of Ann 4 come 3 days late and one 8, of ten of Bob none; those on time take 10 days."""
    late = {"Ann Foods": [0] * 5 + [3] * 4 + [8], "Bob": [0] * 10, "Cy": [0] * 8 + [1] * 2}
    ordered = pd.date_range("2024-01-01", periods=10, freq="7D")
    parts = [
        pd.DataFrame(
            {
                "supplier": name,
                "ordered": ordered,
                "delivered": ordered + pd.to_timedelta([10 + days for days in some], unit="D"),
                "promised": ordered + pd.Timedelta(days=10),
            }
        )
        for name, some in late.items()
    ]
    return DeliveryTable("past.csv", pd.concat(parts, ignore_index=True), **{"promises": True, **more})


@pytest.fixture
def desk() -> Desk:
    ds = pd.date_range("2023-01-01", periods=30, freq="W-SUN")
    panel = read_panel(pd.concat([pd.DataFrame({"unique_id": uid, "ds": ds, "y": 5.0}) for uid in "ABC"]))
    rows = {uid: StockRow(uid, 5.0, supplier=name) for uid, name in (("A", "Ann Foods"), ("B", "Bob"), ("C", "Bob"))}
    stock = Stock("stock.csv", rows, deliveries=deliveries())
    return Desk(with_suppliers(panel, stock), Forecaster(None), stock=stock)


def test_one_supplier(desk: Desk) -> None:
    """Half on time; the late ones (4 x 3 + 8) / 5 = 4 days late."""
    answer = desk.do("suppliers", {"supplier": "ann  foods"})
    said = say_all(answer.messages)
    assert answer.table is None
    assert "Ann Foods: 10 deliveries, 0 orders open; 50 % were on time, the late ones 4 days late on average" in said
    assert "An order takes 10 days in the middle" in said and "as known on 2024-03-22" in said
    assert "100 % were on time. An order" in say_all(desk.do("suppliers", {"supplier": "Bob"}).messages)
    assert "准时 50%" in say_all(answer.messages, "zh")


def test_who_is_late_the_worst_first(desk: Desk) -> None:
    answer = desk.do("suppliers", {})
    assert answer.table is not None and [row[0] for row in answer.table.rows] == ["Ann Foods", "Cy", "Bob"]
    assert (
        "Of 3 suppliers with promised dates 2 were late at least once, most often: Ann Foods (50 % of deliveries late, "
        "by 4 days on average), Cy (20 % of deliveries late, by 1 day on average)." in say_all(answer.messages)
    )


def test_what_is_not_known_is_said(desk: Desk) -> None:
    with pytest.raises(Refusal, match="suppliers-unknown"):
        desk.do("suppliers", {"supplier": "Ann Food Company"})
    assert desk.stock is not None
    table = deliveries(promises=False)
    table.table["promised"] = pd.NaT
    bare = Desk(desk.panel, Forecaster(None), stock=replace(desk.stock, deliveries=table))
    assert "what was on time is not known" in say_all(bare.do("suppliers", {}).messages)
    assert "whether they were on time is not known" in say_all(bare.do("suppliers", {"supplier": "Cy"}).messages)
    for nothing in (None, replace(desk.stock, deliveries=None)):
        with pytest.raises(Refusal, match="suppliers-no-file"):
            Desk(desk.panel, Forecaster(None), stock=nothing).do("suppliers", {})


@pytest.mark.parametrize(
    ("request_", "arguments"),
    [
        ("how reliable is the supplier Ann Foods?", {"supplier": "Ann Foods"}),
        ("how reliable is Ann Foods?", {"supplier": "Ann Foods"}),
        ("which suppliers are late?", {}),
        ("哪些供应商经常晚到？", {}),
    ],
)
def test_who_is_asked(desk: Desk, request_: str, arguments: dict[str, str]) -> None:
    model = RulesModel(known=frozenset(desk.panel.unique_ids), catalogue=Lexicon.of(desk.panel))
    reply = Agent(desk, model).ask(request_)
    call = next(step for step in reply.steps if step.kind == "call")
    assert (call.tool, call.arguments) == ("suppliers", arguments)
