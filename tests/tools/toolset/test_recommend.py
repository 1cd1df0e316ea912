"""What to offer whom, in a session."""

import pandas as pd
import pytest
from skucast.agent.chat.desk import Desk
from skucast.agent.chat.loop import Agent
from skucast.agent.chat.rules import RulesModel
from skucast.agent.forecast.forecaster import Forecaster
from skucast.prompts.messages.say import say_all
from skucast.tools.data.event_table import read_events
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.messages import Refusal


@pytest.fixture(scope="module")
def panel() -> Panel:
    ds = pd.date_range("2023-07-02", periods=40, freq="W-SUN")  # to 2024-03-31
    rows = [pd.DataFrame({"unique_id": uid, "ds": ds, "y": 5.0}) for uid in ("tea", "milk", "ham")]
    return read_panel(pd.concat(rows))


@pytest.fixture(scope="module")
def desk(panel: Panel) -> Desk:
    """Twenty customers buy tea each week, the even ones milk too; one buys ham in April, which is not known yet."""
    days = pd.date_range("2024-01-01", "2024-03-27", freq="7D")
    rows = [(str(n), at, "tea") for n in range(20) for at in days]
    rows += [(str(n), at + pd.Timedelta(days=3), "milk") for n in range(0, 20, 2) for at in days]
    rows += [("3", pd.Timestamp("2024-04-02"), "ham")]
    events = read_events(pd.DataFrame(rows, columns=["user_id", "ds", "unique_id"]), today=pd.Timestamp("2026-01-01"))
    return Desk(panel, Forecaster(None), events=lambda: events)


@pytest.fixture(autouse=True)
def _salt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKUCAST_SALT", "s")


def test_offers_of_a_customer(desk: Desk) -> None:
    answer = desk.do("recommend", {"customer": "3"})
    assert answer.products[0] == "tea" and "ham" not in answer.products
    assert "First for 3: SKU tea (bought every 7 days, last" in say_all(answer.spoken)
    assert "首推给 3" in say_all(answer.spoken, "zh")


def test_customers_of_a_product_stand_as_pseudonyms(desk: Desk) -> None:
    answer = desk.do("recommend", {"product": "milk", "limit": 4})
    assert answer.table is not None and len(answer.table.rows) == 4
    assert all(len(str(row[0])) == 10 for row in answer.table.rows)
    again = desk.do("recommend", {"customer": str(answer.table.rows[0][0])})
    assert "milk" in again.products[:2]


def test_refusals(desk: Desk, panel: Panel) -> None:
    with pytest.raises(Refusal, match="recommend-unknown-user"):
        desk.do("recommend", {"customer": "999"})
    with pytest.raises(Refusal, match="recommend-nobody-bought"):
        desk.do("recommend", {"product": "ham"})
    with pytest.raises(Refusal, match="recommend-no-events"):
        Desk(panel, Forecaster(None)).do("recommend", {"customer": "3"})


@pytest.mark.parametrize(
    ("request_", "arguments"),
    [
        ("what should we offer household 12?", {"customer": "12"}),
        ("recommend something to customer 7", {"customer": "7"}),
        ("which customers should we offer milk", {"product": "milk"}),
        ("给顾客12推荐什么？", {"customer": "12"}),
    ],
)
def test_what_is_asked(desk: Desk, panel: Panel, request_: str, arguments: dict[str, str]) -> None:
    again = Desk(panel, Forecaster(None), events=desk.events, _shop={"all": desk.shop()})
    reply = Agent(again, RulesModel(known=frozenset(panel.unique_ids))).ask(request_)
    call = next(step for step in reply.steps if step.kind == "call")
    assert (call.tool, call.arguments) == ("recommend", arguments)
