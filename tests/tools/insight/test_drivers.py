"""Drivers against hand-worked sales: their figures as numbers, and the sentences that show them."""

import numpy as np
import pandas as pd
import pytest
from skucast.agent.forecast.grounding import ground
from skucast.agent.forecast.report import Evidence
from skucast.prompts.messages.say import say
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.insight.drivers import drivers
from skucast.tools.messages import Fact, Message, Money, Percent, Units, figures, message

SCHEMA = PanelSchema(known_future=["price", "discount", "mailer", "coupon"])
CALLS = {"period": message("period-W"), "unit": message("unit-W")}
Drivers = dict[str, Message]


def made(
    y: list[float],
    *,
    price: float = 4.0,
    discount: float = 0.0,
    mailer: float = 0.5,
    coupon: float = 1.0,
    past_discount: list[float] | None = None,
    total: float = 120.0,
) -> Drivers:
    """The drivers of one weekly series with a usual price of 5 and a plan of four weeks, by name."""
    ds = pd.date_range("2024-01-07", periods=len(y) + 4, freq="W-SUN")
    frame = pd.DataFrame({"unique_id": "A", "ds": ds, "y": [*y, *[np.nan] * 4]})
    n = len(y)
    frame["price"] = [5.0] * n + [price] * 4
    frame["discount"] = (past_discount or [0.0] * n) + [discount] * 4
    frame["mailer"] = [0.1] * n + [mailer] * 4
    frame["coupon"] = [0.0] * n + [coupon, coupon, 0.0, 0.0]
    return of(frame, SCHEMA, total)


def of(frame: pd.DataFrame, schema: PanelSchema, total: float = 120.0, horizon: int = 4) -> Drivers:
    """The drivers of series A, by name."""
    return {one.name: one.message for one in drivers(read_panel(frame, schema=schema), "A", horizon, total)}


def holds(one: Message, key: str, facts: dict[str, Fact]) -> None:
    """A message has these facts and no other figures, each of the same kind."""
    assert one.key == key
    assert {name: one.facts[name] for name in facts} == pytest.approx(facts)
    assert {name: type(one.facts[name]) for name in facts} == {name: type(value) for name, value in facts.items()}
    assert list(figures(one)) == [name for name, value in facts.items() if isinstance(value, (int, float))]


def test_level_and_outlook_by_hand() -> None:
    found = made([10.0] * 8 + [20.0] * 8)
    level: dict[str, Fact] = {"recent_mean": Units(20), "periods": 8, "change_percent": Percent(100)}
    holds(found["level"], "driver-level", {**level, "periods_before": 8, "way": "up"})
    holds(found["outlook"], "driver-outlook", {"forecast_mean": Units(30), "change_percent": Percent(50), "way": "up"})
    assert say(found["level"]) == (
        "Recent sales: 20 units a week on average over the last 8 weeks, 100 % higher than the 8 weeks before."
    )
    assert say(found["level"], "zh") == "近期销量：过去 8 周平均每周 20 件，比此前 8 周高 100%。"
    assert say(found["outlook"]) == "The forecast is 30 units a week, 50 % higher than recent sales."
    assert say(found["outlook"], "zh") == "预测为每周 30 件，比近期销量高 50%。"


def test_what_rose_by_more_than_300_per_cent_is_told_in_times() -> None:
    """42 a week after 10, and 210 a week ahead."""
    found = made([10.0] * 8 + [42.0] * 8, total=840.0)
    assert say(found["level"]).endswith("over the last 8 weeks, 4.2 times those of the 8 weeks before.")
    assert say(found["outlook"]) == "The forecast is 210 units a week, 5.0 times recent sales."
    assert say(found["outlook"], "zh") == "预测为每周 210 件，是近期销量的 5.0 倍。"
    assert "300 % higher" in say(made([10.0] * 8 + [40.0] * 8)["level"])


@pytest.mark.parametrize(
    ("total", "way", "english"),
    [(81.5, "same", "about level with"), (78.5, "same", "about level with"), (77.6, "down", "3 % lower than")],
)
def test_within_two_per_cent_is_level(total: float, way: str, english: str) -> None:
    """20 a week before; 20.375, 19.625 and 19.4 a week ahead are 1.9 % more, 1.9 % and 3 % less."""
    found = made([20.4] * 8 + [20.0] * 8, total=total)
    assert (found["level"].facts["way"], found["outlook"].facts["way"]) == ("same", way)
    assert "about level with the 8 weeks before." in say(found["level"])
    assert "，与此前 8 周大致持平。" in say(found["level"], "zh")
    assert f", {english} recent sales." in say(found["outlook"])


def test_a_short_past_is_compared_with_nothing() -> None:
    found = made([10.0] * 4 + [20.0] * 8)
    holds(found["level"], "driver-level", {"recent_mean": Units(20), "periods": 8, "way": "none"})
    assert say(found["level"]) == "Recent sales: 20 units a week on average over the last 8 weeks."
    assert say(found["level"], "zh") == "近期销量：过去 8 周平均每周 20 件。"
    assert made([0.0] * 8 + [20.0] * 8)["level"].facts["way"] == "none"  # nothing was sold before
    fell = made([40.0] * 8 + [10.0] * 8)["level"]
    assert (fell.facts["way"], fell.facts["change_percent"]) == ("down", 75)
    assert say(fell).endswith(", 75 % lower than the 8 weeks before.")
    assert say(fell, "zh").endswith("，比此前 8 周低 75%。")


@pytest.mark.slow
def test_price_and_promotion_by_hand() -> None:
    found = made([20.0] * 16)
    price: dict[str, Fact] = {"planned_price": Money(4), "usual_price": Money(5)}
    holds(found["price"], "driver-price", {**price, "change_percent": Percent(20), "way": "down"})
    promoted: dict[str, Fact] = {"planned_percent": Percent(50), "usual_percent": Percent(10), "way": "up"}
    holds(found["mailer"], "driver-mailer", promoted)
    holds(found["coupon"], "driver-coupon", {"with_coupon": 2, "horizon": 4, **CALLS})
    assert say(found["price"]) == "Planned price: 4.00, usual 5.00, so 20 % lower."
    assert say(found["price"], "zh") == "计划价格：4.00，平时 5.00，即低 20%。"
    assert say(found["mailer"]) == "In the mailer in 50 % of stores ahead, against 10 % of late."
    assert say(found["mailer"], "zh") == "未来有 50% 的门店将其列入促销海报，近期为 10%。"
    assert say(found["coupon"]) == "A coupon campaign runs in 2 of the 4 weeks ahead."
    assert say(found["coupon"], "zh") == "未来 4 周中有 2 周开展优惠券活动。"
    assert "discount" not in found
    less = made([20.0] * 16, mailer=0.05)["mailer"]
    assert less.facts["way"] == "down"
    same = made([20.0] * 16, price=5.02, mailer=0.1, coupon=0.0)
    holds(same["price"], "driver-price", {"planned_price": Money(5.02), "usual_price": Money(5), "way": "same"})
    assert say(same["price"]) == "Planned price: 5.02, as usual (5.00)."
    assert say(same["price"], "zh") == "计划价格：5.02，与平时（5.00）相同。"
    assert not {"mailer", "coupon"} & set(same)
    dear = made([20.0] * 16, price=6.0)["price"]
    assert dear.facts["way"] == "up" and say(dear) == "Planned price: 6.00, usual 5.00, so 20 % higher."


def test_response_needs_four_of_each() -> None:
    y = [10.0, 40.0] * 8
    found = made(y, past_discount=[0.0, 0.25] * 8)["response"]
    facts: dict[str, Fact] = {"promoted_periods": 8, "promoted_mean": Units(40)}
    holds(found, "driver-response-discount", {**facts, "other_periods": 8, "other_mean": Units(10), **CALLS})
    assert say(found) == "In the past, 8 weeks with a discount sold 40 units on average, the 8 others 10."
    assert say(found, "zh") == "过去有折扣的 8 周平均售出 40 件，其余 8 周平均 10 件。"
    assert "response" not in made(y, past_discount=[0.25] * 3 + [0.0] * 13)


def test_last_year_and_zeros() -> None:
    year = made([24.0] * 60)["last_year"]
    holds(year, "driver-last_year", {"last_year": Units(96), "change_percent": Percent(25), "way": "up"})
    assert say(year) == "The total is 25 % higher than the 96 units of the same time last year."
    assert say(year, "zh") == "总量比去年同期的 96 件高 25%。"
    assert "last_year" not in made([24.0] * 51)
    zeros = made([0.0, 8.0] * 8)["intermittent"]
    holds(zeros, "driver-intermittent", {"zero_percent": Percent(50), **CALLS})
    assert say(zeros) == "Sales are intermittent: 50 % of weeks sold nothing."
    assert say(zeros, "zh") == "销售呈间歇性：按周计，50% 的时段没有销量。"


def test_a_plan_for_a_part_of_the_horizon_says_nothing_of_the_whole() -> None:
    ds = pd.date_range("2024-01-07", periods=20, freq="W-SUN")
    frame = pd.DataFrame({"unique_id": "A", "ds": ds, "y": [20.0] * 16 + [np.nan] * 4, "price": 5.0, "discount": 0.0})
    frame.loc[18:, ["price", "discount"]] = np.nan
    frame.loc[16, "discount"] = 0.5
    schema = PanelSchema(known_future=["price", "discount"])
    found = of(frame, schema, 80.0)
    holds(found["plan"], "driver-plan", {"planned_periods": 2, "horizon": 4, **CALLS})
    assert say(found["plan"]) == ("Price and promotion are planned for 2 of the 4 weeks ahead, the rest is not known.")
    assert say(found["plan"], "zh") == "未来 4 周中，价格和促销只计划了 2 周，其余未知。"
    assert not {"price", "discount"} & set(found)
    whole = of(frame, schema, 40.0, horizon=2)
    assert "plan" not in whole
    discount: dict[str, Fact] = {"planned_percent": Percent(25), "usual_percent": Percent(0), "way": "up"}
    holds(whole["discount"], "driver-discount", discount)
    assert say(whole["discount"]) == "Planned discount: 25 % off on average, against 0 % of late."


def test_no_plan_is_said() -> None:
    ds = pd.date_range("2024-01-07", periods=16, freq="W-SUN")
    frame = pd.DataFrame({"unique_id": "A", "ds": ds, "y": 20.0, "price": 5.0})
    found = of(frame, PanelSchema(known_future=["price"]))
    assert found["price"] == message("driver-price-none")
    assert say(found["price"]) == "No price is planned for the periods ahead."


def test_a_month_out_of_stock_by_hand() -> None:
    """Twelve months at 30 a month, of the last six one out of stock: about a month's sales were lost."""
    ds = pd.date_range("2023-01-31", periods=12, freq="ME")
    stock = [9.0] * 9 + [0.0] + [9.0] * 2
    frame = pd.DataFrame({"unique_id": "A", "ds": ds, "y": np.where(np.array(stock) > 0, 30.0, 0.0), "stock": stock})
    found = of(frame, PanelSchema(past_only=["stock"]))["stockout"]
    assert (found.key, found.facts["out_of_stock"], found.facts["interval"]) == ("driver-stockout", 1, 80)
    assert list(figures(found)) == ["out_of_stock", "periods", "lost_units", "lost_q0.1", "lost_q0.9", "interval"]
    low, units, high = (found.facts[name] for name in ("lost_q0.1", "lost_units", "lost_q0.9"))
    assert isinstance(low, Units) and isinstance(units, Units) and isinstance(high, Units)
    assert low <= units <= high and units == pytest.approx(30, rel=0.1)
    assert say(found).startswith(f"Out of stock in 1 of the last {found.facts['periods']} months: about ")
    assert say(found, "zh").startswith(f"过去 {found.facts['periods']} 个月中有 1 个月缺货：因此少卖约 ")


@pytest.mark.slow
@pytest.mark.parametrize("y", [[0.0] * 16, [20.0], [0.0] * 15 + [5.0], [1e6] * 60])
def test_every_number_of_a_driver_is_its_own_evidence(y: list[float]) -> None:
    for name, one in made(y).items():
        item = Evidence.of(1, name, one)
        assert item.text == say(one) and ground(item.text, [item])[1] == []
        for fact in item.facts.values():
            assert str(fact) in item.text or f"{fact:g}" in item.text, (fact, item.text)
