"""Batches: nothing lost, nothing doubled, one bad series never ends the run."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from skucast.agent.batch import run as batch
from skucast.agent.batch.budget import Budget
from skucast.agent.batch.run import read_lines, run_batch
from skucast.agent.forecast.forecaster import Forecaster
from skucast.agent.forecast.report import ForecastFailure, ForecastReport
from skucast.tools.data.read import open_source
from skucast.tools.errors import InputError
from skucast.tools.files import locked

from ..conftest import make_frame, scripted


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "CHUNK", 2)


def without_times(path: Path) -> list[dict]:
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    for line in lines:
        line.pop("timings", None)
    return lines


def test_every_series_has_one_line_in_order(sales_csv: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "f.jsonl"
    seen: list[str] = []
    source = open_source(sales_csv)
    result = run_batch(Forecaster(scripted()), source, source.unique_ids(), 4, out, on_line=seen.append)
    assert (result.forecast, result.failed, result.resumed) == (4, 0, 0)
    lines = list(read_lines(out))
    assert [line.unique_id for line in lines] == seen == ["A", "B", "C", "D"]
    assert all(isinstance(line, ForecastReport) for line in lines)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lang", "says"),
    [
        ("en", "the budget was spent: this is the forecast without the LLM"),
        ("zh", "预算已用完：这是不含大模型的预测"),
    ],
)
def test_a_spent_budget_leaves_the_forecast_without_the_llm_and_says_so(
    sales_csv: Path, tmp_path: Path, lang: str, says: str
) -> None:
    source, out = open_source(sales_csv), tmp_path / "f.jsonl"
    ids = source.by_value()
    assert ids == ["B", "D", "A", "C"]
    result = run_batch(Forecaster(scripted(), lang=lang), source, ids, 4, out, budget=Budget(tokens=1))
    rich, poor = list(read_lines(out))[:2], list(read_lines(out))[2:]
    assert all(isinstance(line, ForecastReport) and line.llm is not None for line in rich)
    for line in poor:
        assert isinstance(line, ForecastReport) and line.llm is None
        assert line.warnings[-1] == says
    assert (result.forecast, result.degraded) == (4, 2)
    told = json.loads((tmp_path / "f.jsonl.manifest.json").read_text())
    assert told["complete"] and told["series"]["without the LLM, the budget spent"] == 2
    assert told["tokens"] == result.tokens > 0 and told["settings"]["source_digest"] == source.digest
    assert set(told["seconds"]) == {"all", "base forecasts", "LLM"} and "torch" in told["versions"]


@pytest.mark.slow
def test_a_run_cut_at_any_byte_resumes_to_the_same_file(sales_csv: Path, tmp_path: Path) -> None:
    source = open_source(sales_csv)
    whole, cut = tmp_path / "whole.jsonl", tmp_path / "cut.jsonl"
    run_batch(Forecaster(scripted(), shots=1), source, source.unique_ids(), 4, whole)
    text = whole.read_bytes()
    ends = [i + 1 for i, byte in enumerate(text) if byte == 10]
    for place in (1, ends[0] - 1, ends[0], ends[0] + 1, ends[2] - 7, ends[3] - 1, ends[3]):
        cut.write_bytes(text[:place])
        (tmp_path / "cut.jsonl.run.json").write_text((tmp_path / "whole.jsonl.run.json").read_text())
        result = run_batch(Forecaster(scripted(), shots=1), source, source.unique_ids(), 4, cut)
        assert result.resumed == sum(end <= place for end in ends)
        assert without_times(cut) == without_times(whole)


@pytest.mark.slow
def test_killed_for_real_and_run_again(sales_csv: Path, tmp_path: Path) -> None:
    out = tmp_path / "f.jsonl"
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from skucast.agent.batch import run as batch\n"
        "from skucast.agent.forecast.forecaster import Forecaster\n"
        "from skucast.tools.data.read import open_source\n"
        "batch.CHUNK = 1\n"
        "source = open_source(Path(sys.argv[1]))\n"
        "slow = lambda uid: time.sleep(float(sys.argv[3]))\n"
        "batch.run_batch(Forecaster(None), source, source.unique_ids(), 4, Path(sys.argv[2]), on_line=slow)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program, str(sales_csv), str(out), "60"])
    deadline = time.monotonic() + 120
    while not (out.exists() and out.read_bytes().count(b"\n")) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert out.read_bytes().count(b"\n") == 1
    subprocess.run([sys.executable, "-c", program, str(sales_csv), str(out), "0"], check=True)
    assert [line.unique_id for line in read_lines(out)] == ["A", "B", "C", "D"]


def test_one_bad_series_never_ends_the_run(tmp_path: Path) -> None:
    frame = make_frame()
    frame.loc[(frame["unique_id"] == "B") & (frame["ds"] == "2024-03-03"), "y"] = -5.0
    frame = frame[(frame["unique_id"] != "C") | (frame["ds"] != "2024-03-10")]
    frame.to_csv(tmp_path / "s.csv", index=False)
    out = tmp_path / "f.jsonl"
    source = open_source(tmp_path / "s.csv")
    result = run_batch(Forecaster(scripted()), source, ["A", "B", "C", "D", "E"], 4, out)
    assert (result.forecast, result.failed) == (2, 3)
    failures = {line.unique_id: line.error for line in read_lines(out) if isinstance(line, ForecastFailure)}
    assert set(failures) == {"B", "C", "E"}
    assert "negative" in failures["B"]
    assert "not in the data" in failures["E"]


@pytest.mark.slow
def test_a_series_that_breaks_the_forecaster_fails_alone(sales_csv: Path, tmp_path: Path) -> None:
    def poisoned(prompt) -> str:
        if "product b" in prompt[-1].content:
            raise RuntimeError("poison")
        return "1 1 1 1"

    out = tmp_path / "f.jsonl"
    source = open_source(sales_csv)
    result = run_batch(Forecaster(scripted(numbers=poisoned)), source, source.unique_ids(), 4, out)
    assert (result.forecast, result.failed) == (3, 1)
    assert [line.error for line in read_lines(out) if isinstance(line, ForecastFailure)] == ["RuntimeError: poison"]


def test_other_settings_are_another_run(sales_csv: Path, tmp_path: Path) -> None:
    out = tmp_path / "f.jsonl"
    source = open_source(sales_csv)
    run_batch(Forecaster(None), source, ["A"], 4, out)
    with pytest.raises(InputError, match="horizon was 4, is 8"):
        run_batch(Forecaster(None), source, ["A"], 8, out)
    assert out.read_bytes().count(b"\n") == 1


def test_a_file_of_somebody_else_is_not_touched(sales_csv: Path, tmp_path: Path) -> None:
    out = tmp_path / "notes.txt"
    out.write_text("my notes\n")
    with pytest.raises(InputError, match="not made by skucast"):
        run_batch(Forecaster(None), open_source(sales_csv), ["A"], 4, out)
    assert out.read_text() == "my notes\n"


def test_two_runs_do_not_write_one_file(sales_csv: Path, tmp_path: Path) -> None:
    out = tmp_path / "f.jsonl"
    with locked(out), pytest.raises(InputError, match="another run is writing"):
        run_batch(Forecaster(None), open_source(sales_csv), ["A"], 4, out)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_line_and_loses_nothing(
    sales_csv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "f.jsonl"
    source = open_source(sales_csv)
    run_batch(Forecaster(None), source, ["A", "B"], 4, out)
    before = out.read_bytes()
    write = os.write

    state = {"calls": 0}

    def disk(fd: int, data: bytes) -> int:
        state["calls"] += 1
        if state["calls"] == 1:
            return write(fd, bytes(data[:100]))
        with Path("/dev/full").open("wb", buffering=0) as full:
            return int(full.write(data) or 0)

    monkeypatch.setattr(batch.os, "write", disk)
    with pytest.raises(InputError, match=r"No space left on device.*run the same command again"):
        run_batch(Forecaster(None), source, ["A", "B", "C", "D"], 4, out)
    assert out.read_bytes() == before
    monkeypatch.undo()
    run_batch(Forecaster(None), source, ["A", "B", "C", "D"], 4, out)
    assert [line.unique_id for line in read_lines(out)] == ["A", "B", "C", "D"]


def test_a_cutoff_before_a_series_began_is_its_failure(tmp_path: Path) -> None:
    frame = make_frame()
    frame = frame[(frame["unique_id"] != "D") | (frame["ds"] > "2024-08-01")]
    frame.to_csv(tmp_path / "s.csv", index=False)
    out = tmp_path / "f.jsonl"
    source = open_source(tmp_path / "s.csv")
    run_batch(Forecaster(None), source, source.unique_ids(), 4, out, cutoff=pd.Timestamp("2024-06-30"))
    lines = {line.unique_id: line for line in read_lines(out)}
    assert isinstance(lines["D"], ForecastFailure)
    assert "2024-06-30" in lines["D"].error
    assert isinstance(lines["A"], ForecastReport) and lines["A"].cutoff.isoformat() == "2024-06-30"
