"""allocate: how to split scarce stock of a product over its stores, channels or other places."""

import numpy as np
import pandas as pd

from ..data.groups import value_of
from ..data.on_hand import panel_stock
from ..decide.places import SKU, Products, drawn_together, places_of, share_of, share_out
from ..decide.places_telling import basis_messages, table_of, total_message
from ..errors import InputError
from ..insight.answer import Answer
from ..insight.catalogue import matches
from ..messages import Count, Message, Quoted, Refusal, message
from .fields import By, Horizon, OnHand, Product
from .kit import Arguments, Desk, Tool

PLACES = "store"  # whose places are meant where the request says none
DRAWS = 1000
LISTED = 5  # names that a message has


class Allocate(Arguments):
    """How to split so many units of a product over its stores or channels, where they are most likely to sell."""

    product: Product | None = None
    units: OnHand | None = None
    by: By | None = None
    horizon: Horizon | None = None


def run(desk: Desk, request: Allocate) -> Answer:
    """The units by place, and what comes of them. Nothing is sent anywhere."""
    panel, by = desk.panel, request.by or PLACES
    products = _places(desk, by)
    sku = _sku(desk, products, request.product)
    if request.units is None:
        raise Refusal("allocate-how-many", product=sku)
    horizon = desk.periods(request.horizon)
    stock = desk.stock or panel_stock(panel)
    share = share_of(products, sku, request.units, stock.rows if stock else {})
    own = {uid: np.asarray(desk.demand_paths(uid, horizon)) for uid in share.ids}
    drawn = drawn_together(panel, own, list(share.places.values()), horizon, draws=DRAWS)
    steps = list(pd.date_range(panel.cutoff, periods=horizon + 1, freq=panel.offset)[1:])
    made = share_out(share, drawn, steps, panel.freq)
    told: list[Message] = [total_message(made), message("allocate-proposal")]
    if bare := [uid for uid in share.ids if uid not in share.rows]:
        more = max(len(bare) - LISTED, 0)
        told.append(message("allocate-bare", count=Count(len(bare)), places=tuple(bare[:LISTED]), more=more))
    return Answer((*told, *basis_messages(panel, horizon, quick=desk.quick)), table_of([made], by))


def _places(desk: Desk, by: str) -> Products:
    """The places of every product."""
    try:
        return places_of(desk.panel, by)
    except Refusal:
        raise
    except InputError:
        raise Refusal("allocate-no-places", by=by) from None


def _sku(desk: Desk, products: Products, words: str | None) -> str:
    """The product that is meant, whose series lie in several places: by its SKU, else by its words."""
    named = {name.casefold(): name for name in products}
    if words is not None and words.casefold() in named:
        return named[words.casefold()]
    found = [desk.one(None)] if words is None else matches(desk.panel, words)
    skus = list(dict.fromkeys(value_of(desk.panel.static.at[uid, SKU]) for uid in found))
    if not skus and words is not None:
        return value_of(desk.panel.static.at[desk.one(words), SKU])  # which says what there is instead
    if len(skus) > 1:
        some = tuple(skus[:LISTED])
        raise Refusal("allocate-several", choices=some, words=Quoted(words), count=len(skus), products=some)
    return skus[0]


TOOL = Tool(Allocate, run, about_one=False, ruled=True, rank=12)
