"""Rankings of products and groups by units, revenue and margin, in any span of the past."""

from collections.abc import Callable

import pandas as pd
import pytest
from skucast.tools.data.panel import Panel
from skucast.tools.insight.ranking import (
    Span,
    compared,
    earlier,
    levels,
    movers,
    priced,
    sellers,
    span_of,
    year_before,
)
from skucast.tools.messages import Refusal

Shop = Callable[..., Panel]

TWENTY = {  # weeks: 4 of what no longer counts, 8 before, 8 of late
    "A": [900.0] * 4 + [10.0] * 8 + [30.0] * 8,
    "B": [900.0] * 4 + [50.0] * 8 + [40.0] * 8,
    "C": [900.0] * 4 + [5.0] * 8 + [6.0] * 8,
    "D": [900.0] * 4 + [0.0] * 8 + [7.0] * 8,
    "E": [900.0] * 4 + [80.0] * 8 + [80.0] * 8,
    "F": [900.0] * 4 + [9.0] * 8 + [2.0] * 8,
}
GOODS = {"category": {uid: "dairy" if uid in "ABC" else "bread" for uid in TWENTY}}


def test_means_of_late_and_before(shop: Shop) -> None:
    panel = shop(TWENTY)
    found = compared(panel, span_of(panel)).loc[["A", "F"], ["before", "last"]]
    assert found.to_dict("index") == {"A": {"before": 10.0, "last": 30.0}, "F": {"before": 9.0, "last": 2.0}}


def test_movers_by_units(shop: Shop) -> None:
    """A gained 20, C 1; B lost 10, F 7. Of D nothing sold before, and E stands still."""
    panel = shop(TWENTY, static=GOODS)
    up, down = movers(panel)
    assert up["change"].to_dict() == {"A": 20.0, "C": 1.0} and list(up.index) == ["A", "C"]
    assert down["change"].to_dict() == {"B": -10.0, "F": -7.0} and list(down.index) == ["B", "F"]
    assert up.loc["A", ["before", "last"]].tolist() == [10.0, 30.0]
    up, down = movers(panel, limit=1)
    assert (list(up.index), list(down.index)) == (["A"], ["B"])
    up, down = movers(panel, category="dairy")
    assert (list(up.index), list(down.index)) == (["A", "C"], ["B"])
    up, _ = movers(shop({f"P{i}": [1.0] * 8 + [2.0 + i] * 8 for i in range(7)}))
    assert list(up.index) == ["P6", "P5", "P4", "P3", "P2"]
    _, down = movers(shop({f"P{i}": [20.0] * 8 + [2.0 + i] * 8 for i in range(7)}))
    assert list(down.index) == ["P0", "P1", "P2", "P3", "P4"]


def test_a_past_too_short_has_no_movers(shop: Shop) -> None:
    with pytest.raises(Refusal) as error:
        movers(shop({"A": [1.0] * 8}))
    assert error.value.kind == "movers-too-short"
    up, down = movers(shop({"A": [1.0] * 8 + [2.0]}))
    assert (len(up), len(down)) == (1, 0)  # 7 weeks and the last, against one before


def test_without_sales_there_are_no_sellers(shop: Shop) -> None:
    """Of milk nothing is known for 16 weeks, so there is nothing to rank."""
    sold = {"milk": [5.0] * 4 + [float("nan")] * 16, "rye": [3.0] * 20}
    panel = shop(sold, static={"category": {"milk": "dairy", "rye": "bread"}})
    with pytest.raises(Refusal) as error:
        sellers(panel, category="dairy")
    assert error.value.kind == "nothing-sold-of-late"
    assert sellers(panel).to_dict() == {"rye": 3.0}


def test_sellers(shop: Shop) -> None:
    panel = shop(TWENTY, static=GOODS)
    assert sellers(panel, 3).to_dict() == {"E": 80.0, "B": 40.0, "A": 30.0}
    assert list(sellers(panel).index) == ["E", "B", "A", "D", "C", "F"]
    assert list(sellers(panel, category="dairy").index) == ["B", "A", "C"]
    assert len(sellers(shop({f"P{i:02}": [1.0] * 16 for i in range(12)}))) == 10


NAN = float("nan")


def test_spans_of_the_past(shop: Shop) -> None:
    """20 weeks from 2024-01-07 to 2024-05-19; March had the Sundays 3 to 31."""
    panel = shop(TWENTY)
    assert span_of(panel) == Span(pd.Timestamp("2024-03-31"), pd.Timestamp("2024-05-19"), 8)
    assert span_of(panel, 2) == Span(pd.Timestamp("2024-05-12"), pd.Timestamp("2024-05-19"), 2)
    march = span_of(panel, during="03")
    assert march == Span(pd.Timestamp("2024-03-03"), pd.Timestamp("2024-03-31"), 5, named=True)
    assert earlier(panel, march) == Span(pd.Timestamp("2024-01-28"), pd.Timestamp("2024-02-25"), 5)
    assert earlier(panel, span_of(panel, 15)).periods == 5  # of 15 weeks before but 5 are known
    assert year_before(panel, march).periods == 0
    with pytest.raises(Refusal) as error:
        span_of(panel, during="2023-12")
    assert error.value.kind == "nothing-sold-in"


MONEY = {  # two weeks before, two of late
    "A": [10.0, 10.0, 20.0, 20.0],
    "B": [5.0, 5.0, 5.0, 5.0],
    "C": [8.0, 8.0, 1.0, 0.0],
}
PRICES = {"A": [1.0] * 4, "B": [10.0, 10.0, 10.0, 6.0], "C": [2.0, 2.0, 2.0, NAN]}


def test_revenue_by_hand(shop: Shop) -> None:
    """A brings in 20 a week; B 50 and then 30, 40 a week; C 2 and then nothing, 1 a week."""
    panel = shop(MONEY, price=PRICES, static={"store": {"A": "1", "B": "2", "C": "1"}})
    span = span_of(panel, 2)
    assert sellers(panel, span=span, measure="revenue").to_dict() == {"B": 40.0, "A": 20.0, "C": 1.0}
    assert sellers(panel, span=span).to_dict() == {"A": 20.0, "B": 5.0, "C": 0.5}
    by = sellers(panel, span=span, measure="revenue", by="store")
    assert by.to_dict() == {"2": 40.0, "1": 21.0}
    assert sellers(panel, span=span, by="store").to_dict() == {"1": 20.5, "2": 5.0}
    up, down = movers(panel, span=span, measure="revenue")
    assert up["change"].to_dict() == {"A": 10.0} and down["change"].to_dict() == {"C": -15.0, "B": -10.0}
    up, down = movers(panel, span=span, by="store")
    assert up.loc["1", ["before", "last"]].tolist() == [18.0, 20.5] and down.empty  # store 2 stands still


def test_margin_is_what_the_price_leaves_of_the_cost(shop: Shop) -> None:
    """A earns 20 times 1 - 0.25 = 15 a week; B 5 times 10 - 4 and then 6 - 4, 20 a week."""
    panel = shop(MONEY, price=PRICES, cost={"A": [0.25] * 4, "B": [4.0] * 4, "C": [1.0] * 4})
    found = levels(panel, span_of(panel, 2), "margin")
    assert found.to_dict() == {"A": 15.0, "B": 20.0, "C": 0.5}
    static = shop(MONEY, price=PRICES, static={"unit_cost": {"A": "0.25", "B": "4", "C": "1"}})
    assert levels(static, span_of(static, 2), "margin").to_dict() == found.to_dict()


def test_without_a_price_or_a_cost_there_is_none(shop: Shop) -> None:
    with pytest.raises(Refusal) as error:
        sellers(shop(MONEY), measure="revenue")
    assert error.value.kind == "no-price"
    with pytest.raises(Refusal) as error:
        sellers(shop(MONEY, price=PRICES), measure="margin")
    assert error.value.kind == "no-cost"


def test_units_without_a_price_are_left_out_and_counted(shop: Shop) -> None:
    """Of 20 + 20 + 5 + 5 + 1 units, the 20 of A's last week have no price."""
    panel = shop(MONEY, price=PRICES | {"A": [1.0, 1.0, 1.0, NAN]})
    span = span_of(panel, 2)
    assert levels(panel, span, "revenue")["A"] == 20.0
    assert priced(panel, span, "revenue") == pytest.approx(31 / 51)
    assert priced(panel, span, "units") == 1.0
    assert compared(panel, span, "revenue").loc["A", "change"] == 10.0
