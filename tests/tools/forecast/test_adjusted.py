"""Adjusted statistics: the pattern comes out, is smoothed, and goes back in as planned."""

import numpy as np
import pandas as pd
import pytest
from skucast.tools.data.panel import Panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.errors import InputError
from skucast.tools.forecast.adjusted import ADJUSTED, adjusted_forecasts
from skucast.tools.quantiles import MEDIAN, Array

HORIZON = 7
BOTH = pytest.mark.parametrize("model", ADJUSTED)


def panel_of(y: dict[str, Array], known: dict[str, Array] | None = None, freq: str = "D") -> Panel:
    """Series of any length from one start; each known-future covariate is one plan for all, longer than all of them."""
    known = known or {}
    ahead = max(len(values) for values in y.values()) + HORIZON
    ds = pd.date_range("2024-01-01", periods=ahead, freq=freq)
    past, future = [], []
    for uid, values in y.items():
        table = pd.DataFrame({"unique_id": uid, "ds": ds, **{name: plan[:ahead] for name, plan in known.items()}})
        past.append(table[: len(values)].assign(y=values))
        future.append(table[len(values) :])
    return Panel(
        pd.concat(past, ignore_index=True),
        pd.concat(future, ignore_index=True),
        pd.DataFrame(index=list(y)),
        PanelSchema(known_future=list(known)),
        freq,
    )


def check(quantiles: Array) -> None:
    assert quantiles.shape == (HORIZON, 9)
    assert np.isfinite(quantiles).all() and (quantiles >= 0).all()
    assert (np.diff(quantiles, axis=-1) >= 0).all()


@BOTH
def test_a_week_and_a_promotion_come_back_as_planned(model: str) -> None:
    """Without noise the next days are the pattern. It is shrunk to the level, so most of it comes back, not all."""
    days = np.arange(147)
    promo = ((days // 14) % 2 == 0).astype(float)
    true = np.array([10.0, 12.0, 11.0, 13.0, 20.0, 40.0, 5.0])[days % 7] * (1 + promo)
    for ends in (126, 119):  # the last week has no promotion, then one
        made = adjusted_forecasts(panel_of({"a": true[:ends]}, {"promo": promo}), HORIZON, model)["a"]
        check(made)
        truth, median = true[ends : ends + HORIZON], made[:, MEDIAN]
        assert np.abs(median - truth).mean() < 0.5 * np.abs(truth.mean() - truth).mean()  # half a flat forecast's error
        assert median.sum() == pytest.approx(truth.sum(), rel=0.12)  # 111, and 222 with the promotion


@BOTH
def test_a_level_that_rose_is_followed(model: str) -> None:
    rng = np.random.default_rng(0)
    y = np.concatenate([rng.poisson(20, 80), rng.poisson(60, 40)]).astype(float)
    made = adjusted_forecasts(panel_of({"a": y}, freq="W-SUN"), HORIZON, model)["a"]
    check(made)
    assert made[:, MEDIAN] == pytest.approx(np.full(HORIZON, 60), rel=0.25)
    assert (made[:, -1] > made[:, 0] + 5).all()


@BOTH
def test_a_steady_series_goes_on(model: str) -> None:
    made = adjusted_forecasts(panel_of({"a": np.full(60, 8.0)}), HORIZON, model)["a"]
    check(made)
    assert made == pytest.approx(np.full((HORIZON, 9), 8.0), rel=0.02)


@BOTH
def test_ten_times_the_units_ten_times_the_forecast(model: str) -> None:
    y = np.random.default_rng(1).poisson(30, 90).astype(float) + 1
    one = adjusted_forecasts(panel_of({"a": y}), HORIZON, model)["a"]
    ten = adjusted_forecasts(panel_of({"a": 10 * y}), HORIZON, model)["a"]
    np.testing.assert_allclose(ten, 10 * one, rtol=1e-3)


@BOTH
def test_closed_days_are_left_out_and_forecast_as_zero(model: str) -> None:
    days = np.arange(147)
    open_ = (days % 7 != 6).astype(float)
    y = np.random.default_rng(2).poisson(30, 147) * open_
    made = adjusted_forecasts(panel_of({"a": y[:140]}, {"open": open_}), HORIZON, model)["a"]
    check(made)
    assert (made[6] == 0).all()
    assert made[:6, MEDIAN] == pytest.approx(np.full(6, 30), rel=0.2)


@BOTH
def test_what_happened_after_the_cutoff_cannot_be_told(model: str) -> None:
    rng = np.random.default_rng(3)
    y, promo = rng.poisson(30, 100).astype(float), (rng.random(107) < 0.3).astype(float)
    changed = np.concatenate([y[:80], np.full(20, 9e5)])
    one, two = (panel_of({"a": v}, {"promo": promo}) for v in (y, changed))
    cutoff = pd.Timestamp("2024-01-01") + pd.Timedelta(days=79)
    known = adjusted_forecasts(one.before(cutoff), HORIZON, model)["a"]
    assert np.array_equal(known, adjusted_forecasts(two.before(cutoff), HORIZON, model)["a"])
    assert not np.array_equal(known, adjusted_forecasts(two, HORIZON, model)["a"])


@BOTH
def test_each_series_is_forecast_by_itself_from_its_own_end(model: str) -> None:
    rng = np.random.default_rng(4)
    week = np.tile([10.0, 10, 10, 10, 20, 40, 0], 20)
    series = {"long": week + rng.random(140), "ended": week[:101] + rng.random(101), "new": np.array([4.0, 6.0])}
    together = adjusted_forecasts(panel_of(series), HORIZON, model)
    assert list(together) == ["long", "ended", "new"]
    for uid, values in series.items():
        check(together[uid])
        alone = adjusted_forecasts(panel_of({uid: values}), HORIZON, model)[uid]
        np.testing.assert_allclose(together[uid], alone, rtol=1e-6)
    assert np.argmax(together["ended"][:, MEDIAN]) == np.argmax(week[101:108])


@BOTH
def test_series_without_a_sale(model: str) -> None:
    made = adjusted_forecasts(
        panel_of({"zero": np.zeros(60), "never": np.full(60, np.nan), "one": np.ones(1)}), HORIZON, model
    )
    for quantiles in made.values():
        check(quantiles)
    assert made["zero"].max() < 0.5 and made["never"].max() < 0.5


def test_bad_words() -> None:
    panel = panel_of({"a": np.ones(30)})
    with pytest.raises(InputError, match="'AdjustedEST': did you mean AdjustedETS"):
        adjusted_forecasts(panel, HORIZON, "AdjustedEST")


@BOTH
def test_a_horizon_is_positive(model: str) -> None:
    for horizon in (0, -1):
        with pytest.raises(InputError, match=f"horizon {horizon}"):
            adjusted_forecasts(panel_of({"a": np.ones(30)}), horizon, model)
