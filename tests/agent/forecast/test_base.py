"""The combined tools as the base of reports: learned over the whole panel, cut where each forecast is cut."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from skucast.agent.forecast.base import CombinedBase
from skucast.agent.forecast.forecaster import Forecaster
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.errors import InputError
from skucast.tools.forecast.models import MEMBERS, Toolbox

from ..conftest import SCHEMA, make_frame, scripted

HORIZON = 4


@pytest.fixture(scope="module")
def tools(panel: Panel) -> CombinedBase:
    return CombinedBase(panel)


@pytest.mark.slow
def test_a_report_stands_on_the_combined_tools(panel: Panel, tools: CombinedBase) -> None:
    report = Forecaster(None, tools=tools).forecast(panel, ["B"], HORIZON)[0]
    made = Toolbox().combined(panel, HORIZON)
    assert report.base.members == list(MEMBERS)
    base = np.array([list(step.values()) for step in report.base.steps])
    np.testing.assert_allclose(base, made.quantiles["B"], atol=1e-4)
    total = np.quantile(made.paths("B", n=1000).sum(axis=1), [0.1, 0.9])
    assert (report.total.quantiles["q0.1"], report.total.quantiles["q0.9"]) == pytest.approx(total, abs=1e-3)


@pytest.mark.slow
def test_nothing_after_a_cutoff_reaches_a_forecast_as_of_it(panel: Panel) -> None:
    """A batch hands the whole file to the tools, and asks for forecasts as of an earlier date."""
    cutoff = panel.past["ds"].sort_values().unique()[-HORIZON - 1]
    other = panel.past.copy()
    other.loc[other["ds"] > cutoff, ["y", "views"]] = 9e6
    poisoned = dataclasses.replace(panel, past=other)
    one, two = (
        CombinedBase(whole).forecast(panel.unique_ids, HORIZON, pd.Timestamp(cutoff)) for whole in (panel, poisoned)
    )
    assert set(one) == set(two) == set(panel.unique_ids)
    for uid in one:
        np.testing.assert_array_equal(one[uid].quantiles, two[uid].quantiles)


def test_the_llm_is_weighed_against_the_combined_tools_of_the_window_before(panel: Panel, tools: CombinedBase) -> None:
    report = Forecaster(scripted(numbers="1 1 1 1"), tools=tools).forecast(panel, ["B"], HORIZON)[0]
    assert report.llm is not None and report.llm.weight == 0.0
    earlier = tools.forecast(["B"], HORIZON, panel.past["ds"].sort_values().unique()[-HORIZON - 1])["B"]
    y = panel.past_of("B")["y"].to_numpy(dtype=float)[-HORIZON:]
    levels = np.arange(1, 10) / 10
    error = y[:, None] - earlier.quantiles
    loss = np.maximum(levels * error, (levels - 1) * error).mean()
    assert report.llm.validation_loss_base == pytest.approx(loss, abs=1e-4)


@pytest.mark.slow
def test_a_series_that_ended_before_the_others_gets_the_ensemble() -> None:
    frame = make_frame()
    frame = frame[~((frame["unique_id"] == "C") & (frame["ds"] > "2024-09-01"))]
    panel = read_panel(frame, schema=SCHEMA)
    made = {r.unique_id: r for r in Forecaster(None, tools=CombinedBase(panel)).forecast(panel, ["B", "C"], HORIZON)}
    assert made["B"].base.members == list(MEMBERS)
    assert "SeasonalNaive" in made["C"].base.members


def test_too_short_a_past_gets_the_ensemble_and_the_report_says_so() -> None:
    panel = read_panel(make_frame(weeks=10), schema=SCHEMA)
    report = Forecaster(None, tools=CombinedBase(panel)).forecast(panel, ["B"], 8)[0]
    assert "SeasonalNaive" in report.base.members
    assert any("too short" in warning and "statistical ensemble stands in" in warning for warning in report.warnings)


def test_an_unknown_country_is_said_in_one_line() -> None:
    with pytest.raises(InputError, match="country 'Atlantis': expected an ISO code"):
        Toolbox(country="Atlantis")


@pytest.mark.slow
def test_what_is_learned_ahead_is_all_that_a_weighed_forecast_asks_for(panel: Panel) -> None:
    tools = CombinedBase(panel)
    tools.learn(HORIZON)
    shipped = dataclasses.replace(tools, toolbox=None, _memos={})  # type: ignore[arg-type]  # cannot learn
    llm = scripted(numbers="1 1 1 1")
    one, two = (Forecaster(llm, tools=each).forecast(panel, ["B"], HORIZON)[0] for each in (tools, shipped))
    assert one.base == two.base and one.llm == two.llm and one.base.members == list(MEMBERS)
