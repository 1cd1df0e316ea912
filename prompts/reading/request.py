"""A request, read once: its numbers, lengths of time, months, shares, counts and weeks, as typed tokens."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from . import counts, dates, groupings, lengths, months, prices, urgencies
from .numbers import in_digits, numbers

CUSTOMER = re.compile(
    r"(?:customer|household|shopper|client|user|顾客|客户|家庭|用户) ?(?:#|no\.? ?|id ?|号)?([\w-]*\d[\w-]*)",
    re.IGNORECASE | re.ASCII,
)
FILE = re.compile(
    r"[\w./\\:~-]*\w\.(?:csv|tsv|xlsx?|jsonl?|html?|png|svg|pdf|parquet|docx?|pptx?)\b", re.IGNORECASE | re.ASCII
)
MEANT = {1, 2, 3, 6, 12}  # counts of a month, fortnight, quarter, half-year and year


@dataclass(frozen=True)
class Reading:
    """What a request says; each kind of token is read when it is first asked for.

    Attributes:
        request: as it was typed, its words of asking spelt as they should be.
        text: in lower case, with numbers in digits.
        numbers: every number, rising.
        lengths: of time, each with where it lies.
        tomorrow: as a horizon.
        weeks: places of the weeks ahead that it names; none where there are too many.
        months: and quarters and years.
        shares: in per cent.
        changes: of a price in per cent, each as it may be meant.
        promotion: on, or off, as it may be meant.
        stock: units that are there.
        shown: how many things it wants to see.
        windows: how many test windows.
        groupings: columns of the data by which it wants totals.
        ranked: columns of which it asks which group leads.
        lasting: whether it asks how long the stock lasts, or how much there is.
        thresholds: numbers of units that sales may exceed or stay below, each with which of the two.
        measures: revenue or margin, where it speaks of them.
        columns: the static columns of the data.
        known: the last day that the data knows; times of the calendar are read from there.
        until: how far ahead the ends of a month, quarter or year lie.
        urgencies: what of stock it asks for: what to order, what runs out, what lies too long.
        files: names of files.
        customers: ids of customers.
        lead: periods until an order arrives, given without their unit.
        late: by how much deliveries are late.
    """

    request: str
    columns: tuple[str, ...] = ()
    known: date | None = None

    text = cached_property(lambda reading: in_digits(reading.request.lower()))
    numbers = cached_property(lambda reading: numbers(reading.text))
    lengths = cached_property(lambda reading: lengths.lengths(reading.text))
    tomorrow = cached_property(lambda reading: lengths.tomorrow(reading.text))
    weeks = cached_property(lambda reading: lengths.weeks(reading.text))
    until = cached_property(lambda reading: dates.until(reading.text, reading.known, feasts_too=not reading.counted))
    months = cached_property(lambda reading: [*months.months(reading.text), *dates.within(reading.text, reading.known)])
    shares = cached_property(lambda reading: prices.shares(reading.text))
    changes = cached_property(lambda reading: prices.changes(reading.text))
    promotion = cached_property(lambda reading: prices.promotion(reading.text))
    stock = cached_property(lambda reading: counts.stock(reading.text))
    shown = cached_property(lambda reading: counts.shown(reading.text))
    windows = cached_property(lambda reading: counts.windows(reading.text))
    groupings = cached_property(lambda reading: groupings.groupings(reading.text, reading.columns))
    ranked = cached_property(lambda reading: groupings.ranked(reading.text, reading.columns))
    lasting = cached_property(lambda reading: counts.lasting(reading.text))
    thresholds = cached_property(lambda reading: counts.thresholds(reading.text))
    measures = cached_property(lambda reading: counts.measures(reading.text))
    lead = cached_property(lambda reading: counts.lead(reading.text))
    late = cached_property(lambda reading: [lengths.Length(span, "", True) for span in counts.late(reading.text)])
    urgencies = cached_property(lambda reading: urgencies.urgencies(reading.text))

    files = cached_property(lambda reading: FILE.findall(reading.request))
    customers = cached_property(lambda reading: CUSTOMER.findall(reading.request))

    @property
    def counted(self) -> bool:
        """Whether one of its lengths of time says how many: then a feast in it is no end, but what is sold."""
        return any(one.counted for one in self.lengths)

    @property
    def ahead(self) -> bool:
        """Whether one of its lengths of time surely lies ahead."""
        return any(one.way == "ahead" for one in self.lengths)

    @cached_property
    def horizons(self) -> list[str]:
        """How far ahead it may mean: each number it says as days, weeks and months, and of quarters and years."""
        text = counts.without_stock(prices.without_shares(self.text))  # whose numbers are no lengths of time
        whole = sorted(MEANT | {int(one) for one in numbers(text) if one == int(one) and 1 <= one <= 999})
        spans = [f"{count}{unit}" for count in whole for unit in "dwm"]
        longer = sorted(int(unit[:-1]) for unit in lengths.units(text) & {"3m", "12m"})
        spans += [f"{count * months}m" for months in longer for count in whole if count * months <= 120]
        return list(dict.fromkeys(spans))

    def ends(self, freq: str) -> list[str]:
        """How far ahead it speaks of, told by the calendar: in whole weeks of weekly data, else in days."""
        days = [int(one[:-1]) for one in self.until]
        return [f"{max(1, count // 7)}w" for count in days] if freq == "W" else self.until

    def whole(self, least: int, most: int) -> list[int]:
        """The whole numbers within these bounds."""
        return [int(number) for number in self.numbers if number == int(number) and least <= number <= most]
