"""Replays at equal stock, on three products: what is matched, compared and shown."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from skucast.evals.bench import replays
from skucast.evals.bench.replays import Case, differences, frontier, matched, measure, part
from skucast.evals.bench.replays_page import page
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.decide.replay import Replayed
from skucast.tools.quantiles import Array


def panel() -> Panel:
    """Three products that sell 4 and 6 in turn, 8 and 12, and 2 always, for 40 weeks."""
    ds = pd.date_range("2023-01-01", periods=40, freq="W-SUN")
    turns = np.arange(40) % 2
    units = {"a": 4.0 + 2 * turns, "b": 8.0 + 4 * turns, "c": np.full(40, 2.0)}
    frames = [pd.DataFrame({"unique_id": uid, "ds": ds, "y": y}) for uid, y in units.items()]
    return read_panel(pd.concat(frames), schema=PanelSchema())


CASE = Case("retail2_1W", panel, 10, (4, 8), 3, "any@{date}")


@pytest.fixture(autouse=True)
def means_known(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A forecast of the two values of each product, as likely as one another; the models that were asked for."""
    asked: list[str] = []

    def forecaster(model: str, *_: object) -> Callable[[Panel], Array]:
        asked.append(model)
        draws = np.random.default_rng(0).integers(0, 2, (1, 200, 3))
        low, more = np.array([4.0, 8, 2])[:, None, None], np.array([2.0, 4, 0])[:, None, None]
        return lambda panel: low + more * draws

    monkeypatch.setattr(replays, "forecaster", forecaster)
    return asked


def test_a_part_begins_with_a_mean_week_and_learns_anew(means_known: list[str], tmp_path: Path) -> None:
    """Ten weeks from the 31st: decisions at the ends of the 30th to the 37th, learned at the first, fourth, seventh."""
    made = part(panel(), CASE, 30, tmp_path)
    assert made.on_hand.tolist() == [5, 10, 2] and made.pipeline.tolist() == [[5, 5], [10, 10], [2, 2]]
    assert made.demand.shape == (3, 10) and made.demand[0, 0] == 4
    dates = pd.date_range("2023-01-01", periods=40, freq="W-SUN")
    assert [one.at for one in made.known] == list(dates[29:37])
    assert means_known == [f"any@{dates[place]:%Y-%m-%d}" for place in (29, 32, 35)]
    assert made.known[0].history.shape[1] == 30


def test_the_highest_level_with_no_more_stock() -> None:
    assert matched(lambda level: 100 * level, 62.0) == pytest.approx(0.62, abs=0.002)
    assert matched(lambda level: 100 * level, 62.0) <= 0.62
    assert matched(lambda level: 100.0, 62.0) == 0.05


def played(sold: list[float], lost: list[float], stock: list[float]) -> Replayed:
    """Two products in a week after the two that the start decides."""
    blank = np.full((2, 2), 1e6)
    some = [np.concatenate([blank, np.array(values)[:, None]], axis=1) for values in (sold, lost, stock)]
    cost = 0.1 * some[2] + 0.9 * some[1]
    return Replayed(np.zeros((2, 3)), some[2], some[0], some[1], np.zeros((2, 3)), cost)


def test_differences_by_hand() -> None:
    """Ours sells 19 of 20 and holds 8; the other one 15 of 20 and holds 10: 20 points more, at a fifth less stock. It
    costs 0.9 + 0.8 against 4.5 + 1. Of two products every draw is one of three, so the interval spans them."""
    found = differences(played([10, 9], [0, 1], [4, 4]), played([8, 7], [2, 3], [5, 5]))
    assert found["fill_rate"] == {"gap": 0.2, "low": 0.2, "high": 0.2}
    assert found["stock"] == {"gap": -0.2, "low": -0.2, "high": -0.2}
    assert found["cost"]["gap"] == pytest.approx(1.7 / 5.5 - 1, abs=1e-4)
    assert found["cost"]["low"] < found["cost"]["gap"] < found["cost"]["high"]


def test_what_no_other_setting_beats() -> None:
    assert frontier([(10, 0.5), (10, 0.6), (12, 0.55), (15, 0.7)]) == [[10, 0.6], [15, 0.7]]


def test_what_is_measured_and_the_page(tmp_path: Path) -> None:
    """The level for each rule had no more stock than it on the earlier part, and both parts are told."""
    found = measure(CASE, tmp_path, lambda _: None)
    assert set(found["rules"]) == {"a", "b", "c"} and found["products"] == 3
    for row in found["rules"].values():
        assert row["earlier"]["ours"]["stock"] <= row["earlier"]["theirs"]["stock"]
        assert row["hindsight"]["ours"]["stock"] <= row["later"]["theirs"]["stock"]
    told = {"cases": {CASE.name: found}, "costs": {"holding": 0.1, "shortage": 0.9}}
    text = page(told | {"command": "the command", "date": "today"})
    assert "service level of 90%" in text and "{" not in text
    assert f"{found['rules']['b']['later']['ours']['fill_rate']:.1%}" in text
