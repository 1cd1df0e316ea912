"""orders: what to order now, of a supplier, a category or all; what runs out, is over-stocked or dead."""

from collections.abc import Sequence

from ..data.groups import ALL, groups_of
from ..decide.lines import OrderLine, totals
from ..decide.policy import with_fields
from ..decide.scenarios import Outcome, Scenario
from ..decide.telling import (
    assumption_messages,
    found_message,
    late_message,
    service_message,
    table_of,
    total_messages,
)
from ..forecast.lost_sales import tells_parts
from ..insight.answer import Answer, group_name
from ..insight.catalogue import group_named
from ..messages import Count, Message, Refusal, message
from .fields import Category, Late, Limit, ServiceLevel, Urgent
from .kit import Arguments, Desk, Tool

SHOWN = 10
RISKY = 0.1  # chance to run out before an order arrives, from which a product is at risk
KINDS = {"order": ("order",), "over": ("over", "dead"), "dead": ("dead",)}  # urgencies of the lines asked for


class Orders(Arguments):
    """What to order now over a supplier, a category or all; which products run out, are over-stocked or dead stock."""

    what: Urgent | None = None
    category: Category | None = None
    service_level: ServiceLevel | None = None
    late: Late | None = None
    limit: Limit | None = None


def run(desk: Desk, request: Orders) -> Answer:
    """The order lines of the products whose stock is known, so far as they were asked for. Nothing is sent anywhere."""
    panel, what, late = desk.panel, request.what or "order", request.late or 0
    policy = with_fields(desk.policy, service=request.service_level)
    category = desk.category_of(request.category) if request.category else ALL
    group = None if category == ALL else group_named(panel, category)
    of = message("all-products") if group is None else group_name(group)
    ids = panel.unique_ids if group is None else groups_of(panel, group.column)[group]

    def lines(scenario: Scenario) -> list[OrderLine]:
        kept = set(ids)
        return [line for line in desk.order_lines(scenario) if line.row.unique_id in kept]

    every = lines(Scenario(policy, late))
    if not every:
        raise Refusal("orders-none-of", what=of)
    beside: list[Message] = []
    if late:
        beside.append(late_message(late, panel.freq, Outcome.of(every), Outcome.of(lines(Scenario(policy)))))
    if policy != desk.policy:
        beside.append(service_message(policy, Outcome.of(every), Outcome.of(lines(Scenario(desk.policy, late)))))
    wanted = asked_for(every, what)
    assumed = assumption_messages(every, policy, panel.freq, quick=desk.quick, recovered=tells_parts(panel))
    rest = (*beside, message("orders-proposal"), *assumed)
    if not wanted:
        return Answer((message("orders-nothing", of=of, count=Count(len(every)), what=what), *rest))
    total = total_messages(totals(every)) if what == "order" else []
    shown = wanted[: request.limit or SHOWN]
    return Answer(
        (found_message(wanted, what, of, len(every)), *total, *rest),
        table_of(shown, panel.freq, "over" if what in ("over", "dead") else "order"),
        products=tuple(line.row.unique_id for line in shown),
    )


def asked_for(lines: Sequence[OrderLine], what: str) -> list[OrderLine]:
    """The lines of a kind, `order`, `risk`, `over` or `dead`, the most urgent first."""
    if what == "risk":
        some = [line for line in lines if line.risk >= RISKY]
        return sorted(some, key=lambda line: -line.risk)
    return [line for line in lines if line.urgency in KINDS[what]]


TOOL = Tool(Orders, run, about_one=False, lists="always", ruled=True, rank=11)
