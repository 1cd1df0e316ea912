"""Chances: how likely it is that demand exceeds a number of units or stays below it, from a forecast's quantiles."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..quantiles import LEVELS, Array

Side = Literal["above", "at least", "below", "at most"]


@dataclass(frozen=True)
class Chance:
    """How likely something is.

    Attributes:
        percent: the chance; where it is only bounded, the bound.
        bound: under or over, where the forecast's levels say no more than that; else empty.
    """

    percent: float
    bound: Literal["", "under", "over"] = ""


def chance(quantiles: Array | Sequence[float], units: float, side: Side) -> Chance:
    """The chance that demand lies on one side of a number of units.

    Straight lines between the forecast's levels; beyond its outer levels no more is said than that it is under 10 % or
    over 90 %. Where several levels are equal, as counts often are, what equals the number counts as the side says.

    Args:
        quantiles: of demand in units, at `LEVELS`, non-decreasing, shape `[Q]`.
        units: the number.
        side: above and below leave the number itself out.
    """
    values = np.asarray(quantiles, dtype=float)
    upto = side in ("above", "at most")  # whether what equals the number counts as below it
    place = int(np.searchsorted(values, units, side="right" if upto else "left"))
    if place == 0:
        return _turned(Chance(100 * LEVELS[0], "under"), side)
    if place == len(values):
        return _turned(Chance(100 * LEVELS[-1], "over"), side)
    low, high = values[place - 1], values[place]
    level = LEVELS[place - 1] + (LEVELS[place] - LEVELS[place - 1]) * (units - low) / (high - low)
    return _turned(Chance(100 * float(level)), side)


def _turned(below: Chance, side: Side) -> Chance:
    """The chance of the side, from that of lying below."""
    if side in ("below", "at most"):
        return below
    turned: dict[str, Literal["", "under", "over"]] = {"": "", "under": "over", "over": "under"}
    return Chance(100 - below.percent, turned[below.bound])
