"""A folder of made-up benchmark files, and what every panel must be."""

from pathlib import Path

import pandas as pd
import pytest
from skucast.tools.data.panel import Panel

SOURCES = ("rossmann", "online_retail_ii", "koubei", "breakfast_at_the_frat", "freshretailnet", "vn2", "favorita")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in SOURCES:
        (tmp_path / name).mkdir()
    monkeypatch.setenv("SKUCAST_DATA", str(tmp_path))
    return tmp_path


def well_formed(panel: Panel) -> None:
    """One row a period from each series' first to last, sorted, one date at the end, the roles as declared."""
    past = panel.past
    assert list(past.columns) == ["unique_id", "ds", "y", *panel.schema.known_future, *panel.schema.past_only]
    assert past.equals(past.sort_values(["unique_id", "ds"], kind="stable").reset_index(drop=True))
    for _, rows in past.groupby("unique_id"):
        assert rows["ds"].tolist() == pd.date_range(rows["ds"].iloc[0], panel.cutoff, freq=panel.offset).tolist()
    assert list(panel.static.index) == panel.unique_ids
    assert list(panel.static.columns) == panel.schema.static
