"""Looking at one product: its history, season, prices, odd periods, and how it stands against others."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..data.panel import PERIOD_NAME, Panel
from ..errors import InputError
from .answer import LATE, YEAR, Answer, Sheet, label, many, mean, moved, units
from .drivers import figure

HISTORY: dict[str, int] = {"D": 28, "W": 12, "M": 12}
ODD = 3.5  # robust standard deviations from what is usual around a period
AROUND = 4  # periods on each side that show what is usual
PROMOTED = ("promo", "discount", "display", "mailer", "coupon")
ON = 0.05  # a discount, or share of stores, from which a period counts as promoted


def sales_history(panel: Panel, unique_id: str, periods: int | None = None, during: str | None = None) -> Answer:
    """What a product sold in its last periods, or in a month, quarter or year, against as many before and a year ago.

    Args:
        panel: what is known.
        unique_id: the product.
        periods: how many of the last ones.
        during: as `2024-12`, `2024-Q4` or `2024`; `12` or `Q4` for the last one, `-12` for that of last year.

    Raises:
        InputError: nothing is known of then.
    """
    y = units(panel, unique_id)
    last = y.iloc[-(periods or HISTORY[panel.freq]) :] if during is None else _during(y, during)
    sold, period, count = last.dropna(), PERIOD_NAME[panel.freq], len(last)
    if sold.empty:
        when = f"the last {many(count, panel)}" if during is None else during
        raise InputError(f"{label(panel, unique_id)}: nothing is known of what it sold in {when}")
    first = int(y.index.searchsorted(last.index[0]))
    before = y.iloc[max(first - count, 0) : first]
    then = f"last {many(count, panel)}" if during is None else (
        f"{many(count, panel)} from {last.index[0]:%Y-%m-%d} to {last.index[-1]:%Y-%m-%d}"
    )  # fmt: skip
    sentences = [
        f"{label(panel, unique_id)} sold {figure(float(sold.sum()))} units over the {then}, "
        f"{figure(mean(sold))} a {period} on average.",
        f"Its best {period} was the one of {sold.idxmax():%Y-%m-%d} with {figure(float(sold.max()))} units, its worst "
        f"that of {sold.idxmin():%Y-%m-%d} with {figure(float(sold.min()))}.",
    ]
    if len(before) == count and np.isfinite(mean(before)):
        change = moved(mean(last), mean(before))
        sentences.append(f"That is {change} the {many(count, panel)} before ({figure(mean(before))} a {period}).")
    year = YEAR[panel.freq]
    ago = y.iloc[first - year : first - year + count] if first >= year else y.iloc[:0]
    if len(ago) == count and np.isfinite(mean(ago)):
        sentences.append(f"It is {moved(mean(last), mean(ago))} a year before ({figure(mean(ago))} a {period}).")
    rows = tuple((f"{at:%Y-%m-%d}", "not known" if np.isnan(v) else figure(v)) for at, v in last.items())
    sheet = Sheet(f"{label(panel, unique_id)}, units a {period}", (period, "units"), rows)
    return Answer(tuple(sentences), sheet, tuple(None if np.isnan(v) else float(v) for v in last), (unique_id,))


def _during(y: "pd.Series[float]", when: str) -> "pd.Series[float]":
    """The rows of a month, quarter or year; without a year, of the last one that had begun."""
    end = y.index[-1]
    part = when.removeprefix("-")
    years = [""] if len(part) > 3 else [f"{end.year - 1}-"] if part != when else [f"{end.year}-", f"{end.year - 1}-"]
    spans = [pd.Period(f"{year}{part}".replace("-Q", "Q")) for year in years]
    span = next((span for span in spans if span.start_time <= end), spans[-1])
    return y[(y.index >= span.start_time) & (y.index <= span.end_time)]


def seasonality(panel: Panel, unique_id: str) -> Answer:
    """When a product sells most and least, how much of its variation the season explains, and where it is heading.

    The season is the mean, a weekday or a month, of units over the mean of the week around or of the whole past; the
    trend is Theil and Sen's slope over the last year.
    """
    y = units(panel, unique_id).dropna()
    period = PERIOD_NAME[panel.freq]
    if len(y) < 2 * AROUND or y.mean() <= 0:
        raise InputError(f"SKU {unique_id}: {many(len(y), panel)} with sales are too few to see a season")
    recent = y.iloc[-YEAR[panel.freq] :]
    steps = np.arange(len(recent), dtype=float)
    values = recent.to_numpy()
    pairs = np.triu_indices(len(values), 1)
    slope = float(np.median((values[pairs[1]] - values[pairs[0]]) / (steps[pairs[1]] - steps[pairs[0]])))
    yearly = slope * (len(recent) - 1)
    level = float(np.median(values))
    way = "rising" if yearly > 0.05 * level else "falling" if yearly < -0.05 * level else "flat"
    trend = f"{label(panel, unique_id)}: over the last {many(len(recent), panel)} its trend is {way}"
    trend += "." if way == "flat" else f", by about {figure(abs(yearly))} units a {period} from end to end."
    days = pd.DatetimeIndex(y.index)
    by = days.dayofweek if panel.freq == "D" else days.month
    names = list(_names(panel.freq))
    usual = y.rolling(7, center=True, min_periods=3).mean() if panel.freq == "D" else float(y.mean())
    means = (y / usual).groupby(by).mean()
    shape = dict(zip([int(str(place)) for place in means.index], [float(v) for v in means], strict=True))
    top, low = max(shape, key=shape.__getitem__), min(shape, key=shape.__getitem__)
    kind = "weekday" if panel.freq == "D" else "month"
    sentences = [
        trend,
        f"It sells most on {names[top]}" if panel.freq == "D" else f"It sells most in {names[top]}",
    ]
    sentences[1] += (
        f", {abs(shape[top] - 1) * 100:.0f} % above its mean, and least {'on' if panel.freq == 'D' else 'in'} "
        f"{names[low]}, {abs(shape[low] - 1) * 100:.0f} % below."
    )
    if panel.freq != "D" and len(y) < 2 * YEAR[panel.freq]:
        sentences.append("Less than two years are known, so season and trend cannot be told apart for sure.")
    rows = tuple((names[k], f"{v * 100:.0f} %") for k, v in shape.items())
    sheet = Sheet(f"{label(panel, unique_id)}, share of its mean", (kind, "of the mean"), rows)
    return Answer(tuple(sentences), sheet, tuple(shape.values()), (unique_id,))


def _names(freq: str) -> Sequence[str]:
    if freq == "D":
        return ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    months = "January February March April May June July August September October November December"
    return ["", *months.split()]


def compare(panel: Panel, unique_ids: Sequence[str], periods: int | None = None) -> Answer:
    """Products side by side over their last periods, each against the same number of periods before."""
    count = periods or LATE[panel.freq]
    period = PERIOD_NAME[panel.freq]
    sentences, rows = [], []
    for uid in unique_ids:
        y = units(panel, uid)
        now, then = mean(y.iloc[-count:]), mean(y.iloc[-2 * count : -count])
        if not np.isfinite(now):
            raise InputError(f"SKU {uid}: nothing is known of its last {many(count, panel)}")
        before = f"{moved(now, then)} the {figure(then)} before" if np.isfinite(then) else "with no past before that"
        sentences.append(
            f"{label(panel, uid)} sold {figure(now)} units a {period} over the last {many(count, panel)}, {before}."
        )
        rows.append((uid, panel.static_of(uid).get("description", ""), figure(then), figure(now)))
    if len(unique_ids) > 1:
        best = max(unique_ids, key=lambda uid: mean(units(panel, uid).iloc[-count:]))
        sentences.append(f"The best seller of them is SKU {best}.")
    sheet = Sheet(f"units a {period}", ("SKU", "product", f"{many(count, panel)} before", "last"), tuple(rows))
    return Answer(tuple(sentences), sheet, products=tuple(unique_ids))


def price_history(panel: Panel, unique_id: str) -> Answer:
    """A product's prices and promotions, planned ones too, and what it sold with and without: an association alone."""
    past = panel.past_of(unique_id)
    period = PERIOD_NAME[panel.freq]
    sentences, rows = [], []
    if "price" in past:
        price = past["price"].astype(float).dropna()
        if len(price):
            sentences.append(
                f"{label(panel, unique_id)} has cost between {price.min():.2f} and {price.max():.2f}, "
                f"{price.iloc[-1]:.2f} last."
            )
    for name in [one for one in PROMOTED if one in past]:
        on = past[name].astype(float) > (0 if name in ("promo", "coupon") else ON)
        rest = past["y"].notna() & ~on
        if (past["y"].notna() & on).sum() < 2 or not rest.any():
            continue
        with_, without = mean(past.loc[on, "y"]), mean(past.loc[rest, "y"])
        rows.append((name, str(int(on.sum())), figure(with_), figure(without)))
        sentences.append(
            f"In the {many(int(on.sum()), panel)} with {name} it sold {figure(with_)} units a {period}, "
            f"{moved(with_, without)} the {figure(without)} of the others."
        )
    sentences += _planned(panel, unique_id)
    if not sentences:
        raise InputError(f"SKU {unique_id}: the data holds no price or promotion of it")
    sheet = Sheet(f"units a {period}", ("with", f"{period}s", "with it", "without"), tuple(rows)) if rows else None
    return Answer(tuple(sentences), sheet, products=(unique_id,))


def _planned(panel: Panel, unique_id: str) -> list[str]:
    """The prices and promotions that are planned for a product, so far as they are."""
    plan = panel.future[panel.future["unique_id"] == unique_id]
    said = []
    if "price" in plan and len(price := plan["price"].astype(float).dropna()):
        first, last = (plan.loc[price.index[place], "ds"] for place in (0, -1))
        low, high = f"{price.min():.2f}", f"{price.max():.2f}"
        cost = f"it costs {low}" if low == high else f"it costs between {low} and {high}"
        said.append(f"As planned from {first:%Y-%m-%d} to {last:%Y-%m-%d}, {cost}.")
    for name in [one for one in PROMOTED if one in plan]:
        known = plan[plan[name].notna()]
        on = known[known[name].astype(float) > (0 if name in ("promo", "coupon") else ON)]
        if len(on):
            said.append(
                f"{name} is planned for {len(on)} of {many(len(known), panel)}, first {on['ds'].iloc[0]:%Y-%m-%d}."
            )
        elif len(known):
            said.append(f"No {name} is planned for the {many(len(known), panel)} ahead.")
    return said


def anomalies(panel: Panel, unique_ids: Sequence[str], limit: int = 5) -> Answer:
    """Periods far from what is usual around them, the oddest first.

    Distance is from the median of the periods around, in median absolute deviations scaled to standard deviations.
    """
    found: list[tuple[float, str, pd.Timestamp, float, float]] = []
    for uid in unique_ids:
        y = units(panel, uid)
        usual = y.rolling(2 * AROUND + 1, center=True, min_periods=AROUND).median()
        gap = y - usual
        spread = 1.4826 * float(gap.abs().median())
        spread = max(spread, 0.1 * float(y.mean()), 0.5)
        odd = gap.index[(gap.abs() / spread > ODD).to_numpy()]
        found += [(float(abs(gap[at]) / spread), uid, at, float(y[at]), float(usual[at])) for at in odd]
    found = sorted(found, key=lambda one: (-one[0], one[1]))[:limit]
    period = PERIOD_NAME[panel.freq]
    if not found:
        about = label(panel, unique_ids[0]) if len(unique_ids) == 1 else f"{len(unique_ids):,} products"
        return Answer((f"No {period} of {about} stands out.",), products=tuple(unique_ids[:1]))
    sentences = tuple(
        f"{label(panel, uid)} sold {figure(y)} units in the {period} of {at:%Y-%m-%d}, "
        f"where {figure(usual)} were usual."
        for _, uid, at, y, usual in found
    )
    rows = tuple((uid, f"{at:%Y-%m-%d}", figure(y), figure(usual)) for _, uid, at, y, usual in found)
    return Answer(
        sentences[:5], Sheet(f"odd {period}s", ("SKU", period, "units", "usual"), rows), products=(found[0][1],)
    )
