"""Forecasts as flat tables: every period a row, written again without doubling."""

import shutil
import subprocess
import zipfile
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from skucast.agent.batch.export import KEY, export, flat
from skucast.agent.batch.run import read_lines, run_batch
from skucast.agent.forecast.forecaster import Forecaster
from skucast.agent.forecast.report import ForecastReport
from skucast.tools.data.read import open_source
from skucast.tools.errors import InputError

from ..conftest import scripted


@pytest.fixture
def batch(sales_csv: Path, tmp_path: Path) -> Path:
    source, out = open_source(sales_csv), tmp_path / "f.jsonl"
    run_batch(Forecaster(scripted()), source, ["A", "nobody", "B"], 3, out)
    return out


def test_a_row_a_series_and_period(batch: Path) -> None:
    frame = flat(read_lines(batch))
    assert list(frame.columns) == [*KEY, "mean", *[f"q{i}0" for i in range(1, 10)], "llm_weight", "version"]
    assert frame["unique_id"].tolist() == ["A"] * 3 + ["B"] * 3  # the one that failed has none
    first = next(iter(read_lines(batch)))
    assert isinstance(first, ForecastReport) and first.llm is not None
    assert frame.loc[1, "q30"] == first.steps[1].quantiles["q0.3"] and frame.loc[1, "model"] == first.llm.engine
    assert frame.loc[2, "ds"] == pd.Timestamp(first.steps[2].ds)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["deep/f.parquet", "f.csv"])
def test_to_a_file(batch: Path, tmp_path: Path, name: str) -> None:
    to = tmp_path / name
    assert export(batch, str(to)) == export(batch, str(to)) == 6
    read = pd.read_parquet(to) if to.suffix == ".parquet" else pd.read_csv(to, parse_dates=["ds", "cutoff"])
    pd.testing.assert_frame_equal(read, flat(read_lines(batch)), check_dtype=False)
    assert [path.name for path in to.parent.glob(".*")] == []


def test_to_a_workbook(batch: Path, tmp_path: Path) -> None:
    """Numbers and dates as such, the totals beside their chart, every fact, and what failed."""
    to = tmp_path / "f.xlsx"
    assert export(batch, str(to)) == export(batch, str(to)) == 6
    sheets = pd.read_excel(to, sheet_name=None, engine="calamine")
    pd.testing.assert_frame_equal(sheets["forecast"], flat(read_lines(batch)), check_dtype=False)
    first = next(iter(read_lines(batch)))
    assert isinstance(first, ForecastReport)
    assert sheets["totals"].loc[0, ["q10", "q50", "q90"]].tolist() == pytest.approx(
        [first.total.quantiles[name] for name in ("q0.1", "q0.5", "q0.9")]
    )
    assert sheets["evidence"]["fact"].tolist()[: len(first.evidence)] == [one.text for one in first.evidence]
    assert sheets["failed"]["unique_id"].tolist() == ["nobody"]
    with zipfile.ZipFile(to) as book:
        assert any(name.startswith("xl/charts/") for name in book.namelist())


@pytest.mark.slow
def test_libreoffice_reads_the_same_numbers(batch: Path, tmp_path: Path) -> None:
    """The workbook opened by LibreOffice without a screen, and each of its sheets written by it as CSV."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed (libreoffice-calc-nogui in Debian)")
    to = tmp_path / "f.xlsx"
    export(batch, str(to))
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    alone = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, alone, "--headless", "--convert-to", every_sheet, "--outdir", str(tmp_path), str(to)]
    subprocess.run(command, capture_output=True, check=True)
    read = pd.read_csv(tmp_path / "f-forecast.csv", parse_dates=["ds", "cutoff"])
    pd.testing.assert_frame_equal(read, flat(read_lines(batch)), check_dtype=False)
    reports = [line for line in read_lines(batch) if isinstance(line, ForecastReport)]
    totals = pd.read_csv(tmp_path / "f-totals.csv")
    assert totals["q90"].tolist() == pytest.approx([one.total.quantiles["q0.9"] for one in reports], abs=1e-4)
    assert pd.read_csv(tmp_path / "f-failed.csv")["unique_id"].tolist() == ["nobody"]


def test_a_workbook_runs_no_formula(batch: Path, tmp_path: Path) -> None:
    line = next(iter(read_lines(batch)))
    batch.write_text(line.model_copy(update={"unique_id": "=1+1"}).model_dump_json() + "\n")
    export(batch, str(tmp_path / "f.xlsx"))
    assert pd.read_excel(tmp_path / "f.xlsx", sheet_name="forecast", engine="calamine")["unique_id"][0] == "=1+1"
    with zipfile.ZipFile(tmp_path / "f.xlsx") as book:
        assert not any(b"<f>" in book.read(name) for name in book.namelist() if "worksheets" in name)


def test_a_formula_is_text_in_csv(batch: Path, tmp_path: Path) -> None:
    """A spreadsheet would run it; a number with its sign stays, and Parquet is left as it is."""
    ids = ["=cmd|' /C calc'!A0", "+1+2", "-5", "-a", "@x", "A=1"]
    line = next(iter(read_lines(batch)))
    batch.write_text("".join(line.model_copy(update={"unique_id": uid}).model_dump_json() + "\n" for uid in ids))
    for name in ("f.csv", "f.parquet"):
        export(batch, str(tmp_path / name))
    told = pd.read_csv(tmp_path / "f.csv", dtype=str)["unique_id"].unique().tolist()
    assert told == ["'=cmd|' /C calc'!A0", "'+1+2", "-5", "'-a", "'@x", "A=1"]
    assert pd.read_parquet(tmp_path / "f.parquet")["unique_id"].unique().tolist() == ids


def test_to_a_table_twice_is_once(batch: Path, tmp_path: Path) -> None:
    to = f"duckdb://{tmp_path}/f.duckdb::forecasts"
    assert export(batch, to) == export(batch, to) == 6
    with duckdb.connect(str(tmp_path / "f.duckdb")) as con:
        assert con.execute("select count(*), count(distinct ds) from forecasts").fetchone() == (6, 3)


def test_what_cannot_be_written(batch: Path, tmp_path: Path) -> None:
    for path, to, said in [
        (batch, "f.ods", "expected a .parquet, .csv or .xlsx"),
        (tmp_path / "none.jsonl", "f.csv", "cannot be read"),
        (batch, "/proc/nowhere/f.csv", "cannot be written"),
    ]:
        with pytest.raises(InputError, match=said):
            export(path, to)
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"status": "ok"}\n')
    with pytest.raises(InputError, match="no file of forecasts"):
        export(broken, "f.csv")
    broken.write_text("")
    with pytest.raises(InputError, match="holds no forecast"):
        export(broken, "f.csv")
