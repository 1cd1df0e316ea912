"""price_history: a product's prices and promotions, planned ones too, and how it sold then."""

import math

from ..data.panel import Panel
from ..insight.answer import Answer, Table, columns, label, many, moved, named, period_of
from ..insight.pricing import Priced, last_deal, price_list
from ..insight.product import PROMOTED, is_on, promoted
from ..insight.ranking import span_of
from ..messages import Fact, Message, Money, Percent, ProductName, Refusal, Units, message
from .fields import During, LastPeriods, Product
from .kit import Arguments, Desk, Tool
from .top_sellers import when_of


class PriceHistory(Arguments):
    """A product's prices and promotions, and how it sold then."""

    periods: LastPeriods | None = None
    during: During | None = None
    product: Product | None = None


def run(desk: Desk, request: PriceHistory) -> Answer:
    """What it cost, what it sold with and without promotions (an association alone), the last one, and the plan."""
    panel, uid = desk.panel, desk.one(request.product)
    period, span = period_of(panel), span_of(panel, request.periods, request.during)
    known, messages = price_list(panel, uid), []
    if price := [one.price for one in known if not math.isnan(one.price)]:
        low, high, last = Money(min(price)), Money(max(price)), Money(price[-1])
        messages.append(message("price-history-range", product=label(panel, uid), low=low, high=high, last=last))
    found = promoted(panel, uid)
    for one in found:
        facts: dict[str, Fact] = {
            "span": many(one.periods, panel),
            "promotion": message(f"promotion-{one.name}"),
            "on": Units(one.on),
        }
        facts |= {"period": period, **moved(one.on, one.off), "off": Units(one.off)}
        messages.append(Message("price-history-promoted", facts))
    if (deal := last_deal(known)) is not None:
        messages.append(_last(panel, deal))
    messages += planned(panel, uid)
    if not messages:
        raise Refusal("price-history-none", product=ProductName(uid))
    rows = tuple(_row(panel, one) for one in known if span.first <= one.ds <= span.last)
    table = Table(
        message("price-history-table", product=label(panel, uid), when=when_of(panel, span)),
        columns("date", "price", "promotion", "off", "units"),
        rows,
    )
    return Answer(tuple(messages), table if rows else None, products=(uid,))


def _last(panel: Panel, deal: Priced) -> Message:
    facts: dict[str, Fact] = {"when": named(panel, deal.ds), "names": _names(deal), "units": Units(deal.y)}
    facts |= {"depth": "none" if deal.off is None else "known", "off": Percent(deal.off or 0.0)}
    return Message("price-history-last", facts)


def _names(one: Priced) -> tuple[Message, ...]:
    return tuple(message(f"promotion-{name}") for name in one.promotions)


def _row(panel: Panel, one: Priced) -> tuple[Fact, ...]:
    price: Fact = message("not-known") if math.isnan(one.price) else Money(one.price)
    off: Fact = "" if one.off is None else Percent(one.off)
    return (named(panel, one.ds), price, _names(one) or "", off, Units(one.y))


def planned(panel: Panel, unique_id: str) -> list[Message]:
    """The prices and promotions that are planned for a product, so far as they are."""
    plan = panel.future[panel.future["unique_id"] == unique_id]
    found = []
    if "price" in plan and len(price := plan["price"].astype(float).dropna()):
        first, last = (plan.loc[price.index[place], "ds"] for place in (0, -1))
        low, high = Money(price.min()), Money(price.max())
        same = "yes" if f"{low:.2f}" == f"{high:.2f}" else "no"
        found.append(message("price-history-plan", first=first, last=last, low=low, high=high, same=same))
    for name in [one for one in PROMOTED if one in plan]:
        known = plan[plan[name].notna()]
        on = known[is_on(known[name], name)]
        if len(on):
            facts: dict[str, Fact] = {
                "name": message(f"promotion-{name}"),
                "count": len(on),
                "span": many(len(known), panel),
            }
            found.append(Message("price-history-planned", facts | {"first": on["ds"].iloc[0]}))
        elif len(known):
            span = many(len(known), panel)
            found.append(message("price-history-not-planned", name=message(f"promotion-{name}"), span=span))
    return found


TOOL = Tool(PriceHistory, run)
