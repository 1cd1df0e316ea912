"""Order lines: each product's stock file row, paths and policy put together, with all that its order rests on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypedDict

import numpy as np
import pandas as pd

from ..data.freq import ByFreq, Freq, span_of
from ..data.stock import StockRow
from ..errors import InputError
from ..quantiles import Array
from .alerts import URGENCIES, Urgency, rank, urgency
from .orders import LeadTime, Proposal, Supply, expected_loss, in_packs, propose
from .outlook import Outlook, outlook
from .policy import Policy

LONGEST = ByFreq({"D": 182, "W": 52, "M": 18})  # periods of lead time + review, or of a span, that are forecast
RUNGS = 6  # sizes of an order that a budget chooses from


@dataclass(frozen=True)
class OrderLine:
    """What to do about one product, and what that rests on. Units are those of the sales, money in the data's currency.

    Attributes:
        row: what the stock file says.
        name: words of the product; may be empty.
        abc: its class by units sold; empty where it is not known.
        urgency: what is most urgent.
        order: units to order now; less than the proposal's where a budget or a capacity does not allow all of it.
        proposal: the order and what it rests on.
        ahead: what becomes of the stock if nothing is ordered.
        lead: from an order to its arrival, `late` included.
        review: periods between orders.
        span: periods of high demand above which stock is too much.
        steps: the dates of the periods ahead, H of them.
        assumed: names of what was neither in the stock file nor in the policy: lead_time, review, service.
        ladder: smaller orders, and the units of demand that are not met with each; empty without a limit to all.
        late: periods by which all deliveries come later than agreed.
        limits: names of what cuts the order: budget, capacity.
    """

    row: StockRow
    name: str
    abc: str
    urgency: Urgency
    order: float
    proposal: Proposal
    ahead: Outlook
    lead: LeadTime
    review: int
    span: int
    steps: Sequence[date]
    assumed: tuple[str, ...] = ()
    ladder: tuple[tuple[float, float], ...] = field(default=(), repr=False)
    late: int = 0
    limits: tuple[str, ...] = ()

    @property
    def on_order(self) -> float:
        """All units on order."""
        return sum(one.units for one in self.row.on_order)

    @property
    def cost(self) -> float | None:
        """What the order costs; None where the unit cost is not known."""
        return None if self.row.unit_cost is None else self.order * self.row.unit_cost

    @property
    def margin(self) -> float | None:
        """What a sold unit earns; None where cost or price is not known."""
        if self.row.unit_cost is None or self.row.price is None:
            return None
        return self.row.price - self.row.unit_cost

    @property
    def saved(self) -> float:
        """Units of demand over lead time + review that the order meets, and that would be missed without."""
        return self.proposal.lost_without - dict(self.ladder).get(self.order, self.proposal.lost)

    @property
    def cut(self) -> bool:
        """Whether a budget or a capacity allows less than what is proposed."""
        return self.order < self.proposal.order

    @property
    def gone_before(self) -> float:
        """Units of the level's demand that are wanted before the order arrives and find no stock.

        Lost sales are not ordered again: the order is order-up-to level less position, less these. 0 where demand
        waits, and where a shelf life shorter than the review, or another rule, decides what is ordered.
        """
        made = self.proposal
        if made.rule.linger or made.rule.scale != 1:
            return 0.0
        if self.row.shelf_life is not None and self.row.shelf_life < self.review:
            return 0.0
        return max(made.order_up_to - made.position - made.short, 0.0) if made.order > 0 else 0.0

    def cut_to(self, order: float, limits: tuple[str, ...]) -> "OrderLine":
        """The same line with so much of its order as some limits allow; with nothing left of it, it is left out."""
        kind: Urgency = "left-out" if self.proposal.order > 0 and order <= 0 else self.urgency
        return replace(self, order=order, urgency=kind, limits=limits if order < self.proposal.order else ())

    @property
    def over_value(self) -> float | None:
        """What the units above high demand cost; None where the unit cost is not known."""
        return None if self.row.unit_cost is None else self.ahead.over * self.row.unit_cost

    @property
    def risk(self) -> float:
        """Chance, 0 to 1, to run out before an order placed now arrives, or before the next delivery that is due."""
        return max(self.ahead.before_order, self.ahead.before_next)

    @property
    def runs_out(self) -> date | None:
        """The period in which it is expected to run out if nothing is ordered; None where it lasts through all."""
        return None if self.ahead.runs_out is None else self.steps[self.ahead.runs_out]


def horizon_of(rows: Iterable[StockRow], policy: Policy, freq: Freq, late: int = 0) -> int:
    """Periods that must be forecast for these products: the longest lead time + delay + review, and the span."""
    leads = [(policy.lead(freq, row.lead_time, row.supplier), policy.review_of(freq, row.review)) for row in rows]
    reaches = (lead.longest + late + review + policy.rule.extra(review) for lead, review in leads)
    return max([*reaches, policy.span_of(freq)])


class Reach(TypedDict):
    """How far can be forecast, and what holds of a product without its own lead time or review; periods."""

    longest: int
    lead: int
    review: int
    reviews: int


def reach(policy: Policy, freq: Freq, late: int = 0) -> Reach:
    """What `read_stock` is told of a policy."""
    return {
        "longest": LONGEST[freq] - late,
        "lead": policy.lead(freq).longest,
        "review": policy.review_of(freq),
        "reviews": 1 + policy.rule.extra(1),
    }


def checked(policy: Policy, freq: Freq, late: int = 0) -> Policy:
    """The policy, where all that it says can be forecast.

    Raises:
        InputError: lead time, delay and review, or the span, are longer than can be.
    """
    span, most = policy.span_of(freq), LONGEST[freq]
    review = policy.review_of(freq)
    asked = policy.lead(freq).longest + late + review + policy.rule.extra(review)
    if max(asked, span) > most:
        raise InputError(f"lead time + review of {asked} periods, span of {span}: at most {most} can be forecast")
    return policy


def order_line(
    row: StockRow,
    paths: Array,
    steps: Sequence[pd.Timestamp],
    freq: Freq,
    policy: Policy,
    *,
    abc: str = "",
    name: str = "",
    idle: bool = False,
    late: int = 0,
) -> OrderLine:
    """What to do about one product.

    Args:
        row: what the stock file says.
        paths: of demand, units per period, shape `[N, H]`.
        steps: the dates of the H periods.
        freq: of the periods.
        policy: what is wanted.
        abc: A, B or C; its service level may depend on it.
        name: words of the product.
        idle: it has not sold of late.
        late: periods by which all that is on order, and an order placed now, come later.

    Raises:
        InputError: the paths are shorter than lead time + review.
    """
    on_time, review = policy.lead(freq, row.lead_time, row.supplier), policy.review_of(freq, row.review)
    lead = on_time.later(late)
    supply = Supply(
        on_hand=row.on_hand,
        arrivals=arrivals(row, steps, freq, on_time, late),
        lead=lead,
        review=review,
        case_pack=row.case_pack,
        moq=row.moq,
        backorders=policy.unmet == "backorders",
        shelf_life=row.shelf_life,
    )
    span = min(max(policy.span_of(freq), supply.span), paths.shape[1])
    made = propose(paths, supply, policy.level(abc), policy.rule)
    ahead = outlook(paths, supply, span, sum(one.units for one in row.on_order))
    return OrderLine(
        row=row,
        name=name,
        abc=abc,
        urgency=urgency(made, ahead, row.on_hand, idle=idle),
        order=made.order,
        proposal=made,
        ahead=ahead,
        lead=lead,
        review=review,
        span=span,
        steps=[step.date() for step in steps],
        assumed=_assumed(row, policy, abc),
        ladder=_ladder(paths, supply, made) if policy.limited else (),
        late=late,
    )


def arrivals(row: StockRow, steps: Sequence[pd.Timestamp], freq: Freq, lead: LeadTime, late: int = 0) -> Array:
    """Units on order by the period in which they are due, shape `[H]`.

    They count from the start of that period. What is due in the past arrives in the first one, what has no date after
    the longest lead time, and what is due later than all periods in none. If it is late, all comes so many periods
    later.
    """
    lasts = [pd.Timestamp(span_of(pd.Timestamp(step), freq).last) for step in steps]
    made = np.zeros(len(lasts))
    for one in row.on_order:
        at = lead.longest if one.due is None else next((h for h, last in enumerate(lasts) if one.due <= last), None)
        if at is not None and at + late < len(made):
            made[at + late] += one.units
    return made


def by_urgency(lines: Iterable[OrderLine]) -> list[OrderLine]:
    """The lines, the most urgent first."""

    def key(line: OrderLine) -> tuple[float, ...]:
        made = line.proposal
        stakes = {"over": line.ahead.over, "dead": line.row.on_hand, "left-out": made.lost_without - made.lost}
        units = stakes.get(line.urgency, line.saved)
        value = line.row.unit_cost if line.urgency in ("over", "dead", "fine") else line.margin
        return rank(line.urgency, line.ahead, units * (1.0 if value is None else value))

    return sorted(lines, key=lambda line: (*key(line), line.row.unique_id))


@dataclass(frozen=True)
class Totals:
    """What lines come to.

    Attributes:
        lines: how many there are of each urgency.
        ordered: how many are ordered.
        units: to order.
        cost: of what is ordered, so far as unit costs are known.
        unpriced: lines with an order whose unit cost is not known.
        over: units above high demand, of over-stocked lines, and on hand of dead ones.
        over_value: what those cost, so far as it is known.
        saved: units of demand that the orders meet and that would else be missed.
    """

    lines: Mapping[Urgency, int]
    ordered: int
    units: float
    cost: float
    unpriced: int
    over: float
    over_value: float
    saved: float


def totals(lines: Sequence[OrderLine]) -> Totals:
    """What these lines come to."""
    ordered = [line for line in lines if line.order > 0]
    heavy = [(line.ahead.over, line.row.unit_cost or 0.0) for line in lines if line.urgency == "over"]
    heavy += [(line.row.on_hand, line.row.unit_cost or 0.0) for line in lines if line.urgency == "dead"]
    return Totals(
        lines={kind: sum(line.urgency == kind for line in lines) for kind in URGENCIES},
        ordered=len(ordered),
        units=sum(line.order for line in ordered),
        cost=sum(line.cost or 0.0 for line in ordered),
        unpriced=sum(line.cost is None for line in ordered),
        over=sum(units for units, _ in heavy),
        over_value=sum(units * cost for units, cost in heavy),
        saved=sum(line.saved for line in ordered),
    )


def _assumed(row: StockRow, policy: Policy, abc: str) -> tuple[str, ...]:
    said = {
        "lead_time": row.lead_time is not None
        or policy.lead_time is not None
        or policy.of_supplier(row.supplier) is not None,
        "review": row.review is not None or policy.review is not None,
        "service": policy.service is not None or abc in policy.service_by_class or policy.holding is not None,
    }
    return tuple(name for name, known in said.items() if not known)


def _ladder(paths: Array, supply: Supply, made: Proposal) -> tuple[tuple[float, float], ...]:
    """Orders from none to the proposed one, and the units of demand that are not met with each."""
    if made.order <= 0:
        return ()
    sizes = {in_packs(made.order * rung / RUNGS, supply.case_pack, supply.moq) for rung in range(1, RUNGS)}
    between = sorted(size for size in sizes if size < made.order)
    rungs = [(size, expected_loss(paths, supply, size)) for size in between]
    return ((0.0, made.lost_without), *rungs, (made.order, made.lost))
