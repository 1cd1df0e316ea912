"""The ledger: what was forecast, overridden, decided and then sold, each written once and never changed."""

import hashlib
import os
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pandas as pd
import platformdirs

from ..data.address import Address, is_address, parse
from ..data.databases import Connection, connected
from ..data.sql import literal, quoted
from ..errors import InputError
from ..files import locked
from ..quantiles import LEVELS

SCHEMA = 1
STAGES = ("naive", "statistics", "trees", "LLM", "notes", "override")  # in the order in which a forecast is made
BANDS = tuple(f"q-{100 * level:.0f}" for level in LEVELS)
WAIT = 60.0  # seconds that another writer may take
Kind = Literal["forecast", "override", "decision", "actuals"]

TEXT, NUMBER, WHEN = "varchar", "double precision", "timestamp"
TABLES: dict[str, dict[str, str]] = {
    "skucast_entries": {
        "entry": TEXT, "run": TEXT, "kind": TEXT, "made": WHEN, "author": TEXT, "approved_by": TEXT, "source": TEXT,
        "data_digest": TEXT, "model_digest": TEXT, "prompt_digest": TEXT, "reason": TEXT, "content": TEXT,
        "corrects": TEXT,
    },
    "skucast_forecasts": {
        "entry": TEXT, "unique_id": TEXT, "freq": TEXT, "cutoff": WHEN, "stage": TEXT, "step": "bigint", "ds": WHEN,
        "mean": NUMBER, **dict.fromkeys(BANDS, NUMBER),
    },
    "skucast_decisions": {
        "entry": TEXT, "unique_id": TEXT, "kind": TEXT, "decision": TEXT, "quantity": NUMBER, "amount": NUMBER,
        "facts": TEXT,
    },
    "skucast_actuals": {"entry": TEXT, "unique_id": TEXT, "ds": WHEN, "y": NUMBER},
}  # fmt: skip
ROWS: dict[Kind, str] = {
    "forecast": "skucast_forecasts",
    "override": "skucast_forecasts",
    "decision": "skucast_decisions",
    "actuals": "skucast_actuals",
}


@dataclass(frozen=True)
class Entry:
    """What is written at one time.

    Attributes:
        kind: of its rows.
        author: who had it written.
        source: where the data came from.
        data_digest: of the data that was known.
        model_digest: of the models that forecast; empty of what no model made.
        prompt_digest: of every template; empty of what no prompt made.
        approved_by: who approved it; empty where nobody was asked.
        reason: in a person's own words; empty where none was given.
    """

    kind: Kind
    author: str
    source: str = ""
    data_digest: str = ""
    model_digest: str = ""
    prompt_digest: str = ""
    approved_by: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Written:
    """What became of an entry.

    Attributes:
        entry: its digest, by which it is known.
        new: it was written now; False where the newest one of the same rows says the same already.
        corrects: the digest of the entry that it takes the place of; empty of a first one.
        rows: how many it has.
    """

    entry: str
    new: bool
    corrects: str
    rows: int


@dataclass(frozen=True)
class Ledger:
    """A database of entries that are added to and never changed.

    Attributes:
        address: of a DuckDB file or a PostgreSQL database.
    """

    address: Address

    @property
    def shown(self) -> str:
        """For people, without a password."""
        return self.address.url if self._file else self.address.shown

    @property
    def folder(self) -> Path:
        """Where what belongs to it lies: the file's folder, or one of our own for a server."""
        return self._file.parent if self._file else _home(self.address.shown)

    @property
    def _file(self) -> Path | None:
        return Path(self.address.url) if self.address.kind == "duckdb" else None

    @contextmanager
    def open(self, *, write: bool = False) -> Iterator[Connection]:
        """A connection, one transaction, to the ledger alone: others wait.

        Raises:
            InputError: there is no ledger yet to read, it is of another schema, or the database cannot be used.
        """
        if self._file is None:
            with connected(self.address, write=write) as base:
                yield self._checked(base, write=write)
            return
        if not write and not self._file.exists():
            raise InputError(f"{self.shown}: no ledger yet; skucast forecast … --publish begins one")
        with (
            locked(self._file.with_name(f"{self._file.name}.lock"), self.shown, wait=WAIT),
            connected(self.address, write=write) as base,
        ):
            yield self._checked(base, write=write)

    def write(
        self, entry: Entry, rows: pd.DataFrame, *, also: Callable[[Written], object] = lambda written: None
    ) -> Written:
        """Add an entry with its rows: all of it or nothing, and not again what the newest one says already.

        Args:
            entry: what is common to the rows.
            rows: with the columns of the kind's table but `entry`.
            also: called before the transaction ends, where the entry is new; an error of it takes the entry back.

        Raises:
            InputError: no rows, a series that is forecast there by another frequency, or the database cannot be
                written.
        """
        if rows.empty:
            raise InputError("nothing to write into the ledger")
        table = ROWS[entry.kind]
        held = rows[[name for name in TABLES[table] if name != "entry"]].reset_index(drop=True).copy()
        content = _digest(entry, held)
        run, made = uuid.uuid4().hex, datetime.now(UTC).replace(tzinfo=None)
        with self.open(write=True) as base:
            base.run(f"create temporary table skucast_new ({_columns(table, held.columns)})")
            base.load("skucast_new", held)
            if table == "skucast_forecasts":
                self._one_frequency(base)
            newest = base.read(_same_rows(table)) if entry.kind != "actuals" else None
            before, theirs = ("", "") if newest is None or newest.empty else newest.iloc[0].tolist()
            if theirs == content:
                return Written(str(before), False, "", len(held))
            first = f"{made:%Y-%m-%d %H:%M:%S.%f}" if entry.kind == "actuals" else before
            digest = hashlib.sha256(f"{content} {first}".encode()).hexdigest()[:16]
            head = {"entry": digest, "run": run, "made": f"{made:%Y-%m-%d %H:%M:%S.%f}", **entry.__dict__}
            head |= {"content": content, "corrects": before}
            names = ", ".join(head)
            values = ", ".join(literal(value) for value in head.values())
            base.run(f"insert into skucast_entries ({names}) values ({values}) on conflict do nothing")
            ours = base.read(f"select run from skucast_entries where entry = {literal(digest)}")["run"][0] == run
            written = Written(digest, ours, str(before), len(held))
            if ours:  # another may have written the very same meanwhile
                listed = ", ".join(quoted(name) for name in held.columns)
                base.run(f"insert into {table} (entry, {listed}) select {literal(digest)}, {listed} from skucast_new")
                also(written)
        return written

    def read(self, sql: str) -> pd.DataFrame:
        """What one SELECT over the tables of `TABLES` gives.

        Raises:
            InputError: there is no ledger yet, or the database cannot be read.
        """
        with self.open() as base:
            return base.read(sql)

    def _one_frequency(self, base: Connection) -> None:
        """Refuse a series that stands there by another frequency: what a week sold would pass for its last day."""
        other = base.read(
            "select old.unique_id, old.freq as held, new.freq as wanted from skucast_forecasts as old join skucast_new "
            "as new on old.unique_id = new.unique_id and old.freq <> new.freq order by 1 limit 1"
        )
        if len(other):
            uid, held, wanted = other.iloc[0]
            raise InputError(f"{self.shown}: {uid} stands there by {held}, not {wanted}; name another --ledger for it")

    def _checked(self, base: Connection, *, write: bool) -> Connection:
        """The connection, once its tables are there and of our schema."""
        there = set(base.tables())
        if "skucast_ledger" not in there:
            if not write:
                raise InputError(f"{self.shown}: no ledger there yet; skucast forecast … --publish begins one")
            base.run("create table if not exists skucast_ledger (schema_version bigint primary key)")
            base.run(f"insert into skucast_ledger values ({SCHEMA}) on conflict do nothing")
            for name in TABLES:
                key = ", primary key (entry)" if name == "skucast_entries" else ""
                base.run(f"create table if not exists {name} ({_columns(name, TABLES[name])}{key})")
        found = int(base.read("select max(schema_version) as schema_version from skucast_ledger")["schema_version"][0])
        if found != SCHEMA:
            raise InputError(f"{self.shown}: a ledger of schema {found}; this skucast knows schema {SCHEMA}")
        return base


def open_ledger(where: str | None, data: str = "") -> Ledger:
    """The ledger that is meant.

    The default is one a source of data, by where it lies: its content, and so its digest, changes as sales come in.

    Args:
        where: a DuckDB file or `postgresql://…`; None for the default.
        data: file or address of the sales.

    Raises:
        InputError: neither is given, or the address is none of a database that we know.
    """
    if where is not None and is_address(where):
        of = parse(where)
        if of.table:
            raise InputError(f"--ledger {of.shown}: name the database alone, without ::{of.table}")
        return Ledger(of)
    if where is None and not data:
        raise InputError("which ledger? name the sales, or --ledger FILE.duckdb or postgresql://…")
    file = Path(where) if where is not None else _home(_place(data)) / "ledger.duckdb"
    return Ledger(Address("duckdb", str(file), str(file.absolute())))


def _home(of: str) -> Path:
    """A folder of its own for what is kept of a source of data: `$SKUCAST_HOME`, else the user's data folder."""
    name = hashlib.sha256(of.encode()).hexdigest()[:16]
    return Path(os.environ.get("SKUCAST_HOME") or platformdirs.user_data_dir("skucast")) / "ledgers" / name


def _place(data: str) -> str:
    """A source of data by where it lies."""
    return parse(data).shown if is_address(data) else str(Path(data.partition("#")[0]).resolve())


def _columns(table: str, names: "pd.Index[str] | Mapping[str, str]") -> str:
    return ", ".join(f"{quoted(name)} {TABLES[table][name]}" for name in names)


def _same_rows(table: str) -> str:
    """The newest entry with rows of the same series, cutoffs and stages as the new ones; or of the same decisions."""
    keys = ("unique_id", "cutoff", "stage") if table == "skucast_forecasts" else ("unique_id", "kind")
    same = " and ".join(f"old.{key} = new.{key}" for key in keys)
    return (
        "select entry, content from skucast_entries where entry in (select distinct old.entry from "
        f"{table} as old join (select distinct {', '.join(keys)} from skucast_new) as new on {same}) "
        "order by made desc limit 1"
    )


def _digest(entry: Entry, rows: pd.DataFrame) -> str:
    """Digest of all that an entry says, whoever wrote it when: its head and its rows, in any order."""
    said = [entry.kind, entry.data_digest, entry.model_digest, entry.prompt_digest, entry.reason]
    found = hashlib.sha256(repr(said).encode())
    found.update(repr(list(rows.columns)).encode())
    hashed = pd.util.hash_pandas_object(rows, index=False).to_numpy(copy=True)
    hashed.sort()
    found.update(hashed.tobytes())
    return found.hexdigest()[:16]
