"""`skucast suppliers` and `orders --deliveries` as a person runs them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from skucast.prompts.messages.say import say_all
from skucast.tools.data.deliveries import DeliveryTable
from skucast.tools.data.stock import Stock, StockRow
from skucast.tools.decide.lead_times import deliveries, last_day, lead_time_of, scorecard
from skucast.tools.decide.policy import Policy
from skucast.tools.decide.supplier_leads import with_supplier_leads
from skucast.tools.decide.supplier_telling import basis_messages

from ..test_command import one_line, run

DAY = pd.Timestamp("2024-01-01")


def past(rows: list[tuple[str, int, int]]) -> pd.DataFrame:
    """Supplier, day of the order, days until delivery."""
    return pd.DataFrame(
        {
            "supplier": [name for name, _, _ in rows],
            "ordered": [DAY + pd.Timedelta(days=at) for _, at, _ in rows],
            "delivered": [DAY + pd.Timedelta(days=at + days) for _, at, days in rows],
        }
    )


def test_days_become_periods_rounded_up() -> None:
    """8 days are two weeks, 7 are one; of 20 parts half each; nothing beyond the longest."""
    made = deliveries(past([("A", n, 7 if n % 2 else 8) for n in range(40)]), promised=None)
    day = int((DAY - pd.Timestamp(0)).days) + 60
    lead = lead_time_of(made, day, "A", 7.0, longest=52)
    assert lead.periods == (1, 2) and lead.weights == pytest.approx((0.5, 0.5))
    assert lead_time_of(made, day, "A", 1.0, longest=52).periods == (7, 8)
    assert lead_time_of(made, day, "A", 1.0, longest=5).periods == (5,)


def test_days_late_are_of_those_that_were_late() -> None:
    """Of 0, 4, 2 and -3 days after the promise two were late: 3 days on average, half on time."""
    table = past([("A", n, 10) for n in range(4)])
    table["promised"] = table["delivered"] - pd.to_timedelta([0, 4, 2, -3], unit="D")
    card = scorecard(deliveries(table), int((DAY - pd.Timestamp(0)).days) + 60)
    assert card.loc[0, "on_time"] == 0.5 and card.loc[0, "late_days"] == 3 and card.loc[0, "q0.1"] == 10


def test_who_has_delivered_nothing_is_said() -> None:
    table = past([("A", 0, 7), ("B", 3, 7), ("C", 9, 7)])
    table.loc[table["supplier"] == "B", "delivered"] = pd.NaT
    made = deliveries(table, promised=None)
    said = say_all(basis_messages(DeliveryTable("past.csv", table, True), made, last_day(made)))
    assert "1 with orders have delivered nothing yet, and are not in the table: B" in said


def test_who_takes_a_suppliers_lead_time() -> None:
    """Not what has one of its own, nor whose supplier the policy knows; names in any case; one never seen is said."""
    rows = [
        StockRow("a", 0, supplier="ANN "),
        StockRow("b", 0, supplier="Ann", lead_time=9),
        StockRow("c", 0, supplier="Bob"),
        StockRow("d", 0, supplier="New"),
        StockRow("e", 0),
    ]
    made = deliveries(past([(name, n, 10) for n in range(20) for name in ("Ann", "Bob")]), promised=None)
    policy = Policy.model_validate({"lead_time": 3, "lead_time_by_supplier": {"bob": 5}})
    given, said = with_supplier_leads(policy, made, "d.csv", Stock("s", {r.unique_id: r for r in rows}), "W", 52)
    leads = {row.unique_id: given.lead("W", row.lead_time, row.supplier).periods for row in rows}
    assert leads == {"a": (2,), "b": (9,), "c": (5,), "d": (3,), "e": (3,)}
    found = {one.key: one.facts for one in said}
    assert found["orders-supplier-leads"]["count"] == 1 and found["orders-supplier-unknown"]["suppliers"] == ("New",)
    slow = deliveries(past([("Ann", n, 700) for n in range(20)]), promised=None)
    given, said = with_supplier_leads(Policy(), slow, "d.csv", Stock("s", {"a": rows[0]}), "W", 52)
    assert given.lead("W", None, "Ann").periods == (51,) and said[1].key == "orders-supplier-capped"
    just = deliveries(past([("Ann", n, 51 * 7) for n in range(20)]), promised=None)  # 51 weeks, which can be forecast
    given, said = with_supplier_leads(Policy(), just, "d.csv", Stock("s", {"a": rows[0]}), "W", 52)
    assert given.lead("W", None, "Ann").periods == (51,)
    assert [one.key for one in said] == ["orders-supplier-leads"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Alpha: 7 to 13 days, and from this year on 14 days more. Beta: five days, never late. And four broken rows."""
    rng = np.random.default_rng(1)
    parts = []
    for name, least in (("Alpha", 7), ("Beta", 5)):
        ordered = pd.date_range("2022-01-03", "2023-11-20", freq="W-MON")
        days = np.full(len(ordered), least) + (rng.integers(0, 7, len(ordered)) if name == "Alpha" else 0)
        promised = ordered + pd.to_timedelta(least + 3, unit="D")
        days = days + np.where((ordered >= "2023-01-01") & (name == "Alpha"), 14, 0)
        arrived = ordered + pd.to_timedelta(days, unit="D")
        parts.append(pd.DataFrame({"vendor": name, "order date": ordered, "received": arrived, "eta": promised}))
    table = pd.concat(parts, ignore_index=True)
    table.loc[[0, 1], "received"] = pd.Timestamp("2021-01-01")
    table.loc[2, "received"] = pd.Timestamp("2030-01-01")
    table.loc[3, "order date"] = pd.NaT
    table.to_csv(tmp_path / "deliveries.csv", index=False)
    ds = pd.date_range("2022-01-02", periods=104, freq="W-SUN")
    sales = [pd.DataFrame({"sku": uid, "week": ds, "units": rng.poisson(20, 104)}) for uid in "ABC"]
    pd.concat(sales).to_csv(tmp_path / "sales.csv", index=False)
    (tmp_path / "stock.csv").write_text("sku,on hand,supplier\nA,0,alpha\nB,0,Beta\nC,0,Gamma\n")
    return tmp_path


def test_the_scorecard(folder: Path) -> None:
    ran = run("suppliers", folder / "deliveries.csv", "--json")
    assert ran.returncode == 0, ran.stderr
    made: dict[str, Any] = {one["supplier"]: one for one in map(json.loads, ran.stdout.splitlines())}
    assert made["Alpha"]["drift_direction"] == "longer" and made["Alpha"]["drift"] >= 12
    assert (
        made["Beta"]["drift_direction"] == "none" and made["Beta"]["on_time"] == 1 and made["Beta"]["late_days"] is None
    )
    assert made["Alpha"]["on_time"] < 0.4 and made["Alpha"]["late_days"] > 8
    assert made["Alpha"]["q0.1"] <= made["Alpha"]["q0.5"] <= made["Alpha"]["q0.9"]
    assert "2 rows that were delivered before they were ordered are left out" in ran.stderr
    assert "1 row of three years or more" in ran.stderr and "1 row without an order date" in ran.stderr
    shown = run("suppliers", folder / "deliveries.csv", "--out", folder / "card.csv")
    assert "Alpha: deliveries of the last year took" in shown.stdout and "longer" in shown.stdout
    assert set(pd.read_csv(folder / "card.csv")["supplier"]) == {"Alpha", "Beta"}
    assert run("suppliers", folder / "deliveries.csv", "--out", folder / "card.csv").returncode == 0
    (folder / "card.csv").write_text("mine")
    assert "not written by skucast" in one_line(
        run("suppliers", folder / "deliveries.csv", "--out", folder / "card.csv")
    )
    assert "供应商" in run("suppliers", folder / "deliveries.csv", "--lang", "zh").stdout


def test_bad_input_is_one_line(folder: Path) -> None:
    assert "no such file" in one_line(run("suppliers", folder / "none.csv"))
    assert "no column of suppliers" in one_line(run("suppliers", folder / "sales.csv"))
    (folder / "open.csv").write_text("supplier,ordered,delivered\nA,2024-01-01,\n")
    assert "nothing was delivered" in one_line(run("suppliers", folder / "open.csv"))
    assert "ends in .csv" in one_line(run("suppliers", folder / "deliveries.csv", "--out", folder / "card.html"))


def test_orders_take_the_lead_times_of_suppliers(folder: Path) -> None:
    words = ["orders", folder / "sales.csv", "--stock", folder / "stock.csv", "--quick", "--json"]
    ran = run(*words, "--deliveries", folder / "deliveries.csv")
    assert ran.returncode == 0, ran.stderr
    made = {one["unique_id"]: one for one in map(json.loads, ran.stdout.splitlines())}
    assert set(made["A"]["evidence"]["lead_time"]) >= {"3", "4"} and made["C"]["evidence"]["lead_time"] == {"2": 1.0}
    assert "lead_time" not in made["A"]["assumed"] and "lead_time" in made["C"]["assumed"]
    assert "2 products without a lead time of their own take those of past deliveries of 2 suppliers" in ran.stderr
    assert "in whole weeks rounded up" in ran.stderr and "'Gamma'" in ran.stderr
