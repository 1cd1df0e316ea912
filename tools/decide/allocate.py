"""Scarce stock over stores or channels: whole packs where they are most likely to sell, and demand against supply."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..errors import InputError
from ..quantiles import Array

SAME = 9  # decimals to which gains and shares are compared: what differs less is a tie
HIGH = 0.9  # level of high demand

Cover = Literal["high", "median", "short"]


@dataclass(frozen=True)
class Allocation:
    """What each of S places gets. In units, but for the chance.

    Attributes:
        given: whole packs, shape `[S]`.
        expected: sales expected over the horizon with it, shape `[S]`.
        without: the same with what is held alone, shape `[S]`.
        lost: demand that is expected to meet nothing, shape `[S]`.
        out: chance, 0 to 1, that demand exceeds what there is, shape `[S]`.
        kept: units that are left: less than a pack, or more than is ever wanted.
    """

    given: Array
    expected: Array
    without: Array
    lost: Array
    out: Array
    kept: float


def allocate(
    demand: Array, held: Array, units: float, *, pack: int = 1, least: float = 0.0, names: Sequence[str] | None = None
) -> Allocation:
    """Give units of one product to places so that most is expected to sell.

    Each pack goes where the expectation of sales rises most by it; of single units that is the place with the highest
    chance that demand exceeds what it holds. Expected sales are concave in what a place holds, and places do not take
    from one another, so that no other way to give the same packs sells more. Of places with the same gain the one that
    is served worst so far gets it, by the share of its expected demand that it is expected to sell; of equal shares the
    first by name. So stock that is sure to sell everywhere goes in proportion to demand. What would raise sales nowhere
    is kept.

    Args:
        demand: of the whole horizon on N draws, units, shape `[S, N]`.
        held: what each has already, or will get, shape `[S]`.
        units: that there are to give.
        pack: units that go together, the same for all places.
        least: units that each place gets at least, in whole packs.
        names: of the places, for what is still a tie; their order when left out.

    Raises:
        InputError: a number below 0, a pack below 1, or too few units for the least.

    Source: Fox (1966), "Discrete Optimization via Marginal Analysis"; proportional allocation, Cachon and Lariviere
    (1999), "Capacity Choice and Allocation", for ties.
    """
    places = len(demand)
    if not (units >= 0 and least >= 0 and pack >= 1 and (held >= 0).all()):
        raise InputError(
            f"{units:g} units, packs of {pack}, at least {least:g}: expected 0 or more, packs of 1 or more"
        )
    first = int(np.ceil(least / pack - 1e-9))
    packs = int(np.floor(units / pack + 1e-9)) - first * places
    if packs < 0:
        takes = first * places * pack
        raise InputError(f"at least {least:g} units for each of {places} places takes {takes:,}: there are {units:g}")
    given, order = np.full(places, float(first * pack)), names or [f"{place:09}" for place in range(places)]

    wanted = demand.mean(axis=1)

    def gain(place: int) -> tuple[float, float, str, int]:
        has = held[place] + given[place]
        sells, more = (float(np.minimum(demand[place], units).mean()) for units in (has, has + pack))
        served = sells / wanted[place] if wanted[place] > 0 else 1.0
        return -round(more - sells, SAME), round(served, SAME), order[place], place

    heap = [gain(place) for place in range(places)]
    heapq.heapify(heap)
    while packs > 0 and heap and heap[0][0] < 0:
        place = heap[0][-1]
        given[place] += pack
        packs -= 1
        heapq.heapreplace(heap, gain(place))
    has = held + given
    return Allocation(
        given=given,
        expected=np.minimum(demand, has[:, None]).mean(axis=1),
        without=np.minimum(demand, held[:, None]).mean(axis=1),
        lost=np.maximum(demand - has[:, None], 0.0).mean(axis=1),
        out=(demand > has[:, None] + 1e-9).mean(axis=1),
        kept=float(units - given.sum()),
    )


@dataclass(frozen=True)
class Balance:
    """Demand so far against supply so far, at the end of each of H periods, in units.

    Attributes:
        median: of demand from now on, shape `[H]`.
        high: its 90 % quantile, shape `[H]`.
        supply: on hand now and due by then, shape `[H]`.
    """

    median: Array
    high: Array
    supply: Array

    @property
    def cover(self) -> list[Cover]:
        """What supply covers at the end of each period: `high` demand, the `median` alone, or neither: `short`."""
        return [
            "high" if there >= high else "median" if there >= median else "short"
            for median, high, there in zip(self.median, self.high, self.supply, strict=True)
        ]


def balance(paths: Array, on_hand: float, arrivals: Array) -> Balance:
    """Demand of one product against its supply.

    Args:
        paths: of demand, units per period, shape `[N, H]`; sums are taken on each, never of quantiles.
        on_hand: units in stock now.
        arrivals: units due at the start of each period, shape `[H]`.
    """
    sums = np.cumsum(paths, axis=1)
    median, high = np.quantile(sums, [0.5, HIGH], axis=0)
    return Balance(median, high, on_hand + np.cumsum(arrivals))
