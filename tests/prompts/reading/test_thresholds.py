"""Numbers of units that sales may pass, and which groups and what money a ranking is by."""

import pytest
from skucast.prompts.reading.request import Reading


@pytest.mark.parametrize(
    ("request_", "found"),
    [
        ("chance of more than 500 next week", [("above", 500)]),
        ("will it exceed 1,200 units over the next 4 weeks", [("above", 1200)]),
        ("probability of at least two hundred units", [("at least", 200)]),
        ("chance that we sell fewer than 30 in 4 weeks", [("below", 30)]),
        ("no more than 80", [("at most", 80)]),
        ("not less than 80", [("at least", 80)]),
        ("how likely is it to reach 300?", [("at least", 300)]),
        ("超过500件的概率", [("above", 500)]),
        ("不超过两百件的概率", [("at most", 200)]),
        ("不到30的可能性", [("below", 30)]),
        ("over 4 weeks", []),
        ("more than 10 %", []),
        ("超过3周", []),
    ],
)
def test_thresholds(request_: str, found: list[tuple[str, int]]) -> None:
    assert Reading(request_).thresholds == found


@pytest.mark.parametrize(
    ("request_", "lasting", "stock"),
    [
        ("will 120 last until the delivery in 2 weeks?", True, [120]),
        ("will 120 of … last for 2 weeks", True, [120]),
        ("when do we run out if we have 80?", True, [80]),
        ("is 300 enough?", True, [300]),
        ("how much stock do we have", True, []),
        ("还有800件，什么时候卖完？", True, [800]),
        ("sold 120 last year", False, []),
        ("reorder point, 120 on hand", False, [120]),
    ],
)
def test_how_long_a_stock_lasts(request_: str, lasting: bool, stock: list[int]) -> None:
    assert (Reading(request_).lasting, Reading(request_).stock) == (lasting, stock)


@pytest.mark.parametrize(
    ("request_", "ranked"),
    [
        ("which category sells most?", ["category"]),
        ("top 3 stores by revenue", ["store"]),
        ("what's our best selling brand", ["brand"]),
        ("what are the fastest growing departments", ["department"]),
        ("哪个品类卖得最好", ["category"]),
        ("what category is it in?", []),
        ("top sellers in the category", []),
        ("rank the shops", ["store"]),
    ],
)
def test_which_group_leads(request_: str, ranked: list[str]) -> None:
    assert Reading(request_).ranked == ranked


@pytest.mark.parametrize(
    ("request_", "measures"),
    [
        ("top sellers by revenue", ["revenue"]),
        ("which product has the best margin", ["margin"]),
        ("销售额最高的商品", ["revenue"]),
        ("top sellers by units", []),
        ("best sellers", []),
    ],
)
def test_money(request_: str, measures: list[str]) -> None:
    assert Reading(request_).measures == measures
