"""Censored demand: what a period would have sold that ran out of stock, from the part of it that was in stock.

Two stages, as in the FreshRetailNet-50K benchmark (Wang et al. 2025, arXiv:2505.16319): demand is recovered first, and
forecast after. A day sells only while there is stock, so its sales say how fast it sold, not how much was wanted. The
rate of a day is that of a gamma-Poisson model whose prior is what is usual for such a day: with little of the day in
stock the usual decides, with much of it the day's own sales do. The likelihood is the same whatever made the stock run
out, so days that ran out because they sold well need no other rule (Conrad 1976, "Sales data and the estimation of
demand"; Nahmias 1994, "Demand estimation in lost sales inventory systems").
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..data.cube import Bools
from ..quantiles import Array

Codes = npt.NDArray[np.int64]

STRENGTH = 2.0  # whole days in stock that the usual counts for beside a day's own sales
PSEUDO = 2.0  # whole days in stock that the coarser level counts for in a finer one
PROFILE_UNITS = 20.0  # mean hours' units that the profile of everything counts for in one of a group
ROUNDS = 2  # of usual sales and profiles in turn; more change nothing that matters


def recovered(sold: Array, share: Array, usual: Array, *, strength: float = STRENGTH) -> Array:
    """Demand of periods that were in stock for a part: what was sold, and what the rest would have sold.

    The rest sells at the usual rate times (strength + sold / usual) / (strength + share): the mean of the day's rate
    over the usual one, given its sales, under a gamma prior with mean 1.

    Args:
        sold: units, shape `[...]`.
        share: of the period's usual demand that falls where it was in stock, 0 to 1, same shape.
        usual: units of such a period when in stock throughout, same shape; NaN or 0 where nothing tells.
        strength: periods in stock that the usual counts for; 0 scales sales by the share alone.

    Returns:
        Units, never below `sold`, same shape. `sold / share` where there is no usual; NaN where nothing was in stock
        and there is no usual; `sold` where the share is 1.
    """
    known = np.nan_to_num(usual) > 0
    rest = np.clip(1.0 - share, 0.0, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(
            known & (strength + share > 0), usual * (strength + sold / usual) / (strength + share), sold / share
        )
    return np.asarray(np.where(rest > 0, sold + rest * rate, sold), dtype=float)


def usual_sales(
    sold: Array, share: Array, kinds: Sequence[Codes], *, before: int, after: int, pseudo: float = PSEUDO
) -> Array:
    """Units that each period sells when in stock throughout: units over time in stock, of the periods around it.

    A period counts by its share in stock, so that periods which ran out neither lower the level nor are left out of it,
    which would leave the good ones out. From coarse to fine: the whole series; the periods near; of these the ones of
    the same kind, each shrunk to the one before.

    Args:
        sold: units, 0 where not known, shape `[N, T]`.
        share: in stock, 0 where not known, shape `[N, T]`.
        kinds: codes of the kind of each period, coarse ones first, shape `[N, T]` each: promoted or not, then weekdays.
        before: periods before that are near.
        after: periods after that are near; 0 looks at nothing later than a period itself.
        pseudo: whole periods in stock that the coarser level counts for.

    Returns:
        Units per period, shape `[N, T]`; 0 where nothing in stock tells.
    """
    everywhere: Bools = np.ones(sold.shape, dtype=bool)
    whole = (sold.shape[1], 0 if not after else sold.shape[1])
    time = _around(share, *whole)
    level = np.divide(_around(sold, *whole), time, out=np.zeros_like(time), where=time > 0)
    for kind in (None, *kinds):
        finer = np.empty_like(level)
        for code in [0] if kind is None else np.unique(kind):
            here = everywhere if kind is None else kind == code
            units, stocked = _around(sold * here, before, after), _around(share * here, before, after)
            finer = np.where(here, (units + pseudo * level) / (stocked + pseudo), finer)
        level = finer
    return level


def profiles(sold: Array, in_stock: Bools, usual: Array, groups: Codes | None = None) -> Array:
    """Share of a day's demand in each hour, as units over the usual units of the days that were in stock then.

    Args:
        sold: units by hour, shape `[N, T, H]`; those of hours out of stock are not looked at.
        in_stock: shape `[N, T, H]`.
        usual: units a day, shape `[N, T]`.
        groups: a code a series, 0 to G - 1, shape `[N]`; each group's profile is shrunk to that of everything.

    Returns:
        Shares that sum to 1, shape `[N, H]`, or `[1, H]` without groups. Uniform where nothing was sold.
    """
    hours = sold.shape[2]
    units = np.where(in_stock, sold, 0.0).sum(axis=1)
    wanted = (in_stock * usual[:, :, None]).sum(axis=1)
    total = wanted.sum(axis=0)
    whole = np.divide(units.sum(axis=0), total, out=np.zeros(hours), where=total > 0)
    whole = whole / whole.sum() if whole.sum() > 0 else np.full(hours, 1 / hours)
    if groups is None:
        return np.asarray(whole[None, :], dtype=float)
    size = int(groups.max()) + 1
    sums, over = np.zeros((size, hours)), np.zeros((size, hours))
    np.add.at(sums, groups, units)
    np.add.at(over, groups, wanted)
    made = (sums + PROFILE_UNITS * whole) / (over + PROFILE_UNITS)
    return np.asarray((made / made.sum(axis=1, keepdims=True))[groups], dtype=float)


def share_of_hours(hours_out: Array, profile: Array) -> Array:
    """Share of a day's demand that was in stock, where only the number of hours out of stock is known.

    Stock that is gone comes back the next morning: the last hours of the day are taken as those without.

    Args:
        hours_out: 0 to H, parts of an hour too, shape `[...]`.
        profile: shares by hour, shape `[H]`.
    """
    upto = np.concatenate([[0.0], np.cumsum(profile)])
    return np.asarray(np.interp(len(profile) - hours_out, np.arange(len(upto)), upto), dtype=float)


def recover_hours(
    sold: Array,
    in_stock: Bools,
    kinds: Sequence[Codes],
    *,
    before: int,
    after: int,
    groups: Codes | None = None,
    strength: float = STRENGTH,
) -> tuple[Array, Array]:
    """Demand of every day from sales and stock by hour.

    Args:
        sold: units by hour, shape `[N, T, H]`; those of hours out of stock are not looked at.
        in_stock: shape `[N, T, H]`.
        kinds: as for `usual_sales`.
        before: as for `usual_sales`.
        after: as for `usual_sales`.
        groups: whose hours are alike, as for `profiles`.
        strength: as for `recovered`.

    Returns:
        Units a day, and the share of a day's demand that was in stock, both of shape `[N, T]`.
    """
    seen = np.where(in_stock, sold, 0.0)
    units = seen.sum(axis=2)
    share = in_stock.mean(axis=2)
    usual = usual_sales(units, share, kinds, before=before, after=after)
    for _ in range(ROUNDS):
        share = (in_stock * profiles(seen, in_stock, usual, groups)[:, None, :]).sum(axis=2)
        share = np.where(in_stock.all(axis=2), 1.0, share)
        usual = usual_sales(units, share, kinds, before=before, after=after)
    return recovered(units, share, usual, strength=strength), share


def _around(values: Array, before: int, after: int) -> Array:
    """Sums over the periods from `before` ones earlier to `after` ones later, shape `[N, T]`."""
    periods = values.shape[1]
    upto = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)
    at = np.arange(periods)
    made = upto[:, np.minimum(at + after + 1, periods)] - upto[:, np.maximum(at - before, 0)]
    return np.asarray(np.maximum(made, 0.0), dtype=float)
