"""The overview: all products together and what stands out, worked out by hand."""

from collections.abc import Callable

import pandas as pd
import pytest
from skucast.tools.data.panel import Panel
from skucast.tools.insight.overview import overview
from skucast.tools.messages import Refusal

Shop = Callable[..., Panel]

SOLD = {  # eight weeks before, eight of late
    "steady": [10.0] * 16,
    "riser": [10.0] * 8 + [30.0] * 8,
    "faller": [40.0] * 8 + [25.0] * 8,
    "gone": [8.0] * 8 + [0.0] * 8,
    "odd": [20.0] * 12 + [120.0] + [20.0] * 3,
}
GROUPS = {"category": {uid: "fruit" if uid in ("riser", "gone") else "bread" for uid in SOLD}}


def test_all_together_by_hand(shop: Shop) -> None:
    """Before: 10 + 10 + 40 + 8 + 20 = 88; of late 10 + 30 + 25 + 0 + (7 * 20 + 120) / 8 = 97.5 units a week."""
    found = overview(shop(SOLD))
    assert (found.products, found.last, found.before, found.year_ago) == (5, 97.5, 88.0, None)
    assert found.revenue is None and found.promoted is None
    assert found.riser is not None and found.riser.unique_id == "riser"
    assert found.faller is not None and (found.faller.unique_id, found.faller.last) == ("faller", 25.0)


def test_what_stands_out_by_hand(shop: Shop) -> None:
    """The riser gained 20 * 8 = 160 units, the faller lost 120, odd sold 100 more in its week (and 62 % more in all).

    Odd rose by 12.5 a week, 100 units in all, as much as its odd week: the name of what is counted decides nothing.
    """
    found = overview(shop(SOLD))
    assert [one.unique_id for one in found.findings] == ["riser", "faller", "odd", "gone"]
    assert [one.what for one in found.findings if one.unique_id != "odd"] == ["up", "down", "stopped"]
    assert found.counts == {"up": 2, "down": 1, "stopped": 1, "odd": 1}
    odd = overview(shop({"odd": SOLD["odd"][:12] + [120.0] + [0.0] * 3})).findings
    assert len(odd) == 1


def test_a_quarter_counts_as_a_move(shop: Shop) -> None:
    found = overview(shop({"more": [20.0] * 8 + [25.0] * 8, "less": [20.0] * 8 + [15.1] * 8}))
    assert found.counts == {"up": 1, "down": 0, "stopped": 0, "odd": 0}
    assert [one.unique_id for one in found.findings] == ["more"]


def test_a_category_and_other_periods(shop: Shop) -> None:
    """Of fruit the last two weeks sold 30, the two before as many."""
    found = overview(shop(SOLD, static=GROUPS), "fruit", 2)
    assert (found.products, found.last, found.before) == (2, 30.0, 30.0)
    assert found.riser is None and found.faller is None and found.findings == ()


def test_revenue_and_promotions_by_hand(shop: Shop) -> None:
    """At 2 and then 3: 20 and then 30 a week; on promotion in 2 of 8 weeks before, and in 6 of 8."""
    promo = [0.0] * 6 + [1.0] * 2 + [1.0] * 6 + [0.0] * 2
    found = overview(shop({"A": [10.0] * 16}, price=[2.0] * 8 + [3.0] * 8, promo=promo))
    assert found.revenue == (30.0, 20.0) and found.promoted == (75.0, 25.0)


def test_a_year_ago(shop: Shop) -> None:
    """60 weeks: the last eight lie 52 weeks after the first eight."""
    found = overview(shop({"A": [4.0] * 8 + [9.0] * 44 + [8.0] * 8}))
    assert (found.last, found.before, found.year_ago) == (8.0, 9.0, 4.0)


def test_nothing_known_is_refused(shop: Shop) -> None:
    nothing = shop({"A": [5.0] * 8 + [float("nan")] * 9})
    with pytest.raises(Refusal) as error:
        overview(nothing)
    assert error.value.kind == "nothing-sold-of-late"
    assert pd.isna(nothing.past["y"].iloc[-1])
