"""A person's own files are never written over: each place of the command where an output is named."""

import json
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from skucast.tools.data.databases import upsert
from skucast.tools.data.read import open_source

from .test_command import one_line, run, sales

__all__ = ["sales"]  # the fixture

STATISTICS = ("--quick", "--horizon", "2")
OWN = "my,own,figures\n1,2,3\n"
NOT_OURS = "exists and was not written by skucast"
INPUT = "this is read as input"


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of forecasts."""
    folder = tmp_path_factory.mktemp("batch")
    ds = pd.date_range("2024-01-07", periods=20, freq="W-SUN")
    pd.DataFrame({"sku": "A1", "date": ds, "units": range(20)}).to_csv(folder / "sales.csv", index=False)
    assert run("forecast", folder / "sales.csv", "--all", "--out", folder / "f.jsonl", *STATISTICS).returncode == 0
    return folder / "f.jsonl"


@pytest.mark.parametrize("option", ["--out", "--to", "--plot", "--session"])
def test_the_data_is_never_written_to(sales: Path, option: str, tmp_path: Path) -> None:
    """Not even with --overwrite, nor by another name."""
    before = sales.read_bytes()
    kind = ".png" if option == "--plot" else ".csv"
    other = tmp_path / f"link{kind}"
    other.hardlink_to(sales)
    words = ["chat" if option == "--session" else "forecast", sales, "--engine", "none", "--model", "none", "--quick"]
    words += ["--all", "--out", tmp_path / "f.jsonl"] if option == "--to" else []
    words += ["--all"] if option == "--out" else []
    for path in [other] if option == "--plot" else [sales, other]:
        for more in ([], ["--overwrite"]):
            said = one_line(run(*words, option, path, *more))
            assert INPUT in said or NOT_OURS in said
            assert INPUT in said or not more
    assert sales.read_bytes() == before and not (tmp_path / "f.jsonl").exists()


@pytest.mark.parametrize("option", ["--out", "--to", "--plot", "--session"])
@pytest.mark.parametrize("content", [OWN, "one line", "\xff"])
def test_another_file_is_written_over_only_when_that_is_said(
    sales: Path, option: str, content: str, tmp_path: Path
) -> None:
    path = tmp_path / ("own.svg" if option == "--plot" else "own.csv")
    path.write_bytes(content.encode("latin-1"))
    words = ["chat" if option == "--session" else "forecast", sales, "--engine", "none", "--model", "none", "--quick"]
    words += ["--all", "--out", tmp_path / "f.jsonl"] if option == "--to" else []
    words += ["--all"] if option == "--out" else []
    words += [option, path]
    said = one_line(run(*words, stdin="top movers\n"))
    assert NOT_OURS in said and path.name in said and "--overwrite" in said
    assert path.read_bytes() == content.encode("latin-1") and not (tmp_path / "f.jsonl").exists()
    assert run(*words, "--overwrite", stdin="top movers\n").returncode == 0
    written = path.read_bytes()
    assert written and content.encode("latin-1") not in written
    assert run(*words, stdin="top movers\n").returncode == 0  # now it is ours


def test_what_lies_beside_a_batch_is_not_written_over(sales: Path, tmp_path: Path) -> None:
    out = tmp_path / "f.jsonl"
    for kind in ("run", "manifest"):
        beside = tmp_path / f"f.jsonl.{kind}.json"
        beside.write_text('{"mine": 1}')
        assert beside.name in one_line(run("forecast", sales, "--all", "--out", out, *STATISTICS))
        assert beside.read_text() == '{"mine": 1}'
        beside.unlink()
    assert run("forecast", sales, "--all", "--out", out, *STATISTICS).returncode == 0


def test_a_batch_goes_on_or_begins_anew(sales: Path, tmp_path: Path) -> None:
    out = tmp_path / "f.jsonl"
    words = ("forecast", sales, "--all", "--out", out, "--engine", "none", "--model", "none", "--quick", "--horizon")
    assert run(*words, "2").returncode == 0
    assert "2 stood already" in run(*words, "2", "--overwrite").stderr
    assert "made by a run with other settings" in one_line(run(*words, "3"))
    assert "2 forecast, 0 failed, 0 stood already" in run(*words, "3", "--overwrite").stderr
    assert [json.loads(line)["horizon"] for line in out.read_text().splitlines()] == [3, 3]


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_an_export_is_known_by_its_columns(batch: Path, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"flat{suffix}"
    assert run("export", batch, path).returncode == 0
    first = path.read_bytes()
    assert run("export", batch, path).returncode == 0 and path.read_bytes() == first  # again, without a flag
    frame = (pd.read_csv if suffix == ".csv" else pd.read_parquet)(path).assign(mine=1)
    frame.to_csv(path, index=False) if suffix == ".csv" else frame.to_parquet(path, index=False)
    theirs = path.read_bytes()
    assert NOT_OURS in one_line(run("export", batch, path))
    assert path.read_bytes() == theirs
    assert run("export", batch, path, "--overwrite").returncode == 0 and path.read_bytes() == first


def test_a_table_of_the_persons_own_is_left(batch: Path, tmp_path: Path) -> None:
    file = tmp_path / "shop.duckdb"
    upsert(f"duckdb://{file}::sales", pd.DataFrame({"unique_id": ["a"], "y": [1.0]}), ["unique_id"])
    assert "sales" in one_line(run("export", batch, f"duckdb://{file}::sales", "--overwrite"))
    for _ in range(2):
        assert run("export", batch, f"duckdb://{file}::forecasts").returncode == 0
    con = duckdb.connect(str(file))
    assert con.execute("select * from sales").fetchall() == [("a", 1.0)]
    assert con.execute("select count(*) from forecasts").fetchone() == (2,)
    con.close()


@pytest.mark.parametrize(("command", "kind"), [("/export", "csv"), ("/plot", "html")])
def test_the_chat_asks_before_it_writes_over_a_file(sales: Path, command: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"my own.{kind}"
    path.write_text(OWN)

    def chat(*lines: str) -> list[dict[str, object]]:
        told = "\n".join(["forecast 2 weeks for A1", *lines])
        done = run(
            "chat", sales, "--engine", "none", "--model", "none", "--quick", "--router", "rules", "--json", stdin=told
        )
        return [json.loads(line) for line in done.stdout.splitlines()][1:]

    (said,) = chat(f"{command} {path}")
    assert said["failed"] and NOT_OURS in str(said["reply"]) and path.read_text() == OWN
    done = chat(f"{command} {path} --overwrite", f"{command} {path}")
    assert not any(one["failed"] for one in done) and path.read_text() != OWN
    before = sales.read_bytes()
    link = tmp_path / f"link.{kind}"
    link.symlink_to(sales)
    (said,) = chat(f"{command} {link} --overwrite")
    assert said["failed"] and INPUT in str(said["reply"]) and sales.read_bytes() == before


@pytest.mark.slow
def test_pages_and_runs(tmp_path: Path) -> None:
    runs = Path(__file__).parents[1] / "evals" / "results" / "controls.jsonl"
    for suffix in (".md", ".html"):
        page = tmp_path / f"page{suffix}"
        page.write_text("# My own page\n")
        words = ("leaderboard", runs, "--no-published", "--out", page)
        assert NOT_OURS in one_line(run(*words)) and page.read_text() == "# My own page\n"
        assert run(*words, "--overwrite").returncode == 0 and run(*words).returncode == 0
    mine = tmp_path / "mine.jsonl"
    mine.write_text("one line")
    assert NOT_OURS in one_line(run("eval", "retail2_1W", "--with", "SeasonalNaive", "--out", mine))
    scores = tmp_path / "new.scores.parquet"
    pd.DataFrame({"mine": [1]}).to_parquet(scores)
    said = one_line(run("eval", "retail2_1W", "--with", "SeasonalNaive", "--out", tmp_path / "new.jsonl"))
    assert NOT_OURS in said and pd.read_parquet(scores).columns.tolist() == ["mine"]
    results = tmp_path / "mine.json"
    results.write_text('{"mine": {"a": 1}}')
    assert NOT_OURS in one_line(run("eval", "agent", "--with", "rules", "--out", results))
    assert results.read_text() == '{"mine": {"a": 1}}' and mine.read_text() == "one line"


def test_what_a_folder_or_a_pattern_would_read_next_time(tmp_path: Path) -> None:
    ds = pd.date_range("2024-01-07", periods=12, freq="W-SUN")
    (tmp_path / "sales").mkdir()
    pd.DataFrame({"sku": "A", "date": ds, "units": 1.0}).to_parquet(tmp_path / "sales" / "a.parquet")
    folder, pattern = open_source(tmp_path / "sales"), open_source(f"{tmp_path}/sales/a*.parquet")
    assert folder.reads(tmp_path / "sales" / "deep" / "new.parquet") and folder.reads(tmp_path / "sales" / "a.parquet")
    assert not folder.reads(tmp_path / "sales" / "new.jsonl") and not folder.reads(tmp_path / "new.parquet")
    assert pattern.reads(tmp_path / "sales" / "another.parquet") and pattern.reads(tmp_path / "sales" / "a.parquet")
    assert not pattern.reads(tmp_path / "sales" / "new.parquet") and not pattern.reads(tmp_path / "another.parquet")


def test_a_database_that_is_read(tmp_path: Path) -> None:
    ds = pd.date_range("2024-01-07", periods=12, freq="W-SUN")
    frame = pd.DataFrame({"sku": "A", "date": ds, "units": 1.0})
    upsert(f"duckdb://{tmp_path}/s.duckdb::sales", frame, ["sku", "date"])
    by_path, by_address = open_source(tmp_path / "s.duckdb"), open_source(f"duckdb://{tmp_path}/s.duckdb::sales")
    assert by_path.reads(f"DUCKDB://{tmp_path}/s.duckdb::new") and by_path.reads(tmp_path / "s.duckdb")
    assert by_address.reads(f"duckdb://{tmp_path}/s.duckdb::sales") and by_address.reads(tmp_path / "s.duckdb")
    assert not by_address.reads(f"duckdb://{tmp_path}/s.duckdb::forecasts")
    assert not by_path.reads(f"duckdb://{tmp_path}/other.duckdb::sales")
    assert not open_source(frame).reads(tmp_path / "s.duckdb")
