"""`skucast recommend` as a person runs it: a customer, a product, everyone to a file that goes on after a kill."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from skucast.__main__ import app
from skucast.tools.data.events import pseudonym
from typer.testing import CliRunner, Result


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    draws, rows = np.random.default_rng(1), []
    for user in range(30):
        liked = draws.choice(12, 3, replace=False)
        for at in range(int(draws.integers(0, 7)), 70, 7):
            rows += [(f"u{user}", f"2024-01-{1:02d}", at, f"P{p}") for p in {*draws.choice(liked, 2)}]
    frame = pd.DataFrame(rows, columns=["user_id", "ds", "at", "unique_id"])
    frame["ds"] = pd.to_datetime(frame["ds"]) + pd.to_timedelta(frame.pop("at"), unit="D")
    path = tmp_path_factory.mktemp("recommend") / "events.csv"
    frame.assign(event="buy", value=2.0).to_csv(path, index=False)
    goods = pd.DataFrame({"unique_id": [f"P{i}" for i in range(12)], "brand": ["big"] * 8 + list("abcd")})
    goods.to_csv(path.with_name("products.csv"), index=False)
    return path


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["recommend", *map(str, words)])


@pytest.fixture(autouse=True)
def _salt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKUCAST_SALT", "s")


def test_a_customer_by_id_or_pseudonym(file: Path) -> None:
    made = run(file, "--user", "u3", "--json", "--top", 3)
    line = json.loads(made.stdout)
    assert line["user_id"] == pseudonym("u3", "s") and line["history"] and len(line["offers"]) == 3
    assert "bought every" in line["offers"][0]["why"][0]
    assert run(file, "--user", line["user_id"], "--json", "--top", 3).stdout == made.stdout


def test_everyone_and_again_after_a_kill(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "recs.jsonl"
    goods = file.with_name("products.csv")
    first = run(file, "--all", "--out", out, "--products", goods)
    whole = out.read_bytes()
    lines = [json.loads(line) for line in whole.splitlines()]
    assert first.exit_code == 0 and len(lines) == 30 and "u3" not in {line["user_id"] for line in lines}
    assert "small makers" in first.stderr
    out.write_bytes(whole[: len(whole) // 2])  # killed within a line
    again = run(file, "--all", "--out", out, "--products", goods)
    assert out.read_bytes() == whole and "stood already" in again.stderr
    other = run(file, "--all", "--out", out, "--products", goods, "--top", 3)
    assert isinstance(other.exception, Exception) and "top was 10, is 3" in str(other.exception)


def test_ids_where_they_are_asked_for(file: Path, tmp_path: Path) -> None:
    run(file, "--all", "--out", tmp_path / "r.jsonl", "--show-ids", "--top", 2)
    ids = [json.loads(line)["user_id"] for line in (tmp_path / "r.jsonl").read_text().splitlines()]
    assert sorted(ids) == sorted(f"u{n}" for n in range(30))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "one of --user, --product or --all"),
        (("--all",), "needs a file to write"),
        (("--user", "u1", "--stock", "s.csv"), "--stock goes with --sales"),
        (("--user", "u1", "--as-of", "2023-01-01"), "the events begin on 2024-01-01"),
        (("--user", "u1", "--lowest", 5, "--highest", 2), "is above"),
        (("--user", "zz"), "recommend-unknown-user"),
    ],
)
def test_what_is_refused(file: Path, words: tuple[object, ...], why: str) -> None:
    assert why in str(run(file, *words).exception)
