"""Order lines for people and programs: the tables of the terminal, JSON lines, and files to hand on."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from ...prompts.messages.say import ENGLISH, say
from ...tools.data.freq import Freq
from ...tools.decide.lines import OrderLine, Totals
from ...tools.decide.telling import line_messages, table_of, total_messages, weeks_of_cover
from ...tools.messages import Message, message
from .record_file import RecordFile
from .tables import drawn

SHOWN = 40  # rows of the terminal's table
FLAT = (
    *("unique_id", "name", "supplier", "abc", "urgency", "order", "cost", "on_hand", "on_order", "weeks_of_cover"),
    *("runs_out", "risk_before_order", "risk_before_next", "over", "over_value", "note"),
)
PROPOSAL = "Nothing was sent: an order is a proposal."  # first words of the file of JSON, by which it is known
FILE = RecordFile(PROPOSAL, FLAT, ("unique_id", "name", "supplier", "note"), name="lines", sheet="orders")


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
            "volume": row.volume,
            "at_arrival": _round(ahead.at_arrival),
            "limits": list(line.limits),
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

    Nothing is lost: products that have no line stand behind those that have, with the reason as their note.

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
    sums = {"units": _round(total.units), "cost": _round(total.cost), "lines": dict(total.lines)}
    FILE.write(path, records, {"totals": sums, "assumptions": [say(one, lang) for one in said]}, rest)


def _round(value: float | None) -> float | None:
    """Four decimals at most: enough for rates of slow sellers, short in JSON."""
    return None if value is None else round(float(value), 4)
