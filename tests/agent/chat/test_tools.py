"""The tools at a desk: what they answer, and what they say that they cannot."""

import dataclasses
from typing import Any

import numpy as np
import pandas as pd
import pytest
from skucast.agent.chat.desk import Desk
from skucast.agent.forecast.forecaster import Forecaster
from skucast.agent.forecast.witnesses import Witnesses
from skucast.agent.models.slot_head import SlotConfig
from skucast.prompts.messages.say import say_all, say_error
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.errors import InputError
from skucast.tools.insight.what_if import replan
from skucast.tools.messages import Units, shown


@pytest.fixture
def desk(panel: Panel) -> Desk:
    return Desk(panel, Forecaster(None))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("forecast", {"product": "B", "horizon": "3w"}, "over 3 weeks"),
        ("explain", {"product": "B"}, "Forecast:"),
        ("sales_history", {"product": "B", "periods": 4}, "over the last 4 weeks"),
        ("sales_history", {"product": "B", "during": "08"}, "over the 4 weeks of 29 Jul – 25 Aug 2024"),
        ("sales_history", {"product": "B", "during": "2024-Q3"}, "over the 13 weeks of 1 Jul – 29 Sept 2024"),
        ("sales_history", {"category": "all", "periods": 4}, "a week on average. All 4 products together. "),
        ("forecast", {"category": "all", "horizon": "2w"}, "All 4 products together."),
        ("seasonality", {"product": "B"}, "trend is"),
        ("compare", {"products": ["A", "B"]}, "SKU B (product b; box) sells best of them"),
        ("compare", {"products": ["B"]}, "the last 8 weeks"),
        ("top_movers", {"direction": "up"}, "rose most"),
        ("top_sellers", {"limit": 2}, "The best seller is SKU B"),
        ("anomalies", {"product": "B"}, "stands out"),
        ("price_history", {"product": "D"}, "has cost between 2.00 and 4.00, 4.00 last"),
        ("find_products", {"words": "box"}, "4 products have the words 'box'"),
        ("calendar", {"horizon": "8w"}, "Columbus Day on 2024-10-14"),
        ("backtest", {"product": "B", "windows": 2, "horizon": "2w"}, "2 known windows of 2 weeks"),
        ("stock_plan", {"product": "B", "on_hand": 0, "lead_time": 2, "service_level": 90}, "order "),
        ("plot", {"product": "B"}, "Forecast:"),
        ("out_of_scope", {"topic": "the weather"}, "I can't help with the weather"),
        ("out_of_scope", {"topic": "<b>99.9% of $5.</b>"}, "I can't help with b99.9% of $5b"),
        ("what_if", {"product": "D", "price_change_percent": -10, "periods": [1]}, "the price 10 % lower in week 1"),
        ("what_if", {"product": "D", "price_change_percent": -10, "periods": [6]}, "10 % lower in week 6"),
    ],
)
def test_tools(desk: Desk, tool: str, arguments: dict[str, Any], says: str) -> None:
    answer = desk.do(tool, arguments)
    assert says in say_all(answer.messages)
    assert desk.tool == tool


def test_the_price_history_tells_the_plan_too() -> None:
    ds = pd.date_range("2024-01-07", periods=25, freq="W-SUN")
    frame = pd.DataFrame({"unique_id": "A", "ds": ds, "y": [20.0] * 20 + [np.nan] * 5, "price": 2.0, "promo": 0.0})
    frame.loc[20:, "price"], frame.loc[23, "promo"] = 1.5, 1.0
    panel = read_panel(frame, schema=PanelSchema(known_future=["price", "promo"]))
    text = say_all(Desk(panel, Forecaster(None)).do("price_history", {"product": "A"}).messages)
    assert "As planned from 2024-05-26 to 2024-06-23, it costs 1.50." in text
    assert "promo is planned for 1 of 5 weeks, first 2024-06-16." in text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("asked", "price", "discount"),
    [
        ({"price_change_percent": -10}, 7.2, 0.28),
        ({"price_change_percent": 10}, 8.8, 0.12),
        ({"price_change_percent": -10, "promotion": True}, 7.2, 0.28),
        ({"price_change_percent": -10, "promotion": False}, 9.0, 0.0),
        ({"promotion": False}, 10.0, 0.0),
        ({"promotion": True}, 8.0, 0.2),
    ],
)
def test_another_price_is_told_of_a_plan_that_is_reduced_already(
    asked: dict[str, Any], price: float, discount: float
) -> None:
    """The plan is 8 after 20 % off, so 10 without."""
    ds = pd.date_range("2024-01-07", periods=24, freq="W-SUN")
    frame = pd.DataFrame({"unique_id": "A", "ds": ds, "y": [20.0] * 20 + [np.nan] * 4, "price": 10.0, "discount": 0.0})
    frame.loc[20:, "price"], frame.loc[20:, "discount"] = 8.0, 0.2
    panel = read_panel(frame, schema=PanelSchema(known_future=["price", "discount"]))
    plan = replan(panel, "A", 4, **asked).panel.horizon_of("A", 4)
    assert plan["price"].tolist() == pytest.approx([price] * 4) and plan["discount"].tolist() == pytest.approx(
        [discount] * 4
    )


def test_a_what_if_speaks_of_the_forecast_s_own_total(desk: Desk) -> None:
    answer = desk.do("what_if", {"product": "D", "price_change_percent": -10, "periods": [1]})
    total = desk.reports[-1].total.quantiles["q0.5"]
    assert f"against {shown(Units(total))} as planned" in say_all(answer.messages)
    assert total != sum(step.quantiles["q0.5"] for step in desk.reports[-1].steps)


def test_a_what_if_that_nobody_saw_says_so(desk: Desk) -> None:
    """D cost 2 and 4, so a half is known of it and a tenth is not; no other product ever changed its price."""
    known = say_all(desk.do("what_if", {"product": "D", "price_change_percent": -50}).messages)
    assert "like cases sold" in known and "do not rely" not in known
    for product, change in (("D", -10), ("B", 20), ("D", 100)):
        unseen = say_all(desk.do("what_if", {"product": product, "price_change_percent": change}).messages)
        assert "do not rely on this" in unseen and "like cases sold" not in unseen


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("forcast", {}, "unknown tool 'forcast': did you mean forecast"),
        ("forecast", {"sku": "B"}, "forecast: sku: Extra inputs"),
        ("forecast", {"category": "toys"}, "no category is called 'toys'"),
        ("sales_history", {"product": "B", "during": "2023"}, "nothing is known of what it sold in 2023"),
        ("sales_history", {"product": "B", "during": "13"}, "sales_history: during:"),
        ("what_if", {"product": "B"}, "what is to change"),
        ("what_if", {"product": "B", "promotion": True}, "plans no price or promotion"),
        ("market_notes", {"query": "coupons"}, "there are no market notes"),
        ("data_health", {}, "was not checked here"),
        ("forecast", {"product": "box"}, "may be 4 products: which one?"),
    ],
)
def test_tools_say_what_they_cannot(desk: Desk, tool: str, arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError) as error:
        desk.do(tool, arguments)
    assert says in say_error(error.value)


class Flat:
    """A slot model that says 500 units a week of everything."""

    name, digest, tokens, config = "slots:flat", "f1a7", 0, SlotConfig()

    def forecast(self, panel: Panel, horizon: int, ids: Any = None, progress: Any = None) -> dict[str, Any]:
        return {uid: np.full((horizon, 9), 500.0) for uid in ids or panel.unique_ids}


def test_a_backtest_sees_nothing_of_other_products_after_its_cutoff(panel: Panel) -> None:
    """A model's share is earned over other products: as they were known then, or the truth would leak into it."""

    def tested(known: Panel) -> Any:
        maker = Forecaster(None, slots=Flat(), witnesses=Witnesses(known))  # type: ignore[arg-type]
        return Desk(known, maker).do("backtest", {"product": "B", "windows": 1, "horizon": "4w"}).table

    past = panel.past.copy()
    late = (past["ds"] > past["ds"].max() - pd.Timedelta(weeks=4)) & (past["unique_id"] != "B")
    past.loc[late, "y"] = 500.0  # as the model says, so that it would earn all there
    assert tested(dataclasses.replace(panel, past=past)) == tested(panel)


def test_a_backtest_shows_the_forecast_s_own_total(desk: Desk) -> None:
    """As a forecast of that cutoff says it: medians of steps do not add up to the median of their total."""
    table = desk.do("backtest", {"product": "B", "windows": 1, "horizon": "4w"}).table
    assert table is not None
    known = desk.panel.select(["B"]).before(table.rows[0][0])
    report = desk.forecaster.forecast(known, ["B"], 4)[0]
    assert table.rows[0][1] == report.total.quantiles["q0.5"]
    assert table.rows[0][1] != sum(step.quantiles["q0.5"] for step in report.steps)


def test_a_backtest_says_that_the_model_may_have_seen_the_truth(panel: Panel) -> None:
    knowing = Flat()
    knowing.config = SlotConfig(trained={"mine": "2024-09-30"})
    desk = Desk(panel, Forecaster(None, slots=knowing))  # type: ignore[arg-type]
    text = say_all(desk.do("backtest", {"product": "B", "windows": 1, "horizon": "4w"}).messages)
    assert "fine-tuned on data until 2024-09-30" in text


def test_a_whole_category_is_the_sum(desk: Desk) -> None:
    from skucast.tools.data.groups import Group, total

    summed = total(desk.panel, ["A", "B"], Group("category", "boxes"))
    a, b = (desk.panel.past_of(uid)["y"].to_numpy() for uid in "AB")
    assert summed.past["y"].tolist() == (a + b).tolist()


def test_the_weeks_of_a_what_if_add_up_to_its_totals(desk: Desk) -> None:
    """The rows are the total shared out, so that a column adds up to what the sentence says."""
    answer = desk.do("what_if", {"product": "B", "price_change_percent": -20, "periods": [1, 2], "horizon": "4w"})
    assert answer.table is not None
    *weeks, total = answer.table.rows
    facts = answer.messages[0].facts
    for column, name in ((1, "old"), (2, "new")):
        cells = [float(row[column]) for row in weeks]  # type: ignore[arg-type]
        assert sum(cells) == pytest.approx(float(total[column]))  # type: ignore[arg-type]
        assert total[column] == pytest.approx(facts[name])
