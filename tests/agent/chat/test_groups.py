"""Totals of groups in the chat: by a column, of one group, and what is refused."""

import pandas as pd
import pytest
from skucast.agent.chat.desk import Desk
from skucast.agent.chat.loop import Agent
from skucast.agent.chat.rules import RulesModel, ruled
from skucast.agent.forecast.forecaster import Forecaster
from skucast.prompts.messages.say import say, say_all, say_error
from skucast.prompts.routing import call_schema
from skucast.tools.data.lexicon import Lexicon
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.messages import Refusal
from skucast.tools.toolset.registry import tools


@pytest.fixture(scope="module")
def shops() -> Panel:
    """A sells 10 a week and B 20 in the north, C 30 in the south."""
    ds = pd.date_range("2024-01-07", periods=20, freq="W-SUN")
    parts = [
        pd.DataFrame({"unique_id": uid, "ds": ds, "y": [level - 2.0, level + 2.0] * 10, "region": where})
        for uid, level, where in (("A", 10, "North"), ("B", 20, "North"), ("C", 30, "South"))
    ]
    return read_panel(pd.concat(parts, ignore_index=True), schema=PanelSchema(static=["region"]))


@pytest.fixture
def desk(shops: Panel) -> Desk:
    return Desk(shops, Forecaster(None))


def test_every_group_of_a_column(desk: Desk) -> None:
    answer = desk.do("forecast", {"by": "Region", "horizon": "2w"})
    english, chinese = say_all(answer.messages), say_all(answer.messages, "zh")
    assert english.startswith("2 groups by region over 2 weeks: ") and chinese.startswith("按 region 共 2 组")
    assert "without the LLM" in english and "不使用 LLM" in chinese
    assert answer.table is not None and say(answer.table.title) == "Forecast by region over 2 weeks, units"
    means = [float(row[1]) for row in answer.table.rows]  # type: ignore[arg-type]
    assert sum(means[:-1]) == pytest.approx(means[-1], abs=1e-9) and means[-1] == pytest.approx(120, rel=0.05)
    assert {row[0] for row in answer.table.rows[:-1]} == {"North", "South"}


def test_one_group_is_the_same_by_itself(desk: Desk) -> None:
    desk.do("forecast", {"by": "region", "horizon": "2w"})
    north = next(one for one in desk.reports if one.unique_id == "group:region:North")
    answer = desk.do("forecast", {"category": "north", "horizon": "2w"})
    assert answer.messages[0].key == "evidence-forecast"  # the answer first, then of what it is
    assert say(answer.messages[1]) == "region North: 2 products together."
    assert say(answer.messages[1], "zh") == "region North：2 个产品合计。"
    assert desk.reports[-1].total == north.total and desk.reports[-1].steps == north.steps
    within = desk.do("forecast", {"category": "region North", "by": "region"})
    assert within.table is not None and len(within.table.rows) == 2


@pytest.mark.parametrize(
    ("arguments", "says", "zh"),
    [
        ({"by": "store"}, "no column is called 'store': valid choices: all, region", "没有名为 'store' 的列"),
        ({"by": "region", "product": "A"}, "either one product (A), or every group by region", "是一个产品（A）"),
    ],
)
def test_what_is_refused(desk: Desk, arguments: dict[str, str], says: str, zh: str) -> None:
    with pytest.raises(Refusal) as refused:
        desk.do("forecast", arguments)
    assert says in say_error(refused.value) and zh in say_error(refused.value, "zh")


@pytest.mark.parametrize(
    ("request_", "arguments"),
    [
        ("total by region", {"by": "region"}),
        ("how much will we sell per region in the next 3 weeks?", {"by": "region", "horizon": "3w"}),
        ("按地区预测未来2周", {"by": "region", "horizon": "2w"}),
        ("forecast by store", {"by": "store"}),
    ],
)
def test_rules_read_the_column(desk: Desk, request_: str, arguments: dict[str, str]) -> None:
    call = ruled(request_, columns=Lexicon.of(desk.panel).columns)
    assert (call.tool, call.arguments) == ("forecast", arguments)


def test_a_request_by_a_column_is_answered(desk: Desk) -> None:
    reply = Agent(desk, RulesModel(known=frozenset(desk.panel.unique_ids))).ask("forecast by region for 2 weeks")
    assert not reply.failed and reply.text.startswith("2 groups by region over 2 weeks")


def test_the_grammar_holds_the_column_that_a_request_says(desk: Desk) -> None:
    schema = call_schema("forecast by region", {"forecast": tools()["forecast"]}, catalogue=Lexicon.of(desk.panel))
    assert '"by": {"enum": ["region"]}' in schema and '"required": ["tool", "by"]' in schema
    other = call_schema("forecast A", {"forecast": tools()["forecast"]}, catalogue=Lexicon.of(desk.panel))
    assert '"by"' not in other
