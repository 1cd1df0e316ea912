"""Textbook problems of `stockpyl_instances` against our functions: those that one order of one product can answer.

The instances hold the numbers of the problems; the answers are those that stockpyl 1.0.2 gives for them, which agree
with Snyder and Shen (2019) to the digits printed there.

| kind | problems | here |
|---|---:|---|
| newsvendor: normal, explicit prices, Poisson, discrete, lognormal | 9 | 8 (the network of 4.1 is 4.1 again) |
| newsvendor with additive yield | 2 | 2: demand less the yield is the demand |
| base stock with a lead time | 1 | 1, its cost also by simulation |
| base stock with disruptions of supply | 1 | no |
| EOQ and its kin (backorders, production, joint, discounts, disruptions, yield) | 19 | no fixed cost of an order |
| Wagner-Whitin 4, (s, S) 4, (r, Q) 5, finite horizon 2 | 15 | no: the same |
| serial, assembly, distribution and tree systems | 23 | no: one place at a time |
"""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats
from skucast.tools.decide.dynamics import play
from skucast.tools.decide.newsvendor import critical_quantile, critical_ratio, expected_cost, newsvendor

FILE = Path(os.environ.get("SKUCAST_DATA", "")) / "stockpyl_instances/stockpyl_instances.json"
pytestmark = pytest.mark.skipif(not FILE.is_file(), reason="needs SKUCAST_DATA")


@pytest.fixture(scope="module")
def problems() -> dict[str, dict[str, Any]]:
    return {one["name"]: one["data"] for one in json.loads(FILE.read_text(encoding="utf-8"))["instances"]}


@pytest.mark.parametrize(
    ("name", "stock", "cost"),
    [
        ("example_4_1", 56.60395592743389, 1.9976051931766445),
        ("example_4_3", 56.60395592743389, 1.9976051931766445),
        ("problem_4_1", 922.7214038234755, 2718.196781782411),
    ],
)
def test_newsvendor_normal(problems: dict[str, dict[str, Any]], name: str, stock: float, cost: float) -> None:
    one = problems[name]
    demand = stats.norm(one["demand_mean"], one["demand_sd"])
    assert newsvendor(demand, one["holding_cost"], one["stockout_cost"]) == pytest.approx((stock, cost), rel=1e-6)


@pytest.mark.parametrize(
    ("name", "stock", "profit"),
    [("example_4_2", 56.60395592743389, 33.002394806823354), ("problem_4_3b", 59.084578685373856, 210.47680825231475)],
)
def test_newsvendor_with_prices(problems: dict[str, dict[str, Any]], name: str, stock: float, profit: float) -> None:
    """Missing a unit costs the margin, a unit left the loss on its salvage; profit is all margin less that."""
    one = problems[name]
    margin, loss = one["revenue"] - one["purchase_cost"], one["purchase_cost"] - one["salvage_value"]
    found, cost = newsvendor(stats.norm(one["demand_mean"], one["demand_sd"]), loss, margin)
    assert (found, margin * one["demand_mean"] - cost) == pytest.approx((stock, profit), rel=1e-6)


def test_newsvendor_poisson(problems: dict[str, dict[str, Any]]) -> None:
    one = problems["problem_4_8a"]
    found = newsvendor(stats.poisson(one["demand_mean"]), one["holding_cost"], one["stockout_cost"])
    assert found == pytest.approx((19.0, 786.0884409351079), rel=1e-6)


def test_newsvendor_lognormal(problems: dict[str, dict[str, Any]]) -> None:
    one = problems["problem_4_8b"]
    demand = stats.lognorm(one["sigma"], scale=np.exp(one["mu"]))
    found = newsvendor(demand, one["holding_cost"], one["stockout_cost"])
    assert found == pytest.approx((295.6266448071368, 29.442543513243216), rel=1e-6)


def test_newsvendor_of_a_sample(problems: dict[str, dict[str, Any]]) -> None:
    """A discrete demand as the sample that it is: 100 draws in its proportions."""
    one = problems["problem_4_7b"]
    sample = np.concatenate([np.full(round(100 * share), float(units)) for units, share in one["demand_pmf"].items()])
    assert len(sample) == 100
    holding, shortage = one["holding_cost"], one["stockout_cost"]
    stock = critical_quantile(sample, critical_ratio(holding, shortage))
    assert stock == 5 and float(expected_cost(sample, stock, holding, shortage)) == pytest.approx(1_225_000.0)


@pytest.mark.parametrize(
    ("name", "order", "cost"), [("example_9_6", 1.8333333333, 6_250_000.0), ("problem_9_5", 29.4444444444, 333.3333333)]
)
def test_newsvendor_with_yield(problems: dict[str, dict[str, Any]], name: str, order: float, cost: float) -> None:
    """What arrives is the order and a uniform yield; what the order has to meet is demand less the yield."""
    one = problems[name]
    least = one["demand"] - one["yield_hi"]
    need = stats.uniform(least, one["yield_hi"] - one["yield_lo"])
    assert newsvendor(need, one["holding_cost"], one["stockout_cost"]) == pytest.approx((order, cost), rel=1e-6)


def test_base_stock_with_a_lead_time(problems: dict[str, dict[str, Any]]) -> None:
    """The level covers the lead time and the period itself."""
    one = problems["example_4_4"]
    periods = one["lead_time"] + 1
    demand = stats.norm(periods * one["demand_mean"], np.sqrt(periods) * one["demand_sd"])
    found = newsvendor(demand, one["holding_cost"], one["stockout_cost"])
    assert found == pytest.approx((264.76689437415484, 4.466781004149577), rel=1e-6)


def test_base_stock_by_simulation(problems: dict[str, dict[str, Any]]) -> None:
    """Played with backorders, where each period's order is the demand before: what arrives is the demand of five
    periods ago. 8,000 paths of 12 periods, the first five left out, cost what the book says, within 2 %."""
    one = problems["example_4_4"]
    lead, level = one["lead_time"], 264.76689437415484
    demand = np.maximum(np.random.default_rng(4).normal(one["demand_mean"], one["demand_sd"], (8000, 12)), 0.0)
    arrivals = np.concatenate([np.zeros((8000, lead + 1)), demand[:, : -lead - 1]], axis=1)
    played = play(demand, level, arrivals, backorders=True)
    cost = (one["holding_cost"] * played.stock + one["stockout_cost"] * played.lost)[:, lead:]
    assert cost.mean() == pytest.approx(4.466781004149577, rel=0.02)
