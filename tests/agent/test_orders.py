"""`skucast orders` as a person runs it: the table, JSON, files, and one clear line for bad input."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ..test_command import one_line, run

STOCK = """sku,on hand,on order,eta,pack,min order,unit cost,price,supplier,lead time
A,0,0,,6,0,1.50,2.50,Alpha,2
B,900,0,,6,0,2,3,Beta,
C,50,0,,1,0,4,9,Alpha,2
D,3,100,2024-02-25,1,0,1,2,Beta,5
Z,1,,,,,,,,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sells 20 a week, B 5, C nothing any more, D 10: two years up to the last week of 2023."""
    rng = np.random.default_rng(4)
    ds = pd.date_range("2022-01-02", periods=104, freq="W-SUN")
    parts = []
    for uid, level in (("A", 20), ("B", 5), ("C", 30), ("D", 10)):
        y = rng.poisson(level, 104)
        y[70 if uid == "C" else 104 :] = 0
        parts.append(pd.DataFrame({"sku": uid, "week": ds, "units": y, "description": f"=oat milk {uid}"}))
    pd.concat(parts).to_csv(tmp_path / "sales.csv", index=False)
    (tmp_path / "sales.toml").write_text('static = ["description"]')
    (tmp_path / "stock.csv").write_text(STOCK)
    return tmp_path


def lines(folder: Path, *words: str | Path) -> dict[str, Any]:
    ran = run("orders", folder / "sales.csv", "--stock", folder / "stock.csv", "--quick", "--json", *words)
    assert ran.returncode == 0, ran.stderr
    read = [json.loads(line) for line in ran.stdout.splitlines()]
    return {line["unique_id"]: line for line in read}


def test_lines_by_urgency_with_their_evidence(folder: Path) -> None:
    made = lines(folder)
    assert list(made) == ["A", "D", "B", "C"] or list(made) == ["D", "A", "B", "C"]
    assert {uid: line["urgency"] for uid, line in made.items()} == {
        "A": "order",
        "B": "over",
        "C": "dead",
        "D": "order",
    }
    of = made["A"]
    assert of["order"] % 6 == 0 and 20 < of["order"] < 40 and of["cost"] == pytest.approx(1.5 * of["order"])
    assert of["runs_out"] == "2023-12-31" and of["evidence"]["lead_time"] == {"2": 1.0}
    assert of["evidence"]["order_up_to"] > of["evidence"]["demand"] > of["evidence"]["position"] == 0
    assert made["B"]["assumed"] == ["lead_time", "review", "service"] and made["A"]["assumed"] == ["review", "service"]
    assert made["D"]["on_order"] == 100 and made["D"]["evidence"]["due"] == [{"units": 100.0, "due": "2024-02-25"}]
    assert made["C"]["weeks_of_cover"] is None and made["C"]["over"] == 50


def test_more_service_and_a_longer_lead_time_never_order_less(folder: Path) -> None:
    usual, high = lines(folder), lines(folder, "--service", "99", "--lead", "3w")
    assert all(high[uid]["order"] >= line["order"] for uid, line in usual.items())
    assert high["A"]["order"] > usual["A"]["order"] and high["B"]["evidence"]["lead_time"] == {"3": 1.0}
    assert high["A"]["assumed"] == ["review"]


def test_the_table_and_what_is_said(folder: Path) -> None:
    ran = run("orders", folder / "sales.csv", "--stock", folder / "stock.csv", "--quick")
    assert ran.returncode == 0, ran.stderr
    assert "order now" in ran.stdout and "over-stocked" in ran.stdout and "dead" in ran.stdout
    assert "Nothing is sent anywhere" in ran.stdout and "To order now: 2 of 4 products" in ran.stdout
    assert "1 of the stock file have no sales, and are left out: Z" in ran.stderr
    assert "assumed: a service level of 95 % for 4 products" in ran.stderr
    chinese = run("orders", folder / "sales.csv", "--stock", folder / "stock.csv", "--quick", "--lang", "zh")
    assert "现在订货" in chinese.stdout and "order now" not in chinese.stdout


def test_files_are_written_whole_and_known_again(folder: Path) -> None:
    words: list[str | Path]
    for name in ("orders.csv", "orders.json"):
        out = folder / name
        for _ in range(2):  # the second time it replaces its own file
            lines(folder, "--out", out)
        words = ["orders", folder / "sales.csv", "--stock", folder / "stock.csv", "--quick", "--out", out]
        out.write_text("mine")
        assert "not written by skucast" in one_line(run(*words)) and out.read_text() == "mine"
        assert run(*words, "--overwrite").returncode == 0
    table = pd.read_csv(folder / "orders.csv")
    assert list(table["unique_id"][2:]) == ["B", "C", "Z"] and table["name"][:4].str.startswith("'=oat").all()
    assert "have no sales" in table["note"][4] and table["note"][:4].isna().all() and pd.isna(table["order"][4])
    held = json.loads((folder / "orders.json").read_text())
    assert [line["unique_id"] for line in held["lines"]] == list(table["unique_id"])[:4]
    assert (
        [one["unique_id"] for one in held["without"]] == ["Z"]
        and held["totals"]["units"] == table["order"].sum()
        and "proposal" in held["note"]
    )
    assert any("left out: Z" in said for said in held["assumptions"])


def test_a_workbook(folder: Path) -> None:
    pytest.importorskip("xlsxwriter")
    made = lines(folder, "--out", folder / "orders.xlsx")
    table = pd.read_excel(folder / "orders.xlsx", engine="calamine")
    assert list(table["unique_id"]) == [*made, "Z"] and table["name"][:4].str.startswith("=oat").all()
    beside = pd.read_excel(folder / "orders.xlsx", engine="calamine", sheet_name="assumptions")
    words = list(beside["found and assumed"])
    assert any("left out: Z" in one for one in words) and any("a service level of 95 %" in one for one in words)


def test_a_note_stands_with_the_row_that_it_is_of(folder: Path) -> None:
    (folder / "stock.csv").write_text("sku,stock,pack\nA,-2,6\nB,900,0\nD,3,1\n")
    lines(folder, "--out", folder / "orders.csv")
    notes = pd.read_csv(folder / "orders.csv").set_index("unique_id")["note"].to_dict()
    assert notes["A"] == "negative stock, counted as 0: A (-2)" and "a case pack of 0" in notes["B"]
    assert pd.isna(notes["D"]) and "not in the stock file" in notes["C"]


def test_what_if_the_supplier_is_late(folder: Path) -> None:
    usual, late = lines(folder), lines(folder, "--late", "2w")
    assert late["A"]["evidence"]["lead_time"] == {"4": 1.0} and late["D"]["evidence"]["lead_time"] == {"7": 1.0}
    assert all(late[uid]["risk_before_order"] >= line["risk_before_order"] for uid, line in usual.items())
    ran = run("orders", folder / "sales.csv", "--stock", folder / "stock.csv", "--quick", "--late", "1w")
    total = sum(line["order"] for line in usual.values())
    assert "With all deliveries 1 week late, 2 of 4 products are expected to run out" in " ".join(ran.stdout.split())
    assert f"on time, {total:,.0f}" in " ".join(ran.stdout.split())


def test_what_another_service_level_costs(folder: Path) -> None:
    usual, high = lines(folder), lines(folder, "--service", "99")
    ran = run("orders", folder / "sales.csv", "--stock", folder / "stock.csv", "--quick", "--service", "99")
    units, before = (sum(line["order"] for line in some.values()) for some in (high, usual))
    text = " ".join(ran.stdout.split())
    assert f"A service level of 99 % takes orders of {units:.3g} units; the policy as it is takes {before:.3g}" in text
    assert "a difference of" in text


def test_the_rest_goes_on_where_a_review_is_too_long(folder: Path) -> None:
    (folder / "stock.csv").write_text("sku,stock,review\nA,0,51\nD,3,1\n")
    ran = run("orders", folder / "sales.csv", "--stock", folder / "stock.csv", "--quick", "--json")
    assert ran.returncode == 0 and "nothing is proposed: A (2 + 51)" in ran.stderr
    assert [json.loads(line)["unique_id"] for line in ran.stdout.splitlines()] == ["D"]


def test_a_policy_of_costs(folder: Path) -> None:
    (folder / "policy.toml").write_text('holding = 1\nshortage = 3\nunmet = "backorders"\n')
    made = lines(folder, "--policy", folder / "policy.toml")
    assert made["A"]["evidence"]["level"] == 0.75 and made["A"]["order"] > 50  # what is owed is ordered, too


def test_bad_input_is_one_line(folder: Path) -> None:
    sales, stock = folder / "sales.csv", folder / "stock.csv"
    assert "no stock: name a file" in one_line(run("orders", sales))
    assert "no such file" in one_line(run("orders", sales, "--stock", folder / "none.csv"))
    assert "expected a file that ends in" in one_line(run("orders", sales, "--stock", stock, "--out", folder / "o.txt"))
    assert "service" in one_line(run("orders", sales, "--stock", stock, "--service", "100"))
    assert "at most 52 can be forecast" in one_line(run("orders", sales, "--stock", stock, "--lead", "60w"))
    for option, what in (("--lead", "lead time"), ("--late", "delay")):
        told = one_line(run("orders", sales, "--stock", stock, option, "0w"))
        assert f"{option} 0w: expected a {what} of 1 period or more" in told and "horizon" not in told
    (folder / "p.toml").write_text("servise = 1")
    assert "servise" in one_line(run("orders", sales, "--stock", stock, "--policy", folder / "p.toml"))
    assert "read as input" in one_line(run("orders", sales, "--stock", stock, "--out", stock))


def test_a_capacity_leaves_orders_out(folder: Path) -> None:
    """Stock of B and C alone takes more than 500 storage units: nothing is left for A and D; 1200 are enough."""
    usual = lines(folder)
    tight, roomy = lines(folder, "--capacity", "500"), lines(folder, "--capacity", "1200")
    assert [tight[uid]["urgency"] for uid in "AD"] == ["left-out"] * 2 and tight["A"]["order"] == 0
    assert (
        tight["A"]["evidence"]["limits"] == ["capacity"] and tight["A"]["evidence"]["proposed"] == usual["A"]["order"]
    )
    assert {uid: line["order"] for uid, line in roomy.items()} == {uid: line["order"] for uid, line in usual.items()}
    ran = run("orders", folder / "sales.csv", "--stock", folder / "stock.csv", "--quick", "--capacity", "500")
    assert "it is full without any order" in ran.stderr and "left out" in ran.stdout
    wrong = run("orders", folder / "sales.csv", "--stock", folder / "stock.csv", "--quick", "--capacity", "-5")
    assert "capacity" in one_line(wrong)
