"""Reports of groups: coherent with their series, whichever way they are grouped."""

from math import fsum

import numpy as np
import pandas as pd
import pytest
from skucast.agent.forecast.forecaster import Forecaster
from skucast.agent.forecast.groups import GroupForecaster, ended, forecast_parts, own_total
from skucast.agent.forecast.report import LINE, ForecastReport
from skucast.prompts.messages.say import say
from skucast.tools.data.groups import Group, groups_of
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema

HORIZON = 3
STATIC = {"A": ("1", "tea"), "B": ("1", "milk"), "C": ("2", "tea"), "D": ("2", "milk"), "OLD": ("3", "tea")}


@pytest.fixture(scope="module")
def panel() -> Panel:
    """Two stores of two products, and a store that closed."""
    rng, parts = np.random.default_rng(5), []
    for i, (uid, (store, product)) in enumerate(STATIC.items()):
        ds = pd.date_range("2024-01-07", periods=20 if uid == "OLD" else 30, freq="W-SUN")
        frame = pd.DataFrame({"unique_id": uid, "ds": ds, "y": rng.poisson(20 * (i + 1), len(ds)).astype(float)})
        parts.append(frame.assign(store=store, product=product, description=f"{product} {uid}"))
    schema = PanelSchema(static=["store", "product", "description"])
    return read_panel(pd.concat(parts, ignore_index=True), schema=schema)


@pytest.fixture(scope="module")
def maker(panel: Panel) -> GroupForecaster:
    forecaster = Forecaster(None)
    parts = forecast_parts(forecaster, panel, panel.unique_ids, HORIZON)
    return GroupForecaster(panel, HORIZON, parts, own_total(forecaster, panel, parts, HORIZON))


def made(maker: GroupForecaster, column: str) -> list[ForecastReport]:
    return maker.reports(groups_of(maker.panel, column))


def test_groups_of_every_column_add_up_to_all(maker: GroupForecaster) -> None:
    (whole,) = made(maker, "all")
    for column in ("store", "product", "description"):
        groups = made(maker, column)
        assert fsum(one.total.mean for one in groups) == pytest.approx(whole.total.mean, abs=1e-9)
        for h, step in enumerate(whole.steps):
            assert fsum(one.steps[h].mean for one in groups) == pytest.approx(step.mean, abs=1e-9)
        assert fsum(one.group.share or 0 for one in groups if one.group) == pytest.approx(1, abs=3e-4)


def test_parts_add_up_to_their_group(maker: GroupForecaster) -> None:
    for report in (*made(maker, "store"), *made(maker, "all")):
        group = report.group
        assert group is not None
        assert fsum(part.mean for part in group.parts) + group.rest == pytest.approx(report.total.mean, abs=1e-9)
        assert [part.mean for part in group.parts] == sorted((part.mean for part in group.parts), reverse=True)
        assert report.total.quantiles["q0.1"] < report.total.mean < report.total.quantiles["q0.9"]
        assert LINE.validate_json(report.model_dump_json()) == report


def test_all_together_have_the_quantiles_of_their_own_forecast(maker: GroupForecaster) -> None:
    (whole,) = made(maker, "all")
    assert maker.own is not None and whole.group is not None
    for step, own in zip(whole.steps, maker.own, strict=True):
        assert list(step.quantiles.values()) == pytest.approx(own.tolist(), rel=2e-3)
    assert whole.group.reconciliation.method == "reconciled"
    assert whole.evidence[-1].text.startswith("The total adds up the forecasts of 4 series")
    assert "scaled so that all series together" in whole.explanation.text


def test_without_a_forecast_of_the_total_every_series_is_as_in_its_own_report(maker: GroupForecaster) -> None:
    alone = GroupForecaster(maker.panel, HORIZON, maker.parts)
    for report in made(alone, "description"):
        assert report.group is not None
        (part,) = report.group.parts
        assert report.total.mean == pytest.approx(maker.parts[part.unique_id].total.mean, abs=1e-3)
        assert report.total.quantiles == maker.parts[part.unique_id].total.quantiles
        assert report.group.reconciliation.draws == 0
        assert report.explanation.text.endswith("The total is the forecast of its only series.")


def test_series_that_ended_are_left_out_and_said(maker: GroupForecaster) -> None:
    assert ended(maker.panel, groups_of(maker.panel, "store")) == [Group("store", "3")]
    assert {one.unique_id for one in made(maker, "store")} == {"group:store:1", "group:store:2"}
    tea = next(one for one in made(maker, "product") if one.unique_id == "group:product:tea")
    assert tea.group is not None and tea.group.series == ["A", "C"] and tea.group.left_out == ["OLD"]
    assert "sales of 1 series end before 2024-07-28, first OLD: counted as selling nothing" in tea.warnings
    assert "1 个序列的销售在 2024-07-28 之前结束" in say(tea.notes[0], "zh")


def test_reports_are_in_the_language_asked_for(maker: GroupForecaster) -> None:
    chinese = GroupForecaster(maker.panel, HORIZON, maker.parts, maker.own, lang="zh")
    (whole,) = made(chinese, "all")
    assert "使全部序列之和与其总量的统计预测一致" in whole.explanation.text


def test_series_planned_closed_leave_the_sum_as_it_is(panel: Panel) -> None:
    """A forecast of the total cannot know which of them are closed."""
    frame = panel.past.assign(open=1.0)[["unique_id", "ds", "y", "open"]]
    ahead = pd.date_range("2024-08-04", periods=HORIZON, freq="W-SUN")
    plan = pd.DataFrame({"unique_id": "A", "ds": ahead, "y": np.nan, "open": [1.0, 0.0, 1.0]})
    known = read_panel(pd.concat([frame, plan]), schema=PanelSchema(known_future=["open"]))
    forecaster = Forecaster(None)
    parts = forecast_parts(forecaster, known, known.unique_ids, HORIZON)
    assert own_total(forecaster, known, parts, HORIZON) is None
    assert own_total(forecaster, known, {"A": parts["A"]}, HORIZON) is None
