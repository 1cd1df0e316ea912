"""Follow-ups to learn from: each leans on a call of some tool, whose grammar lets the change through."""

import json

import jsonschema
import numpy as np
import pytest
from skucast.finetune.examples.follow_ups import follow_ups, leant_on
from skucast.finetune.examples.patterns import patterns
from skucast.finetune.examples.routing import dialogues
from skucast.prompts.routing import AMEND, call_schema
from skucast.tools.toolset.registry import tools


def test_every_pattern_leans_on_some_tool() -> None:
    assert len(follow_ups()) > 300
    assert not [pattern.text for pattern in follow_ups() if not leant_on(pattern)]


@pytest.mark.slow
def test_the_grammar_lets_the_changes_through() -> None:
    made = [
        one for one in dialogues([*patterns(), *follow_ups()], 400, np.random.default_rng(0)) if one.call.tool == AMEND
    ]
    assert len(made) > 60
    shut = []
    for one in made:
        schema = json.loads(call_schema(one.request, tools(), spoken=one.spoken, amends=tools()[one.spoken.tool]))
        try:
            jsonschema.validate({"tool": AMEND, **one.call.arguments}, schema)
        except jsonschema.ValidationError:
            shut.append(one.request)
    assert len(shut) <= 2, shut  # odd slips of the finger
