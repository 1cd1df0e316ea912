"""The scorecard of suppliers for people and programs: a table in the terminal, JSON, and files to hand on."""

from typing import Any

import pandas as pd
from rich.console import Console
from rich.text import Text

from ...prompts.messages.say import ENGLISH, say
from ...tools.data.deliveries import DeliveryTable
from ...tools.decide.lead_times import FEWEST, MEMORY, RECENT, SHRINK, Deliveries
from ...tools.insight.answer import Table, columns
from ...tools.messages import Count, Exact, Fact, Message, Percent, message
from .record_file import RecordFile
from .tables import drawn

COLUMNS = (
    *("supplier", "deliveries", "open", "on_time", "late_days", "q0.1", "q0.5", "q0.9", "drift", "drifts"),
    "drift_direction",
)
FILE = RecordFile("Lead times in days, as past deliveries show them.", COLUMNS, ("supplier",), "suppliers")
WIDTH = 30  # letters of a name that the terminal shows
LISTED = 5  # suppliers that a line names
UNKNOWN = message("not-known")


def told(read: DeliveryTable, past: Deliveries, day: int) -> list[Message]:
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
    """One row a supplier, most deliveries first."""
    names = ("supplier", "deliveries", "open", "on-time", "late-days", "lead-10", "lead-50", "lead-90", "drift")
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
    return Table(message("suppliers-table"), columns(*names), rows)


def direction(row: "pd.Series[Any]") -> str:
    """Which way lead times go: `longer`, `shorter`, `none` where no drift is shown, `few` where it cannot be told."""
    if pd.isna(row["drift"]):
        return "few"
    if not row["drifts"] or row["drift"] == 0:
        return "none"
    return "longer" if row["drift"] > 0 else "shorter"


def records(card: pd.DataFrame) -> list[dict[str, Any]]:
    """A supplier each, for programs: shares 0 to 1, lead times in days, null where not known."""
    made = []
    for _, row in card.iterrows():
        clean = {name: _plain(row[name]) for name in COLUMNS[:-1]}
        made.append({**clean, "drifts": bool(row["drifts"]), "drift_direction": direction(row)})
    return made


def show(card: pd.DataFrame, console: Console, lang: str = ENGLISH) -> None:
    """The table, and a line for each supplier whose lead times drift."""
    console.print(drawn(table_of(card), lang))
    for _, row in card.iterrows():
        if (way := direction(row)) in ("longer", "shorter"):
            facts: dict[str, Fact] = {"supplier": str(row["supplier"]), "days": Exact(abs(row["drift"])), "way": way}
            console.print(Text(say(Message("suppliers-drifts", facts), lang)))


def _known(value: float, shown: Any) -> Fact:
    made: Fact = UNKNOWN if pd.isna(value) else shown(value)
    return made


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return None if pd.isna(value) else round(value, 4)
    return value
