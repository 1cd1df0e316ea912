"""`skucast forecast --by`: totals of groups on the screen, as JSON, to a file and as a chart; what is refused."""

import json
from math import fsum
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from skucast.agent.batch.run import read_lines

from .test_command import run

BARE = ("--engine", "none", "--quick", "-h", "3")


@pytest.fixture
def shops(tmp_path: Path) -> Path:
    """Four products that sell about 10, 20, 30 and 40 a week in two stores."""
    rng, parts = np.random.default_rng(1), []
    for i, uid in enumerate("ABCD"):
        ds = pd.date_range("2024-01-07", periods=30, freq="W-SUN")
        frame = pd.DataFrame({"unique_id": uid, "ds": ds, "y": rng.poisson(10 * (i + 1), 30)})
        parts.append(frame.assign(store="north" if i < 2 else "south", category="tea" if i % 2 else "milk"))
    pd.concat(parts).to_csv(tmp_path / "shops.csv", index=False)
    (tmp_path / "shops.toml").write_text('static = ["store", "category"]\n')
    return tmp_path / "shops.csv"


def test_groups_as_json_add_up_to_all(shops: Path) -> None:
    def lines(by: str) -> list[dict]:
        done = run("forecast", shops, "--by", by, "--json", *BARE)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    (whole,) = lines("all")
    assert whole["group"]["column"] == "all" and whole["group"]["value"] is None and len(whole["group"]["parts"]) == 4
    for by in ("store", "Category"):
        groups = lines(by)
        assert len(groups) == 2 and groups[0]["group"]["column"] == by.lower()
        assert fsum(one["total"]["mean"] for one in groups) == pytest.approx(whole["total"]["mean"], abs=1e-9)
    south = lines("store")[0]
    assert south["unique_id"] == "group:store:south" and south["group"]["series"] == ["C", "D"]
    assert [part["unique_id"] for part in south["group"]["parts"]] == ["D", "C"]


def test_groups_on_the_screen_and_as_a_chart(shops: Path, tmp_path: Path) -> None:
    done = run("forecast", shops, "--by", "store", "--top", "1", "--plot", tmp_path / "stores.svg", *BARE)
    assert done.returncode == 0, done.stderr
    assert "store south" in done.stdout and "store north" not in done.stdout  # the biggest in full
    assert "Biggest parts" in done.stdout and "All products" in done.stdout and "100 %" in done.stdout
    assert "store south" in (tmp_path / "stores.svg").read_text()
    chinese = run("forecast", shops, "--by", "category", "--lang", "zh", *BARE)
    assert "品类 tea" in chinese.stdout and "最大的组成部分" in chinese.stdout and "占全部" in chinese.stdout


def test_groups_to_a_file_and_from_there_to_a_table(shops: Path, tmp_path: Path) -> None:
    out = tmp_path / "groups.jsonl"
    done = run("forecast", shops, "--by", "store", "--out", out, *BARE)
    assert done.returncode == 0 and "2 groups of 4 series" in done.stderr
    assert [one.unique_id for one in read_lines(out)] == ["group:store:south", "group:store:north"]
    assert run("forecast", shops, "--by", "category", "--out", out, *BARE).returncode == 0  # ours: written anew
    assert run("export", out, tmp_path / "groups.csv").returncode == 0
    table = pd.read_csv(tmp_path / "groups.csv")
    assert sorted(set(table["unique_id"])) == ["group:category:milk", "group:category:tea"] and len(table) == 6
    (tmp_path / "mine.txt").write_text("mine\n")
    other = run("forecast", shops, "--by", "store", "--out", tmp_path / "mine.txt", *BARE)
    assert other.returncode == 2 and (tmp_path / "mine.txt").read_text() == "mine\n"


def test_groups_as_of_a_date_show_what_came_true(shops: Path) -> None:
    done = run("forecast", shops, "--by", "all", "--cutoff", "2024-06-30", *BARE)
    assert done.returncode == 0 and "actual" in done.stdout and "3 weeks after 2024-06-30" in done.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--by", "stor"), "no column is called 'stor': did you mean store, category?"),
        (("--by", "store", "--sku", "A"), "--by adds up every series; it does not go with --sku"),
        (("--by", "store", "--limit", "2"), "does not go with --limit"),
        (("--by", "store", "--explain", "llm"), "--by does not go with --explain llm"),
    ],
)
def test_what_is_refused(shops: Path, words: tuple[str, ...], says: str) -> None:
    done = run("forecast", shops, *words, *BARE)
    assert done.returncode == 2 and says in done.stderr and "Traceback" not in done.stderr
