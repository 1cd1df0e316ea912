"""Benchmark panels: what is known of the real data, and of small made-up files that hold every oddity of it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from skucast.agent.engines import Engine
from skucast.evals.scoring.contestants import Lineup
from skucast.evals.scoring.evaluate import evaluate
from skucast.evals.tasks.panels import PANELS
from skucast.evals.tasks.panels.koubei import koubei_daily
from skucast.evals.tasks.panels.retail2 import retail2_monthly, retail2_weekly
from skucast.evals.tasks.panels.rossmann import rossmann_daily, rossmann_weekly
from skucast.evals.tasks.panels.source import data_folder
from skucast.evals.tasks.task import EvalTask, load_spec, shipped_tasks
from skucast.tools.errors import InputError

from .conftest import well_formed

# --- made-up files --------------------------------------------------------------------------------------------------


def write_rossmann(folder: Path) -> pd.DataFrame:
    """Two stores, 2013-01-01 (a Tuesday) to 2013-01-31; store 2 has no rows from the 9th to the 12th."""
    days = pd.date_range("2013-01-01", "2013-01-31")
    parts = [
        pd.DataFrame(
            {
                "store": store,
                "date": days,
                "sales": np.where(days.dayofweek == 6, 0, 100 * store + days.day),
                "customers": days.day,
                "open": (days.dayofweek != 6).astype(int),
                "promo": (days.dayofweek == 0).astype(int),
                "stateholiday": np.where(days.day == 1, "a", "0"),
                "schoolholiday": (days.day < 7).astype(int),
            }
        )
        for store in (1, 2)
    ]
    rows = pd.concat([parts[0], parts[1][(days.day < 9) | (days.day > 12)]], ignore_index=True)
    rows.sample(frac=1, random_state=0).to_parquet(folder / "rossmann/train_full_panel_reconstructed.parquet")
    stores = {"Store": [2, 1], "StoreType": ["c", "a"], "Assortment": ["a", "b"], "CompetitionDistance": [np.nan, 50.0]}
    pd.DataFrame({**stores, "Promo2": [1, 0]}).to_parquet(folder / "rossmann/store.parquet")
    return rows


def test_rossmann_by_day_keeps_the_gap(folder: Path) -> None:
    write_rossmann(folder)
    panel = rossmann_daily()
    well_formed(panel)
    two = panel.past_of("2").set_index("ds")
    assert two["y"].loc["2013-01-08":"2013-01-13"].tolist()[0] == 208.0  # type: ignore[misc]
    assert two["y"].isna().sum() == 4
    assert two["y"].loc["2013-01-13"] == 0.0  # a Sunday, closed
    assert two["day_of_week"].loc["2013-01-10"] == 4.0  # the calendar is known in the gap
    assert two["state_holiday"].iloc[0] == 1.0
    assert panel.static.loc["1"].tolist() == ["a", "b", 50.0, 0]
    assert panel.schema.past_only == ["customers"]


def test_rossmann_by_week_sums_and_drops_the_partial_weeks(folder: Path) -> None:
    rows = write_rossmann(folder)
    panel = rossmann_weekly()
    well_formed(panel)
    weeks = panel.past_of("2").set_index("ds")
    assert [f"{day:%m-%d}" for day in weeks.index] == ["01-13", "01-20", "01-27"]  # 1st to 6th and 28th on are partial
    of = rows[(rows["store"] == 2) & rows["date"].between("2013-01-07", "2013-01-13")]
    assert weeks["y"].iloc[0] == of["sales"].sum() == 207 + 208
    assert weeks["open"].tolist() == [2.0, 6.0, 6.0]
    assert weeks["promo"].tolist() == [1.0, 1.0, 1.0]
    assert panel.past_of("1")["y"].iloc[1] == sum(100 + day for day in range(14, 20))


def test_retail_nets_cancellations_and_drops_the_copy_and_what_is_no_sku(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("skucast.evals.tasks.panels.retail2.ACTIVE_WEEKS", 2)
    lines = [  # sheet, code, day, quantity, price, customer
        ("2009-2010", "10001a", "2009-12-15", 5, 1.0, 1),
        ("2009-2010", "10001A", "2009-12-16", 2, 3.0, 2),  # the same SKU in the same week
        ("2009-2010", "10001A", "2010-01-05", -9, 1.0, 2),  # more came back than was sold
        ("2009-2010", "10001A", "2010-01-19", 4, 2.0, None),
        ("2009-2010", "10001A", "2010-01-20", -1, 2.0, 1),  # net 3
        ("2009-2010", "10001A", "2010-01-21", 50, 0.0, 1),  # given away: no sale
        ("2009-2010", "10001A", "2009-12-02", 70, 1.0, 1),  # the first week is partial
        ("2009-2010", "10001A", "2011-12-05", 70, 1.0, 1),  # so is the last
        ("2009-2010", "10001A", "2010-12-07", 6, 1.0, 1),
        ("2010-2011", "10001A", "2010-12-07", 6, 1.0, 1),  # the copy
        ("2009-2010", "POST", "2010-01-05", 1, 9.0, 1),
        ("2009-2010", "POST", "2010-02-05", 1, 9.0, 1),
        ("2009-2010", "10002", "2010-02-05", 1, 9.0, 1),  # one active week only
    ]
    names = ["sheet", "stock_code", "invoice_date", "quantity", "price", "customer_id"]
    frame = pd.DataFrame(lines, columns=names).assign(description=" Red Mug ")
    frame["invoice_date"] = pd.to_datetime(frame["invoice_date"]) + pd.Timedelta(hours=9)
    frame["customer_id"] = frame["customer_id"].astype("Int32")
    frame.to_parquet(folder / "online_retail_ii/transactions.parquet")
    panel = retail2_weekly()
    well_formed(panel)
    assert panel.unique_ids == ["10001A"]
    y = panel.past.set_index("ds")["y"]
    assert y[y > 0].to_dict() == {
        pd.Timestamp("2009-12-20"): 7.0,
        pd.Timestamp("2010-01-24"): 3.0,
        pd.Timestamp("2010-12-12"): 6.0,
    }
    assert (y.index[0], y.index[-1]) == (pd.Timestamp("2009-12-20"), pd.Timestamp("2011-12-04"))
    price = panel.past.set_index("ds")["price"]
    assert price.loc["2009-12-20":"2010-01-24"].tolist() == [2.0] * 6  # type: ignore[misc]
    assert panel.past["customers"].iloc[0] == 2.0
    assert panel.static["description"].tolist() == ["red mug"]
    by_month = retail2_monthly()
    well_formed(by_month)
    assert by_month.unique_ids == ["10001A"]
    y = by_month.past.set_index("ds")["y"]
    assert y[y > 0].to_dict() == {
        pd.Timestamp("2009-12-01"): 77.0,  # the first month is whole: the 70 of its second day count
        pd.Timestamp("2010-12-01"): 6.0,  # January 2010 is 4 - 1 - 9, below 0
    }
    assert (y.index[0], y.index[-1], len(y)) == (pd.Timestamp("2009-12-01"), pd.Timestamp("2011-11-01"), 24)


def test_koubei_fills_days_without_payments_and_knows_no_early_views(folder: Path) -> None:
    day = pd.Timestamp
    pays = {"shop_id": [7, 7, 3], "date": [day("2016-01-30"), day("2016-02-03"), day("2016-02-02")]}
    pd.DataFrame({**pays, "pay_count": [4, 6, 9]}).to_parquet(folder / "koubei/pay_daily.parquet")
    views = {"shop_id": [7], "date": [day("2016-02-01")], "view_count": [30]}
    pd.DataFrame(views).to_parquet(folder / "koubei/view_daily.parquet")
    shops = {"shop_id": [3, 7], "city_name": ["x", "y"], "per_pay": [8.0, 9.0], "score": [1.0, 2.0], "comment_cnt": 1}
    kinds = {"shop_level": 0, "cate_1_name": ["food", "shop"], "cate_2_name": ["soup", None], "cate_3_name": ["a", "b"]}
    pd.DataFrame({**shops, **kinds}).to_parquet(folder / "koubei/shop_info.parquet")
    panel = koubei_daily()
    well_formed(panel)
    assert panel.past_of("7")["y"].tolist() == [4, 0, 0, 0, 6]
    assert panel.past_of("3")["y"].tolist() == [9, 0]
    assert panel.past_of("7")["views"].tolist()[2:] == [30, 0, 0]
    assert panel.past_of("7")["views"].isna().tolist() == [True, True, False, False, False]
    assert panel.static["category"].to_dict() == {"3": "soup", "7": "shop"}


def test_data_that_is_not_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="holds no rossmann/train"):
        rossmann_daily()
    monkeypatch.setenv("SKUCAST_DATA", str(folder / "nowhere"))
    with pytest.raises(InputError, match="no such folder"):
        data_folder()
    monkeypatch.delenv("SKUCAST_DATA")
    with pytest.raises(InputError, match=r"set SKUCAST_DATA .*docs/DATA\.md"):
        data_folder()


# --- the real data --------------------------------------------------------------------------------------------------

FACTS = {  # series, rows, sum of y, first and last period
    "rossmann_daily": (1115, 1115 * 942, 5_873_180_623, "2013-01-01", "2015-07-31"),
    "rossmann_weekly": (1115, 1115 * 133, 5_799_820_365, "2013-01-13", "2015-07-26"),
    "retail2_weekly": (1677, 163_471, 8_075_096, "2009-12-13", "2011-12-04"),
    "retail2_monthly": (1677, 37_854, 8_120_179, "2009-12-01", "2011-11-01"),
    "koubei_daily": (2000, 637_010, 69_674_110, "2015-06-26", "2016-10-31"),
    "breakfast_weekly": (3783, 574_947, 10_274_757, "2009-01-14", "2012-01-04"),
    "vn2_weekly": (599, 599 * 157, 276_648, "2021-04-12", "2024-04-08"),
    "favorita_daily": (51, 51 * 1688, 131_679_543, "2013-01-01", "2017-08-15"),
    "favorita_weekly": (51, 51 * 240, 131_116_545, "2013-01-13", "2017-08-13"),
    "favorita_monthly": (51, 51 * 54, 128_305_339, "2013-02-01", "2017-07-01"),
    "complete_journey_weekly": (500, 500 * 52, 509_952, "2017-01-08", "2017-12-31"),
    "complete_journey_daily": (500, 181_750, 509_952, "2017-01-02", "2017-12-31"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FACTS)
def test_facts_of_the_real_panels(request: pytest.FixtureRequest, name: str) -> None:
    if not name.startswith("complete_journey"):
        request.getfixturevalue("benchmark_data")
    series, rows, units, first, last = FACTS[name]
    panel = PANELS[name]()
    well_formed(panel)
    assert (len(panel.unique_ids), len(panel.past), panel.past["y"].sum()) == (series, rows, units)
    assert (panel.past["ds"].min(), panel.cutoff) == (pd.Timestamp(first), pd.Timestamp(last))


@pytest.mark.slow
def test_facts_of_the_real_files(benchmark_data: Path) -> None:
    daily = rossmann_daily().past
    assert daily["y"].notna().sum() == 1_017_209
    gaps = daily[daily["y"].isna()].groupby("unique_id")["ds"].agg(["size", "min", "max"])
    assert gaps.loc["988"].tolist() == [1, *[pd.Timestamp("2013-01-01")] * 2]  # its first day has no row
    rest = gaps.drop(index="988")
    assert len(rest) == 180
    assert (rest["size"] == 184).all()
    assert set(rest["min"]) == {pd.Timestamp("2014-07-01")}
    pays = pd.read_parquet(benchmark_data / "koubei/pay_daily.parquet")
    assert (len(pays), pays["pay_count"].sum()) == (599_275, 69_674_110)
    assert pd.read_parquet(benchmark_data / "koubei/view_daily.parquet")["view_count"].sum() == 10_106_644


@pytest.mark.slow
def test_why_retail_has_1677_skus_and_not_1716(benchmark_data: Path) -> None:
    lines = pd.read_parquet(benchmark_data / "online_retail_ii/transactions.parquet")
    assert len(lines) == 1_067_370
    lines = lines[(lines["sheet"] == "2009-2010") | (lines["invoice_date"] >= "2010-12-10")]
    assert len(lines) == 1_044_847
    sold = lines[(lines["quantity"] > 0) & (lines["price"] > 0)]
    week = sold["invoice_date"].dt.to_period("W-SUN")
    code = sold["stock_code"].astype(str)

    def regular(code: "pd.Series[str]", keep: "pd.Series[bool]") -> int:
        return int((week[keep].groupby(code[keep]).nunique() >= 50).sum())

    every = pd.Series(True, index=sold.index)
    item = code.str.match(r"\d{5}")
    full = (sold["invoice_date"] >= "2009-12-07") & (sold["invoice_date"] < "2011-12-05")
    assert [regular(code, every), regular(code, item)] == [1716, 1712]
    assert [regular(code.str.upper(), item), regular(code.str.upper(), item & full)] == [1713, 1677]


FIGURES = {  # of fev-bench: contestant, MASE, WAPE, series, forecasts
    "rossmann_1D": ("SeasonalNaive", 0.788555, 0.269245, 1115, 11_150),
    "rossmann_1W": ("Naive", 0.796029, 0.219245, 1115, 8_920),
    "favorita_transactions_1D": ("SeasonalNaive", 1.820047, 0.146064, 51, 510),
    "favorita_transactions_1W": ("Naive", 1.540180, 0.070992, 51, 510),
    "favorita_transactions_1M": ("SeasonalNaive", 1.519734, 0.090720, 51, 102),
}


def no_engine() -> Engine:
    raise AssertionError("no LLM is asked for")


@pytest.mark.slow
@pytest.mark.parametrize("name", shipped_tasks())
def test_a_real_task_is_whole_and_scores_as_published(request: pytest.FixtureRequest, name: str) -> None:
    """One date cuts all series, so that none is left out of a published task; naive scores are fev-bench's own."""
    if not name.startswith("cj"):
        request.getfixturevalue("benchmark_data")
    task = EvalTask(*load_spec(name))
    assert len(task.wanted) == task.series_of
    if name not in FIGURES:
        return
    contestant, mase, wape, series, forecasts = FIGURES[name]
    row, scores = evaluate(task, Lineup(no_engine, workers=1).contestant(contestant, task))
    assert row.metrics["MASE"] == pytest.approx(mase, abs=5e-7)
    assert row.metrics["WAPE"] == pytest.approx(wape, abs=5e-7)
    assert row.forecasts == len(scores) == forecasts
    assert (row.series, row.series_of, row.limit) == (series, series, None)


def test_figures_are_of_tasks_that_ship() -> None:
    assert set(FIGURES) <= set(shipped_tasks())
