"""Order lines for people and programs: the tables of the terminal, JSON lines, and files to hand on."""

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.text import Text

from ...prompts.messages.say import ENGLISH, say
from ...tools.data.freq import Freq
from ...tools.decide.lines import OrderLine, Totals
from ...tools.decide.telling import line_messages, table_of, total_messages, weeks_of_cover
from ...tools.errors import InputError
from ...tools.files import Reads, check_ours, check_writable, nothing, replacing, write_whole
from ...tools.messages import Message, message
from ..batch.export import no_formula
from .tables import drawn

SUFFIXES = (".csv", ".xlsx", ".json")
SHOWN = 40  # rows of the terminal's table
FLAT = (
    *("unique_id", "name", "supplier", "abc", "urgency", "order", "cost", "on_hand", "on_order", "weeks_of_cover"),
    *("runs_out", "risk_before_order", "risk_before_next", "over", "over_value", "note"),
)
PROPOSAL = "Nothing was sent: an order is a proposal."  # first words of the file of JSON, by which it is known


def record(line: OrderLine, freq: Freq, lang: str = ENGLISH) -> dict[str, Any]:
    """A line for programs: what to do, why in words, and under `evidence` all that it rests on. Shares are 0 to 1."""
    made, row, ahead = line.proposal, line.row, line.ahead
    cover = weeks_of_cover(line, freq)
    return {
        "unique_id": row.unique_id,
        "name": line.name,
        "supplier": row.supplier,
        "abc": line.abc,
        "urgency": line.urgency,
        "order": _round(line.order),
        "cost": _round(line.cost),
        "on_hand": _round(row.on_hand),
        "on_order": _round(line.on_order),
        "weeks_of_cover": _round(cover) if cover < float("inf") else None,
        "runs_out": None if line.runs_out is None else line.runs_out.isoformat(),
        "risk_before_order": _round(ahead.before_order),
        "risk_before_next": _round(ahead.before_next),
        "over": _round(ahead.over),
        "over_value": _round(line.over_value),
        "why": [say(one, lang) for one in line_messages(line, freq)],
        "evidence": {
            "level": _round(made.level),
            "position": _round(made.position),
            "demand": _round(made.demand),
            "reorder_point": _round(made.reorder_point),
            "order_up_to": _round(made.order_up_to),
            "safety_stock": _round(made.safety_stock),
            "short": _round(made.short),
            "proposed": _round(made.order),
            "service": _round(made.service),
            "fill_rate": _round(made.fill_rate),
            "fill_rate_without": _round(made.fill_rate_without),
            "lost": _round(made.lost),
            "lost_without": _round(made.lost_without),
            "lead_time": dict(zip(map(str, line.lead.periods), map(_round, line.lead.weights), strict=True)),
            "review": line.review,
            "span": line.span,
            "case_pack": _round(row.case_pack),
            "moq": _round(row.moq),
            "shelf_life": row.shelf_life,
            "unit_cost": row.unit_cost,
            "price": row.price,
            "due": [
                {"units": _round(one.units), "due": None if one.due is None else f"{one.due:%Y-%m-%d}"}
                for one in row.on_order
            ],
            "gone": [_round(float(share)) for share in ahead.gone],
        },
        "assumed": list(line.assumed),
    }


def print_lines(lines: Iterable[OrderLine], freq: Freq, lang: str = ENGLISH) -> None:
    """The lines as JSON, one a line, on standard output."""
    for line in lines:
        print(json.dumps(record(line, freq, lang), ensure_ascii=False))


def show_lines(
    lines: Sequence[OrderLine],
    freq: Freq,
    total: Totals,
    console: Console,
    lang: str = ENGLISH,
    beside: Sequence[Message] = (),
) -> None:
    """The table by urgency, those that are fine left out where there are many, the totals, and what stands beside."""
    some = [line for line in lines if line.urgency != "fine"] or list(lines)
    console.print(drawn(table_of(some[:SHOWN], freq, "all"), lang, console.width))
    if len(lines) > len(some[:SHOWN]):
        more = message("orders-more", count=len(lines) - len(some[:SHOWN]), fine=total.lines["fine"])
        console.print(Text(say(more, lang), style="dim"))
    for one in [*total_messages(total), *beside, message("orders-proposal")]:
        console.print(Text(say(one, lang)))


def check_out(path: Path, *, overwrite: bool = False, reads: Reads = nothing) -> None:
    """Refuse a file of orders that cannot be written, before any work is done.

    Raises:
        InputError: another suffix, a file that skucast did not write, or one that cannot be written.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"--out {path}: expected a file that ends in {', '.join(SUFFIXES)}")
    if path.suffix.lower() == ".xlsx" and find_spec("xlsxwriter") is None:
        raise InputError(f"--out {path}: workbooks need xlsxwriter: pip install xlsxwriter")
    check_writable(path)
    check_ours(path, is_orders, f"--out {path}", overwrite=overwrite, reads=reads)


def is_orders(path: Path) -> bool:
    """Whether `write_lines` wrote a file."""
    if path.suffix.lower() == ".json":
        held = json.loads(path.read_text(encoding="utf-8"))
        return isinstance(held, dict) and held.get("note") == PROPOSAL
    read = pd.read_csv if path.suffix.lower() == ".csv" else _workbook
    return tuple(map(str, read(path, nrows=0).columns)) == FLAT


def _workbook(path: Path, nrows: int) -> pd.DataFrame:
    return pd.read_excel(path, engine="calamine", nrows=nrows)


def write_lines(
    path: Path,
    lines: Sequence[OrderLine],
    freq: Freq,
    total: Totals,
    said: Sequence[Message],
    notes: Mapping[str, Sequence[Message]],
    lang: str = ENGLISH,
) -> None:
    """Write the lines to a file by its suffix: a flat table with notes, or JSON with the evidence.

    Nothing is lost: products that have no line stand behind those that have, with the reason as their note. A workbook
    has what was found and assumed on a second sheet, JSON under `assumptions`.

    Args:
        path: .csv, .xlsx or .json.
        lines: the most urgent first.
        freq: of the periods.
        total: of all lines.
        said: what was found and assumed.
        notes: what is wrong with each product, by unique_id.
        lang: of its words.

    Raises:
        InputError: it cannot be written.
    """
    noted = {uid: "; ".join(say(one, lang) for one in some) for uid, some in notes.items()}
    records = [{**record(line, freq, lang), "note": noted.get(line.row.unique_id)} for line in lines]
    planned = {line.row.unique_id for line in lines}
    rest = [{"unique_id": uid, "note": note} for uid, note in noted.items() if uid not in planned]
    words = [say(one, lang) for one in said]
    if path.suffix.lower() == ".json":
        sums = {"units": _round(total.units), "cost": _round(total.cost), "lines": dict(total.lines)}
        made = {"note": PROPOSAL, "totals": sums, "assumptions": words, "lines": records, "without": rest}
        write_whole(path, json.dumps(made, ensure_ascii=False, indent=1))
        return
    frame = pd.DataFrame([*records, *rest], columns=list(FLAT))
    with replacing(path) as beside:
        if path.suffix.lower() == ".csv":
            safe = {name: frame[name].fillna("").map(no_formula) for name in ("unique_id", "name", "supplier", "note")}
            frame.assign(**safe).to_csv(beside, index=False)
        else:
            options = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}
            with pd.ExcelWriter(beside, engine="xlsxwriter", engine_kwargs=options) as book:
                frame.to_excel(book, sheet_name="orders", index=False)
                pd.DataFrame({"found and assumed": words}).to_excel(book, sheet_name="assumptions", index=False)


def _round(value: float | None) -> float | None:
    """Four decimals at most: enough for rates of slow sellers, short in JSON."""
    return None if value is None else round(float(value), 4)
