"""A budget of seconds or tokens: when it runs out, the series that are left get the forecast without the LLM."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ...tools.errors import InputError

SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}
TOKENS = {"tok": 1.0, "ktok": 1e3, "mtok": 1e6}


@dataclass(frozen=True)
class Budget:
    """What a batch may take in all; None is no bound."""

    seconds: float | None = None
    tokens: float | None = None


def parse_budget(text: str) -> Budget:
    """`90s`, `30m`, `2h`; or tokens of the LLM as `500ktok`, `20mtok`, `1000tok`.

    Raises:
        InputError: it is neither.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([a-z]+)", text.strip().lower())
    if found and float(found[1]) > 0:
        amount, unit = float(found[1]), found[2]
        if unit in SECONDS:
            return Budget(seconds=amount * SECONDS[unit])
        if unit in TOKENS:
            return Budget(tokens=amount * TOKENS[unit])
    raise InputError(f"--budget {text!r}: expected seconds (90s, 30m, 2h) or tokens (500ktok, 20mtok)")


@dataclass
class Meter:
    """What of a budget is spent, and whether the LLM may still be asked.

    Of seconds it keeps back what the series that are left will take without the LLM, by what they took so far.

    Attributes:
        budget: to keep to.
        series: of the batch that are to be forecast.
        workers: that forecast at the same time.
        clock: seconds, rising.
    """

    budget: Budget
    series: int
    workers: int = 1
    clock: Callable[[], float] = time.monotonic
    tokens: float = 0.0
    done: int = 0
    _without: float = 0.0  # seconds that these would have taken without the LLM
    _began: float = field(init=False)

    def __post_init__(self) -> None:
        self._began = self.clock()

    @property
    def seconds(self) -> float:
        """Since the batch began."""
        return self.clock() - self._began

    def add(self, series: int, tokens: float, without: float) -> None:
        """Count what some series took: tokens, and the seconds that were not the LLM's."""
        self.done += series
        self.tokens += tokens
        self._without += without

    def allows(self) -> bool:
        """Whether there is enough left to ask the LLM about the next series."""
        if self.budget.tokens is not None and self.tokens >= self.budget.tokens:
            return False
        if self.budget.seconds is None:
            return True
        each = self._without / self.done if self.done else 0.0
        return self.seconds + each * (self.series - self.done) / self.workers < self.budget.seconds
