"""VN2: nothing of the competition's own weeks, and a stock flag that is no plan."""

from pathlib import Path

import pandas as pd
import pytest
from skucast.evals.tasks.panels.vn2 import vn2_weekly
from skucast.evals.tasks.task import EvalTask, load_spec

from ..conftest import well_formed


def write(folder: Path) -> None:
    weeks = pd.date_range("2024-03-25", periods=4, freq="W-MON")  # the last is the competition's first
    rows = {"Store": 0, "Product": 126, "week": weeks, "units": [3.0, 0.0, 2.0, 900.0]}
    pd.DataFrame({**rows, "in_stock": [True, False, True, True]}).to_parquet(folder / "vn2/weekly_sales.parquet")
    codes = {"ProductGroup": 3012, "Division": 30, "Department": 31, "DepartmentGroup": 32}
    pd.DataFrame([{"Store": 0, "Product": 126, **codes, "StoreFormat": 1, "Format": 13}]).to_parquet(
        folder / "vn2/master.parquet"
    )


def test_the_weeks_of_the_competition_are_not_there(folder: Path) -> None:
    write(folder)
    panel = vn2_weekly()
    well_formed(panel)
    assert panel.past["y"].tolist() == [3, 0, 2]
    assert panel.past["in_stock"].tolist() == [1, 0, 1]
    assert panel.cutoff == pd.Timestamp("2024-04-08")
    assert (panel.schema.known_future, panel.schema.past_only) == ([], ["in_stock"])
    assert panel.static.loc["0-126", ["category", "department", "store"]].tolist() == [
        *("category 3012", "department 31", "store 0"),
    ]


@pytest.mark.slow
def test_facts_of_the_real_files(benchmark_data: Path) -> None:
    rows = pd.read_parquet(benchmark_data / "vn2/weekly_sales.parquet")
    assert len(rows) == 98_835
    assert (~rows["in_stock"]).mean() == pytest.approx(0.106, abs=5e-4)
    assert (rows["units"] == 0).mean() == pytest.approx(0.43, abs=5e-3)
    assert rows.loc[~rows["in_stock"], "units"].sum() == 0
    task = EvalTask(*load_spec("vn2_1W"))
    assert len(task.wanted) == task.series_of == 599
    ends = [window.panel.cutoff for window in task.windows()]
    assert ends == [pd.Timestamp(day) for day in ("2023-10-23", "2023-12-18", "2024-02-12")]
    assert max(max(days) for days in task.truth(2).ds) == "2024-04-08"
