"""Drift by hand and on planted changes; the ledger watched."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from skucast.tools.data.read import read_panel
from skucast.tools.errors import InputError
from skucast.tools.monitor import drift
from skucast.tools.monitor.drift import Thresholds, adwin, alarms, page_hinkley, scores, streams
from skucast.tools.monitor.ledger import BANDS, Entry, open_ledger
from skucast.tools.monitor.watch import as_table, watch
from skucast.tools.quantiles import LEVELS, Array

WEEKS = pd.date_range("2024-01-07", periods=52, freq="W-SUN")
SCORES = np.array([-1.2816, -0.8416, -0.5244, -0.2533, 0.0, 0.2533, 0.5244, 0.8416, 1.2816])  # of the normal, at LEVELS


def bands(centre: Array, deviation: float = 10.0) -> Array:
    """Quantiles `[T, Q]` of normal forecasts."""
    return centre[:, None] + deviation * SCORES[None]


def noise(seed: int = 0) -> Array:
    return np.random.default_rng(seed).normal(0, 1, 52)


def test_scores_are_standard_normal_of_what_was_forecast() -> None:
    """100 is the median, 112.816 the upper end of the band; what is not known stays so."""
    y = np.array([100.0, 112.816, np.nan])
    assert scores(y, bands(np.full(3, 100.0))) == pytest.approx([0.0, 1.2816, np.nan], abs=1e-3, nan_ok=True)
    assert len(LEVELS) == len(SCORES)


def test_page_hinkley_by_hand() -> None:
    """Ten zeros, then threes: deviations from the running mean, less the slack of 0.5, above the smallest sum of them.

    After n threes the mean is 3 n / (10 + n). 1: 3 - 0.273 - 0.5 = 2.227; 2: + 3 - 0.5 - 0.5 = 4.227;
    3: + 3 - 0.692 - 0.5 = 6.035. A threshold of 5 is passed by the third; the change was at place 10.
    """
    stream = np.array([0.0] * 10 + [3.0] * 5)
    assert page_hinkley(stream, 5.0) == (12, 10, True)
    assert page_hinkley(-stream, 5.0) == (12, 10, False)
    assert page_hinkley(stream, 4.2) == (11, 10, True)
    assert page_hinkley(stream, 50.0) is None


def test_what_is_not_known_is_passed_over() -> None:
    stream = np.array([0.0] * 10 + [np.nan] * 3 + [3.0] * 5)
    assert page_hinkley(stream, 5.0) == (15, 13, True)
    assert page_hinkley(np.full(20, np.nan), 1.0) is None


def test_adwin_sees_a_step() -> None:
    found = adwin(np.array([0.0] * 30 + [5.0] * 15) + 0.1 * np.arange(45) % 0.3, 0.002)
    assert found is not None and 30 <= found[0] < 40 and found[2]


@pytest.mark.parametrize(
    ("kind", "up", "change"),
    [
        ("level", True, lambda z, wave: z + 1.8),
        ("level", False, lambda z, wave: z - 1.8),
        ("variance", True, lambda z, wave: 4 * z),
        ("season", True, lambda z, wave: z + 2.2 * wave),
    ],
)
def test_planted_changes_are_found_and_named(kind: str, up: bool, change: object) -> None:
    """From the 21st week on, under a season of 13 weeks."""
    wave = np.sqrt(2) * np.sin(2 * np.pi * np.arange(52) / 13)
    centre, z = 100 + 20 * wave, noise()
    z[20:] = change(z[20:], wave[20:])  # type: ignore[operator]
    found = alarms("A", list(WEEKS), centre + 10 * z, bands(centre))
    assert found is not None and (found.unique_id, found.kind, found.up) == ("A", kind, up)
    assert WEEKS[20] <= found.at <= WEEKS[45] and abs((found.since - WEEKS[20]).days) <= 7 * 6


def test_stable_series_are_quiet_and_a_flat_forecast_has_no_season() -> None:
    flat = np.full(52, 100.0)
    cried = [alarms("A", list(WEEKS), flat + 10 * noise(seed), bands(flat)) for seed in range(40)]
    assert sum(one is not None for one in cried) <= 1
    assert np.isnan(streams(noise(), flat)["season"]).all()
    jumpy = Thresholds(level=0.1, variance=0.1, season=0.1)
    assert alarms("A", list(WEEKS), flat + 10 * noise(), bands(flat), jumpy) is not None


def test_without_river_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(drift.importlib, "import_module", missing)
    with pytest.raises(InputError, match=r"pip install 'skucast\[learning\]'"):
        page_hinkley(np.zeros(3), 1.0)


def test_the_ledger_is_watched_by_its_shortest_forecasts(tmp_path: Path) -> None:
    """B sells a fifth less from the 31st week on. Two steps ahead the forecasts are absurd, and do not count."""
    ledger = open_ledger(str(tmp_path / "ledger.duckdb"))
    parts = []
    for uid in ("A", "B"):
        for step, centre in ((1, 100.0), (2, 5000.0)):
            made = dict(zip(BANDS, bands(np.full(52 - step, centre)).T, strict=True))
            head = {"unique_id": uid, "freq": "W", "stage": "trees", "step": step, "mean": centre}
            parts.append(pd.DataFrame({**made, **head, "cutoff": WEEKS[:-step], "ds": WEEKS[step:]}))
    ledger.write(Entry("forecast", "ana"), pd.concat(parts))
    y = {"A": 100 + 10 * noise(3), "B": (100 + 10 * noise(4)) * np.where(np.arange(52) >= 30, 0.8, 1)}
    panel = read_panel(pd.concat([pd.DataFrame({"unique_id": uid, "ds": WEEKS, "y": one}) for uid, one in y.items()]))
    told: list[tuple[int, int]] = []
    found, watched = watch(ledger, panel, progress=lambda done, of: told.append((done, of)))
    assert watched == 2 and told == [(1, 2), (2, 2)]
    (row,) = as_table(found).to_dict("records")
    assert (row["unique_id"], row["kind"], row["direction"]) == ("B", "level", "down")
    assert abs((pd.Timestamp(row["since"]) - WEEKS[30]).days) <= 7 and row["at"] <= "2024-10-13"
    with pytest.raises(InputError, match="no forecast there"):
        watch(ledger, panel.select(["A"]).before("2024-01-07"))
