"""price_history: a product's prices and promotions, planned ones too, and how it sold then."""

from ..data.panel import Panel
from ..insight.answer import Answer, Table, column, label, many, moved, period_of
from ..insight.product import PROMOTED, is_on, promoted
from ..messages import Fact, Message, Money, ProductName, Refusal, Units, message
from .fields import Product
from .kit import Arguments, Desk, Tool


class PriceHistory(Arguments):
    """A product's prices and promotions, and how it sold then."""

    product: Product | None = None


def run(desk: Desk, request: PriceHistory) -> Answer:
    """What it cost, what it sold with and without promotions (an association alone), and what is planned."""
    panel, uid = desk.panel, desk.one(request.product)
    past, period = panel.past_of(uid), period_of(panel)
    messages = []
    if "price" in past and len(price := past["price"].astype(float).dropna()):
        low, high, last = Money(price.min()), Money(price.max()), Money(price.iloc[-1])
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
    messages += planned(panel, uid)
    if not messages:
        raise Refusal("price-history-none", product=ProductName(uid))
    rows = tuple((message(f"promotion-{one.name}"), one.periods, Units(one.on), Units(one.off)) for one in found)
    names = (column("with"), message(f"periods-name-{panel.freq}"), column("with-it"), column("without"))
    return Answer(
        tuple(messages), Table(message("table-units", period=period), names, rows) if rows else None, products=(uid,)
    )


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
