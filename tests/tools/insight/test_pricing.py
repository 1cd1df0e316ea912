"""Prices week by week and the last promotion, worked out by hand."""

from collections.abc import Callable

import pytest
from skucast.tools.data.panel import Panel
from skucast.tools.insight.pricing import last_deal, price_list
from skucast.tools.insight.ranking import span_of

Shop = Callable[..., Panel]


def test_off_its_usual_price_by_hand(shop: Shop) -> None:
    """Usual prices 4, 4, 5 before the fourth week have the median 4, and 3 is 25 % off; the promoted 3 is not usual."""
    panel = shop({"a": [10, 10, 10, 30, 10, 20]}, price=[4.0, 4, 5, 3, 4, 2], promo=[0.0, 0, 0, 1, 0, 1])
    found = price_list(panel, "a")
    assert [one.promotions for one in found] == [(), (), (), ("promo",), (), ("promo",)]
    assert [one.off for one in found] == [None, None, None, 25.0, None, 50.0]
    deal = last_deal(found)
    assert deal is not None and (deal.price, deal.y, deal.ds.day) == (2.0, 20.0, 11)
    assert [one.y for one in price_list(panel, "a", span_of(panel, 2))] == [10.0, 20.0]


def test_the_datas_own_discount_goes_first(shop: Shop) -> None:
    """A discount of 0.3 is 30 % off whatever the price was; one of 0.01 is no promotion."""
    panel = shop({"a": [10, 10, 30]}, price=[4.0, 4, 3.9], discount=[0.0, 0.01, 0.3])
    found = price_list(panel, "a")
    assert [one.promotions for one in found] == [(), (), ("discount",)]
    assert found[-1].off == pytest.approx(30)


def test_a_dearer_promotion_has_no_depth_and_none_is_none(shop: Shop) -> None:
    panel = shop({"a": [10, 10, 30]}, price=[4.0, 4, 4.5], promo=[0.0, 0, 1])
    assert price_list(panel, "a")[-1].off is None
    assert last_deal(price_list(shop({"a": [1, 2]}, price=[4.0, 4]), "a")) is None
    assert price_list(shop({"a": [1, 2]}), "a") == []
