"""Recommendations told: the sentences and the table that the terminal and the chat show alike."""

from collections.abc import Mapping, Sequence

from ..insight.answer import Table, columns
from ..messages import Fact, Message, Percent, ProductName, Score, message
from .recommend import Recommended
from .rerank import Weights
from .shop import Shop


def offers_table(made: Recommended, shown: str, names: Mapping[str, str]) -> Table:
    """The offers of a customer, one a row.

    Args:
        made: what is recommended.
        shown: the customer, as people are shown them.
        names: of products.
    """
    rows: tuple[tuple[Fact, ...], ...] = tuple(
        (
            offer.unique_id,
            names.get(offer.unique_id, ""),
            message("recommend-no-chance") if offer.chance is None else _per_cent(offer.chance),
            offer.why,
        )
        for offer in made.offers
    )
    narrow = (1, 2, 3) if all(row[1] for row in rows) else (0, 2, 3)
    return Table(message("recommend-table", user=shown), columns("sku", "product", "chance", "why"), rows, narrow)


def offers_told(made: Recommended, shop: Shop, shown: str) -> tuple[Message, ...]:
    """What is said of a customer's offers: the first one and why, or that nothing is known of the customer."""
    said: list[Message] = []
    if not made.known:
        said.append(message("recommend-no-history", date=shop.as_of))
    if made.offers:
        first = made.offers[0]
        product = ProductName(first.unique_id, shop.names.get(first.unique_id, ""))
        said.append(message("recommend-first", user=shown, product=product, why=first.why))
    else:
        said.append(message("recommend-nothing", user=shown))
    return tuple(said)


def customers_table(likely: Sequence[tuple[str, float]], product: ProductName) -> Table:
    """Customers for a product, one a row, the likeliest first."""
    rows = tuple((user, _per_cent(chance)) for user, chance in likely)
    return Table(message("recommend-customers-table", product=product), columns("customer", "chance"), rows)


def weights_told(weights: Weights) -> Message:
    """What moves offers beside their chance, and by how much."""
    return message(
        "recommend-weights",
        trend=Score(weights.trend),
        margin=Score(weights.margin),
        clear=Score(weights.clear),
        category=weights.category,
    )


def _per_cent(chance: float) -> Message:
    return message("recommend-chance", chance=Percent(100 * chance))
