"""The catalogue as one table, made from the panel once: searched, filtered, sorted and paged without a forecast."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from ....tools.data.freq import ByFreq
from ....tools.data.panel import Panel
from ....tools.insight.answer import LATE
from ....tools.insight.ranking import PRICE
from ....tools.quantiles import Array

SHOWN = 50  # products of a page
DRAWN = ByFreq({"D": 56, "W": 26, "M": 24})  # last periods of the small chart
MOVED = 25.0  # per cent from which a product counts as having moved
STATES = ("up", "down", "stopped", "steady")
SORTS = ("sku", "name", "category", "recent", "before", "change", "revenue", "price")
UP = ("sku", "name", "category")  # sorted from the least; all others from the most

State = Literal["up", "down", "stopped", "steady"]


@dataclass(frozen=True)
class Row:
    """One product.

    Attributes:
        sku: its unique_id.
        name: a few words of it.
        category: may be empty.
        recent: units of the last periods.
        before: units of as many before.
        change: of the two, per cent; NaN where nothing sold before.
        price: the last one known; NaN where none is.
        revenue: of the last periods, at that price; NaN where it is not known.
        state: stopped (sold before, nothing of late), up or down by a quarter or more, steady.
        line: units a period, the last ones, NaN where not known.
    """

    sku: str
    name: str
    category: str
    recent: float
    before: float
    change: float
    price: float
    revenue: float
    state: State
    line: Array


@dataclass(frozen=True)
class Found:
    """A page of the products that were looked for.

    Attributes:
        rows: of the page.
        count: of all that were found.
        page: from 1.
        pages: how many there are.
    """

    rows: list[Row]
    count: int
    page: int
    pages: int


@dataclass
class Catalogue:
    """All products, as columns of N.

    Attributes:
        periods: how many the last ones are.
        sku, name, category: text.
        units: `[N, P]` units a period, NaN where not known, the last ones last.
        price: `[N]`, NaN where none is known.
    """

    periods: int
    drawn: int
    sku: list[str]
    name: list[str]
    category: list[str]
    units: Array
    price: Array
    _order: dict[str, "np.ndarray[tuple[int], np.dtype[np.intp]]"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.at = {uid: place for place, uid in enumerate(self.sku)}
        self.text = [
            f"{sku}\n{name}\n{group}".casefold()
            for sku, name, group in zip(self.sku, self.name, self.category, strict=True)
        ]
        self.recent = np.nansum(self.units[:, -self.periods :], axis=1)
        self.before = np.nansum(self.units[:, -2 * self.periods : -self.periods], axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            self.change = np.where(self.before > 0, (self.recent / self.before - 1) * 100, np.nan)
        self.revenue = self.recent * self.price
        far = np.abs(self.change) >= MOVED
        stopped = (self.before > 0) & (self.recent == 0)
        states = [stopped, far & (self.change > 0), far & (self.change < 0)]
        self.state = np.select(states, ["stopped", "up", "down"], "steady")
        self.categories = sorted({one for one in self.category if one})
        self._group = np.array(self.category, dtype=object)

    @classmethod
    def of(cls, panel: Panel) -> "Catalogue":
        """The catalogue of a panel. Takes a second or so for 30,000 products."""
        late, drawn = LATE[panel.freq], DRAWN[panel.freq]
        dates = pd.date_range(end=panel.cutoff, periods=max(2 * late, drawn), freq=panel.offset)
        ids = panel.unique_ids
        rows = panel.past[panel.past["ds"] >= dates[0]]
        place = pd.Index(ids).get_indexer(pd.Index(rows["unique_id"]))
        when = dates.get_indexer(pd.DatetimeIndex(rows["ds"]))
        units = np.full((len(ids), len(dates)), np.nan)
        units[place[when >= 0], when[when >= 0]] = rows["y"].to_numpy(dtype=float)[when >= 0]
        price = np.full(len(ids), np.nan)
        if PRICE in panel.past:
            last = panel.past[["unique_id", PRICE]].dropna().drop_duplicates("unique_id", keep="last")
            price[pd.Index(ids).get_indexer(pd.Index(last["unique_id"]))] = last[PRICE].to_numpy(dtype=float)
        static = [panel.static_of(uid) for uid in ids]
        names = [" ".join((one.get("description") or one.get("name") or "").split()) for one in static]
        groups = [one.get("category") or one.get("department") or "" for one in static]
        return cls(late, drawn, ids, names, groups, units, price)

    def row(self, sku: str) -> Row:
        """One product.

        Raises:
            KeyError: there is none of that SKU.
        """
        return self._row(self.at[sku])

    def prices(self) -> dict[str, float]:
        """The last price of each product that has one."""
        return {sku: float(one) for sku, one in zip(self.sku, self.price, strict=True) if np.isfinite(one)}

    def find(self, words: str = "", category: str = "", state: str = "", sort: str = "revenue", page: int = 1) -> Found:
        """A page of the products that bear all of the words.

        Args:
            words: parts of SKU, name or category; all where there are none.
            category: by its name; empty is all.
            state: one of `STATES`; empty is all.
            sort: one of `SORTS`; with a minus before it the other way round.
            page: from 1; beyond the last one it is the last.
        """
        kept = self._sorted(sort)
        if state in STATES:
            kept = kept[self.state[kept] == state]
        if category:
            kept = kept[self._group[kept] == category]
        asked = words.casefold().split()
        if asked:
            kept = np.array([one for one in kept if all(word in self.text[one] for word in asked)], dtype=np.intp)
        pages = max(1, -(-len(kept) // SHOWN))
        page = min(max(page, 1), pages)
        rows = [self._row(int(one)) for one in kept[(page - 1) * SHOWN : page * SHOWN]]
        return Found(rows, len(kept), page, pages)

    def _sorted(self, sort: str) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
        """Places of all products in an order, made once; what is not known comes last."""
        name, turned = sort.removeprefix("-"), sort.startswith("-")
        if name == "revenue" and not np.isfinite(self.revenue).any():
            name = "recent"
        if name not in SORTS:
            name = "recent"
        key = f"-{name}" if turned else name
        if key not in self._order:
            column: Sequence[str] | Array = getattr(self, name)
            values = np.asarray(column, dtype=object if name in UP else float)
            if name in UP:
                order = np.array(sorted(range(len(values)), key=values.__getitem__, reverse=turned), dtype=np.intp)
            else:
                order = np.argsort(values if turned else -values, kind="stable")  # NaN stands last either way
            self._order[key] = order
        return self._order[key]

    def _row(self, at: int) -> Row:
        return Row(
            self.sku[at],
            self.name[at],
            self.category[at],
            float(self.recent[at]),
            float(self.before[at]),
            float(self.change[at]),
            float(self.price[at]),
            float(self.revenue[at]),
            self.state[at],
            self.units[at, -self.drawn :],
        )
