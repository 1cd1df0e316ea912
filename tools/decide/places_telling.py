"""Allocations as messages and tables: where scarce stock goes, what it is to sell, and demand against supply."""

from collections.abc import Sequence

from ..data.panel import Panel
from ..forecast.lost_sales import tells_parts
from ..insight.answer import Table, columns
from ..messages import Count, Fact, Message, Percent, Units, message
from .places import Allocated

NAMES = ("on-hand", "due", "given", "sells", "lost", "out")


def table_of(made: Sequence[Allocated], by: str) -> Table:
    """A place a row; of several products with the product before it."""
    cells: list[tuple[Fact, ...]] = []
    for one in made:
        of = one.given
        each = zip(one.share.places, one.held, one.coming, of.given, of.expected, of.lost, of.out, strict=True)
        for place, *units, out in each:
            name = f"{one.share.product} {place}" if len(made) > 1 else place
            cells.append((name, *(Units(round(float(value), 4)) for value in units), Percent(100 * float(out))))
    return Table(message("allocate-table"), (message("column-of-data", name=by), *columns(*NAMES)), tuple(cells))


def total_message(one: Allocated) -> Message:
    """What the places of a product get together, and what comes of it."""
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


def balance_table(made: Allocated) -> Table:
    """Demand so far against supply so far, of all places together."""
    of = made.balance
    cells = tuple(
        (ds.date(), Units(median), Units(high), Units(supply), message(f"covers-{cover}"))
        for ds, median, high, supply, cover in zip(made.steps, of.median, of.high, of.supply, of.cover, strict=True)
    )
    return Table(message("allocate-balance"), columns("by", "median", "high-demand", "supply", "covers"), cells)


def basis_messages(panel: Panel, horizon: int, *, quick: bool) -> list[Message]:
    """What the allocations rest on."""
    return [
        message("allocate-basis", span=message(f"periods-{panel.freq}", count=horizon)),
        message("orders-assumed-base", quick="yes" if quick else "no"),
        *([message("orders-assumed-recovered")] if tells_parts(panel) else []),
    ]
