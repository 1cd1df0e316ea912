import gzip
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from skucast.prompts.messages.say import say, say_error
from skucast.tools.data import files
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import open_source, read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.errors import InputError
from skucast.tools.messages import Refusal, message

HEAD = "sku,date,units\n"
SOUND = HEAD + "a,2024-01-07,1\na,2024-01-14,2\nb,2024-01-07,3\nb,2024-01-14,4\nb,2024-01-21,5\n"
FULL = PanelSchema(known_future=["price", "promo"], past_only=["views"], static=["brand"])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sales.csv"


def table() -> pd.DataFrame:
    """Two series of 6 and 4 weeks with every role of column; the last two weeks of `a` are a plan."""
    ds = pd.date_range("2024-01-07", periods=6, freq="W-SUN")
    a = pd.DataFrame(
        {
            "sku": "007",
            "date": ds,
            "units": [1, 2, 0, 4.5, np.nan, np.nan],
            "price": [1.5] * 5 + [1.25],
            "promo": [False] * 5 + [True],
            "views": [9, 8, 7, 6, np.nan, np.nan],
            "brand": "Tea & Co",
        }
    )
    b = pd.DataFrame(
        {
            "sku": "b",
            "date": ds[:4],
            "units": [3.0, 3, 3, 3],
            "price": 2.0,
            "promo": True,
            "views": [1.0, 2, 3, 4],
            "brand": None,
        }
    )
    return pd.concat([a, b], ignore_index=True)


def same(a: Panel, b: Panel) -> None:
    pd.testing.assert_frame_equal(a.past, b.past)
    pd.testing.assert_frame_equal(a.future, b.future)
    pd.testing.assert_frame_equal(a.static, b.static)
    assert (a.schema, a.offset) == (b.schema, b.offset)


def complaint(file: Path, content: str | bytes, schema: PanelSchema | None = None, sql: str | None = None) -> str:
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as error:
        read_panel(file, schema, sql)
    message = say_error(error.value)
    assert "\n" not in message
    return message.removeprefix(f"{file}: ")


def test_a_panel_of_hand_checked_values(file: Path) -> None:
    file.write_text(SOUND)
    panel = read_panel(file)
    assert panel.past.to_dict("list") == {
        "unique_id": ["a", "a", "b", "b", "b"],
        "ds": [pd.Timestamp(d) for d in ("2024-01-07", "2024-01-14", "2024-01-07", "2024-01-14", "2024-01-21")],
        "y": [1.0, 2.0, 3.0, 4.0, 5.0],
    }
    assert (panel.offset, panel.freq, len(panel.future), list(panel.static.index)) == ("W-SUN", "W", 0, ["a", "b"])
    assert {name: str(kind) for name, kind in panel.past.dtypes.items()} == {
        "unique_id": "str",
        "ds": "datetime64[us]",
        "y": "float64",
    }


@pytest.mark.slow
def test_every_kind_of_source_gives_the_same_panel(tmp_path: Path) -> None:
    rows = table()
    expected = read_panel(rows, FULL)
    rows.to_csv(tmp_path / "s.csv", index=False)
    rows.to_csv(tmp_path / "s.tsv", index=False, sep="\t")
    rows.to_csv(tmp_path / "semi.csv", index=False, sep=";", date_format="%Y%m%d")
    with gzip.open(tmp_path / "s.csv.gz", "wb") as packed:
        packed.write((tmp_path / "s.csv").read_bytes())
    rows.to_parquet(tmp_path / "s.parquet")
    (tmp_path / "parts" / "deep").mkdir(parents=True)
    rows.iloc[7:].to_parquet(tmp_path / "parts" / "1.parquet")
    rows.iloc[:7].to_parquet(tmp_path / "parts" / "deep" / "2.parquet")
    rows.iloc[:5].to_parquet(tmp_path / "p1.parquet")
    rows.iloc[5:].to_parquet(tmp_path / "p2.parquet")
    con = duckdb.connect(str(tmp_path / "s.duckdb"))
    con.register("rows", rows)
    con.execute("create table sales as select * from rows; create table other as select 1 as x")
    con.close()
    names = ["s.csv", "s.tsv", "semi.csv", "s.csv.gz", "s.parquet", "parts", "p?.parquet", "s.duckdb::sales"]
    for name in names:
        same(read_panel(tmp_path / name, FULL), expected)
    same(read_panel(str(tmp_path / "s.duckdb"), FULL, sql="select * from sales"), expected)
    assert expected.static.to_dict() == {"brand": {"007": "Tea & Co", "b": np.nan}}


def test_rows_after_the_last_y_are_the_plan() -> None:
    panel = read_panel(table(), FULL)
    assert panel.future["ds"].dt.strftime("%m-%d").tolist() == ["02-04", "02-11"]
    assert panel.future.drop(columns="ds").to_dict("list") == {
        "unique_id": ["007", "007"],
        "price": [1.5, 1.25],
        "promo": [0.0, 1.0],
    }
    assert panel.past.groupby("unique_id").size().to_dict() == {"007": 4, "b": 4}
    assert list(panel.past.columns) == ["unique_id", "ds", "y", "price", "promo", "views"]


def test_a_plan_is_a_plan_also_where_no_row_means_no_sale() -> None:
    panel = read_panel(table(), FULL.model_copy(update={"missing": "zero"}))
    assert len(panel.future) == 2
    assert panel.cutoff_of("007") == pd.Timestamp("2024-01-28")


@pytest.mark.parametrize(("missing", "expected"), [("zero", [1, 0, 0, 4]), ("keep", [1, np.nan, np.nan, 4])])
def test_gaps_and_empty_y_follow_the_choice(missing: str, expected: list[float]) -> None:
    ds = pd.to_datetime(["2024-01-07", "2024-01-14", "2024-01-28"])
    rows = pd.DataFrame({"sku": "a", "date": ds, "units": [1, np.nan, 4], "price": [1.0, 2.0, 3.0]})
    schema = PanelSchema.model_validate({"missing": missing, "known_future": ["price"]})
    panel = read_panel(rows, schema)
    np.testing.assert_array_equal(panel.past["y"], expected)
    np.testing.assert_array_equal(panel.past["price"], [1, 2, np.nan, 3])


def test_negative_y_can_be_clipped(file: Path) -> None:
    file.write_text(HEAD + "a,2024-01-07,1\na,2024-01-14,-2\na,2024-01-21,\n")
    panel = read_panel(file, PanelSchema(negative="zero", missing="keep"))
    np.testing.assert_array_equal(panel.past["y"], [1, 0, np.nan])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("offset", "start"), [("D", "2024-02-27"), ("W-WED", "2024-01-03"), ("MS", "2024-01-01"), ("ME", "2024-01-31")]
)
def test_the_offset_is_told_from_the_dates(offset: str, start: str) -> None:
    ds = pd.date_range(start, periods=14, freq=offset)
    rows = pd.DataFrame({"unique_id": "a", "ds": ds, "y": 1.0})
    panel = read_panel(rows.drop(index=5), PanelSchema(missing="zero"))
    assert panel.offset == offset
    assert panel.past["ds"].tolist() == ds.tolist()
    assert panel.past["y"].sum() == 13


def test_dates_as_people_write_them(tmp_path: Path) -> None:
    for i, (first, second, offset) in enumerate(
        [
            ("2024-01", "2024-02", "MS"),
            ("20240101", "20240102", "D"),
            ("2024/01/01", "2024/01/08", "W-MON"),
            ("2024-01-01T23:30:00-05:00", "2024-01-02T23:30:00-05:00", "D"),
        ]
    ):
        file = tmp_path / f"{i}.csv"
        file.write_text(f"{HEAD}a,{first},1\na,{second},2\n")
        panel = read_panel(file)
        assert (panel.offset, panel.past["ds"].iloc[0]) == (offset, pd.Timestamp("2024-01-01"))


def test_times_with_a_zone_are_taken_as_they_stand() -> None:
    ds = pd.date_range("2024-01-01 23:30", periods=3, freq="D", tz="America/New_York")
    panel = read_panel(pd.DataFrame({"sku": 7, "ds": ds, "y": 1}))
    assert panel.past["ds"].tolist() == list(pd.date_range("2024-01-01", periods=3))
    assert panel.unique_ids == ["7"]


def test_ids_that_became_floats_are_whole_again() -> None:
    rows = pd.DataFrame({"sku": [1.0, 1.0, np.nan], "ds": pd.to_datetime(["2024-01-01", "2024-01-02"] * 2)[:3], "y": 1})
    assert open_source(rows).unique_ids() == ["1"]


def test_control_characters_are_read_as_a_space() -> None:
    """An id or a name with an escape would redraw a terminal, and is no valid XML in a chart."""
    rows = pd.DataFrame({"unique_id": "a\x1b[31m", "ds": pd.date_range("2024-01-07", periods=9, freq="W"), "y": 1.0})
    panel = read_panel(rows.assign(name="Oat\r\n\x9bmilk\x7f 牛奶"), schema=PanelSchema(static=["name"]))
    assert panel.unique_ids == ["a [31m"]
    assert panel.static_of("a [31m") == {"name": "Oat milk  牛奶"}


def test_a_schema_beside_the_file_is_found(file: Path) -> None:
    file.write_text("code,when,pieces,note\na,2024-01-07,1,x\na,2024-01-14,2,x\n")
    file.with_suffix(".toml").write_text(
        'static = ["note"]\n[columns]\nunique_id = "code"\nds = "when"\ny = "pieces"\n'
    )
    assert read_panel(file).static_of("a") == {"note": "x"}
    other = file.with_name("other.toml")
    other.write_text('[columns]\nunique_id = "note"\nds = "when"\ny = "pieces"\n')
    assert open_source(file, schema=other).unique_ids() == ["x"]


def test_sql_aggregates(file: Path) -> None:
    file.write_text("store,sku,week,units\n1,a,2024-01-07,1\n1,a,2024-01-07,2\n1,a,2024-01-14,5\n2,a,2024-01-14,7\n")
    sql = "select store || '-' || sku as unique_id, week as ds, sum(units) as y from data group by all;"
    panel = read_panel(file, sql=sql)
    assert panel.past["y"].tolist() == [3.0, 5.0, 7.0]
    assert panel.unique_ids == ["1-a", "2-a"]


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("drop view data", "--sql: expected one SELECT statement"),
        ("copy (select 1) to 'out.csv'", "--sql: expected one SELECT"),
        ("select 1; select 2", "--sql: expected one SELECT"),
        ("selec", "Parser Error: syntax error"),
        ("select nope from data", 'Referenced column "nope" not found'),
        ("select * from query('drop view data')", "SELECT statement"),
        ("export database 'out'", "--sql: expected one SELECT"),
        ("attach 'out.db' as other", "--sql: expected one SELECT"),
        ("set enable_external_access = true", "--sql: expected one SELECT"),
        ("with gone as (delete from data returning *) select * from gone", "not allowed"),
        ("select * from read_text('/etc/hostname')", "file system operations are disabled"),
        ("select 1 as a) union (select 2", "syntax error"),
    ],
)
def test_sql_reads_the_data_and_nothing_else(file: Path, sql: str, says: str) -> None:
    assert says in complaint(file, SOUND, sql=sql)
    assert file.read_text() == SOUND


def test_a_database_is_opened_for_reading_only(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    con = duckdb.connect(str(path))
    con.execute(
        "create table one as select 'a' as sku, date '2024-01-07' + 7 * i::int as date, 1 as units from range(3) t(i)"
    )
    con.close()
    before = path.read_bytes()
    assert len(read_panel(path).past) == 3
    with pytest.raises(InputError, match="expected one SELECT"):
        read_panel(path, sql="insert into one values ('b', date '2024-01-07', 1) returning *")
    assert path.read_bytes() == before
    with pytest.raises(InputError, match="no table 'own'; did you mean one"):
        read_panel(f"{path}::own")
    con = duckdb.connect(str(path))
    con.execute("create table two as select 1 as x")
    con.close()
    with pytest.raises(InputError, match=r"several tables \(one, two\); name one as s.db::one"):
        read_panel(path)


MISSING = 'declare missing = "zero" (no row = no sale) or missing = "keep" (not known) in the schema'
BAD: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "the file is empty; expected a header and rows"),
    "no rows": (HEAD, "no rows; expected one row for each unique_id and ds"),
    "binary": (b"\x7fELF\0\0", "not a text file (it has zero bytes); expected CSV in UTF-8"),
    "no table": ("dear sir\n", "no column for unique_id; got dear sir; expected unique_id or an alias (item_id, sku, "),
    "ragged": (
        HEAD + "a,2024-01-07,1\na,2024-01-14\n",
        "CSV Error on Line: 3; Original Line: a,2024-01-14; Expected Number of Columns: 3 Found: 2",
    ),
    "two names": ("sku,sku,date,units\na,a,2024-01-07,1\n", "two columns named 'sku'; expected each name once"),
    "date": (
        HEAD + "a,2024-01-07,1\na,31.01.2024,1\nb,later,1\n",
        "ds is not a date: 2 rows of 2 series, first 'a' ds = 31.01.2024; expected dates as 2017-01-31",
    ),
    "no date": (HEAD + "a,,1\na,2024-01-07,1\n", "ds is not a date: 1 row of 1 series, first 'a' ds = nothing; "),
    "far date": (HEAD + "a,9999-12-31,1\na,2024-01-07,1\n", "ds is not a date: 1 row of 1 series, first 'a' ds = 9999"),
    "y": (
        HEAD + 'a,2024-01-07,1\na,2024-01-14,"1,5"\na,2024-01-21,many\n',
        "y is not a number: 1 row of 1 series, first 'a' 2024-01-21 y = many; expected numbers, written alike in all",
    ),
    "infinite": (
        HEAD + "a,2024-01-07,1\na,2024-01-14,-inf\n",
        "y is infinite: 1 row of 1 series, first 'a' 2024-01-14 y = -inf; expected finite units",
    ),
    "negative": (
        HEAD + "a,2024-01-07,1\na,2024-01-14,-2\na,2024-01-21,-3\n",
        "y is negative: 2 rows of 1 series, first 'a' 2024-01-14 y = -2.0; expected 0 or more; declare negative = "
        '"zero" in the schema to clip returns',
    ),
    "empty y": (
        HEAD + "a,2024-01-07,1\na,2024-01-14,NaN\na,2024-01-21,\n",
        f"y is empty: 2 rows of 1 series, first 'a' 2024-01-14; expected a number in every row; {MISSING}",
    ),
    "gap": (
        HEAD + "a,2024-01-07,1\na,2024-01-14,1\na,2024-02-04,1\nb,2024-01-07,1\n",
        f"weeks have no row: 2 periods of 1 series, first 'a' 2024-01-21; expected one row a week; {MISSING}",
    ),
    "duplicate": (
        HEAD + "a,2024-01-07,1\na,2024-01-14,1\na,2024-01-14,3\n",
        "several rows for one unique_id and ds: 1 row of 1 series, first 'a' 2024-01-14; expected one row a period; "
        "sum the rows of a period, returns with them, with --sum (or sum = true in the schema)",
    ),
    "no id": (
        HEAD + "a,2024-01-07,1\n ,2024-01-14,1\na,2024-01-14,3\n",
        "unique_id is empty: 1 row, first 2024-01-14; expected an id in every row; leave such rows out with --sql "
        "\"select * from data where trim(sku::varchar) <> ''\"",
    ),
    "weekdays": (
        HEAD + "a,2024-01-07,1\na,2024-01-14,1\na,2024-01-21,1\nb,2024-01-08,3\nb,2024-01-15,3\n",
        "dates are off the weekly rhythm: 2 rows of 1 series, first 'b' 2024-01-08 (Monday); expected weekly dates on "
        "one weekday (Sunday, as most rows have); ",
    ),
    "frequency": (
        HEAD + "a,2024-01-07,1\na,2024-01-11,1\n",
        "the frequency cannot be told: the median step between dates is 4 days: expected 1 (D), 7 (W), 14 (2W), "
        "28 (4W) or a month (M); ",
    ),
    "one date": (
        HEAD + "a,2024-01-07,1\nb,2024-01-07,1\n",
        'no series has two dates to tell the frequency; declare freq = "D", "W", "2W", "4W" or "M" in the schema',
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", BAD)
def test_bad_input_says_what_was_got_and_what_to_do(file: Path, case: str) -> None:
    content, says = BAD[case]
    assert complaint(file, content).startswith(says)


def test_bad_covariates(file: Path) -> None:
    rows = "sku,date,units,price\na,2024-01-07,1,2.5\na,2024-01-14,1,cheap\n"
    assert complaint(file, rows, PanelSchema(known_future=["price"])) == (
        "a known_future or past_only column is not a number: 1 row of 1 series, first 'a' 2024-01-14 price = cheap; "
        "expected numbers or true/false; text goes under static"
    )
    assert complaint(file, rows, PanelSchema(past_only=["prize"])) == (
        "no column for the covariate 'prize'; did you mean price?"
    )
    assert complaint(file, HEAD + "a,2024-01-07,\na,2024-01-14,\n", PanelSchema(missing="keep")).startswith(
        "no row of the series has a y: 2 rows of 1 series, first 'a'; expected at least one known y"
    )


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(SOUND)
    (tmp_path / "notes.docx").write_text("x")
    (tmp_path / "bad.xlsx").write_text("x")
    (tmp_path / "bad.parquet").write_text("no parquet at all")
    (tmp_path / "bad.duckdb").write_text("no database")
    (tmp_path / "folder").mkdir()
    for name, says in {
        "sale.csv": "no such file; did you mean sales.csv?",
        "nowhere/sales.csv": "no such file; "
        "expected .csv, .tsv, .xlsx, .parquet, a folder or glob of .parquet, or .duckdb",
        "notes.docx": "unknown kind of file; expected .csv, .tsv, .xlsx, .parquet",
        "bad.xlsx": "not readable as a workbook",
        "bad.parquet": "No magic bytes",
        "bad.duckdb": "not a valid DuckDB database file",
        "folder": "no Parquet files in this folder; expected .csv",
        "*.pq": "no file matches",
        "sales.*": "a glob may match Parquet files only; got sales.csv",
        "sales.csv::sales": "only a DuckDB file has tables to name after ::",
    }.items():
        with pytest.raises(InputError) as error:
            open_source(str(tmp_path / name))
        assert says in str(error.value), name
        assert "\n" not in str(error.value)


def test_a_part_is_read_by_its_ids(file: Path) -> None:
    file.write_text(SOUND + "c,2024-01-07,x\n")
    source = open_source(file)
    assert source.unique_ids() == ["a", "b", "c"]
    assert source.panel(["b"]).past["y"].tolist() == [3.0, 4.0, 5.0]
    with pytest.raises(InputError, match="unknown SKU 'bb': did you mean b"):
        source.panel(["bb"])
    with pytest.raises(Refusal) as error:
        source.panel()
    assert say_error(error.value, "zh") == (
        f"{file}：y 不是数字：1 个序列共 1 行，例如 'c' 2024-01-07 y = x；应为数字，整列写法一致"
    )
    assert source.panel(["a"]).past["y"].tolist() == [1.0, 2.0]


def test_one_bad_series_does_not_end_a_run(file: Path) -> None:
    file.write_text(SOUND + "c,2024-01-07,x\nd,2024-01-07,-1\nd,2024-01-14,y\n")
    source = open_source(file)
    panel, bad = source.salvage(["d", "b", "c", "a", "zz"])
    assert panel is not None
    same(panel, read_panel(pd.read_csv(file).query("sku in ('a', 'b')")))
    assert {uid: say(why) for uid, why in bad.items()} == {
        "zz": "not in the data",
        "c": "y is not a number: 1 row, first 2024-01-07 y = x; expected numbers, written alike in all rows",
        "d": "y is not a number: 1 row, first 2024-01-14 y = y; expected numbers, written alike in all rows",
    }
    assert source.salvage(["c"])[0] is None
    assert source.salvage(["zz"]) == (None, {"zz": message("not-in-the-data")})
    again, _ = source.salvage(["a", "b"])
    assert again is not None
    same(again, panel)


def test_salvaged_chunks_make_up_the_panel() -> None:
    rows = pd.concat([table().assign(sku=f"s{i}") for i in range(7)]).drop_duplicates(["sku", "date"])
    source = open_source(rows, schema=FULL)
    ids = source.unique_ids()
    parts = [source.salvage(ids[i : i + 3])[0] for i in range(0, len(ids), 3)]
    same(Panel.concat([part for part in parts if part is not None]), source.panel())


def test_digests_follow_the_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text(SOUND)
    two.write_text(SOUND)
    assert open_source(one).digest == open_source(two).digest
    assert open_source(one).digest.startswith("sha256:")
    two.write_text(SOUND.replace(",5", ",6"))
    assert open_source(one).digest != open_source(two).digest
    rows = table()
    assert open_source(rows, schema=FULL).digest == open_source(rows.copy(), schema=FULL).digest
    assert open_source(rows, schema=FULL).digest != open_source(rows.assign(units=1), schema=FULL).digest
    monkeypatch.setattr(files, "BIG_FILE", 10)
    assert open_source(one).digest.startswith("stat:")


def test_columns_without_a_role_are_named(file: Path) -> None:
    file.write_text("sku,date,units,colour\na,2024-01-07,1,red\na,2024-01-14,1,red\n")
    source = open_source(file)
    assert source.ignored == ["colour"]
    assert list(source.panel().past.columns) == ["unique_id", "ds", "y"]


def test_the_most_valuable_series_come_first() -> None:
    ds = pd.date_range("2022-01-02", periods=80, freq="W-SUN")
    sells = {"cheap": (10.0, 1.0), "dear": (4.0, 5.0), "once": (0.0, 9.0)}
    parts = [pd.DataFrame({"unique_id": uid, "ds": ds, "y": y, "price": price}) for uid, (y, price) in sells.items()]
    table = pd.concat(parts, ignore_index=True)
    table.loc[(table["unique_id"] == "once") & (table["ds"] == ds[0]), "y"] = 1e6  # more than a year ago
    assert open_source(table).by_value() == ["cheap", "dear", "once"]
    assert open_source(table, schema=PanelSchema(known_future=["price"])).by_value() == ["dear", "cheap", "once"]
    assert open_source(table).by_value(ds[20]) == ["once", "cheap", "dear"]  # as of then, it sold most
    table.loc[table["unique_id"].eq("dear") & (table["ds"] > ds[20]), "y"] = 9e9
    assert open_source(table).by_value(ds[20]) == ["once", "cheap", "dear"]  # what came later has no say
