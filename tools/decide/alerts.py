"""Alerts: what is most urgent about a product's stock, and in which order a planner reads the lines."""

from typing import Literal, get_args

from .orders import Proposal
from .outlook import LIKELY, Outlook

Urgency = Literal[
    "order",  # something should be ordered now
    "left-out",  # it should, and a budget or a capacity leaves nothing of it
    "runs-out",  # nothing can be ordered in time: it runs out before the next delivery
    "over",  # more than high demand needs over the span
    "dead",  # in stock, and not sold of late
    "fine",
]
URGENCIES: tuple[Urgency, ...] = get_args(Urgency)
LEAST_OVER = 1.0  # units that are worth a line


def urgency(proposal: Proposal, ahead: Outlook, on_hand: float, *, idle: bool) -> Urgency:
    """The most urgent thing about a product.

    Args:
        proposal: what to order.
        ahead: what becomes of the stock if nothing is ordered.
        on_hand: units in stock.
        idle: it has not sold of late.
    """
    if proposal.order > 0:
        return "order"
    if idle and on_hand > 0:
        return "dead"
    if ahead.before_next >= LIKELY:
        return "runs-out"
    return "over" if ahead.over >= LEAST_OVER else "fine"


def rank(kind: Urgency, ahead: Outlook, stake: float) -> tuple[float, ...]:
    """Sorts lines: by urgency; then what is likelier to run out, what more is at stake, and what lasts less.

    Args:
        kind: the line's urgency.
        ahead: its outlook.
        stake: currency or units that the line is about: what the order saves, or what lies too long.
    """
    risks = {"order": ahead.before_order, "left-out": ahead.before_order, "runs-out": ahead.before_next}
    risk = risks.get(kind, 0.0)
    return (URGENCIES.index(kind), -round(risk, 2), -stake, ahead.cover)
