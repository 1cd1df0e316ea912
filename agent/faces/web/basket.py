"""Orders that a person changed and approved, kept for their browser, and the file of what is approved."""

import io
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ....tools.errors import InputError
from ...batch.export import no_formula

MOST_UNITS = 1e7  # of one order
BROWSERS = 200  # whose baskets are kept, the least used go first
COLUMNS = (
    *("unique_id", "name", "supplier", "order", "proposed", "unit_cost", "cost", "on_hand", "on_order", "runs_out"),
    "urgency",
)
TEXT = ("unique_id", "name", "supplier")
Rec = Mapping[str, Any]  # an order line as `skucast orders --json` says it


@dataclass
class Basket:
    """Of one browser.

    Attributes:
        units: orders that a person changed, by product.
        approved: products whose order is approved.
    """

    units: dict[str, float] = field(default_factory=dict)
    approved: set[str] = field(default_factory=set)

    def copy(self) -> "Basket":
        """One of its own that says the same."""
        return Basket(dict(self.units), set(self.approved))

    def order(self, line: Rec) -> float:
        """Units of a line: as a person changed them, else as proposed."""
        return self.units.get(line["unique_id"], float(line["order"]))

    def take(self, line: Rec, units: float, *, approved: bool) -> None:
        """Keep what a person decided of a line; what is as proposed is no change."""
        uid = line["unique_id"]
        self.units.pop(uid, None)
        if units != float(line["order"]):
            self.units[uid] = units
        (self.approved.add if approved else self.approved.discard)(uid)

    def chosen(self, lines: Iterable[Rec]) -> list[dict[str, Any]]:
        """The approved lines with an order, as rows of the file: units, what was proposed, cost at the unit cost."""
        made = []
        for line in lines:
            units, cost = self.order(line), line["evidence"]["unit_cost"]
            if line["unique_id"] not in self.approved or units <= 0:
                continue
            changed = {"order": units, "proposed": line["order"], "unit_cost": cost}
            changed["cost"] = None if cost is None else round(units * cost, 4)
            made.append({name: {**line, **changed}.get(name) for name in COLUMNS})
        return made


class Baskets:
    """The baskets of all browsers, by the name in their cookie."""

    def __init__(self) -> None:
        self._of: OrderedDict[str, Basket] = OrderedDict()

    def of(self, browser: str) -> Basket:
        """That of one browser; an empty one where it is new."""
        basket = self._of.setdefault(browser, Basket())
        self._of.move_to_end(browser)
        while len(self._of) > BROWSERS:
            self._of.popitem(last=False)
        return basket

    def put(self, browser: str, basket: Basket) -> None:
        """Have it be that of a browser."""
        self._of[browser] = basket


def units_of(text: str) -> float:
    """Units as a person wrote them.

    Raises:
        InputError: no number of 0 to ten millions.
    """
    try:
        units = float(text.strip() or "0")
    except ValueError:
        units = -1.0
    if not 0 <= units <= MOST_UNITS:
        raise InputError(f"units {text[:40]!r}: expected a number of 0 to {MOST_UNITS:,.0f}")
    return units


def doubt(line: Rec, units: float) -> str:
    """What of an order the supplier may not take: `packs` (not whole ones), `moq` (less than the least); else empty."""
    pack, least = line["evidence"]["case_pack"], line["evidence"]["moq"]
    if units and pack and abs(units / pack - round(units / pack)) > 1e-6:
        return "packs"
    return "moq" if 0 < units < least else ""


def as_csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The file as CSV, which a spreadsheet runs no formula of, and whose Chinese it reads."""
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    safe = {name: frame[name].fillna("").map(no_formula) for name in TEXT}
    return frame.assign(**safe).to_csv(index=False).encode("utf-8-sig")


def as_workbook(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """The file as a workbook."""
    held = io.BytesIO()
    options = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}
    with pd.ExcelWriter(held, engine="xlsxwriter", engine_kwargs=options) as book:
        pd.DataFrame(rows, columns=list(COLUMNS)).to_excel(book, sheet_name="orders", index=False)
    return held.getvalue()
