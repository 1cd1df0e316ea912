"""Training rows: one target out of all measure teaches nothing to the others, nor does what was not sold yet."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from skucast.tools.data.cube import cube
from skucast.tools.data.panel import Panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.forecast.features import FeatureMaker
from skucast.tools.forecast.rows import origins, table
from skucast.tools.quantiles import Array

HORIZON = 4


def panel_of(y: Array) -> Panel:
    n, periods = y.shape
    ids = [f"s{i:02d}" for i in range(n)]
    ds = pd.date_range("2022-01-02", periods=periods, freq="W-SUN")
    past = pd.DataFrame({"unique_id": np.repeat(ids, periods), "ds": np.tile(ds, n), "y": y.reshape(-1)})
    return Panel(past, past.iloc[:0][["unique_id", "ds"]], pd.DataFrame(index=ids), PanelSchema(), "W-SUN")


def targets(y: Array) -> tuple[Array, Array]:
    """Targets of all rows, and the usual units that they were divided by; no period is hidden as an odd order."""
    whole = cube(panel_of(y), HORIZON)
    maker = FeatureMaker(replace(whole, outlier=np.zeros_like(whole.outlier)))
    made = table(maker, origins(maker.cube, "W"), np.random.default_rng(0), 10**9)
    assert made is not None
    return made.y, made.usual


def test_a_target_out_of_all_measure_counts_as_twice_the_99th_percentile() -> None:
    y = np.random.default_rng(0).poisson(20, (30, 60)).astype(float)
    plain, usual = targets(y)
    assert plain.max() < 2 * np.quantile(plain, 0.99)  # nothing was cut
    spiked = y.copy()
    spiked[3, 58] *= 1000  # in the newest windows: a target of theirs, and in nobody's past
    cut, same = targets(spiked)
    assert np.array_equal(usual, same)
    moved = cut != plain
    assert 0 < moved.sum() <= 2
    raw = np.where(moved, spiked[3, 58] / usual, plain)
    assert cut.max() == pytest.approx(2 * np.quantile(raw, 0.99))


def test_what_was_not_sold_yet_is_no_row() -> None:
    """Series 0 opens in week 40 of 60: it is in the rows of origins after its first sale alone, as many as by hand.

    Its first weeks over a usual 0.1 units would be targets of hundreds, which a Tweedie likelihood takes to heart.
    """
    y = np.random.default_rng(0).poisson(20, (5, 60)).astype(float) + 1
    late = y.copy()
    late[0, :40] = 0.0
    # origins 55, 53, ..., 5; the late one has shown 4 periods from origin 43 on: 7 of the 26
    assert len(targets(y)[0]) == 5 * 26 * HORIZON
    made, usual = targets(late)
    assert len(made) == (4 * 26 + 7) * HORIZON
    assert usual.min() > 5 and made.max() < 4
