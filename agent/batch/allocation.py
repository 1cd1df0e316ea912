"""Allocation of scarce stock: the places of each product in the sales, what they hold, and their demand as draws."""

from collections.abc import Callable, Sequence

import pandas as pd

from ...tools.data.freq import span_of
from ...tools.data.panel import Panel
from ...tools.data.stock import Stock, read_stock
from ...tools.decide.places import Allocated, Share, drawn_together, places_of, share_of, share_out
from ...tools.errors import InputError, nearest
from ...tools.messages import Count, Message, message
from ..forecast.ahead import base_paths
from ..forecast.forecaster import PATHS, Forecaster, Progress
from .orders import LISTED

OTHERS = ("stock-missing", "stock-no-sales")  # of products and places that are not asked about


def shares_of(
    panel: Panel,
    by: str,
    *,
    of: str | None = None,
    units: float | None = None,
    warehouse: str | None = None,
    stock: str | None = None,
    pack: int | None = None,
) -> tuple[list[Share], list[Message]]:
    """What is to be shared out, and what was said in reading the stock files.

    Args:
        panel: the sales; series of a place and a SKU.
        by: static column of the places.
        of: one product, with `units` of it to give.
        units: see there.
        warehouse: stock file of what there is to give of each product, in their place.
        stock: stock file of what the places hold.
        pack: units that go together; when left out that of the warehouse's file, else of the stock file, else 1.

    Raises:
        InputError: no such column or product, or a file that cannot be used.
    """
    products = places_of(panel, by)
    last, said = span_of(panel.cutoff, panel.freq).last, list[Message]()
    if warehouse is not None:
        there = read_stock(warehouse, products, last, panel.freq, schema=panel.schema)
        give = {uid: (row.on_hand, row.case_pack) for uid, row in there.rows.items() if of in (None, uid)}
        said += [one for one in there.findings if one.key != "stock-missing"]
    else:
        give = {str(of): (float(units or 0.0), 1.0)}
    unknown = next((sku for sku in give if sku not in products), None if give else of)
    if unknown is not None:
        raise InputError(f"--of {unknown}: {nearest(unknown, list(products))}")
    ids = [uid for sku in give for series in products[sku].values() for uid in series]
    held: Stock | None = None
    if stock is not None:
        held = read_stock(stock, ids, last, panel.freq, schema=panel.schema)
        said += [one for one in held.findings if one.key not in OTHERS]
        if bare := [uid for uid in ids if uid not in held.rows]:
            more = max(len(bare) - LISTED, 0)
            said.append(message("allocate-bare", count=Count(len(bare)), places=tuple(bare[:LISTED]), more=more))
    rows = {} if held is None else held.rows
    return [share_of(products, sku, many, rows, pack=pack, case=case) for sku, (many, case) in give.items()], said


def allocations(
    forecaster: Forecaster,
    panel: Panel,
    shares: Sequence[Share],
    horizon: int,
    least: float,
    *,
    progress: Progress | None = None,
    on_product: Callable[[], None] = lambda: None,
) -> list[Allocated]:
    """Share out each product over its places.

    Args:
        forecaster: of the panel; no LLM is asked.
        panel: the sales.
        shares: of `shares_of`.
        horizon: periods that the stock is for.
        least: units that each place gets at least.
        progress: called with the stage, how many series are done, and of how many.
        on_product: called after each product.

    Raises:
        InputError: there are too few units for the least.
    """
    steps = list(pd.date_range(panel.cutoff, periods=horizon + 1, freq=panel.offset)[1:])
    made = []
    for share in shares:
        own = dict(base_paths(forecaster, panel, share.ids, horizon, progress))
        places = list(share.places.values())
        drawn = drawn_together(panel, own, places, horizon, draws=PATHS, seed=forecaster.seed)
        made.append(share_out(share, drawn, steps, panel.freq, least))
        on_product()
    return made
