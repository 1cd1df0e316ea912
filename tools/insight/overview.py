"""The overview: how all products, or a group, sold of late, and which of them a person should look at first."""

from dataclasses import dataclass

import pandas as pd

from ..data.panel import Panel
from ..messages import Refusal
from .answer import mean
from .catalogue import in_category
from .product import PROMOTED, is_on, odd_periods
from .ranking import PRICE, Span, compared, earlier, rows_of, span_of, year_before

MOVED = 25.0  # per cent from which a product counts as having moved
KINDS = ("up", "down", "stopped", "odd")
MOST_ODD = 1000  # odd periods looked at


@dataclass(frozen=True)
class Finding:
    """One product to look at.

    Attributes:
        unique_id: the product.
        what: stopped (sold before, and nothing of late), up or down (by a quarter or more), odd (one odd period).
        before: units a period before; of an odd period, what was usual.
        last: units a period of late; of an odd period, what it sold.
        ds: the odd period; None of others.
    """

    unique_id: str
    what: str
    before: float
    last: float
    ds: pd.Timestamp | None = None

    def gap(self, periods: int) -> float:
        """Units between the two over so many periods; of an odd period, over it alone."""
        return abs(self.last - self.before) * (1 if self.ds is not None else periods)


@dataclass(frozen=True)
class Overview:
    """How products sold together, and what stands out among them.

    Attributes:
        span: the last periods.
        products: how many.
        last: units a period of all together.
        before: the same of as many periods before; None where not all of them are known.
        year_ago: the same a year ago.
        revenue: a period of late and before, in the data's currency; None where no price is known.
        promoted: share in per cent of product-periods on a promotion, of late and before; None where none is known.
        riser: the product that rose most in units a period; None where none did.
        faller: that fell most.
        findings: of each product the one of most units, those of most units first.
        counts: how many products of each kind of finding.
    """

    span: Span
    products: int
    last: float
    before: float | None
    year_ago: float | None
    revenue: tuple[float, float] | None
    promoted: tuple[float, float] | None
    riser: Finding | None
    faller: Finding | None
    findings: tuple[Finding, ...]
    counts: dict[str, int]


def overview(panel: Panel, category: str | None = None, periods: int | None = None) -> Overview:
    """How all products, or those of a category, sold in the last periods against those before, and what stands out.

    Args:
        panel: what is known.
        category: by name; None is all products.
        periods: how many of the last ones; of late where not given.

    Raises:
        Refusal: there is no such category, or nothing is known of the last periods.
    """
    ids = in_category(panel, category)
    panel = panel.select(ids) if category else panel
    span = span_of(panel, periods)
    then, ago = earlier(panel, span), year_before(panel, span)
    last = _together(panel, span)
    if last is None:
        raise Refusal("nothing-sold-of-late")
    found = compared(panel, span)
    moved = [_moved(str(uid), row["before"], row["last"]) for uid, row in found.iterrows()]
    odd = [
        Finding(one.unique_id, "odd", one.usual, one.y, one.ds)
        for one in odd_periods(panel, ids, MOST_ODD)
        if one.ds >= span.first
    ]
    standing = sorted([one for one in moved if one.what] + odd, key=lambda one: (-one.gap(span.periods), one.unique_id))
    first = {one.unique_id: one for one in reversed(standing)}
    up, down = (sorted(moved, key=lambda one: way * (one.last - one.before)) for way in (-1, 1))
    return Overview(
        span=span,
        products=len(ids),
        last=last,
        before=_together(panel, then) if then.periods == span.periods else None,
        year_ago=_together(panel, ago) if ago.periods == span.periods else None,
        revenue=_revenue(panel, span, then),
        promoted=_promoted(panel, span, then),
        riser=up[0] if up and up[0].last > up[0].before else None,
        faller=down[0] if down and down[0].last < down[0].before else None,
        findings=tuple(one for one in standing if first[one.unique_id] is one),
        counts={what: len({one.unique_id for one in standing if one.what == what}) for what in KINDS},
    )


def _moved(uid: str, before: float, last: float) -> Finding:
    """A product's move; without a name where it is smaller than a quarter."""
    if before > 0 and last == 0:
        return Finding(uid, "stopped", before, last)
    far = before > 0 and abs(last / before - 1) * 100 >= MOVED
    return Finding(uid, ("up" if last > before else "down") if far else "", before, last)


def _together(panel: Panel, span: Span) -> float | None:
    """Units a period of all products together; None where nothing is known."""
    value = rows_of(panel, span)["value"]
    return float(value.sum()) / span.periods if value.notna().any() else None


def _revenue(panel: Panel, span: Span, then: Span) -> tuple[float, float] | None:
    if PRICE not in panel.past or then.periods < span.periods:
        return None
    now, old = (float(rows_of(panel, one, "revenue")["value"].sum()) / one.periods for one in (span, then))
    return (now, old) if now > 0 and old > 0 else None


def _promoted(panel: Panel, span: Span, then: Span) -> tuple[float, float] | None:
    """Shares of the product-periods in which some promotion was on."""
    names = [name for name in PROMOTED if name in panel.past]
    if not names or then.periods < span.periods:
        return None
    on = pd.concat([is_on(panel.past[name], name) for name in names], axis=1).any(axis=1)
    ds = panel.past["ds"]
    now, old = (100 * mean(on[(ds >= one.first) & (ds <= one.last)].astype(float)) for one in (span, then))
    return now, old
