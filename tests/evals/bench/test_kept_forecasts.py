"""Kept forecasts: the same data and code are answered from the disk, any other is forecast anew."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from skucast.evals.bench import kept_forecasts
from skucast.evals.bench.kept_forecasts import quantiles
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema


def sold(last: float) -> Panel:
    ds = pd.date_range("2024-01-07", periods=4, freq="W-SUN")
    return read_panel(pd.DataFrame({"unique_id": "a", "ds": ds, "y": [1.0, 2, 3, last]}), schema=PanelSchema())


def test_other_data_or_code_is_forecast_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A forecast of the last units; of the same week, but of units that were corrected, it is another one."""
    made = []

    def forecast(self: object, name: str, panel: Panel, horizon: int, **_: object) -> dict[str, np.ndarray]:
        made.append(name)
        return {"a": np.full((horizon, 9), panel.past["y"].iloc[-1])}

    monkeypatch.setattr(kept_forecasts.Toolbox, "forecast", forecast)
    assert quantiles(sold(4.0), "Recent", 2, tmp_path)[0, 0, 0] == 4
    assert quantiles(sold(4.0), "Recent", 2, tmp_path)[0, 0, 0] == 4
    assert len(made) == 1
    assert quantiles(sold(5.0), "Recent", 2, tmp_path)[0, 0, 0] == 5
    assert len(made) == 2
    monkeypatch.setattr(kept_forecasts, "code", lambda: "other")
    quantiles(sold(5.0), "Recent", 2, tmp_path)
    assert len(made) == 3
