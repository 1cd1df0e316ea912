"""Contestants: nothing after a window's cutoff moves a forecast, and an LLM that fails is counted and scored so."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
import pytest
from skucast.agent.engines.base import Constraint, Prompt
from skucast.agent.engines.scripted import ScriptedEngine
from skucast.evals.scoring.contestants import CONTESTANTS, Contestant, Lineup, LLMContestant, ToolContestant
from skucast.evals.scoring.evaluate import evaluate
from skucast.evals.tasks.task import EvalTask, Window
from skucast.tools.data.panel import Panel
from skucast.tools.errors import InputError
from skucast.tools.forecast.blend import Combined, Memo
from skucast.tools.forecast.models import MEMBERS, Toolbox
from skucast.tools.quantiles import LEVELS, Array, level_name

from ..conftest import HORIZON, WINDOWS, make_frame, make_panel, poisoned, task_of


def repeat_last(prompt: Prompt, _: Constraint | None) -> str:
    """The last known units, once a slot."""
    lines = prompt[-1].content.split("\n")
    last = next(line for line in lines if line.startswith("last")).split()[-1]
    return " ".join([last] * sum(line.endswith("=") for line in lines))


def lineup(answer: object = repeat_last, samples: int = 1) -> tuple[Lineup, ScriptedEngine]:
    engine = ScriptedEngine(answer)  # type: ignore[arg-type]
    return Lineup(lambda: engine, samples=samples, workers=1), engine


def forecasts(contestant: Contestant, task: EvalTask) -> list[dict[str, Array]]:
    return [contestant.forecast(window, HORIZON).quantiles for window in task.windows()]


# --- the lineup -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_unknown_contestant_is_one_line(small_task: EvalTask) -> None:
    with pytest.raises(InputError, match="unknown contestant 'Sesonal': did you mean SeasonalNaive"):
        lineup()[0].contestant("Sesonal", small_task)
    with pytest.raises(InputError, match="LLM4"):
        lineup()[0].contestant("LLM4", small_task)
    assert {"Naive", "SeasonalNaive", "GBM", "Combined", "LLM0", "LLM1", "LLM3", "LLM5"} <= set(CONTESTANTS)


@pytest.mark.slow
def test_the_engine_is_loaded_once_and_only_for_an_llm(small_task: EvalTask) -> None:
    opened: list[int] = []

    def opening() -> ScriptedEngine:
        opened.append(1)
        return ScriptedEngine(repeat_last)

    names = Lineup(opening)
    assert isinstance(names.contestant("Naive", small_task), ToolContestant)
    assert opened == []
    made = [names.contestant(name, small_task) for name in ("LLM0", "LLM3")]
    assert [one.shots for one in made if isinstance(one, LLMContestant)] == [0, 3]
    assert opened == [1]


@pytest.mark.slow
def test_tasks_share_no_memory(small_task: EvalTask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A memo is kept by model and cutoff alone: forecasts of other data at the same cutoff must not be found in it."""
    cutoff = next(small_task.windows()).panel.cutoff
    other = task_of(poisoned(make_panel(), cutoff), monkeypatch)  # of the same name
    names, _ = lineup()
    one, two = (names.contestant("Combined", task) for task in (small_task, other))
    assert isinstance(one, ToolContestant) and isinstance(two, ToolContestant)
    assert one.memo is not two.memo


@pytest.mark.slow
def test_naive_repeats_the_last_value(small_task: EvalTask) -> None:
    for window, made in zip(
        small_task.windows(), forecasts(lineup()[0].contestant("Naive", small_task), small_task), strict=True
    ):
        for uid in window.wanted:
            last = window.panel.past_of(uid)["y"].iloc[-1]
            assert made[uid].shape == (HORIZON, len(LEVELS))
            assert made[uid][:, 4] == pytest.approx([last] * HORIZON)


@pytest.mark.slow
def test_combined_on_a_short_past_is_made_of_the_members_that_can(monkeypatch: pytest.MonkeyPatch) -> None:
    task = task_of(make_panel(make_frame(weeks=9)), monkeypatch)
    contestant = lineup()[0].contestant("Combined", task)
    row, _ = evaluate(task, contestant, command="", seed=0)
    assert row.fallback is None and np.isfinite(row.metrics["SQL"])
    assert isinstance(contestant, ToolContestant)
    assert {name for name, _, _ in contestant.memo} <= set(MEMBERS)


# --- leaks ----------------------------------------------------------------------------------------------------------

QUICK = ["Naive", "SeasonalNaive", "CrostonSBA", "Statistical", "LLM3"]
TRAINED = [pytest.param(name, marks=pytest.mark.slow) for name in ("GBM", "AdjustedTheta")]


@pytest.mark.slow
@pytest.mark.parametrize("name", [*QUICK, *TRAINED])
def test_no_value_after_the_cutoff_moves_a_forecast(
    name: str, small_task: EvalTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    names, _ = lineup()
    before = forecasts(names.contestant(name, small_task), small_task)
    for index, window in enumerate(small_task.windows()):
        other = task_of(poisoned(make_panel(), window.panel.cutoff), monkeypatch)
        after = forecasts(names.contestant(name, other), other)
        for uid in window.wanted:
            assert np.array_equal(before[index][uid], after[index][uid]), (name, index, uid)


@pytest.mark.slow
def test_the_poison_would_show(small_task: EvalTask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A forecast from a panel cut one window later is another one: the test above can fail."""
    first, second = small_task.windows()
    other = task_of(poisoned(make_panel(), first.panel.cutoff), monkeypatch)
    for name in ("Naive", "Statistical"):
        before = lineup()[0].contestant(name, small_task).forecast(second, HORIZON).quantiles
        after = lineup()[0].contestant(name, other).forecast(list(other.windows())[1], HORIZON).quantiles
        assert not np.array_equal(before["S03"], after["S03"])


@dataclass(frozen=True)
class Sharp(Toolbox):
    """A toolbox of two quick members that remember what they were shown: their forecasts tell the whole past's sum."""

    def forecast(self, name: str, panel: Panel, horizon: int, *, memo: Memo | None = None) -> dict[str, Array]:
        levels = np.linspace(0.9, 1.1, len(LEVELS)) if name == "Mean" else np.linspace(0.5, 1.4, len(LEVELS))
        made = {}
        for uid in panel.unique_ids:
            past = panel.past_of(uid)
            told = past["y"].mean() if name == "Mean" else past["y"].iloc[-1] + past["views"].iloc[-2] / 100
            made[uid] = np.tile(told * levels, (horizon, 1))
        return made

    def combined(
        self, panel: Panel, horizon: int, *, members: tuple[str, ...] = ("Mean", "Last"), memo: Memo | None = None
    ) -> Combined:
        return super().combined(panel, horizon, members=members, memo=memo)


def combined_task(monkeypatch: pytest.MonkeyPatch, cut: pd.Timestamp | None = None) -> EvalTask:
    panel = make_panel(make_frame(weeks=60))
    return task_of(panel if cut is None else poisoned(panel, cut), monkeypatch, windows=4)


@pytest.mark.slow
def test_the_combination_sees_nothing_after_the_cutoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its weights, its recalibration and its memory of earlier windows come from windows before the test window."""
    task = combined_task(monkeypatch)
    before = [ToolContestant("Combined", Sharp()).forecast(window, HORIZON) for window in task.windows()]
    for index in (0, 2):
        window = list(task.windows())[index]
        other = combined_task(monkeypatch, window.panel.cutoff)
        contestant = ToolContestant("Combined", Sharp())  # one memory for all windows, as in a study
        after = [contestant.forecast(one, HORIZON) for one in other.windows()]
        for uid in window.wanted:
            assert np.array_equal(before[index].quantiles[uid], after[index].quantiles[uid]), (index, uid)
            for way in ("total", "gauss"):
                assert np.array_equal(before[index].totals[way][uid], after[index].totals[way][uid])
        assert not np.array_equal(before[index + 1].quantiles["S03"], after[index + 1].quantiles["S03"])


@pytest.mark.slow
@pytest.mark.parametrize("order", [(0, 1, 2, 3), (2, 0, 3, 1)])
def test_the_memory_of_other_windows_changes_nothing(monkeypatch: pytest.MonkeyPatch, order: tuple[int, ...]) -> None:
    """A memo is kept by model and cutoff: in any order a window's forecast is that of a contestant without memory."""
    windows = list(combined_task(monkeypatch).windows())
    remembering = ToolContestant("Combined", Sharp())
    for index in order:
        fresh = ToolContestant("Combined", Sharp()).forecast(windows[index], HORIZON)
        made = remembering.forecast(windows[index], HORIZON)
        for uid in windows[index].wanted:
            assert np.array_equal(fresh.quantiles[uid], made.quantiles[uid])
    assert all(at <= windows[-1].panel.cutoff for _, at, _ in remembering.memo)


@pytest.mark.slow
def test_a_member_is_never_shown_more_than_its_validation_window(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[pd.Timestamp, pd.Timestamp]] = []

    @dataclass(frozen=True)
    class Watched(Sharp):
        def forecast(self, name: str, panel: Panel, horizon: int, *, memo: Memo | None = None) -> dict[str, Array]:
            shown.append((panel.cutoff, panel.past["ds"].max()))
            assert "y" not in panel.future and "views" not in panel.future
            return super().forecast(name, panel, horizon, memo=memo)

    window = next(combined_task(monkeypatch).windows())
    ToolContestant("Combined", Watched()).forecast(window, HORIZON)
    cutoffs = {window.panel.cutoff - pd.Timedelta(weeks=HORIZON * k) for k in range(4)}
    assert {cut for cut, _ in shown} == cutoffs
    assert all(last == cut for cut, last in shown)


@pytest.mark.slow
def test_the_real_combination_sees_nothing_after_the_cutoff(monkeypatch: pytest.MonkeyPatch) -> None:
    task = task_of(make_panel(make_frame(series=12, weeks=60)), monkeypatch)
    names = lineup()[0]
    before = forecasts(names.contestant("Combined", task), task)
    shared = forecasts(names.contestant("Statistical", task), task)  # made by then, as a member
    fresh = forecasts(lineup()[0].contestant("Statistical", task), task)
    assert all(np.array_equal(shared[i][uid], fresh[i][uid]) for i in range(WINDOWS) for uid in task.wanted)
    first = next(task.windows())
    other = task_of(poisoned(make_panel(make_frame(series=12, weeks=60)), first.panel.cutoff), monkeypatch)
    after = forecasts(lineup()[0].contestant("Combined", other), other)
    for uid in first.wanted:
        assert np.array_equal(before[0][uid], after[0][uid])
    assert not np.array_equal(before[1]["S03"], after[1]["S03"])


# --- the LLM --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("shots", [0, 1, 3, 5])
def test_the_worked_examples_had_come_true_by_the_cutoff(small_task: EvalTask, shots: int) -> None:
    names, engine = lineup()
    contestant = names.contestant(f"LLM{shots}", small_task)
    for window in small_task.windows():
        engine.history.clear()
        contestant.forecast(window, HORIZON)
        assert len(engine.history) == 6
        ends = {
            " ".join(f"{v:.0f}" for v in window.panel.past_of(uid)["y"].to_numpy()[-HORIZON:]) for uid in window.wanted
        }
        for (prompt, _), uid in zip(engine.history, window.wanted, strict=True):
            answers = [message.content for message in prompt if message.role == "assistant"]
            assert len(answers) == shots
            assert set(answers) <= ends  # each is some series' last known periods, of this window's panel
            if shots:
                own = window.panel.past_of(uid)["y"].to_numpy()[-HORIZON:]
                assert answers[-1] == " ".join(f"{v:.0f}" for v in own)


@pytest.mark.slow
def test_answers_become_quantiles_and_tokens_are_counted(small_task: EvalTask) -> None:
    names, engine = lineup(samples=2)
    row, _ = evaluate(small_task, names.contestant("LLM1", small_task))
    naive, _ = evaluate(small_task, names.contestant("Naive", small_task))
    assert row.metrics["MASE"] == pytest.approx(naive.metrics["MASE"])  # the script repeats the last value
    assert row.metrics["SQL"] == pytest.approx(row.metrics["MASE"])
    assert (row.unusable, row.fallback, row.zero_shot) == (0.0, 0.0, True)
    assert (row.model_digest, len(row.prompt_digest or "")) == ("scripted", 12)
    read = sum(engine.count_tokens(message.content) for prompt, _ in engine.history for message in prompt)
    assert row.tokens == read + 2 * 6 * WINDOWS * HORIZON


Kind = Literal["words", "too few", "too high"]
UNUSABLE: dict[Kind, str] = {"words": "many of them", "too few": "1 2", "too high": "999999 1 1"}


@pytest.mark.slow
@pytest.mark.parametrize("kind", UNUSABLE)
def test_unusable_answers_are_counted_and_the_base_forecast_is_scored(small_task: EvalTask, kind: Kind) -> None:
    names, _ = lineup(lambda *_: UNUSABLE[kind], samples=2)
    row, scores = evaluate(small_task, names.contestant("LLM1", small_task))
    base, expected = evaluate(small_task, names.contestant("Statistical", small_task))
    assert (row.unusable, row.fallback) == (1.0, 1.0)
    assert (base.unusable, base.fallback) == (None, None)
    assert row.metrics == base.metrics
    assert scores["SQL"].tolist() == expected["SQL"].tolist()


@pytest.mark.slow
def test_shares_of_unusable_answers_and_of_fallbacks(small_task: EvalTask) -> None:
    """Each of 12 forecasts asks twice. Of one series no answer is usable, of another one of two: 6 of 24, 2 of 12."""
    asked: dict[str, int] = {}

    def answer(prompt: Prompt, constraint: Constraint | None) -> str:
        text = prompt[-1].content
        asked[text] = asked.get(text, 0) + 1
        name = text.split("\n")[0]
        failed = "product 2" in name or ("product 4" in name and asked[text] == 2)
        return "no" if failed else repeat_last(prompt, constraint)

    names, _ = lineup(answer, samples=2)
    row, _ = evaluate(small_task, names.contestant("LLM0", small_task))
    assert row.unusable == pytest.approx(6 / 24)
    assert row.fallback == pytest.approx(2 / 12)


@pytest.mark.slow
def test_levels_of_the_llm_are_in_order(small_task: EvalTask) -> None:
    texts = iter(range(10_000))
    names, _ = lineup(lambda *_: " ".join(str(1 + next(texts) % 9) for _ in range(HORIZON)), samples=5)
    window: Window = next(small_task.windows())
    made = names.contestant("LLM0", small_task).forecast(window, HORIZON)
    assert set(made.quantiles) == set(window.wanted)
    for quantiles in made.quantiles.values():
        assert quantiles.shape == (HORIZON, len(LEVELS))
        assert (np.diff(quantiles, axis=1) >= 0).all()
    assert (made.answers, made.unusable, made.fallbacks) == (30, 0, 0)
    assert level_name(LEVELS[0]) == "q0.1"


@pytest.mark.slow
def test_a_forecast_that_is_no_number_is_scored_as_nothing_sold(small_task: EvalTask) -> None:
    @dataclass(frozen=True)
    class Broken(Toolbox):
        def forecast(self, name: str, panel: Panel, horizon: int, *, memo: Memo | None = None) -> dict[str, Array]:
            return {uid: np.full((horizon, len(LEVELS)), np.nan) for uid in panel.unique_ids}

    window = next(small_task.windows())
    made = ToolContestant("Naive", Broken()).forecast(replace(window, wanted=["S01"]), HORIZON)
    assert made.quantiles["S01"].tolist() == np.zeros((HORIZON, len(LEVELS))).tolist()
