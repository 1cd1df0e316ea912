"""Breakfast at the Frat: weeks without a sale, prices that are not there, and products that are not on the shelf."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from skucast.evals.tasks.panels.breakfast import FIRST_TEST, breakfast_weekly
from skucast.evals.tasks.task import EvalTask, load_spec

from ..conftest import well_formed

COLUMNS = ["store_id", "upc_id", "week_end_date", "units", "visits", "price", "base_price", "feature", "display"]


def write(folder: Path, rows: list[tuple[object, ...]]) -> None:
    frame = pd.DataFrame(rows, columns=COLUMNS)
    frame["week_end_date"] = pd.to_datetime(frame["week_end_date"])
    frame.astype({"store_id": "category", "upc_id": "category"}).to_parquet(
        folder / "breakfast_at_the_frat/weekly.parquet"
    )
    product = {"description": "PL PRETZELS", "manufacturer": "PRIVATE LABEL", "category": "BAG SNACKS"}
    pd.DataFrame([{"upc_id": "11", **product, "sub_category": "PRETZELS", "product_size": "15 OZ"}]).to_parquet(
        folder / "breakfast_at_the_frat/products.parquet"
    )
    place = {"address_city_name": "ERLANGER", "address_state_prov_code": "KY", "seg_value_name": "VALUE"}
    pd.DataFrame([{"store_id": "2", "store_name": "SILVERLAKE", **place, "sales_area_size_num": 460.0}]).to_parquet(
        folder / "breakfast_at_the_frat/stores.parquet"
    )


def test_a_week_without_a_row(folder: Path) -> None:
    write(
        folder,
        [  # three weeks from 2010-04-07, then one long after
            ("2", "11", "2010-04-07", 8, 7, 2.0, 2.5, False, True),  # 20 % off
            ("2", "11", "2010-04-28", 3, 3, 3.0, 2.5, True, False),  # sold above its base price
            ("2", "11", "2010-05-05", 4, 4, np.nan, np.nan, False, False),
            ("2", "11", "2011-04-06", 1, 1, 1.5, 3.0, False, False),
            ("2", "11", "2012-01-04", 2, 2, 3.0, 3.0, False, False),
        ],
    )
    panel = breakfast_weekly()
    well_formed(panel)
    assert panel.unique_ids == ["2-11"]
    first = panel.past.head(5)
    assert first["ds"].dt.day_name().unique().tolist() == ["Wednesday"]
    assert first["y"].tolist() == [8, 0, 0, 3, 4]
    assert first["visits"].tolist() == [7, 0, 0, 3, 4]
    assert first["regular_price"].tolist() == [2.5, 2.5, 2.5, 3.0, 3.0]
    assert first["price"].tolist() == [2.0, 2.5, 2.5, 3.0, 3.0]  # nothing tells of a promotion
    assert first["discount"].tolist() == pytest.approx([0.2, 0, 0, 0, 0])
    assert first["feature"].tolist() == [0, 0, 0, 1, 0]
    assert first["display"].tolist() == [1, 0, 0, 0, 0]
    assert panel.past["ds"].iloc[-1] == panel.cutoff == pd.Timestamp("2012-01-04")
    assert panel.schema.past_only == ["visits"]
    assert panel.static.loc["2-11"].tolist() == [
        *("pl pretzels", "bag snacks", "pretzels", "private label", "15 oz"),
        *("silverlake", "erlanger", "ky", "value", 460.0),
    ]


def test_what_comes_later_does_not_choose(folder: Path) -> None:
    """Sold 52 weeks before the first test week (2011-04-13) and in the last 13 before it, whatever came after."""

    def row(upc: str, day: str, units: int = 1) -> tuple[object, ...]:
        return "2", upc, day, units, units, 1.0, 1.0, False, False

    assert pd.Timestamp(FIRST_TEST) == pd.Timestamp("2012-01-04") - pd.Timedelta(weeks=38)
    write(
        folder,
        [
            *(row("11", "2010-04-14"), row("11", "2011-01-12")),  # just in, both ways; never sold again
            *(row("12", "2010-04-21"), row("12", "2011-04-06"), row("12", "2012-01-04", 900)),  # too new
            *(row("13", "2009-01-14"), row("13", "2011-01-05"), row("13", "2012-01-04", 900)),  # gone from the shelf
            *(row("14", "2011-06-01", 900), row("14", "2012-01-04", 900)),  # listed later
            *(row("15", "2010-04-14"), row("15", "2011-01-12", 0), row("15", "2011-01-05")),  # a row, but no sale
            *(row("16", "2010-01-06"), row("16", "2011-04-06"), row("16", "2012-01-04")),
        ],
    )
    panel = breakfast_weekly()
    assert panel.unique_ids == ["2-11", "2-16"]
    assert panel.past_of("2-11")["y"].sum() == 2
    assert panel.past_of("2-11")["ds"].max() == panel.cutoff


@pytest.mark.slow
def test_the_sample_of_the_real_task(benchmark_data: Path) -> None:
    rows = pd.read_parquet(benchmark_data / "breakfast_at_the_frat/weekly.parquet")
    assert (len(rows), rows["store_id"].nunique(), rows["upc_id"].nunique()) == (524_950, 77, 55)
    assert rows["week_end_date"].nunique() == 156
    for name, windows in (("breakfast_1W", 3), ("breakfast_1W_long", 1)):
        task = EvalTask(*load_spec(name))
        assert (len(task.wanted), task.series_of) == (631, 631)
        shown = list(task.windows())
        assert len(shown) == windows
        assert shown[0].panel.cutoff == pd.Timestamp(FIRST_TEST) - pd.Timedelta(weeks=1)
