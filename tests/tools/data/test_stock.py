"""Stock files as people have them: columns by many names, several deliveries, and every fault in one line."""

from pathlib import Path

import pandas as pd
import pytest
from skucast.prompts.messages.say import say
from skucast.tools.data.stock import Delivery, Stock, StockRow, read_stock
from skucast.tools.errors import InputError

NOW = pd.Timestamp("2024-06-30")
KNOWN = ("A1", "B2", "C3", "007")


def read(tmp_path: Path, text: str, **more: object) -> Stock:
    path = tmp_path / "stock.csv"
    path.write_text(text, encoding="utf-8")
    return read_stock(path, KNOWN, NOW, "W", **more)  # type: ignore[arg-type]


def said(stock: Stock) -> list[str]:
    assert all(say(one, "zh") for one in stock.findings)
    return [say(one) for one in stock.findings if one.key != "stock-missing"]


def test_a_file_with_every_column_under_names_that_people_use(tmp_path: Path) -> None:
    made = read(
        tmp_path,
        "SKU,SOH,Qty on order,ETA,Pack,Min order,Cost price,Unit Price,Shelf life,Vendor,LT,Review period\n"
        "A1,12,24,2024-07-14,6,12,1.50,2.99,8,Dairy Co,2,1\n"
        "A1,12,30,2024-07-21,6,12,1.50,2.99,8,Dairy Co,2,1\n"
        "007,0,,,,,,,,,,\n",
    )
    assert made.rows == {
        "A1": StockRow(
            "A1", 12.0,
            (Delivery(24.0, pd.Timestamp("2024-07-14")), Delivery(30.0, pd.Timestamp("2024-07-21"))),
            6.0, 12.0, 1.5, 2.99, 8, "Dairy Co", 2, 1,
        ),
        "007": StockRow("007", 0.0),
    }  # fmt: skip
    assert said(made) == ["lead time, review, shelf life without a unit: taken as weeks"]


@pytest.mark.parametrize(
    "text",
    [
        "商品编码,库存,在途,到货日期\nA1,1234.5,5,2024-07-14\n",
        "Artikelnummer;Bestand;Bestellt;Liefertermin\nA1;1.234,5;5;14.07.2024\n",
        "product,on hand (units),inbound,expected delivery\nA1,1234.5,5,14/07/2024\n",
    ],
)
def test_other_languages_and_ways_to_write(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text).rows["A1"] == StockRow("A1", 1234.5, (Delivery(5.0, pd.Timestamp("2024-07-14")),))


def test_lengths_in_days_and_weeks_become_periods_rounded_up(tmp_path: Path) -> None:
    made = read(tmp_path, "sku,stock,lead time days,shelf life (days)\nA1,1,8,\nB2,1,7,\n")
    assert (made.rows["A1"].lead_time, made.rows["B2"].lead_time) == (2, 1)
    frame = pd.DataFrame({"sku": ["A1"], "stock": [1], "lead_time_weeks": [2], "shelf_life_days": [10]})
    by_day, by_week = (read_stock(frame, KNOWN, NOW, freq) for freq in ("D", "W"))
    assert (by_day.rows["A1"].lead_time, by_day.rows["A1"].shelf_life) == (14, 10)
    assert (by_week.rows["A1"].lead_time, by_week.rows["A1"].shelf_life) == (2, 2)


@pytest.mark.parametrize(
    ("column", "periods"),
    [
        ("Lieferzeit (Tage)", 2),
        ("lead time (days)", 2),
        ("交货期（天）", 2),
        ("Lieferzeit (Wochen)", 14),
        ("lead time", 14),
    ],
)
def test_a_unit_in_brackets_is_the_unit(tmp_path: Path, column: str, periods: int) -> None:
    assert read(tmp_path, f"sku,stock,{column}\nA1,1,14\n").rows["A1"].lead_time == periods  # 14 days are two weeks


def test_stock_that_cannot_be_read_gets_no_order_and_no_number_is_infinite(tmp_path: Path) -> None:
    made = read(tmp_path, "sku,on hand,lead time,on order\nA1,abc,2,\nB2,5,inf,inf\nC3,,2,\n")
    assert made.rows == {"B2": StockRow("B2", 5.0), "C3": StockRow("C3", 0.0, lead_time=2)}
    assert any("nothing is proposed: A1" in one for one in said(made))


def test_every_fault_is_a_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    made = read(
        tmp_path,
        "sku,on hand,on order,due,case pack,lead time\n"
        "A1,-3,10,2024-06-01,0,2\n"
        "B2,5,10,,6,2\nB2,5,10,,6,2\nB2,7,,,6,2\n"
        "C3,4,10,someday,6,60\n"
        "007,,,,,\n"
        ",4,,,,\n"
        "Z9,4,,,,\n",
        longest=52,
    )
    assert made.rows == {
        "A1": StockRow("A1", 0.0, (Delivery(10.0, pd.Timestamp("2024-06-01")),), lead_time=2),
        "B2": StockRow("B2", 5.0, (Delivery(10.0),), 6.0, lead_time=2),
        "007": StockRow("007", 0.0),
    }
    found = {one.key.removeprefix("stock-"): say(one) for one in made.findings if "assumed" not in one.key}
    assert set(found) == {
        *("negative", "past-due", "no-pack", "twice", "several", "no-due", "unread", "no-stock", "lead-too-long"),
        *("no-sales", "no-product", "no-unit"),
    }
    assert found["negative"] == "negative stock, counted as 0: A1 (-3)"
    assert found["past-due"] == "on order and due in the past, counted as arriving now: A1 (10, 2024-06-01)"
    assert "C3 (60 + 0)" in found["lead-too-long"] and "Z9" in found["no-sales"] and "'someday'" in found["unread"]
    assert "007" in found["no-stock"] and "B2" in found["several"]


def test_a_fault_is_a_note_of_its_product_too(tmp_path: Path) -> None:
    made = read(tmp_path, "sku,stock,pack\nA1,-3,0\nZ9,4,1\n,1,1\n")
    notes = {uid: [one.key for one in some] for uid, some in made.notes.items()}
    assert notes == {
        "A1": ["stock-negative", "stock-no-pack"],
        "Z9": ["stock-no-sales"],
        "": ["stock-no-product"],
        **{uid: ["stock-missing"] for uid in ("007", "B2", "C3")},
    }
    assert say(made.notes["A1"][0]) == "negative stock, counted as 0: A1 (-3)"


def test_a_review_that_is_too_long_with_the_policy_s_lead_time_costs_its_row_only(tmp_path: Path) -> None:
    """Of 52 weeks that can be forecast a review of 51 leaves one for the lead time: the policy's 2 are too many."""
    made = read(tmp_path, "sku,stock,review\nA1,1,51\nB2,1,50\n", longest=52, lead=2, review=1)
    assert list(made.rows) == ["B2"] and any("nothing is proposed: A1 (2 + 51)" in one for one in said(made))
    assert list(read(tmp_path, "sku,stock,lead time\nA1,1,1\nB2,1,52\n", longest=52, lead=2, review=1).rows) == ["A1"]


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("lead time", ["lead time without a unit: taken as weeks"]),
        ("lead_time_days", []),
        ("lead time (weeks)", []),
        ("review (days)", []),
    ],
)
def test_which_unit_was_taken_is_said_once(tmp_path: Path, column: str, told: list[str]) -> None:
    assert said(read(tmp_path, f"sku,stock,{column}\nA1,1,14\nB2,1,14\n")) == told


def test_a_review_in_days_becomes_periods(tmp_path: Path) -> None:
    assert read(tmp_path, "sku,stock,review (days)\nA1,1,14\n").rows["A1"].review == 2


def test_products_without_a_row_are_counted(tmp_path: Path) -> None:
    made = read(tmp_path, "sku,stock\nA1,1\n")
    assert [say(one) for one in made.findings] == [
        "3 with sales are not in the stock file, and nothing is proposed for them: 007; B2; C3"
    ]


def test_a_store_beside_the_product_is_part_of_it(tmp_path: Path) -> None:
    frame = pd.DataFrame({"store": ["N", "S"], "sku": ["A1", "A1"], "stock": [1, 2]})
    made = read_stock(frame, ("N/A1", "S/A1"), NOW, "W")
    assert {uid: row.on_hand for uid, row in made.rows.items()} == {"N/A1": 1.0, "S/A1": 2.0}


def test_parquet_and_a_query(tmp_path: Path) -> None:
    frame = pd.DataFrame({"item": ["A1", "B2"], "qty": [3.0, 4.0], "eta": [pd.Timestamp("2024-07-01"), pd.NaT]})
    path = tmp_path / "stock.parquet"
    frame.to_parquet(path)
    made = read_stock(path, KNOWN, NOW, "W", sql="select item, qty as stock, qty as on_order, eta from data")
    assert made.rows["A1"] == StockRow("A1", 3.0, (Delivery(3.0, pd.Timestamp("2024-07-01")),))
    assert made.rows["B2"].on_order == (Delivery(4.0),)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("sku,colour\nA1,red\n", "no column of units on hand; got sku, colour; expected one of on_hand, stock"),
        ("stock,colour\n1,red\n", "no column of products"),
        ("sku,stock\nZZ,1\n", "none of its 1 rows is of a product that has sales"),
    ],
)
def test_what_is_no_stock_file_is_refused_in_one_line(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        read(tmp_path, text)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_stock(tmp_path / "stok.csv", KNOWN, NOW, "W")


def test_an_error_names_its_file_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, "")
    assert str(error.value) == f"{tmp_path / 'stock.csv'}: the file is empty; expected a header and rows"
    with pytest.raises(InputError) as error:
        read(tmp_path, "sku,colour\nA1,red\n")
    assert str(error.value).startswith(f"{tmp_path / 'stock.csv'}: no column of units on hand")


def test_a_price_below_the_cost_is_said_and_volumes_are_read(tmp_path: Path) -> None:
    made = read(tmp_path, "sku,stock,cost,price,volume\nA1,1,9,6.5,0.25\nB2,1,2,2,0\n007,1,2,3,\n")
    assert "the price is below the unit cost, so a sale loses money: A1 (6.5 < 9)" in said(made)
    assert "cannot be read, and is left out: B2: volume 0" in said(made) and "B2" in made.notes
    assert [row.volume for row in made.rows.values()] == [0.25, None, None]
