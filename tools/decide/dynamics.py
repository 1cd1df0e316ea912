"""Stock played over demand: what is sold, lost or owed, wasted and left, period by period, on every path."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from ..quantiles import Array


@dataclass(frozen=True)
class Played:
    """What became of the stock, in units, each of shape `[N, H]`.

    On every path, stock on hand at the start + arrivals = sold + wasted + stock at the end.

    Attributes:
        stock: left at the end of the period, after what was wasted.
        sold: handed over in the period; under backorders what was owed is in it once it is handed over.
        lost: demand that was not met. Under backorders: still owed at the end of the period.
        wasted: past its shelf life at the end of the period.
    """

    stock: Array
    sold: Array
    lost: Array
    wasted: Array


def play(
    demand: Array,
    on_hand: float | Array,
    arrivals: Array,
    *,
    backorders: bool = False,
    shelf_life: int | None = None,
) -> Played:
    """Play a stock over paths of demand.

    Arrivals come at the start of a period, before its demand. The oldest units are sold first. A unit with a shelf life
    of one period can be sold in the period that it arrives in and is wasted at that period's end; the stock on hand
    counts as just arrived in the first period.

    Args:
        demand: units per period, shape `[N, H]`.
        on_hand: units in stock before the first period; one number, or one a path, shape `[N]`.
        arrivals: units that arrive at the start of each period, shape `[H]`, or `[N, H]` where paths differ.
        backorders: demand not met is owed and met from the next arrivals; else it is lost.
        shelf_life: periods, 1 or more, in which a unit can be sold; None where it keeps.

    Raises:
        InputError: a number that is negative or not known, shapes that do not fit, or a shelf life below one period.

    Source: Snyder and Shen (2019), "Fundamentals of Supply Chain Theory", sections 4.3 and 4.4, on the order of events.
    """
    demand = np.asarray(demand, dtype=float)
    if demand.ndim != 2:
        raise InputError(f"demand has {demand.ndim} dimensions: expected 2, paths and periods")
    paths, periods = demand.shape
    coming = _spread("arrivals", arrivals, (periods,), demand.shape)
    held = _spread("stock on hand", np.expand_dims(np.asarray(on_hand, dtype=float), -1), (1,), (paths, 1))[:, 0]
    _check("demand", demand)
    if shelf_life is not None and shelf_life < 1:
        raise InputError(f"shelf life {shelf_life}: expected 1 or more periods")
    if shelf_life is None or shelf_life > periods:  # nothing grows that old here
        return _kept(demand, held, coming, backorders)
    shelves = Shelves(held, [shelf_life] * paths, backorders=backorders)
    played = [shelves.step(demand[:, t], coming[:, t]) for t in range(periods)]
    return Played(*(np.stack(column, axis=1) for column in zip(*played, strict=True)))


def _kept(demand: Array, held: Array, coming: Array, backorders: bool) -> Played:
    """Units that keep: only how many there are matters."""
    stock, sold, lost = np.empty_like(demand), np.empty_like(demand), np.empty_like(demand)
    owed = np.zeros(len(demand))
    for t in range(demand.shape[1]):
        held = held + coming[:, t]
        wanted = demand[:, t] + owed
        sold[:, t] = np.minimum(held, wanted)
        held = held - sold[:, t]
        stock[:, t], lost[:, t] = held, wanted - sold[:, t]
        owed = lost[:, t] if backorders else owed
    return Played(stock, sold, lost, np.zeros_like(demand))


class Shelves:
    """Stock of N products or paths, played a period at a time. The oldest units are sold first.

    Attributes:
        left: units by the periods in which they can still be sold, the oldest first and what keeps last, `[N, S + 1]`.
        owed: units that customers wait for, `[N]`; 0 where demand that is not met is lost.
    """

    def __init__(self, on_hand: Array, shelf_life: Sequence[int | None], *, backorders: bool = False) -> None:
        """Stock that counts as just arrived.

        Args:
            on_hand: units, shape `[N]`.
            shelf_life: periods, 1 or more, in which a unit of each can be sold; None where it keeps.
            backorders: demand not met is owed and met from the next arrivals; else it is lost.
        """
        keeps = max((life for life in shelf_life if life is not None), default=0)
        self._new = np.array([keeps if life is None else life - 1 for life in shelf_life])
        self._rows = np.arange(len(shelf_life))
        self._backorders = backorders
        self.left: Array = np.zeros((len(shelf_life), keeps + 1))
        self.left[self._rows, self._new] = on_hand
        self.owed: Array = np.zeros(len(shelf_life))

    @property
    def on_hand(self) -> Array:
        """Units in stock, `[N]`."""
        return np.asarray(self.left.sum(axis=1), dtype=float)

    def step(self, demand: Array, arrivals: Array) -> tuple[Array, Array, Array, Array]:
        """One period: what is in stock at its end, sold, lost or still owed, and wasted, `[N]` each.

        Args:
            demand: units, shape `[N]`.
            arrivals: at its start, shape `[N]`.
        """
        left = self.left.copy()
        left[self._rows, self._new] += arrivals
        wanted = demand + self.owed
        before = np.cumsum(left, axis=1) - left
        taken = np.clip(wanted[:, None] - before, 0.0, left)
        left -= taken
        sold = taken.sum(axis=1)
        lost = np.maximum(wanted - sold, 0.0)
        wasted = left[:, 0].copy() if left.shape[1] > 1 else np.zeros(len(left))
        left[:, :-1] = np.concatenate([left[:, 1:-1], np.zeros((len(left), 1))], axis=1)[:, : left.shape[1] - 1]
        self.left, self.owed = left, lost if self._backorders else self.owed
        return self.on_hand, sold, lost, wasted


def _spread(name: str, values: Array, single: tuple[int, ...], full: tuple[int, int]) -> Array:
    """Values of all paths, `full`, from those of one, `single`, or of each."""
    values = np.asarray(values, dtype=float)
    if values.shape not in (single, full):
        raise InputError(f"{name} of shape {values.shape}: expected {single} or {full}")
    _check(name, values)
    return np.broadcast_to(values, full)


def _check(name: str, values: Array) -> None:
    if not np.isfinite(values).all():
        raise InputError(f"{name}: a number is not known or not finite")
    if (values < 0).any():
        raise InputError(f"{name}: {values.min():g} is negative; expected 0 or more units")
