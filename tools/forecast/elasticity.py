"""Elasticities: how demand answers to a product's own price, with an interval, or why that is not known.

Demand is regressed on log price with a level of each product, time effects of its category, promotions, and how demand
of late differed from what was expected: a price that answers demand answers that. Estimates are pooled partially.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..data.cube import READ, Bools, Cube, cube
from ..data.freq import ByFreq, freq_of
from ..data.panel import Panel
from ..quantiles import Array
from .poisson import Fit, Ints, fit_common, fit_counts, spread_of, within
from .shrinkage import shrink

PRICE = "price"
OF_PRICE = (PRICE, "regular_price", "base_price", "discount", *(name for name in READ if name == "open"))
LATE = ByFreq({"D": ((1, 1), (2, 7), (8, 28)), "W": ((1, 1), (2, 4), (5, 13)), "M": ((1, 1), (2, 3))})
SHORT = ByFreq({"D": 56, "W": 26, "M": 12})  # known periods below which nothing is said
LEAST_SD = 0.02  # of log price that must be left: 2 %
LEAST_LEVELS = 3  # prices that must have been asked, 1 % apart
SHARED = 6  # series of a category that may have time effects of their own
UNSURE = 1.0  # standard deviation of a promotion's log effect, and of how demand of late goes on, before it is seen
START = 0.1  # spread with which the fit begins
WIDER = 1.15  # of errors, before pooling and after: what the misses were on made-up retailers (seeds 101 to 104)
WILD = -8.0  # an elasticity below is not believed
Z95 = 1.96

Reason = Literal["", "no-price", "short", "flat", "promotion-only", "together", "positive", "wild"]


@dataclass(frozen=True)
class Elasticity:
    """What per cent of demand one per cent of price moves: normal around `mean`, minus where demand falls.

    Attributes:
        mean: after pooling; where a reason stands, what the others say.
        sd: standard deviation of what is not known.
        own: of the product's own past alone; NaN where there is none.
        error: its standard error.
        weight: of `own` in `mean`, 0 to 1; the rest is what its category and all products say.
        reason: why the product's own past does not tell; empty where it does.
    """

    mean: float
    sd: float
    own: float
    error: float
    weight: float
    reason: Reason = ""

    @property
    def identified(self) -> bool:
        """Whether the product's own past tells."""
        return not self.reason

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval."""
        return self.mean - Z95 * self.sd, self.mean + Z95 * self.sd


@dataclass(frozen=True)
class Assumed:
    """One elasticity of all products under ever weaker assumptions: how far apart they lie is shown.

    Attributes:
        pooled: products differ in nothing but their price.
        products: each product has its level, and price moves for reasons that have nothing to do with demand.
        time: price may follow what moves all of a category in a period.
        late: price may also follow how the product itself sold of late.
    """

    pooled: float
    products: float
    time: float
    late: float


@dataclass(frozen=True)
class PriceModel:
    """The regression of a panel.

    Attributes:
        cube: the panel.
        elasticities: by unique_id.
        assumed: the range.
        columns: names of the promotion columns.
        lifts: log effect of each on each series, and its standard error, shapes `[N, P]`.
        usual: log price around which a series' prices lie, shape `[N]`.
        base: expected units a period at the usual price without promotion, shape `[N, T]`.
        spread: k of a variance of `mean + k mean²`, shape `[N]`.
    """

    cube: Cube
    elasticities: Mapping[str, Elasticity]
    assumed: Assumed
    columns: tuple[str, ...]
    lifts: tuple[Array, Array]
    usual: Array
    base: Array
    spread: Array


def price_model(panel: Panel) -> PriceModel:
    """Elasticities of a panel's series, from its past."""
    made = cube(panel, 0)
    n, periods = made.y.shape
    price = made.known.get(PRICE, made.past_only.get(PRICE, np.full((n, periods), np.nan)))[:, :periods]
    usable = np.isfinite(made.demand) & (price > 0)
    y = np.where(usable, made.demand, np.nan)
    log = np.log(np.where(usable, price, 1.0))
    count = np.maximum(usable.sum(axis=1), 1)
    usual = np.where(usable, log, 0.0).sum(axis=1) / count
    x = np.where(usable, log - usual[:, None], 0.0)
    names, promotions = _promotions(made, usable)
    group = _groups(made)
    shared = _shared(group)
    reasons = why_not(x, promotions, usable, shared, freq_of(made.offset))
    moving = np.array([not one for one in reasons])
    priced = np.where(moving[:, None], x, 0.0)
    columns = np.concatenate([priced[..., None], promotions, _season(made, shared)], axis=2)
    fit, spread = _fit(y, columns, shared, len(names), LATE[freq_of(made.offset)])
    own = np.where(moving, fit.slopes[:, 0], np.nan)
    error = np.where(moving, WIDER * fit.error[:, 0], np.nan)
    pooled = shrink(own, error, group)
    found = {}
    for place, uid in enumerate(made.unique_ids):
        mean, reason = float(pooled.mean[place]), reasons[place]
        doubted: Reason = reason or ("positive" if mean >= 0 else "wild" if mean < WILD else "")
        sd, mine, noise, weight = (float(one[place]) for one in (WIDER * pooled.sd, own, error, pooled.own))
        found[uid] = Elasticity(mean, sd, mine, noise, weight, doubted)
    some = np.flatnonzero(moving)
    late = float(np.average(pooled.mean[some], weights=count[some])) if len(some) else float("nan")
    lifts = (fit.slopes[:, 1 : 1 + len(names)], WIDER * fit.error[:, 1 : 1 + len(names)])
    effect = priced * fit.slopes[:, :1] + np.einsum("ntp,np->nt", promotions, lifts[0])
    base = fit.mean / np.exp(effect)
    return PriceModel(made, found, _assumed(y, x, usual, shared, some, late), names, lifts, usual, base, spread)


def why_not(x: Array, promotions: Array, usable: Bools, group: Ints | None, freq: str) -> list[Reason]:
    """Why each series' own past does not tell its elasticity; empty where it does.

    Args:
        x: log price less its mean, 0 where not usable, shape `[N, T]`.
        promotions: columns, shape `[N, T, P]`.
        usable: periods whose demand and price are known, shape `[N, T]`.
        group: which time effects a series shares; None has none.
        freq: of the periods.
    """
    count = usable.sum(axis=1)
    left = x if group is None else np.where(usable, within(x, usable.astype(float), group), 0.0)
    reasons: list[Reason] = []
    for row, some in enumerate(usable):
        mine = x[row, some]
        if not count[row]:
            reasons.append("no-price")
        elif count[row] < SHORT[freq]:
            reasons.append("short")
        elif mine.std() < LEAST_SD or len(np.unique(np.round(mine, 2))) < LEAST_LEVELS:
            reasons.append("flat")
        elif _beyond(mine, promotions[row, some]) < LEAST_SD:
            reasons.append("promotion-only")
        elif left[row, some].std() < LEAST_SD:
            reasons.append("together")
        else:
            reasons.append("")
    return reasons


def _beyond(x: Array, promotions: Array) -> float:
    """Standard deviation of what promotions leave of a price's moves."""
    design = np.column_stack([np.ones(len(x)), promotions])
    return float((x - design @ np.linalg.lstsq(design, x, rcond=None)[0]).std())


def _promotions(made: Cube, usable: Bools) -> tuple[tuple[str, ...], Array]:
    """The known columns that say what share of shops has a promotion on, 0 to 1, shape `[N, T, P]`."""
    periods, names, found = made.y.shape[1], [], []
    for name, values in made.known.items():
        filled = np.nan_to_num(values[:, :periods])
        here = filled[usable]
        if name not in OF_PRICE and len(here) and here.min() >= 0 and here.max() <= 1 and here.std() > 0:
            names.append(name)
            found.append(filled)
    return tuple(names), np.stack(found, axis=2) if found else np.zeros((*made.y.shape, 0))


def _groups(made: Cube) -> Ints:
    """The category of each series, counted from 0; 0 of all where there is no such column."""
    if "category" not in made.static:
        return np.zeros(len(made.unique_ids), dtype=np.int64)
    names = made.static["category"].astype(str).to_numpy()
    return np.unique(names, return_inverse=True)[1].astype(np.int64)


def _shared(group: Ints) -> Ints | None:
    """Which time effects a series shares: its category's, those of all small categories, or none."""
    small = np.bincount(group)[group] < SHARED
    merged = np.where(small, group.max() + 1, group)
    counts = np.bincount(merged)[merged]
    if len(group) < SHARED:
        return None
    merged = np.where(counts < SHARED, np.bincount(merged).argmax(), merged)  # too few are left: the largest's
    return np.unique(merged, return_inverse=True)[1].astype(np.int64)


def _season(made: Cube, shared: Ints | None) -> Array:
    """Two waves of the year and a trend, where a series shares no time effects, shape `[N, T, 5 or 0]`."""
    n, periods = made.y.shape
    if shared is not None:
        return np.zeros((n, periods, 0))
    phase = 2 * np.pi * made.ds[:periods].dayofyear.to_numpy() / 365.25
    waves = [f(order * phase) for order in (1, 2) for f in (np.sin, np.cos)]
    columns = np.stack([*waves, np.linspace(-1, 1, periods)], axis=1)
    return np.broadcast_to(columns, (n, periods, 5)).copy()


def _fit(
    y: Array, columns: Array, shared: Ints | None, promotions: int, late: tuple[tuple[int, int], ...]
) -> tuple[Fit, Array]:
    """The regression, first without demand of late, which is then what it was beyond what is expected, twice."""
    first, everyone = columns.shape[2], np.zeros(len(y), dtype=np.int64) if shared is None else shared
    ridge = np.full(first, 1 / UNSURE**2)
    ridge[0] = 0.0
    spread = np.full(len(y), START)
    fit = fit_counts(y, columns, shared, ridge=ridge, spread=spread)
    expected = fit.mean
    for _ in range(2):
        spread = spread_of(y, fit, everyone)
        of_late = surprise(y, expected, late)
        whole = np.concatenate([columns, of_late], axis=2)
        wide = np.concatenate([ridge, np.full(len(late), 1 / UNSURE**2)])
        fit = fit_counts(y, whole, shared, ridge=wide, spread=spread)
        expected = fit.mean / np.exp(np.einsum("ntk,nk->nt", of_late, fit.slopes[:, first:]))
    return fit, spread


def surprise(y: Array, expected: Array, late: tuple[tuple[int, int], ...]) -> Array:
    """Log of what was sold over what was expected in spans before each period: 1 back, 2 to 4, 5 to 13, `[N, T, L]`.

    A unit is added to both, so that a span without any is no surprise (the spans are those of Corsi 2009, "A simple
    approximate long-memory model of realized volatility").
    """
    known = np.isfinite(y)
    sold, held = (
        np.pad(np.cumsum(np.where(known, one, 0.0), axis=1), ((0, 0), (1, 0))) for one in (np.nan_to_num(y), expected)
    )
    t = np.arange(y.shape[1])
    found = []
    for first, last in late:
        upto, since = np.maximum(t - first + 1, 0), np.maximum(t - last, 0)
        found.append(np.log((sold[:, upto] - sold[:, since] + 1) / (held[:, upto] - held[:, since] + 1)))
    return np.stack(found, axis=2)


def _assumed(y: Array, x: Array, usual: Array, shared: Ints | None, some: Ints, late: float) -> Assumed:
    if not len(some):
        return Assumed(*(float("nan"),) * 4)
    mine = None if shared is None else np.unique(shared[some], return_inverse=True)[1].astype(np.int64)
    y, x = y[some], x[some]
    plain = x + usual[some][:, None] - usual[some].mean()
    return Assumed(fit_common(y, plain, None, levels=False), fit_common(y, x, None), fit_common(y, x, mine), late)
