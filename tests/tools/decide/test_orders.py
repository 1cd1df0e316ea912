"""Orders on sample paths: hand-worked values, a slow twin, and what must hold whatever the numbers."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skucast.tools.decide.base_stock import base_stock
from skucast.tools.decide.newsvendor import critical_ratio
from skucast.tools.decide.orders import (
    LeadTime,
    OrderRule,
    Supply,
    expected_loss,
    in_packs,
    order_for,
    propose,
    shortfall,
)
from skucast.tools.decide.replay import Costs, State
from skucast.tools.errors import InputError
from skucast.tools.quantiles import Array

TEN = np.array([[float(k)] * 4 for k in range(1, 11)])  # ten paths: 1 each period, 2 each period, …, 10


def supply(on_hand: float, *, arrivals: Array | None = None, lead: LeadTime | int = 2, **more: object) -> Supply:
    lead = LeadTime((lead,)) if isinstance(lead, int) else lead
    return Supply(on_hand, np.zeros(4) if arrivals is None else arrivals, lead, **more)  # type: ignore[arg-type]


def test_order_up_to_is_the_quantile_of_path_sums() -> None:
    """Over 2 + 1 periods the paths sum to 3, 6, …, 30; nine of ten need 27 or less. Over the lead time alone: 18."""
    made = propose(TEN, supply(0, backorders=True), 0.9)
    assert made.order_up_to == 27 and made.reorder_point == 18 and made.order == 27
    assert made.demand == pytest.approx(16.5) and made.safety_stock == pytest.approx(10.5)
    assert made.service == pytest.approx(0.9)


def test_the_quantile_of_a_sum_is_not_the_sum_of_quantiles() -> None:
    """Two steps that go against each other: each has q0.9 = 10, and the sum is always 10."""
    paths = np.array([[float(k), 10.0 - k, 0.0, 0.0] for k in range(11)])
    made = propose(paths, supply(0, lead=1, backorders=True), 0.9)
    assert made.order_up_to == 10 and made.safety_stock == 0


def test_position_counts_what_is_due_in_time_and_nothing_later() -> None:
    """5 on hand, 4 due in the third period, 100 in the fourth, which begins after 2 + 1 periods."""
    made = propose(TEN, supply(5, arrivals=np.array([0.0, 0.0, 4.0, 100.0]), backorders=True), 0.9)
    assert made.position == 9 and made.order == 27 - 9
    soon = propose(TEN, supply(5, arrivals=np.array([4.0, 0, 0, 100]), backorders=True), 0.9)
    assert soon.position == 9 and soon.order == 27 - 9


def test_of_lost_sales_what_is_lost_before_arrival_is_not_replaced() -> None:
    """Nothing on hand: the first two periods are lost whatever is ordered, and the third needs 9 in nine of ten."""
    made = propose(TEN, supply(0), 0.9)
    assert made.order == 9 and made.order_up_to == 27
    assert made.lost_without == pytest.approx(16.5)
    assert made.lost == pytest.approx(11.0 + 0.1)  # two periods of 5.5, and 1 unit in one of ten
    assert made.fill_rate == pytest.approx(1 - 11.1 / 16.5) and made.fill_rate_without == 0
    assert (made.level, made.rule) == (0.9, OrderRule())
    due = propose(TEN, supply(0, arrivals=np.array([0.0, 0, 4, 0])), 0.9)  # 4 of the 9 come with it
    assert due.order == 5 and due.lost == pytest.approx(11.1)


def test_what_waits_is_missed_once() -> None:
    """1 unit a period and nothing on hand: 1, 2, 3 are owed, and 3 were not met at once; 3 that come third meet one."""
    held = supply(0, backorders=True)
    made = propose(np.ones((1, 4)), held, 0.9)
    assert (made.order, made.lost_without, made.lost) == (3, 3, 2)
    assert made.fill_rate == pytest.approx(1 / 3) and made.fill_rate_without == 0


def test_a_late_delivery_does_not_help_before_it_comes() -> None:
    """After a lead time of 0 the order lasts two periods: 3 are wanted in each, and 6 come only in the second."""
    paths, arrivals = np.full((1, 2), 3.0), np.array([0.0, 6.0])
    late = Supply(0, arrivals, LeadTime((0,)), review=2)
    assert shortfall(paths, late, 0) == [3.0]


def test_a_lead_time_of_two_values_mixes_their_sums() -> None:
    """1 unit a period for certain; 1 period 3 times of 4, else 3: at 0.75 two units are enough, above it four."""
    lead = LeadTime((1, 3), (0.75, 0.25))
    made = [propose(np.ones((8, 4)), supply(0, lead=lead, backorders=True), level) for level in (0.75, 0.76)]
    assert [one.order_up_to for one in made] == [2, 4]
    assert made[0].demand == pytest.approx(0.75 * 2 + 0.25 * 4) and lead.mean == 1.5
    assert (made[0].service, made[1].service) == (0.75, 1.0)  # 2 units last for 2 periods, not for 4
    assert made[0].lost == 0.75 * 1 + 0.25 * 4 and made[0].fill_rate == pytest.approx(1 - 1.75 / 2.5)


def test_packs_and_least_orders() -> None:
    assert in_packs(0, 6, 24) == 0 and in_packs(1, 6) == 6 and in_packs(12, 6) == 12 and in_packs(12.1, 6) == 18
    assert in_packs(1, 10, 24) == 30 and in_packs(25, 10, 24) == 30 and in_packs(2.4) == 3
    assert in_packs(0.1 * 3, 0.1) == pytest.approx(0.3)  # 0.1 * 3 is a little above 0.3, and no fourth pack
    assert in_packs(5e-9, 10, 20) == 0 and in_packs(5e-9, 0.1) == 0.1  # less than a billionth of a pack is nothing
    assert order_for(TEN, supply(0, moq=20), 0.9) == 20


def test_a_fill_rate_of_little_and_of_nothing() -> None:
    """A quarter a period, 0.75 over three of them and nothing on hand; where nothing is wanted all of it is met."""
    little, nothing = (propose(np.full((1, 4), units), supply(0, case_pack=0.5), 0.9) for units in (0.25, 0.0))
    assert (little.short, little.order, little.fill_rate_without) == (0.25, 0.5, 0.0)
    assert little.fill_rate == pytest.approx(1 / 3) and little.lost_without == 0.75
    assert (nothing.order, nothing.fill_rate, nothing.fill_rate_without, nothing.service) == (0, 1, 1, 1)


def test_just_as_many_periods_as_are_needed() -> None:
    """Lead time 3 and review 1 of four periods: the last one alone counts, and 9 are enough in nine of ten."""
    assert propose(TEN, supply(0, lead=3), 0.9).order == 9
    with pytest.raises(InputError, match="lead time"):
        propose(TEN, supply(0, lead=3, arrivals=np.zeros(3)), 0.9)


def test_a_short_shelf_life_orders_no_more_than_it_can_sell() -> None:
    """Review of 2 periods, but a unit lasts 1: only the first period's demand is served."""
    paths = np.full((1, 3), 5.0)
    fresh = Supply(0, np.zeros(3), LeadTime((1,)), review=2, shelf_life=1)
    assert propose(paths, fresh, 0.9).order == 5
    assert propose(paths, Supply(0, np.zeros(3), LeadTime((1,)), review=2), 0.9).order == 10
    assert propose(TEN, supply(99, shelf_life=1), 0.9).order == 9  # what is there is wasted before the third period


def test_the_critical_ratio_costs_least() -> None:
    """Against every order level: cost of what is left and of what is missing after one period, over 2,000 paths."""
    paths = np.random.default_rng(3).gamma(4.0, 25.0, (2000, 1))
    holding, shortage = 1.0, 4.0
    made = propose(paths, Supply(0, np.zeros(1), LeadTime((0,)), backorders=True), critical_ratio(holding, shortage))
    demand = paths[:, 0]

    def cost(level: float) -> float:
        return float((holding * np.maximum(level - demand, 0) + shortage * np.maximum(demand - level, 0)).mean())

    best = min(range(400), key=cost)
    assert made.order == pytest.approx(best, abs=1) and cost(made.order) <= 1.001 * cost(best)


def test_the_promised_fill_rate_comes_out_on_other_paths() -> None:
    """10,000 paths of the same law: what is promised is met within one point."""
    rng = np.random.default_rng(5)
    ours, others = (rng.poisson(20.0, (10_000, 4)).astype(float) for _ in range(2))
    held = supply(45)
    made = propose(ours, held, 0.95)
    lost = expected_loss(others, held, made.order)
    assert 1 - lost / others[:, :3].sum(axis=1).mean() == pytest.approx(made.fill_rate, abs=0.01)
    assert (shortfall(others, held, 2) <= made.order).mean() == pytest.approx(made.service, abs=0.01)


@pytest.mark.parametrize(
    ("held", "level", "why"),
    [
        (supply(1), 1.0, "service level 100 %"),
        (supply(1), 0.0, "service level 0 %"),
        (supply(-1), 0.9, "on hand -1"),
        (supply(1, case_pack=0), 0.9, "case pack 0"),
        (supply(1, review=0), 0.9, "review 0"),
        (
            supply(1, moq=-1),
            0.9,
            "MOQ -1: expected stock and MOQ of 0 or more, a review of 1 period or more, and a pack",
        ),
        (supply(1, lead=9), 0.9, "lead time \\+ review of 10 periods"),
    ],
)
def test_what_cannot_be_is_refused(held: Supply, level: float, why: str) -> None:
    with pytest.raises(InputError, match=why):
        propose(TEN, held, level)


@pytest.mark.parametrize(
    ("periods", "weights"), [((), ()), ((1, 2), (1.0,)), ((-1,), (1.0,)), ((1, 2), (0.5, 0.6)), ((1, 2), (1, 0))]
)
def test_lead_times_that_are_none(periods: tuple[int, ...], weights: tuple[float, ...]) -> None:
    with pytest.raises(InputError, match=r"for each number of periods from 0 on, and weights that sum to 1$"):
        LeadTime(periods, weights)


def test_a_lead_time_that_is_longer() -> None:
    assert LeadTime((1, 3), (0.75, 0.25)).later(2) == LeadTime((3, 5), (0.75, 0.25))


LEADS = st.sampled_from([LeadTime((0,)), LeadTime((2,)), LeadTime((1, 3), (0.6, 0.4))])
HELD = st.builds(
    lambda on_hand, arrivals, lead, review, pack, moq, back, shelf: Supply(
        float(on_hand), np.array(arrivals, dtype=float), lead, review, float(pack), float(moq), back, shelf
    ),
    st.integers(0, 20),  # of demand of 6 a period: most have something to order
    st.lists(st.integers(0, 6), min_size=6, max_size=6),
    LEADS,
    st.integers(1, 3),
    st.integers(1, 12),
    st.integers(0, 50),
    st.booleans(),
    st.sampled_from([None, 1, 3]),
)
PATHS = st.integers(0, 99).map(lambda seed: np.random.default_rng(seed).poisson(6.0, (40, 6)).astype(float))


@settings(max_examples=60, deadline=None)
@given(PATHS, HELD, st.floats(0.05, 0.95), st.floats(0.001, 0.04), st.integers(1, 40))
def test_whatever_the_numbers(paths: Array, held: Supply, level: float, more: float, extra: int) -> None:
    """More service never orders less, more on hand never orders more, packs are whole, promises are kept."""
    made = propose(paths, held, level)
    assert propose(paths, held, level + more).order >= made.order
    fuller = Supply(**{**vars(held), "on_hand": held.on_hand + extra})
    assert propose(paths, fuller, level).order <= made.order
    assert made.order % held.case_pack == 0 and (made.order == 0 or made.order >= held.moq)
    assert made.order >= made.short and made.service >= level - 1e-9
    assert made.lost <= made.lost_without + 1e-9
    assert 0 <= made.fill_rate_without <= made.fill_rate + 1e-9 <= 1 + 2e-9


@settings(max_examples=30, deadline=None)
@given(PATHS, HELD)
def test_the_shortfall_is_the_least_that_loses_nothing_after_arrival(paths: Array, held: Supply) -> None:
    """A slow twin: unit by unit, the first order with which no path loses anything in the review period."""
    held = replace(held, shelf_life=None, backorders=False)
    lead = held.lead.longest
    needed = shortfall(paths[:1], held, lead)[0]

    def loses(order: float) -> float:
        stock, lost = held.on_hand, 0.0
        for h in range(lead + held.review):
            stock += held.arrivals[h] + (order if h == lead else 0.0)
            lost += max(paths[0, h] - stock, 0.0) if h >= lead else 0.0
            stock = max(stock - paths[0, h], 0.0)
        return lost

    assert needed == next(order for order in range(500) if loses(order) == 0)


def test_what_lingers_makes_an_order_smaller() -> None:
    """Costs of 1 a unit left and 9 a unit missing, lead time 0: path k wants k now and 2 k by the period after.

    From 8 to 9 units cost rises by 0.8 held, falls by 9 x 0.2 missed, and rises by 3 x 0.4 that lingers on paths 1 to
    4: 0.2 more, so 8 are enough. From 7 to 8 it changes by 0.7 - 2.7 + 0.9: 1.1 less, so 7 are not.
    """
    made = [order_for(TEN, supply(0, lead=0), 0.9, OrderRule(linger)) for linger in (0.0, 3.0, 30.0)]
    assert made == [9, 8, 4]
    late = supply(0, lead=0, arrivals=np.array([0.0, 8.0, 0, 0]))  # from 7 to 8: 0.7 - 2.7 + 3 x 0.7, on paths 1 to 7
    assert order_for(TEN, late, 0.9, OrderRule(3.0)) == 7
    assert order_for(TEN, supply(0, lead=0, shelf_life=1), 0.9, OrderRule(3.0)) == 9  # nothing is left to linger
    assert (
        order_for(TEN, supply(0, lead=0, shelf_life=2), 0.9, OrderRule(3.0)) == 8
    )  # it can still be sold a review later
    assert order_for(TEN, supply(0, lead=0, shelf_life=3, review=2), 0.9, OrderRule(3.0)) == 18  # not for all of it
    mixed = LeadTime((0, 2), (0.75, 0.25))  # after two periods path k wants as much, and nothing is left over
    assert order_for(TEN, supply(0, lead=mixed), 0.9, OrderRule(3.0)) == 8
    scaled = propose(TEN, supply(0), 0.9, OrderRule(scale=0.5))
    assert (scaled.order, scaled.short, scaled.order_up_to, scaled.demand) == (5, 4.5, 27, 16.5)
    assert order_for(TEN, supply(0), 0.9, OrderRule(scale=2.0)) == 18


def test_the_nearest_pack() -> None:
    packs = [in_packs(units, 6.0, nearest=True) for units in (0, 2.9, 3, 8.9, 9, 14, 18)]
    assert packs == [0, 0, 6, 6, 12, 12, 18]
    assert [in_packs(units, 6.0, 10.0, nearest=True) for units in (2, 4, 13)] == [0, 12, 12]
    assert in_packs(4, 6.0, 12.0, nearest=True) == 12
    one = propose(TEN, supply(0, case_pack=6.0), 0.8, OrderRule(nearest=True))  # 8 are short: one pack, not two
    assert (one.short, one.order) == (8, 6) and order_for(TEN, supply(0, case_pack=6.0), 0.8, one.rule) == 6
    made = propose(TEN, supply(0, case_pack=6.0), 0.9, OrderRule(nearest=True))
    assert (made.short, made.order) == (9, 12) and order_for(TEN, supply(0, case_pack=5.0), 0.8, made.rule) == 10


@pytest.mark.parametrize(
    ("on_hand", "due"), [(0.0, [0.0, 0.0]), (6.0, [3.0, 0.0]), (25.0, [0.0, 12.0]), (90.0, [0, 0])]
)
def test_the_rule_of_the_competition_orders_what_its_own_policy_does(on_hand: float, due: list[float]) -> None:
    """A week's order, due in three: `base_stock` with linger 0.5 and scale 0.9 of holding 0.2 and shortage 1."""
    paths = np.random.default_rng(3).poisson(8, (997, 4)).astype(float)
    once = np.ones(1)
    state = State(
        pd.Timestamp("2024-01-07"), np.zeros((1, 1)), paths[None], np.array([on_hand]), np.array([due]), once, once > 0
    )
    theirs = base_stock(Costs(0.2, 1.0), linger=0.5, scale=0.9)(state)
    held = supply(on_hand, arrivals=np.array([*due, 0.0, 0.0]))
    assert order_for(paths, held, critical_ratio(0.2, 1.0), OrderRule(0.5, 0.9, True)) == theirs[0]


@pytest.mark.parametrize("rule", [OrderRule(linger=-1.0), OrderRule(scale=0.0), OrderRule(linger=0.5)])
def test_a_rule_that_cannot_be(rule: OrderRule) -> None:
    with pytest.raises(InputError, match=r"expected 0 or more|lead time"):
        order_for(TEN, supply(0, lead=3), 0.9, rule)
