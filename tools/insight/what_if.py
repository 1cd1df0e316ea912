"""Plans: what is known ahead of a product, and the same with another price or promotion."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from ..data.panel import Panel
from ..messages import Refusal
from ..quantiles import Array
from .product import ON

DISCOUNT = 0.2  # of a promotion of which no more is known
ALIKE_WITHIN = 0.05  # share by which a price may always lie apart and be like another
FEW, FEW_ELSEWHERE = 4, 20  # periods like a plan, of the product and of all, below which little was learned of it
Doubt = Literal["", "elsewhere", "unseen"]


@dataclass(frozen=True)
class Plan:
    """Another plan of one product.

    Attributes:
        panel: with that plan.
        places: in the horizon, from 1, at which it differs.
        doubt: whether the past holds cases like it: of the product, only of others (`elsewhere`), or hardly any.
        depth: discount (0 to 1) that a promotion was taken to be at, its usual one; None where none was assumed.
    """

    panel: Panel
    places: list[int]
    doubt: Doubt
    depth: float | None = None


def replan(
    panel: Panel,
    uid: str,
    horizon: int,
    *,
    price_change_percent: float | None = None,
    promotion: bool | None = None,
    periods: Sequence[int] | None = None,
) -> Plan:
    """Another price or promotion in the plan of one product.

    Args:
        panel: what is known.
        uid: the product.
        horizon: periods ahead.
        price_change_percent: -10 is ten per cent off.
        promotion: put it on promotion, or take it off.
        periods: places in the horizon, from 1; all when left out.

    Raises:
        Refusal: nothing is to change, the data plans no such thing, or a period lies past the horizon.
    """
    ahead = panel.horizon_of(uid, horizon)
    price = "price" if "price" in ahead else None
    promo = next((name for name in ("promo", "promotion", "discount") if name in ahead), None)
    if price_change_percent is None and promotion is None:
        raise Refusal("what-if-nothing")
    if (price_change_percent is not None and price is None) or (promotion is not None and promo is None):
        raise Refusal("what-if-no-plan")
    chosen = sorted(periods or range(1, horizon + 1))
    if chosen[-1] > horizon:
        raise Refusal("what-if-past-horizon", period=chosen[-1], horizon=horizon)
    at = [place - 1 for place in chosen]
    past = panel.past_of(uid)
    plan = ahead.copy()
    usual = float(past["price"].dropna().tail(8).mean()) if price else 0.0
    depth = _usual_discount(past) if promo == "discount" and promotion and price_change_percent is None else None
    if price:
        full = _full(plan).fillna(float(_full(past.dropna(subset=["price"]).tail(8)).mean())).loc[at]
        plan[price] = plan[price].fillna(usual)
    if price_change_percent is not None:
        start = full if promotion is False else plan.loc[at, "price"]
        plan.loc[at, "price"] = start * (1 + price_change_percent / 100)
        if "discount" in plan:
            plan.loc[at, "discount"] = (1 - plan.loc[at, "price"] / full).clip(lower=0.0)
    if promotion is not None and promo:
        if promo != "discount":
            plan.loc[at, promo] = float(promotion)
        elif price_change_percent is None:
            plan.loc[at, promo] = depth or 0.0
            if price:
                plan.loc[at, price] = full * (1 - (depth or 0.0))
        if not promotion and "discount" in plan:
            plan.loc[at, "discount"] = 0.0
    rest = panel.future[panel.future["unique_id"] != uid]
    mine = plan.assign(unique_id=uid)[list(panel.future.columns)]
    changed = replace(panel, future=pd.concat([rest, mine], ignore_index=True))
    asked = price is not None and price_change_percent is not None  # a promotion alone is like any other of its own
    before = ahead["price"].fillna(usual).loc[at].mean() if asked else 0.0
    return Plan(changed, chosen, _doubt(panel.past, uid, plan.loc[at], before, promo), depth)


def _full(rows: pd.DataFrame) -> "pd.Series[float]":
    """The price before the discount, of which no more than 90 % is taken out; NaN where no price is known."""
    off = rows["discount"].astype(float).fillna(0.0).clip(0.0, 0.9) if "discount" in rows else 0.0
    full: pd.Series[float] = rows["price"].astype(float) / (1 - off)
    return full


def _usual_discount(past: pd.DataFrame) -> float:
    """The median of a product's own discounts, where it had a few; else a fifth."""
    own = past["discount"].dropna().astype(float)
    own = own[own > ON]
    return float(own.median()) if len(own) >= FEW else DISCOUNT


def shared_out(total: float, means: Array) -> Array:
    """A total shared out to its steps by what each sells on average, so that the steps add up to it.

    Args:
        total: units over the horizon, such as the median of the total.
        means: of each step, units per period, shape `[H]`.

    Returns:
        Units per period, shape `[H]`; equal shares where nothing is expected to sell.
    """
    expected = float(means.sum())
    return total * means / expected if expected > 0 else np.full(len(means), total / max(len(means), 1))


def response(before: Array, after: Array) -> Array:
    """How a model answers to another plan: its forecast with that plan over the one without, step by step.

    Args:
        before: units per period as planned, shape `[H]`.
        after: units per period with the other plan, shape `[H]`.

    Returns:
        Ratios, shape `[H]`; 1 where nothing was forecast before, of which no ratio can be taken.
    """
    return np.divide(after, before, out=np.ones(len(before)), where=before > 0)


def changed_total(total: float, means: Array, ratio: Array) -> float:
    """The total of a forecast with a response put on it: `total * sum(means * ratio) / sum(means)`.

    The response weighs by what each step sells on average: means add up, medians do not.

    Args:
        total: units over the horizon as planned, such as the median of the total.
        means: of each step, units per period, shape `[H]`.
        ratio: of each step, shape `[H]`.

    Returns:
        Units over the horizon; the same as planned where nothing is expected to sell.
    """
    expected = means.sum()
    return total * float((means * ratio).sum() / expected) if expected > 0 else total


def runs_of(chosen: Sequence[int]) -> str:
    """Periods by their places, runs of three or more from end to end: `2, 5-9`."""
    runs: list[list[int]] = []
    for place in chosen:
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


def _doubt(past: pd.DataFrame, uid: str, plan: pd.DataFrame, before: float, promo: str | None) -> Doubt:
    """Whether the past holds hardly a period like those of a plan: of the product, or of any.

    A period is like them in whether it is promoted, and in its price over the product's usual one, which may lie apart
    by less than half of what is asked for, from the price `before`, 0 where none is known.
    """
    like = pd.Series(past["y"].notna())
    if promo:
        least = ON if promo == "discount" else 0.0
        like &= (past[promo].astype(float) > least) == bool((plan[promo].astype(float) > least).mean() > 0.5)
    if before > 0:
        usual = past.groupby("unique_id", sort=False)["price"].transform("median")
        asked, own = float(plan["price"].mean()) / before, usual[past["unique_id"] == uid].iloc[0]
        apart = past["price"] / usual * (own / before) - asked
        like &= apart.abs() < max(ALIKE_WITHIN, abs(asked - 1) / 2)
    if int(like[past["unique_id"] == uid].sum()) >= FEW:
        return ""
    if int(like.sum()) >= FEW_ELSEWHERE:
        return "elsewhere"
    return "unseen"
