"""Chances become a list: what rises, earns or must go comes a little sooner, what is out of stock not at all."""

from dataclasses import dataclass

import numpy as np

from .baskets import Floats, Ints

BOUND = 2.0  # a trend counts as at most so many times, up or down


@dataclass(frozen=True)
class Weights:
    """How much each consideration moves an offer. A weight of 0.1 on a doubling: a tenth of doubling the chance.

    Attributes:
        trend: exponent of the trend ratio, bounded to 0.5..2.
        margin: exponent of the margin of a sale against that of the user's other candidates.
        clear: added to the log of the chance where stock must go.
        category: offers of one category at most.
        lowest: of a price; None for any.
        highest: likewise.
    """

    trend: float = 0.1
    margin: float = 0.1
    clear: float = 0.2
    category: int = 4
    lowest: float | None = None
    highest: float | None = None


@dataclass(frozen=True)
class Supply:
    """The demand and supply side of each product; NaN where it is not known.

    Attributes:
        trend: sales now against earlier, or ahead against now, `[P]`; 1 is steady.
        on_hand: units in stock, `[P]`.
        price: of a unit, `[P]`.
        cost: of a unit, `[P]`.
        clear: 1 where stock must go, else 0, `[P]`.
        spans: what the trend is a ratio of: `before` or `last-year`.
    """

    trend: Floats
    on_hand: Floats
    price: Floats
    cost: Floats
    clear: Floats
    spans: str = "before"

    @property
    def margin(self) -> Floats:
        """Money earned by the sale of a unit, `[P]`; NaN where it is not known."""
        return self.price - self.cost

    @classmethod
    def unknown(cls, trend: Floats) -> "Supply":
        """Nothing is known but the trend."""
        none = np.full(len(trend), np.nan)
        return cls(trend, none, none, none, np.zeros(len(trend)))


def allowed(products: Ints, supply: Supply, weights: Weights) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which products may be offered: not out of stock, not outside the band of prices. What is not known may."""
    price = supply.price[products]
    kept = ~(supply.on_hand[products] <= 0)
    if weights.lowest is not None:
        kept &= ~(price < weights.lowest)
    if weights.highest is not None:
        kept &= ~(price > weights.highest)
    return np.asarray(kept)


def worth(products: Ints, chance: Floats, supply: Supply, weights: Weights) -> Floats:
    """By what one user's offers are ordered: log chance + trend * log trend + margin * log(margin / median) + clear."""
    value = np.log(np.maximum(chance, 1e-12))
    value += weights.trend * np.log(np.clip(np.nan_to_num(supply.trend[products], nan=1.0), 1 / BOUND, BOUND))
    margin = supply.margin[products]
    earning = margin[margin > 0]
    if len(earning):
        ratio = np.where(margin > 0, margin, np.where(np.isnan(margin), np.median(earning), earning.min()))
        value += weights.margin * np.log(ratio / np.median(earning))
    return np.asarray(value + weights.clear * supply.clear[products])


def pick(products: Ints, value: Floats, category: Ints, top: int, most: int) -> Ints:
    """Places of the best offers, best first, at most so many of a category; of equal ones the lower code.

    Args:
        products: codes, `[N]`.
        value: by which they are ordered, `[N]`.
        category: by product, `[P]`.
        top: how many.
        most: of one category.
    """
    order = np.lexsort((products, -value))
    taken: dict[int, int] = {}
    chosen: list[int] = []
    for place in order.tolist():
        group = int(category[products[place]])
        if taken.get(group, 0) < most:
            taken[group] = taken.get(group, 0) + 1
            chosen.append(place)
            if len(chosen) == top:
                break
    return np.array(chosen, dtype=np.int64)
