"""How often small brands or makers are recommended against how often they are bought."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..messages import Count, Message, Percent, Times, message

if TYPE_CHECKING:
    from .baskets import Floats

SMALL = 0.2  # share of sales that the small ones make together at most
NORMAL = 1.96
LEAST = 10  # users


@dataclass(frozen=True)
class Exposure:
    """Small makers in recommendations.

    Attributes:
        makers: how many makers are small.
        sales: their share of sales, 0..1.
        offered: their share of recommendations, 0..1.
        interval: of `offered`, 95 %, of a ratio of means over users (delta method).
    """

    makers: int
    sales: float
    offered: float
    interval: tuple[float, float]

    @property
    def low(self) -> bool:
        """Whether they are recommended less than they are bought, by more than chance."""
        return self.interval[1] < self.sales

    def messages(self) -> tuple[Message, ...]:
        """What is said of it: the shares, and a warning where they are recommended too little."""
        facts = {"sales": Percent(100 * self.sales), "offered": Percent(100 * self.offered)}
        span = {"low": Percent(100 * self.interval[0]), "high": Percent(100 * self.interval[1])}
        said = [message("recommend-exposure", makers=Count(self.makers), **facts, **span)]
        if self.low:
            said.append(message("recommend-exposure-low", times=Times(self.offered / self.sales)))
        return tuple(said)


def small_makers(sales: Mapping[str, float], maker: Mapping[str, str]) -> tuple[set[str], float]:
    """The smallest makers by sales that together make a fifth of them at most; and their share, 0..1.

    Args:
        sales: by product.
        maker: by product; products without one do not count.
    """
    total: dict[str, float] = {}
    for uid, value in sales.items():
        if maker.get(uid):
            total[maker[uid]] = total.get(maker[uid], 0.0) + value
    every = sum(total.values())
    small, held = set[str](), 0.0
    for name, value in sorted(total.items(), key=lambda one: (one[1], one[0])):
        if held + value > SMALL * every:
            break
        small.add(name)
        held += value
    return small, held / every if every else 0.0


def exposure(lists: Sequence[Sequence[str]], sales: Mapping[str, float], maker: Mapping[str, str]) -> Exposure | None:
    """Recommendations of small makers' products against their sales; None where makers or users are too few.

    Args:
        lists: products recommended to each user.
        sales: by product.
        maker: by product.
    """
    small, share = small_makers(sales, maker)
    counts: Floats = np.array(
        [[sum(maker.get(uid) in small for uid in some), sum(bool(maker.get(uid)) for uid in some)] for some in lists],
        dtype=np.float64,
    ).reshape(-1, 2)
    counts = counts[counts[:, 1] > 0]
    if not small or len(counts) < LEAST:
        return None
    offered = counts[:, 0].sum() / counts[:, 1].sum()
    error = (counts[:, 0] - offered * counts[:, 1]).std(ddof=1) / counts[:, 1].mean() / np.sqrt(len(counts))
    return Exposure(
        len(small), share, float(offered), (float(offered - NORMAL * error), float(offered + NORMAL * error))
    )
