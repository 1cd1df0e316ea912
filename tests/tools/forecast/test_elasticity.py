"""Elasticities of made-up shops whose truth is known, and why a past may not tell them."""

import numpy as np
import pandas as pd
import pytest
from skucast.evals.bench.price_market import market
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.forecast.elasticity import price_model, surprise
from skucast.tools.quantiles import Array

WEEKS = 104


def shop(prices: dict[str, Array], elasticity: float = -2.0, promo: dict[str, Array] | None = None) -> Panel:
    """Weekly sales at these prices, with promotions where they are given."""
    rng, ds = np.random.default_rng(5), pd.date_range("2022-01-02", periods=WEEKS, freq="W-SUN")
    parts = []
    for uid, price in prices.items():
        on = (promo or {}).get(uid, np.zeros(WEEKS))
        y = rng.poisson(300 * (price / 10) ** elasticity * np.exp(0.4 * on))
        parts.append(pd.DataFrame({"unique_id": uid, "ds": ds, "y": y, "price": price, "promo": on}))
    return read_panel(pd.concat(parts), schema=PanelSchema(known_future=["price", "promo"]))


def test_reasons_why_a_past_does_not_tell() -> None:
    """Of A it tells. B never moved, C moved twice within a per cent, D is off only when promoted."""
    rng = np.random.default_rng(0)
    on = (np.arange(WEEKS) % 6 == 0).astype(float)
    prices = {
        "A": 10 * np.exp(rng.normal(0, 0.1, WEEKS)),
        "B": np.full(WEEKS, 10.0),
        "C": np.where(np.arange(WEEKS) < 50, 10.0, 10.05),
        "D": np.where(on, rng.choice([7.95, 8.0, 8.05], WEEKS), 10.0),
    }
    found = price_model(shop(prices, promo={"D": on})).elasticities
    assert {uid: one.reason for uid, one in found.items()} == {"A": "", "B": "flat", "C": "flat", "D": "promotion-only"}
    low, high = found["A"].interval
    assert low < -2.0 < high and high - low < 1.0
    assert found["B"].weight == 0.0 and np.isnan(found["B"].own)


def test_prices_that_move_only_together_do_not_tell() -> None:
    common = 10 * np.exp(np.random.default_rng(0).normal(0, 0.1, WEEKS))
    found = price_model(shop({f"p{n}": common for n in range(8)})).elasticities
    assert {one.reason for one in found.values()} == {"together"}


def test_a_short_past_and_a_rising_demand() -> None:
    moved = {"A": 10 * np.exp(np.random.default_rng(0).normal(0, 0.1, WEEKS))}
    rising = price_model(shop(moved, elasticity=1.0)).elasticities["A"]
    assert rising.reason == "positive" and rising.own > 0
    short = shop(moved)
    assert price_model(short.before(short.past["ds"][19])).elasticities["A"].reason == "short"


def test_surprise_looks_back_only() -> None:
    """21 sold where 10 were expected: log 2 a week later, log (41 + 1) / (30 + 1) ... of the three weeks before."""
    y, expected = np.array([[10.0, 21.0, 10.0, 10.0, 99.0]]), np.full((1, 5), 10.0)
    found = surprise(y, expected, ((1, 1), (2, 4)))
    assert found[0, :, 0] == pytest.approx([0, 0, np.log(22 / 11), 0, 0])
    assert found[0, 4, 1] == pytest.approx(np.log(42 / 31))


@pytest.mark.parametrize("answers", [False, True])
def test_a_made_up_retailer(answers: bool) -> None:
    """Seed 11 is neither of the benchmark nor of those that the interval's width was set on."""
    made = market(11, answers=answers, products=80)
    found = price_model(made.panel).elasticities
    miss = np.array([one.mean - made.elasticity[uid] for uid, one in found.items() if one.identified])
    sd = np.array([one.sd for one in found.values() if one.identified])
    assert abs(miss.mean()) < 0.2
    assert (np.abs(miss) < 1.96 * sd).mean() >= 0.88
    assert all(found[uid].reason == "flat" for uid in made.fixed)
