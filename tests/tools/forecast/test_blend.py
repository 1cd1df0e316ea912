"""The combined forecast of models made for the purpose: what they see, who is believed, how errors hang together."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from skucast.tools.data.panel import Panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.errors import InputError
from skucast.tools.forecast import blend
from skucast.tools.forecast.blend import Memo, Model, combined_forecasts
from skucast.tools.forecast.conformal import NO_CHANGE
from skucast.tools.forecast.paths import total_quantiles
from skucast.tools.forecast.weights import SHARES
from skucast.tools.quantiles import LEVELS, MEDIAN, Array

HORIZON = 4
SCHEMA = PanelSchema(past_only=["stock"])


def panel_of(y: Array, stock: Array | None = None, lengths: dict[int, int] | None = None) -> Panel:
    """Weekly sales `[N, T]`; some series end early."""
    n, periods = y.shape
    ds = pd.date_range("2023-01-01", periods=periods, freq="W-SUN")
    past = pd.DataFrame({"unique_id": np.repeat([f"s{i:02d}" for i in range(n)], periods), "ds": np.tile(ds, n)})
    past["y"] = y.reshape(-1)
    past["stock"] = 99.0 if stock is None else stock.reshape(-1)
    keep = np.concatenate([np.arange(periods) < (lengths or {}).get(i, periods) for i in range(n)])
    past = past[keep].reset_index(drop=True)
    static = pd.DataFrame(index=past["unique_id"].unique())
    return Panel(past, past.iloc[:0][["unique_id", "ds"]], static, SCHEMA, "W-SUN")


def noise(n: int, periods: int, seed: int = 0) -> Array:
    return np.maximum(np.random.default_rng(seed).normal(100, 10, (n, periods)), 0)


@dataclass
class Bell:
    """A model that forecasts N(mean, deviation) for every series it is asked for, and keeps what it was shown."""

    mean: float = 100.0
    deviation: float = 10.0
    leave_out: tuple[str, ...] = ()
    shown: list[Panel] = field(default_factory=list)

    def __call__(self, panel: Panel, horizon: int) -> dict[str, Array]:
        self.shown.append(panel)
        levels = np.tile(stats.norm(self.mean, self.deviation).ppf(LEVELS), (horizon, 1))
        return {uid: levels.copy() for uid in panel.unique_ids if uid not in self.leave_out}


def last_mean(panel: Panel, horizon: int) -> dict[str, Array]:
    """The mean and deviation of all that is known of a series."""
    made = {}
    for uid in panel.unique_ids:
        y = panel.past_of(uid)["y"].dropna()
        made[uid] = np.tile(stats.norm(y.mean(), y.std() + 1e-6).ppf(LEVELS), (horizon, 1))
    return made


def test_models_see_only_what_was_known_at_each_cutoff() -> None:
    panel, model = panel_of(noise(12, 40)), Bell()
    made = combined_forecasts(panel, HORIZON, {"bell": model})
    ds = pd.date_range("2023-01-01", periods=40, freq="W-SUN")
    assert made.cutoffs == [ds[35], ds[31], ds[27]]  # ends of windows that end at 39, 35 and 31
    assert [shown.cutoff for shown in model.shown] == [ds[39], ds[35], ds[31], ds[27]]
    assert [len(shown.past) for shown in model.shown] == [12 * n for n in (40, 36, 32, 28)]


@pytest.mark.slow
@pytest.mark.parametrize("value", [0.0, 5e4, np.nan])
def test_what_happened_after_the_cutoff_cannot_be_told(value: float) -> None:
    y = noise(12, 48)
    changed = y.copy()
    changed[:, 40:] = value
    stock = np.where(np.arange(48) < 40, 99.0, 0.0) * np.ones((12, 1))
    models: dict[str, Model] = {"mean": last_mean, "bell": Bell(110.0)}
    cutoff = pd.Timestamp("2023-01-01") + pd.Timedelta(weeks=39)
    one = combined_forecasts(panel_of(y).before(cutoff), HORIZON, models)
    two = combined_forecasts(panel_of(changed, stock).before(cutoff), HORIZON, models)
    for uid in one.quantiles:
        assert np.array_equal(one.quantiles[uid], two.quantiles[uid])
        assert np.array_equal(one.paths(uid, n=50), two.paths(uid, n=50))
    assert np.array_equal(one.weights, two.weights)
    assert all(np.array_equal(one.then[uid], two.then[uid]) for uid in one.then)
    later = combined_forecasts(panel_of(y), HORIZON, models)
    assert not np.array_equal(later.weights, one.weights)  # else the above could not fail


def test_the_better_model_is_believed_and_the_shares_are_by_the_count() -> None:
    made = combined_forecasts(panel_of(noise(20, 40)), HORIZON, {"bad": Bell(300.0), "good": Bell()})
    # 60 series-windows, all for the good one, against 300 of doubt: (60 + 150) / 360
    assert made.weights == pytest.approx([150 / 360, 210 / 360], abs=0.01)
    assert list(made.members) == ["bad", "good"]
    # recalibration leaves medians where the weights put them
    bad, good = made.weights
    for quantiles in made.quantiles.values():
        assert quantiles[:, MEDIAN] == pytest.approx(np.full(HORIZON, 300 * bad + 100 * good))


@pytest.mark.parametrize(
    ("periods", "horizon", "span"),
    [(24, 12, 3), (104, 39, 13), (60, 6, 6), (4, 1, 1), (4, 9, 1), (1, 9, 1), (47, 6, 5), (48, 6, 6)],
)
def test_a_window_is_the_horizon_or_an_eighth_of_the_past(periods: int, horizon: int, span: int) -> None:
    assert blend.tested(periods, horizon) == span


def test_a_long_horizon_is_tested_on_short_windows_and_less_believed_beyond_them() -> None:
    """40 periods, 10 ahead: windows of 5. The member that is right is proven for 5 steps; at the tenth for a half."""
    panel = panel_of(noise(20, 40))
    models: dict[str, Model] = {"first": Bell(300.0), "right": Bell()}
    made = combined_forecasts(panel, 10, models, unproven={"first": 1.0})
    ds = pd.date_range("2023-01-01", periods=40, freq="W-SUN")
    assert made.cutoffs == [ds[34], ds[29], ds[24]]
    assert made.ranks.shape == (60, 5)
    assert made.weights == pytest.approx([300 / 360, 60 / 360], abs=0.01)  # 60 series-windows, 300 of the prior
    right = made.weights[1]
    medians = made.quantiles["s00"][:, MEDIAN]
    assert medians[:5] == pytest.approx(np.full(5, 300 - 200 * right))
    assert medians[9] == pytest.approx(300 - 200 * right * 5 / 10)
    assert made.paths("s00", n=40).shape == (40, 10)


def test_weights_that_stand_without_proof() -> None:
    short = panel_of(noise(3, 5))  # no window
    models: dict[str, Model] = {"a": Bell(90.0), "b": Bell(110.0), "c": Bell(130.0)}
    assert combined_forecasts(short, HORIZON, models, unproven={"b": 1.0}).weights.tolist() == [0, 1, 0]
    made = combined_forecasts(short, HORIZON, models, unproven={"b": 0.5, "c": 0.25, "gone": 0.25})
    assert made.weights == pytest.approx([0, 2 / 3, 1 / 3])
    assert made.quantiles["s00"][:, MEDIAN] == pytest.approx(np.full(HORIZON, (2 * 110 + 130) / 3))
    for unproven in (None, {}, {"gone": 1.0}):
        assert combined_forecasts(short, HORIZON, models, unproven=unproven).weights == pytest.approx([1 / 3] * 3)


@dataclass
class Needs(Bell):
    """A model that needs so many periods."""

    periods: int = 0

    def __call__(self, panel: Panel, horizon: int) -> dict[str, Array]:
        if panel.past["ds"].nunique() < self.periods:
            raise InputError("too short")
        return super().__call__(panel, horizon)


def test_a_member_that_cannot_forecast_the_newest_window_is_not_proven() -> None:
    """40 periods: windows begin at 36, 32 and 28."""
    panel = panel_of(noise(6, 40))
    made = combined_forecasts(panel, HORIZON, {"a": Bell(), "late": Needs(periods=38)})
    assert list(made.members) == ["a"] and made.weights.tolist() == [1.0] and len(made.cutoffs) == 3
    made = combined_forecasts(panel, HORIZON, {"a": Bell(), "late": Needs(periods=32)})
    assert list(made.members) == ["a", "late"] and len(made.cutoffs) == 2
    made = combined_forecasts(panel, HORIZON, {"late": Needs(periods=38)})  # nobody is proven: it stands
    assert list(made.members) == ["late"] and made.cutoffs == []
    with pytest.raises(InputError, match="too short"):
        combined_forecasts(panel, HORIZON, {"late": Needs(periods=41)})


def test_what_was_said_of_the_newest_window_is_kept() -> None:
    """One member: what it said there, recalibrated; no series but those whose truth is known there."""
    made = combined_forecasts(panel_of(noise(12, 40), lengths={3: 38}), HORIZON, {"bell": Bell()})
    assert set(made.then) == {f"s{i:02d}" for i in range(12)} - {"s03"}
    twin = made.recalibration.apply(Bell()(panel_of(noise(1, 9)), HORIZON)["s00"])
    assert made.then["s00"] == pytest.approx(twin)
    assert combined_forecasts(panel_of(noise(3, 5)), HORIZON, {"bell": Bell()}).then == {}


def test_a_member_that_ran_away_does_not_move_the_blend() -> None:
    """Now, and in the known windows: its stand-in is the middle of the three, so all three are the same."""
    panel = panel_of(noise(12, 40))
    twin = combined_forecasts(panel, HORIZON, {"a": Bell(), "b": Bell(), "c": Bell()})
    made = combined_forecasts(panel, HORIZON, {"a": Bell(), "b": Bell(), "away": Bell(5000.0)})
    assert made.weights == pytest.approx([1 / 3] * 3, abs=0.01)
    for uid, quantiles in twin.quantiles.items():
        assert made.quantiles[uid] == pytest.approx(quantiles)


def test_the_combination_covers_what_a_sure_model_does_not() -> None:
    y = noise(30, 64, seed=3)
    made = combined_forecasts(panel_of(y[:, :60]), HORIZON, {"sure": Bell(deviation=3.0)})
    truth = y[:, 60:]
    before, after = (np.stack(list(q.values())) for q in (made.members["sure"], made.quantiles))

    def covered(quantiles: Array) -> float:
        return float(np.mean((quantiles[..., 0] <= truth) & (truth <= quantiles[..., -1])))

    assert covered(before) < 0.4
    assert covered(after) == pytest.approx(0.8, abs=0.08)
    assert made.recalibration.steps == 30 * 3 * HORIZON


@pytest.mark.parametrize(("periods", "count"), [(1, 0), (4, 0), (5, 0), (6, 1), (7, 2), (8, 3), (60, 3)])
def test_windows_are_as_many_as_the_past_has_room_for(periods: int, count: int) -> None:
    made = combined_forecasts(panel_of(noise(3, periods)), HORIZON, {"a": Bell(90.0), "b": Bell(110.0)})
    assert len(made.cutoffs) == count
    if not count:
        assert made.weights.tolist() == [0.5, 0.5]
        assert made.recalibration is NO_CHANGE
        assert made.ranks.shape == (0, 1)
        assert made.quantiles["s00"][:, MEDIAN] == pytest.approx(np.full(HORIZON, 100))
        assert made.paths("s00", n=40).shape == (40, HORIZON)


@pytest.mark.slow
def test_the_memo_saves_work_and_no_order_of_cutoffs_leaks_through_it() -> None:
    """Cut at different times in no order with one memo, as an evaluation does: the same as each by itself."""
    panel = panel_of(noise(12, 60))
    ds = pd.date_range("2023-01-01", periods=60, freq="W-SUN")
    memo: Memo = {}
    for place in (55, 43, 59, 47):
        models: dict[str, Model] = {"mean": last_mean, "bell": Bell(105.0)}
        shared = combined_forecasts(panel.before(ds[place]), HORIZON, models, memo=memo)
        alone = combined_forecasts(panel.before(ds[place]), HORIZON, models)
        assert shared.cutoffs == alone.cutoffs == [ds[place - HORIZON * k] for k in (1, 2, 3)]
        for uid, quantiles in alone.quantiles.items():
            assert np.array_equal(shared.quantiles[uid], quantiles)
    told: list[tuple[str, pd.Timestamp]] = []
    model = Bell()
    note: Callable[[str, pd.Timestamp], None] = lambda name, at: told.append((name, at))  # noqa: E731
    combined_forecasts(panel, HORIZON, {"mean": last_mean, "bell": model}, memo=memo, progress=note)
    assert told == [] and model.shown == []
    fresh: Memo = {}
    combined_forecasts(panel, HORIZON, {"bell": model}, windows=1, memo=fresh, progress=note)
    assert told == [("bell", ds[59]), ("bell", ds[55])]
    assert list(fresh) == [("bell", ds[59], HORIZON), ("bell", ds[55], HORIZON)]


def test_periods_out_of_stock_are_no_truth() -> None:
    """Without stock nothing is sold: the model that forecasts demand is not punished for it."""
    rng = np.random.default_rng(5)
    demand = noise(200, 60, seed=5)
    stock = np.where(rng.random((200, 60)) < 0.5, 0.0, 99.0)
    y = np.where(stock > 0, demand, 0.0)
    models: dict[str, Model] = {"demand": Bell(100.0), "low": Bell(40.0, 30.0)}
    masked = combined_forecasts(panel_of(y, stock), HORIZON, models)
    not_told = combined_forecasts(panel_of(y), HORIZON, models)
    assert masked.weights[0] == pytest.approx((600 + 150) / 900, abs=0.02)  # 600 series-windows
    assert not_told.weights[0] < 0.6
    medians = [np.mean([q[:, MEDIAN] for q in made.quantiles.values()]) for made in (masked, not_told)]
    assert medians[0] == pytest.approx(750 / 900 * 100 + 150 / 900 * 40, rel=0.02)
    assert medians[1] < 80


def test_counts_have_no_fractions_below_a_half() -> None:
    """Whole units: what is below half a unit is none. Units that are not whole stay as they are."""
    few = np.random.default_rng(1).poisson(0.3, (12, 40)).astype(float)

    def low(panel: Panel, horizon: int) -> dict[str, Array]:
        return {uid: np.tile(np.linspace(0.1, 1.3, 9), (horizon, 1)) for uid in panel.unique_ids}

    whole = np.stack(list(combined_forecasts(panel_of(few), HORIZON, {"low": low}).quantiles.values()))
    parts = np.stack(list(combined_forecasts(panel_of(few * 0.9), HORIZON, {"low": low}).quantiles.values()))
    assert not ((whole > 0) & (whole < 0.5)).any() and (whole == 0).any() and (whole > 0.5).any()
    assert ((parts > 0) & (parts < 0.5)).any()


def test_a_series_that_ended_is_forecast_but_is_no_truth() -> None:
    y = noise(12, 40)
    y[0] = 5000.0
    panel = panel_of(y, lengths={0: 30})
    made = combined_forecasts(panel, HORIZON, {"bell": Bell(), "other": Bell(130.0)})
    twin = combined_forecasts(panel_of(y[1:]), HORIZON, {"bell": Bell(), "other": Bell(130.0)})
    assert made.quantiles["s00"].shape == (HORIZON, 9)
    assert made.weights == pytest.approx(twin.weights)
    assert len(made.ranks) == len(twin.ranks) == 11 * 3


def test_a_series_that_a_model_leaves_out_is_left_out() -> None:
    panel = panel_of(noise(12, 40))
    made = combined_forecasts(panel, HORIZON, {"a": Bell(), "b": Bell(leave_out=("s03",))})
    assert set(made.quantiles) == set(panel.unique_ids) - {"s03"}


@pytest.mark.parametrize("periods", [5, 40])  # without validation windows, and with
def test_crossed_members_become_quantiles(periods: int) -> None:
    def crossed(panel: Panel, horizon: int) -> dict[str, Array]:
        return {uid: 2 * q[:, ::-1] - 190 for uid, q in Bell()(panel, horizon).items()}

    made = combined_forecasts(panel_of(noise(12, periods)), HORIZON, {"crossed": crossed, "bell": Bell(0.0)})
    for quantiles in made.quantiles.values():
        assert (quantiles >= 0).all() and (np.diff(quantiles, axis=1) >= 0).all()


def test_paths_have_the_quantiles_and_the_dependence_of_past_errors() -> None:
    """Every window has its own level, which no model foresees: the steps of a path rise and fall together."""
    rng = np.random.default_rng(7)
    level = np.repeat(rng.normal(0, 10, (30, 11)), HORIZON, axis=1)
    y = 200 + level + rng.normal(0, 2, level.shape)
    made = combined_forecasts(panel_of(y), HORIZON, {"bell": Bell(200.0)})
    assert made.ranks.shape == (90, HORIZON)
    assert ((made.ranks >= 0.002) & (made.ranks <= 0.998)).all()
    paths = made.paths("s00", n=1000)
    quantiles = made.quantiles["s00"]
    np.testing.assert_allclose(np.quantile(paths, LEVELS, axis=0).T, quantiles, atol=0.5)
    assert np.corrcoef(paths.T)[0, 1:].min() > 0.7
    total = total_quantiles(paths)
    assert total[-1] - total[0] > 0.85 * (quantiles[:, -1] - quantiles[:, 0]).sum()
    independent = combined_forecasts(panel_of(200 + rng.normal(0, 10, level.shape)), HORIZON, {"bell": Bell(200.0)})
    total = total_quantiles(independent.paths("s00", n=1000))
    quantiles = independent.quantiles["s00"]
    assert total[-1] - total[0] < 0.7 * (quantiles[:, -1] - quantiles[:, 0]).sum()
    assert np.array_equal(made.paths("s00", n=20, seed=1), made.paths("s00", n=20, seed=1))
    assert not np.array_equal(made.paths("s00", n=20, seed=1), made.paths("s00", n=20, seed=2))


def test_a_finished_forecast_that_stands_is_not_recalibrated() -> None:
    """Another gets its share or, where it did harm, nothing; though recalibration would widen the first."""
    panel = panel_of(noise(30, 60, seed=3))
    for other, harms in ((Bell(300.0), True), (Bell(deviation=6.0), False)):
        models: dict[str, Model] = {"narrow": Bell(deviation=3.0), "other": other}
        made = combined_forecasts(panel, HORIZON, models, stands="narrow")
        again = combined_forecasts(panel, HORIZON, models)
        share = float(made.weights[1])
        assert share == 0.0 if harms else share in SHARES
        for uid, quantiles in made.members["narrow"].items():
            mixed = (1 - share) * quantiles + share * made.members["other"][uid]
            assert made.quantiles[uid] == pytest.approx(mixed)
            assert again.quantiles[uid][0, -1] > quantiles[0, -1]


def test_the_one_that_stands_may_be_missing_or_alone() -> None:
    panel = panel_of(noise(30, 60, seed=3))

    def cannot(*_: object) -> dict[str, Array]:
        raise InputError("not this one")

    for name in ("narrow", "other"):
        models: dict[str, Model] = {"narrow": Bell(deviation=3.0), "other": Bell(deviation=6.0)} | {name: cannot}
        for known in (panel, panel.before(panel.past["ds"].unique()[HORIZON])):
            made = combined_forecasts(known, HORIZON, models, stands="narrow")
            assert made.weights.tolist() == [1.0] and made.quantiles["s00"].sum() > 0


def test_a_changed_panel_of_one_series_changes_no_other_models_members() -> None:
    panel = panel_of(noise(12, 40))
    shorter = replace(panel, past=panel.past[panel.past["unique_id"] != "s11"].reset_index(drop=True))
    a, b = (combined_forecasts(p, HORIZON, {"mean": last_mean}) for p in (panel, shorter))
    for uid in b.quantiles:
        assert np.array_equal(a.members["mean"][uid], b.members["mean"][uid])
