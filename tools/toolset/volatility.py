"""volatility: how unevenly a product sells from period to period, or which products sell most unevenly."""

from collections import Counter

from ..data.groups import ALL
from ..insight.answer import Answer, Table, columns, group_name, label, many, period_of
from ..insight.catalogue import group_named, in_category
from ..insight.variability import Variability, variability
from ..messages import Count, Fact, Message, Percent, Refusal, Units, message
from .fields import Category, Limit, Product
from .kit import Arguments, Desk, Tool

SHOWN = 10


class Volatility(Arguments):
    """How unevenly a product sells from period to period, or which products sell most unevenly."""

    product: Product | None = None
    category: Category | None = None
    limit: Limit | None = None


def run(desk: Desk, request: Volatility) -> Answer:
    """The coefficient of variation of the last year, against the other products'; ABC-XYZ cells."""
    if request.product is not None:
        return _one(desk, desk.one(request.product))
    panel = desk.panel
    category = desk.category_of(request.category) if request.category else None
    category = None if category == ALL else category
    what = group_name(group_named(panel, category)) if category else message("all-products")
    found = variability(panel, in_category(panel, category))
    if found.products.empty:
        raise Refusal("volatility-too-short", what=what)
    if len(found.products) == 1:
        return _one(desk, str(found.products.index[0]))
    first, last = str(found.products.index[0]), str(found.products.index[-1])
    rows = tuple(
        (str(uid), panel.static_of(str(uid)).get("description", ""), *_row(found, str(uid)))
        for uid in found.products.index[: request.limit or SHOWN]
    )
    messages = [
        message("volatility-most", what=what, product=label(panel, first), **_facts(desk, found, first)),
        message("volatility-least", product=label(panel, last), **_facts(desk, found, last)),
        _cells(found),
    ]
    title = message("volatility-table", span=many(found.periods, panel))
    table = Table(title, columns("sku", "product", "cell", "varies-by", "without-sales", "mean"), rows)
    return Answer(tuple(messages), table, products=tuple(str(row[0]) for row in rows))


def _one(desk: Desk, uid: str) -> Answer:
    panel = desk.panel
    found, what = variability(panel), label(panel, uid)
    if uid not in found.products.index:
        raise Refusal("volatility-too-short", what=what)
    others = found.products.drop(index=uid)["cv"]
    steadier = 100 * float((others > found.products["cv"][uid]).mean()) if len(others) else 0.0
    messages = [message("volatility-of", what=what, **_facts(desk, found, uid))]
    if len(others):
        messages.append(message("volatility-among", share=Percent(steadier), count=Count(len(others))))
    if found.products["empty"][uid] > 0:
        share = Percent(100 * found.products["empty"][uid])
        messages.append(message("volatility-empty", share=share, period=period_of(panel)))
    return Answer(tuple(messages), products=(uid,))


def _facts(desk: Desk, found: Variability, uid: str) -> dict[str, Fact]:
    cell, cv, mean = str(found.products["cell"][uid]), found.products["cv"][uid], found.products["mean"][uid]
    facts: dict[str, Fact] = {"percent": Percent(100 * cv), "mean": Units(mean), "cell": cell}
    return facts | {"period": period_of(desk.panel), "steady": cell[1]}


def _cells(found: Variability) -> Message:
    counted = Counter(str(cell)[1] for cell in found.products["cell"])
    return message("volatility-cells", **{name: Count(counted[name.upper()]) for name in "xyz"})


def _row(found: Variability, uid: str) -> tuple[Fact, ...]:
    cell, cv, empty, mean = (found.products[name][uid] for name in ("cell", "cv", "empty", "mean"))
    return (str(cell), Percent(100 * float(cv)), Percent(100 * float(empty)), Units(float(mean)))


TOOL = Tool(Volatility, run, about_one=False, lists="always", rank=45)
