"""A budget and a capacity: the best choice of orders by a slow search, and what is left as it is."""

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from skucast.prompts.messages.say import say
from skucast.tools.data.stock import StockRow
from skucast.tools.decide.budget import storage, within_limits
from skucast.tools.decide.lines import OrderLine, by_urgency, order_line, totals
from skucast.tools.decide.policy import Policy
from skucast.tools.decide.telling import assumption_messages, line_messages

STEPS = list(pd.date_range("2024-01-07", periods=8, freq="W-SUN"))
TEN = np.array([[float(k)] * 8 for k in range(1, 11)])  # ten paths: 1 each week, …, 10 each week


def line(
    uid: str,
    cost: float | None,
    price: float | None,
    pack: float = 1.0,
    on_hand: float = 0.0,
    volume: float | None = None,
) -> OrderLine:
    row = StockRow(uid, on_hand, case_pack=pack, unit_cost=cost, price=price, volume=volume)
    return order_line(row, TEN, STEPS, "W", Policy(service=90, budget=1.0))


def test_the_dearer_margin_goes_first() -> None:
    poor, rich = line("poor", 1.0, 1.5), line("rich", 1.0, 9.0)
    made = {one.row.unique_id: one.order for one in within_limits([poor, rich], budget=9.0)}
    assert made == {"poor": 0, "rich": 9}


def test_what_is_sold_below_its_cost_takes_no_budget() -> None:
    """Nine of each are proposed: one loses 2.50 a unit, the other earns 1.50."""
    lines = [line("loss", 9.0, 6.5), line("gain", 3.0, 4.5)]
    assert [one.order for one in within_limits(lines, budget=27.0)] == [0, 9]


@pytest.mark.parametrize("budget", [3.0, 10.0, 20.0, 31.0])
def test_the_choice_is_that_of_a_slow_search(budget: float) -> None:
    lines = [line("A", 2.0, 3.0), line("B", 1.0, 4.0, 3.0), line("C", 3.0, 9.0, 2.0)]

    def value(units: tuple[tuple[float, float], ...]) -> float:
        return sum((one.margin or 0) * (one.ladder[0][1] - lost) for one, (_, lost) in zip(lines, units, strict=True))

    def cost(units: tuple[tuple[float, float], ...]) -> float:
        return sum((one.row.unit_cost or 0) * size for one, (size, _) in zip(lines, units, strict=True))

    best = max(value(units) for units in product(*(one.ladder for one in lines)) if cost(units) <= budget)
    made = within_limits(lines, budget=budget)
    taken = tuple(next(rung for rung in one.ladder if rung[0] == one.order) for one in made)
    assert cost(taken) <= budget and value(taken) == pytest.approx(best, rel=1e-3)


def test_what_has_no_cost_stays_and_what_is_enough_changes_nothing() -> None:
    lines = [line("A", None, None), line("B", 1.0, None)]
    assert [one.order for one in within_limits(lines, budget=2.0)] == [9, 2]
    assert within_limits(lines, budget=9.0) == lines
    bare = [replace(one, ladder=()) for one in lines]
    assert [one.order for one in within_limits(bare, budget=2.0)] == [9, 9]


def test_totals_and_reasons_are_those_of_what_is_left() -> None:
    """Nine units save 5.5 less 0.1 of demand, and the poor one's none; its line says why nothing is ordered."""
    lines = [line("poor", 1.0, 1.5), line("rich", 1.0, 9.0)]
    whole, made = totals(lines), within_limits(lines, budget=9.0)
    cut = totals(made)
    assert (whole.ordered, whole.saved) == (2, pytest.approx(2 * 5.4))
    assert (cut.ordered, cut.units, cut.saved) == (1, 9, pytest.approx(5.4))
    assert [one.row.unique_id for one in by_urgency(made)] == ["rich", "poor"]
    assert [one.urgency for one in made] == ["left-out", "order"] and cut.lines["order"] == cut.lines["left-out"] == 1
    said = " ".join(say(one) for one in line_messages(made[0], "W"))
    assert "9 units are proposed; the budget leaves 0 of them" in said and "nothing need be ordered" not in said
    assert all(say(one, "zh") for one in line_messages(made[0], "W"))


def test_a_capacity_is_for_what_lies_there_and_what_comes() -> None:
    """31 on hand last two weeks of lead time, in which 11 are expected to sell: 20 lie there when the order arrives.

    Of the other product nothing is left by then, and 9 are to come. Bulky ones take 3 units of storage each.
    """
    full, small, bulky = line("full", 1.0, 2.0, on_hand=31.0), line("S", 1.0, 2.0), line("B", 1.0, 2.0)
    assert (full.order, full.ahead.at_arrival, small.ahead.at_arrival) == (0, 20, 0)
    assert (storage([full, small]).without, storage([full, small]).orders) == (20, 9)
    assert [one.order for one in within_limits([full, small], capacity=29.0)] == [0, 9]
    assert [one.order for one in within_limits([full, small], capacity=25.0)] == [0, 5]
    assert [one.order for one in within_limits([full, small], capacity=19.0)] == [0, 0]
    halves = [line("full", 1.0, 2.0, on_hand=31.0, volume=1.0), line("S", 1.0, 2.0, volume=0.5)]
    assert [one.order for one in within_limits(halves, capacity=19.0)] == [0, 0]  # no room for two halves either
    sized = [line("S", 1.0, 2.0, volume=1.0), line("B", 1.0, 2.0, volume=3.0), line("U", 1.0, 2.0)]
    assert [one.order for one in within_limits(sized, capacity=9.0)] == [9, 0, 9]
    assert (storage(sized).orders, storage(sized).unmeasured, storage(sized).assumed) == (36, 1, False)
    assert [one.order for one in within_limits([small, bulky], capacity=18.0)] == [9, 9]


def test_a_capacity_is_met_to_the_last_unit_and_an_unmeasured_stock_takes_none_of_it() -> None:
    """20 are left of `full` when orders come, at 2 storage units each; 9 more at 1: 49. Of `bare` nothing is known."""
    lines = [
        line("full", 1.0, 2.0, on_hand=31.0, volume=2.0),
        line("S", 1.0, 2.0, volume=1.0),
        line("bare", 1.0, 2.0, on_hand=31.0),
    ]
    made = storage(lines)
    assert (made.without, made.orders, made.unmeasured, made.assumed) == (40, 9, 1, False)
    assert storage(lines[2:]).assumed and storage(lines[2:]).without == 20 and storage(lines[2:]).unmeasured == 0
    assert within_limits(lines, capacity=49.0) == lines
    cut = within_limits(lines, capacity=48.0)
    assert cut[1].order < 9 and cut[1].limits == ("capacity",) and cut[0] == lines[0] and cut[2] == lines[2]


def test_a_limit_that_is_kept_is_not_named() -> None:
    """Nine units at 2 each: 18 are more than a budget of 10, and fit into the capacity of 20."""
    made = within_limits([line("A", 2.0, 3.0)], budget=10.0, capacity=20.0)
    assert (made[0].order, made[0].limits) == (5, ("budget",))
    both = within_limits([line("A", 2.0, 3.0)], budget=10.0, capacity=8.0)
    assert (both[0].order, both[0].limits) == (5, ("budget", "capacity"))


@pytest.mark.parametrize(("budget", "capacity"), [(20.0, 20.0), (31.0, 8.0), (10.0, 40.0), (50.0, 14.0)])
def test_both_limits_are_kept_and_the_choice_is_that_of_a_slow_search(budget: float, capacity: float) -> None:
    lines = [
        line("A", 2.0, 3.0, volume=1.0),
        line("B", 1.0, 4.0, 3.0, volume=2.0),
        line("C", 3.0, 9.0, 2.0, volume=1.5),
    ]

    def total(what: str, sizes: tuple[float, ...]) -> float:
        return sum(float(getattr(one.row, what)) * size for one, size in zip(lines, sizes, strict=True))

    def value(sizes: tuple[float, ...]) -> float:
        kept = (one.ladder[0][1] - dict(one.ladder)[size] for one, size in zip(lines, sizes, strict=True))
        return sum((one.margin or 0) * units for one, units in zip(lines, kept, strict=True))

    every = list(product(*([size for size, _ in one.ladder] for one in lines)))
    allowed = [sizes for sizes in every if total("unit_cost", sizes) <= budget and total("volume", sizes) <= capacity]
    taken = tuple(one.order for one in within_limits(lines, budget=budget, capacity=capacity))
    assert taken in allowed and value(taken) == pytest.approx(max(map(value, allowed)), rel=1e-3)


def test_units_without_any_price_count_as_the_others_do_on_average() -> None:
    """Without costs a capacity chooses by units: 5 of one keep more from being lost than the last 4 of another."""
    one, other = line("A", None, None), line("B", None, None)
    made = within_limits([one, other], capacity=10.0)
    assert [each.order for each in made] == [5, 5] and made[0].limits == ("capacity",)
    rich = within_limits([one, line("B", 1.0, 9.0)], capacity=9.0)  # 8 a unit, and as much for the other
    assert sorted(each.order for each in rich) == [3, 6] or [each.order for each in rich] == [5, 4]


def test_what_the_limits_do_is_told() -> None:
    policy, lines = Policy(service=90, capacity=12.0, budget=40.0), [line("A", 1.0, 2.0), line("B", 1.0, 9.0)]
    made = within_limits(lines, budget=40.0, capacity=12.0)
    assert [one.limits for one in made] == [("capacity",), ()] and made[1].order == 9
    told = " ".join(say(one) for one in assumption_messages(made, policy, "W"))
    assert "1 order is smaller than proposed, or left out, to stay within a budget of 40.00, a capacity of 12" in told
    assert f"without them, and they take {9 + made[0].order:g} more, of a capacity of 12" in told
    assert "takes one storage unit" in told and "full without any order" not in told
    assert "the capacity leaves 3 of them" in " ".join(say(one) for one in line_messages(made[0], "W"))
    none = [line("A", 1.0, 2.0, on_hand=31.0, volume=1.0), line("B", 1.0, 2.0)]
    told = " ".join(say(one) for one in assumption_messages(none, Policy(service=90, capacity=12.0), "W"))
    assert "it is full without any order" in told and "is not known of 1 product" in told


def test_of_what_is_left_out_the_most_is_at_stake_first() -> None:
    """Of nine units each that nobody gets, those with the dearer margin stand first, behind what is ordered."""
    lines = [line("cheap", 1.0, 2.0), line("dear", 1.0, 9.0), line("none", None, None)]
    made = within_limits(lines, budget=0.5)
    assert [one.order for one in made] == [0, 0, 9]
    assert [one.row.unique_id for one in by_urgency(made)] == ["none", "dear", "cheap"]
