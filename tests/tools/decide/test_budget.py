"""A budget: the best choice of orders by a slow search, and what is left as it is."""

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from skucast.prompts.messages.say import say
from skucast.tools.data.stock import StockRow
from skucast.tools.decide.budget import within_budget
from skucast.tools.decide.lines import OrderLine, order_line, totals
from skucast.tools.decide.policy import Policy
from skucast.tools.decide.telling import line_messages

STEPS = list(pd.date_range("2024-01-07", periods=8, freq="W-SUN"))
TEN = np.array([[float(k)] * 8 for k in range(1, 11)])  # ten paths: 1 each week, …, 10 each week


def line(uid: str, cost: float | None, price: float | None, pack: float = 1.0) -> OrderLine:
    row = StockRow(uid, 0.0, case_pack=pack, unit_cost=cost, price=price)
    return order_line(row, TEN, STEPS, "W", Policy(service=90, budget=1.0))


def test_a_ladder_goes_from_nothing_to_all_in_whole_packs() -> None:
    """9 are proposed, in packs of 4 that is 12; the third period misses 5.5, 1.5 or none beside the two before it."""
    made = line("A", 1.0, 2.0, pack=4.0)
    assert [units for units, _ in made.ladder] == [0, 4, 8, 12]
    assert [lost - 11 for _, lost in made.ladder] == pytest.approx([5.5, 2.1, 0.3, 0.0])


def test_the_dearer_margin_goes_first() -> None:
    poor, rich = line("poor", 1.0, 1.5), line("rich", 1.0, 9.0)
    made = {one.row.unique_id: one.order for one in within_budget([poor, rich], 9.0)}
    assert made == {"poor": 0, "rich": 9}


def test_what_is_sold_below_its_cost_takes_no_budget() -> None:
    """Nine of each are proposed: one loses 2.50 a unit, the other earns 1.50."""
    lines = [line("loss", 9.0, 6.5), line("gain", 3.0, 4.5)]
    assert [one.order for one in within_budget(lines, 27.0)] == [0, 9]


@pytest.mark.parametrize("budget", [3.0, 10.0, 20.0, 31.0])
def test_the_choice_is_that_of_a_slow_search(budget: float) -> None:
    lines = [line("A", 2.0, 3.0), line("B", 1.0, 4.0, 3.0), line("C", 3.0, 9.0, 2.0)]

    def value(units: tuple[tuple[float, float], ...]) -> float:
        return sum((one.margin or 0) * (one.ladder[0][1] - lost) for one, (_, lost) in zip(lines, units, strict=True))

    def cost(units: tuple[tuple[float, float], ...]) -> float:
        return sum((one.row.unit_cost or 0) * size for one, (size, _) in zip(lines, units, strict=True))

    best = max(value(units) for units in product(*(one.ladder for one in lines)) if cost(units) <= budget)
    made = within_budget(lines, budget)
    taken = tuple(next(rung for rung in one.ladder if rung[0] == one.order) for one in made)
    assert cost(taken) <= budget and value(taken) == pytest.approx(best, rel=1e-3)


def test_what_has_no_cost_stays_and_what_is_enough_changes_nothing() -> None:
    lines = [line("A", None, None), line("B", 1.0, None)]
    assert [one.order for one in within_budget(lines, 2.0)] == [9, 2]
    assert within_budget(lines, 9.0) == lines
    bare = [replace(one, ladder=()) for one in lines]
    assert [one.order for one in within_budget(bare, 2.0)] == [9, 9]


def test_totals_and_reasons_are_those_of_what_is_left() -> None:
    """Nine units save 5.5 less 0.1 of demand, and the poor one's none; its line says why nothing is ordered."""
    lines = [line("poor", 1.0, 1.5), line("rich", 1.0, 9.0)]
    whole, made = totals(lines), within_budget(lines, 9.0)
    cut = totals(made)
    assert (whole.ordered, whole.saved) == (2, pytest.approx(2 * 5.4))
    assert (cut.ordered, cut.units, cut.saved) == (1, 9, pytest.approx(5.4))
    said = " ".join(say(one) for one in line_messages(made[0], "W"))
    assert "9 units are proposed; the budget leaves 0 of them" in said and "nothing need be ordered" not in said
    assert all(say(one, "zh") for one in line_messages(made[0], "W"))
