"""The Forecaster with a scripted engine: what is combined, what is believed, what is said."""

import pickle
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from skucast.agent.engines.base import EngineError, Prompt
from skucast.agent.engines.scripted import ScriptedEngine
from skucast.agent.forecast.forecaster import Forecaster
from skucast.agent.forecast.grounding import ground
from skucast.agent.forecast.language import report_in
from skucast.agent.forecast.report import LINE, ForecastReport, LLMPart
from skucast.agent.forecast.witnesses import Witnesses
from skucast.prompts.messages.say import say
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.errors import InputError
from skucast.tools.messages import message

from ..conftest import SCHEMA, horizon_of, make_frame, scripted

LEVEL_NAMES = [f"q0.{i}" for i in range(1, 10)]


def values(quantiles: dict[str, float]) -> list[float]:
    assert list(quantiles) == LEVEL_NAMES
    return list(quantiles.values())


def test_a_report_is_whole(panel: Panel) -> None:
    report = Forecaster(scripted()).forecast(panel, ["B"], 4, source="test", source_digest="abc")[0]
    assert (report.unique_id, report.horizon, report.freq) == ("B", 4, "W")
    assert [step.ds.isoformat() for step in report.steps] == ["2024-10-13", "2024-10-20", "2024-10-27", "2024-11-03"]
    for step in report.steps:
        assert values(step.quantiles) == sorted(values(step.quantiles))
        assert min(values(step.quantiles)) >= 0
    assert report.product == {"description": "product B; box"}
    assert report.request.source_digest == "abc"
    assert LINE.validate_json(report.model_dump_json()) == report
    ids = {item.id for item in report.evidence}
    assert {driver.evidence for driver in report.drivers} <= ids
    assert {claim.evidence for claim in report.explanation.claims} <= ids


def test_a_report_is_said_again_in_a_language_from_its_messages(panel: Panel) -> None:
    made = Forecaster(None).forecast(panel, ["B"], 4)[0]
    there = Forecaster(None, lang="zh").forecast(panel, ["B"], 4)[0]
    assert [key for _, key in made.reasons] == [item.message for item in made.evidence]
    assert [tool for tool, _ in made.reasons] == [item.tool for item in made.evidence]
    timings = {"timings": made.timings}
    said = report_in(made, "zh").model_copy(update=timings)
    assert said == there.model_copy(update=timings) and report_in(said, "en") == made
    assert said.evidence[0].text.startswith("预测：4 周共 ") and said.drivers[0].text.startswith("近期销量：")
    assert said.explanation.text.startswith(said.evidence[0].text) and said.explanation.author == "template"
    assert [item.facts for item in said.evidence] == [item.facts for item in made.evidence]
    assert report_in(pickle.loads(pickle.dumps(made)), "zh").evidence == said.evidence
    assert report_in(made.model_copy(update={"evidence": made.evidence[:1]}), "zh").evidence == said.evidence[:1]
    read = LINE.validate_json(made.model_dump_json())
    assert read == made and isinstance(read, ForecastReport)
    assert read.reasons == [] and report_in(read, "zh") == made  # its messages are not in the JSON


def test_warnings_are_said_again_too(panel: Panel) -> None:
    made = Forecaster(None).forecast(panel, ["B"], 4)[0]
    warned = made.warned([message("warning-short", periods=3), message("warning-budget-spent")])
    english = ["only 3 periods known: a wide guess around their mean"]
    english.append("the budget was spent: this is the forecast without the LLM")
    chinese = ["仅有 3 个已知时段：以其均值为中心做宽幅估计", "预算已用完：这是不含大模型的预测"]
    assert warned.warnings == english and warned.warned(warned.notes, "zh").warnings == chinese
    assert report_in(warned, "zh").warnings == chinese
    assert report_in(pickle.loads(pickle.dumps(report_in(warned, "zh"))), "en").warnings == english
    assert made.warnings == [say(note) for note in made.notes] != english  # the first report is as it was


def test_the_total_is_no_sum_of_quantiles(panel: Panel) -> None:
    report = Forecaster(None).forecast(panel, ["B"], 8)[0]
    assert report.total.mean == pytest.approx(sum(step.mean for step in report.steps), rel=1e-3)
    summed = sum(step.quantiles["q0.9"] for step in report.steps) - sum(step.quantiles["q0.1"] for step in report.steps)
    assert 0 < report.total.quantiles["q0.9"] - report.total.quantiles["q0.1"] < 0.95 * summed


def test_an_llm_that_was_right_earns_weight_and_one_that_was_wrong_none() -> None:
    frame = make_frame()
    truth = {uid: rows["y"].tolist() for uid, rows in frame.groupby("unique_id")}
    panel = read_panel(frame, schema=SCHEMA)

    def oracle(prompt: Prompt) -> str:
        recent = " ".join(next(w for w in prompt[-1].content.split("\n") if w.startswith("last")).split()[1:])
        y = truth["B"]
        for start in range(6, len(y) + 1):
            if " ".join(f"{v:.0f}" for v in y[start - 6 : start]) == recent:
                ahead = (y[start:] + [y[-1]] * 4)[: horizon_of(prompt)]
                return " ".join(f"{v:.0f}" for v in ahead)
        raise AssertionError(recent)

    good = Forecaster(scripted(numbers=oracle)).forecast(panel, ["B"], 4)[0].llm
    bad = Forecaster(scripted(numbers="1 1 1 1")).forecast(panel, ["B"], 4)[0].llm
    assert good is not None and bad is not None
    assert good.validation_loss_llm == 0.0
    assert good.weight > 0
    assert bad.weight == 0.0
    assert good.validation_cutoff is not None and good.validation_cutoff.isoformat() == "2024-09-08"


def test_an_llm_that_earned_nothing_is_not_asked_again_unless_for_study(panel: Panel) -> None:
    for ask_all, asked in ((False, 1), (True, 2)):
        engine = scripted(numbers="1 1 1 1")
        maker = Forecaster(engine, samples=1, explanations="template", ask_all=ask_all)
        report = maker.forecast(panel, ["B"], 4)[0]
        assert len(engine.history) == asked
        assert report.llm is not None
        assert (report.llm.steps is not None) == ask_all
        assert report.llm.weight == 0.0


def test_a_weightless_llm_changes_nothing(panel: Panel) -> None:
    with_llm = Forecaster(scripted(numbers="1 1 1 1")).forecast(panel, ["B", "D"], 4)
    without = Forecaster(None).forecast(panel, ["B", "D"], 4)
    assert [r.steps for r in with_llm] == [r.steps for r in without]
    assert without[0].llm is None


@pytest.mark.parametrize(("answer", "unusable"), [("no numbers", 5), ("1 2 3", 5), ("99999 1 1 1", 5)])
def test_answers_that_are_no_forecast_are_counted_and_not_used(panel: Panel, answer: str, unusable: int) -> None:
    report = Forecaster(scripted(numbers=answer)).forecast(panel, ["B"], 4)[0]
    assert report.llm is not None
    assert (report.llm.unusable, report.llm.weight, report.llm.steps) == (unusable, 0.0, None)
    assert any("no usable answer" in warning for warning in report.warnings)
    assert report.steps == Forecaster(None).forecast(panel, ["B"], 4)[0].steps


def test_when_the_engine_fails_the_baseline_stands_and_the_report_says_so(panel: Panel) -> None:
    def gone(*_: object) -> str:
        raise EngineError("http://x: no connection")

    report = Forecaster(ScriptedEngine(gone)).forecast(panel, ["B"], 4)[0]
    assert report.steps == Forecaster(None).forecast(panel, ["B"], 4)[0].steps
    assert any("no connection" in warning for warning in report.warnings)
    assert report.explanation.author == "template"
    assert "no connection" in str(report.explanation.rejected)


@pytest.mark.slow
def test_nothing_after_the_cutoff_reaches_the_prompt_or_the_report() -> None:
    cutoff = pd.Timestamp("2024-08-25")
    frame = make_frame()
    changed = frame.copy()
    late = changed["ds"] > cutoff
    changed.loc[late, ["y", "views"]] = 7_777_777.0
    made = []
    for table in (frame, changed):
        engine = scripted()
        seen = read_panel(table, schema=SCHEMA).before(cutoff)
        reports = Forecaster(engine, shots=2).forecast(seen, ["A", "B", "C", "D"], 4)
        made.append(([r.model_copy(update={"timings": None}) for r in reports], engine.history))
    assert made[0] == made[1]


def test_the_validation_window_never_sees_its_own_truth(panel: Panel) -> None:
    engine = scripted()
    Forecaster(engine, shots=2).forecast(panel, ["B"], 4)
    y = panel.past_of("B")["y"].tolist()
    hidden = " ".join(f"{v:.0f}" for v in y[-4:])
    validation_prompt = engine.history[0][0]
    assert all(hidden not in message.content for message in validation_prompt)
    assert " ".join(f"{v:.0f}" for v in y[-10:-4]) in validation_prompt[-1].content


def test_explanations_are_checked(panel: Panel) -> None:
    good = Forecaster(scripted()).forecast(panel, ["B"], 4)[0]
    assert good.explanation.author == "llm"
    assert good.explanation.claims
    liar = Forecaster(scripted(words="Sales will rise by 400 units.")).forecast(panel, ["B"], 4)[0]
    assert liar.explanation.author == "template"
    assert "400" in str(liar.explanation.rejected)
    half = f"{good.explanation.text} Sales will rise by 400 units."
    mended = Forecaster(scripted(words=half)).forecast(panel, ["B"], 4)[0]
    assert (mended.explanation.author, mended.explanation.text) == ("llm", good.explanation.text)
    vague = Forecaster(scripted(words="Sales may rise.")).forecast(panel, ["B"], 4)[0]
    assert vague.explanation.rejected == "the LLM's text does not state the forecast"
    silent = Forecaster(scripted(words="...")).forecast(panel, ["B"], 4)[0]
    assert silent.explanation.rejected == "the LLM wrote no whole sentence"
    for report in (good, liar, vague, silent):
        assert ground(report.explanation.text, report.evidence)[1] == []


def test_short_empty_and_dead_series_get_a_forecast_and_a_warning() -> None:
    ds = pd.date_range("2024-01-07", periods=20, freq="W-SUN")
    frame = pd.concat(
        [
            pd.DataFrame({"unique_id": "zero", "ds": ds, "y": 0.0}),
            pd.DataFrame({"unique_id": "one", "ds": ds[-1:], "y": 5.0}),
            pd.DataFrame({"unique_id": "same", "ds": ds, "y": 9.0}),
            pd.DataFrame({"unique_id": "over", "ds": ds[:12], "y": np.arange(12.0)}),
        ]
    )
    reports = Forecaster(scripted()).forecast(read_panel(frame), ["zero", "one", "same", "over"], 3)
    zero, one, _, over = reports
    assert [r.unique_id for r in reports] == ["zero", "one", "same", "over"]
    assert max(zero.steps[0].quantiles.values()) <= 1
    assert one.steps[0].quantiles["q0.1"] < 5 < one.steps[0].quantiles["q0.9"]
    assert all(report.warnings for report in reports)
    assert over.cutoff.isoformat() == "2024-03-24"
    assert any("56 days before" in warning for warning in over.warnings)


def test_a_new_item_is_forecast_from_items_like_it_and_the_report_names_them() -> None:
    frame = make_frame()
    frame["description"] = frame["unique_id"].map({"A": "green tea", "B": "big jug", "C": "tiny pin", "D": "red cup"})
    young = frame[(frame["unique_id"] == "A") & (frame["ds"] > "2024-09-20")]
    new = young.assign(unique_id="new", description="green tea, loose", y=[33.0, 31.0, 30.0])
    panel = read_panel(pd.concat([frame, new]), schema=SCHEMA)
    engine = scripted()
    report = Forecaster(engine, explanations="template").forecast(panel, ["new"], 4)[0]
    assert report.base.members == ["Analogues"]
    assert report.warnings[0].startswith("only 3 periods known: forecast from 4 similar items")
    assert "most alike: A (price within 0 %, text 0." in report.warnings[0]
    assert not engine.history
    assert "the forecast from similar items stands alone" in report.warnings[1] + report.warnings[2]
    q = report.steps[0].quantiles
    assert q["q0.1"] < 32 < q["q0.9"]
    assert report.steps == Forecaster(None).forecast(panel, ["new", "B"], 4)[0].steps


def test_a_new_item_alone_in_its_panel_gets_the_wide_guess() -> None:
    ds = pd.date_range("2024-01-07", periods=3, freq="W-SUN")
    panel = read_panel(pd.DataFrame({"unique_id": "one", "ds": ds, "y": [5.0, 6.0, 4.0]}))
    report = Forecaster(None).forecast(panel, ["one"], 2)[0]
    assert report.base.members == ["Fallback"]
    assert "only 3 periods known: a wide guess" in report.warnings[0]


def test_the_same_call_gives_the_same_report(panel: Panel) -> None:
    def made() -> list[ForecastReport]:
        reports = Forecaster(scripted()).forecast(panel, ["A", "C"], 4)
        return [report.model_copy(update={"timings": None}) for report in reports]

    assert made() == made()


@pytest.mark.parametrize("horizon", [0, -1, 367])
def test_horizons_out_of_range(panel: Panel, horizon: int) -> None:
    with pytest.raises(InputError, match="expected 1 to 366"):
        Forecaster(None).forecast(panel, ["A"], horizon)


def test_unknown_series(panel: Panel) -> None:
    with pytest.raises(InputError, match="unknown SKU 'X'"):
        Forecaster(None).forecast(panel, ["X"], 4)


class FakeSlots:
    """A slot engine that says the truth, or far too much."""

    name, digest, tokens = "slots:fake", "beef", 0
    config = SimpleNamespace(freqs=["W"], horizon=8)

    def __init__(self, truth: dict[pd.Timestamp, float] | None) -> None:
        self.truth = truth

    def forecast(
        self, panel: Panel, horizon: int, unique_ids: list[str] | None = None, progress: object = None
    ) -> dict[str, np.ndarray]:
        ids = panel.unique_ids if unique_ids is None else unique_ids
        self.tokens += 100 * len(ids)
        steps = {uid: panel.horizon_of(uid, horizon)["ds"] for uid in ids}
        said = {uid: [9e5 if self.truth is None else self.truth.get(d, 120.0) for d in ds] for uid, ds in steps.items()}
        return {uid: np.repeat(np.array(units)[:, None], 9, axis=1) for uid, units in said.items()}


def test_a_slot_model_forecasts_in_the_place_of_digits(panel: Panel) -> None:
    past = panel.past_of("B")
    truth = dict(zip(past["ds"], past["y"], strict=True))
    good = Forecaster(None, slots=FakeSlots(truth)).forecast(panel, ["B"], 4)[0]  # type: ignore[arg-type]
    bad = Forecaster(None, slots=FakeSlots(None)).forecast(panel, ["B"], 4)[0]  # type: ignore[arg-type]
    base = Forecaster(None).forecast(panel, ["B"], 4)[0]
    assert good.llm is not None and bad.llm is not None
    assert (good.llm.engine, good.llm.engine_digest) == ("slots:fake", "beef")
    assert good.llm.validation_loss_llm == 0.0 and good.llm.weight > 0
    assert good.timings.prompt_tokens == 200  # the known window, and the one ahead
    assert bad.llm.weight == 0.0 and bad.steps == base.steps


class TrueSlots(FakeSlots):
    """One that says the truth of every series but B, of which it says half."""

    def __init__(self, panel: Panel) -> None:
        rows = zip(panel.past["unique_id"], panel.past["ds"], panel.past["y"], strict=True)
        self.units = {(uid, ds): y / 2 if uid == "B" else y for uid, ds, y in rows}

    def forecast(
        self, panel: Panel, horizon: int, unique_ids: list[str] | None = None, progress: object = None
    ) -> dict[str, np.ndarray]:
        ids = panel.unique_ids if unique_ids is None else unique_ids
        said = {u: [self.units.get((u, ds), 60.0) for ds in panel.horizon_of(u, horizon)["ds"]] for u in ids}
        return {uid: np.repeat(np.array(units)[:, None], 9, axis=1) for uid, units in said.items()}


@pytest.mark.slow
def test_a_slot_model_begins_with_what_it_earned_over_the_witnesses(panel: Panel) -> None:
    def parts(slots: FakeSlots, witnesses: Panel | None) -> list[LLMPart]:
        known = None if witnesses is None else Witnesses(witnesses)
        maker = Forecaster(None, slots=slots, witnesses=known)  # type: ignore[arg-type]
        found = [part for report in maker.forecast(panel, ["A", "B"], 4) if (part := report.llm)]
        said = [one.text for report in maker.forecast(panel, ["B"], 4) for one in report.evidence][-1]
        assert "carries 0 %" in said  # B's own window speaks against the model
        assert all((part.witness_weight is None) is (witnesses is None) for part in found)
        return found

    a, b = parts(TrueSlots(panel), None)
    assert (a.weight, b.weight) == (pytest.approx(4 / 28, abs=1e-4), 0.0)
    a, b = parts(TrueSlots(panel), panel.select(["A", "C", "D"]))
    share = a.witness_weight
    assert share is not None and 0.5 < share < 1
    assert a.weight == pytest.approx((4 + 24 * share) / 28, abs=1e-3)  # 4 steps of its own, against 24 of doubt
    assert b.weight == 0.0  # whatever the others say
    assert [part.weight for part in parts(FakeSlots(None), panel)] == [0.0, 0.0]


def test_the_engine_only_writes_the_explanation_beside_a_slot_model(panel: Panel) -> None:
    engine = scripted()
    report = Forecaster(engine, slots=FakeSlots(None)).forecast(panel, ["B"], 4)[0]  # type: ignore[arg-type]
    assert all(constraint is None or constraint.kind != "regex" for _, constraint in engine.history)
    assert report.llm is not None and report.llm.engine == "slots:fake"
