"""The ledger: written once, never changed, whole after a kill, by two writers at once; overrides before what sold."""

import multiprocessing
import os
import signal
from pathlib import Path

import pandas as pd
import pytest
from skucast.tools.errors import InputError
from skucast.tools.monitor.ledger import BANDS, TABLES, Entry, Ledger, open_ledger
from skucast.tools.monitor.override import overrides

CUTOFF, WEEKS = pd.Timestamp("2024-03-03"), pd.date_range("2024-03-10", periods=2, freq="W-SUN")
FORK = multiprocessing.get_context("fork")


def forecasts(uid: str = "A", stage: str = "trees", level: float = 10.0) -> pd.DataFrame:
    """Two weeks of one series; the levels are a unit apart."""
    bands = {name: level + place - 4 for place, name in enumerate(BANDS)}
    rows = {"unique_id": uid, "freq": "W", "cutoff": CUTOFF, "stage": stage, "step": [1, 2], "ds": WEEKS, "mean": level}
    return pd.DataFrame({**rows, **bands})


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return open_ledger(str(tmp_path / "ledger.duckdb"))


def count(ledger: Ledger, table: str = "skucast_forecasts") -> int:
    return int(ledger.read(f"select count(*) as n from {table}")["n"][0])


def test_the_same_stands_once_and_a_correction_is_a_new_entry(ledger: Ledger) -> None:
    first = ledger.write(Entry("forecast", "ana", model_digest="m"), forecasts())
    again = ledger.write(Entry("forecast", "ben", model_digest="m"), forecasts().iloc[::-1])
    assert first.new and not again.new and again.entry == first.entry and count(ledger) == 2
    second = ledger.write(Entry("forecast", "ana", model_digest="m"), forecasts(level=12.0))
    assert second.new and second.corrects == first.entry and count(ledger) == 4
    third = ledger.write(Entry("forecast", "ana", model_digest="m"), forecasts())  # back to what it was: a new one
    assert third.new and third.corrects == second.entry and third.entry != first.entry
    other = ledger.write(Entry("forecast", "ana"), forecasts("B"))
    assert other.new and other.corrects == ""


def test_what_was_known_stands_beside_every_row(ledger: Ledger) -> None:
    entry = Entry("forecast", "ana", "sales.csv", "d1", "m1", "p1", approved_by="eva", reason="as planned")
    ledger.write(entry, forecasts())
    row = ledger.read("select * from skucast_entries").iloc[0]
    assert [row[name] for name in entry.__dict__] == list(entry.__dict__.values())
    held = ledger.read("select * from skucast_forecasts order by step")
    assert list(held.columns) == list(TABLES["skucast_forecasts"]) and held["entry"].eq(row["entry"]).all()
    assert held.loc[1, ["q-10", "q-50", "q-90", "step"]].tolist() == [6.0, 10.0, 14.0, 2]


def test_an_error_of_what_is_done_beside_it_takes_the_entry_back(ledger: Ledger) -> None:
    ledger.write(Entry("forecast", "ana"), forecasts("B"))

    def refuse(written: object) -> None:
        raise InputError("the log cannot be written")

    with pytest.raises(InputError, match="the log"):
        ledger.write(Entry("forecast", "ana"), forecasts(), also=refuse)
    assert count(ledger) == 2 and count(ledger, "skucast_entries") == 1


def test_a_kill_in_the_middle_of_a_write_leaves_it_whole(ledger: Ledger) -> None:
    def killed() -> None:
        ledger.write(Entry("forecast", "ana"), forecasts(), also=lambda written: os.kill(os.getpid(), signal.SIGKILL))

    for stands in (0, 2):  # the very first write, and one beside what stands
        child = FORK.Process(target=killed)
        child.start()
        child.join(30)
        assert child.exitcode == -signal.SIGKILL
        if stands:
            assert count(ledger) == count(ledger, "skucast_forecasts") == stands
            assert count(ledger, "skucast_entries") == 1
        else:
            assert ledger.write(Entry("forecast", "ana"), forecasts("B")).new
    assert ledger.write(Entry("forecast", "ana"), forecasts()).new and count(ledger) == 4


def test_two_writers_at_once_both_stand(ledger: Ledger) -> None:
    def writes(name: str) -> None:
        for week in range(5):
            rows = forecasts(name).assign(cutoff=CUTOFF + pd.Timedelta(weeks=week))
            ledger.write(Entry("forecast", name), rows)
            ledger.write(Entry("forecast", name), forecasts("same").assign(cutoff=rows["cutoff"]))

    children = [FORK.Process(target=writes, args=(name,)) for name in ("A", "B")]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    assert [child.exitcode for child in children] == [0, 0]
    assert count(ledger, "skucast_entries") == 15 and count(ledger) == 30  # what both say stands once


def test_a_ledger_of_another_schema_is_not_touched(ledger: Ledger) -> None:
    ledger.write(Entry("forecast", "ana"), forecasts())
    with ledger.open(write=True) as base:
        base.run("insert into skucast_ledger values (2)")
    with pytest.raises(InputError, match="a ledger of schema 2; this skucast knows schema 1"):
        ledger.write(Entry("forecast", "ana"), forecasts("B"))
    with pytest.raises(InputError, match="schema 2"):
        ledger.read("select 1 as one")


def test_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One for each file of sales, whatever its content becomes; a server's password is not shown."""
    monkeypatch.setenv("SKUCAST_HOME", str(tmp_path))
    sales = tmp_path / "sales.csv"
    made = open_ledger(None, str(sales))
    assert made == open_ledger(None, str(sales)) != open_ledger(None, str(tmp_path / "other.csv"))
    assert made.folder.is_relative_to(tmp_path)
    server = open_ledger("postgresql://ana:secret@host/shop")
    assert "secret" not in server.shown and "secret" not in str(server.folder) and "secret" not in repr(server)
    with pytest.raises(InputError, match="no ledger yet"):
        made.read("select 1 as one")
    with pytest.raises(InputError, match="without ::sales"):
        open_ledger("duckdb:///x.duckdb::sales")
    with pytest.raises(InputError, match="which ledger"):
        open_ledger(None)


def test_an_override_stands_on_the_newest_forecast(ledger: Ledger) -> None:
    ledger.write(Entry("forecast", "ana"), forecasts())
    rows = overrides(ledger, pd.DataFrame({"unique_id": ["A"], "ds": [WEEKS[1]], "units": [25.0]}))
    (row,) = rows.to_dict("records")
    assert (row["stage"], row["step"], row["cutoff"], row["mean"], row["q-50"]) == ("override", 2, CUTOFF, 25.0, 25.0)
    assert pd.isna(row["q-10"]) and pd.isna(row["q-90"])


@pytest.mark.parametrize(
    ("uid", "ds", "units", "says"),
    [
        ("A", "2024-03-10", -1.0, "expected 0 or more"),
        ("A", "2024-03-10", float("nan"), "expected 0 or more"),
        ("A", "2024-03-24", 5.0, "no such period; its forecast goes from 2024-03-10 to 2024-03-17"),
        ("AA", "2024-03-10", 5.0, "no forecast of 'AA' is published"),
    ],
)
def test_what_cannot_be_overridden(ledger: Ledger, uid: str, ds: str, units: float, says: str) -> None:
    ledger.write(Entry("forecast", "ana"), forecasts())
    wanted = pd.DataFrame({"unique_id": [uid], "ds": [pd.Timestamp(ds)], "units": [units]})
    with pytest.raises(InputError, match=says):
        overrides(ledger, wanted)


def test_what_has_sold_is_not_overridden(ledger: Ledger) -> None:
    ledger.write(Entry("forecast", "ana"), forecasts())
    ledger.write(Entry("actuals", "ana"), pd.DataFrame({"unique_id": ["A"], "ds": [WEEKS[0]], "y": [9.0]}))
    with pytest.raises(InputError, match="A, 2024-03-10: what sold is known already"):
        overrides(ledger, pd.DataFrame({"unique_id": "A", "ds": WEEKS, "units": 9.0}))
