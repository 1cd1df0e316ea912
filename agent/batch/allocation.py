"""Allocation of scarce stock: the places of each product in the sales, what they hold, and their demand as draws."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...tools.data.cube import cube
from ...tools.data.freq import span_of
from ...tools.data.groups import column_named, value_of
from ...tools.data.panel import Panel
from ...tools.data.stock import Stock, StockRow, read_stock
from ...tools.decide.allocate import Allocation, Balance, allocate, balance
from ...tools.decide.lines import arrivals
from ...tools.decide.orders import LeadTime
from ...tools.errors import InputError, nearest
from ...tools.forecast.hierarchy import group_paths, learned_dependence
from ...tools.messages import Count, Message, message
from ...tools.quantiles import LEVELS, Array
from ..forecast.ahead import base_paths
from ..forecast.forecaster import PATHS, Forecaster, Progress
from .orders import LISTED

SKU = "sku"  # static column of the product beside that of the places
OTHERS = ("stock-missing", "stock-no-sales")  # of products and places that are not asked about


@dataclass(frozen=True)
class Share:
    """One product to be shared out.

    Attributes:
        product: its SKU.
        units: that there are to give.
        pack: units that go together.
        places: the series of each place, by its name.
        rows: what the stock file says of each series; those it does not have hold nothing.
    """

    product: str
    units: float
    pack: int
    places: dict[str, list[str]]
    rows: dict[str, StockRow]


@dataclass(frozen=True)
class Allocated:
    """One product, shared out.

    Attributes:
        share: what was to be given.
        held: units on hand in each place, shape `[S]`.
        coming: units that are due there within the horizon, shape `[S]`.
        given: to each place.
        balance: demand of all places against all supply, what is to give included.
        steps: the periods.
    """

    share: Share
    held: Array
    coming: Array
    given: Allocation
    balance: Balance
    steps: Sequence[pd.Timestamp]


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
    column = column_named(panel, by)
    if SKU not in panel.static or column not in panel.static or column == SKU:
        raise InputError(f"--by {by}: the series of the sales are not of a product in a place; they need both columns")
    cells = panel.static.reindex(panel.unique_ids)
    products: dict[str, dict[str, list[str]]] = {}
    for uid, sku, place in zip(panel.unique_ids, cells[SKU], cells[column], strict=True):
        products.setdefault(value_of(sku), {}).setdefault(value_of(place), []).append(uid)
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
    shares = []
    for sku, (many, case) in give.items():
        own = [uid for series in products[sku].values() for uid in series]
        rows = {uid: held.rows[uid] for uid in own if held is not None and uid in held.rows}
        found = pack or max([case, *(row.case_pack for row in rows.values())])
        if found != int(found):
            raise InputError(f"{sku}: packs of {found:g} units: expected whole units")
        shares.append(Share(sku, many, int(found), dict(sorted(products[sku].items())), rows))
    return shares, said


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
    late = LeadTime((horizon,))  # what has no due date does not count as coming
    made = []
    for share in shares:
        ids = [uid for series in share.places.values() for uid in series]
        drawn = place_paths(forecaster, panel, list(share.places.values()), horizon, progress)
        due = {uid: arrivals(row, steps, panel.freq, late) for uid, row in share.rows.items()}
        hand = [sum(share.rows[uid].on_hand for uid in series if uid in share.rows) for series in share.places.values()]
        soon = [sum(due[uid].sum() for uid in series if uid in due) for series in share.places.values()]
        held, coming = np.array(hand, dtype=float), np.array(soon, dtype=float)
        try:
            given = allocate(
                drawn.sum(axis=2), held + coming, np.floor(share.units), pack=share.pack, least=least,
                names=list(share.places),
            )  # fmt: skip
        except InputError as error:
            raise InputError(f"{share.product}: {error}") from None
        all_due = np.sum([due[uid] for uid in ids if uid in due] or [np.zeros(horizon)], axis=0)
        whole = balance(drawn.sum(axis=0), float(held.sum()) + share.units, all_due)
        made.append(Allocated(share, held, coming, given, whole, steps))
        on_product()
    return made


def place_paths(
    forecaster: Forecaster,
    panel: Panel,
    places: Sequence[Sequence[str]],
    horizon: int,
    progress: Progress | None = None,
) -> Array:
    """Demand of each place, units per period, on draws that hang together as their pasts did, shape `[S, N, H]`."""
    ids = [uid for series in places for uid in series]
    own = dict(base_paths(forecaster, panel, ids, horizon, progress))
    quantiles = np.stack([np.quantile(own[uid], LEVELS, axis=0).T for uid in ids])
    at = {uid: row for row, uid in enumerate(ids)}
    members = [np.array([at[uid] for uid in series]) for series in places]
    arrays = cube(panel.select(ids), 0)
    order = [arrays.unique_ids.index(uid) for uid in ids]
    dependence = learned_dependence(arrays.demand[order], horizon)
    return group_paths(quantiles, members, dependence, n=PATHS, seed=forecaster.seed)[0]
