"""What is at stake in money: sales that would be missed, money that lies in stock, and moves of sales."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ....tools.insight.overview import Finding, Overview

MISSED, BOUND = ("order", "left-out", "runs-out"), ("over", "dead")


@dataclass(frozen=True)
class Stake:
    """One exception.

    Attributes:
        sku: of the product.
        name: words of it; may be empty.
        what: order, left-out, runs-out, over or dead of its stock; up, down, stopped or odd of its sales.
        units: that are at stake: missed, lying too long, or sold more or less than before.
        money: the same in the data's currency; None where neither price nor cost is known.
        when: the period in which it runs out, or that was odd, as ISO text; empty where there is none.
        order: units to order now; None where that is not the matter.
    """

    sku: str
    name: str
    what: str
    units: float
    money: float | None
    when: str = ""
    order: float | None = None


def of_orders(records: Iterable[Mapping[str, Any]], prices: Mapping[str, float]) -> list[Stake]:
    """The exceptions among order lines, those of most money first.

    Demand that would be missed counts at the sales price, of the stock file or else of the sales, or else at cost.
    Stock that lies too long counts at cost: of a dead product all, of an over-stocked one what is above high demand.

    Args:
        records: order lines as `skucast orders --json` says them.
        prices: the last price of each product, where one is known.
    """
    made = []
    for one in records:
        what, evidence = one["urgency"], one["evidence"]
        cost = evidence["unit_cost"]
        if what in MISSED:
            price = next((p for p in (evidence["price"], prices.get(one["unique_id"]), cost) if p is not None), None)
            units = evidence["lost_without"]
            value = None if price is None else units * price
        elif what in BOUND:
            units = one["on_hand"] if what == "dead" else one["over"]
            value = None if cost is None else units * cost
        else:
            continue
        order = one["order"] if what == "order" else None
        made.append(Stake(one["unique_id"], one["name"], what, units, value, one["runs_out"] or "", order))
    return by_money(made)


def of_sales(found: Overview, prices: Mapping[str, float], names: Mapping[str, str]) -> list[Stake]:
    """What moved of late or was odd, those of most money first: units more or less over the last periods, at the price.

    Args:
        found: of all products.
        prices: the last price of each product, where one is known.
        names: words of each product.
    """

    def stake(one: Finding) -> Stake:
        units = one.gap(found.span.periods)
        price = prices.get(one.unique_id)
        money = None if price is None else units * price
        when = "" if one.ds is None else f"{one.ds:%Y-%m-%d}"
        return Stake(one.unique_id, names.get(one.unique_id, ""), one.what, units, money, when)

    return by_money([stake(one) for one in found.findings])


def by_money(some: Iterable[Stake]) -> list[Stake]:
    """Those of most money first; those without a price behind them, by units."""
    return sorted(some, key=lambda one: (one.money is None, -(one.money or 0.0), -one.units, one.sku))


def together(some: Sequence[Stake], kinds: Sequence[str]) -> float:
    """The money of some kinds, so far as it is known."""
    return sum(one.money or 0.0 for one in some if one.what in kinds)
