"""The VN2 files in small."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from skucast.evals.bench import vn2_game

WEEKS = pd.date_range("2023-01-02", "2024-06-03", freq="W-MON")
PAST = WEEKS <= vn2_game.LAST_KNOWN


@pytest.fixture
def vn2_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two products: one sells 3 a week, one 1 every fourth week; in the competition both sell 100 and more."""
    (tmp_path / "vn2").mkdir()
    place = np.arange(len(WEEKS))
    parts = []
    for product, units in ((7, np.full(len(WEEKS), 3.0)), (8, (place % 4 == 0) * 1.0)):
        sold = np.where(PAST, units, 100.0 + place)
        part = {"Store": 0, "Product": product, "week": WEEKS, "units": sold, "in_stock": True}
        parts.append(pd.DataFrame(part))
    rows = pd.concat(parts, ignore_index=True)
    out = (rows["Product"] == 7) & (rows["week"] == "2024-02-26")
    rows.loc[out, ["units"]] = 0.0
    rows.loc[out, "in_stock"] = False
    rows.to_parquet(tmp_path / "vn2/weekly_sales.parquet")
    codes = ["ProductGroup", "Division", "Department", "DepartmentGroup", "StoreFormat", "Format"]
    master = [{"Store": 0, "Product": product, **dict.fromkeys(codes, 1)} for product in (7, 8)]
    pd.DataFrame(master).to_parquet(tmp_path / "vn2/master.parquet")
    state = {"Store": [0, 0], "Product": [8, 7], "End Inventory": [1, 5], "In Transit W+1": 0, "In Transit W+2": [2, 6]}
    pd.DataFrame(state).to_parquet(tmp_path / "vn2/initial_state.parquet")
    monkeypatch.setenv("SKUCAST_DATA", str(tmp_path))
    return tmp_path
