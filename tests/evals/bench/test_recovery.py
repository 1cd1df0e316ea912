"""Hidden hours: which are hidden, what each method makes of days alike, and the page."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from skucast.evals.bench import recovery, recovery_forecasts
from skucast.evals.bench.recovery import MECHANISMS, Hidden, Hours, figures, hide, methods, targets

SERIES, DAYS, HOURS = 40, 84, 16


def alike() -> Hours:
    """10 units a day, the first half of the hours sells three quarters; every seventh day is out from its middle on."""
    sold = np.tile(np.repeat([7.5 / 8, 2.5 / 8], 8), (SERIES, DAYS, 1))
    out = np.zeros(sold.shape, dtype=bool)
    out[:, ::7, 8:] = True
    kinds = [np.zeros((SERIES, DAYS), dtype=np.int64)]
    rows = np.arange(SERIES) % 4
    return Hours(np.where(out, 0.0, sold), out, kinds, {"all": None, "product": rows, "store": rows})


def test_only_targets_in_stock_are_hidden() -> None:
    data = alike()
    chosen = targets(data, later=True)
    assert not (chosen & targets(data, later=False)).any()
    for name in MECHANISMS:
        one = hide(data, chosen, name, seed=0)
        assert one.days.any() and not one.days[:, ::7].any() and (one.days <= chosen).all()
        assert (one.hours.any(axis=2) == one.days).all()
        assert not one.hours[:, :, 0].any()  # of the real ones here, and of a stock that is above nothing


def test_days_of_high_demand_are_hidden_more_often() -> None:
    data = alike()
    data.sold[:, 1::2] *= 3
    high = hide(data, np.ones(data.out.shape[:2], dtype=bool), "high demand", seed=0).days
    assert high[:, 1::2].sum() > 2 * high[:, ::2].sum()


def test_a_stock_runs_out_after_the_hour_that_empties_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stock of half a mean day, 5: five hours of 15 / 16 are less, six are more: the seventh is the first out."""
    monkeypatch.setattr(recovery, "STOCK", (0.5, 0.5))
    one = hide(alike(), targets(alike(), later=True), "runs out", seed=0)
    assert (one.hours[one.days] == (np.arange(HOURS) >= 6)).all()


def test_methods_on_days_alike() -> None:
    """Half of the hours hold three quarters of the day: by hours 15 are found of 10, by share and by the usual 10."""
    data = alike()
    hidden = hide(data, targets(data, later=True), "any day", seed=0)
    made = methods(data, ~(data.out | hidden.hours), {"strength": 2.0, "groups": "product"})
    means = {name: float(values[hidden.days].mean()) for name, values in made.items()}
    assert means["ignored"] == pytest.approx(7.5) and means["by hours"] == pytest.approx(15)
    for name in ("by share", "usual", "ours", "count, profile"):
        assert means[name] == pytest.approx(10, rel=0.01), name


def test_figures_by_hand() -> None:
    """12 and 6 against 10 and 10: 2 too few of 20, 6 wrong. The day of which a quarter was hidden is 20 % too high."""
    made = np.array([[12.0, 6, 99]])
    hours = np.zeros((1, 3, 4), dtype=bool)
    hours[0, 0, 3:], hours[0, 1, 1:] = True, True
    found = figures(made, np.full((1, 3), 10.0), Hidden(hours.any(axis=2), hours))
    assert (found["bias"], found["wape"], found["interval"]) == (-0.1, 0.3, [-0.1, -0.1])
    assert found["bias_by_hidden"] == [0.2, None, -0.4, None]


def test_forecast_figures_by_hand() -> None:
    """All levels at 8 of 10: 2 too low; the pinball loss is the mean level, a half, times 2, doubled."""
    found = recovery_forecasts.figures(np.full((2, 9), 8.0), np.array([10.0, np.nan]))
    assert found == {"bias": -0.2, "wape": 0.2, "wql": 0.2}


def test_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovery, "load", alike)
    one = {"bias": 0.1, "wape": 0.3, "wql": 0.2}
    kinds = {kind: {"all": one, "in_stock": one} for kind in ("sales", "recovered")}
    told = {"task": "a task", "model": "a model", "series": 1, "windows": 1, **kinds}
    monkeypatch.setattr(recovery_forecasts, "measure", lambda say: told)
    monkeypatch.setattr(recovery, "GRID", recovery.GRID[-2:])
    recovery.main(["--out", str(tmp_path)])
    text = (tmp_path / "RECOVERY.md").read_text(encoding="utf-8")
    held = json.loads((tmp_path / "recovery.json").read_text(encoding="utf-8"))
    assert [row["mechanism"] for row in held["rows"]] == [*MECHANISMS, "any day"]
    assert (
        f"**ours: both, by how much of the day was in stock** | {held['rows'][0]['methods']['ours']['bias']:+.1%}"
        in text
    )
    assert "{" not in text and "a model" in text
    assert pd.Timestamp(held["date"]) <= pd.Timestamp.now() + pd.Timedelta(days=1)
