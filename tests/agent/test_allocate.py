"""`skucast allocate` as a person runs it: one product, a warehouse, what places hold, files, and bad input."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ..test_command import one_line, run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Tea and milk in three stores that sell 30, 12 and 4 a week, over two years up to the last week of 2023."""
    rng = np.random.default_rng(4)
    ds = pd.date_range("2022-01-02", periods=104, freq="W-SUN")
    parts = [
        pd.DataFrame({"store": store, "sku": sku, "week": ds, "units": rng.poisson(level, 104)})
        for store, level in (("North", 30), ("South", 12), ("East", 4))
        for sku in ("tea", "milk")
    ]
    pd.concat(parts).to_csv(tmp_path / "sales.csv", index=False)
    (tmp_path / "held.csv").write_text(
        "store,sku,on hand,on order,due\nNorth,tea,70,30,2024-01-10\nSouth,tea,5,40,2024-05-01\n"
    )
    (tmp_path / "warehouse.csv").write_text("sku,on hand,case pack\ntea,100,6\nmilk,83,4\njam,5,1\n")
    return tmp_path


def products(folder: Path, *words: str | Path) -> dict[str, Any]:
    ran = run("allocate", folder / "sales.csv", "--quick", "--json", *words)
    assert ran.returncode == 0, ran.stderr
    return {one["product"]: one for one in map(json.loads, ran.stdout.splitlines())}


def test_one_product_over_stores_with_what_they_hold(folder: Path) -> None:
    """What is due within four weeks counts as held, what comes later does not; all 40 units are given."""
    bare = products(folder, "--units", "40", "--of", "tea")["tea"]
    made = products(folder, "--units", "40", "--of", "tea", "--stock", folder / "held.csv")["tea"]
    of, without = ({row["place"]: row for row in one["places"]} for one in (made, bare))
    assert list(of) == ["East", "North", "South"] and sum(row["given"] for row in of.values()) == 40
    assert (of["North"]["on_hand"], of["North"]["due"], of["South"]["due"]) == (70, 30, 0)
    assert of["North"]["given"] < without["North"]["given"] and of["South"]["given"] > of["North"]["given"]
    for row in of.values():
        assert row["expected_sales"] <= row["on_hand"] + row["due"] + row["given"] + 1e-9
        assert row["expected_sales"] >= row["expected_without"]
    assert made["lost"] == pytest.approx(sum(row["lost"] for row in of.values()), abs=1e-3) and made["kept"] == 0
    supply = [step["supply"] for step in made["balance"]]
    assert supply == [115, 115, 145, 145]  # 75 on hand and 40 to give; 30 due in the week of 10 January
    assert made["balance"][0]["covers"] == "high" and made["balance"][-1]["covers"] == "short"
    assert products(folder, "--units", "40", "--of", "tea")["tea"] == bare


def test_a_warehouse_in_packs(folder: Path) -> None:
    made = products(folder, "--warehouse", folder / "warehouse.csv", "-h", "2w")
    assert list(made) == ["tea", "milk"] and made["tea"]["pack"] == 6 and made["milk"]["pack"] == 4
    for one in made.values():
        assert all(row["given"] % one["pack"] == 0 for row in one["places"])
        assert sum(row["given"] for row in one["places"]) + one["kept"] == one["units"]
    alone = products(folder, "--warehouse", folder / "warehouse.csv", "-h", "2w", "--of", "milk", "--least", "7")
    assert list(alone) == ["milk"] and all(row["given"] >= 8 for row in alone["milk"]["places"])


def test_the_tables_and_files(folder: Path) -> None:
    words = ["allocate", folder / "sales.csv", "--quick", "--units", "40", "--of", "tea"]
    ran = run(*words, "--out", folder / "given.csv")
    assert ran.returncode == 0, ran.stderr
    assert "tea: 40 of 40 units to" in ran.stdout and "demand from now on against supply" in ran.stdout
    assert "Nothing is sent anywhere" in ran.stdout
    table = pd.read_csv(folder / "given.csv")
    assert table["given"].sum() == 40 and list(table["place"]) == ["East", "North", "South"]
    assert run(*words, "--out", folder / "given.csv").returncode == 0
    (folder / "given.csv").write_text("mine")
    assert "not written by skucast" in one_line(run(*words, "--out", folder / "given.csv"))
    held = run(*words, "--stock", folder / "held.csv", "--lang", "zh", "--out", folder / "given.json")
    assert "分配方案" in held.stdout and "East/tea" in held.stderr
    assert json.loads((folder / "given.json").read_text())["note"].startswith("Nothing was sent")


def test_bad_input_is_one_line(folder: Path) -> None:
    sales = folder / "sales.csv"

    def said(*words: str | Path) -> str:
        ran = run("allocate", sales, "--quick", *words)
        assert ran.returncode == 2 and "Traceback" not in ran.stderr
        return ran.stderr.strip().splitlines()[-1]

    assert "what is there to give?" in said("--units", "5")
    assert "did you mean tea?" in said("--units", "5", "--of", "teaa")
    assert "takes 9: there are 5" in said("--units", "5", "--of", "tea", "--least", "3")
    assert "region" in said("--units", "5", "--of", "tea", "--by", "region")
    assert "not of a product in a place" in said("--units", "5", "--of", "tea", "--by", "sku")
