"""what_if: how the forecast answers to another price or promotion."""

import numpy as np
import pandas as pd

from ..data.panel import Panel
from ..insight.answer import Answer, Table, column, label, many, named, period_of
from ..insight.product import promoted
from ..insight.what_if import changed_total, replan, response, runs_of, shared_out
from ..messages import Exact, Fact, Message, Percent, Units, message
from ..quantiles import MEDIAN
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
    """How the trained trees answer to another plan, put on the forecast as a ratio: a response, no proven effect."""
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
    trees = desk.trees(horizon)
    before, after = (trees.forecast(one)[uid][:, MEDIAN] for one in (desk.panel, plan.panel))
    report = desk.forecast(desk.panel, uid, horizon)
    means = np.array([step.mean for step in report.steps])
    ratio = response(before, after)
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
    messages += [message("what-if-no-effect")] if plan.doubt != "unseen" else []
    if request.promotion:
        messages += _past(desk.panel, uid)
    rows: tuple[tuple[Fact, ...], ...] = tuple(
        (named(desk.panel, pd.Timestamp(step.ds)), Units(was), Units(was * by))
        for step, was, by in zip(report.steps, shared_out(old, means), ratio, strict=True)
    )
    rows = (*rows, (message("report-total"), Units(old), Units(new)))
    table = Table(
        message("table-units", period=period_of(desk.panel)),
        (period_of(desk.panel), column("as-planned"), column("what-if")),
        rows,
    )
    return Answer(tuple(messages), table, products=(uid,))


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
