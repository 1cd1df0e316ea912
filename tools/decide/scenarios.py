"""Scenarios: what the orders come to under another policy or with late deliveries, beside those that were planned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..data.freq import Freq
from ..data.stock import StockRow
from .budget import within_limits
from .lines import OrderLine, by_urgency, horizon_of
from .outlook import LIKELY
from .policy import Policy


@dataclass(frozen=True)
class Scenario:
    """What is wanted, and how late suppliers are.

    Attributes:
        policy: what is wanted.
        late: periods by which all that is on order, and an order placed now, come later.
    """

    policy: Policy
    late: int = 0

    @property
    def key(self) -> str:
        """By which what was made of it is known again."""
        return f"{self.policy.model_dump_json()} {self.late}"

    def horizon(self, rows: Iterable[StockRow], freq: Freq) -> int:
        """Periods that must be forecast for these products."""
        return horizon_of(rows, self.policy, freq, self.late)

    def settled(self, lines: Sequence[OrderLine]) -> list[OrderLine]:
        """The lines of a whole catalogue within budget and capacity, the most urgent first."""
        return by_urgency(within_limits(lines, budget=self.policy.budget, capacity=self.policy.capacity))


@dataclass(frozen=True)
class Outcome:
    """What the lines of a scenario come to.

    Attributes:
        lines: how many there are.
        gone: how many are expected to run out before an order placed now arrives, or before the next delivery.
        ordered: how many are ordered.
        units: to order.
        cost: of what is ordered, so far as unit costs are known; None where none is.
    """

    lines: int
    gone: int
    ordered: int
    units: float
    cost: float | None

    @classmethod
    def of(cls, lines: Sequence[OrderLine]) -> "Outcome":
        """The outcome of these lines."""
        costs = [line.cost for line in lines if line.cost is not None]
        return cls(
            lines=len(lines),
            gone=sum(line.risk >= LIKELY for line in lines),
            ordered=sum(line.order > 0 for line in lines),
            units=sum(line.order for line in lines),
            cost=sum(costs) if costs else None,
        )
