"""What is known of customers and what they buy before a moment: the features of purchase intent, and what came true."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..data.events import BUY, CART, COUPON, VIEW, Events

Numbers = np.ndarray[Any, np.dtype[Any]]
WINDOWS = (7, 28, 84, 364)  # days back over which visits and money are counted
ACTIVE = 84  # days without a purchase after which a customer is not looked at
HERE, AWAY = "item", "any"  # of the item alone, of everything
FEATURES = (
    *(f"item_days_{window}" for window in WINDOWS),
    *("item_money_84", "item_units_last", "item_since", "item_gap", "item_due", "item_views_7", "item_carts_7"),
    *(f"any_days_{window}" for window in WINDOWS),
    *(
        "any_money_28",
        "any_money_364",
        "any_since",
        "any_gap",
        "any_due",
        "any_items_84",
        "any_coupons_84",
        "any_views_7",
    ),
    *("all_share_28", "all_change", "item_of_any"),
)


@dataclass(frozen=True)
class History:
    """Events as arrays, a row a user, item, day and kind; item -1 is none of those looked at.

    Attributes:
        users: U ids.
        items: K names of what may be bought.
        user: places in `users`, shape `[N]`.
        item: places in `items`, or -1.
        day: whole days since 1970.
        kind: BUY, VIEW, CART or COUPON by its place in `KINDS`.
        money: that was spent.
        units: that were bought.
    """

    users: pd.Index
    items: tuple[str, ...]
    user: Numbers
    item: Numbers
    day: Numbers
    kind: Numbers
    money: Numbers
    units: Numbers

    def before(self, day: int) -> "History":
        """What had happened before a day."""
        return self._where(self.day < day)

    def _where(self, rows: Numbers) -> "History":
        parts = (getattr(self, name)[rows] for name in ("user", "item", "day", "kind", "money", "units"))
        return History(self.users, self.items, *parts)

    def active(self, day: int) -> Numbers:
        """Places of the users who bought something in the 84 days before a day, rising."""
        rows = (self.kind == 0) & (self.day < day) & (self.day >= day - ACTIVE)
        made: Numbers = np.unique(self.user[rows])
        return made


KINDS = (BUY, VIEW, CART, COUPON)


def history(events: Events, item_of: Mapping[str, str], items: Sequence[str]) -> History:
    """Events by day and item.

    Args:
        events: of all people.
        item_of: the item of each product; others belong to none.
        items: those looked at; a product of another belongs to none.
    """
    rows = events.frame[events.frame["event"].isin(KINDS)]
    user, users = pd.factorize(rows["user_id"], sort=True)
    product, products = pd.factorize(rows["unique_id"])
    place = {name: at for at, name in enumerate(items)}
    of_product = np.array([place.get(item_of.get(uid, ""), -1) for uid in products], dtype=int)
    kind = pd.Categorical(rows["event"], categories=KINDS).codes
    days = (rows["ds"].to_numpy().astype("datetime64[D]").astype("int64"),)
    table = pd.DataFrame(
        {"user": user, "item": of_product[product], "day": days[0], "kind": kind, "money": rows["value"].to_numpy(),
         "units": rows["units"].to_numpy()}
    ).groupby(["user", "item", "day", "kind"], as_index=False)[["money", "units"]].sum()  # fmt: skip
    arrays = (table[name].to_numpy() for name in ("user", "item", "day", "kind", "money", "units"))
    return History(pd.Index(users), tuple(items), *arrays)


def day_of(at: pd.Timestamp) -> int:
    """A moment as whole days since 1970."""
    return int((at.normalize() - pd.Timestamp("1970-01-01")).days)


def features(known: History, day: int, users: Numbers) -> Numbers:
    """What was known before a day of each user and item.

    Args:
        known: history; what lies on the day or after it is not looked at.
        day: since 1970.
        users: their places, rising, shape `[U]`.

    Returns:
        Shape `[U * K, F]`, items within users; NaN where something never happened.
    """
    past, k = known.before(day), len(known.items)
    place = np.full(len(known.users), -1)
    place[users] = np.arange(len(users))
    keep = place[past.user] >= 0
    u, item, ago = place[past.user[keep]], past.item[keep], day - past.day[keep]
    kind, money, units = past.kind[keep], past.money[keep], past.units[keep]
    bought, of_item = kind == 0, item >= 0
    mine = bought & of_item
    cell, size = u * k + item, len(users) * k
    one_day = _first_of(u, ago, bought)
    made: dict[str, Numbers] = {}
    for window in WINDOWS:
        near = ago <= window
        made[f"item_days_{window}"] = np.bincount(cell[mine & near], minlength=size)
        made[f"any_days_{window}"] = _spread(np.bincount(u[one_day & near], minlength=len(users)), k)
    made["item_money_84"] = np.bincount(cell[mine & (ago <= 84)], money[mine & (ago <= 84)], minlength=size)
    made |= {f"item_{name}": value for name, value in _rhythm(cell, ago, mine, size).items()}
    made["item_units_last"] = np.full(size, np.nan)
    made["item_units_last"][cell[mine][np.argsort(-ago[mine], kind="stable")]] = units[mine][
        np.argsort(-ago[mine], kind="stable")
    ]
    for name, code in (("views", 1), ("carts", 2)):
        rows = (kind == code) & of_item & (ago <= 7)
        made[f"item_{name}_7"] = np.bincount(cell[rows], minlength=size)
    made |= {f"any_{name}": _spread(value, k) for name, value in _rhythm(u, ago, one_day, len(users)).items()}
    for window in (28, 364):
        rows = bought & (ago <= window)
        made[f"any_money_{window}"] = _spread(np.bincount(u[rows], money[rows], minlength=len(users)), k)
    pairs = np.unique(cell[mine & (ago <= 84)])
    made["any_items_84"] = _spread(np.bincount(pairs // k, minlength=len(users)), k)
    for name, code, window in (("coupons_84", 3, 84), ("views_7", 1, 7)):
        rows = (kind == code) & (ago <= window)
        made[f"any_{name}"] = _spread(np.bincount(u[rows], minlength=len(users)), k)
    buying = [_people(cell[mine & (ago > low) & (ago <= low + 28)], k) for low in (0, 28)]
    made["all_share_28"] = np.tile(buying[0] / max(len(users), 1), len(users))
    made["all_change"] = np.tile(buying[0] / np.maximum(buying[1], 1), len(users))
    made["item_of_any"] = made["item_days_364"] / np.maximum(made["any_days_364"], 1)
    return np.column_stack([made[name] for name in FEATURES]).astype(np.float32)


def came_true(known: History, day: int, horizon: int, users: Numbers) -> Numbers:
    """Whether each user bought each item from a day on, within so many days: 0 or 1, shape `[U * K]`."""
    k = len(known.items)
    place = np.full(len(known.users), -1)
    place[users] = np.arange(len(users))
    rows = (known.kind == 0) & (known.item >= 0) & (known.day >= day) & (known.day < day + horizon)
    rows &= place[known.user] >= 0
    made = np.zeros(len(users) * k)
    made[place[known.user[rows]] * k + known.item[rows]] = 1
    return made


def _rhythm(cell: Numbers, ago: Numbers, rows: Numbers, size: int) -> dict[str, Numbers]:
    """Days since the last purchase, mean days between two, and the one over the other; NaN where there is none."""
    last, first = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(last, cell[rows], ago[rows])
    np.maximum.at(first, cell[rows], ago[rows])
    count = np.bincount(cell[rows], minlength=size)
    since = np.where(count > 0, last, np.nan)
    with np.errstate(invalid="ignore"):
        gap = np.where(count > 1, (first - last) / np.maximum(count - 1, 1), np.nan)
    return {"since": since, "gap": gap, "due": since / np.maximum(gap, 1)}


def _first_of(user: Numbers, ago: Numbers, rows: Numbers) -> Numbers:
    """The rows of which each user and day is counted once, whatever the items."""
    found = np.zeros(len(user), dtype=bool)
    at = np.flatnonzero(rows)
    first = np.unique(user[at].astype("int64") * 100_000 + ago[at], return_index=True)[1]
    found[at[first]] = True
    return found


def _people(cells: Numbers, k: int) -> Numbers:
    """How many users bought each item."""
    made: Numbers = np.bincount(np.unique(cells) % k, minlength=k).astype(float)
    return made


def _spread(of_users: Numbers, k: int) -> Numbers:
    return np.repeat(of_users, k)
