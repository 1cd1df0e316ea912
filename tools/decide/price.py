"""Price advice: the price that earns most over the forecast's sample paths, for all that its elasticity may be."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..errors import InputError
from ..quantiles import Array

Goal = Literal["margin", "revenue", "units"]
GRID = 0.005  # step between prices that are tried, as a share of the price now
LOW, HIGH = 0.025, 0.975  # of the interval that is shown
RISKY = 0.2  # chance of doing worse above which a price is not advised


@dataclass(frozen=True)
class Bounds:
    """What a price may be.

    Attributes:
        step: share of the price now by which it may move, 0.1 is 10 % up or down.
        floor: least margin as a share of the price, 0 to below 1; it needs a cost.
        endings: last digits, such as 0.99 or 0.09: prices end in one of these; none leaves any whole cent.
    """

    step: float = 0.1
    floor: float | None = None
    endings: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.step <= 0.5:
            raise InputError(f"largest step {100 * self.step:g} %: expected more than 0 and at most 50")
        if self.floor is not None and not 0 <= self.floor < 1:
            raise InputError(f"floor {100 * self.floor:g} %: expected 0 or more and below 100, a share of the price")


@dataclass(frozen=True)
class Outcome:
    """What a price comes to over the horizon, against the price now.

    Attributes:
        mean: expected change.
        low, high: 95 % interval of the change.
    """

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Advice:
    """The price that is advised.

    Attributes:
        now: the price now.
        price: the one advised; `now` where no other is better, or surely enough.
        units: change in units.
        value: change in the goal: margin, revenue, or units.
        before: the goal's expected value at the price now.
        worse: chance that the goal comes out lower than at the price now; 0 where the price stays.
        below_floor: the price now earns less than the floor, and no price within the step earns it.
        no_ending: no price within the step has one of the endings, and the price now may stay.
    """

    now: float
    price: float
    units: Outcome
    value: Outcome
    before: float
    worse: float
    below_floor: bool = False
    no_ending: bool = False


def advise(
    paths: Array,
    now: float,
    elasticity: Array,
    *,
    cost: float | None = None,
    goal: Goal = "margin",
    bounds: Bounds | None = None,
    target: float | None = None,
) -> Advice:
    """The best of the prices within bounds: on each path demand is `(price / now) ** elasticity` times the path.

    The price with the greatest expected goal is advised, of those that do worse than the price now with a chance of at
    most a fifth. Where one elasticity below -1 is known for sure, and bounds allow, that is `cost * e / (e + 1)`.

    Args:
        paths: of demand at the price now, units a period, shape `[N, H]`.
        now: the price now, above 0.
        elasticity: a draw a path, shape `[N]`.
        cost: of a unit; needed for margin and a floor.
        goal: `margin` or `revenue` is made greatest; `units` comes nearest to the target.
        bounds: what a price may be.
        target: units over the horizon, for `units`.

    Raises:
        InputError: a price of 0 or less, or a cost or target is missing.
    """
    bounds = bounds or Bounds()
    if not now > 0:
        raise InputError(f"price {now:g}: expected more than 0")
    if cost is None and (goal == "margin" or bounds.floor is not None):
        raise InputError("no cost: margin and a floor need what a unit costs")
    if (target is None) == (goal == "units"):
        raise InputError("a target in units belongs to the goal units")
    tried = candidates(now, bounds, cost)
    kept = not len(tried)
    below = bounds.floor is not None and cost is not None and now - cost < bounds.floor * now
    tried = np.unique(np.append(tried, now))
    units = paths.sum(axis=1) * (tried[:, None] / now) ** elasticity  # [P, N]
    worth = {"units": np.ones(len(tried)), "revenue": tried, "margin": tried - (cost or 0.0)}[goal]
    value = units * worth[:, None]
    here = int(np.flatnonzero(tried == now)[0])
    change = value - value[here]
    worse = (change < 0).mean(axis=1)
    if target is not None:
        best = int(np.abs(units.mean(axis=1) - target).argmin())
        worse = (np.abs(units - target) > np.abs(units[here] - target)).mean(axis=1)
    else:
        gains = value.mean(axis=1) > value[here].mean()
        allowed = (worse <= RISKY) & (gains | (tried == now))  # a tie moves no price
        if not kept and below:
            allowed = tried != now  # the price now is none that may stay
        expected = np.where(allowed, value.mean(axis=1), -np.inf)
        best = here if kept else int(expected.argmax())
    return Advice(
        now=now,
        price=float(tried[best]),
        units=_outcome(units[best] - units[here]),
        value=_outcome(change[best]),
        before=float(value[here].mean()),
        worse=float(worse[best]),
        below_floor=kept and below,
        no_ending=kept and not below,
    )


def candidates(now: float, bounds: Bounds, cost: float | None = None) -> Array:
    """The prices that may be asked, ascending: within the step, with a good ending, and no less than the floor.

    Args:
        now: the price now.
        bounds: what a price may be.
        cost: of a unit.
    """
    low, high = now * (1 - bounds.step), now * (1 + bounds.step)
    if bounds.endings:
        whole = np.arange(np.floor(low), np.floor(high) + 1)
        tried = (whole[:, None] + np.array(bounds.endings)).ravel()
    else:
        tried = now * (1 + np.arange(-bounds.step, bounds.step + GRID / 2, GRID))
        if bounds.floor is not None and cost is not None:
            tried = np.append(tried, np.ceil(100 * cost / (1 - bounds.floor) - 1e-9) / 100)
    tried = np.unique(np.round(tried, 2))
    if bounds.floor is not None and cost is not None:
        tried = tried[tried - cost >= bounds.floor * tried - 1e-9]
    return np.asarray(tried[(tried >= low - 1e-9) & (tried <= high + 1e-9) & (tried > 0)])


def draws(mean: float, sd: float, count: int, seed: int = 0) -> Array:
    """Elasticities from a normal, none above 0, shape `[count]`."""
    return np.asarray(np.minimum(np.random.default_rng(seed).normal(mean, sd, count), 0.0))


def out_of_line(sizes: Sequence[float], prices: Sequence[float]) -> list[int]:
    """Places of packs whose price a unit of size is above that of a smaller pack: the ladder is out of line.

    Args:
        sizes: of each pack.
        prices: of each pack.
    """
    rate = np.asarray(prices, dtype=float) / np.asarray(sizes, dtype=float)
    return [
        place
        for place, size in enumerate(sizes)
        if any(other < size and rate[place] > rate[at] * (1 + 1e-9) for at, other in enumerate(sizes))
    ]


def _outcome(change: Array) -> Outcome:
    low, high = np.quantile(change, [LOW, HIGH])
    return Outcome(float(change.mean()), float(low), float(high))
