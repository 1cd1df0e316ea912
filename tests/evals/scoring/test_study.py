"""Studies: rows go to disk one by one, a run that was killed goes on, and a file holds one writer and one data set."""

import os
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from skucast.agent.engines.base import EngineError
from skucast.agent.engines.scripted import ScriptedEngine
from skucast.evals.scoring.contestants import Lineup
from skucast.evals.scoring.runs import Row, read_rows, read_scores
from skucast.evals.scoring.study import _alone, run_study
from skucast.evals.tasks.task import EvalTask, TaskSpec
from skucast.tools.data.panel import Panel
from skucast.tools.errors import InputError

from ..conftest import HORIZON, WINDOWS, Scripted, last_value, make_panel

TASKS = [("small", TaskSpec(file="in memory", horizon=HORIZON, windows=WINDOWS, seasonality=1))]


@dataclass
class Scripts:
    """A lineup of contestants that say the last value, and a count of those it made."""

    seed: int = 0
    made: int = 0

    def contestant(self, name: str, task: EvalTask) -> Scripted:
        self.made += 1
        return Scripted(last_value, name=name)


@pytest.fixture(autouse=True)
def panel(monkeypatch: pytest.MonkeyPatch) -> Panel:
    """The panel that every task of these tests reads."""
    found = make_panel()
    monkeypatch.setattr("skucast.evals.tasks.task.load_panel", lambda _: found)
    return found


def study(out: Path, *contestants: str, lineup: object = None, **words: object) -> list[Row]:
    return run_study(TASKS, contestants, lineup or Scripts(), out, **words)  # type: ignore[arg-type]


def names(out: Path) -> list[str]:
    return [row.contestant for row in read_rows(out)]


@pytest.mark.slow
def test_a_second_run_does_only_what_is_missing(tmp_path: Path) -> None:
    out = tmp_path / "runs" / "r.jsonl"
    told: list[tuple[str, bool]] = []
    first = study(out, "A", "B")
    lineup = Scripts()
    again = study(out, "A", "C", "B", lineup=lineup, on_row=lambda row, stood: told.append((row.contestant, stood)))
    assert lineup.made == 1
    assert told == [("A", True), ("C", False), ("B", True)]
    assert [row.contestant for row in again] == ["A", "C", "B"]
    assert (again[0], again[2]) == (first[0], first[1])
    assert names(out) == ["A", "B", "C"]
    assert read_scores(out).groupby("contestant").size().to_dict() == dict.fromkeys("ABC", 6 * WINDOWS)


@pytest.mark.slow
def test_a_contestant_named_twice_runs_once(tmp_path: Path) -> None:
    rows = study(tmp_path / "r.jsonl", "A", "A")
    assert names(tmp_path / "r.jsonl") == ["A"]
    assert rows[0] == rows[1]


def test_no_contestant_at_all(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no contestant"):
        study(tmp_path / "r.jsonl")


@pytest.mark.slow
def test_progress_is_told_window_by_window(tmp_path: Path) -> None:
    told: list[tuple[str, str, int, int]] = []
    study(tmp_path / "r.jsonl", "A", progress=lambda *what: told.append(what))
    assert told == [("small", "A", 0, 1), ("small", "A", 1, WINDOWS), ("small", "A", 2, WINDOWS)]


@pytest.mark.slow
def test_a_half_line_is_mended_and_done_again(tmp_path: Path) -> None:
    out = tmp_path / "r.jsonl"
    study(out, "A", "B")
    text = out.read_text()
    out.write_text(text[:-30])
    study(out, "A", "B")
    assert names(out) == ["A", "B"]
    assert out.read_text().endswith("}\n")


@pytest.mark.slow
def test_other_data_is_refused(tmp_path: Path, panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "r.jsonl"
    study(out, "A")
    past = panel.past.copy()
    past.loc[past.index[100], "y"] += 1.0
    monkeypatch.setattr("skucast.evals.tasks.task.load_panel", lambda _: replace(panel, past=past))
    with pytest.raises(InputError, match=r"on other data or windows .*; give another --out"):
        study(out, "A")
    assert names(out) == ["A"]


@pytest.mark.slow
def test_other_windows_are_refused(tmp_path: Path) -> None:
    out = tmp_path / "r.jsonl"
    study(out, "A")
    longer = [("small", TASKS[0][1].model_copy(update={"horizon": HORIZON + 1}))]
    with pytest.raises(InputError, match="on other data or windows"):
        run_study(longer, ["A"], Scripts(), out)  # type: ignore[arg-type]


@pytest.mark.slow
def test_another_sample_is_refused(tmp_path: Path) -> None:
    """Its scores would take the place of those of the row that stands."""
    out = tmp_path / "r.jsonl"
    row = study(out, "A", limit=2)[0]
    assert (row.limit, row.series, row.series_of) == (2, 2, 6)
    assert study(out, "A", limit=2) == [row]
    with pytest.raises(InputError, match="on 2 series with seed 0, now all series with seed 0"):
        study(out, "A")
    with pytest.raises(InputError, match="now 2 series with seed 1"):
        study(out, "A", limit=2, lineup=Scripts(seed=1))
    study(out, "B")  # another contestant may be scored on all
    assert [(row.contestant, row.limit) for row in read_rows(out)] == [("A", 2), ("B", None)]


def llm(digest: str) -> Lineup:
    return Lineup(lambda: ScriptedEngine(lambda *_: " ".join(["5"] * HORIZON), digest=digest), samples=1)


@pytest.mark.slow
def test_another_model_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "r.jsonl"
    row = study(out, "LLM0", lineup=llm("one"))[0]
    assert row.model_digest == "one"
    assert study(out, "LLM0", lineup=llm("one")) == [row]
    with pytest.raises(InputError, match=r"with another model or prompt .*one, now two"):
        study(out, "LLM0", lineup=llm("two"))


@pytest.mark.slow
def test_another_number_of_answers_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "r.jsonl"
    study(out, "LLM0", lineup=llm("one"))
    more = llm("one")
    more.samples = 5
    with pytest.raises(InputError, match="with 1 answers a series, now 5"):
        study(out, "LLM0", lineup=more)


@pytest.mark.slow
def test_a_row_of_a_slot_model_is_known_again(tmp_path: Path) -> None:
    @dataclass
    class Slots(Scripted):
        model_digest: str = "one"

    @dataclass
    class SlotScripts(Scripts):
        digest: str = "one"

        def contestant(self, name: str, task: EvalTask) -> Scripted:
            return Slots(last_value, name=name, model_digest=self.digest)

    out = tmp_path / "r.jsonl"
    row = study(out, "Slot@a", lineup=SlotScripts())[0]
    assert row.model_digest == "one"
    assert study(out, "Slot@a", lineup=SlotScripts()) == [row]
    with pytest.raises(InputError, match="with another model"):
        study(out, "Slot@a", lineup=SlotScripts(digest="two"))


@pytest.mark.slow
def test_an_engine_that_fails_is_one_line_and_what_stood_still_stands(tmp_path: Path) -> None:
    def gone(*_: object) -> str:
        raise EngineError("the server\nis gone")

    out = tmp_path / "r.jsonl"
    lineup = Lineup(lambda: ScriptedEngine(gone), samples=1)
    with pytest.raises(InputError, match="task small, LLM1: the server is gone"):
        study(out, "Naive", "LLM1", lineup=lineup)
    assert names(out) == ["Naive"]
    assert not out.with_name("r.jsonl.lock").exists()


@pytest.mark.slow
def test_two_writers_are_refused_and_the_third_as_well(tmp_path: Path) -> None:
    out = tmp_path / "r.jsonl"
    with _alone(out):
        for _ in range(2):  # the one that was refused must not have taken the lock of the first away
            with pytest.raises(InputError, match="another run is writing this file"):
                study(out, "A")
        assert not out.exists()
    study(out, "A")
    assert names(out) == ["A"]


@pytest.mark.slow
def test_a_lock_left_by_a_run_that_was_killed_holds_nobody_up(tmp_path: Path) -> None:
    out = tmp_path / "r.jsonl"
    out.with_name("r.jsonl.lock").write_text("")
    study(out, "A")
    assert names(out) == ["A"]


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot be written"):
        study(tmp_path / "file" / "r.jsonl", "A")


def test_a_full_disk_elsewhere_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "cache")

    monkeypatch.setattr("skucast.evals.tasks.task.EvalTask._fev", full)
    with pytest.raises(InputError, match=r"stopped \(.*No space left on device"):
        study(tmp_path / "r.jsonl", "A")


# --- kill -9 --------------------------------------------------------------------------------------------------------

KILLED = '''
import os, signal, sys
from pathlib import Path
from skucast.evals.scoring import runs, study
from skucast.evals.tasks import task
from skucast.evals.scoring.contestants import Forecasts
from skucast.tools.data.panel import Panel
from skucast.tools.data.schema import PanelSchema
import numpy as np, pandas as pd

out, count = Path(sys.argv[1]), int(sys.argv[2])
ds = pd.date_range("2024-01-07", periods=20, freq="W-SUN")
frame = pd.concat([pd.DataFrame({"unique_id": u, "ds": ds, "y": np.arange(20.0) % 4}) for u in "ab"], ignore_index=True)
static = pd.DataFrame(index=pd.Index(["a", "b"], name="unique_id"))
panel = Panel(frame, frame.loc[[], ["unique_id", "ds"]], static, PanelSchema(), "W-SUN")
task.load_panel = lambda _: panel
spec = task.TaskSpec(file="in memory", horizon=2, windows=2, seasonality=1)
NAMES = list("ABCDE")

class One:
    def __init__(self, name):
        self.name = name
    def forecast(self, window, horizon):
        return Forecasts({uid: np.ones((horizon, 9)) for uid in window.wanted})

class Lineup:
    seed = 0
    def contestant(self, name, task):
        return One(name)

def die_at(count):
    """Kill -9 of oneself at one of the steps of writing: before or after a replace, before or after a sync."""
    steps = [count]
    def step():
        steps[0] -= 1
        if steps[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    def wrapped(call):
        def stepping(*args):
            step()
            result = call(*args)
            step()
            return result
        return stepping
    Path.replace, os.fsync = wrapped(Path.replace), wrapped(os.fsync)

if count:
    die_at(count)
study.run_study([("t", spec)], NAMES, Lineup(), out)
'''


@pytest.mark.slow
def test_killed_again_and_again_it_ends_with_one_whole_row_each(tmp_path: Path) -> None:
    out = tmp_path / "runs" / "r.jsonl"
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    for count, code in ((3, -9), (6, -9), (5, -9), (0, 0)):  # the step of writing at which it dies; 0 lives
        command = [sys.executable, "-c", KILLED, str(out), str(count)]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=200)
        assert done.returncode == code, done.stderr
        rows = read_rows(out) if out.exists() else []
        assert [row.contestant for row in rows] == list("ABCDE")[: len(rows)]
        scores = read_scores(out).groupby("contestant").size().to_dict()
        assert all(scores[row.contestant] == 4 for row in rows), scores
    assert "".join(row.contestant for row in rows) == "ABCDE"
    assert sum(scores.values()) == 20
    assert sorted(path.name for path in out.parent.iterdir()) == ["r.jsonl", "r.scores.parquet"]
    assert np.isfinite([row.metrics["SQL"] or 0.0 for row in rows]).all()
