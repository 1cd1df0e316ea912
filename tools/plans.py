"""Plans: what is known ahead of a product, and the same with another price or promotion."""

from dataclasses import replace

import pandas as pd

from .errors import InputError
from .look import ON
from .panel import PERIOD_NAME, Panel
from .requests import WhatIf


def replan(panel: Panel, uid: str, horizon: int, request: WhatIf) -> tuple[Panel, str, list[str]]:
    """Another price or promotion in the plan of one product.

    Args:
        panel: what is known.
        uid: the product.
        horizon: periods ahead.
        request: what is to change, and when.

    Returns:
        The panel with that plan, the plan in words, and what speaks against trusting a model's response to it.

    Raises:
        InputError: nothing is to change, the data plans no such thing, or a period lies past the horizon.
    """
    ahead = panel.horizon_of(uid, horizon)
    price = "price" if "price" in ahead else None
    promo = next((name for name in ("promo", "promotion", "discount") if name in ahead), None)
    if request.price_change_percent is None and request.promotion is None:
        raise InputError(
            "what is to change? Say for example: what if 10 % off in week 2, or: if we put it on promotion"
        )
    if (request.price_change_percent is not None and price is None) or (
        request.promotion is not None and promo is None
    ):
        raise InputError("the data plans no price or promotion, so nothing can be said of another one")
    chosen = sorted(request.periods or range(1, horizon + 1))
    if chosen[-1] > horizon:
        raise InputError(f"period {chosen[-1]}: the horizon has {horizon}")
    at = [place - 1 for place in chosen]
    past = panel.past_of(uid)
    plan, parts, doubt = ahead.copy(), [], []
    usual = float(past["price"].dropna().tail(8).mean()) if price else 0.0
    if price:
        plan[price] = plan[price].fillna(usual)
    if request.price_change_percent is not None:
        factor = 1 + request.price_change_percent / 100
        plan.loc[at, "price"] = plan.loc[at, "price"] * factor
        if "discount" in plan:
            plan.loc[at, "discount"] = max(0.0, 1 - factor)
        off = request.price_change_percent
        parts.append(f"the price {abs(off):g} % {'lower' if off < 0 else 'higher'}")
        known = past["price"].dropna()
        if len(known) < 8 or float(known.std()) < 0.01 * float(known.mean()):
            doubt.append("Its own price hardly ever changed, so the response is that of other products.")
    if request.promotion is not None and promo:
        plan.loc[at, promo] = (0.2 if promo == "discount" else 1.0) if request.promotion else 0.0
        parts.append("a promotion" if request.promotion else "no promotion")
        if (past[promo].astype(float) > (ON if promo == "discount" else 0)).sum() < 4:
            doubt.append("It was hardly ever promoted, so the response is that of other products.")
    where = "" if len(chosen) == horizon else f" in {PERIOD_NAME[panel.freq]} {', '.join(map(str, chosen))}"
    rest = panel.future[panel.future["unique_id"] != uid]
    mine = plan.assign(unique_id=uid)[list(panel.future.columns)]
    return replace(panel, future=pd.concat([rest, mine], ignore_index=True)), " and ".join(parts) + where, doubt
