"""`data check`: what is wrong stands there once, and no date is made up."""

from pathlib import Path

import pandas as pd
import pytest
from skucast.__main__ import app
from typer.testing import CliRunner

WEEKS = [str(day.date()) for day in pd.date_range("2023-01-01", periods=60, freq="W-SUN")]


def check(path: Path, rows: list[str]) -> tuple[int, str, str]:
    path.write_text("\n".join(["sku,date,units", *rows]) + "\n")
    result = CliRunner().invoke(app, ["data", "check", str(path)])
    return result.exit_code, " ".join(result.stdout.replace("│", " ").split()), result.stderr


def test_each_error_is_printed_once(tmp_path: Path) -> None:
    rows = [f"A,{day},5" for day in WEEKS] + [f"A,{WEEKS[3]},6", f"A,{WEEKS[5]},many"]
    code, shown, errors = check(tmp_path / "a.csv", rows)
    assert code == 2
    assert "cannot be used as it is" in shown
    for words in ("y is not a number", "several rows for one unique_id and ds"):
        assert (shown + errors).count(words) == 1


@pytest.mark.parametrize("date", ["soon", "", "Jänner"])
def test_no_date_is_said_and_not_none(tmp_path: Path, date: str) -> None:
    code, shown, errors = check(tmp_path / "a.csv", [f"A,{date},5", f"B,{date},6"])
    assert code == 2
    assert "None" not in shown + errors


def test_what_was_left_out_is_printed_once(tmp_path: Path) -> None:
    rows = [f"{sku},{day},{0 if n >= 54 else 20 + n % 3}" for sku in "ABC" for n, day in enumerate(WEEKS)]
    code, shown, errors = check(tmp_path / "a.csv", rows)
    assert code == 0
    assert (shown + errors).count("not loaded yet?") == 1
    assert "sales 2023-01-01 to 2024-01-07" in shown
