"""what_if: how the forecast answers to another price or promotion."""

import numpy as np
import pandas as pd

from ..data.panel import Panel
from ..forecast.elasticity import Elasticity
from ..insight.answer import Answer, Table, column, label, many, named, period_of
from ..insight.product import promoted
from ..insight.what_if import Plan, changed_total, replan, response, runs_of, shared_out
from ..messages import Exact, Fact, Message, Percent, Score, Units, message
from ..quantiles import MEDIAN, Array
from .fields import Places, PriceChange, Product, Promotion, SurelyAhead
from .kit import Arguments, Desk, Tool

FARTHEST = 26  # periods to which a plan stretches the horizon


class WhatIf(Arguments):
    """How the forecast answers to another price or promotion."""

    product: Product | None = None
    price_change_percent: PriceChange | None = None
    promotion: Promotion | None = None
    periods: Places | None = None
    horizon: SurelyAhead | None = None


def run(desk: Desk, request: WhatIf) -> Answer:
    """How the product's elasticity, or else the trained trees, answer to another plan, put on the forecast."""
    uid = desk.one(request.product)
    horizon = desk.periods(request.horizon)
    if request.horizon is None and request.periods and max(request.periods) <= FARTHEST:
        horizon = max(horizon, *request.periods)
    plan = replan(
        desk.panel,
        uid,
        horizon,
        price_change_percent=request.price_change_percent,
        promotion=request.promotion,
        periods=request.periods,
    )
    priced = _by_elasticity(desk, uid, request, plan, horizon)
    ratio = priced[0] if priced else _by_trees(desk, uid, plan, horizon)
    report = desk.forecast(desk.panel, uid, horizon)
    means = np.array([step.mean for step in report.steps])
    old = report.total.quantiles["q0.5"]  # the total of the forecast: medians do not add up to it
    new = changed_total(old, means, ratio)
    facts: dict[str, Fact] = {
        "plan": _plan(request, plan.depth),
        "new": Units(new),
        "product": label(desk.panel, uid),
        "span": many(horizon, desk.panel),
        "old": Units(old),
    }
    whole = len(plan.places) == horizon
    where: dict[str, Fact] = {} if whole else {"period": period_of(desk.panel), "places": runs_of(plan.places)}
    messages = [Message("what-if-response" if whole else "what-if-response-in", facts | where)]
    messages += [message(f"what-if-{plan.doubt}")] if plan.doubt else []
    if priced:
        messages.append(_interval(desk.price_model().elasticities[uid], [changed_total(old, means, r) for r in priced]))
    elif plan.doubt != "unseen":
        messages.append(message("what-if-no-effect"))
    if request.promotion:
        messages += _past(desk.panel, uid)
    shared = shared_out(old, means)
    shown = [shared, *(shared * r for r in (priced or (ratio,)))]
    rows: list[tuple[Fact, ...]] = [
        (named(desk.panel, pd.Timestamp(step.ds)), *(Units(values[place]) for values in shown))
        for place, step in enumerate(report.steps)
    ]
    rows.append((message("report-total"), *(Units(values.sum()) for values in shown)))
    names = ("as-planned", "what-if", *(("low", "high-end") if priced else ()))
    title = message("table-units", period=period_of(desk.panel))
    table = Table(title, (period_of(desk.panel), *map(column, names)), tuple(rows))
    return Answer(tuple(messages), table, products=(uid,))


def _by_elasticity(
    desk: Desk, uid: str, request: WhatIf, plan: Plan, horizon: int
) -> tuple[Array, Array, Array] | None:
    """How demand answers to another price, and the ends of its 95 % interval; None where the past does not tell."""
    found = desk.price_model().elasticities[uid]
    if request.price_change_percent is None or request.promotion is not None or not found.identified:
        return None
    before, after = (one.horizon_of(uid, horizon)["price"].to_numpy(dtype=float) for one in (desk.panel, plan.panel))
    known = np.where(np.isfinite(before), before, after / (1 + request.price_change_percent / 100))
    change = np.ones(horizon)
    at = np.array(plan.places) - 1
    change[at] = after[at] / known[at]
    ends = np.stack([change ** min(one, 0.0) for one in found.interval])
    return np.asarray(change**found.mean), ends.min(axis=0), ends.max(axis=0)


def _by_trees(desk: Desk, uid: str, plan: Plan, horizon: int) -> Array:
    """How the trained trees answer to another plan, step by step."""
    trees = desk.trees(horizon)
    before, after = (trees.forecast(one)[uid][:, MEDIAN] for one in (desk.panel, plan.panel))
    return response(before, after)


def _interval(found: Elasticity, totals: list[float]) -> Message:
    """The elasticity behind a response, and the ends of the total."""
    low, high = found.interval
    values = {"mean": Score(found.mean), "e_low": Score(low), "e_high": Score(high)}
    return message("what-if-elasticity", low=Units(totals[1]), high=Units(totals[2]), **values)


def _past(panel: Panel, uid: str) -> list[Message]:
    """What it sold with its main kind of promotion and without; one message or none."""
    found = promoted(panel, uid)
    main = next((one for name in ("discount", "promo") for one in found if one.name == name), None)
    if main is None:
        return []
    facts: dict[str, Fact] = {"promotion": message(f"promotion-{main.name}"), "on": Units(main.on)}
    facts |= {"off": Units(main.off), "span": many(main.periods, panel), "period": period_of(panel)}
    return [Message("what-if-past", facts)]


def _plan(request: WhatIf, depth: float | None) -> Message:
    parts = []
    if (change := request.price_change_percent) is not None:
        parts.append(message("plan-price", change=Exact(abs(change)), way="down" if change < 0 else "up"))
    if depth is not None:
        parts.append(message("plan-promotion-at", percent=Percent(depth * 100)))
    elif request.promotion is not None:
        parts.append(message("plan-promotion" if request.promotion else "plan-no-promotion"))
    return parts[0] if len(parts) == 1 else message("plan-both", first=parts[0], second=parts[1])


TOOL = Tool(WhatIf, run, rank=2)
