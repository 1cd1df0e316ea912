"""Tracking, worked out by hand: stages one after the other, late and corrected sales, overrides."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.errors import InputError
from skucast.tools.monitor.ledger import BANDS, Entry, Ledger, open_ledger
from skucast.tools.monitor.override import overrides
from skucast.tools.monitor.track import figures, labelled, track

WEEKS = pd.date_range("2024-01-07", periods=12, freq="W-SUN")
CUTOFF = WEEKS[9]


def sales(**last: list[float | None]) -> Panel:
    """Series that sold 10 a week for ten weeks, and then what is named."""
    parts = [
        pd.DataFrame({"unique_id": uid, "ds": WEEKS[: 10 + len(y)], "y": [10.0] * 10 + y}) for uid, y in last.items()
    ]
    return read_panel(pd.concat(parts), PanelSchema(missing="keep"))


def stage(uid: str, name: str, units: list[float], *, half: float = 4.0, cutoff: pd.Timestamp = CUTOFF) -> pd.DataFrame:
    """A stage's forecast of two weeks: the band reaches `half` to both sides; the naive one has none."""
    made = np.array(units)
    bands = {band: made + half * (place - 4) / 4 for place, band in enumerate(BANDS)}
    if name == "naive":
        bands |= {band: np.full(len(units), np.nan) for band in BANDS if band != "q-50"}
    at = {"cutoff": cutoff, "step": np.arange(1, len(units) + 1)}
    ds = pd.date_range(cutoff, periods=len(units) + 1, freq="W-SUN")[1:]
    return pd.DataFrame({"unique_id": uid, "freq": "W", "stage": name, "ds": ds, "mean": made, **at, **bands})


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """A: naive 10, 10; statistics 12, 12; trees 14, 20. B: naive 10, 10; statistics 8, 9."""
    made = open_ledger(str(tmp_path / "ledger.duckdb"))
    parts = [stage("A", "naive", [10, 10]), stage("A", "statistics", [12, 12]), stage("A", "trees", [14, 20])]
    parts += [stage("B", "naive", [10, 10]), stage("B", "statistics", [8, 9])]
    made.write(Entry("forecast", "ana"), pd.concat(parts))
    return made


def test_stages_by_hand(ledger: Ledger) -> None:
    """A sold 15, 16 and B 5, 4: 40 units.

    naive: errors 5, 6, 5, 6: 22 of 40. signed -5 - 6 + 5 + 6 = 0.
    statistics: errors 3, 4, 3, 5: 15 of 40; signed -3 - 4 + 3 + 5 = 1; in the band of 4: 3, 4, 3 and not 5; it is
    7 units closer than naive on 40: 17.5 points. Tracking signal 1 / (15 / 4).
    trees, of A alone: errors 1, 4: 5 of 31; statistics had 7 there: 2 of 31 points. Signed -1 + 4 = 3 over 2.5 a step.
    final: trees of A, statistics of B: 5 + 8 = 13 of 40, signed 3 + 8 = 11 over 13 / 4 a step; naive had 22.
    """
    found = track(ledger, sales(A=[15.0, 16.0], B=[5.0, 4.0]), author="ana")
    all_ = figures(found.products, ["stage"])
    assert all_.loc["naive", ["steps", "sold"]].tolist() == [4, 40]
    assert all_.loc["naive", ["wape", "bias", "tracking_signal"]].tolist() == pytest.approx([55.0, 0.0, 0.0])
    assert all_.loc["naive", ["coverage", "fva"]].isna().all()
    assert all_.loc["statistics"].tolist() == pytest.approx([4, 40, 37.5, 2.5, 75.0, 4 / 15, 17.5])
    assert all_.loc["trees"].tolist() == pytest.approx([2, 31, 500 / 31, 300 / 31, 100.0, 1.2, 200 / 31])
    assert all_.loc["final"].tolist() == pytest.approx([4, 40, 32.5, 27.5, 75.0, 11 / 3.25, 22.5])
    assert found.through == WEEKS[11] and (found.origins, found.missing, found.changed, found.late) == (1, 0, 0, 0)
    assert found.overridden.empty


def test_by_step_and_by_label(ledger: Ledger) -> None:
    """Step 1 of the final: 14 for 15 and 8 for 5; step 2: 20 for 16 and 9 for 4."""
    found = track(ledger, sales(A=[15.0, 16.0], B=[5.0, 4.0]), author="ana")
    steps = figures(found.steps, ["stage", "step"]).loc["final"]
    assert steps["wape"].tolist() == pytest.approx([100 * 4 / 20, 100 * 9 / 20])
    assert steps["coverage"].tolist() == [100.0, 50.0]
    by = figures(labelled(found, {"A": "tea"}), ["label", "stage"])
    assert by.loc[("tea", "final"), "wape"] == pytest.approx(500 / 31) and len(by.index.levels[0]) == 1


def test_sales_come_late_and_are_corrected(ledger: Ledger) -> None:
    """B's sales of the first week come later; A's 15 becomes 25; what is not known again stays what it was."""
    first = track(ledger, sales(A=[15.0, 16.0], B=[None, 4.0]), author="ana")
    assert (first.missing, first.changed, first.late) == (1, 0, 0)
    assert figures(first.products, ["stage"]).loc["final", "sold"] == 35
    second = track(ledger, sales(A=[25.0, 16.0], B=[5.0, 4.0]), author="ana")
    assert (second.missing, second.changed, second.late) == (0, 1, 1)
    assert figures(second.products, ["stage"]).loc["final", "sold"] == 50
    third = track(ledger, sales(A=[25.0, 16.0], B=[None, 4.0]), author="ana")
    assert (third.missing, third.changed, third.late) == (0, 0, 0)
    assert figures(third.products, ["stage"]).loc["final", "sold"] == 50
    rows = ledger.read("select unique_id, y from skucast_actuals where ds = '2024-03-17' order by y")
    assert rows.values.tolist() == [["B", 5.0], ["A", 15.0], ["A", 25.0]]  # added to, never changed


def test_only_periods_that_have_come_count(ledger: Ledger) -> None:
    found = track(ledger, sales(A=[15.0], B=[5.0]), author="ana")
    assert figures(found.products, ["stage"]).loc["final", "steps"] == 2 and found.missing == 0
    later = track(ledger, sales(A=[15.0, 16.0], B=[5.0, 4.0]), author="ana")
    assert figures(later.products, ["stage"]).loc["final", "steps"] == 4 and later.late == 0


def test_an_override_is_a_stage_of_its_own(ledger: Ledger) -> None:
    """ben says 16 for A's first week, which sold 15: as far off as the 14 of the trees; then 25: 9 units worse."""
    for units in (16.0, 25.0):
        rows = overrides(ledger, pd.DataFrame({"unique_id": ["A"], "ds": [WEEKS[10]], "units": [units]}))
        ledger.write(Entry("override", "ben"), rows)
    found = track(ledger, sales(A=[15.0, 16.0], B=[5.0, 4.0]), author="ana")
    all_ = figures(found.products, ["stage"])
    assert all_.loc["override", ["steps", "wape", "fva"]].tolist() == pytest.approx([1, 1000 / 15, -900 / 15])
    assert all_.loc["final", "wape"] == pytest.approx(100 * (10 + 4 + 3 + 5) / 40)
    assert all_.loc["final", "coverage"] == pytest.approx(100 * 2 / 3)  # a number alone has no band
    (row,) = found.overridden.to_dict("records")
    assert (row["unique_id"], row["author"], row["error"], row["error_before"]) == ("A", "ben", 10.0, 1.0)


def test_a_forecast_published_again_takes_the_place_of_all_stages(ledger: Ledger) -> None:
    """The new one has no trees: those of the old one no longer count."""
    ledger.write(
        Entry("forecast", "ana"), pd.concat([stage("A", "naive", [10, 10]), stage("A", "statistics", [15, 15])])
    )
    found = track(ledger, sales(A=[15.0, 16.0], B=[5.0, 4.0]), author="ana")
    all_ = figures(found.products, ["stage"])
    assert "trees" not in all_.index and all_.loc["final", "wape"] == pytest.approx(100 * (0 + 1 + 3 + 5) / 40)


def test_a_series_stands_by_one_frequency(ledger: Ledger) -> None:
    """Else a day's sales would be held to be what its week sold, corrected."""
    with pytest.raises(InputError, match="A stands there by W, not D; name another --ledger"):
        ledger.write(Entry("forecast", "ana"), stage("A", "naive", [2, 2]).assign(freq="D"))
    assert ledger.read("select distinct freq from skucast_forecasts")["freq"].tolist() == ["W"]


def test_several_cutoffs_count_side_by_side(ledger: Ledger) -> None:
    """A's second week is forecast anew a week later: one step ahead then."""
    ledger.write(Entry("forecast", "ana"), stage("A", "statistics", [16], cutoff=WEEKS[10]))
    found = track(ledger, sales(A=[15.0, 16.0], B=[5.0, 4.0]), author="ana")
    assert found.origins == 2 and figures(found.products, ["stage"]).loc["final", "steps"] == 5
    assert figures(found.steps, ["stage", "step"]).loc[("final", 1), "steps"] == 3


def test_nothing_sold_is_no_figure_and_nothing_forecast_is_said(ledger: Ledger, tmp_path: Path) -> None:
    found = track(ledger, sales(A=[0.0, 0.0], B=[0.0, 0.0], C=[5.0, 5.0]), author="ana")
    assert np.isnan(figures(found.products, ["stage"]).loc["final", "wape"])
    with pytest.raises(InputError, match="no forecast there of a period of these sales"):
        track(ledger, sales(A=[]), author="ana")
