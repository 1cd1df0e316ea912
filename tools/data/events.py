"""Events of customers: who did what with which product, when, and for how much, as one long table that can be cut."""

import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from ..messages import Message

COLUMNS = ("user_id", "ds", "event", "unique_id", "value")
MORE = ("units", "visit")
VIEW, CART, BUY, RETURN, COUPON, REMOVE = KINDS = ("view", "cart", "buy", "return", "coupon", "remove")
GAP = pd.Timedelta(minutes=30)  # without an event, after which another session begins


@dataclass(frozen=True)
class Events:
    """What customers did.

    Attributes:
        frame: a row an event, by user and time: `user_id`, `event`, `unique_id` (text; empty where the event is of no
            product), `ds` (time), `value` (money that changed hands; units where no money is known; below 0 of a
            return), `units` (below 0 of a return) and `visit` (the order or session as given; empty where none is).
        people: what is known of each user (age, income, …), by user_id; without columns where nothing is.
        products: `category` and `name` of each product, by unique_id; without rows where nothing is known.
        findings: what was left out or taken for granted in reading, a message each.
        name: of the source, for messages.
        digest: of the source.
    """

    frame: pd.DataFrame
    people: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(index=pd.Index([], dtype="str", name="user_id")))
    products: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(
            {"category": pd.Series(dtype="str"), "name": pd.Series(dtype="str")},
            index=pd.Index([], dtype="str", name="unique_id"),
        )
    )
    findings: tuple[Message, ...] = ()
    name: str = ""
    digest: str = ""

    def before(self, cutoff: pd.Timestamp) -> "Events":
        """What had happened before a moment: rows with `ds < cutoff`."""
        return replace(self, frame=self.frame[self.frame["ds"] < cutoff])

    def since(self, start: pd.Timestamp) -> "Events":
        """What happened from a moment on: rows with `ds >= start`."""
        return replace(self, frame=self.frame[self.frame["ds"] >= start])

    def of(self, *kinds: str) -> pd.DataFrame:
        """The rows of these kinds of event."""
        return self.frame[self.frame["event"].isin(kinds)]

    def without(self, user_id: str) -> "Events":
        """The same without one person."""
        people = self.people.drop(index=user_id, errors="ignore")
        return replace(self, frame=self.frame[self.frame["user_id"] != user_id], people=people)

    @cached_property
    def last(self) -> pd.Timestamp:
        """The last moment at which something happened."""
        return pd.Timestamp(self.frame["ds"].max())

    @cached_property
    def end(self) -> pd.Timestamp:
        """The midnight that ends the last day: where the next day would begin."""
        return self.last.normalize() + pd.Timedelta(days=1)

    @cached_property
    def visits(self) -> "pd.Series[str]":
        """Of each row of `frame`, its visit: the order or session as given, else the session that the gap cuts."""
        given = self.frame["visit"]
        open_ = self.frame.loc[given == "", ["user_id", "ds"]]
        if open_.empty:
            return given
        cut = open_["user_id"] + "#" + sessions(open_).astype("str")
        return given.where(given != "", cut.reindex(given.index))


def sessions(frame: pd.DataFrame, gap: pd.Timedelta = GAP) -> "pd.Series[int]":
    """The number of each event's session within its user: another begins once nothing happened for longer than `gap`.

    Args:
        frame: with `user_id` and `ds`, in any order.
        gap: the longest time between two events of one session.

    Returns:
        From 0, with the index of `frame`.
    """
    ordered = frame[["user_id", "ds"]].sort_values(["user_id", "ds"], kind="stable")
    begins = ordered.groupby("user_id")["ds"].diff() > gap
    return begins.groupby(ordered["user_id"]).cumsum().astype(int).reindex(frame.index)


def pseudonym(user_id: str, salt: str) -> str:
    """What stands for a user in everything that is put out: ten digits of SHA-256 over salt and id."""
    return hashlib.sha256(f"{salt}\0{user_id}".encode()).hexdigest()[:10]
