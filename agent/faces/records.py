"""What people did, kept: each act is checked against roles, logged, and written into the ledger, or none of it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ...prompts.messages.say import say
from ...tools.console import err
from ...tools.data.small import read_small
from ...tools.errors import InputError
from ...tools.inputs import NotReadError, read_json
from ...tools.messages import Count, Fact, Message
from ...tools.monitor.ledger import Entry, Ledger, Written, open_ledger
from ...tools.monitor.override import COLUMNS, forecasts_of, overrides
from ..batch.publish import published
from ..forecast.report import ForecastReport
from .audit import Act, AuditLog
from .orders import PROPOSAL as ORDERS
from .price import PROPOSAL as PRICES
from .roles import Right, Roles, person, read_roles

LOG = "audit.jsonl"  # beside the ledger
APPROVED, WITHDRAWN = "approved", "withdrawn"
KINDS = {ORDERS: ("order", "order", "cost"), PRICES: ("price", "price", "")}  # kind, its quantity, its amount


@dataclass(frozen=True)
class Records:
    """A ledger, its audit log, and who acts.

    Attributes:
        ledger: what was forecast, decided and sold.
        log: who did what.
        roles: who may do what.
        who: the person.
    """

    ledger: Ledger
    log: AuditLog
    roles: Roles
    who: str

    def allowed(self, act: Right) -> "Records":
        """The same, once it is sure that the person may do this, before any work is done.

        Raises:
            InputError: they may not.
        """
        self.roles.check(self.who, act)
        return self

    def publish_and_say(self, reports: Iterable[ForecastReport], cutoff: str | None, lang: str) -> None:
        """Publish, and say so on standard error; a forecast as of an earlier date is marked as such."""
        self.said("publish", self.publish(reports, f"as of {cutoff}" if cutoff else ""), lang)

    def said(self, act: Act, written: Written, lang: str) -> None:
        """Say on standard error what became of an entry."""
        which = f"ledger-{act}" if written.new else "ledger-stands"
        facts: dict[str, Fact] = {"entry": written.entry, "rows": Count(written.rows), "ledger": self.ledger.shown}
        err.print(say(Message(which, facts), lang), markup=False, highlight=False, soft_wrap=True)

    def publish(self, reports: Iterable[ForecastReport], reason: str = "") -> Written:
        """Write forecasts into the ledger, and with them which of their signals were followed.

        Raises:
            InputError: the person may not, or it cannot be written.
        """
        self.roles.check(self.who, "publish")
        entry, rows, signals = published(reports, self.who, self.who, reason)
        written = self._write("publish", entry, rows, {"series": rows["unique_id"].nunique()})
        if len(signals):
            decided = Entry("decision", self.who, entry.source, entry.data_digest, approved_by=self.who)
            self._write("approve", decided, signals, {"kind": "signal", "lines": len(signals), "of": written.entry})
        return written

    def override(self, wanted: pd.DataFrame, reason: str) -> Written:
        """Write a person's own numbers: `unique_id`, `ds`, `units`.

        Raises:
            InputError: the person may not, or the numbers are not of what is forecast.
        """
        self.roles.check(self.who, "override")
        rows = overrides(self.ledger, wanted)
        facts = {"series": rows["unique_id"].nunique(), "periods": len(rows), "reason": reason}
        return self._write("override", Entry("override", self.who, approved_by=self.who, reason=reason), rows, facts)

    def approve(self, path: Path) -> tuple[Written, str, float | None]:
        """Approve the orders or prices of a file of JSON. They are recorded, and nothing is sent.

        Returns:
            What was written, of which kind it is, and what it comes to in the data's currency, where that is known.

        Raises:
            InputError: the person may not, up to this amount, or it is no such file.
        """
        kind, rows = proposals(path)
        return self.decide(kind, rows, path.name), kind, amount_of(rows)

    def decide(self, kind: str, rows: pd.DataFrame, source: str) -> Written:
        """Record what is approved, all of it together, and beside it what is approved no longer.

        Args:
            kind: `order` or `price`.
            rows: of the ledger; their `decision` is `approved` or `withdrawn`.
            source: the file or page that they stand in.

        Raises:
            InputError: the person may not, or not up to what the approved ones come to.
        """
        count, amount = int((rows["decision"] == APPROVED).sum()), amount_of(rows)
        self.roles.check(self.who, "approve", amount)
        facts = {"kind": kind, "lines": count, "amount": amount, "file": source}
        if count < len(rows):
            facts["withdrawn"] = len(rows) - count
        return self._write("approve", Entry("decision", self.who, source=source, approved_by=self.who), rows, facts)

    def took(self, kind: str, lines: int, file: str) -> None:
        """Record that a person took what is approved as a file.

        Raises:
            InputError: the log was changed, or cannot be written.
        """
        self.log.path.parent.mkdir(parents=True, exist_ok=True)
        self.log.add(self.who, "export", {"kind": kind, "lines": lines, "file": file})

    def _write(self, act: Act, entry: Entry, rows: pd.DataFrame, facts: dict[str, Any]) -> Written:
        """The line of the log is on the disk before the ledger's transaction ends: nothing stands there unlogged."""

        def log(written: Written) -> None:
            said = {"entry": written.entry, **({"corrects": written.corrects} if written.corrects else {}), **facts}
            self.log.add(self.who, act, said)

        return self.ledger.write(entry, rows, also=log)


def records(where: str | None, data: str, who: str | None, roles: Path | None) -> Records:
    """The ledger that is meant, with what lies beside it.

    Args:
        where: `--ledger`; None is the one of the data.
        data: file or address of the sales; empty where none was named.
        who: `--as`; None is the account's name.
        roles: `--roles`; None looks beside the ledger.

    Raises:
        InputError: no ledger is named, or the roles cannot be read.
    """
    ledger = open_ledger(where, data)
    return Records(ledger, AuditLog(ledger.folder / LOG), read_roles(roles, ledger.folder), person(who))


def decision(kind: str, line: Mapping[str, Any], quantity: str, amount: str, decided: str = APPROVED) -> dict[str, Any]:
    """A line of orders or prices as a row of the ledger; quantity and amount are the names of its fields."""
    return {
        "unique_id": str(line["unique_id"]),
        "kind": kind,
        "decision": decided,
        "quantity": float(line[quantity]),
        "amount": float("nan") if line.get(amount) is None else float(line[amount]),
        "facts": json.dumps({name: value for name, value in line.items() if name != "evidence"}),
    }


def amount_of(rows: pd.DataFrame) -> float | None:
    """What the approved rows come to in the data's currency; None where that is not known of one."""
    amounts = rows.loc[rows["decision"] == APPROVED, "amount"]
    return None if amounts.isna().any() else float(amounts.sum())


def proposals(path: Path) -> tuple[str, pd.DataFrame]:
    """The lines of a file of orders or prices (`--out FILE.json`) as rows of the ledger.

    Returns:
        `order` or `price`, and the rows.

    Raises:
        InputError: it is no such file, nothing in it is to be done, or a quantity or cost is below 0.
    """
    try:
        held = read_json(path)
        kind, quantity, amount = KINDS[held["note"]]
        rows = [decision(kind, line, quantity, amount) for line in held["lines"] if line[quantity]]
    except NotReadError:
        raise
    except (ValueError, KeyError, TypeError):
        raise InputError(f"{path}: expected a file of skucast orders or skucast price, --out FILE.json") from None
    if not rows:
        raise InputError(f"{path}: no {kind} in it")
    frame = pd.DataFrame(rows)
    if below := sorted(frame.loc[(frame["amount"] < 0) | (frame["quantity"] < 0), "unique_id"]):
        raise InputError(f"{path}: {below[0]} is below 0; expected a quantity and a cost of 0 or more")
    return kind, frame


def own_numbers(path: Path) -> pd.DataFrame:
    """A planner's own numbers from a CSV or workbook with the columns unique_id, ds and units.

    Raises:
        InputError: it cannot be read, or a column, date or number is missing.
    """
    table = read_small(path)
    missing = [name for name in COLUMNS if name not in table.columns]
    if missing:
        raise InputError(f"{path}: no column {missing[0]}; expected {', '.join(COLUMNS)}")
    made = table[list(COLUMNS)].assign(
        ds=pd.to_datetime(table["ds"], format="ISO8601", errors="coerce"),
        units=pd.to_numeric(table["units"], errors="coerce"),
    )
    if made.isna().any(axis=None):
        line = int(made.isna().any(axis=1).to_numpy().argmax())
        shown = ", ".join(str(table[name].iloc[line]) for name in COLUMNS)
        raise InputError(f"{path}: line {line + 2}: {shown}; expected a product, a date as YYYY-MM-DD and a number")
    return made


def same_number(
    ledger: Ledger, sku: str, units: float, first: pd.Timestamp | None, last: pd.Timestamp | None
) -> pd.DataFrame:
    """One number for every period of a product's newest forecast, from a date to a date.

    Raises:
        InputError: it is not forecast, or no period lies there.
    """
    there = forecasts_of(ledger, [sku])
    days = there["ds"].drop_duplicates()
    kept = days[(days >= (first or days.min())) & (days <= (last or days.max()))]
    if kept.empty:
        raise InputError(
            f"{sku}: no forecast period there; they go from {days.min():%Y-%m-%d} to {days.max():%Y-%m-%d}"
        )
    return pd.DataFrame({"unique_id": sku, "ds": kept, "units": float(units)})
