"""Lead times of suppliers from their past deliveries, for the products of a stock file that have none of their own."""

from dataclasses import replace
from datetime import date

from ..data.deliveries import DeliveryTable
from ..data.freq import Freq
from ..data.stock import DAYS, Stock
from ..messages import Count, Message, Quoted, message
from .lead_times import PARTS, Deliveries, deliveries, last_day, lead_time_of, supplier_key
from .policy import Policy, with_fields

LISTED = 5  # suppliers that a message names


def with_deliveries(stock: Stock | None, read: DeliveryTable) -> Stock:
    """The stock with past deliveries; without any, that of no product."""
    return replace(stock or Stock(read.name, {}), deliveries=read)


def policy_of_suppliers(
    policy: Policy, stock: Stock, freq: Freq, most: int, until: date | None = None
) -> tuple[Policy, list[Message]]:
    """The policy with the lead times of suppliers that past deliveries show, and what is said of them.

    Args:
        policy: what it says of a supplier stands.
        stock: the products, with the deliveries.
        freq: of the periods.
        most: periods of lead time and review that can be forecast.
        until: the last day that is known; of all deliveries when left out.

    Raises:
        InputError: nothing was delivered.
    """
    if stock.deliveries is None:
        return policy, []
    past = deliveries(stock.deliveries.table)
    past = past if until is None else past.known_at((until - date(1970, 1, 1)).days)
    made, said = with_supplier_leads(policy, past, stock.deliveries.name, stock, freq, most)
    return made, [*stock.deliveries.findings, *said]


def with_supplier_leads(
    policy: Policy, past: Deliveries, source: str, stock: Stock, freq: Freq, most: int
) -> tuple[Policy, list[Message]]:
    """The policy with the lead time of each supplier that a product needs and that has delivered before.

    Args:
        policy: what it says of a supplier stands.
        past: cleaned deliveries.
        source: their name, for messages.
        stock: the products; those with a lead time of their own keep it.
        freq: of the periods.
        most: periods of lead time and review that can be forecast.

    Returns:
        The policy, and what is said: how many products take such a lead time, which are capped, whose are not known.

    Raises:
        InputError: nothing was delivered.
    """
    day = last_day(past)
    names = {supplier_key(str(name)): str(name) for name in past.supplier}
    bare = [row for row in stock.rows.values() if row.lead_time is None and row.supplier]
    wanted = {supplier_key(row.supplier): row.supplier for row in bare if policy.of_supplier(row.supplier) is None}
    longest = most - max((policy.review_of(freq, row.review) for row in bare), default=1)
    found, capped = {}, []
    for name in sorted(names[key] for key in wanted.keys() & names.keys()):
        found[name] = lead_time_of(past, day, name, DAYS[freq], longest=longest)
        if lead_time_of(past, day, name, DAYS[freq], longest=longest + 1).longest > longest:
            capped.append(Quoted(name))
    takes = sum(supplier_key(row.supplier) in wanted.keys() & names.keys() for row in bare)
    said = []
    if found:
        several = message(f"several-{freq}")
        said.append(
            message(
                "orders-supplier-leads",
                count=Count(takes),
                suppliers=Count(len(found)),
                source=source,
                parts=PARTS,
                several=several,
            )
        )
    if capped:
        most_of = message(f"periods-{freq}", count=longest)
        said.append(message("orders-supplier-capped", longest=most_of, suppliers=tuple(capped)))
    unknown = sorted(wanted[key] for key in wanted.keys() - names.keys())
    if unknown:
        listed, more = tuple(map(Quoted, unknown[:LISTED])), max(len(unknown) - LISTED, 0)
        said.append(
            message("orders-supplier-unknown", count=Count(len(unknown)), source=source, suppliers=listed, more=more)
        )
    lengths = {name: {"periods": lead.periods, "weights": lead.weights} for name, lead in found.items()}
    own = {name: one.model_dump() for name, one in policy.lead_time_by_supplier.items()}
    return with_fields(policy, lead_time_by_supplier=own | lengths), said
