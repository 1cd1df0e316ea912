"""The demand of the synthetic retailer: its mean, the units drawn around it, and what supply lets sell."""

import numpy as np
from scipy.signal import lfilter

from ...tools.data.cube import Bools
from ...tools.quantiles import Array
from .market import Settings, Traits, shelf
from .seasons import ShopCalendar
from .words import CATALOGUE, Products

COUPON_LIFT = 0.15  # log
LONGEST_FAILURE = 8  # weeks without deliveries


def expected_demand(
    products: Products,
    traits: Traits,
    plan: dict[str, Array],
    calendar: ShopCalendar,
    rng: np.random.Generator,
    settings: Settings,
) -> Array:
    """Mean demand of every period in units, as if every shop were always open and stocked, `[N, T]`."""
    n, periods = len(traits.level), len(calendar.ds)
    log = np.tile(np.log(traits.level)[:, None], (1, periods))
    log -= traits.elasticity[:, None] * np.log(plan["price"] / shelf(traits.price)[:, None])
    log += traits.lift[:, None] * plan["promo"] + COUPON_LIFT * plan["coupon"]
    log += settings.dips * _dips(products, traits, plan, calendar, rng)
    log += settings.season * _seasons(products, calendar, rng, settings)
    if calendar.freq == "D":
        log += np.log(traits.week)[:, calendar.ds.day_of_week.to_numpy()]
    growth = rng.normal(0, 0.06, len(CATALOGUE))[products.kind] + rng.normal(0, 0.12, n)
    log += settings.trend * growth[:, None] * calendar.years
    log += settings.shocks * _shocks(products, calendar, rng)
    log += _life(traits, calendar, rng)
    return np.asarray(np.exp(log, out=log))


def _dips(
    products: Products, traits: Traits, plan: dict[str, Array], calendar: ShopCalendar, rng: np.random.Generator
) -> Array:
    """Log dips around promotions: some customers wait for one that was announced, and stock up while it lasts."""
    pantry = products.each("pantry") * rng.uniform(0.5, 1.5, len(traits.level))
    rise = traits.lift[:, None] * plan["promo"] - traits.elasticity[:, None] * np.log1p(-plan["discount"])
    before, after = ([0.3], [0.7, 0.3]) if calendar.freq == "W" else ([0.3, 0.15], list(0.7 * 0.8 ** np.arange(10)))
    dip = np.zeros(rise.shape)
    for far, weight in enumerate(before, start=1):
        dip[:, :-far] = np.maximum(dip[:, :-far], weight * rise[:, far:])
    for far, weight in enumerate(after, start=1):
        dip[:, far:] = np.maximum(dip[:, far:], weight * rise[:, :-far])
    return np.asarray(np.where(rise > 0.02, 0.0, -pantry[:, None] * dip))


def _seasons(products: Products, calendar: ShopCalendar, rng: np.random.Generator, settings: Settings) -> Array:
    """Log effect of the year, the season's word and the holidays, `[N, T]`."""
    n, worded = len(products.kind), products.season >= 0
    swing = products.each("swing") * np.exp(rng.normal(0.2, 0.35, n)) * np.where(worded, 0.3, 1.0)  # the word counts
    peak = 2 * np.pi * (products.each("peak") - 0.5) / 12 + rng.normal(0, 0.12, n)
    log = swing[:, None] * np.cos(calendar.phase - peak[:, None]) - np.log(np.i0(swing))[:, None]  # mean effect 1
    second, shift = rng.normal(0, 0.06, n), rng.uniform(0, 2 * np.pi, n)
    log += second[:, None] * np.cos(2 * calendar.phase - shift[:, None])
    strength = rng.normal(1.0, 0.1, n)[:, None]
    log[worded] += (strength * calendar.word_seasons()[products.season])[worded]
    log += rng.uniform(0.6, 1.4, n)[:, None] * calendar.category_holidays(settings.closing)[products.kind]
    return np.asarray(log)


def _shocks(products: Products, calendar: ShopCalendar, rng: np.random.Generator) -> Array:
    """Log effect of what comes unforeseen, correlated within a category, `[N, T]`."""
    n, periods, week, among = len(products.kind), len(calendar.ds), calendar.per_week, len(CATALOGUE)
    log = _drift(rng.normal(size=(n, periods)), 0.96 ** (1 / week)) * rng.uniform(0.05, 0.4, n)[:, None]
    common = 0.1 * _drift(rng.normal(size=(among, periods)), 0.75 ** (1 / week))
    common += 0.04 * _drift(rng.normal(size=(1, periods)), 0.9 ** (1 / week))
    if calendar.freq == "D":
        common += 0.06 * rng.normal(size=(among, periods))  # the weather of the day
    for row, at in np.argwhere(rng.random((among, periods)) < 1.5 / (52 * week)):  # a competitor's campaigns
        common[row, at : at + int(rng.integers(1, 5)) * week] -= rng.uniform(0.08, 0.35)
    log += rng.uniform(0.4, 1.6, n)[:, None] * common[products.kind]
    at, step = rng.integers(0, periods, n), rng.normal(0, 0.5, n) * (rng.random(n) < 0.05)  # a shift of the level
    return np.asarray(log + step[:, None] * (np.arange(periods) >= at[:, None]))


def _drift(noise: Array, stay: float) -> Array:
    """Noise of unit variance made to stay: a stationary AR(1) of unit variance along the periods."""
    noise[:, 1:] *= np.sqrt(1 - stay**2)
    return np.asarray(lfilter([1.0], [1.0, -stay], noise, axis=1))


def _life(traits: Traits, calendar: ShopCalendar, rng: np.random.Generator) -> Array:
    """Log effect of age: a launch grows into its level or begins with a craze; before its end a product fades."""
    n, periods = len(traits.level), len(calendar.ds)
    t, week = np.arange(periods), calendar.per_week
    age = np.maximum(t - traits.launch[:, None], 0) / (week * rng.uniform(3, 10, n))[:, None]
    begins = np.where(rng.random(n) < 0.7, rng.uniform(0.15, 0.7, n), rng.uniform(1.5, 3.0, n))[:, None]
    begins = np.where(traits.launch[:, None] > 0, begins, 1.0)
    log = np.log(1 + (begins - 1) * np.exp(-age))
    fade = np.maximum(1 - (traits.end[:, None] - t) / (week * rng.uniform(4, 16, n))[:, None], 0.0)
    return np.asarray(log - 1.8 * fade * (traits.end < periods - 1)[:, None])


def draw_demand(traits: Traits, expected: Array, rng: np.random.Generator) -> Array:
    """Units wanted around the mean, whole numbers, `[N, T]`.

    Smooth and erratic demand is negative binomial. Intermittent and lumpy demand is compound: a Poisson number of
    orders, each of 1 and a Poisson or a negative binomial number of units.
    """
    units = np.zeros(expected.shape)
    steady = traits.kind < 2
    mean, spread = expected[steady], traits.spread[steady, None]
    units[steady] = rng.poisson(mean * rng.gamma(1 / spread, spread, mean.shape))
    order = traits.order[~steady, None]
    orders = rng.poisson(expected[~steady] / order).astype(float)
    more = orders * (order - 1)
    lumpy = traits.kind[~steady] == 3
    spread = traits.spread[~steady, None][lumpy]
    more[lumpy] = rng.gamma(orders[lumpy] / spread) * spread * (order[lumpy] - 1)
    units[~steady] = orders + rng.poisson(more)
    return units


def supply(
    traits: Traits, expected: Array, demand: Array, calendar: ShopCalendar, rng: np.random.Generator, settings: Settings
) -> tuple[Array, Array]:
    """Stock as each period opens and units sold from it, both whole and `[N, T]`.

    A planner who knows the mean but for an error fills up to it and a margin every period, unless deliveries fail.
    """
    n, periods = len(traits.level), len(calendar.ds)
    week = calendar.per_week
    one = np.where(traits.kind == 3, 1.0 + traits.spread, 1.0) * traits.order  # variance of an order over mean
    own = np.where(traits.kind < 2, traits.spread, 0.0)
    deviation = np.sqrt(expected * one[:, None] + own[:, None] * expected**2)
    planned = np.exp(rng.normal(0, 0.15, (n, periods))) * rng.uniform(1.1, 2.2, n)[:, None]
    margin = np.where(rng.random(n) < 0.3, rng.uniform(1.0, 2.5, n), 4.0)[:, None]
    target = np.ascontiguousarray((np.ceil(planned * expected + margin * deviation) + 1).T)
    a_year = np.where(rng.random(n) < 0.4, 2.0, 0.2) * settings.stockouts  # some are badly supplied
    fails = rng.random((periods, n)) < a_year / (52 * week)
    wanted, stock, sold = np.ascontiguousarray(demand.T), np.zeros((periods, n)), np.zeros((periods, n))
    held, failing = target[0].copy(), np.zeros(n, dtype=np.int64)  # units, periods without deliveries to come
    for t in range(periods):
        begin = np.flatnonzero(fails[t])
        lasts = np.minimum(rng.geometric(1 / (3 * week), len(begin)), LONGEST_FAILURE * week)
        failing[begin] = np.maximum(failing[begin], lasts)
        enough = target[t] if settings.stockouts > 0 else np.maximum(target[t], wanted[t])
        stock[t] = np.where(failing > 0, held, np.maximum(held, enough))
        sold[t] = np.minimum(wanted[t], stock[t])
        held = stock[t] - sold[t]
        failing = np.maximum(failing - 1, 0)
    return np.ascontiguousarray(stock.T), np.ascontiguousarray(sold.T)


def draw_views(expected: Array, rng: np.random.Generator) -> Array:
    """Views of the product page: they follow what is wanted, sold or not, and run a little ahead of it, `[N, T]`."""
    n = len(expected)
    ahead = np.concatenate([expected[:, 1:], expected[:, -1:]], axis=1)
    a_unit = np.exp(rng.normal(2.3, 0.7, n))[:, None]
    rough = np.exp(rng.normal(0, 0.12, expected.shape))
    return np.asarray(rng.poisson((0.65 * expected + 0.35 * ahead) * a_unit * rough), dtype=float)


def draw_gaps(shape: tuple[int, int], rng: np.random.Generator, settings: Settings) -> Bools:
    """Periods whose sales are not known: one gap of 1 to 8 periods in a few series, `[N, T]`."""
    n, periods = shape
    begin, t = rng.integers(0, periods, n), np.arange(periods)
    last = begin + rng.integers(1, 9, n)
    has = rng.random(n) < settings.missing
    return np.asarray(has[:, None] & (t >= begin[:, None]) & (t < last[:, None]))
