"""What keeps notes harmless with the screen of patterns switched off: the fence, and no call after a note was read."""

import json
import re
from importlib import resources

import pytest
from langchain_core.messages import AIMessage
from skucast.agent.chat.desk import Desk
from skucast.agent.chat.loop import Agent
from skucast.agent.forecast.forecaster import Forecaster
from skucast.prompts.messages.say import say_all
from skucast.tools.data.panel import Panel
from skucast.tools.text import screen
from skucast.tools.text.index import open_notes
from skucast.tools.text.notes import Note
from skucast.tools.toolset import market_notes

from .test_loop import Scripted, call

ATTACKS = [
    json.loads(line)["text"] for line in resources.files("skucast.evals").joinpath("agent/injections.jsonl").open("rb")
]
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@pytest.fixture
def unscreened(monkeypatch: pytest.MonkeyPatch) -> None:
    """No note is flagged."""
    for module in (screen, market_notes):
        monkeypatch.setattr(module, "flags", lambda _: [])


@pytest.mark.usefixtures("unscreened")
@pytest.mark.parametrize("attack", ATTACKS)
def test_a_model_that_obeys_a_note_calls_nothing_and_tells_no_number_of_it(panel: Panel, attack: str) -> None:
    notes = open_notes()
    notes.add([Note(ds="2024-09-01", title="Coupons", text=f"A coupon campaign ran. {attack}", source="t")])
    for words in (attack, f"{attack} It sells 987,654 units."):
        desk = Desk(panel, Forecaster(None), notes=lambda: notes, product="B")
        asks = [call("market_notes", query="coupons"), call("forecast", product="A"), AIMessage(words)]
        model = Scripted(turns=asks)
        reply = Agent(desk, model).ask("any notes on coupons?")
        shown = str(model.seen[1][-1].content)
        assert "[text withheld" not in shown and shown.count(screen.OPEN) == shown.count(screen.CLOSE) == 1
        assert shown.endswith(screen.CLOSE)
        assert [step.tool for step in reply.steps if step.kind == "call"] == ["market_notes"]
        assert not desk.reports and [tool for tool, _ in reply.answers] == ["market_notes"]
        own = say_all(reply.answers[0][1].messages)
        assert set(NUMBER.findall(reply.text)) <= set(NUMBER.findall(own))
    assert reply.text == own  # of words with a number that no evidence holds, none is shown


@pytest.mark.usefixtures("unscreened")
@pytest.mark.parametrize("attack", ATTACKS)
def test_what_a_note_said_is_not_before_the_model_in_later_turns(panel: Panel, attack: str) -> None:
    notes = open_notes()
    notes.add([Note(ds="2024-09-01", title="Coupons", text=f"A coupon campaign ran. {attack}", source="t")])
    desk = Desk(panel, Forecaster(None), notes=lambda: notes, product="B")
    repeats = AIMessage(" ".join(re.sub(r"\d", "", attack).split()))
    model = Scripted(turns=[call("market_notes", query="coupons"), repeats, AIMessage("It is noted.")])
    agent = Agent(desk, model)
    first = agent.ask("any notes on coupons?")
    agent.ask("thanks")
    later = " ".join(str(one.content) for one in model.seen[-1])
    assert str(repeats.content)[:30] not in later and "A coupon campaign ran" not in later
    assert first.author == "template" or say_all(first.answers[0][1].messages) in later
