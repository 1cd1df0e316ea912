"""A stock file: what is on hand and on order of each product, and how it is bought; read as people have it.

Columns are found by their names (`[stock]` of `words.toml`), or asked for. A fault of one cell or product is one
finding, and the rest goes on. Defaults: nothing on order, packs of one unit, no least order, no shelf life; cost,
price, supplier, lead time and review are not known where they are not given.
"""

import math
import re
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from ..errors import InputError
from ..messages import Message, Quoted, Refusal, message
from .address import is_address, parse, shown
from .columns import CLOCK, number_readings
from .databases import read_frame
from .dates import read_dates
from .deliveries import DeliveryTable
from .files import attach, files_of, lock, of_source, query, registered, split
from .freq import Freq
from .panel import Panel
from .schema import ALIASES, PanelSchema
from .series import BETWEEN, kind_of_group
from .sql import quoted
from .stock_faults import Faults
from .words import column_key, column_words, words

MEMORY_LIMIT = "1GB"
DAYS: dict[Freq, float] = {"D": 1, "W": 7, "2W": 14, "4W": 28, "M": 365.25 / 12}  # that a period has
SUPPLIER = "supplier"
TEXTS = (SUPPLIER,)
BRACKET = re.compile(r"[(\[（].*?[)\]）]")
LENGTHS = {
    "lead_time_days": ("lead_time", 1),
    "lead_time_weeks": ("lead_time", 7),
    "shelf_life_days": ("shelf_life", 1),
    "shelf_life_weeks": ("shelf_life", 7),
    "review_days": ("review", 1),
    "review_weeks": ("review", 7),
}
WHOLE = ("lead_time", "review", "shelf_life")
LEAST = {"lead_time": 0, "review": 1, "shelf_life": 1}
SHOWN = 8  # aliases that a refusal names

Cells = dict[str, Any]


@dataclass(frozen=True)
class Delivery:
    """Units on order and the day that they are due; None where no day is given."""

    units: float
    due: pd.Timestamp | None = None


@dataclass(frozen=True)
class StockRow:
    """What is known of one product's supply.

    Attributes:
        unique_id: the product, as in the sales.
        on_hand: units in stock, 0 or more.
        on_order: what is to come, the earliest first.
        case_pack: units that come together.
        moq: least units of an order.
        unit_cost: what a unit costs, in the data's currency; None where it is not known.
        price: what a unit sells for.
        shelf_life: periods in which a unit can be sold; None is for ever.
        supplier: its name; empty where it is not known.
        lead_time: periods from an order to its arrival; None leaves it to the policy.
        review: periods between orders; None leaves it to the policy.
        volume: storage units that a unit takes, above 0; None where it is not known.
    """

    unique_id: str
    on_hand: float
    on_order: tuple[Delivery, ...] = ()
    case_pack: float = 1.0
    moq: float = 0.0
    unit_cost: float | None = None
    price: float | None = None
    shelf_life: int | None = None
    supplier: str = ""
    lead_time: int | None = None
    review: int | None = None
    volume: float | None = None


@dataclass(frozen=True)
class Stock:
    """A stock file that was read.

    Attributes:
        name: of the file, for messages.
        rows: by unique_id.
        findings: what was wrong or taken for granted, a line each.
        notes: what was wrong, by product, those included that have no row here.
        deliveries: past orders of the suppliers, where they were given.
    """

    name: str
    rows: Mapping[str, StockRow]
    findings: tuple[Message, ...] = ()
    notes: Mapping[str, tuple[Message, ...]] = field(default_factory=dict)
    deliveries: DeliveryTable | None = None


def read_stock(
    source: str | Path | pd.DataFrame,
    known: Collection[str],
    last: date,
    freq: Freq,
    *,
    sql: str | None = None,
    schema: PanelSchema | None = None,
    longest: int | None = None,
    lead: int = 0,
    review: int = 0,
    reviews: int = 1,
) -> Stock:
    """Read a stock file.

    Args:
        source: CSV, workbook, Parquet, DuckDB, a database's table or a DataFrame, as `open_source` takes it.
        known: the products that have sales; others are listed and left out.
        last: the last day of the sales: what is due by then counts as arriving now.
        freq: of the sales: the periods of lead time, review and shelf life; those in days or weeks become periods.
        sql: one SELECT over the view `data`.
        schema: what is declared of decimals and thousands.
        longest: periods that can be forecast: a product whose lead time and review are longer is left out, and said.
        lead: lead time, in periods, of products that have none of their own.
        review: periods between orders of products that have none of their own.
        reviews: how many of them must be forecast beyond the lead time.

    Raises:
        InputError: no such file, no table, no column of products or of units on hand, or no row that can be used.
        Refusal: a column can be read in two ways.
    """
    name = "DataFrame" if isinstance(source, pd.DataFrame) else shown(str(source))
    try:
        rows, assumed = _cells(source, sql, schema or PanelSchema())
    except Refusal as refusal:
        raise Refusal(
            "data-refused", choices=refusal.choices, asks=refusal.asks, source=name, why=refusal.message
        ) from None
    except (duckdb.Error, InputError) as error:
        raise of_source(name, error) from None
    assumed += _unit_taken(rows, freq)  # before lengths in days and weeks become periods
    faults, now = Faults(), pd.Timestamp(last)
    found = _products(rows, frozenset(known), freq, faults)
    given = set(found)
    for uid in [uid for uid, cells in found.items() if _unread(cells)]:
        faults.add("stock-unread", uid)
        found.pop(uid)
    made = {uid: _row(uid, cells, now, faults) for uid, cells in found.items()}
    if longest is not None:
        for uid, row in list(made.items()):
            takes = (lead if row.lead_time is None else row.lead_time, reviews * (row.review or review))
            if sum(takes) > longest:
                faults.add("lead-too-long", uid, f"{uid} ({takes[0]} + {takes[1]})")
                made.pop(uid)
    if not made:
        raise InputError(f"{name}: none of its {len(rows):,} rows is of a product that has sales and can be planned")
    for uid in sorted(set(known) - given):
        faults.add("missing", uid)
    return Stock(name, made, (*assumed, *faults.messages()), faults.notes())


def _unit_taken(rows: Sequence[Cells], freq: Freq) -> tuple[Message, ...]:
    """Which unit was taken of lengths of time whose column names none."""
    some = [name for name in WHOLE if any(row.get(name) is not None for row in rows)]
    lengths = tuple(message(f"stock-{name.replace('_', '-')}") for name in some)
    return (message("stock-no-unit", lengths=lengths, unit=message(f"several-{freq}")),) if some else ()


def with_suppliers(panel: Panel, stock: Stock) -> Panel:
    """The panel with the suppliers of a stock file as groups, where it has none of its own.

    They are no column that the schema declares: no forecast and no name of a product knows of them.
    """
    named = {uid: row.supplier for uid, row in stock.rows.items() if row.supplier}
    if SUPPLIER in panel.static.columns or SUPPLIER in panel.schema.covariates or not named:
        return panel
    column = pd.Series(named, dtype="str").reindex(panel.static.index)
    return replace(panel, static=panel.static.assign(**{SUPPLIER: column}))


def _cells(
    source: str | Path | pd.DataFrame, sql: str | None, schema: PanelSchema
) -> tuple[list[Cells], tuple[Message, ...]]:
    """The rows with our names: ids and suppliers as text, numbers as floats, what is no number under `_broken`."""
    if isinstance(source, str) and is_address(source):
        parse(source)
        source, sql = read_frame(source, sql), None
    path, table = split(source)
    with tempfile.TemporaryDirectory(prefix="skucast-") as spill:
        con = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": spill})
        try:
            con.execute("set enable_progress_bar = false")
            separator = ""
            said: tuple[Message, ...] = ()
            if isinstance(source, pd.DataFrame):
                con.register("data", registered(source))
            else:
                at = attach(con, files_of(path) if path else [], table, Path(spill), several=sql is not None)
                lock(con, list(at.files))
                said = at.assumed
                if sql is not None:
                    said += query(con, sql, schema, at)
                separator = at.separator if sql is None else ""
            view = "given" if sql is not None and not isinstance(source, pd.DataFrame) else "data"
            con.execute(f"create temp table held as select * from {view}")
            return _read(con, schema, separator, said)
        finally:
            con.close()


def _read(
    con: duckdb.DuckDBPyConnection, schema: PanelSchema, separator: str, said: tuple[Message, ...]
) -> tuple[list[Cells], tuple[Message, ...]]:
    kinds = {str(row[0]): str(row[1]) for row in con.execute("describe held").fetchall()}
    found = match_stock(list(kinds))
    numbers = {ours: theirs for ours, theirs in found.items() if ours not in ("unique_id", "due", *TEXTS)}
    only = PanelSchema(decimal=schema.decimal, thousands=schema.thousands)
    readings = number_readings(con, "held", numbers, kinds, only, separator)
    uid = quoted(found["unique_id"])
    if kinds[found["unique_id"]] in ("DOUBLE", "FLOAT"):  # a float only because some ids are missing
        uid = f"(case when {uid} = trunc({uid}) then {uid}::bigint::varchar else {uid}::varchar end)"
    parts = [f"trim({uid}::varchar) as unique_id"]
    for ours, reading in readings.items():
        parts += [f"{reading.value} as {quoted(ours)}", f"({reading.broken}) as {quoted('_broken_' + ours)}"]
    parts += [f"trim({quoted(found[ours])}::varchar) as {quoted(ours)}" for ours in ("due", *TEXTS) if ours in found]
    groups = [name for name in kinds if name not in found.values() and kind_of_group(name)]
    parts += [f"trim({quoted(name)}::varchar) as {quoted('_group_' + name)}" for name in groups]
    answer = con.execute(f"select {', '.join(parts)} from held")
    names = [column[0] for column in answer.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
    for row in rows:
        for key, value in list(row.items()):
            if isinstance(value, float) and math.isinf(value):
                row[key], row[f"_broken_{key}"] = None, str(value)
    assumed = [one for reading in readings.values() for one in reading.assumed]
    if "due" in found:
        texts = {str(row["due"]): re.sub(CLOCK, "", str(row["due"])) for row in rows if row["due"]}
        dates = read_dates(list(texts.values()), found["due"])
        assumed += dates.assumed
        for row in rows:
            text = row["due"]
            day = dates.of.get(texts[text]) if text else None
            row["due"], row["_broken_due"] = pd.Timestamp(day) if day else None, text if text and not day else None
    return rows, (*said, *assumed)


def match_stock(columns: Sequence[str]) -> dict[str, str]:
    """Our names to a stock file's columns.

    Raises:
        InputError: there is none of products, or none of units on hand.
    """
    aliases: dict[str, Sequence[str]] = {**words()["stock"], "unique_id": ALIASES["unique_id"]}
    found: dict[str, str] = {}
    for key in (column_key, _without_brackets):  # a name as it stands goes before one without what is in brackets
        keys = {key(column): column for column in reversed(columns) if column not in found.values()}
        for ours, names in aliases.items():
            theirs = next((keys[one] for one in map(column_key, names) if one in keys), None)
            if ours not in found and theirs is not None and theirs not in found.values():
                found[_in_unit(ours, theirs) if key is _without_brackets else ours] = theirs
    for ours, what in (("unique_id", "products"), ("on_hand", "units on hand")):
        if ours not in found:
            some = ", ".join(list(aliases[ours])[:SHOWN])
            raise InputError(f"no column of {what}; got {', '.join(columns)}; expected one of {some}, …")
    return found


def _without_brackets(name: str) -> str:
    return column_key(BRACKET.sub("", name))


def _in_unit(ours: str, theirs: str) -> str:
    """The field of a length in the unit that stands in brackets behind its name: `Lieferzeit (Tage)` is in days."""
    said = column_words(" ".join(BRACKET.findall(theirs)).strip("()[]（） "))
    units: dict[str, list[str]] = words()["stock_units"]
    unit = next((unit for unit, names in units.items() if said & set(names)), None)
    return next((name for name in LENGTHS if name == f"{ours}_{unit}"), ours)


def _products(rows: Sequence[Cells], known: frozenset[str], freq: Freq, faults: Faults) -> dict[str, list[Cells]]:
    """The rows by product: those without sales and those that stand there twice left out, lengths in periods."""
    found: dict[str, list[Cells]] = {}
    seen: set[tuple[Any, ...]] = set()
    for cells in rows:
        uid = cells["unique_id"]
        if not uid:
            faults.add("no-product", "")
            continue
        groups = [value for name, value in cells.items() if name.startswith("_group_") and value]
        uid = next((one for one in (uid, *(f"{group}{BETWEEN}{uid}" for group in groups)) if one in known), uid)
        if uid not in known:
            faults.add("no-sales", uid)
            continue
        whole = (uid, *(value for name, value in cells.items() if name != "unique_id"))
        if whole in seen:
            faults.add("twice", uid)
            continue
        seen.add(whole)
        for name, text in cells.items():
            if name.startswith("_broken_") and text:
                faults.add("unread", uid, f"{uid}: {name.removeprefix('_broken_')} {Quoted(text)!r}")
        for name, (ours, days) in LENGTHS.items():
            if cells.get(name) is not None and cells.get(ours) is None:
                cells[ours] = math.ceil(cells[name] * days / DAYS[freq])
        found.setdefault(uid, []).append(cells)
    return found


def _unread(rows: Sequence[Cells]) -> bool:
    """Whether something stands for the stock on hand, and none of it can be read: then nothing is proposed."""
    return any(row.get("_broken_on_hand") for row in rows) and all(row["on_hand"] is None for row in rows)


def _row(uid: str, rows: Sequence[Cells], now: pd.Timestamp, faults: Faults) -> StockRow:
    """One product of its rows: the first value that is given counts, and every delivery."""

    def first(name: str) -> Any:
        return next((row[name] for row in rows if row.get(name) is not None), None)

    held = list(dict.fromkeys(row["on_hand"] for row in rows if row["on_hand"] is not None))
    if not held:
        faults.add("no-stock", uid)
    elif len(held) > 1:
        faults.add("several", uid)
    on_hand = held[0] if held else 0.0
    if on_hand < 0:
        faults.add("negative", uid, f"{uid} ({on_hand:g})")
    values: dict[str, Any] = {}
    for name in WHOLE:
        value = first(name)
        if value is not None and value < LEAST[name]:
            faults.add("length", uid, f"{uid}: {name} {value:g}")
            value = None
        values[name] = None if value is None else math.ceil(value)
    pack, moq = first("case_pack"), first("moq")
    if pack is not None and pack <= 0:
        faults.add("no-pack", uid)
    if moq is not None and moq < 0:
        faults.add("unread", uid, f"{uid}: moq {moq:g}")
    for name in ("unit_cost", "price", "volume"):
        value = first(name)
        if value is not None and (value < 0 or (name == "volume" and value == 0)):
            faults.add("unread", uid, f"{uid}: {name} {value:g}")
            value = None
        values[name] = value
    cost, price = values["unit_cost"], values["price"]
    if cost is not None and price is not None and price < cost:
        faults.add("below-cost", uid, f"{uid} ({price:g} < {cost:g})")
    return StockRow(
        uid,
        max(on_hand, 0.0),
        _deliveries(uid, rows, now, faults),
        case_pack=pack if pack is not None and pack > 0 else 1.0,
        moq=max(moq or 0.0, 0.0),
        supplier=first("supplier") or "",
        **values,
    )


def _deliveries(uid: str, rows: Sequence[Cells], now: pd.Timestamp, faults: Faults) -> tuple[Delivery, ...]:
    made = []
    for row in rows:
        units, due = row.get("on_order"), row.get("due")
        if units is None or units == 0:
            continue
        if units < 0:
            faults.add("unread", uid, f"{uid}: on_order {units:g}")
            continue
        if due is None:
            faults.add("no-due", uid)
        elif due <= now:
            faults.add("past-due", uid, f"{uid} ({units:g}, {due:%Y-%m-%d})")
        made.append(Delivery(float(units), due))
    return tuple(sorted(made, key=lambda one: (one.due is None, one.due or now)))
