"""Base forecasts: quantiles for every series, whatever it looks like."""

import re

import numpy as np
import pandas as pd
import pytest
from skucast.prompts.messages.say import say
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.errors import InputError
from skucast.tools.forecast.statistical import base_forecasts, count_quantiles
from skucast.tools.messages import message

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
    for uid, warning in {
        "zero": message("warning-no-sales", periods=60),
        "same": message("warning-constant", periods=60),
        "short": message("warning-short", periods=3),
        "one": message("warning-short", periods=1),
        "gaps": message("warning-interpolated", missing=4, periods=60),
    }.items():
        assert warning in made[uid].warnings, (uid, made[uid].warnings)


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
    assert warned == (message("warning-no-season", periods=60),)
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


def with_covariates(
    y: np.ndarray,
    known: dict[str, np.ndarray] | None = None,
    past_only: dict[str, np.ndarray] | None = None,
    freq: str = "D",
) -> Panel:
    """Series `[N, T]` with their covariates: known-future ones `[N, T + H]`, past-only ones `[N, T]`."""
    (n, periods), known, past_only = y.shape, known or {}, past_only or {}
    tables = []
    for i in range(n):
        ahead = max([periods, *(values.shape[1] for values in known.values())])
        table = pd.DataFrame({"unique_id": f"s{i}", "ds": pd.date_range("2023-01-01", periods=ahead, freq=freq)})
        for name, values in ({"y": y} | past_only).items():
            table[name] = np.pad(values[i], (0, ahead - periods), constant_values=np.nan)
        tables.append(table.assign(**{name: values[i] for name, values in known.items()}))
    schema = PanelSchema(missing="keep", known_future=list(known), past_only=list(past_only))
    return read_panel(pd.concat(tables), schema=schema)


def test_a_stock_out_is_not_zero_demand() -> None:
    rng = np.random.default_rng(2)
    stock = np.where(rng.random((6, 80)) < 0.3, 0.0, 40.0)
    stock[:, 0] = 40.0  # zeros before the first sale show no demand either way
    y = np.where(stock > 0, rng.poisson(50, (6, 80)), 0).astype(float)
    panel = with_covariates(y, past_only={"stock": stock}, freq="W-SUN")
    masked, plain = base_forecasts(panel, 4), base_forecasts(panel, 4, masks=False)
    for uid in masked:
        check(masked[uid].quantiles, 4)
        assert masked[uid].members.keys() == {"SeasonalNaive", "AutoETS", "DynamicOptimizedTheta"}  # and not sparse
        assert masked[uid].quantiles[:, 0].min() > plain[uid].quantiles[:, 0].max()
    medians = [np.mean([made[uid].quantiles[:, 4] for uid in masked]) for made in (masked, plain)]
    assert medians[0] == pytest.approx(50, rel=0.1)
    assert medians[1] < 40
    unmasked = with_covariates(y, past_only={"views": stock}, freq="W-SUN")
    assert np.array_equal(base_forecasts(unmasked, 4)["s0"].quantiles, plain["s0"].quantiles)


def test_a_planned_closure_is_forecast_as_zero_and_a_past_one_is_not_demand() -> None:
    rng = np.random.default_rng(3)
    open_ = np.tile((np.arange(98) % 7 != 6).astype(float), (2, 1))
    open_[1, 91:] = 1.0  # the second will open on its eighth Sunday
    y = rng.poisson(30, (2, 91)) * open_[:, :91]
    made = base_forecasts(with_covariates(y, {"open": open_}), 7)
    for forecast in made.values():
        check(forecast.quantiles, 7)
    for quantiles in (made["s0"].quantiles, *made["s0"].members.values()):
        assert (quantiles[6] == 0).all()
        assert (quantiles[:6, 4] > 15).all()
    assert made["s1"].quantiles[6, 4] == pytest.approx(30, rel=0.25)
    plain = base_forecasts(with_covariates(y, {"open": open_}), 7, masks=False)
    assert plain["s1"].quantiles[6, 4] < 10
    assert (plain["s0"].quantiles[6, -1] > 0).all()


def test_a_series_that_was_never_open() -> None:
    made = base_forecasts(with_covariates(np.zeros((1, 40)), {"open": np.zeros((1, 44))}), 4)["s0"]
    assert made.quantiles.max() == 0
    assert message("warning-no-period-known") in made.warnings


def test_masks_do_not_see_after_the_cutoff() -> None:
    rng = np.random.default_rng(4)
    y, stock = rng.poisson(20, (2, 60)).astype(float), np.full((2, 60), 9.0)
    later = stock.copy()
    later[:, 50:] = 0
    changed = np.where(later > 0, y, 0.0)
    cutoff = pd.Timestamp("2023-01-01") + pd.Timedelta(days=49)
    one, two = (with_covariates(a, past_only={"stock": b}).before(cutoff) for a, b in ((y, stock), (changed, later)))
    assert np.array_equal(base_forecasts(one, 5)["s1"].quantiles, base_forecasts(two, 5)["s1"].quantiles)


def test_a_model_over_the_budget_is_left_out_but_never_the_last() -> None:
    y = {f"s{i}": RNG.poisson(50, 40).astype(float) for i in range(4)}
    panel = panel_of(y)
    tight = base_forecasts(panel, 2, budget=1e-9)
    for forecast in tight.values():
        assert len(forecast.members) == 1
        left_out = [one for one in forecast.warnings if one.key == "warning-too-slow"]
        assert len(left_out) == 2
        assert all(re.search(r" would take \d+\.\d s a series, more than 1e-09: ", say(one)) for one in left_out)
        assert {one.facts["model"] for one in left_out} | set(forecast.members) == {
            "SeasonalNaive",
            "AutoETS",
            "DynamicOptimizedTheta",
        }
        assert np.array_equal(forecast.quantiles, next(iter(forecast.members.values())))
    only = base_forecasts(panel, 2, models=["AutoETS"], budget=1e-9)["s0"]
    assert list(only.members) == ["AutoETS"] and not any(one.key == "warning-too-slow" for one in only.warnings)


def test_within_the_budget_nothing_changes() -> None:
    panel = panel_of({f"s{i}": RNG.poisson(50, 40).astype(float) for i in range(4)})
    roomy, none = base_forecasts(panel, 2, budget=1e6), base_forecasts(panel, 2)
    for uid, forecast in none.items():
        assert roomy[uid].warnings == forecast.warnings
        assert np.array_equal(roomy[uid].quantiles, forecast.quantiles)


def test_the_season_can_be_given() -> None:
    y = np.tile([10.0, 20.0, 30.0], 10)
    made = base_forecasts(panel_of({"a": y}), 4, models=["SeasonalNaive"], season_length=3)["a"]
    assert made.quantiles[:, 4] == pytest.approx([10, 20, 30, 10])
    assert not made.warnings
    assert base_forecasts(panel_of({"a": y}), 1, models=["SeasonalNaive"])["a"].quantiles[0, 4] == pytest.approx(30)
    short = base_forecasts(panel_of({"a": y}), 1, models=["SeasonalNaive"], season_length=16)["a"]
    assert short.warnings == (message("warning-no-season", periods=30),)
