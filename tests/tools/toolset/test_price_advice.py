"""Price advice and what-if in a session, of products whose elasticity is -3, and of one whose price never moved."""

import numpy as np
import pandas as pd
import pytest
from skucast.agent.chat.desk import Desk
from skucast.agent.chat.rules import RulesModel
from skucast.agent.forecast.forecaster import Forecaster
from skucast.prompts.messages.say import say_all
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema


@pytest.fixture(scope="module")
def panel() -> Panel:
    """A and B cost 8 and sell at 10: the best price is 8 * 1.5 = 12, so a tenth more. C's price never moved."""
    rng, ds = np.random.default_rng(7), pd.date_range("2022-01-02", periods=104, freq="W-SUN")
    parts = []
    for uid in "ABC":
        price = np.full(104, 10.0) if uid == "C" else np.round(10 * np.exp(rng.normal(0, 0.1, 104)), 2)
        price[-8:] = 10.0
        y = rng.poisson(200 * (price / 10) ** -3)
        parts.append(pd.DataFrame({"unique_id": uid, "ds": ds, "y": y, "price": price, "unit_cost": 8.0}))
    schema = PanelSchema(known_future=["price"], static=["unit_cost"])
    return read_panel(pd.concat(parts), schema=schema)


def test_the_price_that_earns_most(panel: Panel) -> None:
    """200 a week for 4 weeks earn 1,600; at 11, 200 * 1.1 ** -3 * 4 * 3 = 1,803: some 200 more."""
    desk = Desk(panel, Forecaster(None))
    answer = desk.do("price_advice", {"product": "A", "horizon": "4w"})
    advice = answer.spoken[0]
    assert advice.key == "price-advice" and advice.facts["price"] == pytest.approx(11.0)
    assert advice.facts["value"] == pytest.approx(203, rel=0.3) and advice.facts["value_low"] < advice.facts["value"]
    text = say_all(answer.messages)
    assert "a price of 11.00 instead of 10.00" in text and "a price is a proposal" in text
    assert "建议" in say_all(answer.messages, "zh")


def test_a_price_that_never_moved_gets_none(panel: Panel) -> None:
    told = Desk(panel, Forecaster(None)).do("price_advice", {"product": "C"}).messages
    assert [one.key for one in told][:2] == ["price-refused", "price-prior"]
    assert "its price hardly moved" in say_all(told) and "not measured on this one" in say_all(told)


def test_what_if_rows_add_up_with_an_interval(panel: Panel) -> None:
    """A tenth more: 1.1 ** -3 = 0.75 of the units."""
    answer = Desk(panel, Forecaster(None)).do("what_if", {"product": "A", "price_change_percent": 10, "horizon": "4w"})
    assert answer.table is not None and len(answer.table.columns) == 5
    *rows, total = [[float(cell) for cell in row[1:]] for row in answer.table.rows]
    assert np.sum(rows, axis=0) == pytest.approx(total)
    planned, new, low, high = total
    assert low < new < high and new / planned == pytest.approx(0.75, abs=0.05)
    assert answer.messages[0].facts["new"] == pytest.approx(new)
    assert "95 % interval" in say_all(answer.messages)


@pytest.mark.parametrize(
    ("request_", "tool"),
    [
        ("what price should we set for A?", "price_advice"),
        ("What is the best price for A", "price_advice"),
        ("what if we raise the price of A by 5 %", "what_if"),
        ("what price for A", "price_advice"),
        ("what runs out?", "orders"),
        ("how many A should I order?", "stock_plan"),
        ("price history of A", "price_history"),
    ],
)
def test_who_is_asked(panel: Panel, request_: str, tool: str) -> None:
    from skucast.agent.chat.loop import Agent

    reply = Agent(Desk(panel, Forecaster(None)), RulesModel(known=frozenset(panel.unique_ids))).ask(request_)
    assert next(step.tool for step in reply.steps if step.kind == "call") == tool
