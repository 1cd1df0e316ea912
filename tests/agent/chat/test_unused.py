"""What a request says and its call does not use is told."""

import pandas as pd
import pytest
from skucast.agent.chat.unused import not_used, unused
from skucast.prompts.messages.say import say
from skucast.prompts.routing import Call
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema


@pytest.fixture(scope="module")
def shelf() -> Panel:
    ds = pd.date_range("2023-01-01", periods=30, freq="W-SUN")
    parts = [pd.DataFrame({"unique_id": uid, "ds": ds, "y": 5.0, "description": "milk"}) for uid in ("4001", "4002")]
    return read_panel(pd.concat(parts), schema=PanelSchema(static=["description"]))


@pytest.mark.parametrize(
    ("request_", "call", "left"),
    [
        ("forecast 4001 for 6 weeks", Call("forecast", {"product": "4001", "horizon": "6w"}), []),
        ("if we promote 4001, what of 4002?", Call("what_if", {"product": "4001", "promotion": True}), ["4002"]),
        ("forecast 4001 daily into a.csv", Call("forecast", {"product": "4001"}), ["a.csv", "daily"]),
        ("4001 at 49 cents?", Call("what_if", {"product": "4001", "promotion": True}), ["49 cents"]),
        ("sales of 4001 in May and June", Call("sales_history", {"product": "4001", "during": "06"}), ["May"]),
        ("20% off 4001 next week", Call("what_if", {"price_change_percent": -20, "horizon": "1w"}), []),
        ("20% off 4001 next week", Call("what_if", {"price_change_percent": -20}), ["week"]),
        ("order 4001 at 98 %", Call("stock_plan", {"product": "4001"}), ["98 %"]),
        ("10 days late", Call("stock_plan", {"product": "4001", "lead_time": 2}), []),
        ("forecast 4001 weekly", Call("forecast", {"product": "4001"}), []),  # the data is
        ("send 4002 to a.csv", Call("out_of_scope", {"topic": "mail"}), []),  # refused as a whole
    ],
)
def test_what_is_left(shelf: Panel, request_: str, call: Call, left: list[str]) -> None:
    assert [one.words for one in not_used(request_, call, shelf, ["4001"])] == left


def test_it_is_told_in_one_line(shelf: Panel) -> None:
    note = unused("forecast 4001 daily into a.csv", Call("forecast", {"product": "4001"}), shelf, ["4001"])
    assert note is not None
    assert say(note) == "Not used of what you asked: 'a.csv', 'daily'."
    assert say(note, "zh") == "您说的这些没有用到：'a.csv'、'daily'。"
    assert unused("forecast 4001", Call("forecast", {"product": "4001"}), shelf, ["4001"]) is None
