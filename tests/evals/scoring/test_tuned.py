"""Contestants with a fine-tuned model: what they may have seen, and how a slot model earns its part."""

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from skucast.agent.engines.scripted import ScriptedEngine
from skucast.evals.scoring.contestants import FusedContestant, Lineup, SlotContestant, check_name, retailer
from skucast.evals.scoring.evaluate import evaluate
from skucast.evals.tasks.panels import PANELS
from skucast.evals.tasks.past import TERMS, task_past
from skucast.evals.tasks.task import EvalTask, Window
from skucast.tools.data.panel import Panel
from skucast.tools.errors import InputError
from skucast.tools.forecast.models import Toolbox
from skucast.tools.quantiles import LEVELS, Array

from ..conftest import HORIZON, make_frame, make_panel, task_of


class FakeSlots:
    """A slot engine that says one thing of every step, and remembers what it was shown."""

    digest = "feed"

    def __init__(self, units: float, trained: dict[str, str] | None = None) -> None:
        self.units, self.tokens = units, 0
        self.config = SimpleNamespace(trained=trained or {})
        self.seen: list[pd.Timestamp] = []

    def forecast(self, panel: Panel, horizon: int, unique_ids: Sequence[str] | None = None) -> dict[str, Array]:
        self.seen.append(panel.cutoff)
        self.tokens += 10
        ids = panel.unique_ids if unique_ids is None else unique_ids
        return {uid: np.full((horizon, len(LEVELS)), self.units) for uid in ids}


@pytest.fixture
def window(small_task: EvalTask) -> Window:
    return next(small_task.windows())


@pytest.mark.parametrize("name", ["Slot@default", "Combined+Slot@my-model", "Tuned@a/b", "GBM", "LLM3"])
def test_names(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize("name", ["Slot", "Slot@", "Combined+Slot", "Slots@x", "GBM@x"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(InputError, match="unknown contestant"):
        check_name(name)


@pytest.mark.slow
def test_a_model_that_saw_the_truth_is_refused(window: Window) -> None:
    cutoff = window.panel.cutoff
    after, at = cutoff + pd.Timedelta(weeks=1), cutoff
    for kind in (SlotContestant, lambda *a: FusedContestant(*a, Toolbox(workers=1))):
        with pytest.raises(InputError, match="was trained on this data until"):
            kind("Slot@x", FakeSlots(5), after).forecast(window, HORIZON)
    SlotContestant("Slot@x", FakeSlots(5), at).forecast(window, HORIZON)  # type: ignore[arg-type]


@pytest.mark.slow
def test_the_slot_model_alone(small_task: EvalTask) -> None:
    row, _ = evaluate(small_task, SlotContestant("Slot@x", FakeSlots(5.0), None), command="", seed=0)  # type: ignore[arg-type]
    assert row.zero_shot and row.tokens == 20 and row.model_digest == "feed"
    seen = SlotContestant("Slot@x", FakeSlots(5.0), pd.Timestamp("2020-01-05"))  # type: ignore[arg-type]
    assert not evaluate(small_task, seen, command="", seed=0)[0].zero_shot


def fused(
    window: Window, monkeypatch: pytest.MonkeyPatch, *, tools: float, slots: float, until: pd.Timestamp | None = None
) -> tuple[FakeSlots, dict[str, Array]]:
    """What comes of tools and a slot model that each say one number."""

    def forecast(self: Toolbox, name: str, panel: Panel, horizon: int, *, memo: object = None) -> dict[str, Array]:
        return {uid: np.full((horizon, len(LEVELS)), tools) for uid in panel.unique_ids}

    monkeypatch.setattr(Toolbox, "forecast", forecast)
    engine = FakeSlots(slots)
    made = FusedContestant("Combined+Slot@x", engine, until, Toolbox(workers=1)).forecast(window, HORIZON)  # type: ignore[arg-type]
    return engine, made.quantiles


def all_of(units: float, monkeypatch: pytest.MonkeyPatch) -> Window:
    frame = make_frame(series=12)
    frame["y"] = units + (np.arange(len(frame)) % 2)
    return next(task_of(make_panel(frame), monkeypatch).windows())


@pytest.mark.slow
def test_a_slot_model_that_is_right_gets_most(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, made = fused(all_of(50, monkeypatch), monkeypatch, tools=90.0, slots=50.0)
    assert all(q.max() < 70 for q in made.values())
    assert len(engine.seen) == 3  # now, and the two windows it has to earn its part on


@pytest.mark.slow
def test_a_slot_model_that_is_wrong_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    _, made = fused(all_of(50, monkeypatch), monkeypatch, tools=50.0, slots=5000.0)
    assert all(q.max() == pytest.approx(50.0) and q.min() == pytest.approx(50.0) for q in made.values())


@pytest.mark.slow
def test_windows_it_was_trained_on_prove_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    window = all_of(50, monkeypatch)
    until = window.panel.cutoff
    engine, made = fused(window, monkeypatch, tools=90.0, slots=50.0, until=until)
    assert engine.seen == [until]
    assert all((q == 90.0).all() for q in made.values())
    one = pd.date_range(end=until, periods=HORIZON + 1, freq=window.panel.offset)[0]
    engine, made = fused(window, monkeypatch, tools=90.0, slots=50.0, until=one)
    assert sorted(engine.seen) == [one, until]
    assert all(q.max() == pytest.approx(88.0) for q in made.values())  # one window is proof of the least share


def test_whose_sales_a_panel_holds() -> None:
    assert {retailer(f"mall_{by}") for by in ("daily", "weekly", "monthly")} == {"mall"}
    assert {retailer(name).split("_")[0] for name in PANELS} == {retailer(name).split("_")[0] for name in TERMS}
    assert retailer("favorita_monthly") == "favorita" and retailer("biweekly") == "biweekly"


@pytest.mark.slow
def test_what_was_seen_by_the_week_was_seen_by_the_day(small_task: EvalTask, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = FakeSlots(5.0, {"mall_weekly": "2031-01-05", "other_daily": "2032-01-01"})
    monkeypatch.setattr("skucast.agent.engines.slots.SlotEngine.load", lambda _: engine)
    small_task.name = "mall_daily"
    names = Lineup(lambda: None, workers=1)  # type: ignore[arg-type, return-value]
    made = names.contestant("Slot@x", small_task)
    assert isinstance(made, SlotContestant) and made.until == pd.Timestamp("2031-01-05")
    with pytest.raises(InputError, match="was trained on this data until 2031-01-05"):
        made.forecast(next(small_task.windows()), HORIZON)


@pytest.mark.slow
def test_a_tuned_text_model_is_found_by_name(small_task: EvalTask, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        "skucast.evals.scoring.contestants.open_engine",
        lambda spec: opened.append(spec) or ScriptedEngine(lambda *_: "1 1 1"),
    )
    names = Lineup(
        lambda: None,  # type: ignore[arg-type, return-value]
        find=lambda name: Path("/models") / name,
        merged=lambda folder: folder / "merged",
        workers=1,
    )
    made = names.contestant("Tuned@digits", small_task)
    assert opened == ["hf:/models/digits/merged"]
    assert not made.zero_shot  # type: ignore[attr-defined]


@pytest.mark.slow
def test_the_past_of_a_task_ends_before_what_its_model_must_earn(tmp_path: Path) -> None:
    frame = make_frame()
    frame.drop(columns=["views"]).to_parquet(tmp_path / "mine.parquet")
    task = tmp_path / "sales.toml"
    task.write_text('file = "mine.parquet"\nhorizon = 3\nwindows = 2\n', encoding="utf-8")
    past = task_past(str(task))
    last = frame["ds"].max()
    assert past.panel.cutoff == last - pd.Timedelta(weeks=3 * 2 + 3)  # two test windows, and one to earn its part on
    assert (past.name, past.horizon, past.restricted) == ("sales", 3, False)
    assert task_past(str(task), kept=0).panel.cutoff == last - pd.Timedelta(weeks=6)
