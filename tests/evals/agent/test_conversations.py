"""Conversations: a turn is judged by the call that stands after it, and by whether it misled."""

import json

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError
from skucast.agent.chat.desk import Desk
from skucast.agent.chat.loop import Agent
from skucast.agent.chat.rules import RulesModel
from skucast.agent.forecast.forecaster import Forecaster
from skucast.evals.agent.conversations import HERE, Conversation, Judged, Turn, judged, load, summary
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.toolset.registry import argument_models


@pytest.fixture(scope="module")
def shelf() -> Panel:
    ds = pd.date_range("2023-01-01", periods=60, freq="W-SUN")
    rng = np.random.default_rng(5)
    some = {"4001": "limes", "4002": "lemons", "4003": "large eggs", "4004": "medium eggs"}
    parts = [
        pd.DataFrame({"unique_id": uid, "ds": ds, "y": rng.poisson(30 + place, 60) * 1.0, "description": words})
        for place, (uid, words) in enumerate(some.items())
    ]
    return read_panel(pd.concat(parts), schema=PanelSchema(static=["description"]))


def asked(shelf: Panel, *turns: tuple[str, str, dict]) -> list[Judged]:
    talk = Conversation(id="t", turns=[Turn(request=r, tool=t, arguments=a) for r, t, a in turns])
    model = RulesModel(known=frozenset(shelf.unique_ids))
    return judged(talk, Agent(Desk(shelf, Forecaster(None)), model), shelf)


def test_a_turn_is_right_if_all_that_holds_was_called(shelf: Panel) -> None:
    plan = {"product": "4001", "lead_time": 3, "service_level": 98}
    made = asked(
        shelf,
        ("reorder point of 4001, lead time 3 weeks, service level 98 %", "stock_plan", plan),
        ("60 on hand", "stock_plan", {**plan, "on_hand": 60}),
        ("61 on hand", "stock_plan", {"product": "4001", "on_hand": 61}),  # what was carried is not wanted here
        ("and lemons?", "stock_plan", {**plan, "product": "4002"}),
    )
    assert [one.right for one in made] == [True, True, False, True]
    assert [one.misled for one in made] == [False, False, True, False]
    assert all(one.right_tool for one in made)


def test_a_row_is_the_listed_one_and_what_cannot_be_done_is_right_refused(shelf: Panel) -> None:
    made = asked(
        shelf,
        ("top sellers", "top_sellers", {}),
        ("forecast the first one for 6 weeks", "forecast", {"product": "#1", "horizon": "6w"}),
        ("hello", "help", {}),
        ("tell me a joke about cats", "out_of_scope", {}),
        ("forecast nothing-like-this", "out_of_scope", {}),  # refused for another reason is no honest no
        ("forecast 4001 for 2 weeks", "out_of_scope", {}),
    )
    assert made[1].held["product"] in shelf.unique_ids
    assert [one.right for one in made] == [True, True, True, True, False, False]
    assert [one.misled for one in made] == [False, False, False, False, False, True]


def test_a_question_back_is_right_where_it_is_wanted(shelf: Panel) -> None:
    talk = Conversation(
        id="t",
        turns=[
            Turn(request="forecast eggs", tool="forecast", asks=True),
            Turn(request="the large ones", tool="forecast", arguments={"product": "4003"}),
        ],
    )
    made = judged(talk, Agent(Desk(shelf, Forecaster(None)), RulesModel(known=frozenset(shelf.unique_ids))), shelf)
    assert [one.right for one in made] == [True, True]


def test_the_summary_counts_turns_by_place(shelf: Panel) -> None:
    made = asked(shelf, ("top sellers", "top_sellers", {}), ("forecast 4001", "compare", {}))
    told = summary(made)
    assert told["all"] == {"turns": 2, "right_tool": 50.0, "right": 50.0, "misled": 50.0}
    assert (told["first"]["right"], told["later"]["right"]) == (100.0, 0.0)
    assert summary([made[0].model_copy(update={"tool": "out_of_scope"})])["unsupported"]["turns"] == 1


def test_the_set_asks_tools_that_there_are() -> None:
    some = [*load(), *load(HERE.with_name("conversations_heldout.jsonl"))]
    assert len({one.id for one in some}) == len(some) > 0
    for turn in (turn for one in some for turn in one.turns):
        fields = argument_models()[turn.tool].model_fields
        assert set(turn.arguments) <= set(fields), (turn.request, json.dumps(turn.arguments))


def test_a_turn_with_fields_of_no_meaning_is_refused() -> None:
    with pytest.raises(ValidationError):
        Turn.model_validate({"request": "x", "tool": "forecast", "argument": {}})
