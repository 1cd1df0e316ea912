"""Running out: when the stock on hand is used up, by sample paths of demand."""

from dataclasses import dataclass

import numpy as np

from ..quantiles import Array

EARLY = 0.1  # share of paths by which an early end is plausible


@dataclass(frozen=True)
class RunOut:
    """When a stock is used up, in periods ahead, 1 the first.

    Attributes:
        expected: the first period in which expected demand so far exceeds the stock; None where it lasts through all.
        earliest: the first period by whose end a tenth of the paths have exceeded it; None where fewer do.
        lasting: share, 0 to 1, of paths that the stock meets to the end of each period, shape `[H]`.
    """

    expected: int | None
    earliest: int | None
    lasting: Array


def run_out(paths: Array, mean: Array, stock: float) -> RunOut:
    """When demand exceeds the stock, if nothing is delivered.

    Args:
        paths: of demand, units per period, shape `[N, H]`.
        mean: expected units per period, shape `[H]`.
        stock: units on hand.
    """
    over = np.cumsum(paths, axis=1) > stock
    gone: Array = over.mean(axis=0)
    return RunOut(_first(np.cumsum(mean) > stock), _first(gone >= EARLY), 1 - gone)


def _first(where: "np.typing.NDArray[np.bool_]") -> int | None:
    places = np.flatnonzero(where)
    return int(places[0]) + 1 if len(places) else None
