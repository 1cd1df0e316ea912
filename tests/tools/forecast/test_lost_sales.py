"""Lost units: by hand, and against a simulation in which the true demand is known."""

import numpy as np
import pandas as pd
import pytest
from skucast.prompts.messages.say import say
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.errors import InputError
from skucast.tools.forecast.lost_sales import Loss, lost_units, tells_parts, with_recovered, without_stockouts
from skucast.tools.insight.drivers import drivers
from skucast.tools.messages import figures


def panel_of(
    y: list[float] | np.ndarray, stock: list[float] | np.ndarray, freq: str = "W-SUN", **known: list[float]
) -> Panel:
    ds = pd.date_range("2024-01-07", periods=len(y), freq=freq)
    frame = pd.DataFrame({"unique_id": "A", "ds": ds, "y": y, "stock": stock} | known)
    return read_panel(frame, schema=PanelSchema(missing="keep", past_only=["stock"], known_future=list(known)))


def test_two_weeks_out_of_stock_by_hand() -> None:
    found = lost_units(panel_of([8, 12, 0, 0, 8, 12], [9, 9, 0, 0, 9, 9]), "A")
    assert found is not None
    # four weeks in stock: mean 10, variance 16 / 3; two weeks out: 2 * 16 / 3, and twice the same error of the mean,
    # of variance 4 / 3: 2 ** 2 * 4 / 3
    spread = 1.2816 * np.sqrt(32 / 3 + 16 / 3)
    assert found.whole == found.recent
    assert (found.whole.out, found.whole.of, found.whole.units) == (2, 6, 20.0)
    assert (found.whole.low, found.whole.high) == pytest.approx((20 - spread, 20 + spread))


def test_never_out_of_stock_is_zero_and_no_stock_column_is_not_known() -> None:
    found = lost_units(panel_of([8, 0, 12], [9, 9, 9]), "A")
    assert found is not None
    assert found.whole == Loss(0, 0, 3, 0.0, 0.0, 0.0)
    frame = pd.DataFrame({"unique_id": "A", "ds": pd.date_range("2024-01-07", periods=3, freq="W-SUN"), "y": 1.0})
    assert lost_units(read_panel(frame), "A") is None


def test_what_sold_before_it_ran_out_is_not_counted() -> None:
    found = lost_units(panel_of([10, 10, 10, 4, 0], [9, 9, 9, 0, 0]), "A")
    assert found is not None
    assert (found.whole.out, found.whole.units) == (1, 8.5)


def test_recent_is_the_last_thirteen_weeks() -> None:
    y, stock = np.full(40, 10.0), np.full(40, 9.0)
    y[[3, 4, 39]] = stock[[3, 4, 39]] = 0.0
    found = lost_units(panel_of(y, stock), "A")
    assert found is not None
    assert (found.recent.out, found.recent.of, found.recent.units) == (1, 13, 10.0)
    assert (found.whole.out, found.whole.of, found.whole.units) == (3, 40, 30.0)


def test_a_saturday_is_told_by_saturdays_and_a_promoted_week_by_promoted_weeks() -> None:
    days = np.tile([10.0, 10, 10, 10, 10, 10, 70], 8)  # 2024-01-07 is a Sunday, so the seventh is a Saturday
    stock = np.full(56, 5.0)
    days[27] = stock[27] = 0.0
    found = lost_units(panel_of(days, stock, freq="D"), "A")
    assert found is not None
    assert found.whole.units == 70.0
    weeks, promo = np.tile([10.0, 10, 40], 6), [0.0, 0, 1] * 6
    weeks[8] = 0.0
    found = lost_units(panel_of(weeks, np.where(weeks > 0, 5.0, 0.0), promo=promo), "A")
    assert found is not None
    assert found.whole.units == 40.0


def test_what_was_usual_then_not_what_was_usual_years_before() -> None:
    y = np.concatenate([np.full(40, 100.0), np.full(40, 10.0)])
    stock = np.full(80, 5.0)
    y[70] = stock[70] = 0.0
    found = lost_units(panel_of(y, stock), "A")
    assert found is not None
    assert found.whole.units == 10.0


def test_a_closed_day_loses_nothing() -> None:
    found = lost_units(panel_of([5, 5, 5, 0, 0], [1, 1, 1, 0, 0], open=[1.0, 1, 1, 0, 1]), "A")
    assert found is not None
    assert (found.whole.out, found.whole.units) == (1, 5.0)


def test_never_in_stock_is_not_known() -> None:
    found = lost_units(panel_of([0, 0, 0], [0, 0, 0]), "A")
    assert found is not None
    assert found.whole.out == 3
    assert np.isnan(found.whole.units)


@pytest.mark.slow
def test_the_estimate_meets_a_known_demand() -> None:
    """Forty simulated years of days: each total within 20 % of the truth, 3 % over all, and the interval honest."""
    draw = np.random.default_rng(0)
    true, found, inside = [], [], []
    for _ in range(40):
        level = draw.uniform(5, 40) * (1 + 0.3 * np.sin(np.arange(364) / 364 * 2 * np.pi))
        demand = draw.poisson(level * np.tile([0.7, 0.8, 0.9, 1.0, 1.2, 1.6, 0.8], 52)).astype(float)
        stock = np.full(364, 10.0)
        for begin in draw.integers(0, 350, 5):
            stock[begin : begin + draw.integers(2, 8)] = 0.0
        made = lost_units(panel_of(np.where(stock > 0, demand, 0.0), stock, freq="D"), "A")
        assert made is not None
        true.append(demand[stock == 0].sum())
        found.append(made.whole.units)
        inside.append(made.whole.low <= true[-1] <= made.whole.high)
    assert sum(found) == pytest.approx(sum(true), rel=0.03)
    np.testing.assert_allclose(found, true, rtol=0.2)
    assert 0.7 <= np.mean(inside) <= 0.98


def test_the_report_says_what_was_lost() -> None:
    panel = panel_of([8, 12, 0, 0, 8, 12], [9, 9, 0, 0, 9, 9])
    driver = next(one for one in drivers(panel, "A", 4, 40.0) if one.name == "stockout")
    assert say(driver.message) == (
        "Out of stock in 2 of the last 6 weeks: about 20 units were not sold for that (80 % interval 14.9 to 25.1)."
    )
    assert figures(driver.message) == {
        "out_of_stock": 2, "periods": 6, "lost_units": "20", "lost_q0.1": "14.9", "lost_q0.9": "25.1", "interval": 80,
    }  # fmt: skip
    fine = panel_of([8, 12, 9], [9, 9, 9])
    assert "stockout" not in {one.name for one in drivers(fine, "A", 4, 40.0)}


def test_a_panel_without_stockouts_keeps_what_sold_and_hides_what_could_not() -> None:
    panel = panel_of([8, 0, 0, 4, 6], [9, 9, 0, 0, 9])
    hidden = without_stockouts(panel)
    np.testing.assert_array_equal(hidden.past["y"], [8, 0, np.nan, 4, 6])
    np.testing.assert_array_equal(panel.past["y"], [8, 0, 0, 4, 6])
    frame = pd.DataFrame({"unique_id": "A", "ds": pd.date_range("2024-01-07", periods=3, freq="W-SUN"), "y": 1.0})
    with pytest.raises(InputError, match="expected one of stock, on_hand, in_stock"):
        without_stockouts(read_panel(frame))


def partly(y: list[float], in_stock: list[float]) -> Panel:
    ds = pd.date_range("2024-01-07", periods=len(y), freq="W-SUN")
    frame = pd.DataFrame({"unique_id": "A", "ds": ds, "y": y, "in_stock": in_stock})
    return read_panel(frame, schema=PanelSchema(missing="keep", past_only=["in_stock"]))


def test_half_a_week_out_of_stock() -> None:
    """Usual are 44 units in 4.5 weeks in stock, u; of the half week (2 u + 4) / 2.5 a week are missing."""
    panel = partly([10, 10, 10, 10, 4], [1, 1, 1, 1, 0.5])
    missing = 0.5 * (2 * 44 / 4.5 + 4) / 2.5
    found = lost_units(panel, "A")
    assert found is not None
    assert (found.whole.out, found.whole.partly, found.whole.of) == (0, 1, 5)
    assert found.whole.units == pytest.approx(missing)
    spread = np.array([10, 10, 10, 10, 4 + missing]).std(ddof=1) / 2
    assert found.whole.high - found.whole.units == pytest.approx(1.2816 * spread * np.sqrt(1 + 1 / 5))
    assert with_recovered(panel).past["y"].tolist() == pytest.approx([10, 10, 10, 10, 4 + missing])


def test_whole_weeks_out_of_stock_stay_as_they_are_and_a_flag_tells_no_parts() -> None:
    panel = partly([10, 10, 0, 6, 10], [1, 1, 0, 0.5, 1])
    made = with_recovered(panel).past["y"]
    assert made[2] == 0 and made[3] > 6 and made[[0, 1, 4]].tolist() == [10, 10, 10]
    assert tells_parts(panel)
    flags, units = partly([10, 0, 9], [1, 0, 1]), partly([10, 3, 9], [5, 0.5, 7])
    assert not tells_parts(flags) and not tells_parts(units)
    assert with_recovered(flags) is flags and with_recovered(units) is units


def test_what_is_recovered_looks_at_nothing_later() -> None:
    stock = [1.0, 0.6, 1, 0.4, 1, 1]
    first = with_recovered(partly([8, 5, 9, 3, 8, 9], stock)).past["y"]
    other = with_recovered(partly([8, 5, 9, 3, 80, 90], stock)).past["y"]
    assert first[:4].tolist() == other[:4].tolist()


def test_the_report_says_what_was_lost_for_a_part() -> None:
    panel = partly([10, 10, 10, 10, 4], [1, 1, 1, 1, 0.5])
    driver = next(one for one in drivers(panel, "A", 4, 40.0) if one.name == "stockout")
    assert say(driver.message) == (
        "Out of stock in 1 of the last 5 weeks, in 1 of them for a part: about 4.71 units were not sold for that (80 % "
        "interval 4.31 to 5.12)."
    )
