"""How likely each candidate is in a user's next basket: a logistic blend of what is known of it, learned on past weeks.

Trees (LightGBM, lambdarank or binary) did about as well on the weeks before the test weeks: docs/RECOMMEND.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from ..messages import Refusal
from .baskets import Baskets, Floats, Ints
from .candidates import FEATURES, Market, Offers, Table, market_of, offers_of
from .next_basket import Decay

WEEKS = 6  # before the day, each with its next baskets, that the blend learns from
USERS = 1_000  # of a week at most
CROWD = 20_000  # users whose purchases are looked at in learning: more change nothing but the time it takes
OTHERS = 0.25  # of the candidates that were not bought, as many are learned from; the chance is put right for it
RIDGE = 1.0
SMALL = 1e-3
MAYBE = ("days_since", "interval", "category_days_since", "category_overdue")  # missing tells something


@dataclass(frozen=True)
class Ranker:
    """A learned blend.

    Attributes:
        mean: of each input, `[D]`.
        scale: its standard deviation, `[D]`.
        weight: of each standardised input, `[D]`.
        bias: the log-odds where all inputs are at their mean.
    """

    mean: Floats
    scale: Floats
    weight: Floats
    bias: float

    def chance(self, offers: Offers) -> Floats:
        """The chance that each candidate is in the user's next basket, `[N]`, 0..1."""
        return np.asarray(expit((inputs(offers.features) - self.mean) / self.scale @ self.weight + self.bias))


def inputs(features: Table) -> Floats:
    """What the blend is linear in, `[N, 2F + 4]`: log(1 + x), log(0.001 + x), and which of some are missing."""
    missing = np.isnan(features[:, [FEATURES.index(name) for name in MAYBE]])
    known = np.maximum(np.nan_to_num(features.astype(np.float64)), 0.0)
    return np.hstack([np.log1p(known), np.log(known + SMALL), missing])


def fit(offers: Sequence[Offers], bought: Sequence[Floats], *, seed: int = 0) -> Ranker:
    """Learn the blend by logistic regression with a ridge.

    Args:
        offers: candidates of some weeks.
        bought: 1 where the candidate was in the next basket, else 0, `[N]` each.
        seed: of the draw of candidates that were not bought.

    Raises:
        Refusal: none was bought.
    """
    y = np.concatenate(bought)
    if not y.any():
        raise Refusal("recommend-too-few")
    kept = (y > 0) | (np.random.default_rng(seed).random(len(y)) < OTHERS)
    x = inputs(np.concatenate([one.features for one in offers])[kept])
    y = y[kept]
    mean, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-9)
    x -= mean
    x /= scale

    def loss(weights: Floats) -> tuple[float, Floats]:
        z = x @ weights[:-1] + weights[-1]
        off = expit(z) - y
        value = np.logaddexp(0.0, z).sum() - y @ z + 0.5 * RIDGE * weights[:-1] @ weights[:-1]
        return value / len(y), np.append(x.T @ off + RIDGE * weights[:-1], off.sum()) / len(y)

    start = np.append(np.zeros(x.shape[1]), np.log(y.mean() / (1 - y.mean() + 1e-12) + 1e-12))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    return Ranker(mean, scale, found[:-1], float(found[-1] + np.log(OTHERS)))


def window(
    baskets: Baskets, day: int, category: Ints, decay: Decay, *, most: int | None = None, seed: int = 0
) -> tuple[Market, Ints, Offers, dict[int, Ints]]:
    """What was known at a day of the users who bought within the week after, and what their next basket held.

    Raises:
        Refusal: nobody who had bought bought again in that week.

    Returns:
        The market; codes of the users; their candidates; and the products of the next basket by place of the user.
    """
    past, ahead = baskets.before(day), baskets.next_after(day)
    known = past.counts()
    codes = np.array(sorted(code for code in ahead if known[code] > 0), dtype=np.int64)
    if most is not None and len(codes) > most:
        codes = np.sort(np.random.default_rng(seed + day).choice(codes, most, replace=False))
    market = market_of(baskets, day, category, decay, seed=seed)
    if not len(codes):
        raise Refusal("recommend-too-few")
    offers = offers_of(past.of(codes), codes, market)
    return market, codes, offers, {i: ahead[code] for i, code in enumerate(codes.tolist())}


def hits(offers: Offers, targets: dict[int, Ints], products: int) -> Floats:
    """1 where a candidate is in the user's next basket, else 0, `[N]`."""
    there = np.concatenate([place * products + some for place, some in targets.items()])
    return np.isin(offers.user * products + offers.product, there).astype(np.float64)


def learn(
    baskets: Baskets,
    day: int,
    category: Ints,
    decay: Decay,
    *,
    weeks: int = WEEKS,
    seed: int = 0,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Ranker:
    """The blend as it can be learned before a day: from the weeks before it, each seen from its own start.

    Raises:
        Refusal: there is too little to learn from.
    """
    known = baskets.before(day)
    if len(known.users) > CROWD:
        known = known.of(np.sort(np.random.default_rng(seed).choice(len(known.users), CROWD, replace=False)))
    offers, bought = [], []
    for week in range(1, weeks + 1):
        start = day - 7 * week
        if not np.isin(known.before(start).user, list(known.next_after(start))).any():
            continue  # nobody who had bought came back in that week
        _, _, some, targets = window(known, start, category, decay, most=USERS, seed=seed)
        offers.append(some)
        bought.append(hits(some, targets, len(known.products)))
        progress(week, weeks)
    if not offers:
        raise Refusal("recommend-too-few")
    return fit(offers, bought, seed=seed)
