"""Events: names of other shops' logs, what is left out and said, the cut, and sessions."""

from pathlib import Path

import duckdb
import pandas as pd
import pytest
from skucast.tools.data.event_table import match_events, read_attributes, read_events
from skucast.tools.data.events import Events, pseudonym, sessions
from skucast.tools.errors import InputError

TODAY = pd.Timestamp("2026-01-01")


def read(folder: Path, text: str, name: str = "events.csv") -> Events:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_events(path, today=TODAY)


def said(events: Events) -> dict[str, object]:
    return {one.key: one.facts.get("count") for one in events.findings}


def test_a_log_of_retailrocket(tmp_path: Path) -> None:
    events = read(
        tmp_path,
        "timestamp,visitorid,event,itemid,transactionid\n1433221332117,257597,view,355908,\n"
        "1433224214164,992329,addtocart,248676,\n1433224214164,992329,transaction,248676,4000\n",
    )
    assert list(events.frame.columns) == ["user_id", "ds", "event", "unique_id", "value", "units", "visit"]
    assert events.frame["event"].tolist() == ["view", "buy", "cart"]
    assert events.frame["ds"][0] == pd.Timestamp("2015-06-02 05:02:12.117")
    assert said(events) == {"events-no-money": None}


def test_a_log_of_rees46_has_prices_and_sessions(tmp_path: Path) -> None:
    events = read(
        tmp_path,
        "event_time,event_type,product_id,category_code,price,user_id,user_session\n"
        "2019-10-01 00:00:01 UTC,purchase,0039,appliances.water_heater,33.20,55,72d7\n",
    )
    row = events.frame.iloc[0]
    assert (row["unique_id"], row["value"], row["units"], row["visit"]) == ("0039", 33.2, 1.0, "72d7")
    assert events.products.loc["0039", "category"] == "appliances.water_heater"


def test_lines_of_invoices_are_purchases_and_negative_ones_returns(tmp_path: Path) -> None:
    events = read(
        tmp_path,
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID\n"
        "536365,85123A,HEART,6,12/1/2010 8:26,2.50,17850.0\nC536366,85123A,HEART,-2,12/15/2010 14:26,2.50,17850.0\n",
    )
    assert events.frame["event"].tolist() == ["buy", "return"]
    assert events.frame["value"].tolist() == [15.0, -5.0]
    assert events.frame["units"].tolist() == [6.0, -2.0]
    assert events.frame["ds"].tolist() == [pd.Timestamp("2010-12-01 08:26"), pd.Timestamp("2010-12-15 14:26")]
    assert events.frame["user_id"].unique().tolist() == ["17850"]
    assert said(events)["events-returns"] == 1 and "events-all-buys" in said(events)


def test_an_export_of_ga4_takes_the_time_before_the_day(tmp_path: Path) -> None:
    events = read(
        tmp_path,
        "user_pseudo_id,event_name,event_date,event_timestamp,item_id,quantity,item_revenue,ga_session_id\n"
        "a.1,view_item,20210131,1612069510766593,x,,,11\na.1,purchase,20210131,1612069510766593,x,2,9.5,11\n",
    )
    assert events.frame[["event", "value", "units"]].to_numpy().tolist() == [["buy", 9.5, 2.0], ["view", 0.0, 1.0]]
    assert events.frame["ds"][0] == pd.Timestamp("2021-01-31 05:05:10.766593")


def test_what_cannot_be_used_is_left_out_and_counted(tmp_path: Path) -> None:
    events = read(
        tmp_path,
        "user_id,ds,event,unique_id,value\n"
        "u,2024-01-01,buy,a,1\nu,2024-01-01,buy,a,1\n"  # twice
        ",2024-01-01,buy,a,1\n"  # nobody
        "u,soon,buy,a,1\n"  # no time
        "u,1970-01-01,buy,a,1\nu,2026-01-03,buy,a,1\n"  # clocks that were wrong
        "u,2026-01-01 20:00,buy,a,1\n"  # less than a day ahead: another zone
        "u,2024-01-02,dance,a,1\n",
    )
    assert len(events.frame) == 3
    assert said(events) == {
        "events-nobody": 1,
        "events-no-time": 1,
        "events-off-clock": 2,
        "events-twice": 1,
        "events-unknown-kinds": 1,
    }


def test_unknown_products_are_kept_and_said() -> None:
    table = pd.DataFrame({"user_id": ["u", "v"], "ds": ["2024-01-01"] * 2, "unique_id": ["a", "b"]})
    events = read_events(table, known=["a"], today=TODAY)
    assert len(events.frame) == 2
    assert said(events)["events-unknown-products"] == 1


def test_parquet_workbooks_and_duckdb_read_alike(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "user_id": ["u", "v"],
            "ds": pd.to_datetime(["2024-01-01 10:00", "2024-01-02 11:30"]),
            "event": ["view", "buy"],
        }
    ).assign(unique_id=["001", "002"], value=[0.0, 2.5])
    table.to_parquet(tmp_path / "a.parquet")
    table.to_excel(tmp_path / "a.xlsx", index=False, engine="xlsxwriter")
    with duckdb.connect(str(tmp_path / "a.duckdb")) as con:
        con.register("given", table)
        con.execute("create table log as select * from given")
    read_all = [read_events(tmp_path / f"a.{kind}").frame for kind in ("parquet", "xlsx", "duckdb")]
    assert read_all[0]["unique_id"].tolist() == ["001", "002"]
    pd.testing.assert_frame_equal(read_all[0], read_all[2])
    assert read_all[1]["ds"].tolist() == read_all[0]["ds"].tolist()
    assert read_all[1]["value"].tolist() == [0.0, 2.5]


def test_a_table_without_users_is_refused() -> None:
    with pytest.raises(InputError, match="no column of users; got date, sales; expected one of user_id, customer_id"):
        match_events(["date", "sales"])


def test_before_is_the_one_cut() -> None:
    table = pd.DataFrame({"user_id": ["u"] * 3, "ds": ["2024-01-01", "2024-01-02", "2024-01-03"]})
    events = read_events(table, today=TODAY)
    assert events.before(pd.Timestamp("2024-01-02")).frame["ds"].tolist() == [pd.Timestamp("2024-01-01")]
    assert len(events.since(pd.Timestamp("2024-01-02")).frame) == 2
    assert events.end == pd.Timestamp("2024-01-04")


def test_sessions_end_after_a_gap() -> None:
    times = ["10:00", "10:30", "11:01", "10:10"]
    frame = pd.DataFrame({"user_id": ["u", "u", "u", "v"], "ds": pd.to_datetime([f"2024-01-01 {t}" for t in times])})
    assert sessions(frame).tolist() == [0, 0, 1, 0]  # 30 minutes are within; 31 are not; each user has their own
    assert sessions(frame.iloc[::-1]).tolist() == [0, 1, 0, 0]


def test_a_visit_is_as_given_else_a_session() -> None:
    table = pd.DataFrame({"user_id": ["u"] * 3, "ds": ["2024-01-01", "2024-01-01", "2024-01-02"]})
    events = read_events(table.assign(basket_id=["7", "7", None], unique_id=["a", "b", "a"]), today=TODAY)
    assert events.visits.tolist() == ["7", "7", "u#0"]


def test_attributes_of_people(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("household_id,Age,Household Size\n1,65+,2\n2,,1\n")
    people = read_attributes(tmp_path / "people.csv", "user_id")
    assert people.loc["1"].to_dict() == {"age": "65+", "household_size": "2"}


def test_one_person_can_be_left_out() -> None:
    events = read_events(pd.DataFrame({"user_id": ["u", "v"], "ds": ["2024-01-01"] * 2}), today=TODAY)
    assert events.without("u").frame["user_id"].tolist() == ["v"]


def test_a_pseudonym_needs_the_salt() -> None:
    assert pseudonym("u", "salt") == pseudonym("u", "salt") != pseudonym("u", "other")
    assert len(pseudonym("u", "salt")) == 10
