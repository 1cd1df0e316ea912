"""Features: nothing after the origin is read but the plan, and a few of them by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skucast.tools.data.cube import Cube, cube
from skucast.tools.data.panel import Panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.forecast.features import FeatureMaker, holiday_dates

SCHEMA = PanelSchema(
    known_future=["promo", "open", "price", "regular_price"], past_only=["views", "stock"], static=["category", "text"]
)
N, HORIZON = 12, 4
LONG = {"D": 430, "W-SUN": 80, "MS": 40}  # periods: more than a year of each
ALL = np.arange(N)


def panel_of(freq: str, seed: int = 0, periods: int | None = None) -> Panel:
    """Series with promotions, closed days, prices, views, stock-outs, gaps, and two groups; the last one ends early."""
    rng = np.random.default_rng(seed)
    periods = periods or LONG[freq]
    ds = pd.date_range("2022-01-02", periods=periods + HORIZON, freq=freq)
    past, future = [], []
    for i in range(N):
        n = len(ds)
        table = pd.DataFrame({"unique_id": f"s{i}", "ds": ds})
        table["promo"] = (rng.random(n) < 0.3).astype(float)
        table["open"] = (rng.random(n) < 0.9).astype(float)
        table["regular_price"] = rng.uniform(4, 6, n)
        table["price"] = table["regular_price"] * (1 - 0.2 * table["promo"])
        table["y"] = rng.poisson(8 * (1 + table["promo"])).astype(float)
        table["views"] = rng.poisson(50, n).astype(float)
        table["stock"] = rng.integers(0, 9, n).astype(float)
        table.loc[rng.random(n) < 0.1, "y"] = np.nan
        table.loc[(table["stock"] == 0) | (table["open"] == 0), "y"] = 0.0
        end = periods - 5 if i == N - 1 else periods
        past.append(table[:end])
        future.append(table[end:])
    plan = ["unique_id", "ds", *SCHEMA.known_future]
    static = pd.DataFrame(
        {"category": ["tea", "jam"] * (N // 2), "text": [f"fine tin number {i} of tea" for i in range(N)]},
        index=[f"s{i}" for i in range(N)],
    )
    table = pd.concat(past, ignore_index=True)[["unique_id", "ds", "y", *SCHEMA.known_future, *SCHEMA.past_only]]
    return Panel(table, pd.concat(future, ignore_index=True)[plan], static, SCHEMA, freq)


def later_changed(arrays: Cube, origin: int, seed: int, by: float) -> Cube:
    """The same cube with other units, views and stock after the origin. What is planned stays."""
    rng = np.random.default_rng(seed)

    def other(values: np.ndarray) -> np.ndarray:
        changed = values.copy()
        changed[:, origin + 1 :] = rng.permuted(values[:, origin + 1 :], axis=1) * by + rng.poisson(5)
        return changed

    past_only = {name: other(values) for name, values in arrays.past_only.items()}
    stockout = arrays.stockout.copy()
    stockout[:, origin + 1 :] = rng.random(stockout[:, origin + 1 :].shape) < 0.5
    return replace(arrays, y=other(arrays.y), past_only=past_only, stockout=stockout)


CUBES = {freq: cube(panel_of(freq), HORIZON) for freq in LONG}


@settings(deadline=None, max_examples=40, derandomize=True)
@given(st.sampled_from(list(LONG)), st.floats(0, 1), st.integers(0, 99), st.sampled_from([-1e6, 0.0, 100.0, np.nan]))
def test_what_happens_after_the_origin_cannot_be_told(freq: str, share: float, seed: int, by: float) -> None:
    arrays = CUBES[freq]
    origin = int(share * (arrays.y.shape[1] - 2))
    one, other = FeatureMaker(arrays), FeatureMaker(later_changed(arrays, origin, seed, by))
    a, b = one.at(origin, ALL), other.at(origin, ALL)
    assert one.names == other.names
    np.testing.assert_array_equal(a.x, b.x)
    np.testing.assert_array_equal(a.baseline, b.baseline)
    for mine, theirs in zip(one.relative(origin, ALL), other.relative(origin, ALL), strict=True):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("freq", list(LONG))
def test_what_happens_at_the_origin_is_told(freq: str) -> None:
    """Else the test above could not fail."""
    arrays = CUBES[freq]
    origin = arrays.y.shape[1] - 8
    a = FeatureMaker(arrays).at(origin, ALL)
    b = FeatureMaker(later_changed(arrays, origin - 1, 0, 100.0)).at(origin, ALL)
    assert not np.array_equal(a.x, b.x, equal_nan=True)
    assert not np.array_equal(a.baseline, b.baseline)


@pytest.mark.slow
@pytest.mark.parametrize("freq", list(LONG))
@pytest.mark.parametrize("back", [6, 11, 20])
def test_the_rows_of_a_cut_panel_are_those_of_the_whole_one(freq: str, back: int) -> None:
    """Training rows are made from the whole past; they must look as they would have looked on their day."""
    panel = panel_of(freq)
    whole = FeatureMaker(cube(panel, HORIZON))
    origin = whole.cube.y.shape[1] - 1 - back
    cut = FeatureMaker(cube(panel.before(whole.cube.ds[origin]), HORIZON))
    a, b = whole.at(origin, ALL), cut.at(origin, ALL)
    assert whole.names == cut.names
    np.testing.assert_array_equal(a.x, b.x)
    np.testing.assert_array_equal(a.baseline, b.baseline)


def test_the_order_of_asking_does_not_matter() -> None:
    arrays = CUBES["W-SUN"]
    origins = [70, 10, 40, 75, 0, 69]
    shuffled = FeatureMaker(arrays)
    for origin in origins:
        np.testing.assert_array_equal(shuffled.at(origin, ALL).x, FeatureMaker(arrays).at(origin, ALL).x)


def test_some_rows_are_the_rows_of_all() -> None:
    maker = FeatureMaker(CUBES["D"])
    whole, some = maker.at(400, ALL), maker.at(400, np.array([7, 2]))
    x = whole.x.reshape(N, HORIZON, -1)
    np.testing.assert_array_equal(some.x.reshape(2, HORIZON, -1), x[[7, 2]])
    np.testing.assert_array_equal(some.baseline.reshape(2, HORIZON), whole.baseline.reshape(N, HORIZON)[[7, 2]])


@pytest.mark.parametrize("freq", list(LONG))
@pytest.mark.parametrize("origin", [0, 3, 20])
def test_shapes_and_names(freq: str, origin: int) -> None:
    maker = FeatureMaker(CUBES[freq], country="DE")
    made = maker.at(origin, ALL)
    assert made.x.shape == (N * HORIZON, len(maker.names))
    assert made.x.dtype == np.float32
    assert len(set(maker.names)) == len(maker.names)
    assert set(maker.categorical) <= set(maker.names)
    assert made.baseline.shape == (N * HORIZON,)
    assert np.isfinite(made.baseline).all() and (made.baseline > 0).all()


def column(maker: FeatureMaker, name: str, origin: int, rows: np.ndarray | None = None) -> np.ndarray:
    rows = np.arange(len(maker.cube.unique_ids)) if rows is None else rows
    x = maker.at(origin, rows).x
    return x[:, maker.names.index(name)].reshape(len(rows), maker.cube.horizon)


def test_the_plan_lies_where_it_belongs() -> None:
    arrays = CUBES["D"]
    maker = FeatureMaker(arrays)
    for origin in (100, arrays.y.shape[1] - 1):
        ahead = slice(origin + 1, origin + 1 + HORIZON)
        np.testing.assert_array_equal(column(maker, "promo", origin), arrays.known["promo"][:, ahead])
        np.testing.assert_allclose(column(maker, "price", origin), arrays.known["price"][:, ahead], rtol=1e-6)
        shares = np.where(arrays.known["promo"][:, ahead] > 0, 0.8, 1.0)
        np.testing.assert_allclose(column(maker, "price_share", origin), shares, rtol=1e-6)
        weekday = arrays.ds[ahead].dayofweek.to_numpy(dtype=float)
        np.testing.assert_array_equal(column(maker, "weekday", origin), np.tile(weekday, (N, 1)))
    assert column(maker, "step", 100)[3].tolist() == [1, 2, 3, 4]


def plain(
    y: np.ndarray,
    freq: str = "D",
    known: dict[str, np.ndarray] | None = None,
    static: pd.DataFrame | None = None,
    start: str = "2024-01-01",
) -> Panel:
    """A panel of arrays: `y` `[N, T]`, each known-future covariate `[N, T + H]`."""
    n, periods = y.shape
    known = known or {}
    ahead = next(iter(known.values())).shape[1] if known else periods
    ds = pd.date_range(start, periods=ahead, freq=freq)
    table = pd.DataFrame({"unique_id": np.repeat([f"s{i:02d}" for i in range(n)], ahead), "ds": np.tile(ds, n)})
    for name, values in known.items():
        table[name] = values.reshape(-1)
    table["y"] = np.pad(y, ((0, 0), (0, ahead - periods))).reshape(-1)
    is_past = np.tile(np.arange(ahead) < periods, n)
    static = pd.DataFrame(index=[f"s{i:02d}" for i in range(n)]) if static is None else static
    schema = PanelSchema(known_future=list(known), static=[str(name) for name in static.columns])
    future = table[~is_past].drop(columns="y").reset_index(drop=True)
    return Panel(table[is_past].reset_index(drop=True), future, static, schema, freq)


def test_a_steady_series_is_its_own_usual() -> None:
    past, ahead = FeatureMaker(cube(plain(np.full((2, 40), 10.0)), 3)).relative(39, np.arange(2))
    assert past == pytest.approx(np.ones((2, 40)))
    assert ahead == pytest.approx(np.full((2, 3), 10.0))


def test_the_usual_knows_weekdays_and_promotions() -> None:
    days, horizon = 140, 14
    weekday = np.arange(days + horizon) % 7
    promo = ((np.arange(days + horizon) // 7) % 2 == 0).astype(float)[None]
    true = np.where(weekday == 5, 30.0, 10.0) * (1 + promo)
    maker = FeatureMaker(cube(plain(true[:, :days], known={"promo": promo}), horizon))
    _, usual = maker.relative(days - 1, np.array([0]))
    assert usual == pytest.approx(true[:, days:], rel=0.35)  # shrunk a little to the level
    kinds = {(p, w == 5): u for p, w, u in zip(promo[0, days:], weekday[days:], usual[0], strict=True)}
    assert kinds[0.0, False] < kinds[1.0, False] < kinds[0.0, True] < kinds[1.0, True]


def test_masked_periods_are_not_the_usual() -> None:
    """Half the days closed: the usual is what an open day sells, not half of it."""
    open_ = (np.arange(64) % 2).astype(float)[None]
    y = 10.0 * open_[:, :60]
    masked = FeatureMaker(cube(plain(y, known={"open": open_}), 4)).relative(59, np.array([0]))[1]
    assert masked == pytest.approx(np.full((1, 4), 10.0))
    assert FeatureMaker(cube(plain(y), 4)).relative(59, np.array([0]))[1].mean() < 8


def test_last_year_by_hand() -> None:
    """A peak of three times the level in one week is told 52 weeks later, at its step."""
    y = np.full((1, 80), 10.0)
    y[0, 30] = 30.0
    maker = FeatureMaker(cube(plain(y, "W-SUN"), 4))
    # 30 + 52 = 82 is step 3 after period 79; the level of a year before was 10
    assert column(maker, "last_year", 79)[0] == pytest.approx([1, 1, 3, 1])
    assert column(maker, "last_year_all", 79)[0] == pytest.approx([1, 1, 3, 1])
    assert np.isnan(column(maker, "last_year", 40)).all()  # no year is known yet


def test_how_far_it_is_to_a_closed_day() -> None:
    open_ = np.ones((1, 44))
    open_[0, [36, 42]] = 0
    maker = FeatureMaker(cube(plain(np.full((1, 40), 10.0), known={"open": open_}), 4))
    assert column(maker, "closed_since", 39)[0].tolist() == [4, 5, 6, 1]  # after day 36, then after day 42
    until = column(maker, "closed_until", 39)[0].tolist()
    assert until[:2] == [2, 1]
    assert until[2] == until[3] >= 10  # none known after that


def test_a_holiday_is_told() -> None:
    dates = holiday_dates("DE", 2023, 2024)
    assert np.datetime64("2024-12-25") in dates and (np.diff(dates) > np.timedelta64(0)).all()
    maker = FeatureMaker(cube(plain(np.full((1, 30), 5.0), start="2024-11-24"), 4), "DE")  # ends on 23 December
    assert column(maker, "to_holiday", 29)[0].tolist() == [1, 0, 0, 5]  # 24, 25, 26, 27; New Year after that
    assert column(maker, "since_holiday", 29)[0, 1:].tolist() == [0, 0, 1]
    assert "to_holiday" not in FeatureMaker(cube(plain(np.full((1, 30), 5.0)), 4)).names


def test_static_columns_become_numbers_codes_or_hashed_words() -> None:
    text = ["green tea tin", "black tea tin", "green tea tin", *[f"jam {i}" for i in range(9)]]
    static = pd.DataFrame(
        {"size": [str(i) for i in range(12)], "kind": ["a", "b"] * 6, "text": text},
        index=[f"s{i:02d}" for i in range(12)],
    )
    maker = FeatureMaker(cube(plain(np.full((12, 30), 5.0), static=static), 1))
    x = maker.at(29, np.arange(12)).x
    assert maker.categorical == ["kind"]
    assert x[:, maker.names.index("size")].tolist() == list(range(12))
    kind = x[:, maker.names.index("kind")]
    assert len(set(kind[::2])) == len(set(kind[1::2])) == 1 and kind[0] != kind[1]
    words = x[:, [i for i, name in enumerate(maker.names) if name.startswith("text_")]]
    assert np.array_equal(words[0], words[2]) and not np.array_equal(words[0], words[1])


def test_a_series_that_never_sold_has_rows_all_the_same() -> None:
    y = np.zeros((2, 30))
    y[1] = np.nan
    maker = FeatureMaker(cube(plain(y), 3))
    made = maker.at(29, np.arange(2))
    assert (made.baseline > 0).all() and (made.baseline < 1).all()
    assert np.isfinite(made.x[:, maker.names.index("log_level")]).all()
