"""Past deliveries as people have them: names of columns, dates, and what cannot be read."""

from pathlib import Path

import pandas as pd
import pytest
from skucast.tools.data.deliveries import match_deliveries, read_deliveries
from skucast.tools.errors import InputError


def test_columns_by_peoples_names() -> None:
    assert match_deliveries(["Vendor", "PO date", "Delivery Date", "Actual delivery date", "x"]) == {
        "supplier": "Vendor",
        "ordered": "PO date",
        "delivered": "Actual delivery date",
        "promised": "Delivery Date",
    }
    assert match_deliveries(["Lieferant", "Bestelldatum", "Wareneingang", "Liefertermin"])["promised"] == "Liefertermin"
    assert match_deliveries(["供应商", "下单日期", "到货日期"]) == {
        "supplier": "供应商",
        "ordered": "下单日期",
        "delivered": "到货日期",
    }
    with pytest.raises(InputError, match="no column of order dates; got supplier, delivered; expected one of ordered"):
        match_deliveries(["supplier", "delivered"])


def test_dates_and_what_cannot_be_read(tmp_path: Path) -> None:
    """Days before months, said; a word is no date; a row without a supplier is none."""
    path = tmp_path / "d.csv"
    path.write_text(
        "vendor;order date;received;eta\n"
        "Ann;05.01.2024;15.01.2024;14.01.2024\n"
        "Bob;06.01.2024 10:30;;20.01.2024\n"
        "Ann;tomorrow;17.01.2024;\n"
        ";07.01.2024;18.01.2024;\n"
    )
    read = read_deliveries(path)
    assert read.promises and read.table["supplier"].tolist() == ["Ann", "Bob", "Ann"]
    assert read.table["ordered"].tolist()[:2] == [pd.Timestamp("2024-01-05"), pd.Timestamp("2024-01-06")]
    assert read.table["ordered"].isna().tolist() == [False, False, True]
    assert read.table["delivered"].isna().tolist() == [False, True, False]
    found = {one.key: one.facts for one in read.findings}
    assert found["deliveries-unread"]["count"] == 1 and found["deliveries-unread"]["texts"] == ("tomorrow",)
    assert found["deliveries-unread"]["column"] == "order date" and found["deliveries-nameless"]["count"] == 1


def test_workbooks_parquet_and_sql(tmp_path: Path) -> None:
    table = pd.DataFrame({"who": ["Ann", "Bob"], "a": pd.to_datetime(["2024-01-05", "2024-01-06"])})
    table["b"] = table["a"] + pd.Timedelta(days=9)
    table.to_parquet(tmp_path / "d.parquet")
    sql = "select who as supplier, a as ordered, b as delivered from data"
    read = read_deliveries(tmp_path / "d.parquet", sql=sql)
    assert not read.promises and (read.table["delivered"] - read.table["ordered"]).dt.days.tolist() == [9, 9]
    pytest.importorskip("xlsxwriter")
    table.rename(columns={"who": "supplier", "a": "ordered", "b": "delivered"}).to_excel(
        tmp_path / "d.xlsx", index=False
    )
    assert read_deliveries(tmp_path / "d.xlsx").table.equals(read.table)


def test_bad_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_deliveries(tmp_path / "none.csv")
    (tmp_path / "empty.csv").write_text("supplier,ordered,delivered\n")
    with pytest.raises(InputError, match=r"empty\.csv: no rows"):
        read_deliveries(tmp_path / "empty.csv")
