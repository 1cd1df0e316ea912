"""stock_plan: reorder point, safety stock and order of a product, and when its stock runs out."""

import numpy as np

from ..data.freq import ByFreq
from ..data.on_hand import stock_of
from ..data.panel import Panel
from ..decide.inventory import replenishment
from ..decide.run_out import run_out
from ..forecast.paths import sample_paths
from ..insight.answer import Answer, label, many, mean, units
from ..messages import Exact, Fact, Message, Percent, ProductName, Refusal, Units, message
from ..quantiles import LEVELS, level_name
from .fields import Lasting, LeadTime, OnHand, Product, ServiceLevel
from .kit import Arguments, Desk, Tool

SERVICE = 95.0  # per cent, where none is given
LEAD = 2  # periods
MOST = ByFreq({"D": 91, "W": 26, "M": 12})  # periods that are looked ahead for the end of the stock
LEAST = ByFreq({"D": 14, "W": 4, "M": 2})
USUAL = 13  # last periods whose mean says how far to look


class StockPlan(Arguments):
    """Reorder point, safety stock and order of a product; how much there is, and when it runs out."""

    lasting: Lasting | None = None
    product: Product | None = None
    on_hand: OnHand | None = None
    lead_time: LeadTime | None = None
    service_level: ServiceLevel | None = None


def run(desk: Desk, request: StockPlan) -> Answer:
    """What to hold and to order over the lead time, and how long the stock lasts, where it is said or known."""
    panel, uid = desk.panel, desk.one(request.product)
    stock, told = request.on_hand, []
    if stock is None and desk.stock is not None and (row := desk.stock.rows.get(uid)) is not None:
        stock = row.on_hand
        told = [message("run-out-stock-file", product=label(panel, uid), stock=Units(stock))]
    elif stock is None and (known := stock_of(panel, uid)) is not None:
        stock = known[0]
        told = [message("run-out-stock", product=label(panel, uid), stock=Units(stock), date=known[1])]
    if stock is None and request.lasting:
        raise Refusal("run-out-unknown", product=ProductName(uid))
    plan = _plan(desk, uid, stock, request)
    lasts = [] if stock is None else _lasts(desk, uid, stock, request.lead_time if request.lasting else None)
    return Answer((*told, *(lasts + plan if request.lasting else plan + lasts)), products=(uid,))


def _plan(desk: Desk, uid: str, stock: float | None, request: StockPlan) -> list[Message]:
    """Reorder point and order from the forecast's paths over the lead time: demand at the service level."""
    lead, service = request.lead_time or LEAD, request.service_level or SERVICE
    total = desk.forecast(desk.panel, uid, lead, keep=False).total
    quantiles = np.array([total.quantiles[level_name(level)] for level in LEVELS])
    plan = replenishment(quantiles, total.mean, service / 100, stock)
    messages = [
        message(
            "stock-plan-point",
            span=many(lead, desk.panel),
            product=label(desk.panel, uid),
            demand=Units(plan.demand),
            service=Exact(service),
            point=Units(plan.reorder_point),
            safety=Units(plan.safety_stock),
        )
    ]
    if request.lead_time is None or request.service_level is None:
        messages.append(message("stock-plan-assumed"))
    if stock is not None:
        held = Units(stock)
        order = message("stock-plan-order", stock=held, units=Units(plan.order)) if plan.order else None
        messages.append(order or message("stock-plan-enough", stock=held))
    return messages


def _lasts(desk: Desk, uid: str, stock: float, delivery: int | None) -> list[Message]:
    """The expected and the earliest plausible end of the stock, if nothing is delivered, and the chance to last."""
    panel = desk.panel
    horizon = max(look_ahead(panel, uid, stock), delivery or 1)
    made = desk.forecast(panel, uid, horizon, keep=False)
    quantiles = np.array([[step.quantiles[level_name(level)] for level in LEVELS] for step in made.steps])
    paths = sample_paths(quantiles, np.asarray(units(panel, uid), dtype=float))
    found = run_out(paths, np.array([step.mean for step in made.steps]), stock)
    dates, period = panel.steps_of(uid, horizon), message(f"period-{panel.freq}")
    facts: dict[str, Fact] = {"stock": Units(stock), "product": label(panel, uid)}
    if found.expected is None:
        messages = [Message("run-out-lasts", facts | {"span": many(horizon, panel)})]
    else:
        when: dict[str, Fact] = {
            "date": dates[found.expected - 1],
            "span": many(found.expected, panel),
            "period": period,
        }
        messages = [Message("run-out-expected", facts | when)]
    if found.earliest is not None and found.earliest != found.expected:
        messages.append(message("run-out-earliest", period=period, date=dates[found.earliest - 1]))
    if delivery is not None:
        share = Percent(100 * float(found.lasting[delivery - 1]))
        messages.append(message("run-out-delivery", span=many(delivery, panel), share=share))
    return messages


def look_ahead(panel: Panel, unique_id: str, stock: float) -> int:
    """Periods to look ahead for the end of a stock: twice what it lasts at the usual level, within bounds."""
    level = mean(units(panel, unique_id).iloc[-USUAL:])
    least, most = LEAST[panel.freq], MOST[panel.freq]
    return int(np.clip(np.ceil(2 * stock / level), least, most)) if level > 0 else most


TOOL = Tool(StockPlan, run, rank=10)
