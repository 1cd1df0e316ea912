"""The combined tools as the base of reports: learned over the whole panel, cut where each forecast is cut."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from skucast.agent.forecast.base import CombinedBase
from skucast.agent.forecast.forecaster import Forecaster
from skucast.agent.forecast.learned import Learned
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.errors import InputError
from skucast.tools.forecast.blend import Combined
from skucast.tools.forecast.models import MEMBERS, Toolbox
from skucast.tools.forecast.statistical import BaseForecast

from ..conftest import SCHEMA, Few, make_frame, scripted

HORIZON = 4


@pytest.fixture(scope="module")
def tools(panel: Panel) -> CombinedBase:
    return CombinedBase(panel, Few(), keeps=False)


@pytest.mark.slow
def test_a_report_stands_on_the_combined_tools(panel: Panel) -> None:
    whole = CombinedBase(panel, keeps=False)
    report = Forecaster(None, tools=whole).forecast(panel, ["B"], HORIZON)[0]
    made = Toolbox().combined(panel, HORIZON, memo=whole._memos[HORIZON])
    assert list(made.members) == list(MEMBERS)
    weights = dict(zip(made.members, made.weights, strict=True))
    assert report.base.members == sorted((n for n in MEMBERS if weights[n] >= 0.01), key=lambda n: -weights[n])
    base = np.array([list(step.values()) for step in report.base.steps])
    np.testing.assert_allclose(base, made.quantiles["B"], atol=1e-3)
    total = np.quantile(made.paths("B", n=1000).sum(axis=1), [0.1, 0.9])
    assert (report.total.quantiles["q0.1"], report.total.quantiles["q0.9"]) == pytest.approx(total, abs=1e-2)


def test_members_are_named_the_heaviest_first_and_none_that_carries_nothing() -> None:
    step = np.zeros((1, 9))
    weights = {"a": 0.2, "none": 0.009, "b": 0.691, "c": 0.1}
    assert BaseForecast("x", step, {}, (), weights=weights).models == ["b", "a", "c"]
    assert BaseForecast("x", step, {"z": step, "y": step}, ()).models == ["z", "y"]


def test_nothing_after_a_cutoff_reaches_a_forecast_as_of_it(panel: Panel) -> None:
    """A batch hands the whole file to the tools, and asks for forecasts as of an earlier date."""
    cutoff = pd.Timestamp(panel.past["ds"].sort_values().unique()[-HORIZON - 1])
    other = panel.past.copy()
    other.loc[other["ds"] > cutoff, ["y", "views"]] = 9e6
    poisoned = dataclasses.replace(panel, past=other)
    one, two = (
        CombinedBase(whole, Few(), keeps=False).forecast(panel.unique_ids, HORIZON, cutoff)
        for whole in (panel, poisoned)
    )
    assert set(one) == set(two) == set(panel.unique_ids)
    for uid in one:
        np.testing.assert_array_equal(one[uid].quantiles, two[uid].quantiles)
        np.testing.assert_array_equal(one[uid].then, two[uid].then)
    later = CombinedBase(poisoned, Few(), keeps=False).forecast(["B"], HORIZON, panel.cutoff)
    assert not np.array_equal(later["B"].quantiles, one["B"].quantiles)


def test_the_llm_is_weighed_against_what_the_combined_tools_said_of_the_window_before(
    panel: Panel, tools: CombinedBase
) -> None:
    report = Forecaster(scripted(numbers="1 1 1 1"), tools=tools).forecast(panel, ["B"], HORIZON)[0]
    assert report.llm is not None and report.llm.weight == 0.0 and report.llm.validation_periods == 4
    then = tools.forecast(["B"], HORIZON, panel.cutoff)["B"].then
    assert then is not None and then.shape == (4, 9)
    y = panel.past_of("B")["y"].to_numpy(dtype=float)[-HORIZON:]
    levels = np.arange(1, 10) / 10
    error = y[:, None] - then
    loss = np.maximum(levels * error, (levels - 1) * error).mean()
    assert report.llm.validation_loss_base == pytest.approx(loss, abs=1e-4)


def test_how_the_llm_did_is_evidence_but_no_reason(panel: Panel, tools: CombinedBase) -> None:
    report = Forecaster(scripted(numbers="1 1 1 1"), tools=tools).forecast(panel, ["B"], HORIZON)[0]
    (tested,) = [item for item in report.evidence if item.tool == "validation"]
    assert "the LLM's loss was" in tested.text and tested.text in report.model_dump_json()
    templated = Forecaster(scripted(numbers="1 1 1 1"), tools=tools, explanations="template")
    for made in (report, templated.forecast(panel, ["B"], HORIZON)[0]):
        assert "loss" not in made.explanation.text and "LLM" not in made.explanation.text


def test_a_series_that_ended_before_the_others_gets_the_ensemble() -> None:
    frame = make_frame()
    frame = frame[~((frame["unique_id"] == "C") & (frame["ds"] > "2024-09-01"))]
    panel = read_panel(frame, schema=SCHEMA)
    maker = Forecaster(None, tools=CombinedBase(panel, Few(), keeps=False))
    made = {report.unique_id: report for report in maker.forecast(panel, ["B", "C"], HORIZON)}
    assert set(made["B"].base.members) <= {"Naive", "Recent"}
    alone = Forecaster(None).forecast(panel, ["C"], HORIZON)[0]
    assert made["C"].base == alone.base != made["B"].base


@dataclasses.dataclass(frozen=True)
class Unable(Toolbox):
    """One whose past is always too short."""

    def combined(self, *_: object, **__: object) -> Combined:
        raise InputError("too short a past")


def test_where_nothing_can_be_learned_the_ensemble_stands_in_and_the_report_says_so(panel: Panel) -> None:
    report = Forecaster(None, tools=CombinedBase(panel, Unable(), keeps=False)).forecast(panel, ["B"], 8)[0]
    assert report.base == Forecaster(None).forecast(panel, ["B"], 8)[0].base
    assert any("too short" in warning and "statistical ensemble stands in" in warning for warning in report.warnings)


def test_an_unknown_country_is_said_in_one_line() -> None:
    with pytest.raises(InputError, match="country 'Atlantis': expected an ISO code"):
        Toolbox(country="Atlantis")


def test_what_is_learned_ahead_is_all_that_a_weighed_forecast_asks_for(panel: Panel) -> None:
    tools = CombinedBase(panel, Few(), keeps=False)
    tools.learn(HORIZON)
    shipped = dataclasses.replace(tools, toolbox=None, _memos={})  # type: ignore[arg-type]  # cannot learn
    llm = scripted(numbers="1 1 1 1")
    one, two = (Forecaster(llm, tools=each).forecast(panel, ["B"], HORIZON)[0] for each in (tools, shipped))
    assert one.base == two.base and one.llm == two.llm


def test_learning_tells_how_far_it_is(panel: Panel) -> None:
    """Two members for now and for three windows, of the members that there are: as many as at most."""
    told: list[tuple[str, int, int]] = []
    maker = Forecaster(None, tools=CombinedBase(panel, Few(), keeps=False))
    for _ in range(2):
        maker.forecast(panel, ["B"], HORIZON, progress=lambda *said: told.append(said))
    whole = len(MEMBERS) * 4
    assert [said for said in told if said[0] == "learn"] == [("learn", done, whole) for done in range(8)]  # once


def test_the_same_forecast_again_learns_nothing(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process has no more than what is kept; here, the file."""

    def forecast(tools: CombinedBase) -> dict[str, BaseForecast]:
        return tools.forecast(panel.unique_ids, HORIZON, panel.cutoff)

    one = forecast(CombinedBase(panel, Few(seed=77)))
    learning = pytest.raises(AssertionError, match="learned anew")
    monkeypatch.setattr(Few, "combined", Unlearned.combined)
    two = forecast(CombinedBase(panel, Few(seed=77)))
    assert list(one) == list(two) == panel.unique_ids
    for uid in one:
        np.testing.assert_allclose(two[uid].quantiles, one[uid].quantiles, rtol=1e-6)
        np.testing.assert_allclose(two[uid].then, one[uid].then, rtol=1e-6)
        assert one[uid].models == two[uid].models
    with learning:
        forecast(CombinedBase(panel, Few(seed=77), keeps=False))
    with learning:
        forecast(CombinedBase(panel, Few(seed=78)))


class Unlearned:
    """What must not be asked."""

    def combined(self, *_: object, **__: object) -> Learned:
        raise AssertionError("learned anew")
