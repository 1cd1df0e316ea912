"""`skucast customers` as a person runs it, over forty made-up customers."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

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
    from skucast.tools.data.events import pseudonym

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
