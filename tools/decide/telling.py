"""Order lines as messages and tables: what a planner is told of a product, of many, and what it all comes to."""

from collections.abc import Sequence
from typing import Literal

from ..data.freq import Freq
from ..data.stock import DAYS
from ..insight.answer import Table, columns
from ..messages import Count, Exact, Fact, Message, Money, Percent, ProductName, Units, message
from .budget import storage
from .lines import OrderLine, Totals
from .policy import Policy
from .scenarios import Outcome

SHORT = {  # columns that a narrow screen has room for, by what was asked for
    "order": ("sku", "product", "order", "cost", "runs-out", "risk"),
    "over": ("sku", "product", "urgency", "on-hand", "over", "over-cost"),
    "all": ("sku", "urgency", "on-hand", "order", "cost", "runs-out", "risk"),
}
COLUMNS = (
    *("sku", "product", "urgency", "on-hand", "on-order", "order", "cost", "cover", "runs-out", "risk", "over"),
    "over-cost",
)
NAMED = 3  # products that an answer names
LEAST_GONE = 0.5  # units of lost sales that are worth a sentence
UNKNOWN = message("not-known")


def table_of(lines: Sequence[OrderLine], freq: Freq, kind: Literal["order", "over", "all"] = "all") -> Table:
    """One row a line: what to do, stock, order, when it runs out, cover, what is too much.

    Args:
        lines: the rows.
        freq: of the periods.
        kind: which few columns a narrow screen shows: of orders and risks, of what lies too long, or of all kinds.
    """
    some = [name for name in SHORT[kind] if name != "product" or any(line.name for line in lines)]
    narrow = tuple(map(COLUMNS.index, some))
    return Table(message("orders-table"), columns(*COLUMNS), tuple(_row(line, freq) for line in lines), narrow)


def weeks_of_cover(line: OrderLine, freq: Freq) -> float:
    """Weeks of expected demand that the stock on hand covers; infinite where there is none."""
    return line.ahead.cover * DAYS[freq] / DAYS["W"]


def _row(line: OrderLine, freq: Freq) -> tuple[Fact, ...]:
    cover, lasting = weeks_of_cover(line, freq), line.runs_out
    return (
        line.row.unique_id,
        line.name.lower()[:30],
        message(f"urgency-{line.urgency}"),
        Units(line.row.on_hand),
        Units(line.on_order),
        Units(line.order),
        _money(line.cost),
        Units(cover) if cover < float("inf") else UNKNOWN,
        lasting if lasting is not None else message("orders-lasts"),
        Percent(100 * line.ahead.before_order),
        Units(_heavy(line)),
        _money(_heavy(line) * line.row.unit_cost if line.row.unit_cost is not None else None),
    )


def _heavy(line: OrderLine) -> float:
    """Units that lie too long: of a dead product all."""
    return line.row.on_hand if line.urgency == "dead" else line.ahead.over


def _money(value: float | None) -> Fact:
    return UNKNOWN if value is None else Money(value)


def line_messages(line: OrderLine, freq: Freq) -> list[Message]:
    """What is told of one product: what to order and why, when it runs out, what is too much."""
    of, made = ProductName(line.row.unique_id, line.name.lower()), line.proposal
    span = message(f"periods-{freq}", count=round(line.lead.mean) + line.review)
    facts: dict[str, Fact] = {"product": of, "stock": Units(line.row.on_hand), "coming": Units(line.on_order)}
    if line.order > 0:
        told = [
            Message("orders-order", facts | {"units": Units(line.order), **_cost(line.cost)}),
            message(
                "orders-because",
                span=span,
                demand=Units(made.demand),
                service=Exact(round(100 * made.level, 1)),
                up_to=Units(made.order_up_to),
                safety=Units(made.safety_stock),
                position=Units(made.position),
            ),
        ]
        if made.rule.linger or made.rule.scale != 1:
            weights = {"linger": Exact(made.rule.linger), "scale": Exact(made.rule.scale)}
            told.append(message("orders-rule", short=Units(made.short), **weights))
        if line.gone_before >= LEAST_GONE:
            told.append(message("orders-gone", units=Units(line.gone_before), short=Units(made.short)))
        if not line.cut:
            rates = {"rate": Percent(100 * made.fill_rate), "without": Percent(100 * made.fill_rate_without)}
            told.append(message("orders-fill", **rates, span=span))
        if line.row.case_pack != 1 or line.row.moq > 0:
            told.append(message("orders-packs", pack=Exact(line.row.case_pack), moq=Exact(line.row.moq)))
        if len(line.lead.periods) > 1:
            longest = message(f"periods-{freq}", count=line.lead.longest)
            told.append(message("orders-lead-varies", shortest=Exact(min(line.lead.periods)), longest=longest))
    else:
        told = [] if line.cut else [Message("orders-none", facts)]
    if line.cut:
        limit = "both" if len(line.limits) > 1 else next(iter(line.limits), "budget")
        told.append(message("orders-cut", product=of, units=Units(line.order), proposed=Units(made.order), limit=limit))
    if line.ahead.runs_out is not None:
        risk = Percent(100 * line.ahead.before_order)
        told.append(message("orders-out", date=line.steps[line.ahead.runs_out], risk=risk))
    if line.urgency == "over":
        many = message(f"periods-{freq}", count=line.span)
        told.append(message("orders-over", units=Units(line.ahead.over), span=many, **_cost(line.over_value)))
    if line.urgency == "dead":
        told.append(message("orders-dead", units=Units(line.row.on_hand)))
    return told


def found_message(wanted: Sequence[OrderLine], what: str, of: Message, count: int) -> Message:
    """How many products of so many are to be ordered, at risk, over-stocked or dead, and the first of them.

    Args:
        wanted: their lines, the most urgent first.
        what: `order`, `risk`, `over` (with those that are dead, counted by themselves) or `dead`.
        of: a group, or all products.
        count: how many products that has.
    """
    first = []
    for line in wanted[:NAMED]:
        units = {"order": line.order, "over": _heavy(line), "dead": line.row.on_hand}.get(what, line.ahead.over)
        product = ProductName(line.row.unique_id, line.name.lower())
        first.append(
            message(f"orders-first-{what}", product=product, units=Units(units), risk=Percent(100 * line.risk))
        )
    dead = sum(line.urgency == "dead" for line in wanted) if what == "over" else 0
    return message(
        f"orders-found-{what}",
        found=Count(len(wanted) - dead),
        dead=Count(dead),
        count=Count(count),
        of=of,
        products=tuple(first),
    )


def late_message(late: int, freq: Freq, now: Outcome, on_time: Outcome) -> Message:
    """What late suppliers change: how many more run out, and what more is to be ordered."""
    return message(
        "orders-late",
        span=message(f"periods-{freq}", count=late),
        count=Count(now.lines),
        gone=Count(now.gone),
        usual_gone=Count(on_time.gone),
        **_beside(now, on_time),
    )


def service_message(policy: Policy, now: Outcome, usual: Outcome) -> Message:
    """What the orders come to at the service level that was asked for, beside those of the policy as it is."""
    return message("orders-service", service=Exact(policy.service or 0.0), **_beside(now, usual))


def _beside(now: Outcome, usual: Outcome) -> dict[str, Fact]:
    more, dearer = now.units - usual.units, (now.cost or 0.0) - (usual.cost or 0.0)
    facts: dict[str, Fact] = {"units": Units(now.units), "usual": Units(usual.units), "more": Units(abs(more))}
    facts["way"] = "more" if more > 0 else "less" if more < 0 else "same"
    if now.cost is None or usual.cost is None:
        return facts | {"priced": "no", "cost": "", "usual_cost": "", "dearer": ""}
    return facts | {
        "priced": "yes",
        "cost": Money(now.cost),
        "usual_cost": Money(usual.cost),
        "dearer": Money(abs(dearer)),
    }


def total_messages(total: Totals) -> list[Message]:
    """What all lines come to: orders, what runs out, what lies too long."""
    every = Count(sum(total.lines.values()))
    counts: dict[str, Fact] = {kind.replace("-", "_"): Count(count) for kind, count in total.lines.items()}
    counts["order"] = Count(total.ordered)
    told = [
        Message("orders-total", counts | {"count": every, "units": Units(total.units), "saved": Units(total.saved)}),
        message("orders-total-over", over=counts["over"], dead=counts["dead"], units=Units(total.over)),
    ]
    if total.cost > 0 or total.over_value > 0 or (total.units > 0 and not total.unpriced):
        told.insert(1, message("orders-total-cost", cost=Money(total.cost), over=Money(total.over_value)))
    if total.unpriced:
        told.append(message("orders-unpriced", count=Count(total.unpriced)))
    return told


def assumption_messages(
    lines: Sequence[OrderLine], policy: Policy, freq: Freq, *, quick: bool = False, recovered: bool = False
) -> list[Message]:
    """What the lines rest on and nobody said: lead time, review, service; and how demand, time and costs are taken.

    Args:
        lines: all of them.
        policy: what is wanted.
        freq: of the sales.
        quick: demand is as quick statistics forecast it.
        recovered: it was learned from recovered demand, as some periods were out of stock for a part.
    """
    told = []
    for name in ("lead_time", "review", "service"):
        some = [line for line in lines if name in line.assumed]
        if not some:
            continue
        values: dict[str, Fact] = {
            "lead_time": message(f"periods-{freq}", count=some[0].lead.longest - some[0].late),
            "review": message(f"periods-{freq}", count=some[0].review),
            "service": Percent(100 * some[0].proposal.level),
        }
        told.append(message(f"orders-assumed-{name.replace('_', '-')}", count=Count(len(some)), value=values[name]))
    told += _limit_messages(lines, policy)
    told.append(message("orders-assumed-unmet", unmet=policy.unmet))
    span = message(f"periods-{freq}", count=policy.span_of(freq))
    return [
        *told,
        message("orders-assumed-span", span=span),
        message("orders-assumed-base", quick="yes" if quick else "no"),
        *([message("orders-assumed-recovered")] if recovered else []),
    ]


def _limit_messages(lines: Sequence[OrderLine], policy: Policy) -> list[Message]:
    """How many orders a budget or a capacity cuts, and what stock and orders take of the storage."""
    told = []
    if (cut := sum(line.cut for line in lines)) and policy.limited:
        limits = [] if policy.budget is None else [message("orders-limit-budget", budget=Money(policy.budget))]
        limits += [] if policy.capacity is None else [message("orders-limit-capacity", capacity=Units(policy.capacity))]
        told.append(message("orders-limited", count=Count(cut), limits=tuple(limits)))
    if policy.capacity is not None:
        held = storage(lines)
        units = {"capacity": policy.capacity, "without": held.without, "orders": held.orders}
        full = "yes" if held.without > policy.capacity else "no"
        told.append(message("orders-stored", full=full, **{name: Units(value) for name, value in units.items()}))
        if held.assumed:
            told.append(message("orders-assumed-volume"))
        if held.unmeasured:
            told.append(message("orders-unmeasured", count=Count(held.unmeasured)))
    return told


def _cost(value: float | None) -> dict[str, Fact]:
    return {"priced": "no", "cost": ""} if value is None else {"priced": "yes", "cost": Money(value)}
