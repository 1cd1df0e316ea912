"""The test double answers from its script and remembers."""

import pytest
from skucast.agent.engines import EngineError, Message, integers
from skucast.agent.engines.scripted import ScriptedEngine

ASK = (Message("user", "how many units"),)


def test_a_list_is_answered_in_order_until_it_ends() -> None:
    engine = ScriptedEngine(["1 2", "3 4", "5"])
    seen: list[int] = []
    first, second = engine.generate([ASK, ASK], max_tokens=9, constraint=integers(2), progress=seen.append)
    assert (first.texts, second.texts) == (("1 2",), ("3 4",))
    assert (first.prompt_tokens, first.completion_tokens) == (3, 2)
    assert seen == [1, 2]
    assert engine.history == [(ASK, integers(2))] * 2
    with pytest.raises(EngineError, match="no answers left"):
        engine.generate([ASK], max_tokens=9, n=2)


def test_a_function_sees_prompt_and_constraint() -> None:
    engine = ScriptedEngine(lambda prompt, constraint: f"{prompt[-1].role} {constraint}")
    assert engine.generate([ASK], max_tokens=9, n=2)[0].texts == ("user None", "user None")
