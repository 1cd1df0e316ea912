"""`skucast eval` as a person runs it: rows of their own data, and for bad input one line and exit code 2."""

import io
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest
from skucast.__main__ import main
from skucast.evals.scoring.runs import read_rows, read_scores
from skucast.evals.scoring.study import _alone

from ..conftest import make_frame


@dataclass
class Result:
    """How a run ended and what it printed."""

    returncode: int
    stdout: str
    stderr: str


def run(*words: str | Path, **env: str) -> Result:
    """`skucast eval WORDS` as its entry point runs it, in this process."""
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.object(sys, "argv", ["skucast", "eval", *map(str, words)]),
        mock.patch.dict(os.environ, {"COLUMNS": "100", **env}),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
    return Result(code, out.getvalue(), err.getvalue())


def one_line(result: Result) -> str:
    """The error line of a run that must have failed with exit code 2 and without a traceback."""
    assert result.returncode == 2, result.stderr
    assert "Traceback" not in result.stderr
    lines = [line for line in result.stderr.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1, result.stderr
    return lines[0]


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return tmp_path / "runs" / "r.jsonl"


# --- a person's own data --------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_panel_file_with_horizon_and_windows(sales_csv: Path, runs: Path) -> None:
    words = (sales_csv, "--with", "Naive, SeasonalNaive", "-h", "3w", "--windows", "2", "--out", runs)
    result = run(*words)
    assert result.returncode == 0, result.stderr
    rows = read_rows(runs)
    assert [(row.task, row.contestant) for row in rows] == [("sales", "Naive"), ("sales", "SeasonalNaive")]
    assert [(row.windows, row.series, row.forecasts) for row in rows] == [(2, 6, 12)] * 2
    assert len(rows[0].examples[0].ds) == 3
    assert rows[0].command.startswith(f"skucast eval {sales_csv} --with")
    assert "Naive" in result.stdout
    assert f"{rows[0].metrics['SQL']:.3f}"[:4] in result.stdout
    before = runs.read_bytes()
    assert run(*words).returncode == 0
    assert runs.read_bytes() == before
    line = one_line(run(sales_csv, "--with", "Naive", "-h", "4w", "--windows", "2", "--out", runs))
    assert "give another --out" in line


@pytest.mark.slow
def test_a_panel_file_as_it_is(sales_csv: Path, runs: Path) -> None:
    assert run(sales_csv, "--with", "Naive", "--out", runs).returncode == 0
    row = read_rows(runs)[0]
    assert (row.windows, len(row.examples[0].ds)) == (3, 4)


@pytest.mark.slow
def test_a_task_file_and_a_sample_of_it(sales_csv: Path, tmp_path: Path, runs: Path) -> None:
    (tmp_path / "mine.toml").write_text('file = "sales.csv"\nhorizon = 2\nwindows = 4\nseasonality = 1\n')
    words = (tmp_path / "mine.toml", "--with", "Naive", "--limit", "2", "--seed", "3")
    assert run(*words, "--out", runs).returncode == 0
    again = tmp_path / "again.jsonl"
    assert run(*words, "--out", again).returncode == 0
    row, twin = read_rows(runs)[0], read_rows(again)[0]
    assert (row.task, row.windows, row.limit, row.series, row.series_of, row.seed) == ("mine", 4, 2, 2, 6, 3)
    assert (row.metrics, row.fingerprint) == (twin.metrics, twin.fingerprint)
    assert read_scores(runs).equals(read_scores(again))
    other = tmp_path / "other.jsonl"
    assert run(*words[:-1], "4", "--out", other).returncode == 0
    assert set(read_scores(other)["unique_id"]) != set(read_scores(runs)["unique_id"])


@pytest.mark.slow
def test_two_tasks_at_once(sales_csv: Path, tmp_path: Path, runs: Path) -> None:
    (tmp_path / "mine.toml").write_text('file = "sales.csv"\nhorizon = 2\nwindows = 2\n')
    assert run(sales_csv, tmp_path / "mine.toml", "--with", "Naive", "--out", runs).returncode == 0
    assert [row.task for row in read_rows(runs)] == ["sales", "mine"]


# --- bad input ------------------------------------------------------------------------------------------------------

BAD_WORDS = {
    "unknown contestant": (["--with", "Naive,Sesonal"], "unknown contestant 'Sesonal': did you mean"),
    "no contestant": (["--with", " , "], "no contestant"),
    "horizon 0": (["--horizon", "0"], "at least 1"),
    "horizon negative": (["--horizon=-3"], "at least 1"),
    "horizon no number": (["--horizon", "soon"], "expected a count of periods"),
    "horizon too long": (["--horizon", "60"], "no series has the 181 periods"),
    "windows too many": (["--windows", "99"], "no series has the"),
    "out no jsonl": (["--out", "runs.csv"], "expected a .jsonl file"),
    "LLM without engine": (["--with", "LLM1", "--engine", "none"], "need an engine"),
    "engine kind": (["--with", "LLM1", "--engine", "magic"], "valid choices: hf:"),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", BAD_WORDS)
def test_bad_words_are_one_line_and_exit_2(sales_csv: Path, runs: Path, kind: str) -> None:
    words, message = BAD_WORDS[kind]
    given = [word for pair in (("--with", "Naive"), ("--out", str(runs))) if pair[0] not in words for word in pair]
    assert message in one_line(run(sales_csv, *given, *words))
    assert not runs.exists()


@pytest.mark.parametrize("words", [["--windows", "0"], ["--limit", "0"], ["--samples", "0"], ["--workers", "0"], []])
def test_words_that_typer_refuses(sales_csv: Path, words: list[str]) -> None:
    result = run(*([sales_csv, *words] if words else []))
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


def test_tasks_that_are_none(tmp_path: Path, runs: Path) -> None:
    given = ("--with", "Naive", "--out", runs)
    assert "did you mean rossmann_1D" in one_line(run("rosmann_1D", *given))
    assert "no such file" in one_line(run("missing.csv", *given))
    assert "no such file" in one_line(run("missing.toml", *given))
    assert "for panel files" in one_line(run("cj_1W", "--horizon", "4", *given))


BAD_FILES = {
    "empty": ("", "empty"),
    "no rows": ("unique_id,ds,y\n", "no rows"),
    "wrong columns": ("a,b,c\n1,2,3\n", "unique_id"),
    "negative": (make_frame(1).assign(y=-1).to_csv(index=False), "negative"),
    "too short": (make_frame(2, weeks=9).to_csv(index=False), "no series has the 13 periods up to"),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_panel_file_is_one_line(tmp_path: Path, runs: Path, kind: str) -> None:
    text, word = BAD_FILES[kind]
    path = tmp_path / "bad.csv"
    path.write_text(text)
    assert word in one_line(run(path, "--with", "Naive", "--out", runs))


BAD_TASKS = {
    "broken": ("horizon = = 3", "not a TOML file"),
    "unknown field": ('file = "sales.csv"\nhorizon = 3\ncolour = 1', "colour"),
    "horizon 0": ('file = "sales.csv"\nhorizon = 0', "horizon"),
    "unknown panel": ('panel = "koubei"\nhorizon = 3', "unknown panel 'koubei': did you mean koubei_daily?"),
    "no such panel file": ('file = "missing.csv"\nhorizon = 3', "missing.csv"),
    "no such schema": ('file = "sales.csv"\ntable_schema = "no.toml"\nhorizon = 3', "no.toml"),
    "no such column": ('file = "sales.csv"\nsql = "select nothing from data"\nhorizon = 3', "nothing"),
}


@pytest.mark.parametrize("kind", BAD_TASKS)
def test_a_bad_task_file_is_one_line(sales_csv: Path, tmp_path: Path, runs: Path, kind: str) -> None:
    text, word = BAD_TASKS[kind]
    path = tmp_path / "mine.toml"
    path.write_text(text)
    assert word in one_line(run(path, "--with", "Naive", "--out", runs))


def test_a_benchmark_task_without_its_data(tmp_path: Path, runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SKUCAST_DATA", raising=False)
    given = ("rossmann_1D", "--with", "Naive", "--out", runs)
    assert "set SKUCAST_DATA to its folder (docs/DATA.md" in one_line(run(*given))
    assert "no such folder" in one_line(run(*given, SKUCAST_DATA=str(tmp_path / "nowhere")))
    assert "holds no rossmann/" in one_line(run(*given, SKUCAST_DATA=str(tmp_path)))
    assert not runs.exists()


@pytest.mark.slow
def test_a_runs_file_that_cannot_be_used(sales_csv: Path, tmp_path: Path, runs: Path) -> None:
    runs.parent.mkdir()
    runs.write_text("nonsense\n")
    assert "r.jsonl: exists and was not written by skucast" in one_line(
        run(sales_csv, "--with", "Naive", "--out", runs)
    )
    assert runs.read_text() == "nonsense\n"
    (tmp_path / "file").write_text("x")
    nowhere = tmp_path / "file" / "r.jsonl"
    assert "cannot be written" in one_line(run(sales_csv, "--with", "Naive", "--out", nowhere))
    other = tmp_path / "other.jsonl"
    with _alone(other):
        assert "another run is writing this file" in one_line(run(sales_csv, "--with", "Naive", "--out", other))


@pytest.mark.slow
def test_a_full_disk_is_one_line(sales_csv: Path, runs: Path) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with mock.patch("pandas.DataFrame.to_parquet", full):
        assert "No space left on device" in one_line(run(sales_csv, "--with", "Naive", "--out", runs))
    assert not runs.exists()


def test_help_says_what_there_is() -> None:
    result = run("--help")
    assert result.returncode == 0
    assert "--limit" in result.stdout
