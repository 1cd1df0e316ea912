"""FreshRetailNet: discounts that are missing, hours out of stock, and the weather that nobody knew."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from skucast.evals.tasks.panels.freshretailnet import freshretailnet_daily
from skucast.evals.tasks.task import EvalTask, load_spec
from skucast.tools.data.cube import cube

from ..conftest import well_formed


def write(folder: Path) -> None:
    days = [date(2024, 3, 28), date(2024, 3, 29), date(2024, 3, 30), date(2024, 3, 31)]
    daily = {
        "city_id": 0,
        "store_id": 8,
        "product_id": 6,
        "dt": days,
        "sale": [0.5, 0.0, 0.0, 0.2],
        "stockout_hours_6_21": [4, 16, 0, 16],
        "discount": [0.9, 0.0, 1.0, 1.05],
        "activity": [1, 0, 0, 0],
    }
    pd.DataFrame(daily).to_parquet(folder / "freshretailnet/daily.parquet")
    weather = {"precpt": 1.0, "avg_temperature": 20.0, "avg_humidity": 70.0, "avg_wind": 2.0}
    context = {"store_id": 8, "dt": days, "city_id": 0, "holiday": [0, 0, 1, 1], **weather}
    pd.DataFrame(context).to_parquet(folder / "freshretailnet/store_day_context.parquet")
    groups = {"management_group_id": 1, "first_category_id": 2, "second_category_id": 3, "third_category_id": 4}
    pd.DataFrame([{"product_id": 6, **groups}]).to_parquet(folder / "freshretailnet/products.parquet")


def test_discount_stock_and_weather(folder: Path) -> None:
    write(folder)
    panel = freshretailnet_daily()
    well_formed(panel)
    assert panel.unique_ids == ["8-6"]
    assert panel.past["discount"].fillna(-9).tolist() == pytest.approx([0.1, -9, 0.0, -0.05])  # 0 means missing
    assert panel.past["in_stock"].tolist() == [0.75, 0.0, 1.0, 0.0]
    assert panel.past["holiday"].tolist() == [0, 0, 1, 1]
    assert panel.schema.known_future == ["discount", "activity", "holiday"]
    assert panel.schema.past_only == ["in_stock", "precipitation", "temperature", "humidity", "wind"]
    assert panel.static.loc["8-6", ["category", "subcategory", "type"]].tolist() == [
        *("category 2", "subcategory 3", "type 4"),
    ]


def test_a_day_out_of_stock_is_one_where_nothing_sold_either(folder: Path) -> None:
    """A day that lost some hours, or that sold before the counted hours, shows what was sold."""
    write(folder)
    assert cube(freshretailnet_daily(), 1).stockout.tolist() == [[False, True, False, False]]


@pytest.mark.slow
def test_facts_of_the_real_panel(benchmark_data: Path) -> None:
    panel = freshretailnet_daily()
    assert (len(panel.unique_ids), len(panel.past), panel.past["ds"].nunique()) == (6_170, 555_300, 90)
    assert panel.past["discount"].isna().sum() == 2_044
    assert (panel.past["in_stock"] < 1).mean() == pytest.approx(0.445, abs=5e-4)
    out = (panel.past["in_stock"] == 0) & (panel.past["y"] == 0)
    task = EvalTask(*load_spec("freshretailnet_1D"))
    assert (len(task.wanted), task.series_of) == (772, 772)
    assert task.wanted == sorted(panel.unique_ids)[::8]
    assert out.sum() == 17_630
