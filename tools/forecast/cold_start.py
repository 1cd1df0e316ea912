"""Cold start: an item with hardly any sales is forecast from items like it."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..data.cube import Bools, Cube, cube
from ..data.freq import ByFreq
from ..data.panel import SEASON_LENGTH, Grid, Panel
from ..errors import InputError, nearest
from ..messages import Message, message
from ..quantiles import LEVELS, Array, monotone
from .similarity import PARTS, Ints, Likeness

# These, and those of likeness.py, were chosen on cutoffs before the test windows: docs/COLD_START.md.
K = 50  # analogues of an item
SHARPNESS = 6.0  # an analogue weighs similarity to this power
STRANGER = 0.7  # standard deviation of log levels around that of a lone analogue: a factor of 2 either way
BESIDE = 0.15  # periods at the analogues' middle that count beside an item's own
LEAST_NOISE = 0.02  # least variance that the log of an own period is taken to have
NAMED = 3  # analogues that a warning names
LEAST = 8  # known periods that make an item a candidate
LEVEL_OVER = ByFreq({"D": 28, "W": 13, "M": 6})  # last periods that show the level
VARIATION_OVER = ByFreq({"D": 56, "W": 26, "M": 12})  # and the variation around it


@dataclass(frozen=True)
class Analogue:
    """An item like another one.

    Attributes:
        unique_id: the analogue.
        similarity: 0 (nothing in common) to 1.
        why: such as "same type and size, price within 12 %, text 0.81"; None where it was given.
    """

    unique_id: str
    similarity: float
    why: Message | None = None


@dataclass(frozen=True)
class ColdStart:
    """The forecast of an item from its analogues.

    Attributes:
        unique_id: the item.
        quantiles: units per period, shape `[H, Q]`.
        analogues: the items it was made from, most similar first.
        warnings: what a person should know about it.
    """

    unique_id: str
    quantiles: Array
    analogues: tuple[Analogue, ...]
    warnings: tuple[Message, ...]


@dataclass(frozen=True)
class _Pool:
    """N items as arrays.

    Attributes:
        cube: the panel.
        candidate: has a longer past with sales, `[N]`.
        level: units per period of the last periods, `[N]`.
        variation: the past over the level, price effect taken out, `[N, T]`.
        usual: log of the usual price, `[N]`, NaN where not known.
        effect: factor of each period's price on units, `[N, T + H]`.
    """

    cube: Cube
    candidate: Bools
    level: Array
    variation: Array
    usual: Array
    effect: Array


def analogues(panel: Panel, unique_id: str, k: int = K) -> list[Analogue]:
    """The `k` items with a longer past that are most like one item, by static columns, price and description.

    Args:
        panel: what is known; the item may have no sales at all, only a static row or a plan.
        unique_id: the item.
        k: how many; fewer where the panel has fewer.

    Raises:
        InputError: the item is not in the panel, `k` is not positive, or no item has a longer past with sales.
    """
    return _nearest(_pool(panel, [unique_id], 1), [unique_id], k, PARTS)[unique_id]


def candidates(panel: Panel) -> list[str]:
    """The items that can be analogues: those with 8 or more known periods, and sales of late."""
    pool = _pool(panel, [], 1)
    return [uid for uid, able in zip(pool.cube.unique_ids, pool.candidate, strict=True) if able]


def cold_start_forecasts(
    panel: Panel,
    unique_ids: Sequence[str],
    horizon: int,
    *,
    k: int = K,
    given: Mapping[str, Sequence[Analogue]] | None = None,
    parts: Mapping[str, float] = PARTS,
) -> dict[str, ColdStart]:
    """Forecast items with hardly any sales from their analogues.

    Each analogue offers its level over the panel's last periods (the same calendar) times its variation around that
    level; the mixture, weighted by similarity, is the forecast. The item's own known periods pull the levels towards
    their own and together, as in a normal model of log levels: the more the wider the analogues' levels lie apart, the
    steadier their sales are, and the more periods are known. Steps are scaled by the analogues' season, and by the
    item's planned price against its usual one. How items sold at the same age is not used: on the launches in two of
    the benchmark panels it made forecasts worse.

    Args:
        panel: what is known.
        unique_ids: the items; each has a past, a plan or a static row.
        horizon: periods ahead, from the item's last period or else the panel's.
        k: analogues an item.
        given: analogues to use instead of the most similar.
        parts: shares of the similarity: `static`, `price`, `text`; one that is left out does not count.

    Raises:
        InputError: an item is not known, `horizon` or `k` is not positive, or no item has a longer past with sales.
    """
    if horizon < 1:
        raise InputError(f"horizon {horizon}: expected 1 or more periods")
    ids = list(dict.fromkeys(str(uid) for uid in unique_ids))
    pool = _pool(panel, ids, horizon)
    row_of = {uid: row for row, uid in enumerate(pool.cube.unique_ids)}
    found = _nearest(pool, ids, k, parts) if given is None else {uid: list(given.get(uid, ())) for uid in ids}
    for uid in ids:
        if not found[uid] or not all(pool.candidate[row_of[one.unique_id]] for one in found[uid]):
            raise InputError(f"{uid}: its analogues must be items with {LEAST} or more known periods and sales of late")
    return {uid: _forecast(pool, uid, row_of, found[uid]) for uid in ids}


def _pool(panel: Panel, ids: Sequence[str], horizon: int) -> _Pool:
    """The panel's items as arrays; those asked for that have no past get one period not known, the panel's last."""
    known = list(
        dict.fromkeys([*panel.unique_ids, *map(str, panel.static.index), *map(str, panel.future["unique_id"].unique())])
    )
    places = set(known)
    for uid in ids:
        if uid not in places:
            raise InputError(f"unknown SKU {uid!r}: {nearest(uid, known)}")
    arrays = cube(seated(panel, ids), horizon)
    shown, price, freq = arrays.demand, _prices(arrays), panel.freq
    usual = _mean(price[:, -VARIATION_OVER[freq] - horizon :])
    off = np.nan_to_num(price - usual[:, None])
    over = shown.shape[1] - VARIATION_OVER[freq]
    slope = _price_slope(shown[:, max(over, 0) :], off[:, max(over, 0) : shown.shape[1]])
    effect = np.exp(slope * off)
    even = shown / effect[:, : shown.shape[1]]
    level = _mean(even[:, -LEVEL_OVER[freq] :])
    candidate = (np.isfinite(shown).sum(axis=1) >= LEAST) & (np.nan_to_num(level) > 0)
    variation = even / np.where(candidate, level, np.nan)[:, None]
    return _Pool(arrays, candidate, level, variation, usual, effect)


def seated(panel: Panel, unique_ids: Sequence[str]) -> Panel:
    """The panel in which items without a past have one period that is not known: the panel's last."""
    pasts = set(panel.unique_ids)
    young = [uid for uid in unique_ids if uid not in pasts]
    seats = pd.DataFrame({"unique_id": young, "ds": panel.cutoff, "y": np.nan})
    return replace(panel, past=pd.concat([panel.past, seats], ignore_index=True)) if young else panel


def _mean(values: Array) -> Array:
    """The mean of each row over what is known; NaN where nothing is."""
    known = np.isfinite(values)
    total = np.where(known, values, 0.0).sum(axis=1)
    return np.asarray(total / np.where(known.any(axis=1), known.sum(axis=1), np.nan), dtype=float)


def _prices(arrays: Cube) -> Array:
    """Log price, shape `[N, T + H]`, the plan included; NaN where no price is known."""
    prices = arrays.known.get("price")
    if prices is None:
        prices = np.full((len(arrays.unique_ids), len(arrays.ds)), np.nan)
        past = arrays.past_only.get("price")
        if past is not None:
            prices[:, : past.shape[1]] = past
    return np.asarray(np.log(np.where(prices > 0, prices, np.nan)), dtype=float)


def _price_slope(y: Array, off: Array) -> float:
    """Slope of log units on log price, each against the item's own mean, over all items alike; never above 0."""
    use = np.isfinite(y)
    ratio = np.where(use, y, np.nan) / np.maximum(_mean(y), 1e-9)[:, None]
    use &= np.isfinite(ratio) & (np.abs(off) < 1.0)
    middle = _mean(np.where(use, off, np.nan))
    x = np.where(use, off - middle[:, None], 0.0)
    spread = float((x**2).sum())
    slope = float((x * np.where(use, ratio - 1.0, 0.0)).sum()) / spread if spread > 1e-9 else 0.0
    return float(np.clip(slope, -4.0, 0.0))


def _nearest(pool: _Pool, ids: Sequence[str], k: int, parts: Mapping[str, float]) -> dict[str, list[Analogue]]:
    """The most similar candidates of each item."""
    if k < 1:
        raise InputError(f"k {k}: expected 1 or more analogues")
    names = pool.cube.unique_ids
    row_of = {uid: row for row, uid in enumerate(names)}
    columns = np.flatnonzero(pool.candidate)
    likeness = Likeness(pool.cube.static, pool.usual, columns, parts)
    ties = np.array([zlib.crc32(names[column].encode()) for column in columns])  # in no order that means anything
    found = {}
    for uid in ids:
        row = row_of[uid]
        others = columns != row
        if not others.any():
            raise InputError(f"{uid}: no analogue: no other item has {LEAST} or more known periods with sales")
        parts_of = likeness.parts(row)
        similarity = np.where(others, likeness.of(parts_of), -1.0)
        best = np.lexsort((ties, -similarity))[: min(k, int(others.sum()))]
        found[uid] = [
            Analogue(names[columns[j]], float(similarity[j]), likeness.why(row, j, float(parts_of["text"][j])))
            for j in best
        ]
    return found


def _forecast(pool: _Pool, uid: str, row_of: Mapping[str, int], like: Sequence[Analogue]) -> ColdStart:
    """The weighted mixture over analogues of level times variation, step by step."""
    arrays, row = pool.cube, row_of[uid]
    rows = np.array([row_of[one.unique_id] for one in like])
    weight = np.maximum([one.similarity for one in like], 1e-3) ** SHARPNESS
    weight = weight / weight.sum()
    freq, past = Grid(arrays.offset).freq, arrays.y.shape[1]
    own = arrays.demand[row]
    seen = np.flatnonzero(np.isfinite(own))[-LEVEL_OVER[freq] :]
    steps = arrays.end[row] + 1 + np.arange(arrays.horizon)
    season = _season(pool, rows, weight)
    factor = pool.effect[row] * season
    shapes = (pool.variation[rows] / np.where(season > 0, season, np.nan)[:past])[:, -VARIATION_OVER[freq] :]
    levels = _levels(np.log(pool.level[rows]), weight, own[seen], factor[seen], _noise(shapes, weight))
    atoms = np.exp(levels)[:, :, None] * shapes[:, None, :]
    known = np.isfinite(atoms)
    each = (weight / np.maximum(known.sum(axis=(1, 2)), 1))[:, None, None] * known
    quantiles = monotone(_weighted_quantiles(atoms[known], each[known]) * factor[steps][:, None])
    quantiles[arrays.closed[row, steps]] = 0.0
    return ColdStart(uid, quantiles, tuple(like), _warnings(own[seen], like))


def _levels(levels: Array, weight: Array, own: Array, factor: Array, noise: float) -> Array:
    """The log levels that the item may have, shape `[K, 3]`: its analogues', and those pulled towards its own.

    Each analogue's level is smeared by a kernel, the wider the fewer analogues carry the weight. The prior that they
    make has a middle and a variance; the item's n periods show a level with the variance noise / n: the two are
    weighed as normals are. A share of a period at the prior's middle keeps a level above 0 where nothing was sold.
    """
    effective = 1 / float((weight**2).sum())
    smeared: Array = levels[:, None] + STRANGER / np.sqrt(effective) * np.sqrt(1.5) * np.array([-1.0, 0.0, 1.0])
    if not len(own):
        return smeared
    middle = float(weight @ levels)
    prior = float(weight @ ((smeared - middle) ** 2).mean(axis=1))
    trust = prior / (prior + noise / len(own))
    seen = np.log((own.sum() + BESIDE * np.exp(middle)) / (factor.sum() + BESIDE))
    return np.asarray((1 - trust) * middle + trust * seen + np.sqrt(1 - trust) * (smeared - middle), dtype=float)


def _noise(shapes: Array, weight: Array) -> float:
    """Variance of the log of one period over its level, `BESIDE` added to both, as in the analogues `[K, T]`."""
    ratio = np.log(np.maximum(shapes, 0.0) + BESIDE)
    spread = _mean((ratio - _mean(ratio)[:, None]) ** 2)
    return max(float(weight @ np.nan_to_num(spread)), LEAST_NOISE)


def _season(pool: _Pool, rows: Ints, weight: Array) -> Array:
    """What the calendar does to the analogues' sales, around 1, shape `[T + H]`.

    Days: the weekday over the last weeks. Weeks and months: the same period a year earlier, three together, over the
    level a year earlier; 1 where that is not known.
    """
    freq, past, ahead = Grid(pool.cube.offset).freq, pool.variation.shape[1], pool.cube.horizon
    season = np.ones(past + ahead)
    if freq == "D":
        recent = pool.variation[rows].copy()
        recent[:, : -VARIATION_OVER[freq]] = np.nan
        week = np.array([_pooled(recent[:, day::7], weight) for day in range(7)])
        week = np.where(
            np.isfinite(week), week / np.nanmean(week), 1.0
        )  # a weekday that is always closed tells nothing
        return np.asarray(np.resize(week, past + ahead), dtype=float)
    year = SEASON_LENGTH[freq]
    if past < year + LEVEL_OVER[freq]:
        return season
    then = _pooled(pool.variation[rows, past - year - LEVEL_OVER[freq] : past - year], weight)
    for t in range(max(year + 1, past - VARIATION_OVER[freq]), past + ahead):
        if t - year + 2 <= past:
            season[t] = _pooled(pool.variation[rows, t - year - 1 : t - year + 2], weight) / then
    return np.where(np.isfinite(season) & (season > 0), np.sqrt(np.clip(season, 0.1, 10.0)), 1.0)


def _pooled(variation: Array, weight: Array) -> float:
    """The weighted mean of analogues' variation `[K, ...]` over what is known; NaN where nothing is."""
    known = np.isfinite(variation) * weight[:, None]
    return float((np.nan_to_num(variation) * known).sum() / known.sum()) if known.any() else float("nan")


def _weighted_quantiles(values: Array, weight: Array) -> Array:
    """Quantiles `[Q]` of weighted values, straight lines between their middles."""
    order = np.argsort(values, kind="stable")
    share = np.cumsum(weight[order]) - 0.5 * weight[order]
    return np.asarray(np.interp(LEVELS, share / weight.sum(), values[order]), dtype=float)


def _warnings(own: Array, like: Sequence[Analogue]) -> tuple[Message, ...]:
    few = tuple(
        message("alike-item-why", sku=one.unique_id, why=one.why)
        if one.why
        else message("alike-item", sku=one.unique_id)
        for one in like[:NAMED]
    )
    made = [message("warning-cold-start", known=len(own), items=len(like), alike=few)]
    if len(own) and not own.any():
        made.append(message("warning-nothing-sold"))
    if len(like) < 5:
        made.append(message("warning-few-items"))
    if max(one.similarity for one in like) < 0.2:
        made.append(message("warning-unlike"))
    return tuple(made)
