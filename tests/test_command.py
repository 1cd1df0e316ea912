"""The command as a person runs it: what works, and for bad input one clear line and exit code 2, never a traceback."""

import io
import json
import os
import re
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd
import pytest
from skucast import __version__
from skucast.__main__ import main
from skucast.agent.batch.run import read_lines

CSV = "unique_id,ds,y\n"


@dataclass
class Result:
    """How a run ended and what it printed."""

    returncode: int
    stdout: str
    stderr: str


def run(*words: str | Path, stdin: str = "", **env: str) -> Result:
    """`skucast WORDS` as its entry point runs it, in this process: a process each would take a minute of imports."""
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.object(sys, "argv", ["skucast", *map(str, words)]),
        mock.patch.object(sys, "stdin", io.StringIO(stdin)),
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
def sales(tmp_path: Path) -> Path:
    """Two products, 30 weeks."""
    rng = np.random.default_rng(0)
    ds = pd.date_range("2024-01-07", periods=30, freq="W-SUN")
    frames = [pd.DataFrame({"sku": uid, "date": ds, "units": rng.poisson(20, 30)}) for uid in ("A1", "B2")]
    path = tmp_path / "sales.csv"
    pd.concat(frames).to_csv(path, index=False)
    return path


def rows(uid: str = "A", n: int = 12) -> list[str]:
    return [f"{uid},{ds:%Y-%m-%d},5" for ds in pd.date_range("2024-01-07", periods=n, freq="W-SUN")]


def with_row(row: str) -> bytes:
    return (CSV + "\n".join([*rows(), row]) + "\n").encode()


BAD_FILES: dict[str, tuple[bytes, str]] = {
    "wrong columns": (b"a,b,c\n1,2,3\n", "unique_id"),
    "no rows": (CSV.encode(), "no rows"),
    "empty": (b"", "empty"),
    "binary": (bytes(range(256)) * 40, ""),
    "broken utf-8": (CSV.encode() + b"\xff\xfe\xfa,2024-01-07,5\n", ""),
    "duplicate key": (with_row("A,2024-01-07,9"), "several rows for one unique_id and ds"),
    "nan": (with_row("A,2024-03-31,"), "missing"),
    "negative": (with_row("A,2024-03-31,-4"), "negative"),
    "gap": (with_row("A,2024-06-30,4"), "missing"),
    "no date": (with_row("A,someday,4"), "someday"),
    "no number": (with_row("A,2024-03-31,many"), "many"),
    "mixed frequency": (with_row("A,2024-03-27,4"), "2024"),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_is_one_line_and_exit_2(tmp_path: Path, kind: str) -> None:
    content, word = BAD_FILES[kind]
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    line = one_line(run("forecast", path, "--engine", "none", "--quick"))
    assert word in line
    assert "bad.csv" in line


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["duplicate key", "negative", "gap", "no date", "wrong columns", "empty"])
def test_data_check_says_the_same(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(BAD_FILES[kind][0])
    result = run("data", "check", path)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert "error: " in result.stderr


def test_data_check_of_good_data(sales: Path) -> None:
    result = run("data", "check", sales)
    assert result.returncode == 0, result.stderr
    assert "can be forecast" in result.stdout
    assert "W-SUN, sales 2024-01-07 to 2024-07-28 " in result.stdout


def test_data_check_tells_sales_and_plan_apart(tmp_path: Path) -> None:
    ds = pd.date_range("2024-01-01", periods=30)
    pd.DataFrame({"sku": "A", "date": ds, "units": [5] * 20 + [None] * 10, "price": 2}).to_csv(tmp_path / "p.csv")
    (tmp_path / "p.toml").write_text('known_future = ["price"]')
    shown = run("data", "check", tmp_path / "p.csv").stdout
    assert "D, sales 2024-01-01 to 2024-01-20, plan to 2024-01-30" in shown


BAD_WORDS = {
    "unknown sku": (["--sku", "A2"], "did you mean B2, A1?"),
    "horizon 0": (["--horizon", "0"], "at least 1"),
    "horizon negative": (["--horizon=-3"], "at least 1"),
    "horizon no number": (["--horizon", "soon"], "expected a count of periods"),
    "horizon huge": (["--horizon", "999999999"], "1 to 366"),
    "cutoff no date": (["--cutoff", "someday"], "expected YYYY-MM-DD"),
    "cutoff day first": (["--cutoff", "31/12/2024"], "expected YYYY-MM-DD"),
    "cutoff either first": (["--cutoff", "05/06/2024"], "expected YYYY-MM-DD"),
    "cutoff no day": (["--cutoff", "2024-02-30"], "expected YYYY-MM-DD"),
    "cutoff too early": (["--cutoff", "1999-01-01"], "no series has sales by then"),
    "plot kind": (["--plot", "x.bmp"], "valid choices: .png"),
    "plot nowhere": (["--plot", "/no/such/folder/x.png"], "cannot be written"),
    "nothing listens": (["--engine", "openai:x@http://127.0.0.1:1"], "http://127.0.0.1:1: no connection"),
    "out and plot": (["--out", "f.jsonl", "--plot", "x.png"], "does not go with"),
    "all without out": (["--all"], "--out"),
    "engine kind": (["--engine", "magic"], "valid choices: hf:"),
    "model nowhere": (["--engine", "hf:/no/such/model"], "cannot be loaded"),
    "demo and data": (["--demo"], "not both"),
    "schema nowhere": (["--schema", "no.toml"], "no.toml"),
    "sql broken": (["--sql", "select nothing from nowhere"], "nowhere"),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", BAD_WORDS)
def test_bad_words_are_one_line_and_exit_2(sales: Path, kind: str) -> None:
    words, message = BAD_WORDS[kind]
    engine = [] if "--engine" in words else ["--engine", "none", "--quick"]
    assert message in one_line(run("forecast", sales, *engine, *words))


def test_no_data_and_no_file(tmp_path: Path) -> None:
    assert "--demo" in one_line(run("forecast", "--engine", "none", "--quick"))
    assert "missing.csv" in one_line(run("forecast", tmp_path / "missing.csv", "--engine", "none", "--quick"))


def test_out_that_cannot_be_written(sales: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    target = tmp_path / "file" / "f.jsonl"
    assert "cannot be written" in one_line(
        run("forecast", sales, "--all", "--out", target, "--engine", "none", "--quick")
    )


@pytest.mark.parametrize(
    "words", [["--plot", "no/x.png"], ["--out", "file/f.jsonl"], ["--out", "f.jsonl", "--to", "file/f.csv"]]
)
def test_what_cannot_be_written_is_said_before_any_work(
    sales: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    (tmp_path / "file").write_text("x")
    monkeypatch.chdir(tmp_path)
    with mock.patch("skucast.agent.workbench.Workbench.source", side_effect=AssertionError("work was done")):
        assert f"{words[-1]}: cannot be written" in one_line(
            run("forecast", sales, "--engine", "none", "--quick", *words)
        )


def test_a_target_of_another_kind_is_said_before_any_work(sales: Path, tmp_path: Path) -> None:
    words = ["--out", tmp_path / "f.jsonl", "--to"]
    with mock.patch("skucast.agent.workbench.Workbench.source", side_effect=AssertionError("work was done")):
        assert "expected a .parquet, .csv or .xlsx" in one_line(run("forecast", sales, *words, "f.ods"))
        assert "name a table after ::" in one_line(run("forecast", sales, *words, "duckdb:///f.duckdb"))


@pytest.mark.slow
def test_a_cutoff_after_the_last_sales_is_said(sales: Path, tmp_path: Path) -> None:
    words = ["forecast", sales, "--engine", "none", "--quick", "--sku", "A1", "--horizon", "2w"]
    said = "--cutoff 2030-01-01 is after the last sales, 2024-07-28: all of them are used\n"
    for more in (["--json"], ["--out", tmp_path / "f.jsonl"]):
        late = run(*words, *more, "--cutoff", "2030-01-01")
        assert late.returncode == 0 and said in late.stderr
    assert "after the last" not in run(*words, "--json", "--cutoff", "2024-08-03 12:00").stderr
    assert "晚于最后的销售日期 2024-07-28" in run(*words, "--cutoff", "2030-01-01", "--lang", "zh").stderr


def test_forecast_in_json_is_only_json(sales: Path) -> None:
    result = run("forecast", sales, "--sku", "B2", "--horizon", "2w", "--json", "--engine", "none", "--quick")
    assert result.returncode == 0, result.stderr
    report = json.loads(result.stdout)
    assert (report["unique_id"], report["horizon"], report["llm"]) == ("B2", 2, None)


def test_quick_learns_nothing_and_asks_no_llm(sales: Path) -> None:
    with (
        mock.patch("skucast.agent.engines.opening.open_llm", side_effect=AssertionError("an LLM was opened")),
        mock.patch("skucast.tools.forecast.models.Toolbox.combined", side_effect=AssertionError("it was learned")),
    ):
        result = run("forecast", sales, "--sku", "B2", "--horizon", "2w", "--json", "--quick")
    assert result.returncode == 0, result.stderr
    report = json.loads(result.stdout)
    assert report["llm"] is None and "SeasonalNaive" in report["base"]["members"]
    assert not any("stands in" in warning for warning in report["warnings"])


def test_the_default_horizon_fits_monthly_data(tmp_path: Path) -> None:
    ds = pd.date_range("2021-01-01", periods=30, freq="MS")
    pd.DataFrame({"sku": "A", "month": ds, "units": range(30)}).to_csv(tmp_path / "m.csv", index=False)
    result = run("forecast", tmp_path / "m.csv", "--json", "--engine", "none", "--quick")
    assert result.returncode == 0, result.stderr
    assert [step["ds"] for step in json.loads(result.stdout)["steps"]] == ["2023-07-01", "2023-08-01", "2023-09-01"]


def test_reports_come_in_the_order_asked(sales: Path) -> None:
    result = run("forecast", sales, "--sku", "B2", "--sku", "A1", "--json", "--engine", "none", "--quick")
    assert [json.loads(line)["unique_id"] for line in result.stdout.splitlines()] == ["B2", "A1"]


@pytest.mark.slow
def test_forecast_on_the_screen_and_in_a_chart(sales: Path, tmp_path: Path) -> None:
    chart = tmp_path / "c.html"
    result = run("forecast", sales, "--engine", "none", "--quick", "--plot", chart, "--cutoff", "2024-06-30")
    assert result.returncode == 0, result.stderr
    assert "SKU A1" in result.stdout and "SKU B2" in result.stdout
    assert "actual" in result.stdout
    assert chart.stat().st_size > 1000


def test_the_catalogue_to_a_file_twice_is_once(sales: Path, tmp_path: Path) -> None:
    out = tmp_path / "f.jsonl"
    for said in ("2 forecast, 0 failed, 0 stood already", "0 forecast, 0 failed, 2 stood already"):
        result = run("forecast", sales, "--all", "--out", out, "--engine", "none", "--quick")
        assert result.returncode == 0, result.stderr
        assert said in result.stderr
    assert [line.unique_id for line in read_lines(out)] == ["A1", "B2"]


def test_a_batch_goes_on_past_a_bad_series(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    bad = [row.replace(",5", ",-5") if i == 3 else row for i, row in enumerate(rows("BAD"))]
    path.write_text(CSV + "\n".join([*rows("A"), *bad]) + "\n")
    result = run("forecast", path, "--all", "--out", tmp_path / "f.jsonl", "--engine", "none", "--quick")
    assert result.returncode == 0, result.stderr
    assert "1 forecast, 1 failed" in result.stderr


def test_schema_describes_what_is_written(sales: Path) -> None:
    schema = json.loads(run("schema").stdout)
    names = {part["$ref"].rsplit("/", 1)[1] for part in schema["oneOf"]}
    assert names == {"ForecastReport", "ForecastFailure"}
    report = json.loads(run("forecast", sales, "--sku", "A1", "--json", "--engine", "none", "--quick").stdout)
    described = set(schema["$defs"]["ForecastReport"]["properties"])
    assert set(report) == described - {"signals"}  # which stand there where notes were read for them


def test_chat_over_a_pipe(sales: Path) -> None:
    said = "forecast next 2 weeks for SKU A1\nwhy?\nforecast ZZZ\nnonsense\nhelp\nquit\n"
    result = run("chat", sales, "--engine", "none", "--quick", stdin=said)
    assert result.returncode == 0, result.stderr
    assert "SKU A1" in result.stdout
    assert "no product is called 'nonsense'" in result.stdout
    assert "Traceback" not in result.stderr


def test_the_demo_is_what_make_demo_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[dict[str, object]] = []
    monkeypatch.setattr("skucast.tools.data.demo.pull_tables", lambda tell: tell("tables"))
    monkeypatch.setattr("skucast.agent.models.store.pull", lambda tell: tell("model"))
    monkeypatch.setattr("skucast.agent.forecasting.forecast", lambda **given: made.append(given))
    assert run("demo").returncode == 0
    make = re.search(r"skucast (forecast --demo .*)", (Path(__file__).parents[1] / "Makefile").read_text())
    assert make is not None and len(made) == 1
    one = made[0]
    assert make[1] == f"forecast --demo --top {one['top']} --horizon {one['horizon']} --cutoff {one['cutoff']}"
    assert (one["demo"], one["lang"]) == (True, "en")


@pytest.mark.slow
def test_a_bad_file_in_a_process_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(BAD_FILES["negative"][0])
    command = [sys.executable, "-m", "skucast", "forecast", str(path), "--engine", "none", "--quick"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert "negative" in one_line(Result(result.returncode, result.stdout, result.stderr))


def test_version_and_help() -> None:
    assert run("--version").stdout.strip() == f"skucast {__version__}"
    for verb in (["forecast"], ["chat"], ["schema"], ["data", "check"], ["model", "pull"]):
        assert run(*verb, "--help").returncode == 0


def test_the_command_starts_without_the_heavy_rooms() -> None:
    code = "import sys, skucast.__main__; print(sorted({'torch', 'pandas', 'transformers'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


def test_the_default_model_not_yet_fetched(sales: Path, tmp_path: Path) -> None:
    result = run("forecast", sales, SKUCAST_CACHE=str(tmp_path))
    assert "skucast model pull" in one_line(result)


@pytest.mark.slow
def test_the_main_job_on_the_demo_data() -> None:
    result = run("forecast", "--demo", "--sku", "1082185", "--horizon", "4w", "--json")
    assert result.returncode == 0, result.stderr
    report = json.loads(result.stdout)
    assert report["llm"]["engine"] == "slots:default"
    assert 0 <= report["llm"]["weight"] < 1 and report["llm"]["samples"] == 1  # against the blend it may earn nothing
    assert report["cutoff"] == "2017-12-31"
    assert report["explanation"]["claims"]
    again = json.loads(run("forecast", "--demo", "--sku", "1082185", "--horizon", "4w", "--json").stdout)
    for one in (report, again):
        one.pop("timings")
    assert report == again
