"""Scarce stock shared out over the places of a product: what they hold, demand as draws, and what each gets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..data.cube import cube
from ..data.freq import Freq
from ..data.groups import column_named, value_of
from ..data.panel import Panel
from ..data.stock import StockRow
from ..errors import InputError
from ..forecast.hierarchy import group_paths, learned_dependence
from ..quantiles import LEVELS, Array
from .allocate import Allocation, Balance, allocate, balance
from .lines import arrivals
from .orders import LeadTime

SKU = "sku"  # static column of the product beside that of the places

Products = Mapping[str, Mapping[str, list[str]]]
"""The series of each place of each product, by their names."""


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
    places: Mapping[str, list[str]]
    rows: Mapping[str, StockRow]

    @property
    def ids(self) -> list[str]:
        """The series of all its places."""
        return [uid for series in self.places.values() for uid in series]


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


def places_of(panel: Panel, by: str) -> Products:
    """The series of each product in each place.

    Args:
        panel: the sales; series of a place and a SKU.
        by: static column of the places.

    Raises:
        InputError: no such column, or none of products beside it.
    """
    column = column_named(panel, by)
    if SKU not in panel.static or column not in panel.static or column == SKU:
        raise InputError(f"--by {by}: the series of the sales are not of a product in a place; they need both columns")
    cells = panel.static.reindex(panel.unique_ids)
    found: dict[str, dict[str, list[str]]] = {}
    for uid, sku, place in zip(panel.unique_ids, cells[SKU], cells[column], strict=True):
        found.setdefault(value_of(sku), {}).setdefault(value_of(place), []).append(uid)
    return found


def share_of(
    products: Products,
    sku: str,
    units: float,
    held: Mapping[str, StockRow],
    *,
    pack: int | None = None,
    case: float = 1.0,
) -> Share:
    """What is to be shared out of one product.

    Args:
        products: see `places_of`.
        sku: the product.
        units: that there are to give.
        held: what is known of the stock of series.
        pack: units that go together; when left out the biggest case pack of the places and `case`.
        case: case pack of what there is to give.

    Raises:
        InputError: packs are not of whole units.
    """
    places = dict(sorted(products[sku].items()))
    rows = {uid: held[uid] for series in places.values() for uid in series if uid in held}
    found = pack or max([case, *(row.case_pack for row in rows.values())])
    if found != int(found):
        raise InputError(f"{sku}: packs of {found:g} units: expected whole units")
    return Share(sku, units, int(found), places, rows)


def share_out(share: Share, drawn: Array, steps: Sequence[pd.Timestamp], freq: Freq, least: float = 0.0) -> Allocated:
    """One product shared out over its places.

    Args:
        share: what is to be given.
        drawn: demand of each place, units per period, shape `[S, N, H]`.
        steps: the H periods that the stock is for.
        freq: of the periods.
        least: units that each place gets at least.

    Raises:
        InputError: there are too few units for the least.
    """
    late = LeadTime((len(steps),))  # what has no due date does not count as coming
    due = {uid: arrivals(row, steps, freq, late) for uid, row in share.rows.items()}
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
    all_due = np.sum([due[uid] for uid in share.ids if uid in due] or [np.zeros(len(steps))], axis=0)
    whole = balance(drawn.sum(axis=0), float(held.sum()) + share.units, all_due)
    return Allocated(share, held, coming, given, whole, steps)


def drawn_together(
    panel: Panel, own: Mapping[str, Array], places: Sequence[Sequence[str]], horizon: int, *, draws: int, seed: int = 0
) -> Array:
    """Demand of each place, units per period, on draws that hang together as their pasts did, shape `[S, N, H]`.

    Args:
        panel: the sales.
        own: sample paths of each series by itself, `[N, H]`.
        places: the series of each place.
        horizon: H.
        draws: N of the result.
        seed: of the draws.
    """
    ids = [uid for series in places for uid in series]
    quantiles = np.stack([np.quantile(own[uid], LEVELS, axis=0).T for uid in ids])
    at = {uid: row for row, uid in enumerate(ids)}
    members = [np.array([at[uid] for uid in series]) for series in places]
    arrays = cube(panel.select(ids), 0)
    order = [arrays.unique_ids.index(uid) for uid in ids]
    dependence = learned_dependence(arrays.demand[order], horizon)
    return group_paths(quantiles, members, dependence, n=draws, seed=seed)[0]
