"""Publish, override, track, approve and audit as a person runs them, from one file of sales to the next."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from skucast.agent.faces.orders import PROPOSAL

from ..test_command import one_line, run

QUICK = ("--quick", "--engine", "none", "-h", "4")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sales of 40 weeks and, a month later, of 44; the first published, A overridden by ben."""
    folder, rng = tmp_path_factory.mktemp("shop"), np.random.default_rng(0)
    ds = pd.date_range("2024-01-07", periods=44, freq="W-SUN")
    parts = [
        pd.DataFrame({"unique_id": uid, "ds": ds, "y": rng.poisson(20, 44), "category": category})
        for uid, category in (("A", "tea"), ("B", "tea"), ("C", "milk"))
    ]
    rows = pd.concat(parts)
    for name, some in (("now", rows[rows["ds"] <= ds[39]]), ("later", rows)):
        some.to_csv(folder / f"{name}.csv", index=False)
        (folder / f"{name}.toml").write_text('static = ["category"]\n')
    made = run("forecast", folder / "now.csv", *QUICK, "--publish", *keep(folder, "ana"), "--json")
    assert made.returncode == 0 and "published: 24 rows" in made.stderr  # naive and statistics
    assert run("override", "A", "--units", "60", "--why", "a fair", *keep(folder, "ben")).returncode == 0
    return folder


def keep(folder: Path, who: str | None = None) -> tuple[str, ...]:
    return ("--ledger", str(folder / "shop.duckdb"), *(("--as", who) if who else ()))


def test_track_tells_stages_groups_and_kindly_of_overrides(shop: Path) -> None:
    found = json.loads(run("track", shop / "later.csv", *keep(shop), "--by", "category", "--json").stdout)
    sold = pd.read_csv(shop / "later.csv").query("ds > '2024-10-06'")
    rows = {(row["by"], row["label"], row["stage"]): row for row in found["scores"]}
    a = sold[sold["unique_id"] == "A"]["y"]
    own = rows["all", "", "override"]
    assert own["steps"] == 4 and own["wape"] == pytest.approx(100 * (60 - a).abs().sum() / a.sum(), abs=1e-3)
    assert own["fva"] < 0 and rows["category", "tea", "final"]["sold"] == sold.query("category == 'tea'")["y"].sum()
    (said,) = found["overrides"]
    assert "A: the numbers of ben" in said and "units closer in all" in said
    shown = run("track", shop / "later.csv", *keep(shop), "--by", "abc_xyz", "--by", "product")
    assert "own numbers" in shown.stdout and "last value repeated" in shown.stdout and "AX" in shown.stdout
    chinese = run("track", shop / "later.csv", *keep(shop), "--lang", "zh")
    assert "人工数字" in chinese.stdout and "截止点" in chinese.stderr


def test_what_scores_can_be_told_by_is_named(shop: Path) -> None:
    said = one_line(run("track", shop / "later.csv", *keep(shop), "--by", "colour"))
    assert "no column is called 'colour': valid choices: abc_xyz, all, category, …" in said


def test_scores_to_a_file(shop: Path) -> None:
    out = shop / "scores.csv"
    assert run("track", shop / "later.csv", *keep(shop), "--out", out).returncode == 0
    table = pd.read_csv(out)
    assert set(table["by"]) == {"all", "step"} and {"wape", "bias", "coverage", "fva"} < set(table.columns)
    assert "this is read as input" in one_line(
        run("track", shop / "later.csv", *keep(shop), "--out", shop / "later.csv", "--overwrite")
    )


def test_the_log_tells_who_did_what_and_a_change_is_found(shop: Path, tmp_path: Path) -> None:
    shown = run("audit", "show", *keep(shop), "--json")
    lines = [json.loads(line) for line in shown.stdout.splitlines()]
    assert [(line["who"], line["act"]) for line in lines[:2]] == [("ana", "publish"), ("ben", "override")]
    assert lines[1]["facts"]["reason"] == "a fair"
    assert lines[-1]["digest"] in run("audit", "verify", *keep(shop)).stdout
    assert "own numbers" in run("audit", "show", *keep(shop)).stdout
    other = tmp_path / "audit.jsonl"
    other.write_text((shop / "audit.jsonl").read_text().replace("a fair", "a fire"))
    assert "line 2 is not what was written" in one_line(run("audit", "verify", other))


def test_published_again_stands_once_and_a_batch_file_too(shop: Path, tmp_path: Path) -> None:
    again = run("forecast", shop / "now.csv", *QUICK, "--publish", *keep(shop, "eva"), "--json")
    assert again.returncode == 0 and "stands" in again.stderr and "already" in again.stderr
    out = tmp_path / "f.jsonl"
    batch = run("forecast", shop / "now.csv", *QUICK, "--all", "--out", out, "--publish", *keep(shop))
    assert batch.returncode == 0 and "already" in batch.stderr
    fresh = ("--ledger", str(tmp_path / "new.duckdb"))
    assert "published: 24 rows" in run("publish", out, *fresh).stderr
    assert "already" in run("publish", out, *fresh).stderr


def test_own_numbers_from_a_file(shop: Path, tmp_path: Path) -> None:
    ledger = ("--ledger", str(tmp_path / "l.duckdb"))
    assert run("forecast", shop / "now.csv", *QUICK, "--publish", *ledger, "--json").returncode == 0
    mine = tmp_path / "mine.csv"
    mine.write_text("unique_id,ds,units\nB,2024-10-13,11\nC,2024-10-20,12\n")
    assert "2 periods have your own numbers" in run("override", "--file", mine, *ledger).stderr
    for text, says in (
        ("unique_id,ds,units\nB,2024-10-13,many\n", "line 2: B, 2024-10-13"),
        ("unique_id,week,units\nB,2024-10-13,1\n", "no column ds"),
        ("unique_id,ds,units\nB,2025-10-12,1\n", "no such period"),
    ):
        mine.write_text(text)
        assert says in one_line(run("override", "--file", mine, *ledger))
    assert "either SKU" in one_line(run("override", "A", *ledger))
    assert "no forecast period there" in one_line(run("override", "A", "--units", "1", "--from", "2025-01-01", *ledger))


def orders(path: Path, cost: float | None = 300.0) -> Path:
    lines = [{"unique_id": "A", "order": 30.0, "cost": cost}, {"unique_id": "B", "order": 0.0, "cost": 0.0}]
    path.write_text(json.dumps({"note": PROPOSAL, "lines": lines}))
    return path


def test_orders_are_approved_up_to_an_amount(tmp_path: Path) -> None:
    (tmp_path / "roles.toml").write_text('people = {eva = "buyer"}\n[roles.buyer]\nmay = ["approve"]\nup_to = 300\n')
    file = orders(tmp_path / "orders.json")
    done = run("approve", file, *keep(tmp_path, "eva"))
    assert done.returncode == 0 and "approved: 1 line," in done.stderr and "nothing was sent" in done.stderr
    assert "already" in run("approve", file, *keep(tmp_path, "eva")).stderr
    assert "A is below 0" in one_line(run("approve", orders(file, -900.0), *keep(tmp_path, "eva")))
    assert "up to 300; this comes to 300.50" in one_line(run("approve", orders(file, 300.5), *keep(tmp_path, "eva")))
    assert "not known" in one_line(run("approve", orders(file, None), *keep(tmp_path, "eva")))
    assert "not in roles.toml" in one_line(run("approve", file, *keep(tmp_path, "ana")))
    (line,) = map(json.loads, (tmp_path / "audit.jsonl").read_text().splitlines())
    assert line["facts"]["amount"] == 300.0 and line["who"] == "eva"
    file.write_text("{}")
    assert "expected a file of skucast orders" in one_line(run("approve", file, *keep(tmp_path, "eva")))


def test_what_is_refused_before_any_work(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "roles.toml").write_text('people = {ana = "p"}\n[roles.p]\nmay = ["override"]\n')
    roles = ("--roles", str(tmp_path / "roles.toml"))
    words = ("forecast", shop / "now.csv", *QUICK, "--publish", *keep(tmp_path, "ana"))
    assert "may not publish" in one_line(run(*words, *roles)) and not (tmp_path / "shop.duckdb").exists()
    assert "--by adds up" in one_line(run("forecast", shop / "now.csv", *QUICK, "--by", "category", "--publish"))
    assert "goes with --publish" in one_line(run("forecast", shop / "now.csv", *QUICK, *keep(tmp_path)))
    assert "no ledger yet" in one_line(run("track", shop / "now.csv", *keep(tmp_path)))


def test_drift_of_the_command(shop: Path) -> None:
    quiet = run("drift", shop / "later.csv", *keep(shop))
    assert quiet.returncode == 0 and "0 of 3 series have an alarm" in " ".join(quiet.stdout.split())
