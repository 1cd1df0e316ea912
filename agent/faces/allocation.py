"""Allocations for people and programs: tables in the terminal, JSON, and files to hand on."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from ...prompts.messages.say import ENGLISH, say
from ...tools.data.freq import Freq
from ...tools.data.panel import Panel
from ...tools.forecast.lost_sales import tells_parts
from ...tools.insight.answer import Table, columns
from ...tools.messages import Count, Message, Percent, Units, message
from ..batch.allocation import Allocated
from .record_file import RecordFile
from .tables import drawn

FILE = RecordFile(
    "Nothing was sent: an allocation is a proposal.",
    ("product", "place", "on_hand", "due", "given", "expected_sales", "expected_without", "lost", "chance_out"),
    ("product", "place"),
    "allocation",
)


def rows(made: Allocated) -> list[dict[str, Any]]:
    """A place each, for programs; units over the horizon, the chance 0 to 1."""
    given = made.given
    return [
        {
            "product": made.share.product,
            "place": place,
            "on_hand": round(float(made.held[at]), 4),
            "due": round(float(made.coming[at]), 4),
            "given": int(given.given[at]),
            "expected_sales": round(float(given.expected[at]), 4),
            "expected_without": round(float(given.without[at]), 4),
            "lost": round(float(given.lost[at]), 4),
            "chance_out": round(float(given.out[at]), 4),
        }
        for at, place in enumerate(made.share.places)
    ]


def record(made: Allocated) -> dict[str, Any]:
    """A product for programs, with demand so far against supply so far at the end of each period."""
    steps = zip(
        made.steps, made.balance.median, made.balance.high, made.balance.supply, made.balance.cover, strict=True
    )
    return {
        "product": made.share.product,
        "units": made.share.units,
        "pack": made.share.pack,
        "kept": round(made.given.kept, 4),
        "lost": round(float(made.given.lost.sum()), 4),
        "places": rows(made),
        "balance": [
            {"ds": f"{ds:%Y-%m-%d}", "q0.5": round(m, 2), "q0.9": round(h, 2), "supply": round(s, 2), "covers": cover}
            for ds, m, h, s, cover in steps
        ],
    }


def told(made: Sequence[Allocated], panel: Panel, horizon: int, *, quick: bool) -> list[Message]:
    """What the allocations rest on."""
    return [
        message("allocate-basis", span=message(f"periods-{panel.freq}", count=horizon)),
        message("orders-assumed-base", quick="yes" if quick else "no"),
        *([message("orders-assumed-recovered")] if tells_parts(panel) else []),
    ]


def show(made: Sequence[Allocated], freq: Freq, by: str, console: Console, lang: str = ENGLISH) -> None:
    """A table over all products and places, what each product comes to, and of one product demand against supply."""
    console.print(drawn(_places(made, by), lang))
    for one in made:
        console.print(Text(say(_total(one), lang)))
    if len(made) == 1:
        console.print()
        console.print(drawn(_balance(made[0]), lang))
    console.print(Text(say(message("allocate-proposal"), lang)))


def _places(made: Sequence[Allocated], by: str) -> Table:
    several = len(made) > 1
    names = ("on-hand", "due", "given", "sells", "lost", "out")
    heads = (message("column-place", by=by), *columns(*names))
    cells = []
    for one in made:
        for row in rows(one):
            name = f"{row['product']} {row['place']}" if several else row["place"]
            units = [Units(row[key]) for key in ("on_hand", "due", "given", "expected_sales", "lost")]
            cells.append((name, *units, Percent(100 * row["chance_out"])))
    return Table(message("allocate-table"), heads, tuple(cells))


def _total(one: Allocated) -> Message:
    given = one.given
    return message(
        "allocate-total",
        product=one.share.product,
        units=Units(one.share.units),
        given=Units(given.given.sum()),
        places=Count(int((given.given > 0).sum())),
        kept=Units(given.kept),
        more=Units(float((given.expected - given.without).sum())),
        lost=Units(float(given.lost.sum())),
    )


def _balance(one: Allocated) -> Table:
    of = one.balance
    cells = tuple(
        (ds.date(), Units(median), Units(high), Units(supply), message(f"covers-{cover}"))
        for ds, median, high, supply, cover in zip(one.steps, of.median, of.high, of.supply, of.cover, strict=True)
    )
    return Table(message("allocate-balance"), columns("by", "median", "high-demand", "supply", "covers"), cells)
