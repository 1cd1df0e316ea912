"""The synthetic retailer against its own truth: what it promises of numbers, words, plan and supply."""

import re
from collections import Counter
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skucast.finetune.retailer.market import CLASSES, Settings
from skucast.finetune.retailer.seasons import open_calendar
from skucast.finetune.retailer.synthetic import Synthetic, synthesize, synthetic_panel
from skucast.finetune.retailer.words import CATALOGUE, SEASONS
from skucast.prompts.context import sales_context
from skucast.prompts.serialize import parse, serialize
from skucast.tools.data.cube import cube
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.errors import InputError
from skucast.tools.quantiles import Array

WEEKS = 156
CLEAN = Settings(
    classes=(1.0, 0.0, 0.0, 0.0),
    season=0.0,
    week=0.0,
    trend=0.0,
    shocks=0.0,
    dips=0.0,
    closing=0.0,
    stockouts=0.0,
    launches=0.0,
    ends=0.0,
    missing=0.0,
)  # nothing but prices, promotions and the noise of counting
STILL = replace(CLEAN, promotions=0.0, prices=0.0)


@lru_cache
def weekly() -> Synthetic:
    return synthesize(1200, WEEKS, "W", seed=7)


@lru_cache
def daily() -> Synthetic:
    return synthesize(150, 300, "D", seed=7)


@lru_cache
def clean() -> Synthetic:
    return synthesize(300, WEEKS, "W", seed=7, settings=CLEAN)


def grid(made: Synthetic, name: str) -> Array:
    """A column of the panel as `[N, T]`."""
    table = made.panel.past.pivot(index="unique_id", columns="ds", values=name)
    return table.reindex(index=made.panel.unique_ids, columns=made.truth.ds).to_numpy(dtype=float)


def words(panel: Panel) -> list[set[str]]:
    return [set(re.findall(r"[a-z]+", " ".join(row).lower())) for row in panel.static.to_numpy()]


def syntetos_boylan(y: Array) -> str:
    sizes = y[y > 0]
    if not len(sizes):
        return "none"
    often, even = len(y) / len(sizes) < 1.32, (sizes.std() / sizes.mean()) ** 2 < 0.49
    return CLASSES[(0 if even else 1) + (0 if often else 2)]


sizes = st.fixed_dictionaries(
    {
        "n_series": st.integers(1, 12),
        "periods": st.integers(1, 60),
        "freq": st.sampled_from(["D", "W"]),
        "seed": st.integers(0, 2**32),
        "country": st.sampled_from(["US", "DE", "JP", None]),
    }
)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, derandomize=True)
@given(sizes)
def test_every_panel_keeps_its_promises(asked: dict) -> None:
    made = synthesize(**asked)
    panel, truth = made.panel, made.truth
    past = panel.past
    assert list(panel.static.index) == panel.unique_ids and len(panel.unique_ids) == asked["n_series"]
    assert panel.freq == asked["freq"] and len(truth.ds) == asked["periods"]
    assert set(past.columns) == {"unique_id", "ds", "y", *panel.schema.known_future, *panel.schema.past_only}
    assert set(panel.static.columns) == set(panel.schema.static) and (panel.static != "").all(axis=None)
    known = past["y"].dropna()
    assert (known >= 0).all() and (known == known.round()).all()
    assert past.drop(columns="y").notna().all(axis=None)
    assert (past["price"] > 0).all() and past["discount"].between(0, 0.9).all()
    assert past[["promo", "coupon"]].isin([0.0, 1.0]).all(axis=None)
    assert not (past["y"] > past["stock"]).any()
    for i, (uid, rows) in enumerate(past.groupby("unique_id", sort=False)):
        assert uid == panel.unique_ids[i]
        assert rows["ds"].tolist() == truth.ds[truth.traits.launch[i] : truth.traits.end[i] + 1].tolist()
    alive = np.isfinite(grid(made, "price"))
    np.testing.assert_array_equal(np.isfinite(truth.expected), alive)
    shop_open = grid(made, "open")[alive] > 0 if asked["freq"] == "D" else np.ones(alive.sum(), dtype=bool)
    assert ((truth.expected[alive] > 0) == shop_open).all()
    assert not truth.demand[alive][~shop_open].any()


@settings(max_examples=10, deadline=None, derandomize=True)
@given(st.sampled_from(["D", "W"]), st.integers(20, 60), st.integers(1, 12))
def test_a_cut_panel_feeds_the_cube_and_the_prompt(freq: str, cut: int, horizon: int) -> None:
    panel = synthetic_panel(8, 80, freq, seed=5)
    at = panel.past["ds"].drop_duplicates().sort_values().iloc[cut]
    seen = panel.before(at)
    made = cube(seen, horizon)
    assert made.y.shape[0] == len(seen.unique_ids) and set(made.known) == set(panel.schema.known_future)
    alive = made.end == made.end.max()
    rows = made.known["price"][alive][:, -horizon:]
    assert np.isfinite(rows).any() and "y" not in seen.future
    one = seen.unique_ids[0]
    context = sales_context(seen.select([one]), one, horizon)
    assert len(parse(serialize(context)).steps) == horizon
    assert panel.static.loc[one, "description"] in context.text


@pytest.mark.parametrize("freq", ["D", "W"])
def test_the_cut_moves_the_plan_into_the_future_and_nothing_else(freq: str) -> None:
    panel = synthetic_panel(12, 60, freq, seed=9)
    at = panel.past["ds"].drop_duplicates().sort_values().iloc[40]
    seen, late = panel.before(at), panel.past[panel.past["ds"] > at]
    plan = ["unique_id", "ds", *panel.schema.known_future]
    expected = late[late["unique_id"].isin(seen.unique_ids)][plan].reset_index(drop=True)
    pd.testing.assert_frame_equal(seen.future, expected)
    pd.testing.assert_frame_equal(seen.past, panel.past[panel.past["ds"] <= at].reset_index(drop=True))
    assert len(panel.future) == 0 and len(seen.future) > 100


@pytest.mark.parametrize("freq", ["D", "W"])
def test_the_reader_of_tables_takes_the_panel_as_it_is(freq: str) -> None:
    panel = synthetic_panel(5, 60, freq, seed=9)
    read = read_panel(panel.past.join(panel.static, on="unique_id"), schema=panel.schema)
    pd.testing.assert_frame_equal(read.past[panel.past.columns], panel.past, check_dtype=False)
    assert read.offset == panel.offset and read.static.to_dict() == panel.static.to_dict()


def test_no_stock_is_no_sale_while_demand_was_there() -> None:
    for made in (weekly(), daily()):
        stock, y, truth = grid(made, "stock"), grid(made, "y"), made.truth
        out = (stock == 0) & (truth.expected > 0)
        assert 0.004 < out.sum() / np.isfinite(y).sum() < 0.06
        assert np.nanmax(y[out]) == 0
        assert truth.demand[out].sum() > 0.4 * truth.expected[out].sum() > 0
        in_stock = (stock > 0) & np.isfinite(y)
        np.testing.assert_array_equal(y[in_stock], np.minimum(truth.demand, stock)[in_stock])


def test_failing_supply_cuts_sales_below_demand() -> None:
    rates = [0.0, 1.0, 3.0]
    lost = []
    for rate in rates:
        made = synthesize(200, 104, "W", seed=3, settings=replace(CLEAN, stockouts=rate))
        y, demand = grid(made, "y"), made.truth.demand
        assert (y <= demand).all() and (y <= grid(made, "stock")).all()
        lost.append(1 - y.sum() / demand.sum())
    assert lost[0] == 0 and 0.005 < lost[1] < 0.1 and lost[2] > 1.5 * lost[1]


def test_no_failing_supply_sells_all_that_is_wanted() -> None:
    made = synthesize(50, 60, "W", seed=1, settings=Settings(stockouts=0.0, missing=0.0))
    np.testing.assert_array_equal(grid(made, "y"), made.truth.demand)


def test_demand_is_drawn_around_its_mean() -> None:
    truth = weekly().truth
    for kind in CLASSES:
        rows = truth.traits.demand_class == kind
        ratio = np.nansum(truth.demand[rows], axis=1) / np.nansum(truth.expected[rows], axis=1)
        error = ratio.std() / np.sqrt(len(ratio))
        assert np.mean(ratio) == pytest.approx(1.0, abs=3.5 * error) and error < 0.03, kind


def test_elasticity_is_recovered_by_regression() -> None:
    truth, y = clean().truth, grid(clean(), "y")
    price, promo, coupon = (grid(clean(), name) for name in ("price", "promo", "coupon"))
    errors = []
    for i in np.argsort(-truth.traits.level)[:60]:
        x = np.stack([np.ones(WEEKS), np.log(price[i]), promo[i], coupon[i]], axis=1)
        if np.std(x[:, 1]) > 0.08:
            slope = np.linalg.lstsq(x, np.log(np.maximum(y[i], 0.5)), rcond=None)[0][1]
            errors.append(-slope - truth.traits.elasticity[i])
    assert len(errors) > 20
    assert abs(np.mean(errors)) < 0.08 and np.median(np.abs(errors)) < 0.25


def slopes_of_price(made: Synthetic, series: Array) -> Array:
    """Slope of log expected demand over log price, beside promotion, coupon and a season of two harmonics."""
    year = 2 * np.pi * np.arange(WEEKS) / 52.18
    others = np.stack([np.ones(WEEKS), *(f(k * year) for k in (1, 2) for f in (np.sin, np.cos))])
    price, promo, coupon = np.log(grid(made, "price")), grid(made, "promo"), grid(made, "coupon")
    y = np.log(made.truth.expected)
    return np.array(
        [np.linalg.lstsq(np.stack([price[i], promo[i], coupon[i], *others]).T, y[i], rcond=None)[0][0] for i in series]
    )


@pytest.mark.slow
@settings(max_examples=5, deadline=None, derandomize=True)
@given(st.integers(0, 10**6))
def test_elasticity_is_the_slope_of_expected_demand_over_price(seed: int) -> None:
    alone = synthesize(12, WEEKS, "W", seed=seed, settings=CLEAN)
    moved = np.flatnonzero(np.log(grid(alone, "price")).std(axis=1) > 0.02)
    np.testing.assert_allclose(slopes_of_price(alone, moved), -alone.truth.traits.elasticity[moved], atol=1e-6)
    rough = synthesize(100, WEEKS, "W", seed=seed, settings=Settings(launches=0.0, ends=0.0))
    busy = np.flatnonzero((grid(rough, "discount") > 0.1).mean(axis=1) > 0.05)
    assert len(busy) > 30
    assert np.corrcoef(slopes_of_price(rough, busy), -rough.truth.traits.elasticity[busy])[0, 1] > 0.5


def test_a_clean_mean_is_price_and_promotion_alone() -> None:
    truth = clean().truth
    price, promo, coupon = (grid(clean(), name) for name in ("price", "promo", "coupon"))
    log = np.log(truth.expected / truth.expected[:, :1])
    told = -truth.traits.elasticity[:, None] * np.log(price / price[:, :1])
    told += truth.traits.lift[:, None] * (promo - promo[:, :1]) + 0.15 * (coupon - coupon[:, :1])
    np.testing.assert_allclose(log, told, atol=1e-9)


def test_promotions_raise_demand_and_borrow_from_the_weeks_around() -> None:
    made = synthesize(300, WEEKS, "W", seed=4, settings=replace(CLEAN, dips=1.0, prices=0.0))
    log = np.log(made.truth.expected / made.truth.traits.level[:, None])
    on = (grid(made, "promo") > 0) | (grid(made, "discount") > 0.02)
    calm = ~on & (grid(made, "coupon") == 0)
    after = calm & np.roll(on, 1, axis=1)
    before = calm & np.roll(on, -1, axis=1)
    after[:, 0] = before[:, -1] = False
    far = calm & ~after & ~before & ~np.roll(on, 2, axis=1)
    assert log[on].mean() > 0.5
    assert log[after].mean() < log[before].mean() < -0.02
    assert np.abs(log[far][:50]).max() < 0.5 and np.median(log[far]) == pytest.approx(0.0, abs=0.01)
    runs = np.diff(np.flatnonzero(np.diff(np.pad(on, ((0, 0), (3, 3))).ravel().astype(int))))[::2]
    assert runs.min() == 1 and runs.max() == 4
    assert 0.04 < on.mean() < 0.25


def test_an_advertised_week_lifts_demand_beyond_its_price() -> None:
    log = np.log(clean().truth.expected)
    promo, price = grid(clean(), "promo") > 0, np.log(grid(clean(), "price"))
    beyond = log + clean().truth.traits.elasticity[:, None] * price
    ran = promo.any(axis=1) & ~promo.all(axis=1)
    rise = np.array([row[on].mean() - row[~on].mean() for row, on in zip(beyond[ran], promo[ran], strict=True)])
    assert ran.sum() > 200 and np.median(rise) == pytest.approx(np.median(clean().truth.traits.lift), abs=0.05)
    assert np.corrcoef(rise, clean().truth.traits.lift[ran])[0, 1] > 0.9
    none = grid(synthesize(50, 60, "W", seed=1, settings=STILL), "promo")
    assert not none.any()


def peak_month(made: Synthetic) -> Array:
    """The month in which most is expected of each series, from a three-year mean."""
    table = pd.DataFrame(made.truth.expected.T).groupby(made.truth.ds.month).mean()
    return table.to_numpy().argmax(axis=0) + 1


PEAKS = {
    "christmas": {11, 12},
    "halloween": {10},
    "summer": {5, 6, 7, 8},
    "winter": {11, 12, 1, 2},
    "autumn": {9, 10, 11},
}
PEAKS |= {
    "spring": {3, 4, 5},
    "easter": {3, 4},
    "valentine": {1, 2},
    "back to school": {8, 9},
    "barbecue": {5, 6, 7, 8},
}


def peaks_told(made: Synthetic, descriptions: list[str]) -> float:
    """Share of the descriptions with a season's word whose series peaks in that word's months."""
    told = [next((word for word in PEAKS if word in text.replace("barbecue sauce", "")), "") for text in descriptions]
    return float(np.mean([month in PEAKS[word] for month, word in zip(peak_month(made), told, strict=True) if word]))


def test_the_word_of_a_season_tells_the_month_of_the_peak_and_shuffled_text_does_not() -> None:
    descriptions = weekly().panel.static["description"].tolist()
    shuffled = [descriptions[i] for i in np.random.default_rng(1).permutation(len(descriptions))]
    assert set(PEAKS) == set(SEASONS)
    assert peaks_told(weekly(), descriptions) > 0.85
    assert peaks_told(weekly(), shuffled) < 0.4
    flat = synthesize(600, WEEKS, "W", seed=7, settings=Settings(season=0.0))
    assert peaks_told(flat, flat.panel.static["description"].tolist()) < 0.4


def test_without_a_season_a_year_is_flat_and_with_one_christmas_is_not() -> None:
    for strength, low, high in ((0.0, 1.0, 1.0), (1.0, 1.25, 3.0)):
        made = synthesize(300, WEEKS, "W", seed=2, settings=replace(STILL, season=strength))
        relative = made.truth.expected / made.truth.expected.mean(axis=1, keepdims=True)
        before = (made.truth.ds.month == 12) & (made.truth.ds.day >= 7) & (made.truth.ds.day <= 24)
        assert low - 1e-9 <= relative[:, before].mean() <= high + 1e-9
        if strength:
            again = [np.corrcoef(row[52:], row[:-52])[0, 1] for row in made.truth.expected]
            assert np.median(again) > 0.6


def test_season_words_move_the_year() -> None:
    truth = weekly().truth
    season = np.array(truth.season_word)
    mentions = [word in text for word, text in zip(season, weekly().panel.static["description"], strict=True)]
    assert all(mentions)
    whole = (truth.traits.launch == 0) & (truth.traits.end == WEEKS - 1)
    share = {}
    for word, months in (("christmas", [12]), ("summer", [6, 7, 8]), ("halloween", [10])):
        inside = np.isin(truth.ds.month, months)
        part = truth.expected[:, inside].sum(axis=1) / truth.expected.sum(axis=1)
        share[word] = part[(season == word) & whole].mean(), part[(season == "") & whole].mean()
    assert share["christmas"][0] > 0.3 and share["christmas"][1] < 0.15
    assert share["summer"][0] > 0.45 and share["summer"][1] < 0.36
    assert share["halloween"][0] > 0.3 and share["halloween"][1] < 0.12


def test_every_season_word_averages_to_one() -> None:
    calendar = open_calendar("2021-01-01", 1461, "D", None)
    np.testing.assert_allclose(np.exp(calendar.word_seasons()).mean(axis=1), 1.0, atol=1e-6)
    peaks = dict(zip(SEASONS, calendar.ds[calendar.word_seasons().argmax(axis=1)], strict=True))
    assert (peaks["christmas"].month, peaks["halloween"].month, peaks["barbecue"].month) == (12, 10, 6)
    assert peaks["easter"] in pd.to_datetime(["2021-04-04", "2022-04-17", "2023-04-09", "2024-03-31"])


def test_holidays_lead_and_lag_by_category() -> None:
    calendar = open_calendar("2023-11-01", 80, "D", "US")
    christmas = int(np.flatnonzero(calendar.ds == "2023-12-25")[0])
    rows = dict(zip(CATALOGUE["category"], calendar.category_holidays(1.0), strict=True))
    assert rows["baking"][christmas - 4] > 0.4 > 0.0 > rows["baking"][christmas + 2]
    assert rows["milk"][christmas - 1] < rows["wine"][christmas - 1]
    assert rows["bread"][christmas - 4] == 0 and rows["toys"][christmas - 12] > 0
    assert (
        calendar.great[christmas, 0] and calendar.holiday.sum() == 5
    )  # Veterans (2), Thanksgiving, Christmas, New Year
    week = open_calendar("2023-11-01", 10, "W", "US")
    assert week.ds[0] == pd.Timestamp("2023-11-12") and week.offset == "W-SUN"
    assert not open_calendar("2023-11-01", 80, "D", None).holiday.any()


@pytest.mark.parametrize(
    ("country", "great", "days"),
    [
        ("US", ["01-01", "11-23", "12-25"], 11),
        ("SE", ["01-01", "04-07", "04-09", "12-25"], 13),  # whose list names every Sunday
        ("JP", ["01-01"], 16),  # whose Labor Thanksgiving Day closes no shop
        ("CN", ["01-01", "01-22", "01-23", "01-24"], 11),  # whose list names the days off in exchange
    ],
)
def test_great_holidays_by_country(country: str, great: list[str], days: int) -> None:
    calendar = open_calendar("2023-01-01", 365, "D", country)
    assert [f"{day:%m-%d}" for day in calendar.ds[calendar.great[:, 0]]] == great
    assert calendar.holiday.sum() == days


def test_the_week_is_recovered() -> None:
    made = synthesize(80, 364, "D", seed=2, settings=replace(STILL, week=1.0))
    y, weekday = grid(made, "y"), made.truth.ds.dayofweek.to_numpy()
    top = np.argsort(-made.truth.traits.level)[:30]
    seen = np.stack([y[top][:, weekday == day].mean(axis=1) for day in range(7)], axis=1)
    seen /= seen.mean(axis=1, keepdims=True)
    np.testing.assert_allclose(seen, made.truth.traits.week[top], atol=0.2)
    assert np.abs(seen - made.truth.traits.week[top]).mean() < 0.04
    assert made.truth.traits.week[:, 5].mean() > 1.2  # Saturdays


def test_without_a_week_every_day_is_alike() -> None:
    made = synthesize(20, 70, "D", seed=2, settings=STILL)
    np.testing.assert_allclose(made.truth.traits.week, 1.0)
    np.testing.assert_allclose(made.truth.expected, made.truth.expected[:, :1].repeat(70, axis=1))


def test_closed_days_are_known_ahead_and_sell_nothing() -> None:
    made = daily()
    shut = grid(made, "open") == 0
    assert np.nanmax(grid(made, "y")[shut]) == 0
    sundays = shut[:, made.truth.ds.dayofweek == 6].mean(axis=1)
    assert 0.08 < (sundays > 0.2).mean() < 0.35
    assert cube(made.panel, 1).closed.any()


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.lists(st.floats(0.05, 1.0), min_size=4, max_size=4), st.sampled_from(["D", "W"]))
def test_classes_come_in_the_shares_asked(weights: list[float], freq: str) -> None:
    shares = np.array(weights) / sum(weights)
    made = synthesize(200, 104, freq, seed=3, settings=replace(CLEAN, classes=tuple(shares), promotions=0.0))
    count = Counter(made.truth.traits.demand_class.tolist())
    np.testing.assert_allclose([count[kind] / 200 for kind in CLASSES], shares, atol=0.01)
    seen = Counter(syntetos_boylan(row) for row in grid(made, "y"))
    np.testing.assert_allclose([seen[kind] / 200 for kind in CLASSES], shares, atol=0.12)


def test_seldom_sold_stays_near_its_share_in_a_rough_world() -> None:
    truth, y = weekly().truth, grid(weekly(), "y")
    seen = [syntetos_boylan(row[np.isfinite(row)]) for row in y]
    seldom = np.isin(seen, ["intermittent", "lumpy", "none"])
    assert seldom.mean() == pytest.approx(sum(Settings().classes[2:]), abs=0.04)
    assert (np.array(seen) == truth.traits.demand_class).mean() > 0.75


def test_levels_span_decades() -> None:
    low, high = np.percentile(weekly().truth.traits.level, [0.5, 99.5])
    assert 3.0 < np.log10(high / low) < 4.5


def test_launches_begin_late_and_ends_early() -> None:
    truth = weekly().truth
    assert (truth.traits.launch > 0).mean() == pytest.approx(0.25, abs=0.04)
    assert 0.03 < (truth.traits.end < WEEKS - 1).mean() < 0.1
    assert (truth.traits.end - truth.traits.launch + 1).min() >= WEEKS // 8
    for i in np.flatnonzero(truth.traits.launch > 0)[:20]:
        assert weekly().panel.past_of(weekly().panel.unique_ids[i])["ds"].iloc[0] == truth.ds[truth.traits.launch[i]]
    assert 0 < np.isnan(weekly().panel.past["y"]).mean() < 0.01
    calm = synthesize(40, 30, "W", seed=1, settings=CLEAN)
    assert not calm.truth.traits.launch.any() and calm.panel.past["y"].notna().all()


def test_launches_grow_or_begin_with_a_craze_and_ended_series_fade() -> None:
    grown = synthesize(400, WEEKS, "W", seed=5, settings=replace(STILL, launches=1.0))
    launch, log = grown.truth.traits.launch, np.log(grown.truth.expected / grown.truth.traits.level[:, None])
    first = log[np.arange(400), launch]
    assert (launch > 0).all() and 0.6 < (first < -0.2).mean() < 0.8 and (first[first > 0] > 0.3).all()
    long = launch < WEEKS - 60
    assert np.abs(log[long, -1]).max() < 0.05
    assert all(np.isnan(row[:at]).all() for row, at in zip(log, launch, strict=True))
    faded = synthesize(400, WEEKS, "W", seed=5, settings=replace(STILL, ends=1.0))
    end, log = faded.truth.traits.end, np.log(faded.truth.expected / faded.truth.traits.level[:, None])
    stopped = end < WEEKS - 1
    assert stopped.mean() > 0.95 and (log[stopped, end[stopped]] < -1.0).all() and np.median(log[:, 0]) == 0.0
    assert faded.panel.past.groupby("unique_id")["ds"].max().tolist() == faded.truth.ds[end].tolist()


def test_demand_has_no_trend_of_its_own_but_series_have() -> None:
    growth = []
    for seed in range(6):
        expected = synthesize(200, WEEKS, "W", seed=seed, settings=Settings(launches=0.0, ends=0.0)).truth.expected
        growth.append(np.log(expected[:, -52:].sum(axis=1) / expected[:, :52].sum(axis=1)) / 2)
    assert abs(np.mean(growth)) < 0.03 and 0.1 < np.std(growth) < 0.35


def test_a_category_is_shocked_together() -> None:
    made = synthesize(400, WEEKS, "W", seed=6, settings=replace(STILL, shocks=1.0))
    steps = np.diff(np.log(made.truth.expected), axis=1)
    together = np.corrcoef(steps)
    category = made.panel.static["category"].to_numpy()
    same = (category[:, None] == category) & ~np.eye(400, dtype=bool)
    assert together[same].mean() > 0.2 > together[~same & ~np.eye(400, dtype=bool)].mean() + 0.05


def test_views_follow_demand_even_while_nothing_is_on_hand() -> None:
    made = weekly()
    out, views = grid(made, "stock") == 0, grid(made, "views")
    a_unit = np.nanmean(views, axis=1) / np.nanmean(made.truth.expected, axis=1)
    expected = made.truth.expected * a_unit[:, None]
    assert views[out].sum() == pytest.approx(expected[out].sum(), rel=0.25)


def linear_r2(texts: list[set[str]], target: Array) -> float:
    """Share of the variance of the second half that a ridge on the words of the first half explains."""
    count = Counter(word for text in texts for word in text)
    place = {word: i for i, word in enumerate(sorted(word for word, n in count.items() if n >= 5))}
    x = np.array([[word in text for word in place] for text in texts], dtype=float)
    half = len(texts) // 2
    center = target[:half].mean()
    gram = x[:half].T @ x[:half] + 5.0 * np.eye(len(place))
    weight = np.linalg.solve(gram, x[:half].T @ (target[:half] - center))
    left = target[half:] - center - x[half:] @ weight
    return float(1 - left.var() / target[half:].var())


@pytest.mark.slow
def test_words_tell_level_elasticity_and_lift_and_shuffled_words_do_not() -> None:
    made = synthesize(2400, 52, "W", seed=8)
    truth, texts = made.truth, words(made.panel)
    sold = np.log(np.nanmean(grid(made, "y"), axis=1) + 0.1)
    assert linear_r2(texts, sold) > 0.3
    assert linear_r2(texts, np.log(truth.traits.level)) > 0.35
    assert linear_r2(texts, np.log(truth.traits.elasticity)) > 0.6
    assert linear_r2(texts, np.log(truth.traits.lift)) > 0.4
    shuffled = [texts[i] for i in np.random.default_rng(0).permutation(len(texts))]
    assert linear_r2(shuffled, sold) < 0.05
    assert len(set(made.panel.static["description"])) > 2000


@pytest.mark.parametrize("column", ["category", "brand", "size"])
def test_each_column_alone_tells_the_level_better_than_chance(column: str) -> None:
    made = synthesize(3000, 2, "W", seed=8, settings=STILL)
    static, level = made.panel.static, np.log(made.truth.traits.level)

    def told(labels: Array) -> float:
        mean = pd.Series(level[:1500]).groupby(labels[:1500]).mean()
        return float(np.corrcoef(pd.Series(labels[1500:]).map(mean).fillna(level.mean()), level[1500:])[0, 1])

    labels = (static["category"] + "/" + static["size"] if column == "size" else static[column]).to_numpy(dtype=str)
    assert told(labels) > 0.1
    assert abs(told(np.random.default_rng(0).permutation(labels))) < 0.1


def test_larger_sizes_sell_less() -> None:
    truth, static = weekly().truth, weekly().panel.static
    sizes = CATALOGUE.set_index("category")["size"]
    place = np.array(
        [sizes[at].index(size) / (len(sizes[at]) - 1) for at, size in static[["category", "size"]].to_numpy()]
    )
    level = pd.Series(np.log(truth.traits.level))
    inside = level - level.groupby(static["category"].to_numpy()).transform("mean")
    assert inside[place == 0].mean() > inside[place == 1].mean() + 0.4


def test_premium_sells_less_and_is_dearer_than_value() -> None:
    static = weekly().panel.static["description"]
    of = {word: static.str.contains(word).to_numpy() for word in ("premium", "value")}
    price = np.nanmedian(grid(weekly(), "price"), axis=1)
    category = weekly().panel.static["category"].map(CATALOGUE.set_index("category")["price"]).to_numpy()
    assert np.median((price / category)[of["premium"]]) > 1.5 * np.median((price / category)[of["value"]])
    assert np.mean(weekly().truth.traits.elasticity[of["premium"]]) < np.mean(
        weekly().truth.traits.elasticity[of["value"]]
    )


def digest(panel: Panel) -> int:
    static = pd.util.hash_pandas_object(panel.static).sum()
    return int(pd.util.hash_pandas_object(panel.past).sum() ^ static)


@pytest.mark.parametrize("freq", ["D", "W"])
def test_the_seed_is_all_the_chance_there_is(freq: str) -> None:
    one = digest(synthetic_panel(20, 50, freq, seed=1))
    assert one == digest(synthetic_panel(20, 50, freq, seed=1))
    assert one != digest(synthetic_panel(20, 50, freq, seed=2))
    ids = [set(synthetic_panel(20, 3, f, seed=seed).unique_ids) for f in "DW" for seed in (1, 2, 12, 21)]
    assert len(set.union(*ids)) == 20 * len(ids)


def test_panels_of_two_seeds_can_be_joined() -> None:
    joined = Panel.concat([synthetic_panel(3, 20, "W", seed=1), synthetic_panel(3, 20, "W", seed=2)])
    assert len(joined.unique_ids) == 6 and joined.static.index.is_unique


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"n_series": 0}, "n_series 0: expected 1 or more"),
        ({"n_series": -3}, "n_series -3: expected 1 or more"),
        ({"periods": 0}, "periods 0: expected 1 or more"),
        ({"periods": -1}, "periods -1: expected 1 or more"),
        ({"periods": 10**7}, "start '2020-01-06' and 10000000 periods"),
        ({"seed": -1}, "seed -1: expected 0 or more"),
        ({"freq": "M"}, "freq 'M': expected D or W"),
        ({"start": "someday"}, "start 'someday'"),
        ({"country": "XX"}, "country 'XX': expected an ISO code"),
    ],
)
def test_what_cannot_be_made_is_said_in_one_line(wrong: dict, said: str) -> None:
    asked = {"n_series": 2, "periods": 5, "freq": "D", "seed": 1} | wrong
    with pytest.raises(InputError) as caught:
        synthetic_panel(**asked)
    assert str(caught.value).startswith(said) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "wrong", [{"classes": (0.5, 0.5, 0.5, 0.0)}, {"launches": 1.5}, {"missing": -0.1}, {"season": -1.0}]
)
def test_settings_out_of_range(wrong: dict) -> None:
    with pytest.raises(InputError, match="expected"):
        Settings(**wrong)
