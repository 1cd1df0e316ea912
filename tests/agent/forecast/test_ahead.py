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


def test_an_order_is_for_what_is_wanted_and_not_for_what_was_left() -> None:
    """20 a week, of which every other week sells 10 in its first half and has nothing for the second."""
    ds = pd.date_range("2022-01-02", periods=60, freq="W-SUN")
    half = np.where(np.arange(60) % 2, 0.5, 1.0)
    rows = pd.DataFrame({"unique_id": "a", "ds": ds, "y": 20 * half, "in_stock": half})

    def mean(table: pd.DataFrame) -> float:
        panel = read_panel(table, schema=PanelSchema(past_only=["in_stock"]))
        return float(next(iter(base_paths(Forecaster(None), panel, ["a"], 4)))[1].mean())

    assert mean(rows) == pytest.approx(20, rel=0.05)
    assert mean(rows.assign(in_stock=1.0)) == pytest.approx(15, rel=0.1)
