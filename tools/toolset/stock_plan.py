"""stock_plan: reorder point, safety stock and order of a product, and when its stock runs out."""

import numpy as np

from ..data.freq import ByFreq
from ..data.on_hand import stock_of
from ..data.panel import Panel
from ..decide.inventory import replenishment
from ..decide.lines import OrderLine
from ..decide.policy import with_fields
from ..decide.run_out import EARLY, run_out
from ..decide.scenarios import Scenario
from ..decide.telling import assumption_messages, line_messages
from ..forecast.lost_sales import tells_parts
from ..forecast.paths import sample_paths
from ..insight.answer import Answer, label, many, mean, units
from ..messages import Exact, Fact, Message, Percent, ProductName, Refusal, Units, message
from ..quantiles import LEVELS, level_name
from .fields import Lasting, Late, LeadTime, OnHand, Product, ServiceLevel
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
    late: Late | None = None


def run(desk: Desk, request: StockPlan) -> Answer:
    """What to hold and to order over the lead time, and how long the stock lasts, where it is said or known.

    Of a product whose stock is known the order is that of `orders`; what the request says goes before what is known.
    """
    uid, stock = desk.one(request.product), request.on_hand
    line = _line(desk, uid, request, request.late or 0)
    if line is not None:
        usual = _line(desk, uid, request, 0) if request.late else None
        return Answer((*_known(desk, uid, request), *_told(desk, request, line, usual)), products=(uid,))
    if stock is None and request.lasting:
        raise Refusal("run-out-unknown", product=ProductName(uid))
    plan = _plan(desk, uid, stock, request)
    lead = (request.lead_time or LEAD) + (request.late or 0) if request.lead_time or request.late else None
    lasts = [] if stock is None else _lasts(desk, uid, stock, lead if request.lasting else None)
    return Answer((*lasts, *plan) if request.lasting else (*plan, *lasts), products=(uid,))


def _line(desk: Desk, uid: str, request: StockPlan, late: int) -> OrderLine | None:
    """The line of a product among the orders, with what the request says; None where its stock is not known."""
    scenario = Scenario(with_fields(desk.policy, service=request.service_level), late)
    line = desk.order_line(uid, scenario, on_hand=request.on_hand, lead_time=request.lead_time)
    if line is None or not scenario.policy.limited or request.on_hand is not None or request.lead_time is not None:
        return line
    return next(one for one in desk.order_lines(scenario) if one.row.unique_id == uid)  # a limit is one over all


def _known(desk: Desk, uid: str, request: StockPlan) -> list[Message]:
    """Where the stock on hand is known from, if the request does not say it."""
    if request.on_hand is not None:
        return []
    if desk.stock is not None and uid in desk.stock.rows:
        return [
            message("run-out-stock-file", product=label(desk.panel, uid), stock=Units(desk.stock.rows[uid].on_hand))
        ]
    known = stock_of(desk.panel, uid)
    return (
        []
        if known is None
        else [message("run-out-stock", product=label(desk.panel, uid), stock=Units(known[0]), date=known[1])]
    )


def _told(desk: Desk, request: StockPlan, line: OrderLine, usual: OrderLine | None) -> list[Message]:
    """What is told of a line: the reorder point, the order and why, how long the stock lasts, what a delay changes."""
    panel, made = desk.panel, line.proposal
    point = message(
        "stock-plan-reorder",
        product=label(panel, line.row.unique_id),
        point=Units(made.reorder_point),
        span=many(round(line.lead.mean), panel),
        service=Exact(round(100 * made.level, 1)),
    )
    lasts = _outlook(desk, request, line)
    plan = [point, *line_messages(line, panel.freq)]
    told = [*lasts, *plan] if request.lasting else [*plan, *lasts]
    if usual is not None:
        told.append(
            message(
                "stock-plan-late",
                span=many(request.late or 0, panel),
                units=Units(line.order),
                risk=Percent(100 * line.risk),
                usual=Units(usual.order),
                usual_risk=Percent(100 * usual.risk),
            )
        )
    policy = with_fields(desk.policy, service=request.service_level)
    rest = assumption_messages([line], policy, panel.freq, quick=desk.quick, recovered=tells_parts(panel))
    return [*told, *rest]


def _outlook(desk: Desk, request: StockPlan, line: OrderLine) -> list[Message]:
    """How long the stock lasts with what is on order: the line's outlook, and the chance to last for the lead time."""
    panel, gone = desk.panel, line.ahead.gone
    told = []
    if line.ahead.runs_out is None:
        facts: dict[str, Fact] = {"stock": Units(line.row.on_hand), "product": label(panel, line.row.unique_id)}
        told = [Message("run-out-lasts", facts | {"span": many(len(gone), panel)})]
    early = next((place for place, share in enumerate(gone) if share >= EARLY), None)
    if early is not None and early != line.ahead.runs_out:
        period = message(f"period-{panel.freq}")
        told.append(message("run-out-earliest", period=period, date=line.steps[early]))
    if request.lasting and request.lead_time is not None:
        span = many(line.lead.longest, panel)
        told.append(message("run-out-delivery", span=span, share=Percent(100 * (1 - line.ahead.before_order))))
    return told


def _plan(desk: Desk, uid: str, stock: float | None, request: StockPlan) -> list[Message]:
    """Reorder point and order from the forecast's paths over the lead time: demand at the service level."""
    lead = (request.lead_time or LEAD) + (request.late or 0)
    service = request.service_level or SERVICE
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
