"""The calendar of the synthetic retailer: the year, the words that have a season, public holidays and closed days."""

import re
from dataclasses import dataclass
from functools import cached_property

import holidays
import numpy as np
import pandas as pd
from dateutil.easter import easter  # type: ignore[import-untyped, unused-ignore]

from ...tools.data.cube import Bools
from ...tools.errors import InputError
from ...tools.quantiles import Array
from .words import CATALOGUE, SEASONS, Ints

GREAT = {  # holidays that people shop for, by name: over Christmas
    r"^christmas( day)?$": 1.0,
    r"^thanksgiving|^easter sunday|^good friday|^chinese new year|^eid al-fitr$|^diwali|^deepavali": 0.7,
    r"^new year's day$": 0.5,
}
SMALL = 0.25  # weight of any other public holiday: its effect and its lead, over those of Christmas
NO_HOLIDAY = r"^sunday$|observed|substitut|polling"  # what the lists hold besides
ON_THE_DAY = -0.5  # log effect of an open holiday itself
AFTER = 4  # days over which a holiday's rise is paid back
PAID_BACK = 0.4
REFERENCE = pd.date_range("2021-01-01", "2024-12-31", freq="D")  # years over which a season's word averages to 1


@dataclass(frozen=True, eq=False)
class ShopCalendar:
    """T periods of one market.

    Attributes:
        ds: the labels of the periods; of weeks, their Sundays.
        freq: `D` or `W`.
        dates: the public holidays, as days since 1970, sorted.
        weight: of each of them; the great ones weigh more than `SMALL`.
    """

    ds: pd.DatetimeIndex
    freq: str
    dates: Ints
    weight: Array

    @property
    def offset(self) -> str:
        """The pandas offset of `ds`."""
        return "D" if self.freq == "D" else "W-SUN"

    @property
    def per_week(self) -> int:
        """Periods a week."""
        return 7 if self.freq == "D" else 1

    @property
    def years(self) -> Array:
        """Years since the first period, `[T]`."""
        return np.arange(len(self.ds)) / (52.18 * self.per_week)

    @property
    def phase(self) -> Array:
        """Place in the year at the middle of each period, in radians from the first of January, `[T]`."""
        middle = self.ds if self.freq == "D" else self.ds - pd.Timedelta(days=3)
        return np.asarray(2 * np.pi * (middle.day_of_year.to_numpy(dtype=float) - 1) / 365.25)

    @cached_property
    def days(self) -> Ints:
        """Every day of every period as days since 1970, `[T, 1]` or `[T, 7]`."""
        return np.asarray(_numbers(self.ds)[:, None] + np.arange(1 - 7 // self.per_week, 1), dtype=np.int64)

    @property
    def holiday(self) -> Array:
        """Public holidays in each period, `[T]`."""
        return np.asarray(np.isin(self.days, self.dates).sum(axis=1), dtype=float)

    @property
    def great(self) -> Bools:
        """Whether each day of each period is a great holiday, `[T, 1]` or `[T, 7]`."""
        return np.isin(self.days, self.dates[self.weight > SMALL])

    @property
    def before_great(self) -> Array:
        """1 up to two weeks before a great holiday, else 0, `[T]`."""
        ahead = self.dates[self.weight > SMALL] - self.days[:, -1:]
        return np.asarray(((ahead >= 0) & (ahead <= 14)).any(axis=1), dtype=float)

    def word_seasons(self) -> Array:
        """Log effect of each word of `SEASONS`, which multiplies demand by 1 on average over the years, `[S, T]`."""
        logs = []
        for word in SEASONS:
            usual = np.log(np.mean(np.exp(_bump(word, _numbers(REFERENCE)))))
            logs.append(np.log(np.exp(_bump(word, self.days)).mean(axis=1)) - usual)
        return np.array(logs)

    def category_holidays(self, closing: float) -> Array:
        """Log effect of the public holidays on each category: a rise before, a hole on the day, a dip after, `[C, T]`.

        Args:
            closing: above 0, weeks lose the sales of the great days, when shops are shut; days say so by `opened`.
        """
        on, after = np.zeros(self.days.shape), np.zeros(self.days.shape)
        before = {lead: np.zeros(self.days.shape) for lead in CATALOGUE["lead"].unique()}
        for date, weight in zip(self.dates, self.weight, strict=True):
            away = self.days - date
            on += weight * (away == 0)
            after += np.where((away > 0) & (away <= AFTER), weight * (1 - away / (AFTER + 1)), 0.0)
            for lead, rise in before.items():
                near = (away < 0) & (away >= -lead * weight)
                np.maximum(rise, np.where(near, weight * (1 + away / (lead * weight + 1)), 0.0), out=rise)
        shut = self.great & (self.freq == "W" and closing > 0)
        logs = []
        for festive, lead in zip(CATALOGUE["festive"], CATALOGUE["lead"], strict=True):
            effect = festive * before[lead] + ON_THE_DAY * on - PAID_BACK * max(festive, 0.0) * after
            logs.append(np.log(np.where(shut, 0.0, np.exp(effect)).mean(axis=1)))
        return np.array(logs)

    def opened(self, sunday: Bools, closing: float) -> Bools:
        """Whether each shop is open, `[N, T]`: weeks always are, days but great holidays and (some) Sundays.

        Args:
            sunday: the N shops that close on Sundays.
            closing: 0 keeps all open.
        """
        if self.freq == "W":
            return np.ones((len(sunday), len(self.ds)), dtype=bool)
        shut = (sunday[:, None] & (self.ds.day_of_week.to_numpy() == 6)) | (self.great[:, 0] & (closing > 0))
        return np.asarray(~shut)


def open_calendar(start: str, periods: int, freq: str, country: str | None) -> ShopCalendar:
    """The calendar of T periods from a date on.

    Raises:
        InputError: the date, the frequency or the country is not known, or the periods pass what dates can hold.
    """
    if freq not in ("D", "W"):
        raise InputError(f"freq {freq!r}: expected D or W")
    try:
        first = pd.Timestamp(np.datetime64(start, "D"))
        if freq == "W":
            first += pd.Timedelta(days=(7 - first.day_of_week) % 7 + 6)
        ds = pd.date_range(first, periods=periods, freq="D" if freq == "D" else "W-SUN").as_unit("ns")
    except (ValueError, TypeError, OverflowError) as error:
        raise InputError(f"start {start!r} and {periods} periods: expected a date as 2020-01-06 ({error})") from None
    dates, weight = _public_holidays(country, int(ds[0].year) - 1, int(ds[-1].year) + 1)
    return ShopCalendar(ds, freq, dates, weight)


def _public_holidays(country: str | None, first: int, last: int) -> tuple[Ints, Array]:
    """The public holidays of these years, as days since 1970, and the weight of each."""
    if country is None:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    try:
        found = holidays.country_holidays(country, years=range(first, last + 1), language="en_US")
    except NotImplementedError:
        raise InputError(f"country {country!r}: expected an ISO code that has holidays, as US or DE") from None
    weights = {}
    for day, text in sorted(found.items()):
        names = [name.strip() for name in text.lower().split(";") if not re.search(NO_HOLIDAY, name.strip())]
        great = [weight for pattern, weight in GREAT.items() for name in names if re.search(pattern, name)]
        if names:
            weights[day] = max(great, default=SMALL)
    return _numbers(pd.DatetimeIndex(list(weights))), np.array(list(weights.values()))


def _numbers(days: pd.DatetimeIndex) -> Ints:
    return np.asarray(days.to_numpy(dtype="datetime64[D]").astype(np.int64), dtype=np.int64)


def _bump(word: str, days: Ints) -> Array:
    """Log rise of a season's word on each day: half a bell up to its peak and half a bell after."""
    peak, rising, falling, height = SEASONS[word]
    years = days.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
    bell = np.zeros(days.shape)
    for year in range(int(years.min()) - 1, int(years.max()) + 2):
        center = easter(year) if peak is None else f"{year}-{peak[0]:02d}-{peak[1]:02d}"
        away = days - int(np.datetime64(center, "D").astype(np.int64))
        bell = np.maximum(bell, np.exp(-0.5 * (away / np.where(away < 0, rising, falling)) ** 2))
    return height * bell
