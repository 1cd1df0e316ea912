"""recommend: what to offer a customer and why, or which customers to offer a product."""

from ..data.people import pseudonyms, salt
from ..decide.recommend_telling import customers_table, offers_table, offers_told, weights_told
from ..decide.rerank import Weights
from ..insight.answer import Answer
from ..messages import Count, Percent, ProductName, Refusal, message
from .fields import Customer, Limit, Product
from .kit import Arguments, Desk, Tool

SHOWN = 10


class Recommend(Arguments):
    """What to offer a customer next and why; or, of a product, the customers who most likely want it."""

    customer: Customer | None = None
    product: Product | None = None
    limit: Limit | None = None


def run(desk: Desk, request: Recommend) -> Answer:
    """The offers of a customer; without one, the customers for the product."""
    if desk.events is None:
        raise Refusal("recommend-no-events")
    top, weights = request.limit or SHOWN, Weights()
    if request.customer is None:
        return _customers(desk, desk.one(request.product), weights, top)
    shop = desk.shop()
    meant = shop.user_of(request.customer, salt())
    made = shop.for_user(meant, weights, top)
    told = offers_told(made, shop, request.customer)
    table = offers_table(made, request.customer, shop.names)
    products = tuple(one.unique_id for one in made.offers)
    return Answer((*told, weights_told(weights)), table, products=products, told=told)


def _customers(desk: Desk, uid: str, weights: Weights, top: int) -> Answer:
    shop = desk.shop()
    likely = shop.for_product(uid, weights, top)
    shown = pseudonyms([user for user, _ in likely], salt())
    product = ProductName(uid, shop.names.get(uid, ""))
    rows = [(name, chance) for name, (_, chance) in zip(shown, likely, strict=True)]
    best = message(
        "recommend-customers",
        product=product,
        count=Count(len(rows)),
        best=rows[0][0],
        chance=Percent(100 * rows[0][1]),
    )
    return Answer((best,), customers_table(rows, product), products=(uid,))


TOOL = Tool(Recommend, run, ruled=True, rank=17)
