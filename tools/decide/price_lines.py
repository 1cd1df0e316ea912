"""Price lines: of each product of a catalogue the price that is advised, or why none is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..data.panel import Panel
from ..forecast.elasticity import Elasticity
from ..insight.answer import LATE
from ..insight.product import PROMOTED, is_on
from ..quantiles import Array
from .price import Advice, Bounds, Goal, advise, draws


@dataclass(frozen=True)
class PriceLine:
    """One product.

    Attributes:
        unique_id: the product.
        name: a few words of it.
        now: its price now; NaN where none is known.
        cost: of a unit; None where it is not known.
        elasticity: how demand answers to the price.
        advice: None where a reason stands.
        reason: why no price is advised: of the elasticity, or `no-price-now`, `no-cost`.
    """

    unique_id: str
    name: str
    now: float
    cost: float | None
    elasticity: Elasticity
    advice: Advice | None
    reason: str = ""

    @property
    def moves(self) -> bool:
        """Whether another price than that of now is advised."""
        return self.advice is not None and self.advice.price != self.advice.now


@dataclass(frozen=True)
class PriceTotals:
    """What all lines come to.

    Attributes:
        lines: how many there are; up, down, kept, refused: of them.
        units: expected change.
        value: expected change of the goal, in money.
        before: expected value of the goal now, of those that have advice.
    """

    lines: int
    up: int
    down: int
    kept: int
    refused: int
    units: float
    value: float
    before: float


def price_now(panel: Panel, unique_id: str) -> float:
    """The last known price of a product while it was not promoted; the last one where it always was; else NaN."""
    past = panel.past_of(unique_id)
    if "price" not in past:
        return float("nan")
    price = past["price"].astype(float)
    on = np.zeros(len(past), dtype=bool)
    for name in (*PROMOTED, "feature"):
        if name in past:
            on |= np.asarray(is_on(past[name], name), dtype=bool)
    plain = price[~on].dropna()
    known = plain if len(plain) else price.dropna()
    return float(known.iloc[-1]) if len(known) else float("nan")


def price_behind(panel: Panel, unique_id: str, horizon: int, *, planned: bool) -> float:
    """The price that a forecast is of: the mean planned one, or that of late where none is planned; NaN if unknown.

    Args:
        panel: what is known.
        unique_id: the product.
        horizon: periods ahead.
        planned: the forecast looks at planned prices.
    """
    ahead = panel.horizon_of(unique_id, horizon)
    if planned and "price" in ahead and ahead["price"].notna().any():
        return float(ahead["price"].astype(float).mean())
    past = panel.past_of(unique_id)
    return float(past["price"].astype(float).tail(LATE[panel.freq]).mean()) if "price" in past else float("nan")


def price_line(
    panel: Panel,
    unique_id: str,
    paths: Array,
    elasticity: Elasticity,
    *,
    cost: float | None,
    goal: Goal,
    bounds: Bounds,
    behind: float | None = None,
    seed: int = 0,
) -> PriceLine:
    """The line of one product.

    Args:
        panel: what is known.
        unique_id: the product.
        paths: of demand at the price `behind` them, units a period, shape `[N, H]`.
        elasticity: how it answers to its price.
        cost: of a unit.
        goal: margin or revenue.
        bounds: what a price may be.
        behind: the price that the forecast is of; that of now when left out.
        seed: of the elasticity's draws.
    """
    now, name = price_now(panel, unique_id), panel.static_of(unique_id).get("description", "")
    needs = goal == "margin" or bounds.floor is not None
    reason = "no-price-now" if not now > 0 else "no-cost" if needs and cost is None else str(elasticity.reason)
    advice = None
    if not reason:
        many = draws(elasticity.mean, elasticity.sd, len(paths), seed)
        if behind is not None and behind > 0:
            paths = paths * ((now / behind) ** many)[:, None]
        advice = advise(paths, now, many, cost=cost, goal=goal, bounds=bounds)
    return PriceLine(unique_id, name, now, cost, elasticity, advice, reason)


def by_gain(lines: Sequence[PriceLine]) -> list[PriceLine]:
    """Those whose price should move first, the greatest expected gain first; then those that stay; then refusals."""
    return sorted(lines, key=lambda one: (one.advice is None, -(one.advice.value.mean if one.advice else 0.0)))


def price_totals(lines: Sequence[PriceLine]) -> PriceTotals:
    """What all lines come to."""
    made = [line.advice for line in lines if line.advice is not None]
    return PriceTotals(
        lines=len(lines),
        up=sum(one.price > one.now for one in made),
        down=sum(one.price < one.now for one in made),
        kept=sum(one.price == one.now for one in made),
        refused=len(lines) - len(made),
        units=sum(one.units.mean for one in made),
        value=sum(one.value.mean for one in made),
        before=sum(one.before for one in made),
    )
