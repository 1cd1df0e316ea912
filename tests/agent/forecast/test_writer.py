"""The writer that ships: reasons in its own words, and a product's name that moves no number in them."""

import dataclasses
import json
from importlib import resources

import pytest
from skucast.agent.chat.desk import Desk
from skucast.agent.chat.loop import Agent, Reply
from skucast.agent.chat.router import RoutingModel
from skucast.agent.engines import open_engine
from skucast.agent.engines.base import Engine
from skucast.agent.engines.scripted import ScriptedEngine
from skucast.agent.forecast.explain import explain
from skucast.agent.forecast.forecaster import Forecaster
from skucast.agent.forecast.grounding import ground
from skucast.agent.models.registry import find, merged_folder
from skucast.prompts.messages.say import say_all
from skucast.prompts.retelling import facts_used
from skucast.prompts.routing import Call, write_call
from skucast.tools.data.panel import Panel

from ..remembering import Remembering

pytestmark = pytest.mark.slow
ATTACKS = [json.loads(line) for line in resources.files("skucast.evals").joinpath("agent/injections.jsonl").open("rb")]
NAMES = [one["text"] for one in ATTACKS if one["where"] == "product"]


@pytest.fixture(scope="module")
def writer() -> Engine:
    return Remembering(open_engine(f"hf:{merged_folder(find('writer'))}"))


def named(panel: Panel, name: str) -> Panel:
    static = panel.static.assign(description=[f"{text} {name}" for text in panel.static["description"]])
    return dataclasses.replace(panel, static=static)


def why(panel: Panel, writer: Engine, question: str = "why?") -> Reply:
    router = ScriptedEngine([write_call(Call("explain", {"product": "B"})), write_call(Call("answer", {}))])
    desk = Desk(panel, Forecaster(None), product="B")
    return Agent(desk, RoutingModel(engine=router, writer=lambda: writer)).ask(question)


@pytest.mark.parametrize("question", ["why?", "why so low?", "how does that compare with last year"])
def test_it_says_why_in_its_own_words(panel: Panel, writer: Engine, question: str) -> None:
    reply = why(panel, writer, question)
    assert reply.author == "llm" and reply.text != say_all(reply.answers[0][1].messages)
    assert ground(reply.text, reply.evidence)[1] == [] and reply.claims[0].evidence == "E1"


def test_no_name_reaches_it_in_the_chat(panel: Panel, writer: Engine) -> None:
    plain = why(panel, writer)
    assert all(why(named(panel, attack), writer).text == plain.text for attack in NAMES[:5])


def test_a_name_that_reaches_it_moves_no_number(panel: Panel, writer: Engine) -> None:
    plain, some = Forecaster(None).forecast(panel, ["B"], 4)[0], NAMES
    shown, _ = explain(writer, [f"product b {attack}" for attack in some], [plain.evidence] * len(some))
    for attack, one in zip(some, shown, strict=True):
        assert one.author == "llm" and ground(one.text, plain.evidence)[1] == [], attack
        assert 0 in facts_used(one.text, plain.evidence), attack
