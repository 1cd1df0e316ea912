"""promotion_review: whether a product's last promotion was worth it: uplift, the dip after it, margin."""

from ..data.costs import unit_cost
from ..decide.promotion import Estimate, last_review
from ..insight.answer import Answer, label, named
from ..messages import Fact, Message, Percent, Refusal, Units, message
from .fields import Product
from .kit import Arguments, Desk, Tool


class PromotionReview(Arguments):
    """Whether the last promotion of a product was worth it: units it added, the dip after it, and the margin."""

    product: Product | None = None


def run(desk: Desk, request: PromotionReview) -> Answer:
    """What the last promotion that is over brought, against what would have sold without it."""
    uid = desk.one(request.product)
    model = desk.price_model()
    found = last_review(model, uid, unit_cost(desk.panel, desk.stock, uid))
    product = label(desk.panel, uid)
    if found is None:
        raise Refusal("promotion-review-none", product=product)
    first, last = (named(desk.panel, model.cube.ds[place]) for place in (found.first, found.last))
    facts: dict[str, Fact] = {"product": product, "first": first, "last": last, "sold": Units(found.sold)}
    facts["periods"] = "one" if found.first == found.last else "more"
    told = [Message("promotion-review-uplift", facts | _interval(found.uplift))]
    told.append(Message("promotion-review-dip", _interval(found.dip)))
    if found.margin is None or found.worse is None:
        told.append(message("promotion-review-no-cost"))
    else:
        worse = {"worse": Percent(100 * found.worse), "way": "up" if found.margin.mean >= 0 else "down"}
        told.append(Message("promotion-review-margin", _interval(found.margin) | worse))
    return Answer((*told, message("promotion-review-assumed")), products=(uid,))


def _interval(made: Estimate) -> dict[str, Fact]:
    return {"mean": Units(made.mean), "low": Units(made.low), "high": Units(made.high)}


TOOL = Tool(PromotionReview, run, ruled=True, rank=13)
