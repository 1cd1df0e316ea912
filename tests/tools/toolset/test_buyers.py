"""Who buys it, in a session: over twenty made-up customers, as of the panel's last period."""

import numpy as np
import pandas as pd
import pytest
from skucast.agent.chat.desk import Desk
from skucast.agent.chat.loop import Agent
from skucast.agent.chat.rules import RulesModel
from skucast.agent.forecast.forecaster import Forecaster
from skucast.prompts.messages.say import say_all
from skucast.tools.data.event_table import read_events
from skucast.tools.data.events import Events
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.messages import Refusal


@pytest.fixture(scope="module")
def panel() -> Panel:
    ds = pd.date_range("2023-07-02", periods=40, freq="W-SUN")  # to 2024-03-31
    parts = [pd.DataFrame({"unique_id": uid, "ds": ds, "y": np.arange(40.0) + 5, "category": "tea"}) for uid in "AB"]
    return read_panel(pd.concat(parts), schema=PanelSchema(static=["category"]))


@pytest.fixture(scope="module")
def events() -> Events:
    """Twenty buy A early in March, twelve of them also in February; what is bought in April is not known yet."""
    rows = [(f"u{n}", "2024-03-05", "A", 1, 2.0) for n in range(20)]
    rows += [(f"u{n}", "2024-02-07", "A", 2, 4.0) for n in range(12)]
    rows += [(f"u{n}", "2024-04-02", "A", 9, 99.0) for n in range(20)]
    table = pd.DataFrame(rows, columns=["user_id", "ds", "unique_id", "units", "value"])
    return read_events(table, today=pd.Timestamp("2026-01-01"))


def test_buyers_as_of_the_panel(panel: Panel, events: Events) -> None:
    answer = Desk(panel, Forecaster(None), events=lambda: events).do("buyers", {"product": "A"})
    text = say_all(answer.spoken)
    assert "20 of 20 customers bought SKU A (tea) in 4–31 Mar 2024 (100 %), on 20 visits for 40" in text
    assert "It sold for 40 after 48" in text  # of twelve who bought two units each
    assert "units a visit" in text and answer.products == ("A",)
    assert "购买" in say_all(answer.messages, "zh")


def test_other_spans_and_categories(panel: Panel, events: Events) -> None:
    desk = Desk(panel, Forecaster(None), events=lambda: events)
    answer = desk.do("buyers", {"category": "tea", "periods": 8})
    assert "in 5 Feb – 31 Mar 2024 (100 %), on 32 visits for 88" in say_all(answer.spoken)
    with pytest.raises(Refusal, match="buyers-not-in-events"):
        desk.do("buyers", {"product": "B"})


def test_without_events_it_says_what_to_give(panel: Panel) -> None:
    with pytest.raises(Refusal, match="buyers-no-events"):
        Desk(panel, Forecaster(None)).do("buyers", {"product": "A"})


@pytest.mark.parametrize(
    ("request_", "tool"),
    [
        ("who buys A?", "buyers"),
        ("Why did A fall: fewer buyers?", "buyers"),
        ("which customers buy A", "buyers"),
        ("谁在买A？", "buyers"),
        ("forecast A for 4 weeks", "forecast"),
    ],
)
def test_who_is_asked(panel: Panel, events: Events, request_: str, tool: str) -> None:
    desk = Desk(panel, Forecaster(None), events=lambda: events)
    reply = Agent(desk, RulesModel(known=frozenset(panel.unique_ids))).ask(request_)
    assert next(step.tool for step in reply.steps if step.kind == "call") == tool
