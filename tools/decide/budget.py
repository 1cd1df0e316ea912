"""A budget over all orders: of each product none, a part or all, so that the margin that is not lost is largest."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from ..errors import InputError
from .lines import OrderLine

GAP = 1e-4  # of the best value, within which a choice is good enough
SECONDS = 30.0  # that the search may take


def within_budget(lines: Sequence[OrderLine], budget: float) -> list[OrderLine]:
    """The lines with orders that cost no more than the budget together.

    A choice a product from its ladder of order sizes (multiple-choice knapsack, by HiGHS): the sum of what each keeps
    from being lost, units over lead time + review times margin, is as large as the budget allows. Where the price is
    not known a unit counts what it costs; where it is no higher than the cost, nothing. Lines whose unit cost is not
    known are no part of it, and stay.

    Args:
        lines: made under a policy with a budget: they have ladders.
        budget: in the data's currency, above 0.

    Raises:
        InputError: the search found nothing, which should not be.
    """
    priced = [line for line in lines if line.ladder and line.row.unit_cost is not None]
    if sum(line.cost or 0.0 for line in priced) <= budget:
        return list(lines)
    rungs = [(place, units, lost) for place, line in enumerate(priced) for units, lost in line.ladder]
    owner = np.array([place for place, _, _ in rungs])
    cost = np.array([units * (priced[place].row.unit_cost or 0.0) for place, units, _ in rungs])
    value = np.array([_worth(priced[place]) * (priced[place].ladder[0][1] - lost) for place, _, lost in rungs])
    ones, columns = np.ones(len(rungs)), np.arange(len(rungs))
    one_each = csr_array((ones, (owner, columns)), shape=(len(priced), len(rungs)))
    found = milp(
        -value,
        integrality=ones,
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(one_each, 1, 1), LinearConstraint(cost[None, :], ub=budget)],
        options={"mip_rel_gap": GAP, "time_limit": SECONDS},
    )
    if found.x is None:
        raise InputError(f"budget {budget:g}: no choice of orders was found ({found.message})")
    chosen = {priced[rungs[at][0]].row.unique_id: rungs[at][1] for at in np.flatnonzero(found.x > 0.5)}
    return [replace(line, order=chosen.get(line.row.unique_id, line.order)) for line in lines]


def _worth(line: OrderLine) -> float:
    """What a unit that is not lost earns, nothing where that is a loss; its cost where no price is known."""
    margin = line.margin
    return max(margin, 0.0) if margin is not None else (line.row.unit_cost or 0.0)
