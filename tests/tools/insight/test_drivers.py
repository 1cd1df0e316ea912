"""Drivers against hand-worked sales."""

import numpy as np
import pandas as pd
import pytest
from skucast.agent.forecast.grounding import ground
from skucast.agent.forecast.report import Evidence
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.insight.drivers import Driver, drivers, figure

SCHEMA = PanelSchema(known_future=["price", "discount", "mailer", "coupon"])


def made(
    y: list[float],
    *,
    price: float = 4.0,
    discount: float = 0.0,
    mailer: float = 0.5,
    coupon: float = 1.0,
    past_discount: list[float] | None = None,
) -> dict[str, Driver]:
    """The drivers of one weekly series with a usual price of 5 and a plan of four weeks, by name."""
    ds = pd.date_range("2024-01-07", periods=len(y) + 4, freq="W-SUN")
    frame = pd.DataFrame({"unique_id": "A", "ds": ds, "y": [*y, *[np.nan] * 4]})
    n = len(y)
    frame["price"] = [5.0] * n + [price] * 4
    frame["discount"] = (past_discount or [0.0] * n) + [discount] * 4
    frame["mailer"] = [0.1] * n + [mailer] * 4
    frame["coupon"] = [0.0] * n + [coupon, coupon, 0.0, 0.0]
    panel = read_panel(frame, schema=SCHEMA)
    return {driver.name: driver for driver in drivers(panel, "A", 4, 120.0)}


def test_level_and_outlook_by_hand() -> None:
    found = made([10.0] * 8 + [20.0] * 8)
    assert found["level"].text == (
        "Recent sales: 20 units a week on average over the last 8 weeks, 100 % higher than the 8 weeks before."
    )
    assert found["outlook"].text == "The forecast is 30 units a week, 50 % higher than recent sales."
    level = made([30.2] * 8 + [30.0] * 8)
    assert "about level with the 8 weeks before" in level["level"].text
    assert "about level with recent sales" in level["outlook"].text


def test_price_and_promotion_by_hand() -> None:
    found = made([20.0] * 16)
    assert found["price"].text == "Planned price: 4.00, usual 5.00, so 20 % lower."
    assert found["mailer"].text == "In the mailer in 50 % of stores ahead, against 10 % of late."
    assert found["coupon"].text == "A coupon campaign runs in 2 of the 4 weeks ahead."
    assert "discount" not in found
    same = made([20.0] * 16, price=5.02, mailer=0.1, coupon=0.0)
    assert same["price"].text == "Planned price: 5.02, as usual (5.00)."
    assert not {"mailer", "coupon"} & set(same)


def test_response_needs_four_of_each() -> None:
    y = [10.0, 40.0] * 8
    found = made(y, past_discount=[0.0, 0.25] * 8)
    assert found["response"].text == ("In the past, 8 weeks with a discount sold 40 units on average, the 8 others 10.")
    assert "response" not in made(y, past_discount=[0.25] * 3 + [0.0] * 13)


def test_last_year_and_zeros() -> None:
    year = made([24.0] * 60)
    assert "The total is 25 % higher than the 96 units of the same time last year" in year["last_year"].text
    assert "last_year" not in made([24.0] * 51)
    assert "50 % of weeks sold nothing" in made([0.0, 8.0] * 8)["intermittent"].text


def test_a_plan_for_a_part_of_the_horizon_says_nothing_of_the_whole() -> None:
    ds = pd.date_range("2024-01-07", periods=20, freq="W-SUN")
    frame = pd.DataFrame({"unique_id": "A", "ds": ds, "y": [20.0] * 16 + [np.nan] * 4, "price": 5.0, "discount": 0.0})
    frame.loc[18:, ["price", "discount"]] = np.nan
    frame.loc[16, "discount"] = 0.5
    panel = read_panel(frame, schema=PanelSchema(known_future=["price", "discount"]))
    found = {driver.name: driver for driver in drivers(panel, "A", 4, 80.0)}
    assert found["plan"].text == "Price and promotion are planned for 2 of the 4 weeks ahead, the rest is not known."
    assert not {"price", "discount"} & set(found)
    whole = {driver.name: driver for driver in drivers(panel, "A", 2, 40.0)}
    assert (
        "plan" not in whole and whole["discount"].text == "Planned discount: 25 % off on average, against 0 % of late."
    )


def test_no_plan_is_said() -> None:
    ds = pd.date_range("2024-01-07", periods=16, freq="W-SUN")
    frame = pd.DataFrame({"unique_id": "A", "ds": ds, "y": 20.0, "price": 5.0})
    panel = read_panel(frame, schema=PanelSchema(known_future=["price"]))
    found = {driver.name: driver for driver in drivers(panel, "A", 4, 120.0)}
    assert found["price"].text == "No price is planned for the periods ahead."


@pytest.mark.parametrize("y", [[0.0] * 16, [20.0], [0.0] * 15 + [5.0], [1e6] * 60])
def test_every_number_of_a_driver_is_its_own_evidence(y: list[float]) -> None:
    for name, driver in made(y).items():
        item = Evidence(id="E1", tool=name, text=driver.text, facts=driver.facts)
        assert ground(driver.text, [item])[1] == []
        for fact in driver.facts.values():
            assert str(fact) in driver.text or f"{fact}" in driver.text, (fact, driver.text)


def test_figures() -> None:
    assert [figure(v) for v in (1234.5, 99.96, 12.34, 0.1234, 0.0)] == ["1,234", "100", "12.3", "0.123", "0"]
