"""A request, read once: its numbers, lengths of time, months, shares, counts and weeks, as typed tokens."""

from dataclasses import dataclass
from functools import cached_property

from . import counts, months, prices
from .lengths import Length, lengths, tomorrow, weeks
from .numbers import in_digits, numbers

MEANT = {1, 2, 3, 6, 12}  # counts of a month, fortnight, quarter, half-year and year
LONGER = {"quarter": 3, "qtr": 3, "季": 3, "year": 12, "年": 12}  # months in them


@dataclass(frozen=True)
class Reading:
    """What a request says, read when it is first asked for.

    Attributes:
        request: as it was typed, its words of asking spelt as they should be.
    """

    request: str

    @cached_property
    def lower(self) -> str:
        """In lower case, with hundreds and thousands in digits."""
        return in_digits(self.request.lower())

    @cached_property
    def numbers(self) -> list[float]:
        """Every number, rising."""
        return numbers(self.lower)

    @cached_property
    def lengths(self) -> list[Length]:
        """Lengths of time, each with where it lies."""
        return lengths(self.lower)

    @cached_property
    def tomorrow(self) -> list[str]:
        """Tomorrow and the day after it, as horizons."""
        return tomorrow(self.lower)

    @cached_property
    def weeks(self) -> list[int]:
        """Places of the weeks ahead that it names; none where there are too many."""
        return weeks(self.lower) or []

    @cached_property
    def months(self) -> list[str]:
        """Months, quarters and years."""
        return months.months(self.lower)

    @cached_property
    def shares(self) -> list[float]:
        """Shares in per cent."""
        return prices.shares(self.lower)

    @cached_property
    def changes(self) -> list[list[float]]:
        """Changes of a price in per cent, each as it may be meant."""
        return prices.changes(self.lower)

    @cached_property
    def promotion(self) -> list[bool]:
        """On promotion, or off, as it may be meant."""
        return prices.promotion(self.lower)

    @cached_property
    def stock(self) -> list[int]:
        """Units that are there."""
        return counts.stock(self.lower)

    @cached_property
    def shown(self) -> list[int]:
        """How many things it wants to see."""
        return counts.shown(self.lower)

    @cached_property
    def windows(self) -> list[int]:
        """How many test windows."""
        return counts.windows(self.lower)

    @cached_property
    def lead(self) -> list[int]:
        """Periods until an order arrives, said without their unit."""
        return counts.lead(self.lower)

    @cached_property
    def horizons(self) -> list[str]:
        """How far ahead it may mean: each number it says as days, weeks and months, and of quarters and years."""
        text = counts.without_stock(prices.without_shares(self.lower))  # whose numbers are no lengths of time
        whole = sorted(MEANT | {int(one) for one in numbers(text) if one == int(one) and 1 <= one <= 999})
        spans = [f"{count}{unit}" for count in whole for unit in "dwm"]
        longer = [months for word, months in LONGER.items() if word in self.lower]
        spans += [f"{count * months}m" for months in longer for count in whole if count * months <= 120]
        return list(dict.fromkeys(spans))

    def whole(self, least: int, most: int) -> list[int]:
        """The whole numbers within these bounds."""
        return [int(number) for number in self.numbers if number == int(number) and least <= number <= most]
