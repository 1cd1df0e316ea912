"""Causes that the data knows of: weeks at a discount, and whether the same happened in the years before."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..data.freq import YEAR
from ..data.panel import Panel
from ..messages import Fact, Message, Percent, message
from ..quantiles import Array
from .answer import many, moved
from .product import PROMOTED, is_on

SEASONAL = 10.0  # per cent by which periods must differ from those before to count as a rise or a fall


@dataclass(frozen=True)
class Deals:
    """Promoted periods among some.

    Attributes:
        count: how many were promoted.
        of: of how many where that is known.
        percent: their discount on average, in per cent; None where the data holds no discounts.
    """

    count: int
    of: int
    percent: float | None


def deals(past: pd.DataFrame) -> Deals | None:
    """The promoted ones among some rows of a series' past; None where the data does not hold what was promoted.

    A discount tells most, and is taken where there is one; else the first kind of promotion that the data has.

    Args:
        past: rows of one series, with its covariates.
    """
    name = next((one for one in ("discount", *PROMOTED) if one in past), None)
    known = past[name].dropna().astype(float) if name else pd.Series(dtype=float)
    if name is None or known.empty:
        return None
    on = known[is_on(known, name)]
    depth = float(on.mean()) * 100 if name == "discount" and len(on) else None
    return Deals(len(on), len(known), depth)


def deals_message(panel: Panel, unique_id: str, first: pd.Timestamp, last: pd.Timestamp) -> list[Message]:
    """That so many of the periods from one to another were promoted, where any was; one message or none."""
    past = panel.past_of(unique_id) if unique_id in panel.unique_ids else pd.DataFrame({"ds": []})
    found = deals(past[(past["ds"] >= first) & (past["ds"] <= last)])
    if found is None or not found.count:
        return []
    facts: dict[str, Fact] = {"count": found.count, "of": found.of, "span": many(found.of, panel)}
    if found.percent is None:
        return [Message("deals-on", facts)]
    return [Message("deals-off", facts | {"percent": Percent(found.percent)})]


@dataclass(frozen=True)
class Yearly:
    """How the last periods stand against those before them, and whether the same was so in the years before.

    Attributes:
        change: in per cent, of the last periods against as many before.
        years: before, of which the same periods are known.
        alike: of those, how many moved the same way.
        usual: the change in those years on average, in per cent; NaN of none.
    """

    change: float
    years: int
    alike: int
    usual: float


def yearly(y: Array, span: int, year: int) -> Yearly | None:
    """Whether a rise or fall comes every year; None where the last periods hardly differ from those before.

    Args:
        y: units per period, oldest first, shape `[T]`; NaN is not known.
        span: periods that are held against as many before.
        year: periods of a year.
    """
    changes = [_change(y[: len(y) - back], span) for back in range(0, len(y), year)]
    now, then = changes[0] if changes else float("nan"), [one for one in changes[1:] if np.isfinite(one)]
    if not np.isfinite(now) or abs(now) < SEASONAL:
        return None
    alike = sum(abs(one) >= SEASONAL and (one > 0) == (now > 0) for one in then)
    return Yearly(now, len(then), alike, float(np.mean(then)) if then else float("nan"))


def _change(y: Array, span: int) -> float:
    """The last periods against as many before, in per cent; NaN where they are not known."""
    if len(y) < 2 * span:
        return float("nan")
    now, before = y[-span:], y[-2 * span : -span]
    if np.isnan(now).all() or np.isnan(before).all() or np.nanmean(before) <= 0:
        return float("nan")
    return float(np.nanmean(now) / np.nanmean(before) - 1) * 100


def months(y: "pd.Series[float]") -> dict[int, float]:
    """Mean units a period of each month over the mean of all, by its number from 1; of as many months as are known."""
    known = y.dropna()
    if not len(known) or known.mean() <= 0:
        return {}
    means = known.groupby(pd.DatetimeIndex(known.index).month).mean() / float(known.mean())
    return {int(str(month)): float(value) for month, value in means.items()}


def against_mean(share: float) -> Message:
    """A share of the mean in words: `20 % above its mean`, `4.2 times its mean`."""
    return Message("against-mean", moved(share, 1.0))


def season_driver(panel: Panel, past: pd.DataFrame, span: int) -> Message | None:
    """Whether what happened of late is the season, by the years before, or the best and worst month of the one known.

    Args:
        panel: what is known.
        past: of the series.
        span: periods that are "of late".
    """
    y = pd.Series(past["y"].to_numpy(dtype=float), index=pd.DatetimeIndex(past["ds"]))
    year = YEAR[panel.freq]
    found = yearly(y.to_numpy(), span, year)
    if found is None:
        return None
    turn = "up" if found.change > 0 else "down"
    facts: dict[str, Fact] = {"turn": turn, "periods": span, "unit": message(f"unit-{panel.freq}")}
    if found.years:
        kind = "yearly" if found.alike == found.years else "not-yearly" if not found.alike else "some-years"
        facts |= {"years": found.years, "alike": found.alike}
        return Message(f"driver-season-{kind}", facts)
    shape = months(y)
    if len(y.dropna()) < 0.75 * year or len(shape) < 9:
        return None
    best, worst = max(shape, key=shape.__getitem__), min(shape, key=shape.__getitem__)
    best_facts = {f"best_{name}": value for name, value in moved(shape[best], 1.0).items()}
    worst_facts = {f"worst_{name}": value for name, value in moved(shape[worst], 1.0).items()}
    named: dict[str, Fact] = {"best": message(f"month-{best}"), "worst": message(f"month-{worst}")}
    return Message("driver-season-one-year", {**named, **best_facts, **worst_facts})
