"""Base forecasts: quantiles for every series, whatever it looks like."""

import numpy as np
import pandas as pd
import pytest
from skucast.tools.base import base_forecasts, count_quantiles
from skucast.tools.errors import InputError
from skucast.tools.panel import Panel
from skucast.tools.read import read_panel
from skucast.tools.schema import PanelSchema

RNG = np.random.default_rng(0)
KEEP = PanelSchema(missing="keep")


def panel_of(series: dict[str, np.ndarray], freq: str = "W-SUN", start: str = "2022-01-02") -> Panel:
    frames = [
        pd.DataFrame({"unique_id": uid, "ds": pd.date_range(start, periods=len(y), freq=freq), "y": y})
        for uid, y in series.items()
    ]
    return read_panel(pd.concat(frames), schema=KEEP)


def check(quantiles: np.ndarray, horizon: int) -> None:
    assert quantiles.shape == (horizon, 9)
    assert np.isfinite(quantiles).all()
    assert (quantiles >= 0).all()
    assert (np.diff(quantiles, axis=1) >= 0).all()


def test_every_kind_of_series_gets_monotone_non_negative_quantiles() -> None:
    sparse = (RNG.random(60) < 0.3) * RNG.poisson(5, 60)
    known_gaps = RNG.poisson(20, 60).astype(float)
    known_gaps[[3, 4, 30, 59]] = np.nan
    made = base_forecasts(
        panel_of(
            {
                "smooth": RNG.poisson(50, 60).astype(float),
                "sparse": sparse.astype(float),
                "zero": np.zeros(60),
                "same": np.full(60, 7.0),
                "short": np.array([3.0, 5.0, 4.0]),
                "one": np.array([6.0]),
                "gaps": known_gaps,
                "tiny": RNG.random(60) * 1e-3,
                "huge": RNG.random(60) * 1e9,
            }
        ),
        6,
    )
    for forecast in made.values():
        check(forecast.quantiles, 6)
        for member in forecast.members.values():
            check(member, 6)
    assert list(made["smooth"].members) == ["SeasonalNaive", "AutoETS", "DynamicOptimizedTheta"]
    assert list(made["sparse"].members) == ["SeasonalNaive", "CrostonSBA", "TSB"]
    assert made["zero"].quantiles.max() == 0
    for uid, word in {
        "zero": "no sales",
        "same": "the same",
        "short": "only 3",
        "one": "only 1",
        "gaps": "4 of 60",
    }.items():
        assert any(word in warning for warning in made[uid].warnings), (uid, made[uid].warnings)


def test_the_ensemble_is_the_equal_weight_mean_of_its_members() -> None:
    forecast = base_forecasts(panel_of({"a": RNG.poisson(50, 60).astype(float)}), 4)["a"]
    assert np.allclose(forecast.quantiles, np.mean(list(forecast.members.values()), axis=0))


def test_a_daily_week_is_found() -> None:
    y = np.tile([10.0, 12.0, 11.0, 13.0, 30.0, 50.0, 0.0], 12) + RNG.random(84)
    forecast = base_forecasts(panel_of({"a": y}, "D"), 7)["a"]
    assert np.allclose(forecast.quantiles[:, 4], y[-7:], atol=2.5)
    assert not forecast.warnings


def test_a_season_needs_two_full_ones() -> None:
    warned = base_forecasts(panel_of({"a": RNG.poisson(50, 60).astype(float)}), 2)["a"].warnings
    assert any("no season" in warning for warning in warned)
    assert not base_forecasts(panel_of({"a": RNG.poisson(50, 104).astype(float)}), 2)["a"].warnings


def test_each_series_starts_from_its_own_end() -> None:
    trend = np.arange(40.0)
    made = base_forecasts(panel_of({"long": trend, "ended": trend[:20]}), 1, models=["SeasonalNaive"])
    assert made["long"].quantiles[0, 4] == pytest.approx(39.0)
    assert made["ended"].quantiles[0, 4] == pytest.approx(19.0)


def test_a_longer_history_does_not_reach_back_in_time() -> None:
    y = RNG.poisson(50, 80).astype(float)
    changed = y.copy()
    changed[60:] = 9_999.0
    cutoff = pd.date_range("2022-01-02", periods=60, freq="W-SUN")[-1]
    made = [base_forecasts(panel_of({"a": v}).before(cutoff), 4)["a"].quantiles for v in (y, changed)]
    assert np.array_equal(made[0], made[1])


def test_counts_by_hand() -> None:
    # mean 3 with the variance of a Poisson: quantiles of Poisson(3)
    poisson = count_quantiles(np.array([3.0]), np.array([1.0, 2.0, 4.0, 5.0]))
    assert poisson[0].tolist() == [1, 2, 2, 2, 3, 3, 4, 4, 5]
    wide = count_quantiles(np.array([3.0]), np.array([0.0, 0.0, 0.0, 12.0]))
    assert wide[0, 0] < poisson[0, 0] and wide[0, -1] > poisson[0, -1]
    assert count_quantiles(np.array([0.0]), np.zeros(4)).max() == 0


def test_bad_words() -> None:
    panel = panel_of({"a": RNG.poisson(50, 20).astype(float)})
    with pytest.raises(InputError, match="horizon 0"):
        base_forecasts(panel, 0)
    with pytest.raises(InputError, match="did you mean AutoETS"):
        base_forecasts(panel, 2, models=["AutoEST"])
