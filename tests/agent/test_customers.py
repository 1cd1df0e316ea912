"""`skucast customers` as a person runs it, over forty made-up customers."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from skucast.tools.data.events import pseudonym

from ..test_command import one_line, run

NAMES = {"p0": ("red tea", "tea"), "p1": ("green tea", "tea"), "p2": ("milk", "dairy"), "p3": ("bread", "bakery")}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty customers, each week for twenty weeks; the even ones buy red tea, half of them until four weeks ago."""
    rows = []
    for n in range(40):
        for week in range(20):
            day = pd.Timestamp("2024-01-01") + pd.Timedelta(days=7 * week + n % 7)
            rows.append((f"c{n:02}", day, "p2", 1.0, 1.0))
            if n % 2 == 0:
                rows.append((f"c{n:02}", day, "p0" if week < 16 or n < 20 else "p1", 2.0, 6.0))
    table = pd.DataFrame(rows, columns=["customer_id", "date", "product_id", "quantity", "sales_value"])
    table = table.assign(
        category=[NAMES[one][1] for one in table["product_id"]],
        description=[NAMES[one][0] for one in table["product_id"]],
    )
    folder = tmp_path_factory.mktemp("shop")
    table.to_csv(folder / "events.csv", index=False)
    ages = np.where(np.arange(40) % 2, "60+", "18-59")
    pd.DataFrame({"customer_id": [f"c{n:02}" for n in range(40)], "age": ages}).to_csv(
        folder / "people.csv", index=False
    )
    return folder


def test_buyers_as_json(shop: Path) -> None:
    done = run("customers", "buyers", shop / "events.csv", "--of", "red tea", "--people", shop / "people.csv", "--json")
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert (made["people"], made["buyers"], made["money"]) == (40, 10, 240.0)
    assert made["change"]["before"]["money"] == 480.0  # of twenty buyers
    assert made["change"]["parts"]["buyers"] == pytest.approx(-240.0)
    assert made["switching"]["switched"] == 10 and made["switching"]["to"] == [["p1", 240.0, 10]]
    ages = [one for one in made["groups"] if one["kind"] == "age"]
    assert [(one["group"], one["people"], one["buyers"]) for one in ages] == [("18-59", 20, 10)]
    assert "c02" not in done.stdout


def test_buyers_on_the_screen_and_to_files(shop: Path, tmp_path: Path) -> None:
    for name in ("buyers.csv", "buyers.xlsx", "buyers.json"):
        done = run("customers", "buyers", shop / "events.csv", "--of", "tea", "--out", tmp_path / name)
        assert done.returncode == 0, done.stderr
        assert "20 of 40 customers bought Category tea" in done.stdout
    table = pd.read_csv(tmp_path / "buyers.csv")
    assert table.columns.tolist()[:4] == ["kind", "group", "people", "buyers"]
    assert json.loads((tmp_path / "buyers.json").read_text())["groups"]
    chinese = run("customers", "buyers", shop / "events.csv", "--of", "tea", "--lang", "zh")
    assert "40 位顾客中有 20 位" in chinese.stdout


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("buyers", "--demo"), "name a product or category: --of bananas"),
        (("buyers", "--of", "tea"), "either a file of events or --demo"),
        (("buyers", "nothing.csv", "--of", "tea"), "nothing.csv: no such file"),
        (("forget", "c01", "nothing.csv", "--out", "new.csv"), "nothing.csv: no such file"),
    ],
)
def test_bad_input_is_one_line(words: tuple[str, ...], line: str) -> None:
    assert line in one_line(run("customers", *words))


def test_a_product_that_there_is_not(shop: Path) -> None:
    assert "no product or category is called coffee" in one_line(
        run("customers", "buyers", shop / "events.csv", "--of", "coffee")
    )


def test_nothing_of_the_persons_is_replaced(shop: Path) -> None:
    before = (shop / "events.csv").read_bytes()
    for words in (("buyers", shop / "events.csv", "--of", "tea"), ("forget", "c01", shop / "events.csv")):
        one_line(run("customers", *words, "--out", shop / "events.csv", "--overwrite"))
    one_line(run("customers", "forget", "c01", shop / "events.csv", "--out", shop / "people.csv"))
    assert (shop / "events.csv").read_bytes() == before


def test_a_person_is_forgotten(shop: Path, tmp_path: Path) -> None:

    done = run("customers", "forget", "c02", shop / "events.csv", "--out", tmp_path / "new.csv", SKUCAST_SALT="s")
    assert done.returncode == 0 and "40 of this customer are left out" in done.stderr
    whole, left = pd.read_csv(shop / "events.csv"), pd.read_csv(tmp_path / "new.csv")
    pd.testing.assert_frame_equal(left, whole[whole["customer_id"] != "c02"].reset_index(drop=True))
    again = run(
        "customers",
        "forget",
        pseudonym("c02", "s"),
        shop / "events.csv",
        "--out",
        tmp_path / "new.parquet",
        SKUCAST_SALT="s",
    )
    assert again.returncode == 0 and len(pd.read_parquet(tmp_path / "new.parquet")) == len(left)
    assert "nobody is called 'c99'" in one_line(
        run("customers", "forget", "c99", shop / "events.csv", "--out", tmp_path / "other.csv")
    )


def test_forgetting_promises_no_more_than_it_does() -> None:
    shown = " ".join(run("customers", "forget", "--help").stdout.split())
    assert "and what was made from it, is yours to remove" in shown and "remove what was learned" not in shown


def test_who_is_likely_to_buy(tmp_path: Path) -> None:
    rows = [
        (f"c{n:03}", pd.Timestamp("2024-01-01") + pd.Timedelta(days=7 * week + n % 5), "p0" if n % 2 else "p2")
        for n in range(120)
        for week in range(40)
    ]
    table = pd.DataFrame(rows, columns=["customer_id", "date", "product_id"])
    table.to_csv(tmp_path / "events.csv", index=False)
    done = run("customers", "intent", tmp_path / "events.csv", "--of", "p0", "--json", SKUCAST_SALT="s")
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    odd = {pseudonym(f"c{n:03}", "s") for n in range(1, 120, 2)}
    assert len(lines) == 120 and {one["who"] for one in lines[:60]} == odd
    assert lines[0]["chance"] > 0.9 and lines[-1]["chance"] < 0.1 and lines[0]["why"].startswith("+ ")
    shown = run(
        "customers", "intent", tmp_path / "events.csv", "--of", "p0", "--out", tmp_path / "who.xlsx", SKUCAST_SALT="s"
    )
    assert "60 of 120 customers of the last 84 days are expected to buy" in shown.stdout
    assert "Checked on 120 cases" in shown.stdout and "and 100 more" in shown.stdout


def test_who_lapses_needs_some_who_did(shop: Path) -> None:
    line = one_line(run("customers", "intent", shop / "events.csv", "--lapse", "--weeks", "2"))
    assert "too little to learn from: 0 of" in line


def test_sessions_that_are_open_are_told(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    pages, who = rng.poisson(5, 600), rng.choice(["new", "back"], 600)
    bought = np.where(rng.random(600) < np.where(pages > 5, 0.8, 0.1), "TRUE", "FALSE").astype(object)
    bought[:20] = ""
    pd.DataFrame({"pages": pages, "visitor": who, "Revenue": bought}).to_csv(tmp_path / "sessions.csv", index=False)
    done = run("customers", "intent", "--sessions", tmp_path / "sessions.csv")
    assert done.returncode == 0, done.stderr
    assert "20 sessions without an outcome are scored" in done.stdout and "+ pages" in done.stdout
    assert "expected true or false; got 'back'" in one_line(
        run("customers", "intent", "--sessions", tmp_path / "sessions.csv", "--target", "visitor")
    )


def test_one_thing_is_asked_for() -> None:
    assert "ask for one of --of bananas, --lapse or --sessions" in one_line(run("customers", "intent", "--demo"))


def test_a_purchase_that_names_no_product_is_no_lapse(tmp_path: Path) -> None:
    rows = [
        (f"c{n:03}", pd.Timestamp("2024-01-01") + pd.Timedelta(days=7 * week + n % 5))
        for n in range(120)
        for week in range(40)
        if n % 2 or week % 10 < 2
    ]
    pd.DataFrame(rows, columns=["customer_id", "date"]).to_csv(tmp_path / "events.csv", index=False)
    done = run("customers", "intent", tmp_path / "events.csv", "--lapse", "--json", SKUCAST_SALT="s")
    assert done.returncode == 0, done.stderr
    chance = {one["who"]: one["chance"] for one in map(json.loads, done.stdout.splitlines())}
    weekly = [chance[pseudonym(f"c{n:03}", "s")] for n in range(1, 120, 2)]
    assert len(weekly) == 60 and max(weekly) < 0.1
