"""What a dated event does to a forecast: learned from like events of the past, blended with what is said, on paths.

Effects are ratios to what was usual, in logs, so that a half and a double weigh alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from ..quantiles import Array
from .events import FLOOR, over_usual

DOUBT = 3.0  # like events of nearer products that weigh as much as all that is known of farther ones
SPREAD = 0.5  # standard deviation of an effect's log, before any was seen
SAID = 0.15  # of a size that a certain text says
UNSURE = 0.3  # by which that grows as certainty falls from 1 to 0
WIDER = 1.5  # how much wider a band gets where nothing like it was seen and no size is said
MOSTLY = 0.5  # share of a period that an event must have for the period to show its effect
NORMAL_90 = 1.2815515655446004  # 90 % quantile of the standard normal


@dataclass(frozen=True)
class Effect:
    """How many times the usual an event sells.

    Attributes:
        ratio: the median.
        spread: standard deviation of its log; 0 is certain.
        events: like events of the same product, of its like ones, and of all others, that it was learned from.
    """

    ratio: float
    spread: float = 0.0
    events: tuple[int, int, int] = (0, 0, 0)

    @property
    def low(self) -> float:
        """The 10 % quantile."""
        return float(self.ratio * np.exp(-NORMAL_90 * self.spread))

    @property
    def high(self) -> float:
        """The 90 % quantile."""
        return float(self.ratio * np.exp(NORMAL_90 * self.spread))


def past_ratio(units: Array, shares: Array, busy: Array, stride: int) -> float:
    """How many times the usual an event of the past sold, NaN where that cannot be told.

    The median over its periods of units over the median of the 8 periods of their kind before that had no event. A
    period of which it held but a part shows its effect in that part: 1.2 over a half is 1.4.

    Args:
        units: per period, shape `[T]`, NaN where not known.
        shares: of each period that the event held, 0 to 1, shape `[T]`.
        busy: where any event held more than nothing, shape `[T]`.
        stride: periods from one to the next of the same kind: 7 days, else 1.
    """
    plain = np.where(busy > 0, np.nan, units)[None, :]
    found = []
    for t in np.flatnonzero(shares >= MOSTLY):
        ratio = float(over_usual(units[None, :], plain, int(t), stride)[0])
        if np.isfinite(ratio):
            found.append(max(0.0, 1 + (ratio - 1) / shares[t]))
    return float(np.median(found)) if found else float("nan")


def learned(own: Sequence[float], like: Sequence[float], others: Sequence[float]) -> Effect | None:
    """The effect that like events of the past had: of this product, shrunk to its like ones', shrunk to all; or None.

    Each mean of logs is held to the next wider one as by 3 events, the widest to no effect.

    Args:
        own: ratios of past events of the same product.
        like: of other products of its category.
        others: of all other products.
    """
    parts = [np.log(np.maximum(np.asarray(part, dtype=float), FLOOR)) for part in (others, like, own)]
    count = sum(map(len, parts))
    if count == 0:
        return None
    mean, squares = 0.0, 0.0
    for part in parts:
        mean = float((part.sum() + DOUBT * mean) / (len(part) + DOUBT))
    for part in parts:
        squares += float(((part - mean) ** 2).sum())
    spread = float(np.sqrt((squares + DOUBT * SPREAD**2) / (count + DOUBT) * (1 + 1 / (count + DOUBT))))
    return Effect(float(np.exp(mean)), spread, (len(own), len(like), len(others)))


def blended(past: Effect | None, size: float | None, certainty: float) -> Effect | None:
    """The effect of the past and a size that is said, weighed by their precision; nothing left to sell stays nothing.

    Args:
        past: of `learned`.
        size: times the usual, as said; None where it is not.
        certainty: of the text, 0 to 1: the less certain, the less its size weighs.

    Returns:
        The effect; None where nothing is known of it.
    """
    if size is None:
        return past
    if size == 0:
        return Effect(0.0, 0.0, past.events if past else (0, 0, 0))
    spread = SAID + UNSURE * (1 - certainty)
    if past is None:
        return Effect(size, spread)
    said, seen = 1 / spread**2, 1 / past.spread**2
    log = (said * np.log(max(size, FLOOR)) + seen * np.log(past.ratio)) / (said + seen)
    return Effect(float(np.exp(log)), float(np.sqrt(1 / (said + seen))), past.events)


def applied(paths: Array, shares: Array, effect: Effect | None, certainty: float, seed: int = 0) -> Array:
    """Sample paths with an event, units per period.

    In a share of the paths, the certainty, the event comes: each of them is multiplied, in the event's share of each
    period, by a draw of its effect; the others stay. Where the effect is not known, the median of each period stays,
    and the distance from it grows by a half in the event's share of it.

    Args:
        paths: without it, shape `[N, H]`.
        shares: of each period that the event holds, 0 to 1, shape `[H]`.
        effect: of `blended`; None is not known.
        certainty: that it comes, 0 to 1.
        seed: of the draws.

    Returns:
        Units, shape `[N, H]`, never negative; periods that the event does not touch are as they were.
    """
    if effect is None:
        middle = np.median(paths, axis=0)
        wide = np.maximum(0.0, middle + (paths - middle) * (1 + (WIDER - 1) * shares))
        return np.where(shares > 0, wide, paths)
    draws = np.random.default_rng(seed)
    comes = (draws.permutation(len(paths)) + 0.5) / len(paths) < certainty
    normal = stats.norm.ppf((draws.permutation(len(paths)) + 0.5) / len(paths))
    times = effect.ratio * np.exp(effect.spread * normal)
    changed = paths * (1 + shares * (times[:, None] - 1))
    return np.where(comes[:, None] & (shares > 0), changed, paths)
