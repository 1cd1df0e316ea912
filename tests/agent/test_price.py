"""`skucast price` as a person runs it: the table, JSON, files, and one clear line for bad input."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ..test_command import one_line, run

ELASTICITY = -3.0  # of all products whose price moves


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven products of e -3 whose prices move around 10, and G whose price never moved; two years to end 2023."""
    made, rng = tmp_path_factory.mktemp("price"), np.random.default_rng(7)
    parts = []
    for uid in "ABCDEFGH":
        price = np.full(104, 10.0) if uid == "G" else np.round(10 * np.exp(rng.normal(0, 0.1, 104)), 2)
        price[-8:] = 10.0
        y, ds = rng.poisson(200 * (price / 10) ** ELASTICITY), pd.date_range("2022-01-02", periods=104, freq="W-SUN")
        parts.append(pd.DataFrame({"sku": uid, "week": ds, "units": y, "price": price, "description": f"=tea {uid}"}))
    pd.concat(parts).to_csv(made / "sales.csv", index=False)
    (made / "sales.toml").write_text('known_future = ["price"]\nstatic = ["description"]')
    (made / "costs.csv").write_text("product,unit cost\nA,€ 8.00\nB,5\nC,-1\nD,two\nG,5\nZ,5\n")
    return made


def lines(folder: Path, *words: str | Path) -> dict[str, Any]:
    ran = run("price", folder / "sales.csv", "--quick", "--json", *words)
    assert ran.returncode == 0, ran.stderr
    return {line["unique_id"]: line for line in map(json.loads, ran.stdout.splitlines())}


def test_margin_moves_the_price_towards_its_optimum(folder: Path) -> None:
    """Of A, cost 8, the optimum is 8 * 1.5 = 12: up; of B, cost 5, 7.5: down. G never moved, H has no cost."""
    made = lines(folder, "--costs", folder / "costs.csv", "--max-step", "5")
    assert made["A"]["price"] > made["A"]["price_now"] and made["B"]["price"] < made["B"]["price_now"]
    assert made["A"]["units_change"] < 0 < made["B"]["units_change"]
    assert made["A"]["gain_low"] <= made["A"]["gain"] <= made["A"]["gain_high"] and made["A"]["worse"] <= 0.2
    assert made["A"]["elasticity_low"] < ELASTICITY < made["A"]["elasticity_high"]
    assert (made["G"]["reason"], made["G"]["price"]) == ("flat", None)
    assert {made[uid]["reason"] for uid in "CDH"} == {"no-cost"}


def test_the_table_what_is_said_and_files(folder: Path) -> None:
    out = folder / "prices.csv"
    ran = run("price", folder / "sales.csv", "--quick", "--costs", folder / "costs.csv", "--out", out)
    assert ran.returncode == 0, ran.stderr
    assert "its price hardly moved" in " ".join(ran.stdout.split()) and "a price is a proposal" in ran.stdout
    assert "C: '-1'" in ran.stderr and "D: 'two'" in ran.stderr and "left out: Z" in ran.stderr
    assert "one elasticity of all products" in ran.stderr
    table = pd.read_csv(out)
    assert len(table) == 8 and table["name"].str.startswith("'=tea").all()
    chinese = run("price", folder / "sales.csv", "--quick", "--lang", "zh")
    assert "建议价" in chinese.stdout and "销售额" in chinese.stderr


def test_no_word_is_cut_at_80_columns(folder: Path) -> None:
    words = ("price", folder / "sales.csv", "--quick", "--costs", folder / "costs.csv")
    assert "…" not in run(*words, COLUMNS="80").stdout


def test_why_a_price_stays(folder: Path) -> None:
    """A earns 20 % at 10, above the floor of 15; within 0.1 of it no price ends in .49."""
    made = lines(folder, "--costs", folder / "costs.csv", "--floor", "15", "--max-step", "1", "--endings", ".49")
    assert made["A"]["why"] == "no such ending within the step"


def test_a_floor_above_the_price_now(folder: Path) -> None:
    """70 % over a cost of 8 asks for 26.67."""
    made = lines(folder, "--costs", folder / "costs.csv", "--floor", "70")
    assert made["A"]["price"] == made["A"]["price_now"] and "below the floor" in made["A"]["why"]


def test_a_negative_price_is_named(folder: Path, tmp_path: Path) -> None:
    sales = pd.read_csv(folder / "sales.csv")
    sales.loc[3, "price"] = -2.0
    sales.to_csv(tmp_path / "sales.csv", index=False)
    (tmp_path / "sales.toml").write_text((folder / "sales.toml").read_text())
    ran = run("price", tmp_path / "sales.csv", "--quick")
    assert ran.returncode == 0
    assert "price is negative: 1 row of 1 series, first 'A' 2022-01-23" in " ".join(ran.stderr.split())


def test_bad_input_is_one_line(folder: Path, tmp_path: Path) -> None:
    sales = folder / "sales.csv"
    assert "largest step 80 %" in one_line(run("price", sales, "--max-step", "80"))
    assert "floor 120 %" in one_line(run("price", sales, "--floor", "120"))
    assert "--endings 1.5" in one_line(run("price", sales, "--endings", "1.5"))
    assert "expected a file that ends in" in one_line(run("price", sales, "--out", tmp_path / "p.txt"))
    bare = tmp_path / "bare.csv"
    pd.read_csv(sales).drop(columns="price").to_csv(bare, index=False)
    assert "no prices" in one_line(run("price", bare, "--quick"))
