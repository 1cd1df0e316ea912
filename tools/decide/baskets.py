"""Who bought what on which day, as arrays: what every recommendation is computed from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from ..errors import InputError

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Matrix = Any  # of scipy.sparse, whose classes carry no types


@dataclass(frozen=True)
class Baskets:
    """Purchases, one row a user, day and product, in that order. A basket is all that a user bought on one day.

    Attributes:
        users: ids, sorted; a user's place is the code in `user`.
        products: ids, sorted; likewise.
        user: code of the user of each row, `[N]`.
        day: days since 1970-01-01, `[N]`.
        product: code of the product, `[N]`.
        value: money paid, `[N]`; NaN where it is not known.
    """

    users: tuple[str, ...]
    products: tuple[str, ...]
    user: Ints
    day: Ints
    product: Ints
    value: Floats

    def before(self, day: int) -> "Baskets":
        """What was bought before a day; users and products keep their codes."""
        return self._rows(self.day < day)

    def of(self, codes: Ints) -> "Baskets":
        """The rows of some users, whose codes become their places among `codes`."""
        place = np.full(len(self.users), -1, dtype=np.int64)
        place[codes] = np.arange(len(codes))
        chosen = self._rows(place[self.user] >= 0)
        user = place[chosen.user]
        order = np.lexsort((chosen.product, chosen.day, user))
        names = tuple(self.users[code] for code in codes)
        return Baskets(names, self.products, user[order], chosen.day[order], chosen.product[order], chosen.value[order])

    def _rows(self, kept: npt.NDArray[np.bool_]) -> "Baskets":
        return Baskets(self.users, self.products, self.user[kept], self.day[kept], self.product[kept], self.value[kept])

    @property
    def last_day(self) -> int:
        """The last day of a purchase, as days since 1970-01-01."""
        return int(self.day.max()) if len(self.day) else 0

    @property
    def basket(self) -> Ints:
        """Which basket each row is of, `[N]`: counted over all users, oldest first within a user."""
        new = np.ones(len(self.day), dtype=bool)
        new[1:] = (self.user[1:] != self.user[:-1]) | (self.day[1:] != self.day[:-1])
        return np.asarray(np.cumsum(new) - 1, dtype=np.int64)

    def matrix(self, weight: Floats) -> Matrix:
        """Weights of rows summed by user and product, a CSR matrix `[U, P]`."""
        shape = (len(self.users), len(self.products))
        return sparse.csr_matrix((weight, (self.user, self.product)), shape=shape)

    def age(self) -> Ints:
        """How many baskets of its user came after that of each row, `[N]`: 0 is the newest."""
        basket = self.basket
        last = np.zeros(len(self.users), dtype=np.int64)
        np.maximum.at(last, self.user, basket)
        return np.asarray(last[self.user] - basket, dtype=np.int64)

    def counts(self) -> Ints:
        """Baskets of each user, `[U]`."""
        first = np.ones(len(self.day), dtype=bool)
        first[1:] = np.diff(self.basket) > 0
        return np.bincount(self.user[first], minlength=len(self.users))

    def next_after(self, day: int, days: int = 7) -> dict[int, Ints]:
        """The first basket of each user from a day on, within so many days: product codes by user code."""
        ahead = self._rows((self.day >= day) & (self.day < day + days))
        first = np.full(len(self.users), np.iinfo(np.int64).max)
        np.minimum.at(first, ahead.user, ahead.day)
        kept = ahead._rows(ahead.day == first[ahead.user])
        cuts = np.flatnonzero(np.diff(kept.user)) + 1
        groups = np.split(kept.product, cuts) if len(kept.user) else []
        return dict(zip(kept.user[np.r_[0, cuts]].tolist() if groups else [], groups, strict=True))


def baskets_of(events: pd.DataFrame, *, products: Sequence[str] = (), users: Sequence[str] = ()) -> Baskets:
    """The purchases of a table of events.

    Args:
        events: columns `user_id, ds, event, unique_id, value`; rows that are no purchase of a product are left out.
        products: ids that are there beside those bought, such as new ones.
        users: likewise.

    Raises:
        InputError: no event is a purchase.
    """
    bought = events[(events["event"] == "buy") & events["user_id"].notna() & events["unique_id"].fillna("").ne("")]
    if bought.empty:
        raise InputError("events: none is a purchase; expected rows with the event buy")
    user, names = _codes(bought["user_id"], users)
    product, goods = _codes(bought["unique_id"], products)
    day = (bought["ds"].to_numpy(dtype="datetime64[D]")).astype(np.int64)
    value = bought["value"].to_numpy(dtype=np.float64)
    key = (user * (day.max() + 1) + day) * len(goods) + product
    order = np.argsort(key, kind="stable")
    first = np.ones(len(order), dtype=bool)
    first[1:] = np.diff(key[order]) > 0
    total = np.add.reduceat(value[order], np.flatnonzero(first))
    rows = order[first]
    return Baskets(names, goods, user[rows], day[rows], product[rows], total)


def _codes(column: pd.Series, more: Sequence[str]) -> tuple[Ints, tuple[str, ...]]:
    """The place of each value among all values, sorted as text; and these."""
    codes, found = pd.factorize(column, sort=False)
    names = [str(one) for one in found]
    every = sorted({*names, *more})
    place = {name: i for i, name in enumerate(every)}
    return np.array([place[name] for name in names], dtype=np.int64)[codes], tuple(every)
