"""The global GBM: what it learns, what it must not see, and what it does with little."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from skucast.tools.data.panel import Panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.errors import InputError
from skucast.tools.forecast.gbm_quantile import gbm_forecasts
from skucast.tools.quantiles import MEDIAN, Array, pinball

HORIZON = 4


def panel_of(
    y: Array,
    known: dict[str, Array] | None = None,
    past_only: dict[str, Array] | None = None,
    freq: str = "W-SUN",
    static: dict[str, list[str]] | None = None,
    ahead: int = HORIZON,
) -> Panel:
    """`y` and past-only covariates `[N, T]`, known-future ones `[N, T + ahead]`."""
    n, periods = y.shape
    ids = [f"s{i:02d}" for i in range(n)]
    known, past_only = known or {}, past_only or {}
    ds = pd.date_range("2022-01-02", periods=periods + ahead, freq=freq)
    past = pd.DataFrame({"unique_id": np.repeat(ids, periods), "ds": np.tile(ds[:periods], n), "y": y.reshape(-1)})
    future = pd.DataFrame({"unique_id": np.repeat(ids, ahead), "ds": np.tile(ds[periods:], n)})
    for name, values in known.items():
        past[name], future[name] = values[:, :periods].reshape(-1), values[:, periods:].reshape(-1)
    for name, values in past_only.items():
        past[name] = values.reshape(-1)
    schema = PanelSchema(known_future=list(known), past_only=list(past_only), static=list(static or {}))
    return Panel(past, future, pd.DataFrame(static or {}, index=ids), schema, freq)


def stacked(panel: Panel, **more: object) -> Array:
    made = gbm_forecasts(panel, HORIZON, threads=1, **more)  # type: ignore[arg-type]
    assert list(made.quantiles) == panel.unique_ids
    return np.stack(list(made.quantiles.values()))


def check(quantiles: Array, n: int, horizon: int = HORIZON) -> None:
    assert quantiles.shape == (n, horizon, 9)
    assert np.isfinite(quantiles).all()
    assert (quantiles >= 0).all()
    assert (np.diff(quantiles, axis=-1) >= 0).all()


def promoted_sales(n: int, periods: int, seed: int = 0) -> tuple[Array, Array]:
    """Units of about 20 a period, three times as many with a promotion: `[n, periods]` and the promotion."""
    rng = np.random.default_rng(seed)
    promo = (rng.random((n, periods)) < 0.3).astype(float)
    return rng.poisson(20 * (1 + 2 * promo)).astype(float), promo


@pytest.mark.slow
def test_a_planned_promotion_is_forecast() -> None:
    y, promo = promoted_sales(15, 84)
    panel = panel_of(y[:, :80], {"promo": promo})
    made = gbm_forecasts(panel, HORIZON, threads=1)
    quantiles = np.stack(list(made.quantiles.values()))
    check(quantiles, 15)
    median, planned = quantiles[..., MEDIAN], promo[:, 80:] > 0
    assert planned.any() and not planned.all()
    assert np.abs(median[planned] - 60).mean() < 12
    assert np.abs(median[~planned] - 20).mean() < 5
    truth = y[:, 80:]
    assert 0.55 <= np.mean((quantiles[..., 0] <= truth) & (truth <= quantiles[..., -1])) <= 0.97
    assert made.rounds > 0 and made.rows > 1000
    shares = list(made.importance.values())
    assert sum(shares) == pytest.approx(1.0) and shares == sorted(shares, reverse=True)


def test_the_same_seed_gives_the_same_forecast() -> None:
    y, promo = promoted_sales(6, 44)
    panel = panel_of(y[:, :40], {"promo": promo})
    assert np.array_equal(stacked(panel, seed=3), stacked(panel, seed=3))
    assert not np.array_equal(stacked(panel, seed=3), stacked(panel, seed=4))


@pytest.mark.slow
def test_what_happened_after_the_cutoff_cannot_be_told() -> None:
    y, promo = promoted_sales(6, 50)
    plan = {"promo": np.hstack([promo, promo[:, :HORIZON]])}

    def with_later(value: float) -> Panel:
        changed, views = y.copy(), y * 3 + 1
        changed[:, 40:] = views[:, 40:] = value
        return panel_of(changed, plan, {"views": views})

    cutoff = with_later(0.0).past["ds"].unique()[39]
    known = stacked(panel_of(y, plan, {"views": y * 3 + 1}).before(cutoff))
    for value in (0.0, 1e6, np.nan):
        assert np.array_equal(known, stacked(with_later(value).before(cutoff)))
    assert not np.array_equal(stacked(with_later(0.0)), stacked(with_later(9.0)))  # else the above could not fail


@pytest.mark.slow
def test_a_planted_leak_is_of_no_use_unless_it_is_declared_known() -> None:
    """A column equal to the target: past-only it is known to the cutoff alone; known-future it gives all away."""
    rng = np.random.default_rng(1)
    n, periods = 12, 50
    y = 50 * rng.lognormal(0, 0.6, (n, periods + HORIZON))  # nothing in the past tells what comes
    truth = y[:, periods:]

    def loss(panel: Panel) -> float:
        cut = panel.before(panel.past["ds"].unique()[periods - 1])
        return float(pinball(truth, stacked(cut)).mean())

    without = loss(panel_of(y))
    past_only = loss(panel_of(y, past_only={"leak": y}))
    declared = loss(panel_of(y, {"leak": np.hstack([y, y[:, :HORIZON]])}))
    assert past_only > 0.9 * without
    assert declared < 0.6 * without


@pytest.mark.slow
def test_shuffled_rows_of_the_future_change_nothing() -> None:
    """The target after the cutoff dealt out to other series and weeks, the cutoffs taken in no order."""
    y, promo = promoted_sales(6, 50)
    rng = np.random.default_rng(2)
    plan = np.hstack([promo, promo[:, :HORIZON]])
    for last in rng.permutation([48, 41]):
        dealt = y.copy()
        dealt[:, last:] = rng.permuted(y[:, last:].reshape(-1)).reshape(6, -1)
        one, two = panel_of(y, {"promo": plan}), panel_of(dealt, {"promo": plan})
        cutoff = one.past["ds"].unique()[last - 1]
        assert np.array_equal(stacked(one.before(cutoff)), stacked(two.before(cutoff)))


@pytest.mark.slow
def test_periods_out_of_stock_are_not_learned_as_no_demand() -> None:
    rng = np.random.default_rng(4)
    demand = rng.poisson(50, (12, 64)).astype(float)
    stock = np.where(rng.random((12, 60)) < 0.4, 0.0, 99.0)
    y = np.where(stock == 0, 0.0, demand[:, :60])
    masked = stacked(panel_of(y, past_only={"stock": stock}))[..., MEDIAN]
    not_told = stacked(panel_of(y))
    assert masked.mean() == pytest.approx(50, rel=0.1)
    assert not_told[..., 1].mean() < 25  # its second decile is a stock-out


def test_closed_days_are_zero_and_pull_nothing_down() -> None:
    rng = np.random.default_rng(5)
    open_ = np.tile((np.arange(74) % 7 != 0).astype(float), (10, 1))
    y = rng.poisson(30, (10, 74)) * open_
    made = stacked(panel_of(y[:, :70], {"open": open_}, freq="D"))
    closed = open_[:, 70:] == 0
    assert closed.any()
    assert (made[closed] == 0).all()
    assert made[~closed][:, MEDIAN].mean() == pytest.approx(30, rel=0.12)


def test_each_series_starts_from_its_own_end() -> None:
    y, promo = promoted_sales(10, 64)
    panel = panel_of(y[:, :60], {"promo": promo})
    cut = panel.past["ds"].unique()[54]
    ended = (panel.past["unique_id"] == "s03") & (panel.past["ds"] > cut)
    moved = panel.past.loc[ended, ["unique_id", "ds", "promo"]]
    early = replace(
        panel,
        past=panel.past[~ended].reset_index(drop=True),
        future=pd.concat([panel.future, moved]).sort_values(["unique_id", "ds"]).reset_index(drop=True),
    )
    median = gbm_forecasts(early, HORIZON, threads=1).quantiles["s03"][:, MEDIAN]
    assert np.abs(median - 20 * (1 + 2 * promo[3, 55:59])).max() < 25
    assert (median[promo[3, 55:59] > 0].min(initial=99) > 35) and (median[promo[3, 55:59] == 0].max(initial=0) < 35)


def test_a_new_series_and_one_that_never_sold() -> None:
    y, promo = promoted_sales(10, 64)
    y[0, :57] = np.nan
    y[1] = 0.0
    made = stacked(panel_of(y[:, :60], {"promo": promo}))
    check(made, 10)
    assert made[0, :, MEDIAN].max() < 200 and made[0, :, MEDIAN].min() > 5
    assert made[1].max() < 1.0


@pytest.mark.slow
@pytest.mark.parametrize("freq", ["D", "MS", "ME"])
def test_every_calendar(freq: str) -> None:
    y, promo = promoted_sales(10, 44)
    panel = panel_of(y[:, :40], {"promo": promo}, freq=freq, static={"kind": ["a", "b"] * 5})
    made = gbm_forecasts(panel, HORIZON, country="DE", threads=1)
    check(np.stack(list(made.quantiles.values())), 10)


def test_rows_are_at_most_about_what_is_asked() -> None:
    y, promo = promoted_sales(15, 84)
    panel = panel_of(y[:, :80], {"promo": promo})
    assert gbm_forecasts(panel, HORIZON, threads=1, max_rows=500).rows == pytest.approx(500, rel=0.2)


def test_a_small_catalogue_still_gets_quantiles() -> None:
    y, promo = promoted_sales(4, 34)
    made = stacked(panel_of(y[:, :30], {"promo": promo}))
    check(made, 4)
    assert (made[..., -1] - made[..., 0]).min() > 1


def test_columns_may_have_any_name() -> None:
    y, promo = promoted_sales(6, 34)
    check(
        stacked(panel_of(y[:, :30], {"promo": promo, "price, EUR": promo + 1}, static={"size: [cm]": list("ababab")})),
        6,
    )


def test_bad_words() -> None:
    y, _ = promoted_sales(3, 34)
    with pytest.raises(InputError, match="horizon 0"):
        gbm_forecasts(panel_of(y), 0)
    with pytest.raises(InputError, match="too short to train on windows of 4"):
        gbm_forecasts(panel_of(y[:, :6]), 4)
    with pytest.raises(InputError, match="too short to train"):
        gbm_forecasts(panel_of(np.full((2, 40), np.nan)), 4)
