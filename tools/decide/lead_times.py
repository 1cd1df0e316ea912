"""Lead times from past deliveries: cleaned, as a distribution a supplier, and a scorecard of suppliers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from ..errors import InputError
from ..quantiles import Array
from .orders import LeadTime

LONGEST = 1095  # days; three years from order to delivery is taken for a slip of the pen
SHRINK = 30.0  # orders that all suppliers together count as beside a supplier's own
MEMORY = 545  # days back that orders are looked at; both chosen in evals/bench/lead_times.py
RECENT = 365  # days that drift compares with what was before
FEWEST = 5  # deliveries on each side that drift is said of
PARTS = 20  # equally likely lengths that a lead time of an order is made of
ALPHA = 0.01  # chance of a drift that is none

Days = npt.NDArray[np.int64]
OPEN = -1  # days of an order that is not delivered yet


@dataclass(frozen=True)
class Deliveries:
    """Past orders, cleaned, oldest first, shape `[K]` each.

    Attributes:
        supplier: by name.
        ordered: day of the order, as days since 1970.
        days: from order to delivery; -1 where it is still open.
        late: days from the promised to the delivery date, negative where early; NaN where not known.
        dropped: rows left out, by reason: `no_order_date`, `negative` (delivered before it was ordered) and `too_long`
            (three years or more).
    """

    supplier: npt.NDArray[np.str_]
    ordered: Days
    days: Days
    late: Array
    dropped: dict[str, int]

    def __len__(self) -> int:
        return len(self.days)

    def known_at(self, day: int) -> "Deliveries":
        """What was known at the end of a day: later orders are gone, later deliveries are still open."""
        there = self.ordered <= day
        waiting = (self.days < 0) | (self.ordered + self.days > day)
        days, late = np.where(waiting, OPEN, self.days), np.where(waiting, np.nan, self.late)
        return Deliveries(self.supplier[there], self.ordered[there], days[there], late[there], self.dropped)


def deliveries(
    table: pd.DataFrame,
    *,
    supplier: str = "supplier",
    ordered: str = "ordered",
    delivered: str = "delivered",
    promised: str | None = "promised",
) -> Deliveries:
    """Deliveries of a table with one row an order, cleaned, and what was left out counted.

    An order without a delivery date is open.

    Args:
        table: the rows.
        supplier: its column of suppliers.
        ordered: of order dates.
        delivered: of delivery dates.
        promised: of promised dates; None where there is none.

    Raises:
        InputError: a column is missing.
    """
    wanted = [supplier, ordered, delivered, *([promised] if promised else [])]
    missing = [name for name in wanted if name not in table.columns]
    if missing:
        raise InputError(f"no column {missing[0]!r} in the deliveries; there are {', '.join(map(str, table.columns))}")

    def number(name: str) -> Array:
        dates = pd.to_datetime(table[name], errors="coerce", format="mixed")
        return np.asarray((dates - pd.Timestamp(0)) / pd.Timedelta(days=1), dtype=float)

    began, came = np.floor(number(ordered)), np.floor(number(delivered))
    late = came - np.floor(number(promised)) if promised else np.full(len(table), np.nan)
    days = came - began
    reasons = {"no_order_date": np.isnan(began), "negative": days < 0, "too_long": days >= LONGEST}
    keep = ~np.logical_or.reduce(list(reasons.values()))
    order = np.argsort(began[keep], kind="stable")
    return Deliveries(
        _one_spelling(table[supplier].astype(str)).to_numpy(dtype=str)[keep][order],
        began[keep][order].astype(np.int64),
        np.where(np.isnan(days), OPEN, days)[keep][order].astype(np.int64),
        late[keep][order],
        {name: int(rows.sum()) for name, rows in reasons.items()},
    )


def supplier_key(name: str) -> str:
    """A supplier's name as names are compared."""
    return " ".join(name.casefold().split())


def _one_spelling(names: "pd.Series[str]") -> "pd.Series[str]":
    """Names that differ in case or spaces alone are one supplier: by its commonest spelling, the first of equals."""
    usual = names.groupby(names.map(supplier_key)).agg(lambda some: some.mode(dropna=False).iloc[0])
    return names.map(supplier_key).map(usual)


def last_day(past: Deliveries) -> int:
    """The last day on which something was ordered or delivered, as days since 1970.

    Raises:
        InputError: there is no order.
    """
    if not len(past):
        raise InputError("no order of the deliveries can be used")
    return int((past.ordered + np.maximum(past.days, 0)).max())


def lead_time_quantiles(
    past: Deliveries,
    day: int,
    supplier: str,
    levels: Sequence[float],
    *,
    shrink: float = SHRINK,
    memory: int = MEMORY,
) -> Array:
    """Quantiles of a supplier's lead time, in days, as known at the end of a day, shape `[Q]`.

    Each order of the supplier counts once, and those of all suppliers together as `shrink` more: a supplier with few
    deliveries is taken to be like the others. An order still open counts as longer than it has been waiting
    (Kaplan-Meier); left out, long lead times would be missing just where they are growing.

    Args:
        past: cleaned deliveries; what lies after the day is not looked at.
        day: days since 1970.
        supplier: its name; one never seen is like the others.
        levels: Q levels, above 0 and below 1.
        shrink: orders that all suppliers count as, above 0.
        memory: days back that orders are looked at.

    Raises:
        InputError: nothing was delivered by then.

    Source: Kaplan and Meier (1958), "Nonparametric Estimation from Incomplete Observations"; the mean of a Dirichlet
    process, Ferguson (1973), on the shrinkage.
    """
    values, reached = distribution(past, day, supplier, shrink=shrink, memory=memory)
    places = np.searchsorted(reached, np.asarray(levels, dtype=float) - 1e-12)
    return np.asarray(values[np.minimum(places, len(values) - 1)], dtype=float)


def distribution(
    past: Deliveries, day: int, supplier: str, *, shrink: float = SHRINK, memory: int = MEMORY
) -> tuple[Array, Array]:
    """A supplier's lead time as a step function: days, and the share of orders that took no longer, both `[D]`.

    The last share is below 1 where the longest are still open. Arguments and errors: see `lead_time_quantiles`.
    """
    there = past.known_at(day)
    recent = there.ordered > day - memory
    if not (there.days[recent] >= 0).any():
        recent = np.ones(len(there), dtype=bool)
    closed = there.days[recent] >= 0
    if not closed.any():
        raise InputError(f"nothing was delivered by {pd.Timestamp(day, unit='D'):%Y-%m-%d}")
    days = np.where(closed, there.days[recent], day - there.ordered[recent])
    weight = (there.supplier[recent] == supplier) + shrink / len(days)
    return _kaplan_meier(days.astype(float), closed, weight)


def _kaplan_meier(values: Array, closed: npt.NDArray[np.bool_], weight: Array) -> tuple[Array, Array]:
    """Where orders ended, and the share that ended by then, both `[D]`; those not closed end later than their value."""
    at, place = np.unique(values, return_inverse=True)
    ended = np.bincount(place, weight * closed, minlength=len(at))
    waiting = np.bincount(place, weight, minlength=len(at))[::-1].cumsum()[::-1]
    reached = 1 - np.cumprod(1 - ended / waiting)
    some = ended > 0
    return at[some], reached[some]


def lead_time_of(
    past: Deliveries, day: int, supplier: str, period: float, *, longest: int, parts: int = PARTS
) -> LeadTime:
    """A supplier's lead time in whole periods, as so many equally likely quantiles of its distribution in days.

    Days become periods rounded up: what comes within a period cannot be sold from its start.

    Args:
        past: cleaned deliveries.
        day: days since 1970 that it is known at.
        supplier: its name.
        period: days of a period.
        longest: periods at most; longer ones are taken as that.
        parts: how many quantiles.

    Raises:
        InputError: nothing was delivered by then.
    """
    days = lead_time_quantiles(past, day, supplier, [(part + 0.5) / parts for part in range(parts)])
    periods, counts = np.unique(np.minimum(np.ceil(days / period - 1e-9), longest).astype(int), return_counts=True)
    return LeadTime(tuple(periods.tolist()), tuple((counts / parts).tolist()))


def scorecard(past: Deliveries, day: int, *, shrink: float = SHRINK, memory: int = MEMORY) -> pd.DataFrame:
    """How each supplier delivers, as known at the end of a day, most deliveries first.

    Args:
        past: cleaned deliveries.
        day: days since 1970.
        shrink: see `lead_time_quantiles`.
        memory: days back that orders are looked at, of all columns but drift.

    Returns:
        One row a supplier: `supplier`, `deliveries`, `open`, `on_time` (share delivered by the promised date; NaN where
        none was promised), `late_days` (mean days after the promise of those that were late; NaN where none was),
        `q0.1`, `q0.5` and `q0.9` (days, shrunk), `drift` (days that the median of the last 365 days is
        above that before; NaN with fewer than 5 deliveries on a side) and `drifts` (whether that is more than
        chance, by a Mann-Whitney test at 1 %).

    Raises:
        InputError: nothing was delivered by then.
    """
    there = past.known_at(day)
    rows = []
    for name in np.unique(there.supplier):
        own = there.supplier == name
        recent = own & (there.ordered > day - memory)
        closed = there.days >= 0
        if not (recent & closed).any():
            continue
        late = there.late[recent & np.isfinite(there.late)]
        least, middle, most = lead_time_quantiles(there, day, name, (0.1, 0.5, 0.9), shrink=shrink, memory=memory)
        drift, sure = _drift(there, own & closed, day)
        rows.append(
            {
                "supplier": str(name),
                "deliveries": int((recent & closed).sum()),
                "open": int((recent & ~closed).sum()),
                "on_time": float((late <= 0).mean()) if len(late) else np.nan,
                "late_days": float(late[late > 0].mean()) if (late > 0).any() else np.nan,
                "q0.1": least,
                "q0.5": middle,
                "q0.9": most,
                "drift": drift,
                "drifts": sure,
            }
        )
    if not rows:
        raise InputError(f"nothing was delivered by {pd.Timestamp(day, unit='D'):%Y-%m-%d}")
    return pd.DataFrame(rows).sort_values("deliveries", ascending=False, kind="stable", ignore_index=True)


def _drift(past: Deliveries, which: npt.NDArray[np.bool_], day: int) -> tuple[float, bool]:
    """How many days longer deliveries of the last year took than those before, by medians, and if that is sure."""
    came = past.ordered + past.days
    new = past.days[which & (came > day - RECENT)]
    old = past.days[which & (came <= day - RECENT)]
    if min(len(new), len(old)) < FEWEST:
        return np.nan, False
    test = stats.mannwhitneyu(new, old)
    return float(np.median(new) - np.median(old)), bool(test.pvalue < ALPHA)
