"""Agent evals: what counts as the same call, and a run over cases with a model that follows rules."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from skucast.agent.chat.desk import Desk
from skucast.agent.chat.rules import RulesModel
from skucast.agent.forecast.forecaster import Forecaster
from skucast.evals.agent.requests import (
    Case,
    answer_times,
    load_cases,
    outcome,
    run_cases,
    same_arguments,
    scripted,
    summary,
    write_results,
)
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.errors import InputError


@pytest.fixture
def panel() -> Panel:
    ds = pd.date_range("2024-01-07", periods=30, freq="W-SUN")
    rows = [
        pd.DataFrame({"unique_id": uid, "ds": ds, "y": [n + week % 3 for week in range(30)], "category": kind})
        for uid, n, kind in (("1001", 5, "cheese"), ("1002", 9, "fruit"))
    ]
    return read_panel(pd.concat(rows), schema=PanelSchema(static=["category"]))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wanted", "got", "same"),
    [
        ({"product": "1001"}, {"product": "1001"}, True),
        ({"product": "cheddar cheese"}, {"product": "the Cheddar cheeses"}, True),
        ({"product": "1001"}, {"product": "1002"}, False),
        ({"horizon": "4w"}, {"horizon": "28d"}, True),
        ({"horizon": "4w"}, {"horizon": "8w"}, False),
        ({"product": "1001"}, {}, False),
        ({}, {"limit": 3}, False),
        ({}, {"limit": None}, True),
        ({"products": ["1001", "1002"]}, {"products": ["1002", "1001"]}, True),
        ({"topic": "the weather"}, {"topic": "rain"}, True),
        ({"query": "coupon campaigns"}, {"query": "coupons"}, True),
        ({"category": "fruit"}, {"category": "fruits"}, True),
        ({"product": "1001"}, {"product": "SKU 1001"}, True),
        ({"products": ["1001", "1002"]}, {"products": ["1002", "sku 1001"]}, True),
        ({"product": "1001"}, {"product": "1002"}, False),
        ({"product": "1001 for next month"}, {"product": "1001"}, False),
        ({"product": "no such thing"}, {"product": "nothing such"}, False),
        ({"category": "fruit"}, {"category": "cheese"}, False),
        ({"price_change_percent": -10}, {"price_change_percent": -10.0}, True),
        ({"price_change_percent": -10}, {"price_change_percent": 10}, False),
    ],
)
def test_same_arguments(panel: Panel, wanted: dict[str, Any], got: dict[str, Any], same: bool) -> None:
    assert same_arguments(wanted, got, panel) is same


def test_a_run(panel: Panel, tmp_path: Path) -> None:
    cases = [
        Case(
            id="1",
            request="forecast next 4 weeks for SKU 1001",
            tool="forecast",
            arguments={"product": "1001", "horizon": "4w"},
        ),
        Case(id="2", request="why?", last={"product": "1002", "tool": "forecast"}, tool="explain"),  # type: ignore[arg-type]
        Case(id="3", request="forecast SKU 9999", tool="forecast", arguments={"product": "9999"}, kind="wrong_sku"),
        Case(id="4", request="top sellers", tool="plot"),
    ]
    results = run_cases(cases, Desk(panel, Forecaster(None)), lambda _: RulesModel())
    assert [one.right_tool for one in results] == [True, True, True, False]
    assert [one.success for one in results] == [True, True, True, False]
    told = summary(results)
    assert told["right_tool"] == 0.75 and told["grounded"] == 1.0 and told["by_kind"]["wrong_sku"]["success"] == 1.0
    write_results(tmp_path / "r.json", "rules", "skucast eval agent", outcome(results))
    write_results(tmp_path / "r.json", "other", "skucast eval agent", outcome(results))
    assert '"rules"' in (tmp_path / "r.json").read_text() and '"other"' in (tmp_path / "r.json").read_text()


def test_the_scripted_chooser_makes_the_expected_call(panel: Panel) -> None:
    cases = [
        Case(id="1", request="hm", tool="forecast", arguments={"product": "1001", "horizon": "4w"}),
        Case(id="2", request="hm", tool="forecast", arguments={"product": "9999"}, kind="wrong_sku"),
        Case(id="3", request="hm", tool="forecast", arguments={"product": "no such thing"}),
    ]
    results = run_cases(cases, Desk(panel, Forecaster(None)), scripted)
    assert all(one.right_tool and one.right_arguments for one in results)
    assert [one.success for one in results] == [True, True, False]


def test_times_of_a_forecast(panel: Panel) -> None:
    told = answer_times(Desk(panel, Forecaster(None)), RulesModel(), count=2)
    assert told["requests"] == 2 and 0 <= told["first_call_seconds"] <= told["seconds"] <= told["longest"]


def test_bad_cases(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text('{"id": "1", "request": "hi", "tool": "dance"}\n')
    with pytest.raises(InputError, match="line 1: unknown tool 'dance'"):
        load_cases(path)
    path.write_text('{"id": "1"}\n')
    with pytest.raises(InputError, match="line 1"):
        load_cases(path)
    with pytest.raises(InputError, match="cannot be read"):
        load_cases(tmp_path / "none.jsonl")
