"""Causes against hand-worked pasts: discounts among some weeks, and what the years before did."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from skucast.prompts.messages.say import say, say_all
from skucast.tools.data.panel import Panel
from skucast.tools.insight.causes import deals, deals_message, months, season_driver, yearly
from skucast.tools.insight.drivers import drivers
from skucast.tools.messages import Message

Shop = Callable[..., Panel]
NAN = float("nan")


def test_deals_by_hand(shop: Shop) -> None:
    """Of 8 weeks, 5 at 60, 60, 60, 55 and 55 % off: 58 % on average; 3 % off is no discount to speak of."""
    off = [0.0, 0.6, 0.6, 0.03, 0.6, 0.55, 0.0, 0.55]
    panel = shop({"A": [10.0] * 16}, discount=[0.5] + [0.0] * 7 + off + [0.0])
    past = panel.past_of("A")
    found = deals(past.tail(8))
    assert found is not None and (found.count, found.of) == (5, 8)
    assert found.percent == pytest.approx(58)
    ds = past["ds"]
    said = deals_message(panel, "A", ds.iloc[-8], ds.iloc[-1])
    assert say_all(said) == "5 of these 8 weeks were about 58 % off."
    assert say_all(said, "zh") == "这 8 周中有 5 个时段平均降价约 58%。"
    assert deals_message(panel, "A", ds.iloc[1], ds.iloc[7]) == []
    driver = next(one for one in drivers(panel, "A", 1, 10.0) if one.name == "deals")
    assert say(driver.message) == "5 of the last 8 weeks were about 58 % off, against 1 of the 8 before."
    assert say(driver.message, "zh") == "过去 8 周中有 5 周平均降价约 58%，此前 8 周中有 1 周。"


def test_promotions_without_a_depth(shop: Shop) -> None:
    panel = shop({"A": [10.0] * 16}, promo=[1.0, 1.0] + [0.0] * 15)
    driver = next(one for one in drivers(panel, "A", 1, 10.0) if one.name == "deals")
    assert say(driver.message) == "None of the last 8 weeks were on promotion, against 2 of the 8 before."
    assert deals(shop({"A": [10.0] * 16}).past_of("A")) is None
    never = shop({"A": [10.0] * 16}, promo=[0.0] * 17)
    assert not [one for one in drivers(never, "A", 1, 10.0) if one.name == "deals"]


def test_whether_it_falls_every_year_by_hand() -> None:
    """Years of 10 periods, the last 2 of each at 5 after 10: a fall of 50 %, now and in both years before."""
    year = np.array([8.0] * 6 + [10.0, 10.0, 5.0, 5.0])
    found = yearly(np.tile(year, 3), 2, 10)
    assert found is not None and (found.years, found.alike) == (2, 2)
    assert (found.change, found.usual) == pytest.approx((-50, -50))
    steady = np.array([8.0] * 10)
    found = yearly(np.concatenate([steady, year, year]), 2, 10)
    assert found is not None and (found.years, found.alike) == (2, 1)
    found = yearly(np.concatenate([steady, steady, year]), 2, 10)
    assert found is not None and (found.years, found.alike) == (2, 0)
    assert yearly(np.tile(steady, 3), 2, 10) is None  # nothing moved
    assert yearly(np.array([10.0, 9.2]), 1, 10) is None  # by less than a tenth
    assert yearly(np.array([NAN, 9.0]), 1, 10) is None
    alone = yearly(year, 2, 10)
    assert alone is not None and (alone.years, alone.alike) == (0, 0)


def season_of(shop: Shop, y: list[float]) -> Message | None:
    panel = shop({"A": y}, start="2021-01-03")
    return season_driver(panel, panel.past_of("A"), 8)


def test_the_season_in_words(shop: Shop) -> None:
    year = [8.0] * 36 + [10.0] * 8 + [5.0] * 8
    found = season_of(shop, year * 3)
    assert found is not None and found.key == "driver-season-yearly"
    assert say(found) == (
        "So it is every year: in each of the 2 years before, the same 8 weeks were also lower than those before them."
    )
    found = season_of(shop, year * 2)
    assert found is not None
    assert say(found) == "So it was a year before: the same 8 weeks were also lower than those before them."
    found = season_of(shop, [8.0] * 52 + year)
    assert found is not None
    assert say(found) == "It is not the season: a year before, the same 8 weeks did not fall so."
    found = season_of(shop, [8.0] * 52 + year * 2)
    assert found is not None and say(found).startswith("In 1 of the 2 years before, the same 8 weeks also fell.")
    found = season_of(shop, year)  # its mean is (288 + 80 + 40) / 52 = 7.846
    assert found is not None and found.key == "driver-season-one-year"
    assert "one year cannot tell" in say(found) and "November, 36 % below" in say(found)
    assert season_of(shop, [8.0] * 100) is None
    assert season_of(shop, year[-20:]) is None


def test_months_by_hand() -> None:
    y = pd.Series(
        [10.0, 20.0, 30.0, NAN], index=pd.DatetimeIndex(["2024-01-07", "2024-01-14", "2024-02-04", "2024-03-03"])
    )
    assert months(y) == pytest.approx({1: 0.75, 2: 1.5})
    assert months(y[:0]) == {}
