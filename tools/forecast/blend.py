"""The combined forecast: several tools, weighed and recalibrated on the last windows whose truth is known."""

import functools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ..data.cube import Cube, cube
from ..data.ended import LEAST, ended
from ..data.freq import freq_of
from ..data.panel import Panel
from ..errors import InputError
from ..quantiles import Array, counted, monotone, probability
from .conformal import NO_CHANGE, Recalibration, recalibration
from .guard import guarded
from .paths import schaake_paths
from .weights import blend_weights, by_step, guarded_share, weighted

Model = Callable[[Panel, int], dict[str, Array]]
VALIDATION_WINDOWS = 3
SHARE_TESTED = 8  # a validation window is at most this part of the past: a longer one would leave too little to learn
MIN_PAST = 4  # periods that a validation window's past holds beyond one horizon


@dataclass(frozen=True)
class Kept:
    """A forecast made before: quantiles `[H, Q]` by unique_id, and the seconds it took."""

    quantiles: dict[str, Array]
    seconds: float


Memo = dict[tuple[str, pd.Timestamp, int], Kept]


def remember(
    memo: Memo, name: str, at: pd.Timestamp, horizon: int, make: Callable[[], dict[str, Array]]
) -> dict[str, Array]:
    """The forecast of a model at a cutoff, made once. A memo is for one panel, cut at different times."""
    if (name, at, horizon) not in memo:
        started = time.perf_counter()
        made = make()
        memo[name, at, horizon] = Kept(made, time.perf_counter() - started)
    return memo[name, at, horizon].quantiles


def tested(periods: int, horizon: int) -> int:
    """Periods of a validation window: the horizon, or an eighth of the past where that is shorter, at least one.

    A window as long as the horizon can eat the only year that shows last year's effect, and then says nothing of the
    models that will have learned it.

    Args:
        periods: of the past.
        horizon: periods ahead.
    """
    return min(horizon, max(1, periods // SHARE_TESTED))


@dataclass(frozen=True)
class Combined:
    """The combined forecast of a panel.

    Attributes:
        quantiles: units per period by unique_id, shape `[H, Q]`.
        members: each tool's own quantiles, by name and unique_id.
        weights: of the members in their order.
        recalibration: of the levels.
        cutoffs: of the validation windows, newest first.
        ranks: probabilities that the truth took under the forecast in the validation windows, shape `[K, h]`: how
            steps depend on one another.
        then: this forecast of the newest validation window, shape `[h, Q]` by unique_id: its weights have seen what
            came true there, so it is a little better than it would have been. Empty without a window.
    """

    quantiles: dict[str, Array]
    members: dict[str, dict[str, Array]]
    weights: Array
    recalibration: Recalibration
    cutoffs: list[pd.Timestamp]
    ranks: Array = field(repr=False)
    then: dict[str, Array] = field(default_factory=dict, repr=False)

    def paths(self, unique_id: str, *, n: int = 500, seed: int = 0) -> Array:
        """Whole futures of one series, `[n, H]`, with these quantiles and the dependence of past errors."""
        return schaake_paths(self.quantiles[unique_id], self.ranks, n=n, seed=seed)


def combined_forecasts(
    panel: Panel,
    horizon: int,
    models: Mapping[str, Model],
    *,
    windows: int = VALIDATION_WINDOWS,
    unproven: Mapping[str, float] | None = None,
    stands: str | None = None,
    memo: Memo | None = None,
    progress: Callable[[str, pd.Timestamp], None] | None = None,
) -> Combined:
    """Forecast with every model, weigh them on the last windows, recalibrate, and keep how errors hang together.

    Each validation window ends where the panel ends or a whole number of windows before (see `tested`); a model sees
    only `panel.before(cutoff)` there. Closed and out-of-stock periods are no truth to learn from. A model that cannot
    forecast now is left out, and so is one that cannot forecast the newest window: it is not proven. A window whose
    past is too short for a proven model is not used, nor are those before. What is learned there is shrunk to weights
    that stand without proof (`blend_weights`), the more so the further a step lies beyond the windows (`by_step`);
    without any window these stand alone. Models that ran away from a series' past are held back there (`guarded`).

    Args:
        panel: what is known.
        horizon: periods ahead.
        models: the members by name; each gives quantiles `[H, Q]` for every series it can.
        windows: validation windows wanted.
        unproven: weights that stand without proof, by model; equal ones when left out, or when none of these can
            forecast.
        stands: the first of two members, recalibrated already: the other gets a share of it, small unless it has proved
            itself, none where it did harm (`guarded_share`), and nothing is recalibrated.
        memo: forecasts made before, by model, cutoff and horizon: of the same panel, cut at different times. Added to.
        progress: called with which model is at work for which cutoff.

    Raises:
        InputError: no model can forecast.
    """
    memo = {} if memo is None else memo
    truth = cube(panel, 0)
    span = tested(truth.y.shape[1], horizon)

    def made(name: str, at: pd.Timestamp, ahead: int) -> dict[str, Array]:
        if progress and (name, at, ahead) not in memo:
            progress(name, at)
        known = panel if at == panel.cutoff else panel.before(at)
        return remember(memo, name, at, ahead, functools.partial(models[name], known, ahead))

    members, why = _able({name: functools.partial(made, name, panel.cutoff, horizon) for name in models})
    if not members:
        raise why or InputError("no model is named")
    proven: dict[str, dict[str, Array]] = {}
    cutoffs, parts = [], []
    for at in _cutoffs(truth, span, windows):
        then, _ = _able({name: functools.partial(made, name, at, span) for name in proven or members})
        if not then or (proven and len(then) < len(proven)):  # too short a past, and so for every earlier window
            break
        proven = proven or {name: members[name] for name in then}
        part = known_window(truth, at, span, then)
        if part is not None:
            cutoffs.append(at)
            parts.append(part)
    members = proven if parts else members
    ids = [uid for uid in panel.unique_ids if all(uid in member for member in members.values())]
    now = _stacked(truth, [[member[uid] for uid in ids] for member in members.values()], ids)
    stands = stands if stands in members else None
    believed = {stands: 1.0} if stands else unproven or {}
    prior = np.array([believed.get(name, 0.0) for name in members])
    prior = prior / prior.sum() if prior.sum() > 0 else np.full(len(members), 1 / len(members))
    if not parts:
        mixed = weighted(now, prior)
        return Combined(dict(zip(ids, mixed, strict=True)), members, prior, NO_CHANGE, [], np.zeros((0, span)))
    y = np.concatenate([part.y for part in parts])
    then_all = np.concatenate([part.members for part in parts], axis=1)
    scale = np.concatenate([part.scale for part in parts])
    of_window = np.repeat(range(len(parts)), [len(part.y) for part in parts])
    if stands is None:
        weights = blend_weights(y, then_all, scale, of_window, prior)
    else:
        share = guarded_share(y, then_all[0], then_all[1], scale, of_window.tolist()) if len(members) > 1 else 0.0
        weights = np.array([1 - share, share][: len(members)])
    past = weighted(then_all, weights)
    shifts = recalibration(y, past) if stands is None else NO_CHANGE
    whole = counted if stands is None and _whole(truth.y) else np.asarray

    def recalibrated(quantiles: Array) -> Array:
        return np.asarray(whole(shifts.apply(quantiles)), dtype=float)

    mixed, past = recalibrated(weighted(now, by_step(weights, prior, span, horizon))), recalibrated(past)
    ranks = probability(y, past)
    ranks = np.nan_to_num(ranks[np.isfinite(ranks).mean(axis=1) > 0.5], nan=0.5)  # a masked step tells nothing
    newest = dict(zip(parts[0].unique_ids, past, strict=False))  # windows stand one after the other, the newest first
    return Combined(dict(zip(ids, mixed, strict=True)), members, weights, shifts, cutoffs, ranks, newest)


def _able(
    makers: Mapping[str, Callable[[], dict[str, Array]]],
) -> tuple[dict[str, dict[str, Array]], InputError | None]:
    """What those can make that can make anything, and why the last of the others cannot."""
    able, why = {}, None
    for name, make in makers.items():
        try:
            able[name] = make()
        except InputError as error:
            why = error
    return able, why


def _stacked(
    truth: Cube, members: Sequence[Sequence[Array]], unique_ids: Sequence[str], upto: int | None = None
) -> Array:
    """Forecasts as one array `[M, N, H, Q]`, monotone, guarded by what was known up to a place; 0 of what has ended."""
    rows = pd.Index(truth.unique_ids).get_indexer(pd.Index(unique_ids))
    known = truth.demand[rows, : None if upto is None else upto + 1]
    made = guarded(np.stack([monotone(np.stack(member)) for member in members]), known)
    made[:, ended(known, LEAST[freq_of(truth.offset)])] = 0.0
    return made


def _whole(y: Array) -> bool:
    """Whether all units known are whole numbers."""
    known = y[np.isfinite(y)]
    return bool((known == np.round(known)).all())


@dataclass(frozen=True)
class KnownWindow:
    """The series whose truth is known over one horizon.

    Attributes:
        unique_ids: the series.
        y: actual units, shape `[N, H]`; NaN where closed or out of stock.
        members: the models' quantiles, `[M, N, H, Q]`.
        scale: mean absolute change of each series' past, shape `[N]`; NaN where it never changed.
    """

    unique_ids: list[str]
    y: Array
    members: Array
    scale: Array


def _cutoffs(truth: Cube, horizon: int, windows: int) -> list[pd.Timestamp]:
    """Ends of the validation windows' pasts, newest first, while each is a little longer than one window."""
    last = truth.y.shape[1] - 1
    places = [last - horizon * (k + 1) for k in range(windows)]
    return [pd.Timestamp(truth.ds[place]) for place in places if place + 1 >= horizon + MIN_PAST]


def known_window(
    truth: Cube, at: pd.Timestamp, horizon: int, members: dict[str, dict[str, Array]]
) -> KnownWindow | None:
    """The series of one validation window with their truth; those that end before it does are left out."""
    place = int(truth.ds.get_indexer(pd.DatetimeIndex([at]))[0])
    rows = {uid: row for row, uid in enumerate(truth.unique_ids)}
    ids = [uid for uid in rows if all(uid in member for member in members.values())]
    ids = [uid for uid in ids if truth.end[rows[uid]] >= place + horizon]
    if not ids:
        return None
    index = np.array([rows[uid] for uid in ids])
    demand = truth.demand[index]
    gaps = np.abs(np.diff(demand[:, : place + 1], axis=1))
    known = np.isfinite(gaps)
    scale = np.where(known, gaps, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return KnownWindow(
        unique_ids=ids,
        y=demand[:, place + 1 : place + 1 + horizon],
        members=_stacked(truth, [[member[uid] for uid in ids] for member in members.values()], ids, place),
        scale=np.where(scale > 0, scale, np.nan),
    )
