"""stock_plan: reorder point, safety stock and order of a product."""

import numpy as np

from ..decide.inventory import replenishment
from ..insight.answer import Answer, label, many
from ..messages import Exact, Units, message
from ..quantiles import LEVELS, level_name
from .fields import LeadTime, OnHand, Product, ServiceLevel
from .kit import Arguments, Desk, Tool

SERVICE = 95.0  # per cent, where none is given
LEAD = 2  # periods


class StockPlan(Arguments):
    """Reorder point, safety stock and order of a product."""

    product: Product | None = None
    on_hand: OnHand | None = None
    lead_time: LeadTime | None = None
    service_level: ServiceLevel | None = None


def run(desk: Desk, request: StockPlan) -> Answer:
    """Reorder point and order from the forecast's paths over the lead time: demand at the service level."""
    uid = desk.one(request.product)
    lead, service = request.lead_time or LEAD, request.service_level or SERVICE
    total = desk.forecast(desk.panel, uid, lead, keep=False).total
    quantiles = np.array([total.quantiles[level_name(level)] for level in LEVELS])
    plan = replenishment(quantiles, total.mean, service / 100, request.on_hand)
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
    if request.on_hand is not None:
        stock = Units(request.on_hand)
        order = message("stock-plan-order", stock=stock, units=Units(plan.order)) if plan.order else None
        messages.append(order or message("stock-plan-enough", stock=stock))
    return Answer(tuple(messages), products=(uid,))


TOOL = Tool(StockPlan, run, rank=10)
