"""The combined forecast: several tools, weighed and recalibrated on the last windows whose truth is known."""

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ..data.cube import Cube, cube
from ..data.panel import Panel
from ..errors import InputError
from ..quantiles import Array, counted, monotone, probability
from .abc_xyz import abc_xyz
from .conformal import NO_CHANGE, Recalibration, recalibration
from .paths import schaake_paths
from .weights import cell_weights, guarded_share, weighted

Model = Callable[[Panel, int], dict[str, Array]]
VALIDATION_WINDOWS = 3
MIN_PAST = 4  # periods that a validation window's past holds beyond one horizon


@dataclass(frozen=True)
class Kept:
    """A forecast made before: quantiles `[H, Q]` by unique_id, and the seconds it took."""

    quantiles: dict[str, Array]
    seconds: float


Memo = dict[tuple[str, pd.Timestamp], Kept]


def remember(memo: Memo, name: str, at: pd.Timestamp, make: Callable[[], dict[str, Array]]) -> dict[str, Array]:
    """The forecast of a model at a cutoff, made once. A memo is for one panel, cut at different times."""
    if (name, at) not in memo:
        started = time.perf_counter()
        made = make()
        memo[name, at] = Kept(made, time.perf_counter() - started)
    return memo[name, at].quantiles


@dataclass(frozen=True)
class Combined:
    """The combined forecast of a panel.

    Attributes:
        quantiles: units per period by unique_id, shape `[H, Q]`.
        members: each tool's own quantiles, by name and unique_id.
        weights: of the members in their order, by ABC-XYZ cell; the global ones under `""`.
        recalibration: of the levels.
        cutoffs: of the validation windows, newest first.
        ranks: probabilities that the truth took under the forecast in the validation windows, shape `[K, H]`: how
            steps depend on one another.
    """

    quantiles: dict[str, Array]
    members: dict[str, dict[str, Array]]
    weights: dict[str, Array]
    recalibration: Recalibration
    cutoffs: list[pd.Timestamp]
    ranks: Array = field(repr=False)

    def paths(self, unique_id: str, *, n: int = 500, seed: int = 0) -> Array:
        """Whole futures of one series, `[n, H]`, with these quantiles and the dependence of past errors."""
        return schaake_paths(self.quantiles[unique_id], self.ranks, n=n, seed=seed)


def combined_forecasts(
    panel: Panel,
    horizon: int,
    models: dict[str, Model],
    *,
    windows: int = VALIDATION_WINDOWS,
    stands: str | None = None,
    memo: Memo | None = None,
    progress: Callable[[str, pd.Timestamp], None] | None = None,
) -> Combined:
    """Forecast with every model, weigh them on the last windows, recalibrate, and keep how errors hang together.

    Each validation window ends where the panel ends or a whole number of horizons before; a model sees only
    `panel.before(cutoff)` there. Closed and out-of-stock periods are no truth to learn from. A model that
    cannot forecast now is left out. So is a window whose past is too short for a model; with none left the weights are
    equal, or all those of the one that stands.

    Args:
        panel: what is known.
        horizon: periods ahead.
        models: the members by name; each gives quantiles `[H, Q]` for every series it can.
        windows: validation windows wanted.
        stands: the first of two members, recalibrated already: the other gets a share of it, small unless it has proved
            itself, none where it did harm (`guarded_share`), and nothing is recalibrated.
        memo: forecasts made before, by model and cutoff: of the same panel, cut at different times. Added to.
        progress: called with which model is at work for which cutoff.

    Raises:
        InputError: no model can forecast.
    """
    memo = {} if memo is None else memo
    truth = cube(panel, 0)

    def made(name: str, at: pd.Timestamp) -> dict[str, Array]:
        if progress and (name, at) not in memo:
            progress(name, at)
        known = panel if at == panel.cutoff else panel.before(at)
        return remember(memo, name, at, functools.partial(models[name], known, horizon))

    members, why = {}, InputError("no model is named")
    for name in models:
        try:
            members[name] = made(name, panel.cutoff)
        except InputError as error:
            why = error
    if not members:
        raise why
    stands = stands if stands in members else None
    cells = abc_xyz(panel)
    ids = [uid for uid in panel.unique_ids if all(uid in member for member in members.values())]
    now = [monotone(np.stack([member[uid] for uid in ids])) for member in members.values()]
    cutoffs, parts = [], []
    for at in _cutoffs(truth, horizon, windows):
        try:
            part = known_window(truth, at, horizon, {name: made(name, at) for name in members})
        except InputError:  # too short a past for one of the models, and so for every earlier window
            break
        if part is not None:
            cutoffs.append(at)
            parts.append(part)
    if not parts:
        unproven = {"": np.array([1 / len(members) if stands is None else float(name == stands) for name in members])}
        mixed = weighted(now, [""] * len(ids), unproven)
        return Combined(dict(zip(ids, mixed, strict=True)), members, unproven, NO_CHANGE, [], np.zeros((0, horizon)))
    y = np.concatenate([part.y for part in parts])
    then = [np.concatenate([part.members[i] for part in parts]) for i in range(len(members))]
    scale = np.concatenate([part.scale for part in parts])
    of = [cells.get(uid, "") for part in parts for uid in part.unique_ids]
    if stands is None:
        weights = cell_weights(y, then, scale, of)
    else:
        of_window = np.repeat(range(len(parts)), [len(part.y) for part in parts]).tolist()
        share = guarded_share(y, then[0], then[1], scale, of_window) if len(then) > 1 else 0.0
        weights = {"": np.array([1 - share, share][: len(then)])}
    past = weighted(then, of, weights)
    shifts = recalibration(y, past) if stands is None else NO_CHANGE
    whole = counted if stands is None and _whole(truth.y) else np.asarray

    def recalibrated(quantiles: Array) -> Array:
        return np.asarray(whole(shifts.apply(quantiles)), dtype=float)

    mixed = recalibrated(weighted(now, [cells[uid] for uid in ids], weights))
    ranks = probability(y, recalibrated(past))
    ranks = np.nan_to_num(ranks[np.isfinite(ranks).mean(axis=1) > 0.5], nan=0.5)  # a masked step tells nothing
    return Combined(dict(zip(ids, mixed, strict=True)), members, weights, shifts, cutoffs, ranks)


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
        members: each model's quantiles, `[N, H, Q]`.
        scale: mean absolute change of each series' past, shape `[N]`; NaN where it never changed.
    """

    unique_ids: list[str]
    y: Array
    members: list[Array]
    scale: Array


def _cutoffs(truth: Cube, horizon: int, windows: int) -> list[pd.Timestamp]:
    """Ends of the validation windows' pasts, newest first, while each is a little longer than one horizon."""
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
        members=[np.stack([monotone(member[uid]) for uid in ids]) for member in members.values()],
        scale=np.where(scale > 0, scale, np.nan),
    )
