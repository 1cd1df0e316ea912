"""orders: what to order now, of a supplier, a category or all; what runs out, is over-stocked or dead."""

from collections.abc import Sequence

from ..data.groups import ALL, groups_of
from ..decide.lines import OrderLine, totals
from ..decide.policy import Policy, with_fields
from ..decide.telling import assumption_messages, found_message, table_of, total_messages
from ..forecast.lost_sales import tells_parts
from ..insight.answer import Answer, group_name
from ..insight.catalogue import group_named
from ..messages import Count, Refusal, message
from .fields import Category, Limit, ServiceLevel, Urgent
from .kit import Arguments, Desk, Tool

SHOWN = 10
RISKY = 0.1  # chance to run out before an order arrives, from which a product is at risk
KINDS = {"order": ("order",), "over": ("over", "dead"), "dead": ("dead",)}  # urgencies of the lines asked for


class Orders(Arguments):
    """What to order now over a supplier, a category or all; which products run out, are over-stocked or dead stock."""

    what: Urgent | None = None
    category: Category | None = None
    service_level: ServiceLevel | None = None
    limit: Limit | None = None


def run(desk: Desk, request: Orders) -> Answer:
    """The order lines of the products whose stock is known, so far as they were asked for. Nothing is sent anywhere."""
    panel, policy, what = desk.panel, with_fields(Policy(), service=request.service_level), request.what or "order"
    category = desk.category_of(request.category) if request.category else ALL
    group = None if category == ALL else group_named(panel, category)
    of = message("all-products") if group is None else group_name(group)
    every = list(desk.order_lines(policy))
    if group is not None:
        ids = set(groups_of(panel, group.column)[group])
        every = [line for line in every if line.row.unique_id in ids]
        if not every:
            raise Refusal("orders-none-of", what=of)
    wanted = asked_for(every, what)
    total = total_messages(totals(every))
    rest = (message("orders-proposal"), *assumption_messages(every, policy, panel.freq, recovered=tells_parts(panel)))
    if not wanted:
        nothing = message("orders-nothing", of=of, count=Count(len(every)), what=what)
        return Answer((nothing, *rest), told=(nothing,))
    told = (found_message(wanted, what, of, len(every)), *(total if what == "order" else ()), rest[0])
    shown = wanted[: request.limit or SHOWN]
    ids_shown = tuple(line.row.unique_id for line in shown)
    return Answer((*told, *rest[1:]), table_of(shown, panel.freq), products=ids_shown, told=told)


def asked_for(lines: Sequence[OrderLine], what: str) -> list[OrderLine]:
    """The lines of a kind, `order`, `risk`, `over` or `dead`, the most urgent first."""
    if what == "risk":
        some = [line for line in lines if line.risk >= RISKY]
        return sorted(some, key=lambda line: -line.risk)
    return [line for line in lines if line.urgency in KINDS[what]]


TOOL = Tool(Orders, run, about_one=False, lists="always", rank=11)
