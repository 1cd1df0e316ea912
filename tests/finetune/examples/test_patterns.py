"""Training requests: every pattern gives sentences whose arguments are valid, and says them in so many words."""

import re
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from skucast.finetune.examples.patterns import Pattern, checked, draw, expand, patterns
from skucast.finetune.examples.routing import CHAINS, Dialogue, dialogues, routing_examples
from skucast.finetune.recipe import load_recipe
from skucast.prompts.asking import Line, line_of, name_places, pointing
from skucast.prompts.retelling import sections
from skucast.prompts.routing import ANSWER, Call, Spoken, read_call, write_call
from skucast.tools.errors import InputError
from skucast.tools.toolset.registry import argument_models, parse, tools


@pytest.mark.slow
def test_every_pattern_gives_valid_calls() -> None:
    rng = np.random.default_rng(0)
    seen = set()
    for pattern in patterns():
        for _ in range(5):
            drawn = draw(pattern, rng)
            parse(pattern.tool, drawn.arguments)
            assert not set("{}|") & set(drawn.text) and drawn.text.strip()
        seen.add(pattern.tool)
    assert seen == set(tools())


def test_alternations_innermost_first() -> None:
    rng = np.random.default_rng(1)
    drawn = {expand("a (b (c|d)|e) (|f)", rng) for _ in range(60)}
    assert drawn == {"a b c", "a b d", "a e", "a b c f", "a b d f", "a e f"}


def test_arguments_are_what_the_slots_say() -> None:
    rng = np.random.default_rng(2)
    drawn = draw(checked(line_of("what_if", "what if {product} is {percent} cheaper {weeks} # price=-percent")), rng)
    assert list(drawn.arguments) == ["product", "price_change_percent", "periods"]
    assert drawn.arguments["price_change_percent"] < 0
    assert f"{-drawn.arguments['price_change_percent']:g}" in drawn.text
    assert drawn.arguments["product"] in drawn.text.lower() or drawn.arguments["product"] in drawn.text
    promoted = draw(checked(line_of("what_if", "no promo # promotion=false")), rng)
    assert promoted.arguments == {"promotion": False}


@pytest.mark.parametrize("line", ["(a|b", "{nothing} here"])
def test_bad_patterns(line: str) -> None:
    with pytest.raises(InputError, match="not known, or brackets left open"):
        checked(line_of("forecast", line))
    with pytest.raises(InputError):
        checked(line_of("no_such_tool", "hello"))


def test_dialogues_end_in_calls_that_can_be_read() -> None:
    made = dialogues(patterns(), 400, np.random.default_rng(3))
    kinds = {"first": 0, "after": 0, "second": 0}
    for one in made:
        again = read_call(write_call(one.call))
        assert again == one.call
        if again.tool != ANSWER:
            parse(again.tool, again.arguments)
        kinds["first" if not one.done else "after" if again.tool == ANSWER else "second"] += 1
        leans = (
            "product" in argument_models().get(again.tool, argument_models()["data_health"]).model_fields
            and not one.done
        )
        if leans and not {"product", "category"} & set(again.arguments):
            assert one.spoken.product, one
    assert min(kinds.values()) > 5


def test_a_second_call_takes_the_product_that_was_found() -> None:
    made = [one for one in dialogues(patterns(), 3000, np.random.default_rng(4)) if _second(one)]
    assert len(made) > 50
    assert all(one.call.arguments["product"] in one.done[0][1] for one in made)
    assert any("horizon" in one.call.arguments for one in made)
    assert {one.done[0][0].tool for one in made} == {tool for _, tool, _, _ in CHAINS}


def _second(one: Dialogue) -> bool:
    return bool(one.done) and one.call.tool != ANSWER


def test_examples_are_split_by_pattern(tokenizer: object) -> None:
    recipe = load_recipe("router", {"windows": 40, "validation_windows": 12})
    made = routing_examples(recipe, tokenizer)
    assert (len(made.train), len(made.validation)) == (40, 12)
    assert made.digest == routing_examples(recipe, tokenizer).digest
    assert all(one.slots and one.ids for one in made.train)


def test_what_a_session_spoke_of() -> None:
    assert Spoken().text == "nothing yet"
    assert Spoken("forecast", True, False, "4w").text == "forecast, a product, 4w"
    assert write_call(Call("forecast", {"product": "奶酪"})) == '{"tool": "forecast", "product": "奶酪"}'
    assert Pattern("plot", "draw {product}", {}).slots == {"product"}


RULED = {name for name, tool in tools().items() if tool.ruled}
FILLED = {"product": "SKU 123456", "category": "CHEESE", "horizon": "next month", "span": "4 weeks", "back": "4 weeks"}


def test_rules_find_their_own_requests_and_take_no_others() -> None:
    rng = np.random.default_rng(5)
    own = {  # the hand that the rules were written beside; of the others' patterns they find a part
        line.partition(" # ")[0].strip()
        for tool in RULED
        for section, line in sections(Path(str(files("skucast.prompts"))) / "requests" / f"{tool}.txt")
        if section == "a"
    }
    wrong = []
    for pattern in patterns():
        for _ in range(8):
            text = re.sub(r"\{(\w+)\}", lambda slot: FILLED.get(slot[1], "7"), expand(pattern.text, rng))
            found = next((rule.tool for rule in pointing(text) if _holds(rule, text)), None)
            taken = found in RULED and found != pattern.tool
            missed = pattern.tool in RULED and pattern.text in own and found != pattern.tool
            if taken or missed:
                wrong.append((pattern.tool, text, found))
    assert own and not wrong


def _holds(rule: Line, text: str) -> bool:
    """Whether a group stands where a rule wants one."""
    where, must = name_places(rule, text)
    return not must or FILLED["category"].lower() in where.lower()
