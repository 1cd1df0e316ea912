"""Paths for decisions begin after the panel's last period, of every series."""

import numpy as np
import pandas as pd
import pytest
from skucast.agent.forecast.ahead import base_paths
from skucast.agent.forecast.forecaster import Forecaster
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema


def test_one_that_ends_earlier_is_not_shifted() -> None:
    """Of two alike one lacks its last six weeks: its paths are those from its own end on, less the first six."""
    ds = pd.date_range("2022-01-02", periods=110, freq="W-SUN")
    season = 50 + 40 * np.sin(2 * np.pi * np.arange(110) / 52)
    whole = pd.DataFrame({"unique_id": "a", "ds": ds, "y": season.round()})
    short = whole.assign(unique_id="b").head(104)
    panel = read_panel(pd.concat([whole, short]), schema=PanelSchema())
    made = {uid: paths.mean(axis=0) for uid, paths in base_paths(Forecaster(None), panel, ["a", "b"], 4)}
    assert made["a"].shape == made["b"].shape == (4,)
    assert made["b"] == pytest.approx(made["a"], rel=0.35)
    own = {
        uid: paths.mean(axis=0)
        for uid, paths in base_paths(Forecaster(None), panel.before(short["ds"].iloc[-1]), ["b"], 10)
    }
    assert made["b"] == pytest.approx(own["b"][6:], rel=0.01)
