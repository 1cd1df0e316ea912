"""What might be offered to a user, and what is known of each offer: own purchases, like users, what sells and rises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .baskets import Baskets, Floats, Ints, Matrix
from .next_basket import Decay, Neighbours, best, best_of, user_vectors

OWN, NEAR, POPULAR = 150, 50, 30  # candidates of each kind at most
RECENT, BEFORE = 28, 84  # days: sales of these against sales of those before them
HALF_LIVES = (7.0, 28.0, 112.0)  # days
SMOOTH = 5.0  # baskets: ratios of few are drawn to that of all
FEATURES = (
    "baskets", "share", "decay_7", "decay_28", "decay_112", "days_since", "baskets_since", "interval", "overdue",
    "own_vector", "near_vector", "popularity", "trend", "repeat", "product_interval", "category_share",
    "category_days_since", "category_overdue", "user_baskets", "user_size", "user_interval",
)  # fmt: skip
Table = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Offers:
    """Candidates of some users, one row a user and product, by user.

    Attributes:
        user: place of the user, `[N]`.
        product: code, `[N]`.
        features: `[N, F]` in the order of `FEATURES`; NaN where a user never bought the product or its category.
    """

    user: Ints
    product: Ints
    features: Table

    def column(self, name: str) -> Floats:
        """One feature, `[N]`."""
        return self.features[:, FEATURES.index(name)].astype(np.float64)


@dataclass(frozen=True)
class Market:
    """What is known of products and neighbours as of a day, made once for all users.

    Attributes:
        day: nothing from this day on is known.
        decay: of the user vectors.
        neighbours: that users are held against.
        category: code of each product's category, `[P]`.
        popularity: baskets of the last 28 days with each product, a share of all, `[P]`.
        trend: that rate against the 84 days before, `[P]`; 1 is steady; drawn to 1 where few bought.
        repeat: share of its buyers who bought it again, `[P]`, drawn to that of all products.
        interval: mean days from one purchase of a product to the next, `[P]`; NaN where nobody bought it twice.
        popular: codes of what sells and rises, best first.
    """

    day: int
    decay: Decay
    neighbours: Neighbours
    category: Ints
    popularity: Floats
    trend: Floats
    repeat: Floats
    interval: Floats
    popular: Ints


def market_of(baskets: Baskets, day: int, category: Ints, decay: Decay, *, seed: int = 0) -> Market:
    """What is known of products as of a day.

    Args:
        baskets: nothing of them from this day on is looked at.
        day: as days since 1970-01-01.
        category: code of each product's category, `[P]`.
        decay: of user vectors.
        seed: of the choice of neighbours where there are many users.
    """
    past = baskets.before(day)
    products = len(past.products)
    recent, earlier = past.day >= day - RECENT, (past.day < day - RECENT) & (past.day >= day - RECENT - BEFORE)
    sold = np.bincount(past.product[recent], minlength=products).astype(np.float64)
    known = max(1, min(BEFORE, day - RECENT - int(past.day.min()))) if len(past.day) else 1
    sold_before = np.bincount(past.product[earlier], minlength=products) * (RECENT / known)
    trend = (sold + SMOOTH) / (sold_before + SMOOTH) if earlier.any() else np.ones(products)
    count = max(1, len(np.unique(past.basket[recent])) if recent.any() else 1)
    pairs = pairs_of(past)
    buyers = np.bincount(pairs.product, minlength=products)
    again = np.bincount(pairs.product[pairs.baskets > 1], minlength=products)
    overall = again.sum() / max(1, buyers.sum())
    gaps = np.bincount(pairs.product, weights=np.maximum(pairs.baskets - 1, 0), minlength=products)
    span = np.bincount(pairs.product, weights=pairs.last - pairs.first, minlength=products)
    with np.errstate(invalid="ignore", divide="ignore"):
        interval = np.where(gaps > 0, span / gaps, np.nan)
    popularity = sold / count
    rising = popularity * np.clip(trend, 0.5, 2.0)
    return Market(
        day,
        decay,
        Neighbours(user_vectors(past, decay), decay, seed=seed),
        category,
        popularity,
        trend,
        (again + SMOOTH * overall) / (buyers + SMOOTH),
        interval,
        best_of(np.arange(products), rising, POPULAR),
    )


@dataclass(frozen=True)
class Pairs:
    """Users and what they bought, one row a pair, by user and product.

    Attributes:
        user: `[K]`.
        product: `[K]`.
        baskets: of the user with the product, `[K]`.
        first: day, `[K]`.
        last: day, `[K]`.
        since: baskets of the user since the last one with it, `[K]`.
        decayed: baskets with it, each halved with its half-life, `[K, 3]`, by `HALF_LIVES`.
    """

    user: Ints
    product: Ints
    baskets: Ints
    first: Ints
    last: Ints
    since: Ints
    decayed: Floats


def pairs_of(past: Baskets, day: int | None = None, label: Ints | None = None) -> Pairs:
    """What each user bought how often and when.

    Args:
        past: purchases.
        day: as of when decay counts; without, it is left at the counts.
        label: takes the place of the product, such as its category; by product, `[P]`.
    """
    product = past.product if label is None else label[past.product]
    size = int(product.max()) + 1 if len(product) else 1
    key = past.user * size + product
    order = np.lexsort((past.day, key))
    key, days, ages = key[order], past.day[order], past.age()[order]
    if label is not None and len(key):  # a basket with two products of a category counts once
        once = np.r_[True, (key[1:] != key[:-1]) | (days[1:] != days[:-1])]
        key, days, ages = key[once], days[once], ages[once]
    start = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(key) else np.empty(0, np.int64)
    count = np.diff(np.r_[start, len(key)])
    ends = start + count - 1
    decayed = np.zeros((len(start), len(HALF_LIVES)))
    if day is not None and len(start):
        for j, half in enumerate(HALF_LIVES):
            decayed[:, j] = np.add.reduceat(0.5 ** ((day - days) / half), start)
    return Pairs(key[start] // size, key[start] % size, count, days[start], days[ends], ages[ends], decayed)


def offers_of(history: Baskets, codes: Ints, market: Market, more: Sequence[Mapping[int, float]] = ()) -> Offers:
    """The candidates of some users, with what is known of each.

    Args:
        history: purchases of these users alone, before `market.day`; their places are 0, 1, ….
        codes: of these users among those the market was made of; -1 for others.
        market: what is known of products.
        more: by user, codes of further candidates (such as of a factor model) with a score.
    """
    users, size = len(history.users), len(history.products)
    vectors = user_vectors(history, market.decay)
    near = market.neighbours.near(vectors, codes)
    own = pairs_of(history, market.day)
    keys = [_keys(best(vectors, OWN), size), _keys(best(near, NEAR), size)]
    keys.append((np.arange(users)[:, None] * size + market.popular[None, :]).ravel())
    if more:
        keys.append(_keys([np.array(list(some), dtype=np.int64) for some in more], size))
    key = np.unique(np.concatenate(keys))
    user, product = key // size, key % size
    features = np.full((len(key), len(FEATURES)), np.nan, dtype=np.float32)

    def put(name: str, values: Floats | Ints) -> None:
        features[:, FEATURES.index(name)] = values

    counts = history.counts()
    at, there = _find(own.user * size + own.product, key)
    put("baskets", np.where(there, own.baskets[at], 0))
    put("share", np.where(there, own.baskets[at], 0) / np.maximum(1, counts[user]))
    for j, half in enumerate(HALF_LIVES):
        put(f"decay_{half:.0f}", np.where(there, own.decayed[at, j], 0.0))
    since = np.where(there, market.day - own.last[at], np.nan)
    put("days_since", since)
    put("baskets_since", np.where(there, own.since[at], np.nan))
    repeated = there & (own.baskets[at] > 1)
    interval = np.where(repeated, (own.last[at] - own.first[at]) / np.maximum(1, own.baskets[at] - 1), np.nan)
    put("interval", interval)
    put("overdue", since / np.where(repeated, interval, market.interval[product]))
    put("own_vector", _lookup(vectors, key, size))
    put("near_vector", _lookup(near, key, size))
    put("popularity", market.popularity[product])
    put("trend", market.trend[product])
    put("repeat", market.repeat[product])
    put("product_interval", market.interval[product])
    groups = pairs_of(history, market.day, market.category)
    width = int(market.category.max()) + 1
    at, there = _find(groups.user * width + groups.product, user * width + market.category[product])
    put("category_share", np.where(there, groups.baskets[at], 0) / np.maximum(1, counts[user]))
    since = np.where(there, market.day - groups.last[at], np.nan)
    put("category_days_since", since)
    gap = (groups.last[at] - groups.first[at]) / np.maximum(1, groups.baskets[at] - 1)
    put("category_overdue", np.where(there & (groups.baskets[at] > 1), since / np.maximum(gap, 1.0), np.nan))
    rows = np.bincount(history.user, minlength=users)
    put("user_baskets", counts[user])
    put("user_size", (rows / np.maximum(1, counts))[user])
    put("user_interval", _pace(history, counts)[user])
    return Offers(user, product, features)


def _keys(lists: Sequence[Ints], size: int) -> Ints:
    """User and product of lists as one number each."""
    if not lists:
        return np.empty(0, dtype=np.int64)
    return np.concatenate([place * size + some.astype(np.int64) for place, some in enumerate(lists)])


def _find(sorted_keys: Ints, keys: Ints) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """The place of each key among sorted ones, and whether it is there."""
    if not len(sorted_keys):
        raise ValueError("no history: users without one have no candidates of their own")
    at = np.minimum(np.searchsorted(sorted_keys, keys), len(sorted_keys) - 1)
    return at, sorted_keys[at] == keys


def _lookup(matrix: Matrix, keys: Ints, size: int) -> Floats:
    """Entries of a CSR matrix by user and product as one number."""
    matrix.sort_indices()
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    there = rows * size + matrix.indices
    if not len(there):
        return np.zeros(len(keys))
    at, found = _find(there, keys)
    return np.where(found, matrix.data[at], 0.0)


def _pace(history: Baskets, counts: Ints) -> Floats:
    """Days from one basket of a user to the next, `[U]`; NaN where there was but one."""
    first = np.full(len(counts), np.iinfo(np.int64).max)
    last = np.zeros(len(counts), dtype=np.int64)
    np.minimum.at(first, history.user, history.day)
    np.maximum.at(last, history.user, history.day)
    return np.where(counts > 1, (last - first) / np.maximum(1, counts - 1), np.nan)
