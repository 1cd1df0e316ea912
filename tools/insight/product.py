"""Looking at one product: numbers of its history, season, prices and odd periods, and of products side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..data.freq import YEAR, ByFreq
from ..data.panel import Panel
from ..messages import ProductName, Refusal
from ..quantiles import Array
from .answer import LATE, label, many, mean, units

HISTORY = ByFreq({"D": 28, "W": 12, "M": 12})
ODD = 3.5  # robust standard deviations from what is usual around a period
AROUND = 4  # periods on each side that show what is usual
PROMOTED = ("promo", "discount", "display", "mailer", "coupon")
ON = 0.05  # a discount, or share of stores, from which a period counts as promoted


@dataclass(frozen=True)
class History:
    """What a product sold in some periods, and before.

    Attributes:
        sold: units by date; NaN where not known.
        before: mean units a period of as many periods before; None where they are not known.
        year_ago: the same a year before.
    """

    sold: "pd.Series[float]"
    before: float | None
    year_ago: float | None


def history(panel: Panel, unique_id: str, periods: int | None = None, during: str | None = None) -> History:
    """What a product sold in its last periods, or in a month, quarter or year, and in as many before and a year ago.

    Args:
        panel: what is known.
        unique_id: the product.
        periods: how many of the last ones.
        during: as `2024-12`, `2024-Q4` or `2024`; `12` or `Q4` for the last one, `-12` for that of last year.

    Raises:
        Refusal: nothing is known of then.
    """
    y = units(panel, unique_id)
    last = y.iloc[-(periods or HISTORY[panel.freq]) :] if during is None else _during(y, during)
    if last.dropna().empty:
        product = label(panel, unique_id)
        if during is None:
            raise Refusal("nothing-known-of-last", product=product, span=many(len(last), panel))
        raise Refusal("nothing-known-of", product=product, when=during)
    first, count, year = int(y.index.searchsorted(last.index[0])), len(last), YEAR[panel.freq]
    ago = y.iloc[first - year : first - year + count] if first >= year else y.iloc[:0]
    return History(last, _whole(y.iloc[max(first - count, 0) : first], count), _whole(ago, count))


def _whole(values: "pd.Series[float]", count: int) -> float | None:
    """Their mean where there are so many, and any is known."""
    level = mean(values)
    return level if len(values) == count and np.isfinite(level) else None


def _during(y: "pd.Series[float]", when: str) -> "pd.Series[float]":
    """The rows of a month, quarter or year; without a year, of the last one that had begun."""
    span = named_span(y.index[-1], when)
    return y[(y.index >= span.start_time) & (y.index <= span.end_time)]


def named_span(end: pd.Timestamp, when: str) -> pd.Period:
    """A month, quarter or year, such as `2024-12`, `Q4` or `-12`; without a year, the last one begun by the end."""
    part = when.removeprefix("-")
    years = [""] if len(part) > 3 else [f"{end.year - 1}-"] if part != when else [f"{end.year}-", f"{end.year - 1}-"]
    spans = [pd.Period(f"{year}{part}".replace("-Q", "Q")) for year in years]
    return next((span for span in spans if span.start_time <= end), spans[-1])


@dataclass(frozen=True)
class Season:
    """When a product sells most and least, and where it is heading.

    Attributes:
        periods: that the trend is of.
        trend: units a period gained from one end of them to the other; negative where it falls.
        way: rising, falling or flat (within a twentieth of its level).
        shape: share of its mean by weekday (0 is Monday) or month (1 to 12).
        long_enough: two years are known, so that season and trend can be separated.
        now: mean units a period of the last periods.
        then: the same of as many before; NaN where they are not known.
    """

    periods: int
    trend: float
    way: str
    shape: dict[int, float]
    long_enough: bool
    now: float = float("nan")
    then: float = float("nan")

    @property
    def turned(self) -> bool:
        """Whether it moved of late by a tenth or more against its trend, or by a quarter where it has none."""
        if not self.then > 0:
            return False
        change = self.now / self.then - 1
        return {"rising": change <= -0.1, "falling": change >= 0.1}.get(self.way, abs(change) >= 0.25)


def season(panel: Panel, unique_id: str) -> Season:
    """A product's season and trend.

    The season is the mean, a weekday or a month, of units over the mean of the week around or of the whole past; the
    trend is Theil and Sen's slope over the last year.

    Raises:
        Refusal: too little is known.
    """
    y = units(panel, unique_id).dropna()
    if len(y) < 2 * AROUND or y.mean() <= 0:
        raise Refusal("season-too-short", product=ProductName(unique_id), span=many(len(y), panel))
    recent = y.iloc[-YEAR[panel.freq] :]
    trend = slope(np.asarray(recent, dtype=float)) * (len(recent) - 1)
    level = float(np.median(recent.to_numpy()))
    way = "rising" if trend > 0.05 * level else "falling" if trend < -0.05 * level else "flat"
    days = pd.DatetimeIndex(y.index)
    by = days.dayofweek if panel.freq == "D" else days.month
    usual = y.rolling(7, center=True, min_periods=3).mean() if panel.freq == "D" else float(y.mean())
    means = (y / usual).groupby(by).mean()
    shape = dict(zip([int(str(place)) for place in means.index], [float(v) for v in means], strict=True))
    late = LATE[panel.freq]
    now, then = mean(y.iloc[-late:]), mean(y.iloc[-2 * late : -late]) if len(y) >= 2 * late else float("nan")
    return Season(len(recent), trend, way, shape, panel.freq == "D" or len(y) >= 2 * YEAR[panel.freq], now, then)


def slope(values: Array) -> float:
    """Theil and Sen's slope: the median of the slopes between every two of the values `[N]`, units a period.

    Source: Sen (1968), "Estimates of the regression coefficient based on Kendall's tau".
    """
    first, second = np.triu_indices(len(values), 1)
    return float(np.median((values[second] - values[first]) / (second - first)))


def last_and_before(panel: Panel, unique_id: str, periods: int | None = None) -> tuple[float, float]:
    """Mean units a period of a product's last periods, and of as many before; NaN where nothing is known of them.

    Raises:
        Refusal: nothing is known of the last ones.
    """
    count = periods or LATE[panel.freq]
    y = units(panel, unique_id)
    now, then = mean(y.iloc[-count:]), mean(y.iloc[-2 * count : -count])
    if not np.isfinite(now):
        raise Refusal("nothing-known-of-product", product=ProductName(unique_id), span=many(count, panel))
    return now, then


def year_ago(panel: Panel, unique_id: str, periods: int | None = None) -> float:
    """Mean units a period of a product's last periods as of a year before; NaN where not all are known."""
    count, year = periods or LATE[panel.freq], YEAR[panel.freq]
    y = units(panel, unique_id)
    then = y.iloc[-count - year : -year] if len(y) >= count + year else y.iloc[:0]
    return mean(then) if len(then) == count else float("nan")


@dataclass(frozen=True)
class Promoted:
    """What a product sold in the periods with a promotion and in the others: an association, not an effect.

    Attributes:
        name: of the column.
        periods: with it.
        on: mean units a period with it.
        off: without.
    """

    name: str
    periods: int
    on: float
    off: float


def promoted(panel: Panel, unique_id: str) -> list[Promoted]:
    """What a product sold with and without each kind of promotion that the data has at least two periods of."""
    past = panel.past_of(unique_id)
    found = []
    for name in [one for one in PROMOTED if one in past]:
        on = is_on(past[name], name)
        rest = past["y"].notna() & ~on
        if (past["y"].notna() & on).sum() >= 2 and rest.any():
            found.append(Promoted(name, int(on.sum()), mean(past.loc[on, "y"]), mean(past.loc[rest, "y"])))
    return found


def is_on(values: "pd.Series[float]", name: str) -> "pd.Series[bool]":
    """Where a promotion counts as on: any promotion or coupon, a discount or share of stores from a twentieth."""
    return values.astype(float) > (0 if name in ("promo", "coupon") else ON)


@dataclass(frozen=True)
class Odd:
    """A period far from what is usual around it.

    Attributes:
        distance: from the usual, in robust standard deviations.
        unique_id: of what.
        ds: when.
        y: units.
        usual: the median of the periods around, units.
    """

    distance: float
    unique_id: str
    ds: pd.Timestamp
    y: float
    usual: float


def odd_periods(panel: Panel, unique_ids: Sequence[str], limit: int = 5) -> list[Odd]:
    """Periods far from what is usual around them, the oddest first.

    Distance is from the median of the periods around, in median absolute deviations scaled to standard deviations.
    """
    found: list[Odd] = []
    for uid in unique_ids:
        y = units(panel, uid)
        usual = y.rolling(2 * AROUND + 1, center=True, min_periods=AROUND).median()
        gap = y - usual
        spread = max(1.4826 * float(gap.abs().median()), 0.1 * float(y.mean()), 0.5)
        odd = gap.index[(gap.abs() / spread > ODD).to_numpy()]
        found += [Odd(float(abs(gap[at]) / spread), uid, at, float(y[at]), float(usual[at])) for at in odd]
    return sorted(found, key=lambda one: (-one.distance, one.unique_id))[:limit]
