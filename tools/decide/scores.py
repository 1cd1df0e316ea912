"""What a replay shows: figures of each policy, and ours against each other one with intervals over products."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from ..quantiles import Array
from .past import OURS, Past, cycles_met
from .replay import Replayed

DRAWS = 2000
FEWEST = 10  # products; with fewer an interval says nothing
CHUNK = 1_000_000  # numbers in memory at a time
MORE_IS_BETTER = ("fill_rate", "cycle_service")

Verdict = Literal["better", "worse", "no different", "too few products"]


@dataclass(frozen=True)
class Measure:
    """One measure of one policy by product: a sum over products, or a share of two sums.

    Attributes:
        part: shape `[P]`, P the products of which it is known.
        whole: what it is a share of, shape `[P]`; None of a sum.
        left_out: products of which it is not known, for want of a price or a cost; they are no part of it.
    """

    part: Array
    whole: Array | None = None
    left_out: int = 0

    def of(self, counts: Array) -> Array:
        """Its value with each product counted so many times, `[B]` of counts `[B, P]`; 1 of a share of nothing."""
        part = counts @ self.part
        if self.whole is None:
            return np.asarray(part, dtype=float)
        whole = counts @ self.whole
        return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), 1.0)

    @property
    def value(self) -> float:
        """Its value over all products."""
        return float(self.of(np.ones((1, len(self.part))))[0])


@dataclass(frozen=True)
class Gap:
    """How much higher a measure of ours is than another policy's.

    Attributes:
        gap: ours less the other's.
        low: lower end of its 95 % interval.
        high: upper end.
        verdict: `better` or `worse` only where the interval is clear of 0, and there are products enough.
    """

    gap: float
    low: float
    high: float
    verdict: Verdict


def measures(played: Replayed, past: Sequence[Past], costed: bool) -> dict[str, Measure]:
    """The measures of one policy over all products, in the periods that count.

    `fill_rate` is the share of units wanted that were sold; `cycle_service` that of order cycles in which nothing ran
    out; `lost` units wanted and not sold; `lost_margin` price less cost of those, where both are known; `stock` the
    mean of what lay in stock at the end of a period, in units, `stock_value` at cost; `wasted` units; `cost` of holding
    and shortage. Money is in the data's currency; products whose price or cost it needs and lacks are left out of it,
    and counted.

    Args:
        played: what came of the policy.
        past: the blocks of products that were played, in the same order.
        costed: costs of holding and shortage are known.
    """
    counted = np.concatenate([one.counted for one in past])
    rows = [row for one in past for row in one.rows]

    def total(values: Array) -> Array:
        return np.asarray((values * counted).sum(axis=1), dtype=float)

    sold, lost = total(played.sold), total(played.lost)
    ends = np.cumsum([0, *(len(one.ids) for one in past)])
    blocks = [_rows(played, slice(a, b)) for a, b in pairwise(ends)]
    met, whole = (np.concatenate(x) for x in zip(*map(cycles_met, blocks, past), strict=True))
    stock = total(played.stock) / counted.sum(axis=1)
    made = {
        "fill_rate": Measure(sold, sold + lost),
        "cycle_service": Measure(met, whole),
        "lost": Measure(lost),
        "stock": Measure(stock),
        "wasted": Measure(total(played.wasted)),
    }
    cost = np.array([np.nan if row.unit_cost is None else row.unit_cost for row in rows])
    margin = np.array([np.nan if row.price is None else row.price for row in rows]) - cost
    for name, units, money in (("lost_margin", lost, margin), ("stock_value", stock, cost)):
        priced = np.isfinite(money)
        if priced.any():
            made[name] = Measure((units * money)[priced], left_out=int((~priced).sum()))
    if costed:
        made["cost"] = Measure(total(played.cost))
    return made


def _rows(played: Replayed, rows: slice) -> Replayed:
    return Replayed(**{name: getattr(played, name)[rows] for name in Replayed.__dataclass_fields__})


def against(
    policies: Mapping[str, Mapping[str, Measure]], *, draws: int = DRAWS, seed: int = 0
) -> dict[str, dict[str, Gap]]:
    """Ours less each other policy, measure by measure, with the percentile interval of a paired bootstrap.

    Products are drawn with replacement, each with what every policy made of it: of a measure those of which it is
    known.

    Args:
        policies: measures by policy, ours among them.
        draws: bootstrap samples.
        seed: of the draws.

    Source: Efron and Tibshirani (1993), "An Introduction to the Bootstrap", chapters 13 and 17.
    """
    ours = policies[OURS]
    drawn: dict[tuple[str, str], list[Array]] = {}
    for products in sorted({len(one.part) for one in ours.values()}):
        alike = {name: one for name, one in ours.items() if len(one.part) == products}
        rng, step = np.random.default_rng(seed), max(1, CHUNK // products)
        for done in range(0, draws, step):
            each = np.full(products, 1 / products)
            counts = rng.multinomial(products, each, size=min(step, draws - done)).astype(float)
            mine = {name: one.of(counts) for name, one in alike.items()}
            for policy, name in ((policy, name) for policy in policies if policy != OURS for name in alike):
                drawn.setdefault((policy, name), []).append(mine[name] - policies[policy][name].of(counts))
    made: dict[str, dict[str, Gap]] = {}
    for policy, name in ((policy, name) for policy in policies if policy != OURS for name in ours):
        low, high = (float(end) for end in np.quantile(np.concatenate(drawn[policy, name]), [0.025, 0.975]))
        gap = ours[name].value - policies[policy][name].value
        verdict = _verdict(name, low, high, len(ours[name].part))
        made.setdefault(policy, {})[name] = Gap(gap, low, high, verdict)
    return made


def _verdict(name: str, low: float, high: float, products: int) -> Verdict:
    if products < FEWEST:
        return "too few products"
    if low <= 0 <= high:
        return "no different"
    return "better" if (low > 0) == (name in MORE_IS_BETTER) else "worse"
