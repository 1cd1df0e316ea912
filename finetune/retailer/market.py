"""The market of the synthetic retailer: how rough it is, what each product is like, and what is planned for it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter

from ...tools.data.cube import Bools
from ...tools.errors import InputError
from ...tools.quantiles import Array
from .seasons import ShopCalendar
from .words import CATALOGUE, WEEKS, Ints, Products

CLASSES = ("smooth", "erratic", "intermittent", "lumpy")
LEAST = np.array([2.5, 5.0, 0.2, 0.5])  # units per period of each class, above which its words count
SELDOM = np.array([0.0, 0.0, 1.5, 0.8])  # log level that a class sells less than its words alone would say
SPREAD = np.array([[0.01, 0.5, 0.0, 0.8], [0.1, 0.6, 0.0, 1.0]])  # of each class, see `Traits`: least and range
DAYS_TO_LEVEL = 4.0  # daily series stand for larger sellers: a quarter, not a seventh, of the words' weekly level
UNSAID = 1.15  # standard deviation of the log level that no word tells
DEPTHS = np.array([0.0, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5])
DEPTH_CHANCE = np.array([0.1, 0.2, 0.12, 0.2, 0.15, 0.12, 0.07, 0.04])


@dataclass(frozen=True)
class Settings:
    """How rough the made world is; every strength and rate, up to 3, is 1 as it should be and 0 for none of it.

    Attributes:
        classes: shares of `CLASSES`, summing to 1: the four classes of Syntetos and Boylan (2005), "The accuracy of
            intermittent demand estimates", of demand by itself; seasons and promotions make more of it uneven.
        season: strength of the year, the season's words and the holidays.
        week: strength of the days of the week (daily series).
        trend: strength of trends.
        shocks: strength of what comes unforeseen: drifting levels, common shocks of a category, competitors, shifts.
        promotions: rate of promotions and coupons.
        dips: strength of the dips before and after a promotion.
        prices: rate of changes of the regular price.
        closing: rate of shops that are closed on Sundays; above 0, all close on the great holidays.
        stockouts: rate of failing supply; at 0 whatever is wanted is on hand.
        launches: share of series that begin within the panel.
        ends: share of the other series that end within it.
        missing: share of series with periods that are not known.

    Raises:
        InputError: a value is out of its range.
    """

    classes: tuple[float, float, float, float] = (0.45, 0.2, 0.22, 0.13)
    season: float = 1.0
    week: float = 1.0
    trend: float = 1.0
    shocks: float = 1.0
    promotions: float = 1.0
    dips: float = 1.0
    prices: float = 1.0
    closing: float = 1.0
    stockouts: float = 1.0
    launches: float = 0.25
    ends: float = 0.08
    missing: float = 0.04

    def __post_init__(self) -> None:
        shares = self.classes
        if len(shares) != len(CLASSES) or not min(shares) >= 0 or not abs(sum(shares) - 1) <= 1e-6:
            raise InputError(f"classes {shares}: expected 4 shares that sum to 1, of {', '.join(CLASSES)}")
        for name, value in vars(self).items():
            most = 1.0 if name in ("launches", "ends", "missing") else 3.0
            if name != "classes" and not 0 <= value <= most:
                raise InputError(f"{name} {value}: expected 0 to {most:g}")


@dataclass(frozen=True, eq=False)
class Traits:
    """What each of N series is like, over T periods.

    Attributes:
        kind: index into `CLASSES`, `[N]`.
        level: units per period of an ordinary period at the first regular price, `[N]`.
        elasticity: minus the slope of log demand over log price, > 0, `[N]`.
        lift: log rise of demand by an advertised promotion, beside its price, `[N]`.
        price: currency, before it is rounded for the shelf, `[N]`.
        promotions: a year, `[N]`.
        spread: squared coefficient of variation, of a period (smooth, erratic) or of an order (lumpy), `[N]`.
        order: mean units of an order, 1 or more, `[N]`.
        launch: index of the first period, `[N]`; 0 is not a launch but the beginning of the panel.
        end: index of the last period, `[N]`.
        week: share of each weekday over a mean day, `[N, 7]`.
        sunday: whether the shop is closed on Sundays, `[N]`.
        alive: whether the series has begun and not ended, `[N, T]`.
    """

    kind: Ints
    level: Array
    elasticity: Array
    lift: Array
    price: Array
    promotions: Array
    spread: Array
    order: Array
    launch: Ints
    end: Ints
    week: Array
    sunday: Bools
    alive: Bools

    @property
    def demand_class(self) -> npt.NDArray[np.str_]:
        """Of `CLASSES`, `[N]`."""
        return np.array(CLASSES)[self.kind]


def draw_traits(products: Products, calendar: ShopCalendar, rng: np.random.Generator, settings: Settings) -> Traits:
    """What each product is like: what its words say, and what no word does."""
    n, periods = len(products.kind), len(calendar.ds)
    log_level, log_price, log_elasticity, log_lift = products.effects.T
    log_level = log_level + rng.normal(0, UNSAID, n) - (np.log(DAYS_TO_LEVEL) if calendar.freq == "D" else 0.0)
    elasticity = np.clip(np.exp(log_elasticity + rng.normal(0, 0.2, n)), 0.15, 5.0)
    promotions = rng.gamma(1.2, 3.0, n)
    wild = products.each("wild") + 0.4 * products.each("swing") + 0.8 * (products.season >= 0)
    kind = _classes(log_level, wild + 0.04 * promotions * elasticity, rng, settings)
    level = LEAST[kind] + np.exp(log_level - SELDOM[kind])
    u = rng.random(n)
    orders = 0.2 + 0.7 * u  # a period
    order = np.where(kind >= 2, np.maximum(level / orders, np.where(kind == 3, 4.0, 1.0)), 1.0)
    spare = max(1, periods // 8)  # periods that every series has at least
    launched = rng.random(n) < settings.launches
    launch = np.where(launched, rng.integers(min(1, periods - spare), periods - spare + 1, n), 0)
    ends = (rng.random(n) < settings.ends) & ~launched
    end = np.where(ends, rng.integers(spare - 1, periods, n), periods - 1)
    week = np.log([WEEKS[name] for name in CATALOGUE["week"]])[products.kind] + rng.normal(0, 0.06, (n, 7))
    week = np.exp(settings.week * week)
    t = np.arange(periods)
    return Traits(
        kind=kind,
        level=level,
        elasticity=elasticity,
        lift=0.4 * np.exp(log_lift + rng.normal(0, 0.3, n)),
        price=np.exp(log_price + rng.normal(0, 0.25, n)),
        promotions=promotions,
        spread=SPREAD[0, kind] + SPREAD[1, kind] * u,
        order=order,
        launch=launch,
        end=end,
        week=week / week.mean(axis=1, keepdims=True),
        sunday=rng.random(n) < 0.2 * settings.closing,
        alive=(t >= launch[:, None]) & (t <= end[:, None]),
    )


def _classes(log_level: Array, wild: Array, rng: np.random.Generator, settings: Settings) -> Ints:
    """The class of each series, in the shares asked: what sells little is intermittent, what is wild is uneven."""
    n, shares = len(log_level), settings.classes
    kind, score = np.zeros(n, dtype=np.int64), wild + rng.normal(0, 0.35, n)
    sold = np.argsort(-log_level - rng.normal(0, 0.7, n))  # the most first
    often = round(n * (shares[0] + shares[1]))
    for members, calm, rough in ((sold[:often], 0, 1), (sold[often:], 2, 3)):
        total = shares[calm] + shares[rough]
        even = round(len(members) * shares[calm] / total) if total else 0
        by_score = members[np.argsort(score[members])]
        kind[by_score[:even]], kind[by_score[even:]] = calm, rough
    return kind


def draw_plan(
    products: Products, traits: Traits, calendar: ShopCalendar, rng: np.random.Generator, settings: Settings
) -> dict[str, Array]:
    """Price, discount, advertised promotion, coupon, holiday and opening of every period, each `[N, T]`."""
    n, periods, year = len(traits.level), len(calendar.ds), 52 * calendar.per_week
    shape = (n, periods)
    changes = rng.random(shape) < 2.0 / year * settings.prices
    changes[:, 0] = False
    steps = np.zeros(shape)
    steps[changes] = rng.uniform(-0.1, 0.1, int(changes.sum()))  # both ways: demand gets no trend of its own by them
    regular = shelf(traits.price[:, None] * np.exp(np.cumsum(steps, axis=1)))
    depth, promo = _promotions(settings.promotions * traits.promotions, calendar, rng)
    price = np.maximum(np.round(regular * (1 - depth), 2), 0.01)
    campaigns = rng.random((len(CATALOGUE), periods)) < 1.5 / year * settings.promotions
    campaigns = lfilter(np.ones(3 if calendar.freq == "W" else 14), [1.0], campaigns, axis=1) > 0.5
    coupon = campaigns[products.kind] & (rng.random(n) < 0.3)[:, None]
    return {
        "price": price,
        "discount": np.maximum(np.round(1 - price / regular, 4), 0.0),
        "promo": promo,
        "coupon": coupon.astype(float),
        "holiday": np.broadcast_to(calendar.holiday, shape),
        "open": calendar.opened(traits.sunday, settings.closing).astype(float),
    }


def _promotions(a_year: Array, calendar: ShopCalendar, rng: np.random.Generator) -> tuple[Array, Array]:
    """Depth of the discount and whether it is advertised, `[N, T]`; more of them before great holidays."""
    n, periods = len(a_year), len(calendar.ds)
    shortest, longest = (1, 4) if calendar.freq == "W" else (3, 21)
    rate = a_year / (52 * calendar.per_week)
    starts = rng.random((periods, n)) < rate * (1.0 + 2.0 * calendar.before_great[:, None])
    depth, promo = np.zeros((periods, n)), np.zeros((periods, n))
    left = np.full(n, -2)  # periods of the running promotion; a pause of two follows
    now_depth, now_shown = np.zeros(n), np.zeros(n)
    for t in range(periods):
        begin = np.flatnonzero(starts[t] & (left <= -2))
        now_depth[begin] = rng.choice(DEPTHS, len(begin), p=DEPTH_CHANCE)
        now_shown[begin] = (rng.random(len(begin)) < 0.7) | (now_depth[begin] == 0)
        left[begin] = rng.integers(shortest, longest + 1, len(begin))
        on = left > 0
        depth[t], promo[t] = now_depth * on, now_shown * on
        left -= 1
    return np.ascontiguousarray(depth.T), np.ascontiguousarray(promo.T)


def shelf(price: Array) -> Array:
    """Prices as they stand on a shelf: ending in 9 from 1 up, whole cents (never 0) below."""
    return np.asarray(np.where(price >= 1, np.round(np.floor(price * 10) / 10 + 0.09, 2), np.round(price + 0.05, 2)))
