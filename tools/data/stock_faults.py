"""What is wrong with the rows of a stock file: one finding a fault, and the same by product, for files to hand on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..messages import Count, Message, message

LISTED = 5  # products that a finding names


@dataclass
class Faults:
    """Faults as they are found: by their key, what is shown of each and which product it is of."""

    _found: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, key: str, product: str, shown: str = "") -> None:
        """One more.

        Args:
            key: of the message `stock-KEY`.
            product: that it is of; empty where the row names none.
            shown: the product with what is wrong of it, where that is more than its name.
        """
        self._found.setdefault(key, {}).setdefault(shown or product or "-", product)

    def messages(self) -> list[Message]:
        """A finding a fault, with the first of its products."""
        return [_message(key, list(some)) for key, some in self._found.items()]

    def notes(self) -> Mapping[str, tuple[Message, ...]]:
        """What is wrong with each product."""
        made: dict[str, tuple[Message, ...]] = {}
        for key, some in self._found.items():
            for shown, product in some.items():
                made[product] = (*made.get(product, ()), _message(key, [shown]))
        return made


def _message(key: str, shown: list[str]) -> Message:
    more = max(len(shown) - LISTED, 0)
    return message(f"stock-{key}", count=Count(len(shown)), products=tuple(shown[:LISTED]), more=more)
