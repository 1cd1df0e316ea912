"""What to offer each customer: what is likely next, moved a little by trend, margin and stock, with reasons."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..insight.answer import MOST_PERCENT
from ..messages import Change, Message, Percent, ProductName, Times, message
from .baskets import Baskets, Floats, Ints
from .candidates import FEATURES, Market, Offers, Table, market_of, offers_of
from .new_products import Newcomers
from .next_basket import Decay
from .ranker import Ranker, learn
from .rerank import Supply, Weights, allowed, pick, worth

BLOCK = 2_000  # users at once: memory stays bounded
TOLD_OF = ("baskets", "interval", "days_since", "near_vector")
TOLD = 0.1  # a trend nearer to steady is not told
OFTEN = 14  # days from which lengths are told in weeks


@dataclass(frozen=True)
class Offer:
    """One product for one user.

    Attributes:
        unique_id: the product.
        chance: that it is in the user's next basket, 0..1; of a user without history, its share of recent baskets; None
            of a new product, which nobody bought yet.
        why: reasons, from data.
    """

    unique_id: str
    chance: float | None
    why: tuple[Message, ...]


@dataclass(frozen=True)
class Recommended:
    """The offers of one user, best first.

    Attributes:
        user_id: whose.
        offers: see there.
        known: whether the user had bought anything; without, they are what sells and rises.
    """

    user_id: str
    offers: tuple[Offer, ...]
    known: bool


@dataclass(frozen=True)
class Recommender:
    """All that is learned: what is known of products as of a day, and how it makes a chance. Users come as history.

    Attributes:
        market: of all users before the day.
        ranker: see there.
        products: ids by code.
        users: ids by code, of those that the market was made of.
        newcomers: new products, which take the last place where one is like what a user buys.
        names: of products, by id; for reasons.
    """

    market: Market
    ranker: Ranker
    products: tuple[str, ...]
    users: tuple[str, ...]
    newcomers: Newcomers = field(default_factory=lambda: Newcomers({}, {}))
    names: Mapping[str, str] = field(default_factory=dict)

    def recommend(
        self, history: Baskets, codes: Ints, supply: Supply, weights: Weights, top: int, own: str | None = None
    ) -> list[Recommended]:
        """The offers of some users; new purchases in `history` count at once, for nothing is learned anew.

        Args:
            history: purchases of these users alone, with the products of this recommender.
            codes: of these users among `users`; -1 for others.
            supply: of products.
            weights: of what moves an offer.
            top: how many each.
            own: only this product, if it is a candidate at all.
        """
        known = history.counts() > 0
        made = {name: self._unknown(name, supply, weights, top) for name in _of(history.users, ~known)}
        places = np.flatnonzero(known)
        for start in range(0, len(places), BLOCK):
            some = places[start : start + BLOCK]
            offers = offers_of(history.of(some), codes[some], self.market)
            for one in self._chosen(offers, [history.users[i] for i in some], supply, weights, top, own):
                made[one.user_id] = one
        return [made[name] for name in history.users]

    def _chosen(
        self, offers: Offers, names: Sequence[str], supply: Supply, weights: Weights, top: int, own: str | None
    ) -> Iterator[Recommended]:
        chance = self.ranker.chance(offers)
        may = allowed(offers.product, supply, weights)
        if own is not None:
            may &= offers.product == self.products.index(own)
        told = offers.features[:, [FEATURES.index(name) for name in TOLD_OF]]
        cuts = np.searchsorted(offers.user, np.arange(len(names) + 1))
        for place, name in enumerate(names):
            rows = np.arange(cuts[place], cuts[place + 1])
            rows = rows[may[rows]]
            value = worth(offers.product[rows], chance[rows], supply, weights)
            best = rows[pick(offers.product[rows], value, self.market.category, top, weights.category)]
            found = (
                Offer(
                    self.products[offers.product[row]],
                    float(chance[row]),
                    self._why(int(offers.product[row]), told[row], supply),
                )
                for row in best.tolist()
            )
            yield Recommended(name, self._with_new([*found], offers, cuts[place : place + 2], top), known=True)

    def _with_new(self, found: list[Offer], offers: Offers, rows: Ints, top: int) -> tuple[Offer, ...]:
        """The offers, the last place for a new product where one is like what the user buys."""
        some = slice(int(rows[0]), int(rows[1]))
        bought = offers.features[some, FEATURES.index("baskets")] > 0
        new = self.newcomers.best(offers.product[some][bought]) if self.newcomers.new else None
        if new is None or top < 2:
            return tuple(found)
        like = self.products[new[1]]
        why = message("recommend-new", product=ProductName(like, self.names.get(like, "")))
        return (*found[: top - 1], Offer(self.products[new[0]], None, (why,)))

    def _unknown(self, name: str, supply: Supply, weights: Weights, top: int) -> Recommended:
        codes = self.market.popular[allowed(self.market.popular, supply, weights)]
        share = self.market.popularity[codes]
        value = worth(codes, share * np.clip(self.market.trend[codes], 0.5, 2.0), supply, weights)
        best = codes[pick(codes, value, self.market.category, top, weights.category)]
        found = (
            Offer(
                self.products[code],
                float(self.market.popularity[code]),
                (
                    message("recommend-popular", share=Percent(round(100 * self.market.popularity[code]))),
                    *_side(code, supply),
                ),
            )
            for code in best.tolist()
        )
        return Recommended(name, tuple(found), known=False)

    def _why(self, code: int, known: Table, supply: Supply) -> tuple[Message, ...]:
        """Reasons for a product, from what `TOLD_OF` says of it and the user."""
        bought, interval, since, near = known.tolist()
        if bought > 1 and interval >= 1:
            first = message("recommend-often", every=length(interval), ago=length(since))
        elif bought > 0:
            first = message("recommend-once", ago=length(since))
        elif near > 0:
            first = message("recommend-alike")
        else:
            first = message("recommend-popular", share=Percent(round(100 * self.market.popularity[code])))
        return (first, *_side(code, supply))


def learn_recommender(
    baskets: Baskets,
    day: int,
    category: Ints,
    decay: Decay | None = None,
    *,
    seed: int = 0,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Recommender:
    """Learn from what was bought before a day.

    Args:
        baskets: nothing of them from this day on is looked at.
        day: as days since 1970-01-01.
        category: code of each product's category, `[P]`.
        decay: of the user vectors.
        seed: of draws.
        progress: called with weeks learned from, and of how many.

    Raises:
        Refusal: there is too little to learn from.
    """
    decay = decay or Decay()
    ranker = learn(baskets, day, category, decay, seed=seed, progress=progress)
    market = market_of(baskets, day, category, decay, seed=seed)
    return Recommender(market, ranker, baskets.products, baskets.users)


def length(days: float) -> Message:
    """A length of time as people say it: `5 days`, `3 weeks`."""
    if days < OFTEN:
        return message("periods-D", count=max(1, round(days)))
    return message("periods-W", count=round(days / 7))


def _side(code: int, supply: Supply) -> tuple[Message, ...]:
    """What of demand and supply speaks for or against a product, where it is told."""
    made = []
    trend = float(supply.trend[code])
    if trend > 1.0 + MOST_PERCENT / 100:
        made.append(message(f"recommend-times-{supply.spans}", times=Times(round(trend, 1))))
    elif abs(trend - 1.0) >= TOLD:
        made.append(message(f"recommend-trend-{supply.spans}", change=Change(round(100 * (trend - 1.0)))))
    if supply.clear[code] > 0:
        made.append(message("recommend-clear"))
    return tuple(made)


def _of(names: Sequence[str], chosen: Floats | np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[str]:
    return [names[i] for i in np.flatnonzero(chosen)]
