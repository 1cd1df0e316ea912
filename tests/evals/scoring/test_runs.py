"""Runs on disk: whole rows or none, whatever happens, and one clear line for a file that is no runs file."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest
from skucast.evals.scoring.runs import SCORES, ExampleForecast, Row, append, read_rows, read_scores, scores_path
from skucast.tools.errors import InputError


def row_of(contestant: str = "A", **fields: object) -> Row:
    given = {"task": "t", "windows": 2, "series": 1, "series_of": 1, "forecasts": 2, "metrics": {"SQL": 0.5}}
    return Row.model_validate({**given, "contestant": contestant, **fields})


def scores_of(contestant: str = "A", value: float = 0.5) -> pd.DataFrame:
    given = {"task": "t", "contestant": contestant, "window": [0, 1], "unique_id": "S", "cell": "AX"}
    return pd.DataFrame({**given, "SQL": value, "MASE": 1.0, "bias": 0.0, "coverage": 1.0, "total": 0.1})[SCORES]


@contextmanager
def disk_of(size: int) -> Iterator[None]:
    """No file may grow past so many bytes: what a full disk is like."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_rows_and_scores_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "r.jsonl"
    example = ExampleForecast(
        unique_id="S", rank="best", sql=0.1, ds=["2024-01-07"], history=[None], actual=[1.0], q10=[0], q50=[1], q90=[2]
    )
    sampled = row_of("A", limit=5, seed=2, examples=[example], metrics={"SQL": None})
    rows = [sampled, row_of("B", tokens=7, unusable=0.25)]
    for row in rows:
        append(path, row, scores_of(row.contestant))
    assert read_rows(path) == rows
    assert rows[0].key == ("t", "A", 5, 2)
    assert scores_path(path) == tmp_path / "deep" / "r.scores.parquet"
    pd.testing.assert_frame_equal(read_scores(path), pd.concat([scores_of("A"), scores_of("B")], ignore_index=True))
    assert sorted(file.name for file in path.parent.iterdir()) == ["r.jsonl", "r.scores.parquet"]
    assert read_scores(tmp_path / "none.jsonl").empty


def test_scores_left_by_a_run_that_was_killed_are_replaced(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    append(path, row_of("B"), scores_of("B"))
    append(path, row_of("A"), scores_of("A", 9.0))
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:1]))  # killed before the second row stood
    append(path, row_of("A"), scores_of("A", 0.25))
    scores = read_scores(path)
    assert scores[scores["contestant"] == "A"]["SQL"].tolist() == [0.25, 0.25]
    assert len(scores) == 4


def test_a_half_line_at_the_end_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    append(path, row_of("A"), scores_of("A"))
    whole = path.read_text()
    for cut in (1, 20, len(whole) - 2):
        path.write_text(whole + row_of("B").model_dump_json()[:cut])
        assert [row.contestant for row in read_rows(path)] == ["A"]
    append(path, row_of("C"), scores_of("C"))
    assert [row.contestant for row in read_rows(path)] == ["A", "C"]
    assert path.read_text().count("\n") == 2


def test_a_whole_last_line_without_its_line_end_is_read(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text(row_of("A").model_dump_json() + "\n" + row_of("B").model_dump_json())
    assert [row.contestant for row in read_rows(path)] == ["A", "B"]
    append(path, row_of("C"), scores_of("C"))
    assert [row.contestant for row in read_rows(path)] == ["A", "B", "C"]


def test_other_line_ends_inside_a_name_are_no_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    names = ["a\u2028b", "a\x85b", "a\nb", "a\x0cb"]
    for name in names:
        append(path, row_of(name), scores_of(name))
    assert [row.contestant for row in read_rows(path)] == names


BAD_RUNS = {
    "no JSON": (b"nonsense\n", "line 1"),
    "empty line": (b"\n", "line 1"),
    "a row with too little": (b'{"task": "t"}\n', "contestant"),
    "an unknown field": (row_of().model_dump_json()[:-1].encode() + b', "colour": 1}\n', "colour"),
    "a list": (b"[1, 2]\n", "line 1"),
    "the second line": (row_of().model_dump_json().encode() + b"\n{}\n", "line 2"),
    "not UTF-8": (b"\xff\xfe\n", "not UTF-8"),
}


@pytest.mark.parametrize("kind", BAD_RUNS)
def test_a_malformed_runs_file_is_one_line(tmp_path: Path, kind: str) -> None:
    content, word = BAD_RUNS[kind]
    path = tmp_path / "bad.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError, match=word) as caught:
        read_rows(path)
    assert "bad.jsonl" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_rows(tmp_path / "none.jsonl")


def test_scores_that_are_none(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    append(path, row_of(), scores_of())
    scores_path(path).write_bytes(b"no parquet")
    with pytest.raises(InputError, match=r"r\.scores\.parquet: cannot be read"):
        read_scores(path)
    with pytest.raises(InputError, match=r"r\.scores\.parquet: cannot be read"):
        append(path, row_of("B"), scores_of("B"))
    pd.DataFrame({"task": ["t"]}).to_parquet(scores_path(path))
    with pytest.raises(InputError, match="column contestant is missing"):
        append(path, row_of("B"), scores_of("B"))
    assert [row.contestant for row in read_rows(path)] == ["A"]


@pytest.mark.parametrize("size", [100, 60_000], ids=["no room for the scores", "no room for the row"])
def test_a_full_disk_is_one_line_and_what_stood_still_stands(tmp_path: Path, size: int) -> None:
    path = tmp_path / "r.jsonl"
    append(path, row_of("A"), scores_of("A"))
    before = path.read_bytes()
    with disk_of(size), pytest.raises(InputError, match=r"r\.jsonl: cannot be written \(.*too large"):
        append(path, row_of("B", command="x" * 100_000), scores_of("B"))
    assert path.read_bytes() == before
    assert "A" in set(read_scores(path)["contestant"])
    append(path, row_of("B"), scores_of("B"))
    assert [row.contestant for row in read_rows(path)] == ["A", "B"]
    assert sorted(read_scores(path)["contestant"]) == ["A", "A", "B", "B"]


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot be written"):
        append(tmp_path / "file" / "r.jsonl", row_of(), scores_of())
