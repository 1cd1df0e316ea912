"""Favorita: zeros where no row is, holidays of the place, the last quotation of oil."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from skucast.evals.tasks.panels.favorita import favorita_daily, favorita_monthly, favorita_weekly

from ..conftest import well_formed


def write(folder: Path) -> None:
    """Store 1 in Quito from Tuesday 2013-01-01 to Friday 03-01, 10 a day; store 2 in Ambato from 02-10, 5 a day."""
    days = pd.date_range("2013-01-01", "2013-03-01")
    late = days[days >= "2013-02-10"]
    rows = [
        pd.DataFrame({"date": days.delete(2), "store_nbr": 1, "transactions": 10}),  # closed on the 3rd
        pd.DataFrame({"date": late, "store_nbr": 2, "transactions": 5}),
        pd.DataFrame({"date": days, "store_nbr": 15, "transactions": 70}),  # not in fev-bench
    ]
    pd.concat(rows).to_parquet(folder / "favorita/transactions.parquet")
    stores = {"store_nbr": [1, 2, 15], "city": ["Quito", "Ambato", "Quito"], "state": ["Pichincha", "Tungurahua", "P"]}
    pd.DataFrame({**stores, "type": ["D", "C", "D"], "cluster": [13, 4, 1]}).to_parquet(
        folder / "favorita/stores.parquet"
    )
    holidays = [
        ("2013-01-01", "Holiday", "National", "Ecuador", False),
        ("2013-01-02", "Holiday", "Local", "Quito", False),
        ("2013-01-03", "Holiday", "Regional", "Tungurahua", False),
        ("2013-01-04", "Holiday", "National", "Ecuador", True),  # moved to the 7th
        ("2013-01-07", "Transfer", "National", "Ecuador", False),
        ("2013-01-08", "Bridge", "National", "Ecuador", False),
        ("2013-01-09", "Additional", "National", "Ecuador", False),
        ("2013-01-09", "Holiday", "Local", "Ambato", False),  # there, the day off counts
        ("2013-01-12", "Work Day", "National", "Ecuador", False),
        ("2013-01-13", "Event", "National", "Ecuador", False),  # nobody knew of the earthquake
        ("2012-12-25", "Holiday", "National", "Ecuador", False),  # before the first day
    ]
    names = ["date", "type", "locale", "locale_name", "transferred"]
    table = pd.DataFrame(holidays, columns=names).assign(description="x")
    table.assign(date=pd.to_datetime(table["date"])).to_parquet(folder / "favorita/holidays_events.parquet")
    oil = {"date": days[days.dayofweek < 5], "oil_price": 90.0}
    quoted = pd.DataFrame(oil)
    quoted["oil_price"] += np.arange(len(quoted))
    quoted.loc[0, "oil_price"] = np.nan
    quoted.to_parquet(folder / "favorita/oil.parquet")


def test_by_day(folder: Path) -> None:
    write(folder)
    panel = favorita_daily()
    well_formed(panel)
    assert panel.unique_ids == ["1", "2"]
    one, two = (panel.past_of(uid).set_index("ds") for uid in panel.unique_ids)
    assert one["y"].head(4).tolist() == [10, 10, 0, 10]
    assert (len(two), two["y"].sum()) == (60, 20 * 5.0)  # zeros before it opened, as fev-bench has it
    assert one["holiday"].head(14).tolist() == [1, 1, 0, 0, 0, 0, 1, 3, 2, 0, 0, 4, 0, 0]
    assert two["holiday"].head(14).tolist() == [1, 0, 1, 0, 0, 0, 1, 3, 1, 0, 0, 4, 0, 0]
    assert np.isnan(one["oil_price"].iloc[0])
    assert one["oil_price"].iloc[1:8].tolist() == [91, 92, 93, 93, 93, 94, 95]  # Friday's holds over the weekend
    assert (panel.schema.known_future, panel.schema.past_only) == (["holiday"], ["oil_price"])
    assert panel.static.loc["2"].tolist() == ["Ambato", "Tungurahua", "C", "4"]


def test_by_week_and_month_without_the_first_and_last(folder: Path) -> None:
    write(folder)
    weekly = favorita_weekly()
    well_formed(weekly)
    assert weekly.past_of("1")["ds"].iloc[[0, -1]].tolist() == [pd.Timestamp("2013-01-13"), pd.Timestamp("2013-02-24")]
    assert weekly.past_of("1")["y"].tolist() == [70.0] * 7
    assert weekly.past_of("2")["y"].tolist() == [0, 0, 0, 0, 5, 35, 35]
    assert weekly.past_of("1")["oil_price"].iloc[0] == pytest.approx((94 + 95 + 96 + 97 + 98 * 3) / 7)
    monthly = favorita_monthly()
    well_formed(monthly)
    assert monthly.past[["unique_id", "y"]].to_numpy().tolist() == [["1", 280.0], ["2", 95.0]]
    assert monthly.schema.known_future == []


@pytest.mark.slow
def test_facts_of_the_real_files(benchmark_data: Path) -> None:
    rows = pd.read_parquet(benchmark_data / "favorita/transactions.parquet")
    assert (len(rows), rows["store_nbr"].nunique()) == (83_488, 54)
    panel = favorita_daily()
    quake = panel.past.loc[panel.past["ds"] == "2016-04-17", "holiday"]
    assert (quake == 0).all()  # the day after the earthquake
    before_christmas = panel.past.loc[panel.past["ds"] == "2016-12-24", "holiday"]
    assert (before_christmas == 2).all()
