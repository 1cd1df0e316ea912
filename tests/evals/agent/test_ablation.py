"""Readers that are switched off in turn, and what the grammar then leaves of the expected calls."""

import re

import pandas as pd
import pytest
from skucast.evals.agent.ablation import Bench, ablate, page, switches
from skucast.evals.agent.requests import Case
from skucast.prompts.reading.fields import READERS
from skucast.prompts.reading.request import Reading
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema


@pytest.fixture
def bench() -> Bench:
    ds = pd.date_range("2024-01-07", periods=10, freq="W-SUN")
    rows = [pd.DataFrame({"unique_id": uid, "ds": ds, "y": 5.0, "category": "fruit"}) for uid in ("1001", "1002")]
    panel = read_panel(pd.concat(rows), schema=PanelSchema(static=["category"]))
    cases = [
        Case(id="1", request="1001 for 4 weeks", tool="forecast", arguments={"product": "1001", "horizon": "4w"}),
        Case(
            id="2",
            request="200 units of 1001",
            tool="stock_plan",
            arguments={"product": "1001", "on_hand": 200},
        ),
    ]
    return Bench(cases, panel, lambda text: len(text.split()))


def test_a_reader_that_is_off_leaves_more_to_the_model(bench: Bench) -> None:
    some = [one for one in switches() if one.name in ("kind: ahead", "kind: stock", "kind: month")]
    rows = ablate(bench, some)
    every, ahead, month, stock = (rows[name] for name in ("all on", "kind: ahead", "kind: month", "kind: stock"))
    assert (every["admitted"], every["bound"]) == (2, 0.5)  # the horizon and the stock, of four arguments
    assert (ahead["admitted"], ahead["bound"], ahead["changed"]) == (2, 0.25, 1) and ahead["bits"] > every["bits"]
    assert (stock["admitted"], stock["bound"]) == (1, 0.25)  # what no model may guess is not in the call
    assert month["changed"] == 0 and month["bits"] == every["bits"]


def test_every_switch_is_put_back() -> None:
    texts = ["10 % off in week 2, in december 2024", "top 5 of the 200 units left", "下周打八折"]
    before = [(Reading(text).lengths, Reading(text).changes, Reading(text).months) for text in texts]
    kinds = dict(READERS)
    for one in switches():
        with pytest.raises(RuntimeError), one.off():
            raise RuntimeError
    assert [(Reading(text).lengths, Reading(text).changes, Reading(text).months) for text in texts] == before
    assert kinds == READERS


def test_the_page_is_filled_between_its_marks() -> None:
    row = {"admitted": 2, "bound": 0.5, "bits": 1.25, "changed": 3, "lines": 4, "asked": 2, "right_with": 2}
    said = "# A\n<!-- readers -->\nold\n<!-- end -->\nB\n<!-- libraries -->\n<!-- end -->\nC\n"
    made = page({"x": row | {"right_without": 1}}, {"y": row | {"seconds": 1.5}}, said)
    assert "| x | 4 | 3 | 2 | 50.0% | 1.25 | 2 / 1 of 2 |" in made and "| y | 3 | 2 | 50.0% | 1.25 | 1.5 |" in made
    assert "old" not in made and re.sub(r"(?m)^\|.*\n", "", made) == said.replace("old\n", "")
    assert page({"x": row | {"right_without": 1}}, {"y": row | {"seconds": 1.5}}, made) == made
