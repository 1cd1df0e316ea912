"""All that recommending needs, put together once from events, sales and stock as of a day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..data.events import Events, pseudonym
from ..data.freq import span_of
from ..data.panel import Panel
from ..data.stock import Stock
from ..errors import InputError
from ..messages import Refusal
from .baskets import Baskets, Ints, baskets_of
from .new_products import newcomers
from .next_basket import Decay
from .offer_supply import sellers, supply_of
from .recommend import Recommended, Recommender, learn_recommender
from .rerank import Supply, Weights

MOST_ASKED = 5_000  # customers that are looked at for one product: those who buy its category most
EPOCH = pd.Timestamp("1970-01-01")


@dataclass(frozen=True)
class Shop:
    """What recommending needs.

    Attributes:
        baskets: what was bought before the day.
        maker: see there.
        supply: of products.
        names: of products, by id, where they are known.
        sales: money, or baskets where none is known, by product.
        as_of: the day; what happened from it on is not known.
    """

    baskets: Baskets
    maker: Recommender
    supply: Supply
    names: Mapping[str, str]
    sales: Mapping[str, float]
    as_of: pd.Timestamp

    def for_user(self, user: str, weights: Weights, top: int) -> Recommended:
        """The offers of one customer.

        Raises:
            Refusal: nobody of that name is in the events.
        """
        if user not in self.baskets.users:
            raise Refusal("recommend-unknown-user", user=user)
        code = np.array([self.baskets.users.index(user)], dtype=np.int64)
        return self.maker.recommend(self.baskets.of(code), code, self.supply, weights, top)[0]

    def user_of(self, name: str, made_with: str) -> str:
        """The customer of an id, or of its pseudonym; the name as it is where nobody is.

        Args:
            name: as a person gives it.
            made_with: the salt of pseudonyms.
        """
        if name in self.baskets.users:
            return name
        return next((one for one in self.baskets.users if pseudonym(one, made_with) == name), name)

    def for_product(self, unique_id: str, weights: Weights, top: int) -> list[tuple[str, float]]:
        """The customers most likely to have a product in their next basket, with that chance; those first who buy.

        Raises:
            Refusal: nobody bought it before.
        """
        code = self.baskets.products.index(unique_id) if unique_id in self.baskets.products else -1
        group = self.maker.market.category
        some = np.flatnonzero(group[self.baskets.product] == group[code]) if code >= 0 else np.empty(0, np.int64)
        if not len(some) or not (self.baskets.product == code).any():
            raise Refusal("recommend-nobody-bought", product=unique_id)
        counts = np.bincount(self.baskets.user[some], minlength=len(self.baskets.users))
        codes: Ints = np.sort(np.argsort(-counts, kind="stable")[: min(MOST_ASKED, int((counts > 0).sum()))])
        free = replace(weights, lowest=None, highest=None)
        made = self.maker.recommend(self.baskets.of(codes), codes, self.supply, free, 1, own=unique_id)
        likely = [(one.user_id, offer.chance) for one in made for offer in one.offers if offer.chance and one.known]
        if not likely:
            raise Refusal("recommend-nobody-likely", product=unique_id)
        return sorted(likely, key=lambda one: (-one[1], one[0]))[:top]


def open_shop(
    events: Events,
    as_of: pd.Timestamp | None = None,
    panel: Panel | None = None,
    stock: Stock | None = None,
    decay: Decay | None = None,
    *,
    seed: int = 0,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Shop:
    """Learn what recommending needs.

    Args:
        events: what customers did; from `as_of` on it is not looked at.
        as_of: a day; when left out, the end of the events, or of the sales where they end before.
        panel: sales, for trend, prices, costs; cut here.
        stock: what is on hand. A product of it that nobody bought yet is new, and offered to who buys products like it.
        decay: of user vectors.
        seed: of draws.
        progress: called with weeks learned from, and of how many.

    Raises:
        InputError: there are no purchases before the day.
        Refusal: there are too few to learn from.
    """
    at = _end(events, panel) if as_of is None else as_of.normalize()
    known = events.before(at)
    if known.frame.empty:
        raise InputError(f"--as-of {at:%Y-%m-%d}: the events begin on {events.frame['ds'].min():%Y-%m-%d}")
    listed = () if stock is None else tuple(stock.rows)
    baskets = baskets_of(known.frame, products=listed, users=known.frame["user_id"].unique().tolist())
    names = _texts(events, "name")
    if panel is not None:
        panel = panel.before(at - pd.Timedelta(days=1))  # it lets in all of the period that is named
        described = panel.static.get("description", pd.Series(dtype="str"))
        names = {str(uid): str(text) for uid, text in described.dropna().items()} | names
    groups = _texts(events, "category")
    if panel is not None and "category" in panel.static:
        groups = {str(uid): str(text) for uid, text in panel.static["category"].dropna().items()} | groups
    category = _codes([groups.get(uid) or f"\0{uid}" for uid in baskets.products])
    maker = learn_recommender(baskets, (at - EPOCH).days, category, decay, seed=seed, progress=progress)
    supply = supply_of(baskets.products, maker.market.trend, panel, stock)
    sold = np.bincount(baskets.product, minlength=len(baskets.products)).astype(float)
    may = np.flatnonzero(supply.on_hand > 0).tolist()
    new = newcomers([names.get(uid, "") for uid in baskets.products], sold, may)
    return Shop(baskets, replace(maker, newcomers=new, names=names), supply, names, sellers(baskets), at)


def _end(events: Events, panel: Panel | None) -> pd.Timestamp:
    """The day after the last one that is known."""
    if panel is None:
        return events.end
    return min(events.end, pd.Timestamp(span_of(panel.cutoff, panel.freq).last) + pd.Timedelta(days=1))


def _texts(events: Events, column: str) -> dict[str, str]:
    """A column of products by id, where it holds something."""
    if column not in events.products:
        return {}
    held = events.products[column]
    return {str(uid): str(text).lower() for uid, text in held[held.notna() & (held != "")].items()}


def _codes(names: list[str]) -> Ints:
    """A number for each name, alike for alike ones."""
    return np.asarray(pd.factorize(np.array(names, dtype=object))[0], dtype=np.int64)
