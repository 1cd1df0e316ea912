"""A budget and a storage capacity over all orders: of each none, a part or all, so that the least margin is lost."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from ..errors import InputError
from ..quantiles import Array
from .lines import OrderLine

GAP = 1e-4  # of the best value, within which a choice is good enough
SECONDS = 30.0  # that the search may take
BUDGET, CAPACITY = "budget", "capacity"


@dataclass(frozen=True)
class Storage:
    """What lines take of a storage, in storage units: what a unit of each product takes times its units.

    Attributes:
        without: expected there without new orders, each product at the time when an order placed now would arrive.
        orders: what the orders add.
        unmeasured: lines of which it is not known what a unit takes, where it is known of others.
        assumed: it is known of none, and each unit takes one.
    """

    without: float
    orders: float
    unmeasured: int
    assumed: bool


def storage(lines: Sequence[OrderLine]) -> Storage:
    """What these lines take of a storage.

    Each product counts when its order arrives, which is when most of it lies there; where lead times differ these are
    not the same day, so all of them together is no less than what lies there at once.
    """
    each = _volumes(lines)
    known = np.isfinite(each)
    at = np.array([line.ahead.at_arrival for line in lines], dtype=float)
    orders = np.array([line.order for line in lines], dtype=float)
    return Storage(
        without=float((at * each)[known].sum()),
        orders=float((orders * each)[known].sum()),
        unmeasured=int((~known).sum()),
        assumed=all(line.row.volume is None for line in lines),
    )


def within_limits(
    lines: Sequence[OrderLine], *, budget: float | None = None, capacity: float | None = None
) -> list[OrderLine]:
    """The lines with orders that together cost no more than a budget and leave room in a storage.

    A choice a product from its ladder of order sizes (multiple-choice knapsack, by HiGHS): the sum of what each keeps
    from being lost, units over lead time + review times margin, is as large as the limits allow. Where the price is
    not known a unit counts what it costs, and where neither is, as the others on average; where the price is no higher
    than the cost, nothing. A line takes part in a limit only where its unit cost, or what a unit takes of the storage,
    is known; one that takes part in none stays as it is. Where the storage is full without any order, nothing is left
    of those that take part in it.

    Args:
        lines: made under a policy with a limit: they have ladders.
        budget: in the data's currency, above 0; None is without one.
        capacity: storage units, above 0, for what lies there already and is still expected to when the orders arrive,
            and for the orders; None is without one.

    Raises:
        InputError: the search found nothing, which should not be.
    """
    room = np.inf if capacity is None else max(capacity - storage(lines).without, 0.0)
    limits = {name: limit for name, limit in ((BUDGET, budget), (CAPACITY, room)) if limit is not None}
    cost = np.array([np.nan if line.row.unit_cost is None else line.row.unit_cost for line in lines], dtype=float)
    takes = {BUDGET: cost, CAPACITY: _volumes(lines)}
    ordered = np.array([line.order for line in lines], dtype=float)
    limits = {name: limit for name, limit in limits.items() if np.nansum(takes[name] * ordered) > limit}
    some = [at for at, line in enumerate(lines) if line.ladder and any(np.isfinite(takes[one][at]) for one in limits)]
    if not some:
        return list(lines)
    chosen = _best([lines[at] for at in some], {name: (takes[name][some], limits[name]) for name in limits})
    made, names = list(lines), tuple(limits)
    for at, order in zip(some, chosen, strict=True):
        made[at] = lines[at].cut_to(order, tuple(name for name in names if np.isfinite(takes[name][at])))
    return made


def _best(lines: Sequence[OrderLine], limits: dict[str, tuple[Array, float]]) -> list[float]:
    """The order of each line, so that what is kept from being lost is worth most within the limits."""
    rungs = [(place, units, lost) for place, line in enumerate(lines) for units, lost in line.ladder]
    owner = np.array([place for place, _, _ in rungs])
    units = np.array([units for _, units, _ in rungs])
    saved = np.array([lines[place].ladder[0][1] - lost for place, _, lost in rungs])
    ones, columns = np.ones(len(rungs)), np.arange(len(rungs))
    one_each = csr_array((ones, (owner, columns)), shape=(len(lines), len(rungs)))
    rows = [LinearConstraint(one_each, 1, 1)]
    for each, limit in limits.values():
        rows.append(LinearConstraint((units * np.nan_to_num(each)[owner])[None, :], ub=limit))
    found = milp(
        -_worth(lines)[owner] * saved,
        integrality=ones,
        bounds=Bounds(0, 1),
        constraints=rows,
        options={"mip_rel_gap": GAP, "time_limit": SECONDS},
    )
    if found.x is None:
        asked = ", ".join(f"{name} {limit:g}" for name, (_, limit) in limits.items())
        raise InputError(f"{asked}: no choice of orders was found ({found.message})")
    return [float(value) for value in units[found.x > 0.5]]


def _worth(lines: Sequence[OrderLine]) -> Array:
    """What a unit that is not lost earns, nothing where that is a loss; its cost where no price is known."""
    each = [line.row.unit_cost if line.margin is None else max(line.margin, 0.0) for line in lines]
    known = [one for one in each if one is not None]
    usual = float(np.mean(known)) if known else 1.0
    return np.array([usual if one is None else one for one in each])


def _volumes(lines: Sequence[OrderLine]) -> Array:
    """What a unit of each takes of a storage, NaN where it is not known; 1 of all where it is known of none."""
    given = [line.row.volume for line in lines]
    if all(one is None for one in given):
        return np.ones(len(lines))
    return np.array([np.nan if one is None else one for one in given])
