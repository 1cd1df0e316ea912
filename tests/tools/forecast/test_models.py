"""The toolbox: every model by name gives quantiles for every kind of series."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache, partial

import numpy as np
import pandas as pd
import pytest
from skucast.tools.data.panel import Panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.errors import InputError
from skucast.tools.forecast.gbm_mean import mean_gbm_forecasts
from skucast.tools.forecast.gbm_quantile import gbm_forecasts
from skucast.tools.forecast.models import MEMBERS, MODELS, Toolbox, unproven_weights
from skucast.tools.forecast.statistical import KNOWN, base_forecasts
from skucast.tools.quantiles import MEDIAN, Array

HORIZON = 4
BOX = Toolbox(workers=1)
SCHEMA = PanelSchema(known_future=["promo", "open", "price"], past_only=["views", "stock"], static=["category"])


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Threads that wait for a busy core make a small forest slow."""
    monkeypatch.setattr("skucast.tools.forecast.models.gbm_forecasts", partial(gbm_forecasts, threads=1))
    monkeypatch.setattr("skucast.tools.forecast.models.mean_gbm_forecasts", partial(mean_gbm_forecasts, threads=1))
    yield


def mixed_panel(freq: str = "W-SUN", periods: int = 44) -> Panel:
    """Ordinary series, and one each that is new, never sold, always sold the same, has gaps, is sparse, or ended."""
    rng = np.random.default_rng(0)
    ds = pd.date_range("2022-01-02", periods=periods + HORIZON, freq=freq)
    n = len(ds)
    kinds = ["a0", "a1", "a2", "a3", "new", "zero", "same", "gaps", "sparse", "ended", "huge", "never"]
    past, future = [], []
    for uid in kinds:
        table = pd.DataFrame({"unique_id": uid, "ds": ds})
        table["promo"] = (rng.random(n) < 0.3).astype(float)
        table["open"] = (rng.random(n) < 0.95).astype(float)
        table["price"] = rng.uniform(2, 3, n).round(2)
        table["y"] = rng.poisson(20 * (1 + table["promo"])).astype(float)
        table["views"] = rng.poisson(90, n).astype(float)
        table["stock"] = rng.integers(0, 12, n).astype(float)
        begin, end = 0, periods
        if uid == "new":
            begin = periods - 3
        elif uid == "zero":
            table["y"] = 0.0
        elif uid == "same":
            table[["y", "open", "stock"]] = [7.0, 1.0, 9.0]
        elif uid == "gaps":
            table.loc[rng.random(n) < 0.3, ["y", "price", "views"]] = np.nan
        elif uid == "sparse":
            table["y"] = np.where(rng.random(n) < 0.2, table["y"], 0.0)
        elif uid == "ended":
            end = periods - 9
        elif uid == "huge":
            table["y"] *= 1e6
        elif uid == "never":
            table["y"] = np.nan
        past.append(table[begin:end])
        future.append(table[end:])
    plan = ["unique_id", "ds", *SCHEMA.known_future]
    static = pd.DataFrame({"category": ["tea", "jam"] * 6}, index=kinds)
    return Panel(
        pd.concat(past, ignore_index=True)[[*plan[:2], "y", *SCHEMA.known_future, *SCHEMA.past_only]],
        pd.concat(future, ignore_index=True)[plan],
        static,
        SCHEMA,
        freq,
    )


PANELS = {freq: mixed_panel(freq) for freq in ("W-SUN", "D")}


@lru_cache
def forecast_of(name: str, freq: str) -> dict[str, Array]:
    return BOX.forecast(name, PANELS[freq], HORIZON)


def check(made: dict[str, Array], panel: Panel, horizon: int = HORIZON) -> None:
    assert list(made) == panel.unique_ids
    for uid, quantiles in made.items():
        assert quantiles.shape == (horizon, 9), uid
        assert np.isfinite(quantiles).all(), uid
        assert (quantiles >= 0).all(), uid
        assert (np.diff(quantiles, axis=1) >= 0).all(), uid


@pytest.mark.slow
@pytest.mark.parametrize("freq", list(PANELS))
@pytest.mark.parametrize("name", MODELS)
def test_every_model_forecasts_every_kind_of_series(name: str, freq: str) -> None:
    made = forecast_of(name, freq)
    check(made, PANELS[freq])
    assert made["zero"].max() < 1 and made["never"].max() < 1
    level = np.mean([made[uid][:, MEDIAN].max() for uid in ("a0", "a1", "a2", "a3")])
    assert 5 < level < 90
    assert made["huge"].max() > 1e6


def test_the_names() -> None:
    assert set(KNOWN) < set(MODELS)
    assert set(MEMBERS) < set(MODELS)
    assert len(set(MODELS)) == len(MODELS)


@pytest.mark.slow
def test_closed_steps_are_zero_whoever_forecasts() -> None:
    panel = PANELS["W-SUN"]
    for name in (*MEMBERS, "Combined", "AutoETS", "TSB"):
        made = forecast_of(name, "W-SUN")
        for uid in panel.unique_ids:
            closed = panel.horizon_of(uid, HORIZON)["open"].to_numpy() == 0
            assert (made[uid][closed] == 0).all(), (name, uid)
    plans = [panel.horizon_of(uid, HORIZON)["open"] for uid in panel.unique_ids]
    assert (pd.concat(plans) == 0).any()  # else nothing was tested


@pytest.mark.slow
@pytest.mark.parametrize("name", ["AutoETS", "Statistical", "GBM", "MeanGBM", "AdjustedTheta", "Combined"])
def test_what_happened_after_the_cutoff_cannot_be_told(name: str) -> None:
    panel = PANELS["W-SUN"]
    cutoff = panel.past["ds"].max() - pd.Timedelta(weeks=6)
    later = panel.past["ds"] > cutoff
    secret = {column: panel.past[column].mask(later, 4321.0) for column in ("y", "views", "stock")}
    changed = replace(panel, past=panel.past.assign(**secret))
    one, two = (BOX.forecast(name, p.before(cutoff), HORIZON) for p in (panel, changed))
    assert list(one) == list(two)
    for uid in one:
        assert np.array_equal(one[uid], two[uid]), uid
    assert "new" not in one


def plain(y: Array, freq: str = "W-SUN") -> Panel:
    ds = pd.date_range("2022-01-02", periods=len(y), freq=freq)
    past = pd.DataFrame({"unique_id": "a", "ds": ds, "y": y})
    return Panel(past, past.iloc[:0][["unique_id", "ds"]], pd.DataFrame(index=["a"]), PanelSchema(), freq)


def test_the_naive_family_by_hand() -> None:
    y = np.arange(1.0, 31.0)
    panel = plain(y, "D")
    assert BOX.forecast("Naive", panel, 3)["a"][:, MEDIAN] == pytest.approx([30, 30, 30])
    assert BOX.forecast("SeasonalNaive", panel, 3)["a"][:, MEDIAN] == pytest.approx([24, 25, 26])  # the panel's week
    assert Toolbox(season_length=5, workers=1).forecast("SeasonalNaive", panel, 3)["a"][:, MEDIAN] == pytest.approx(
        [26, 27, 28]
    )


def test_the_naive_family_takes_closed_days_as_they_stand() -> None:
    """As in published leaderboards: the last value of a closed day is 0."""
    panel = plain(np.tile([5.0, 6, 7, 8, 9, 10, 0], 6), "D")
    panel = replace(
        panel,
        past=panel.past.assign(open=(panel.past["y"] > 0).astype(float)),
        future=panel.future.assign(open=pd.Series(dtype=float)),
        schema=PanelSchema(known_future=["open"]),
    )
    made = BOX.forecast("SeasonalNaive", panel, 7)["a"][:, MEDIAN]
    assert made == pytest.approx([5, 6, 7, 8, 9, 10, 0])
    assert BOX.forecast("Naive", panel, 1)["a"][0, MEDIAN] == 0
    assert BOX.forecast("AutoETS", panel, 7)["a"][:, MEDIAN].sum() > 45  # which masks it


def test_statistical_is_the_base_forecast() -> None:
    panel = PANELS["W-SUN"].select(["a0", "sparse"])
    base = base_forecasts(panel, HORIZON, workers=1)
    made = BOX.forecast("Statistical", panel, HORIZON)
    for uid, forecast in base.items():
        assert np.array_equal(made[uid], forecast.quantiles)


def test_combined_is_made_of_its_members() -> None:
    panel = PANELS["W-SUN"]
    made = BOX.combined(panel, HORIZON, members=("Naive", "AdjustedTheta"))
    assert list(made.members) == ["Naive", "AdjustedTheta"]
    for name in made.members:
        twin = BOX.forecast(name, panel, HORIZON)
        assert all(np.array_equal(made.members[name][uid], twin[uid]) for uid in twin)
    assert len(made.weights) == 2
    check(made.quantiles, panel)


def test_the_trees_of_many_series_stand_without_proof_and_the_recent_pattern_of_few() -> None:
    """Of 5 series the trees carry a half between them, of 95 ninety-five hundredths."""
    assert unproven_weights(5) == pytest.approx({"GBM": 0.25, "MeanGBM": 0.25, "Recent": 0.5})
    assert unproven_weights(95) == pytest.approx({"GBM": 0.475, "MeanGBM": 0.475, "Recent": 0.05})
    made = BOX.combined(PANELS["W-SUN"].before(PANELS["W-SUN"].past["ds"].min()), 1, members=("Recent", "Naive"))
    assert made.weights.tolist() == [1.0, 0.0]  # of one period: no window to prove anything


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "horizon"),
    [("GBM", 1), ("GBM", 9), ("Statistical", 1), ("AdjustedETS", 1), ("AdjustedETS", 9), ("Combined", 9)],
)
def test_other_horizons(name: str, horizon: int) -> None:
    panel = PANELS["W-SUN"]
    check(BOX.forecast(name, panel, horizon), panel, horizon)


def test_an_unknown_name_says_which_is_near() -> None:
    panel = PANELS["W-SUN"]
    for wrong, near in {
        "Combind": "Combined",
        "gbm": "GBM",
        "AdjustedThata": "AdjustedTheta",
        "naive": "Naive",
    }.items():
        with pytest.raises(InputError, match=f"unknown model '{wrong}': did you mean .*{near}"):
            BOX.forecast(wrong, panel, HORIZON)


@pytest.mark.parametrize("name", MODELS)
def test_a_horizon_is_positive(name: str) -> None:
    with pytest.raises(InputError, match="horizon 0"):
        BOX.forecast(name, PANELS["W-SUN"], 0)


@pytest.mark.parametrize(("periods", "horizon"), [(3, 4), (10, 8), (12, 4)])
def test_a_past_too_short_for_one_member_is_combined_all_the_same(periods: int, horizon: int) -> None:
    panel = plain(np.random.default_rng(1).poisson(20, periods).astype(float))
    check(BOX.forecast("Combined", panel, horizon), panel, horizon)
