"""What signals do to products: each one in force with its share of the periods ahead and the effect it is given."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from ..data.freq import ByFreq, span_of
from ..data.panel import Panel
from ..forecast.signal_effects import Effect, applied, blended, learned, past_ratio
from ..quantiles import Array
from .notes import Note
from .screen import flags
from .signals import LIKELY, MOST, Kind, Reader, Signal, in_force, read_signals

STRIDE = ByFreq({"D": 7, "W": 1, "M": 1})  # periods from one to the next of the same kind
PRICE = "price"  # the column of planned prices


@dataclass(frozen=True)
class Impact:
    """A signal on one product.

    Attributes:
        signal: it.
        shares: of each period ahead that it holds, 0 to 1, shape `[H]`.
        effect: how many times the usual it sells then; None is not known.
        column: a known-future column that tells the same, so that the forecast holds it already; empty of none.
    """

    signal: Signal
    shares: Array
    effect: Effect | None
    column: str = ""

    def on(self, paths: Array, seed: int = 0) -> Array:
        """Sample paths with it, `[N, H]`; as they were where a column tells it already."""
        return paths if self.column else applied(paths, self.shares, self.effect, self.signal.certainty, seed)


@dataclass(frozen=True, eq=False)
class SignalBook:
    """All signals known at a panel's cutoff, and which of them a person approved.

    Attributes:
        panel: what is known.
        signals: as read, the oldest note first.
        approved: ids of those that forecasts follow.
        most: times the usual that a size may say at most.
        reader: who read them.
        notes: how many notes were known.
        withheld: how many of them were not read, for they give orders.
    """

    panel: Panel
    signals: tuple[Signal, ...]
    approved: frozenset[str] = frozenset()
    most: float = MOST
    reader: str = "rules"
    notes: int = 0
    withheld: int = 0

    def number(self, signal_id: str) -> int:
        """The number of a signal, from 1: as people call it."""
        return next(at for at, one in enumerate(self.signals, 1) if one.id == signal_id)

    def approve(self, ids: Sequence[str]) -> "SignalBook":
        """The same with these approved, and no others."""
        return replace(self, approved=frozenset(ids))

    def trusted(self, sources: Sequence[str], certainty: float = LIKELY) -> "SignalBook":
        """The same with those approved that are of a trusted source, and at least so certain."""
        return self.approve([one.id for one in self.signals if one.source in sources and one.certainty >= certainty])

    def impacts(self, unique_id: str, steps: Sequence[pd.Timestamp]) -> list[Impact]:
        """The signals in force that touch some periods of a product, approved or not, the oldest note first.

        Args:
            unique_id: the product.
            steps: periods ahead, by their dates.
        """
        found = []
        for one in in_force(self.signals, self.panel, unique_id, self.approved):
            shares = np.array(one.share(steps, self.panel))
            if shares.any():
                said = one.within(self.most).size
                effect = blended(self._past(one.kind, unique_id), said, one.certainty)
                found.append(Impact(one, shares, effect, _column(self.panel, one.kind, unique_id, steps, shares)))
        return found

    def ahead(self, unique_ids: Sequence[str], steps: Sequence[pd.Timestamp]) -> list[tuple[Signal, list[str]]]:
        """The signals that touch some periods of these products, each with those that it touches.

        Args:
            unique_ids: the products.
            steps: periods ahead, by their dates.
        """
        found: dict[str, tuple[Signal, list[str]]] = {}
        for uid in unique_ids:
            for one in in_force(self.signals, self.panel, uid, self.approved):
                if any(one.share(steps, self.panel)):
                    found.setdefault(one.id, (one, []))[1].append(uid)
        order = {one.id: place for place, one in enumerate(self.signals)}
        return sorted(found.values(), key=lambda pair: order[pair[0].id])

    def _past(self, kind: Kind, unique_id: str) -> Effect | None:
        """What past signals of a kind did: to the product, to those of its category, to all others."""
        ratios = self._ratios.get(kind, {})
        category = self._category(unique_id)
        own = ratios.get(unique_id, [])
        others = [(self._category(uid), some) for uid, some in ratios.items() if uid != unique_id]
        like = [one for of, some in others for one in some if category and of == category]
        rest = [one for of, some in others for one in some if not (category and of == category)]
        return learned(own, like, rest)

    def _category(self, unique_id: str) -> str:
        return self.panel.static_of(unique_id).get("category", "")

    @cached_property
    def _ratios(self) -> dict[Kind, dict[str, list[float]]]:
        """How many times the usual each past event sold, by kind and product."""
        made: dict[Kind, dict[str, list[float]]] = {}
        for uid in self.panel.unique_ids:
            rows = self.panel.past_of(uid)
            steps = list(pd.DatetimeIndex(rows["ds"]))
            stood = in_force(self.signals, self.panel, uid, self.approved)  # what was withdrawn taught nothing
            here = [(one, np.array(one.share(steps, self.panel))) for one in stood if one.end is not None]
            here = [(one, shares) for one, shares in here if shares.any()]
            if not here:
                continue
            units = rows["y"].to_numpy(dtype=float)
            busy = np.max([shares for _, shares in here], axis=0)
            for one, shares in here:
                ratio = past_ratio(units, shares, busy, STRIDE[self.panel.freq])
                if np.isfinite(ratio):
                    made.setdefault(one.kind, {}).setdefault(uid, []).append(ratio)
        return made


def read_book(notes: Sequence[Note], reader: Reader, panel: Panel, most: float = MOST) -> SignalBook:
    """The signals of the notes that were known at a panel's cutoff, none of them approved.

    Args:
        notes: of any time.
        reader: reads them.
        panel: what is known.
        most: times the usual that a size may say at most.
    """
    known = [note for note in notes if note.ds.normalize() <= last_day(panel)]
    signals = tuple(read_signals(known, reader, panel, last_day(panel)))
    withheld = sum(bool(flags(note)) for note in known)
    return SignalBook(panel, signals, most=most, reader=reader.name, notes=len(known), withheld=withheld)


def last_day(panel: Panel) -> pd.Timestamp:
    """The last day of a panel's last period."""
    return pd.Timestamp(span_of(panel.cutoff, panel.freq).last)


def _column(panel: Panel, kind: Kind, unique_id: str, steps: Sequence[pd.Timestamp], shares: Array) -> str:
    """The known-future column that tells of the same event in the periods that a signal holds; empty of none.

    A promotion is told by a column of two values at its rarer one; a price by a plan of prices.
    """
    if kind not in ("promotion", "price"):
        return ""
    plan = panel.horizon_of(unique_id, len(steps))
    held = plan[plan["ds"].isin([ds for ds, share in zip(steps, shares, strict=True) if share > 0])]
    for name in panel.schema.known_future:
        values, counts = held[name].dropna(), panel.past_of(unique_id)[name].value_counts()
        if kind == "price" and name == PRICE and len(values):
            return name
        if kind == "promotion" and len(counts) == 2 and (values == counts.index[-1]).any():
            return name
    return ""
