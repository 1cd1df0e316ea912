"""Paths for decisions begin after the panel's last period, of every series."""

import numpy as np
import pandas as pd
import pytest
from skucast.agent.batch import orders
from skucast.agent.forecast import learned
from skucast.agent.forecast.ahead import base_paths
from skucast.agent.forecast.base import BlockedBase, CombinedBase
from skucast.agent.forecast.forecaster import Forecaster
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import open_source, read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.data.stock import Stock, StockRow
from skucast.tools.decide.policy import Policy
from skucast.tools.decide.scenarios import Scenario
from skucast.tools.errors import InputError


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


def test_a_block_that_ends_early_is_judged_like_anywhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of blocks of two the first, a and b, ends 30 weeks before c and d: what is in stock of it is dead."""
    rng, ds, parts = np.random.default_rng(1), pd.date_range("2022-01-02", periods=104, freq="W-SUN"), []
    for uid, weeks in (("a", 74), ("b", 70), ("c", 104), ("d", 104)):
        parts.append(pd.DataFrame({"unique_id": uid, "ds": ds[:weeks], "y": rng.poisson(9, weeks).astype(float)}))
    frame, stock = pd.concat(parts), Stock("s", {uid: StockRow(uid, 5.0) for uid in "abcd"})
    made = {}
    for size in (2, 4):
        monkeypatch.setattr(orders, "BLOCK", size)
        done = orders.order_lines(Forecaster(None), open_source(frame), stock, [Scenario(Policy())])
        made[size] = {line.row.unique_id: (line.urgency, line.order, line.steps[0]) for line in done.lines[0]}
    assert made[2] == made[4]
    assert [made[2][uid][0] for uid in "abcd"] == ["dead", "dead", "order", "order"]
    assert {step for _, _, step in made[2].values()} == {pd.Timestamp("2023-12-31").date()}


def test_statistics_are_made_once_and_one_product_more_changes_but_its_stretch(monkeypatch: pytest.MonkeyPatch) -> None:
    rng, ds = np.random.default_rng(2), pd.date_range("2022-01-02", periods=60, freq="W-SUN")
    parts = [pd.DataFrame({"unique_id": uid, "ds": ds, "y": rng.poisson(9, 60) + 0.5}) for uid in "abcd"]
    panel, asked, real = read_panel(pd.concat(parts), schema=PanelSchema()), [], learned.base_forecasts

    def counted(some: Panel, horizon: int, workers: int | None = None) -> object:
        asked.append(some.unique_ids)
        return real(some, horizon, workers=workers)

    monkeypatch.setattr(learned, "base_forecasts", counted)
    monkeypatch.setattr("skucast.agent.forecast.ahead.AT_ONCE", 2)
    first, again = (dict(base_paths(Forecaster(None), panel, ["a", "b", "d"], 3)) for _ in range(2))
    assert asked == [["a", "b"], ["d"]] and all((first[uid] == again[uid]).all() for uid in first)
    list(base_paths(Forecaster(None), panel, ["a", "b", "c", "d"], 3))
    assert asked[2:] == [["c", "d"]]


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


def test_the_combined_tools_learn_from_what_was_wanted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The panel that they learn from is the recovered one, whole or in blocks; without such a column their own."""
    ds, half = pd.date_range("2022-01-02", periods=60, freq="W-SUN"), np.where(np.arange(60) % 2, 0.5, 1.0)
    rows = pd.DataFrame({"unique_id": "a", "ds": ds, "y": 20 * half, "in_stock": half})
    schema = PanelSchema(past_only=["in_stock"])
    panel, seen = read_panel(rows, schema=schema), list[float]()

    def learn(self: CombinedBase, known: Panel, *rest: object) -> None:
        seen.append(float(known.past["y"].iloc[-8:].mean()))
        raise InputError("seen")

    monkeypatch.setattr(CombinedBase, "_learned", learn)
    for tools in (CombinedBase(panel), BlockedBase(lambda ids: panel, ["a"])):
        list(base_paths(Forecaster(None, tools=tools), panel, ["a"], 4))
    assert seen == pytest.approx([20, 20], rel=0.05)
    plain = CombinedBase(read_panel(rows.assign(in_stock=1.0), schema=schema))
    assert plain.of_demand is plain
