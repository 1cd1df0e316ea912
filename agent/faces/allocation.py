"""Allocations for people and programs: tables in the terminal, JSON, and files to hand on."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from ...prompts.messages.say import ENGLISH, say
from ...tools.decide.places import Allocated
from ...tools.decide.places_telling import balance_table, table_of, total_message
from ...tools.messages import message
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


def show(made: Sequence[Allocated], by: str, console: Console, lang: str = ENGLISH) -> None:
    """A table over all products and places, what each product comes to, and of one product demand against supply."""
    console.print(drawn(table_of(made, by), lang))
    for one in made:
        console.print(Text(say(total_message(one), lang)))
    if len(made) == 1:
        console.print()
        console.print(drawn(balance_table(made[0]), lang))
    console.print(Text(say(message("allocate-proposal"), lang)))
