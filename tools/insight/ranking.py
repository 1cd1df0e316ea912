"""Ranking: what products, or groups of them, sold in a span of the past, in units, revenue or margin."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from ..data.freq import YEAR
from ..data.groups import groups_of
from ..data.panel import Panel
from ..messages import Refusal
from .answer import LATE
from .catalogue import in_category
from .product import named_span

Measure = Literal["units", "revenue", "margin"]
PRICE = "price"
COSTS = ("cost", "unit_cost", "cost_price", "purchase_price")  # columns that hold what a unit costs the retailer


@dataclass(frozen=True)
class Span:
    """Periods of the past that follow on one another.

    Attributes:
        first: label of the first.
        last: label of the last.
        periods: how many of them the panel knows.
        named: it is a month, quarter or year that was asked for, and not the last periods.
    """

    first: pd.Timestamp
    last: pd.Timestamp
    periods: int
    named: bool = False


def span_of(panel: Panel, periods: int | None = None, during: str | None = None) -> Span:
    """The last periods of a panel (of late, where their number is not given), or those of a month, quarter or year.

    Args:
        panel: what is known.
        periods: how many of the last ones; no more than are known.
        during: as `2024-12`, `2024-Q4` or `2024`; `12` or `Q4` for the last one, `-12` for that of last year.

    Raises:
        Refusal: nothing is known of then.
    """
    dates = pd.DatetimeIndex(panel.past["ds"].unique()).sort_values()
    if during is None:
        chosen = dates[-(periods or LATE[panel.freq]) :]
    else:
        within = named_span(panel.cutoff, during)
        chosen = dates[(dates >= within.start_time) & (dates <= within.end_time)]
        if chosen.empty:
            raise Refusal("nothing-sold-in", when=during)
    return Span(chosen[0], chosen[-1], len(chosen), during is not None)


def earlier(panel: Panel, span: Span) -> Span:
    """As many periods just before, so far as they are known."""
    return _back(panel, span, len(pd.date_range(span.first, span.last, freq=panel.offset)))


def year_before(panel: Panel, span: Span) -> Span:
    """The same periods a year (364 days, 52 weeks, 12 months) before, so far as they are known."""
    return _back(panel, span, YEAR[panel.freq])


def _back(panel: Panel, span: Span, periods: int) -> Span:
    first, last = (pd.date_range(end=end, periods=periods + 1, freq=panel.offset)[0] for end in (span.first, span.last))
    dates = pd.DatetimeIndex(panel.past["ds"].unique())
    return Span(first, last, int(((dates >= first) & (dates <= last)).sum()))


def rows_of(panel: Panel, span: Span, measure: Measure = "units") -> pd.DataFrame:
    """The rows of a span: `unique_id`, `ds`, `y` and `value`, NaN where not known.

    Revenue is units times price, margin is units times price less cost, both in the data's currency. What did not sell
    brought in nothing, whatever it would have cost.

    Raises:
        Refusal: the data has no price, or no cost.
    """
    rows = panel.past[(panel.past["ds"] >= span.first) & (panel.past["ds"] <= span.last)]
    if measure == "units":
        return rows[["unique_id", "ds"]].assign(y=rows["y"].astype(float), value=rows["y"].astype(float))
    worth = _column(panel, rows, (PRICE,), "no-price")
    if measure == "margin":
        worth = worth - _column(panel, rows, COSTS, "no-cost")
    y = rows["y"].astype(float)
    return rows[["unique_id", "ds"]].assign(y=y, value=(y * worth).mask(y == 0, 0.0))


def _column(panel: Panel, rows: pd.DataFrame, names: tuple[str, ...], refusal: str) -> "pd.Series[float]":
    """A column of the rows, or of each product."""
    for name in names:
        if name in rows:
            return rows[name].astype(float)
        if name in panel.static:
            known = pd.to_numeric(panel.static[name], errors="coerce")
            return pd.Series(rows["unique_id"].map(known), index=rows.index, dtype=float)
    raise Refusal(refusal, columns=names)


def levels(
    panel: Panel, span: Span, measure: Measure = "units", category: str | None = None, by: str | None = None
) -> "pd.Series[float]":
    """The mean a period of a span, by unique_id, or by the value of a column.

    A product's mean is over the periods known of it; that of a group is its products' sum over all periods of the span.

    Raises:
        Refusal: there is no such category, or the data has no price or cost.
    """
    rows = rows_of(panel, span, measure)
    rows = rows[rows["unique_id"].isin(in_category(panel, category))]
    if by is None:
        return rows.groupby("unique_id", sort=False)["value"].mean().dropna()
    of = {uid: group.value for group, ids in groups_of(panel, by).items() for uid in ids}
    return rows.groupby(rows["unique_id"].map(of), sort=False)["value"].sum(min_count=1).dropna() / span.periods


def priced(panel: Panel, span: Span, measure: Measure) -> float:
    """The share, 0 to 1, of a span's units of which revenue or margin is known; 1 where nothing sold."""
    rows = rows_of(panel, span, measure)
    sold = float(rows["y"].sum())
    return float(rows.loc[rows["value"].notna(), "y"].sum()) / sold if sold > 0 else 1.0


def sellers(
    panel: Panel,
    limit: int = 10,
    category: str | None = None,
    *,
    span: Span | None = None,
    measure: Measure = "units",
    by: str | None = None,
) -> "pd.Series[float]":
    """What sells most: the mean a period of a span, of late where none is given, most first.

    Raises:
        Refusal: nothing has sold, there is no such category, or the data has no price or cost.
    """
    found = levels(panel, span or span_of(panel), measure, category, by)
    if found.empty:
        raise Refusal("nothing-sold-of-late")
    return found.sort_values(ascending=False, kind="stable").head(limit)


def movers(
    panel: Panel,
    limit: int = 5,
    category: str | None = None,
    *,
    span: Span | None = None,
    measure: Measure = "units",
    by: str | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What rose and what fell most, the periods of a span against as many before; most first.

    Returns:
        Two frames by unique_id, or by group, with `before`, `last` and `change` a period, in units or money.

    Raises:
        Refusal: the past is too short, there is no such category, or the data has no price or cost.
    """
    found = compared(panel, span or span_of(panel), measure, category, by)
    if found.empty:
        raise Refusal("movers-too-short")
    found = found[found["before"] > 0]
    ranked = found.sort_values("change", kind="stable")
    return ranked[ranked["change"] > 0].tail(limit)[::-1], ranked[ranked["change"] < 0].head(limit)


def compared(
    panel: Panel, span: Span, measure: Measure = "units", category: str | None = None, by: str | None = None
) -> pd.DataFrame:
    """The mean a period `before` and `last`, and the `change`, of what is known in both."""
    now, then = (levels(panel, one, measure, category, by) for one in (span, earlier(panel, span)))
    found = pd.DataFrame({"before": then, "last": now}).reindex(now.index).dropna()
    return found.assign(change=found["last"] - found["before"])
