"""Cold start: who is alike, what their sales say of a new item, and how its own periods take over."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skucast.prompts.messages.say import say
from skucast.tools.data.panel import Panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.errors import InputError
from skucast.tools.forecast.cold_start import Analogue, ColdStart, analogues, candidates, cold_start_forecasts
from skucast.tools.forecast.statistical import base_forecasts
from skucast.tools.messages import Percent, message

END = pd.Timestamp("2024-06-30")  # a Sunday
MEDIAN = 4


def panel_of(
    sales: dict[str, list[float] | np.ndarray],
    static: dict[str, dict[str, str]] | None = None,
    prices: dict[str, float] | None = None,
    freq: str = "W-SUN",
    planned: dict[str, float] | None = None,
    horizon: int = 4,
) -> Panel:
    """Series that all end on one day; an item without sales has only its static row and its plan."""
    known = ["price"] if prices else []
    past, future = [], []
    for uid, y in sales.items():
        ds = pd.date_range(end=END, periods=len(y), freq=freq)
        ahead = pd.date_range(END, periods=horizon + 1, freq=freq)[1:]
        frame, plan = pd.DataFrame({"unique_id": uid, "ds": ds, "y": y}), pd.DataFrame({"unique_id": uid, "ds": ahead})
        if prices:
            frame["price"], plan["price"] = prices.get(uid, np.nan), (planned or prices).get(uid, np.nan)
        past.append(frame.astype({"y": float}))
        future.append(plan)
    table = pd.DataFrame.from_dict(static or {}, orient="index")
    return Panel(
        past=pd.concat([one for one in past if len(one)], ignore_index=True),
        future=pd.concat(future, ignore_index=True),
        static=table.reindex(list(sales)).rename_axis("unique_id"),
        schema=PanelSchema(missing="keep", known_future=known, static=list(table.columns)),
        offset=freq,
    )


def retailer(own: list[float], seed: int = 0, items: int = 40, scale: float = 1.0) -> Panel:
    """Forty steady sellers of many sizes, and a new item with what it sold so far."""
    draw = np.random.default_rng(seed)
    sales: dict[str, list[float] | np.ndarray] = {
        f"item{i:02d}": draw.poisson(level, 60) * scale for i, level in enumerate(np.exp(draw.normal(3, 0.8, items)))
    }
    return panel_of(
        sales | {"new": [value * scale for value in own]}, {uid: {"kind": "tea"} for uid in [*sales, "new"]}
    )


def width(made: ColdStart) -> float:
    """The 80 % interval in logs."""
    return float(np.log(made.quantiles[0, -1] / made.quantiles[0, 0]))


def forecast(panel: Panel, uid: str = "new", horizon: int = 4, **more: int) -> ColdStart:
    return cold_start_forecasts(panel, [uid], horizon, **more)[uid]


def test_a_lone_analogue_lends_its_level_give_or_take_a_factor_of_two() -> None:
    made = forecast(panel_of({"old": [10.0] * 30, "new": []}), horizon=3)
    # one level, 10, smeared to 10 * exp(-0.857), 10 and 10 * exp(0.857), a third each: variance of the log 0.7 ** 2
    apart = np.exp(0.7 * np.sqrt(1.5))
    expected = [10 / apart] * 3 + [10.0] * 3 + [10 * apart] * 3
    np.testing.assert_allclose(made.quantiles, np.tile(expected, (3, 1)), rtol=1e-9)
    assert [one.unique_id for one in made.analogues] == ["old"]
    assert message("warning-few-items") in made.warnings


def test_own_periods_and_analogues_are_weighed_as_normals_are() -> None:
    made = forecast(panel_of({"old": [10.0] * 30, "new": [20.0]}))
    # prior variance 0.49; noise of one period at its least, 0.02; 0.15 periods of 10 beside the 20 that were seen
    trust = 0.49 / (0.49 + 0.02)
    middle = 10.0 ** (1 - trust) * (21.5 / 1.15) ** trust
    apart = np.exp(np.sqrt(1 - trust) * 0.7 * np.sqrt(1.5))
    np.testing.assert_allclose(made.quantiles[0], [middle / apart] * 3 + [middle] * 3 + [middle * apart] * 3, rtol=1e-9)


def test_likeness_by_hand() -> None:
    panel = panel_of(
        {"same": [5.0] * 20, "dear": [5.0] * 20, "other": [5.0] * 20, "new": []},
        {
            "same": {"category": "tea", "description": "green tea"},
            "dear": {"category": "tea", "description": ""},
            "other": {"category": "mugs", "description": "xyz"},
            "new": {"category": "tea", "description": "Green  TEA"},
        },
        prices={"same": 2.0, "dear": 4.0, "other": 2.0, "new": 2.0},
    )
    found = {one.unique_id: one for one in analogues(panel, "new")}
    assert list(found) == ["same", "other", "dear"]
    assert found["same"].similarity == pytest.approx(1.0)
    labels = message("alike-labels", labels=("category",))
    assert found["same"].why == message(
        "alike",
        reasons=(
            labels,
            message("alike-price-within", percent=Percent(0)),
            message("alike-text", score=pytest.approx(1.0)),
        ),
    )
    band = np.exp(-0.5 * (np.log(2) / 0.4) ** 2)  # no text on one side: it drops out, labels 0.25 and price 0.5 remain
    assert found["dear"].similarity == pytest.approx((0.25 * 1 + 0.5 * band) / 0.75)
    dear = message("alike-price-apart", times=pytest.approx(2.0))
    assert found["dear"].why == message("alike", reasons=(labels, dear))
    assert found["other"].similarity == pytest.approx(0.5)
    assert [one.unique_id for one in analogues(panel, "new", k=1)] == ["same"]


def test_a_rare_label_tells_more_than_one_that_everybody_has() -> None:
    static = {
        f"i{n}": {"shop": "web", "brand": "B" if n == 0 else "C", "size": "L" if n == 1 else "S"} for n in range(9)
    }
    static["i1"]["shop"] = "street"
    panel = panel_of({uid: [5.0] * 20 for uid in static} | {"new": []}, static | {"new": static["i0"]})
    assert analogues(panel, "new")[0].unique_id == "i0"
    assert analogues(panel, "new")[0].why == message(
        "alike", reasons=(message("alike-labels", labels=("brand", "size")),)
    )
    assert analogues(panel, "new")[-1].similarity == pytest.approx(0.0)


def test_the_new_item_sells_like_its_kind() -> None:
    sales: dict[str, list[float] | np.ndarray] = {f"tea{i}": [100.0 + i] * 30 for i in range(12)}
    sales |= {f"mug{i}": [4.0 + i / 10] * 30 for i in range(12)}
    kinds = {uid: {"kind": uid[:3]} for uid in sales}
    as_tea = forecast(panel_of(sales | {"new": []}, kinds | {"new": {"kind": "tea"}}))
    as_mug = forecast(panel_of(sales | {"new": []}, kinds | {"new": {"kind": "mug"}}))
    assert 90 < as_tea.quantiles[0, MEDIAN] < 120
    assert 3.5 < as_mug.quantiles[0, MEDIAN] < 6
    assert "most alike: tea" in say(as_tea.warnings[0]) and "(same kind" in say(as_tea.warnings[0])


def test_bands_narrow_as_own_periods_come_and_stay_wider_than_with_a_history() -> None:
    level = 30
    draws = np.random.default_rng(5).poisson(level, 60).astype(float)
    widths = [width(forecast(retailer(list(draws[-n:]) if n else []))) for n in (0, 1, 3, 7)]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 2 * widths[1]
    panel = retailer(list(draws))
    known = base_forecasts(panel.select(["new"]), 4, workers=1)["new"].quantiles
    assert widths[-1] > np.log(known[0, -1] / known[0, 0]) * 0.95
    assert widths[1] > 1.2 * np.log(known[0, -1] / known[0, 0])


@pytest.mark.slow
def test_own_periods_take_over() -> None:
    for level in (2.0, 400.0):
        far = [abs(np.log(forecast(retailer([level] * n)).quantiles[0, MEDIAN] / level)) for n in (1, 3, 7)]
        assert far == sorted(far, reverse=True)
        assert far[-1] < 0.3


def test_nothing_sold_yet_is_below_the_analogues_and_above_zero() -> None:
    none, zeros = forecast(retailer([])), forecast(retailer([0.0] * 5))
    assert 0 < zeros.quantiles[0, MEDIAN] < 0.5 * none.quantiles[0, MEDIAN]
    assert message("warning-nothing-sold") in zeros.warnings and message("warning-nothing-sold") not in none.warnings


@settings(max_examples=8, deadline=None)
@given(st.floats(0.01, 1000), st.lists(st.integers(0, 100), max_size=7))
def test_units_may_be_counted_in_dozens(scale: float, own: list[int]) -> None:
    y = [float(value) for value in own]
    one, many = forecast(retailer(y, items=8)), forecast(retailer(y, items=8, scale=scale))
    np.testing.assert_allclose(many.quantiles, one.quantiles * scale, rtol=1e-6, atol=1e-9)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(9, 40))
def test_nothing_after_the_cutoff_has_a_way_in(seed: int, weeks: int) -> None:
    draw = np.random.default_rng(seed)
    panel = retailer([4.0, 6.0, 5.0], items=8)
    cutoff = END - pd.Timedelta(weeks=weeks)
    late = panel.past["ds"] > cutoff
    changed = panel.past.copy()
    changed.loc[late, "y"] = draw.uniform(0, 1e6, int(late.sum()))
    other = Panel(changed, panel.future, panel.static, panel.schema, panel.offset)
    made = [cold_start_forecasts(one.before(cutoff), ["item00"], 4)["item00"] for one in (panel, other)]
    np.testing.assert_array_equal(made[0].quantiles, made[1].quantiles)
    assert made[0].analogues == made[1].analogues


def test_an_item_is_no_analogue_of_itself() -> None:
    panel = retailer([])
    assert "item00" not in {one.unique_id for one in analogues(panel, "item00")}
    assert len(analogues(panel, "item00")) == 39


def test_only_items_with_a_longer_past_and_sales_of_late_are_candidates() -> None:
    sales: dict[str, list[float] | np.ndarray] = {
        "eight": [3.0] * 8,
        "seven": [3.0] * 7,
        "dead": [3.0] * 20 + [0.0] * 20,
        "gaps": [3.0] * 7 + [np.nan] * 20,
    }
    assert candidates(panel_of(sales)) == ["eight"]


def test_weekdays_come_from_the_analogues() -> None:
    week = [10.0] * 5 + [30.0, 0.0]  # Monday to Sunday: nothing on Sundays
    panel = panel_of({f"i{n}": week * 12 for n in range(10)} | {"new": []}, freq="D", horizon=7)
    median = forecast(panel, horizon=7).quantiles[:, MEDIAN]
    np.testing.assert_allclose(median, week, rtol=1e-6)


def test_closed_days_are_zero_and_do_not_count_as_no_demand() -> None:
    week, is_open = [10.0] * 6 + [0.0], [1.0] * 6 + [0.0]
    plain = panel_of({f"i{n}": week * 12 for n in range(10)} | {"new": []}, freq="D", horizon=7)
    past = plain.past.assign(open=np.tile(is_open, len(plain.past) // 7))
    future = plain.future.assign(open=np.tile(is_open, len(plain.future) // 7))
    panel = Panel(past, future, plain.static, PanelSchema(missing="keep", known_future=["open"]), "D")
    np.testing.assert_allclose(forecast(panel, horizon=7).quantiles[:, MEDIAN], week, rtol=1e-6)


def test_a_planned_price_cut_lifts_what_the_others_price_cuts_lifted() -> None:
    draw = np.random.default_rng(1)
    sales: dict[str, list[float] | np.ndarray] = {f"i{n}": [0.0] * 60 for n in range(20)} | {"new": [20.0] * 7}
    panel = panel_of(sales, prices=dict.fromkeys(sales, 4.0))
    price = np.where(draw.random(len(panel.past)) < 0.2, 2.8, 4.0)
    price[panel.past["unique_id"] == "new"] = 4.0
    y = draw.poisson(20 * (price / 4.0) ** -2.0).astype(float)
    past = panel.past.assign(price=price, y=np.where(panel.past["unique_id"] == "new", 20.0, y))
    future = panel.future.assign(price=[2.8 if i % 2 else 4.0 for i in range(len(panel.future))])
    made = forecast(Panel(past, future, panel.static, panel.schema, panel.offset))
    usual, cut = made.quantiles[0, MEDIAN], made.quantiles[1, MEDIAN]
    assert 1.5 < cut / usual < 2.6  # truly (2.8 / 4) ** -2 = 2.04


def test_a_newcomer_known_by_its_plan_alone() -> None:
    panel = panel_of({"old": [10.0] * 30, "new": []}, prices={"old": 2.0, "new": 2.0})
    assert "new" not in panel.unique_ids
    made = forecast(Panel(panel.past, panel.future, panel.static.drop("new"), panel.schema, panel.offset))
    assert made.quantiles[0, MEDIAN] == pytest.approx(10.0)
    assert say(made.warnings[0]).startswith(
        "no period is known: forecast from 1 similar item, with wide bands; most alike: old"
    )
    assert [made.warnings[0].facts[name] for name in ("known", "items")] == [0, 1]


def test_nothing_to_compare_by_is_said_and_every_item_counts_the_same() -> None:
    panel = panel_of({f"i{n}": [float(n + 1)] * 20 for n in range(9)} | {"new": []})
    made = forecast(panel)
    assert made.quantiles[0, MEDIAN] == pytest.approx(5.0, rel=0.1)
    assert all(one.why == message("alike-unknown") for one in made.analogues)
    assert message("warning-unlike") in made.warnings


def test_parts_can_be_left_out() -> None:
    panel = panel_of(
        {"cheap": [5.0] * 20, "tea": [5.0] * 20, "new": []},
        {"cheap": {"kind": "mug"}, "tea": {"kind": "tea"}, "new": {"kind": "tea"}},
        prices={"cheap": 1.0, "tea": 9.0, "new": 1.0},
    )

    def first(*parts: str) -> str:
        made = cold_start_forecasts(panel, ["new"], 1, parts=dict.fromkeys(parts, 1.0))
        return made["new"].analogues[0].unique_id

    assert (first("price"), first("static")) == ("cheap", "tea")


def test_given_analogues_are_used_as_they_are() -> None:
    panel = panel_of({"low": [2.0] * 20, "high": [50.0] * 20, "new": []})
    made = cold_start_forecasts(panel, ["new"], 1, given={"new": [Analogue("high", 1.0)]})["new"]
    assert made.quantiles[0, MEDIAN] == pytest.approx(50.0)
    for wrong in ({}, {"new": []}, {"new": [Analogue("new", 1.0)]}):
        with pytest.raises(InputError, match="its analogues must be items with 8 or more known periods"):
            cold_start_forecasts(panel, ["new"], 1, given=wrong)


def test_errors_say_what_is_wrong() -> None:
    panel = retailer([])
    with pytest.raises(InputError, match=r"unknown SKU 'item0'.*did you mean"):
        forecast(panel, "item0")
    with pytest.raises(InputError, match="horizon 0: expected 1 or more"):
        forecast(panel, horizon=0)
    with pytest.raises(InputError, match="k 0: expected 1 or more"):
        forecast(panel, k=0)
    with pytest.raises(InputError, match="k 0: expected 1 or more"):
        analogues(panel, "new", 0)
    with pytest.raises(InputError, match="new: no analogue: no other item has 8 or more"):
        forecast(panel_of({"young": [3.0] * 5, "new": []}))


def test_quantiles_are_sound_whatever_the_panel() -> None:
    draw = np.random.default_rng(7)
    sales: dict[str, list[float] | np.ndarray] = {}
    for i in range(30):
        y = draw.poisson(draw.gamma(0.3, 5), draw.integers(1, 120)).astype(float)
        y[draw.random(len(y)) < 0.1] = np.nan
        sales[f"i{i}"] = y
    panel = panel_of(sales | {"new": []})
    for made in cold_start_forecasts(panel, [*sales, "new"], 6).values():
        assert made.quantiles.shape == (6, 9)
        assert np.isfinite(made.quantiles).all()
        assert (np.diff(made.quantiles, axis=1) >= 0).all() and (made.quantiles >= 0).all()
