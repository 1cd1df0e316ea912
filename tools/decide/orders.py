"""Orders: how much of a product to order now, by sample paths of its demand over lead time and review period.

An order that is placed now arrives after the lead time, and the next one can be placed a review period later: this one
has to last until that next one arrives, over lead time + review. Sums are taken on each path, and never of quantiles:
the q0.9 of a sum is not the sum of q0.9s.
"""

from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from ..quantiles import Array
from .dynamics import Played, play

CLOSE = 1e-9  # of a pack: what is left of sums of floats opens no new one


@dataclass(frozen=True)
class LeadTime:
    """Whole periods from an order to its arrival, and how likely each is.

    Attributes:
        periods: 0 or more each, different ones.
        weights: their probabilities, which sum to 1.
    """

    periods: tuple[int, ...]
    weights: tuple[float, ...] = (1.0,)

    def __post_init__(self) -> None:
        sound = len(self.periods) == len(self.weights) > 0 and min(self.periods) >= 0 and min(self.weights) > 0
        if not sound or abs(sum(self.weights) - 1) > 1e-6:
            raise InputError(
                f"lead time {self.periods} with weights {self.weights}: expected a weight above 0 for each number of "
                "periods from 0 on, and weights that sum to 1"
            )

    @property
    def longest(self) -> int:
        """The longest it takes."""
        return max(self.periods)

    def later(self, periods: int) -> "LeadTime":
        """The same where each takes so many periods more."""
        return LeadTime(tuple(each + periods for each in self.periods), self.weights)

    @property
    def mean(self) -> float:
        """Its mean, in periods."""
        return float(np.dot(self.periods, self.weights))


@dataclass(frozen=True)
class Supply:
    """What there is of a product, and how it is ordered. Units are those of the sales.

    Attributes:
        on_hand: in stock now, 0 or more.
        arrivals: on order, at the start of each period ahead, shape `[H]`, H at least longest lead time + review.
        lead: from an order to its arrival.
        review: periods until the next order can be placed, 1 or more.
        case_pack: units that come together; orders are whole packs.
        moq: least units of an order.
        backorders: customers wait for what is out of stock; else the sale is lost.
        shelf_life: periods in which a unit can be sold; None is for ever.
    """

    on_hand: float
    arrivals: Array
    lead: LeadTime
    review: int = 1
    case_pack: float = 1.0
    moq: float = 0.0
    backorders: bool = False
    shelf_life: int | None = None

    @property
    def span(self) -> int:
        """Periods that an order placed now has to last for at most: the longest lead time and the review."""
        return self.lead.longest + self.review

    @property
    def position(self) -> float:
        """Inventory position: on hand, and on order so far as it is due within that span."""
        return self.on_hand + float(self.arrivals[: self.span].sum())


@dataclass(frozen=True)
class OrderRule:
    """How the size of an order is chosen at a level; as it stands, the least that is enough, in packs rounded up.

    Attributes:
        linger: weight, 0 or more, of the holding of what would still be left a review later with no other order: see
            `base_stock.order_on_paths`. It goes with a critical ratio of costs.
        scale: times the forecast's demand, above 0.
        nearest: to the nearest whole packs.
    """

    linger: float = 0.0
    scale: float = 1.0
    nearest: bool = False

    def extra(self, review: int) -> int:
        """Periods beyond lead time + review that must be forecast."""
        return review if self.linger > 0 else 0


PLAIN = OrderRule()


@dataclass(frozen=True)
class Proposal:
    """What to order now, and why. In units, but for the shares (0 to 1).

    Attributes:
        level: share of cycles in which nothing is to run out: the service level, or the critical ratio of costs.
        position: on hand and on order.
        demand: expected over lead time + review.
        reorder_point: the level's quantile of demand over the lead time.
        order_up_to: the level's quantile of demand over lead time + review.
        safety_stock: what lies in it above the expected demand.
        short: what is short at the level if nothing is ordered; of lost sales what is lost before the order arrives
            needs no replacing, so this may be less than order-up-to level less position.
        order: `short` in whole packs, and no less than the MOQ.
        rule: by which it was chosen.
        service: share of paths in which nothing runs out from the order's arrival to that of the next one.
        fill_rate: share of the demand over lead time + review that is met at once, with the order.
        fill_rate_without: the same if nothing is ordered.
        lost: units of it that are not met at once, with the order.
        lost_without: the same if nothing is ordered.
    """

    level: float
    position: float
    demand: float
    reorder_point: float
    order_up_to: float
    safety_stock: float
    short: float
    order: float
    service: float
    fill_rate: float
    fill_rate_without: float
    lost: float
    lost_without: float
    rule: OrderRule = PLAIN


def propose(paths: Array, supply: Supply, level: float, rule: OrderRule = PLAIN) -> Proposal:
    """The order of one product. All figures but `short` and `order` are of the paths as they are.

    Args:
        paths: of demand, units per period, shape `[N, H]`, H at least `supply.span`, and `rule.extra` more.
        supply: what there is.
        level: 0 < level < 1: the service level (cycle service level), or a critical ratio.
        rule: how the size is chosen.

    Raises:
        InputError: a level outside that, paths shorter than lead time + review, or an impossible supply.
    """
    short = _short(paths, supply, level, rule)
    order = in_packs(short, supply.case_pack, supply.moq, nearest=rule.nearest)
    needs = [shortfall(paths, supply, lead) for lead in supply.lead.periods]
    over_lead = [paths[:, :lead].sum(axis=1) for lead in supply.lead.periods]
    over_span = [paths[:, : lead + supply.review].sum(axis=1) for lead in supply.lead.periods]
    demand = _mean(over_span, supply.lead)
    up_to = _quantile(over_span, supply.lead, level)
    lost, lost_without = (expected_loss(paths, supply, units) for units in (order, 0.0))
    return Proposal(
        level=level,
        position=supply.position,
        demand=demand,
        reorder_point=_quantile(over_lead, supply.lead, level),
        order_up_to=up_to,
        safety_stock=max(up_to - demand, 0.0),
        short=short,
        order=order,
        service=_mean([(need <= order + CLOSE).astype(float) for need in needs], supply.lead),
        fill_rate=_rate(lost, demand),
        fill_rate_without=_rate(lost_without, demand),
        lost=lost,
        lost_without=lost_without,
        rule=rule,
    )


def order_for(paths: Array, supply: Supply, level: float, rule: OrderRule = PLAIN) -> float:
    """The order of `propose` alone, in units."""
    short = _short(paths, supply, level, rule)
    return in_packs(short, supply.case_pack, supply.moq, nearest=rule.nearest)


def _short(paths: Array, supply: Supply, level: float, rule: OrderRule) -> float:
    """What is short at the level, before packs.

    With `linger` it is the least order from which on expected cost rises: each unit less is missed at the level's cost
    of shortage, each more is held over the review, and, where it is still left, over the next one at `linger` times.
    The weights of both samples are relative to shortage + holding, of which holding is 1 - level.
    """
    _check(paths, supply, level, rule)
    paths = paths if rule.scale == 1 else paths * rule.scale
    needs = [_need(paths, supply, lead) for lead in supply.lead.periods]
    if not rule.linger or (supply.shelf_life is not None and supply.shelf_life < 2 * supply.review):
        return max(_quantile(needs, supply.lead, level), 0.0)
    weight = rule.linger * (1 - level)
    later = [need + _later(paths, supply, lead) for need, lead in zip(needs, supply.lead.periods, strict=True)]
    both = (*supply.lead.weights, *(weight * one for one in supply.lead.weights))
    pooled = LeadTime(tuple(range(len(both))), tuple(one / (1 + weight) for one in both))
    return max(_quantile([*needs, *later], pooled, level / (1 + weight)), 0.0)


def _later(paths: Array, supply: Supply, lead: int) -> Array:
    """What the review after the one that an order is for takes from stock, less what is due in it, shape `[N]`."""
    then = slice(lead + supply.review, lead + 2 * supply.review)
    return np.asarray(paths[:, then].sum(axis=1) - supply.arrivals[then].sum(), dtype=float)


def shortfall(paths: Array, supply: Supply, lead: int) -> Array:
    """Units that must arrive after `lead` periods so that nothing runs out until the next order arrives, shape `[N]`.

    On each path the stock is played up to then without an order; from then on it must meet the largest excess of
    demand over arrivals so far. A unit serves no longer than its shelf life.

    Args:
        paths: of demand, units per period, shape `[N, H]`.
        supply: what there is.
        lead: periods until the order arrives.
    """
    return np.asarray(np.maximum(_need(paths, supply, lead), 0.0), dtype=float)


def _need(paths: Array, supply: Supply, lead: int) -> Array:
    """The same; below 0 what is left over."""
    lasts = supply.review if supply.shelf_life is None else min(supply.review, supply.shelf_life)
    before, during = slice(0, lead), slice(lead, lead + lasts)
    if lead == 0:
        left = np.full(len(paths), supply.on_hand)
    elif supply.backorders:
        left = supply.on_hand + supply.arrivals[before].sum() - paths[:, before].sum(axis=1)
    else:
        left = _played(paths[:, before], supply, supply.arrivals[before]).stock[:, -1]
    excess = np.cumsum(paths[:, during] - supply.arrivals[during], axis=1).max(axis=1)
    return np.asarray(excess - left, dtype=float)


def expected_loss(paths: Array, supply: Supply, order: float) -> float:
    """Expected units of demand over lead time + review that are not met at once, if so much is ordered now."""
    losses = []
    for lead in supply.lead.periods:
        demand = paths[:, : lead + supply.review]
        arrivals = supply.arrivals[: demand.shape[1]].copy()
        arrivals[lead] += order
        missed = _played(demand, supply, arrivals).lost
        losses.append(np.minimum(missed, demand).sum(axis=1))  # of what is owed, what this period added
    return _mean(losses, supply.lead)


def in_packs(units: float, case_pack: float = 1.0, moq: float = 0.0, *, nearest: bool = False) -> float:
    """Units rounded up to whole packs, or to the nearest, and no less than the least order; 0 stays 0."""
    if units <= CLOSE * case_pack or (nearest and units < case_pack / 2):
        return 0.0
    up = np.ceil(max(units, moq) / case_pack - CLOSE)
    least = np.ceil(moq / case_pack - CLOSE)
    packs = max(np.floor(units / case_pack + 0.5), least) if nearest else up
    return float(packs * case_pack)


def _played(demand: Array, supply: Supply, arrivals: Array) -> Played:
    return play(demand, supply.on_hand, arrivals, backorders=supply.backorders, shelf_life=supply.shelf_life)


def _quantile(parts: list[Array], lead: LeadTime, level: float) -> float:
    """The least value that is enough with the level's probability, over lead times with their weights."""
    weights = np.concatenate([np.full(len(part), weight) for part, weight in zip(parts, lead.weights, strict=True)])
    return float(np.quantile(np.concatenate(parts), level, weights=weights, method="inverted_cdf"))


def _mean(parts: list[Array], lead: LeadTime) -> float:
    return float(sum(weight * part.mean() for part, weight in zip(parts, lead.weights, strict=True)))


def _rate(lost: float, demand: float) -> float:
    return 1.0 if demand <= 0 else min(max(1 - lost / demand, 0.0), 1.0)


def _check(paths: Array, supply: Supply, level: float, rule: OrderRule) -> None:
    if not 0 < level < 1:
        raise InputError(f"service level {100 * level:g} %: expected above 0 and below 100")
    if supply.on_hand < 0 or supply.review < 1 or supply.case_pack <= 0 or supply.moq < 0:
        raise InputError(
            f"on hand {supply.on_hand:g}, review {supply.review}, case pack {supply.case_pack:g}, MOQ {supply.moq:g}: "
            "expected stock and MOQ of 0 or more, a review of 1 period or more, and a pack above 0"
        )
    if not (rule.linger >= 0 and rule.scale > 0):
        raise InputError(f"linger {rule.linger:g}, scale {rule.scale:g}: expected 0 or more, and above 0")
    wanted = supply.span + rule.extra(supply.review)
    if min(paths.shape[1], len(supply.arrivals)) < wanted:
        raise InputError(f"lead time + review of {wanted} periods: the forecast has {paths.shape[1]}")
