"""The scorecard of suppliers as messages and a table: how each delivers, who is late, and what the figures rest on."""

from typing import Any

import pandas as pd

from ..data.deliveries import DeliveryTable
from ..insight.answer import Table, columns
from ..messages import Count, Exact, Fact, Message, Percent, message
from .lead_times import FEWEST, MEMORY, RECENT, SHRINK, Deliveries

NAMES = ("supplier", "deliveries", "open", "on-time", "late-days", "lead-10", "lead-50", "lead-90", "drift")
NARROW = (0, 1, 3, 4, 6, 7)  # of them, where there is little room
WIDTH = 30  # letters of a name that a table shows
LISTED = 5  # suppliers that a line names
UNKNOWN = message("not-known")


def basis_messages(read: DeliveryTable, past: Deliveries, day: int) -> list[Message]:
    """What was read and left out, and what the figures rest on."""
    said = list(read.findings)
    reasons = {name: Count(count) for name, count in past.dropped.items() if count}
    said += [message(f"suppliers-dropped-{name.replace('_', '-')}", count=count) for name, count in reasons.items()]
    there = past.known_at(day)
    none = sorted(set(map(str, there.supplier)) - set(map(str, there.supplier[there.days >= 0])))
    if none:
        more = max(len(none) - LISTED, 0)
        said.append(message("suppliers-undelivered", count=Count(len(none)), suppliers=tuple(none[:LISTED]), more=more))
    if not read.promises:
        said.append(message("suppliers-no-promises"))
    facts: dict[str, Fact] = {"date": pd.Timestamp(day, unit="D").date(), "memory": Count(MEMORY)}
    return [*said, Message("suppliers-basis", facts | {"shrink": Exact(SHRINK), "recent": RECENT, "fewest": FEWEST})]


def table_of(card: pd.DataFrame) -> Table:
    """One row a supplier, in the card's order."""
    rows = tuple(
        (
            str(row["supplier"])[:WIDTH],
            Count(row["deliveries"]),
            Count(row["open"]),
            _known(row["on_time"], lambda share: Percent(100 * share)),
            _known(row["late_days"], lambda days: Exact(round(days, 1))),
            *(Exact(float(row[name])) for name in ("q0.1", "q0.5", "q0.9")),
            message("supplier-drift", way=direction(row), days=Exact(abs(row["drift"]) if row["drifts"] else 0.0)),
        )
        for _, row in card.iterrows()
    )
    return Table(message("suppliers-table"), columns(*NAMES), rows, NARROW)


def direction(row: "pd.Series[Any]") -> str:
    """Which way lead times go: `longer`, `shorter`, `none` where no drift is shown, `few` where it cannot be told."""
    if pd.isna(row["drift"]):
        return "few"
    if not row["drifts"] or row["drift"] == 0:
        return "none"
    return "longer" if row["drift"] > 0 else "shorter"


def drift_messages(card: pd.DataFrame) -> list[Message]:
    """A sentence for each supplier whose lead times drift."""
    return [
        message("suppliers-drifts", supplier=str(row["supplier"]), days=Exact(abs(row["drift"])), way=direction(row))
        for _, row in card.iterrows()
        if direction(row) in ("longer", "shorter")
    ]


def supplier_message(row: "pd.Series[Any]") -> Message:
    """How one supplier delivers: on time, days late, lead times."""
    return message(
        "suppliers-one",
        supplier=str(row["supplier"]),
        deliveries=Count(row["deliveries"]),
        open=Count(row["open"]),
        promised="no" if pd.isna(row["on_time"]) else "yes",
        on_time=_known(row["on_time"], lambda share: Percent(100 * share)),
        ever="no" if pd.isna(row["late_days"]) else "yes",
        late_days=_known(row["late_days"], lambda days: Exact(round(days, 1))),
        least=Exact(float(row["q0.1"])),
        middle=Exact(float(row["q0.5"])),
        most=Exact(float(row["q0.9"])),
    )


def late_message(card: pd.DataFrame) -> Message:
    """How many suppliers were late at all, and who most often; of a card that is sorted by `latest_first`."""
    promised = card[card["on_time"].notna()]
    late = promised[promised["on_time"] < 1]
    named = tuple(
        message(
            "suppliers-first-late",
            supplier=str(row["supplier"]),
            share=Percent(100 * (1 - row["on_time"])),
            days=Exact(round(float(row["late_days"]), 1)),
        )
        for _, row in late.head(LISTED).iterrows()
    )
    key = "suppliers-late" if named else "suppliers-punctual"
    if promised.empty:
        return message("suppliers-no-promises")
    return message(key, late=Count(len(late)), of=Count(len(promised)), suppliers=named)


def latest_first(card: pd.DataFrame) -> pd.DataFrame:
    """The suppliers by the share of late deliveries, the most first; those that promised nothing last."""
    return card.sort_values("on_time", kind="stable", na_position="last", ignore_index=True)


def _known(value: float, shown: Any) -> Fact:
    made: Fact = UNKNOWN if pd.isna(value) else shown(value)
    return made
