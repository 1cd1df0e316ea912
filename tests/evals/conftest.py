"""A small panel file for tasks of our own, forecasters that follow a script, and the benchmark data where it is."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from skucast.evals.scoring.contestants import Forecasts
from skucast.evals.tasks.task import EvalTask, TaskSpec, Window
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.quantiles import LEVELS, Array

HORIZON, WINDOWS, WEEKS = 3, 2, 40
SCHEMA = PanelSchema(known_future=["promo"], past_only=["views"], static=["category", "name"])


def make_frame(series: int = 6, weeks: int = WEEKS) -> pd.DataFrame:
    """Weekly units of a few products; `views` is the next week's units: a leak to whoever sees it too early."""
    rng = np.random.default_rng(5)
    parts = []
    for i in range(series):
        y = rng.poisson(10 + 15 * i, weeks + 1).astype(float)
        ds = pd.date_range("2023-01-01", periods=weeks, freq="W-SUN")
        promo = (rng.random(weeks) < 0.2).astype(float)
        part = pd.DataFrame({"unique_id": f"S{i:02d}", "ds": ds, "y": y[:-1], "promo": promo, "views": y[1:]})
        parts.append(part.assign(category="ab"[i % 2], name=f"product {i}"))
    return pd.concat(parts, ignore_index=True)


def make_panel(frame: pd.DataFrame | None = None, schema: PanelSchema = SCHEMA) -> Panel:
    return read_panel(make_frame() if frame is None else frame, schema=schema)


def task_of(
    panel: Panel,
    monkeypatch: pytest.MonkeyPatch,
    *,
    horizon: int = HORIZON,
    windows: int = WINDOWS,
    seasonality: int | None = 1,
    limit: int | None = None,
    seed: int = 0,
) -> EvalTask:
    """A task over a panel in memory."""
    spec = TaskSpec(file="in memory", horizon=horizon, windows=windows, seasonality=seasonality)
    with monkeypatch.context() as patch:
        patch.setattr("skucast.evals.tasks.task.load_panel", lambda _: panel)
        return EvalTask("small", spec, limit=limit, seed=seed)


def poisoned(panel: Panel, cutoff: pd.Timestamp, *, factor: float = 7.0) -> Panel:
    """The panel with every sale and past-only value after the cutoff changed beyond recognition; the plan stands."""
    past = panel.past.copy()
    after = past["ds"] > cutoff
    rng = np.random.default_rng(9)
    for name in ("y", *panel.schema.past_only):
        noise = factor * past.loc[after, name] + rng.integers(100, 900, int(after.sum()))
        past.loc[after, name] = noise
    return replace(panel, past=past)


@dataclass
class Scripted:
    """A contestant that says what it is told to, and remembers the windows it was shown."""

    say: Callable[[Window, str], Array]
    name: str = "Scripted"
    windows: list[Window] = field(default_factory=list)

    def forecast(self, window: Window, horizon: int) -> Forecasts:
        self.windows.append(window)
        return Forecasts({uid: self.say(window, uid) for uid in window.wanted})


def last_value(window: Window, uid: str) -> Array:
    """The last known units at every step and level."""
    y = window.panel.past_of(uid)["y"].to_numpy(dtype=float)
    return np.full((HORIZON, len(LEVELS)), y[np.isfinite(y)][-1])


@pytest.fixture
def small_task(monkeypatch: pytest.MonkeyPatch) -> EvalTask:
    return task_of(make_panel(), monkeypatch)


@pytest.fixture
def sales_csv(tmp_path: Path) -> Path:
    """The small panel as a file with its schema beside it."""
    make_frame().to_csv(tmp_path / "sales.csv", index=False)
    (tmp_path / "sales.toml").write_text(
        'known_future = ["promo"]\npast_only = ["views"]\nstatic = ["category", "name"]\n', encoding="utf-8"
    )
    return tmp_path / "sales.csv"


@pytest.fixture
def benchmark_data() -> Path:
    """The folder of the benchmark data. Without SKUCAST_DATA the test is skipped; set, the files must be there."""
    named = os.environ.get("SKUCAST_DATA")
    if not named:
        pytest.skip("NOT CHECKED: SKUCAST_DATA is not set, so the benchmark data is not at hand (see docs/DATA.md)")
    return Path(named)
