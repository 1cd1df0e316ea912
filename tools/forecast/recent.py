"""The recent pattern: what a series sold of late, as quantiles; free of training, so it can stand under a slot head."""

import warnings
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ..data.cube import Cube, cube
from ..data.panel import Panel
from ..errors import InputError
from ..quantiles import LEVELS, Array, monotone
from .events import events_of

WEEKS = 13  # recent weeks whose sales are the quantiles
MONTHS = 12
SAME_WEEKDAYS = 8


def recent_quantiles(cube: Cube, origin: int, rows: npt.NDArray[np.int64] | Sequence[int] | None = None) -> Array:
    """Quantiles of the next H periods from the recent ones alone, shape `[R, H, Q]`, units per period.

    Weeks and months: the empirical quantiles of what is known of the last 13 or 12 periods, the same at every step.
    Days: of the last 8 like weekdays. Where nothing is known of these, all of the series' past. Closed steps are 0, and
    so is a series of which nothing is known.

    Args:
        cube: arrays of the panel.
        origin: index of the last period that is known; later ones are not looked at.
        rows: series wanted; all when left out.
    """
    chosen = np.arange(len(cube.unique_ids)) if rows is None else np.asarray(rows, dtype=np.int64)
    demand = cube.demand[chosen, : origin + 1]
    horizon, levels = cube.horizon, np.asarray(LEVELS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", category=RuntimeWarning)
        if cube.offset == "D":
            week = _last_weeks(demand)  # [R, K, 7], the last day last
            made = np.nanquantile(week, levels, axis=1, method="hazen").transpose(1, 2, 0)  # [R, 7, Q]
            quantiles = made[:, np.arange(horizon) % 7]
        else:
            span = MONTHS if cube.offset in ("MS", "ME") else WEEKS
            made = np.nanquantile(demand[:, -span:], levels, axis=1, method="hazen").T
            quantiles = np.repeat(made[:, None], horizon, axis=1)
        missing = np.isnan(quantiles)
        if missing.any():
            whole = np.nan_to_num(np.nanquantile(demand, levels, axis=1, method="hazen").T)
            quantiles = np.where(missing, whole[:, None], quantiles)
    quantiles[cube.closed[chosen, origin + 1 : origin + 1 + horizon]] = 0.0
    return monotone(quantiles)


def recent_forecasts(panel: Panel, horizon: int) -> dict[str, Array]:
    """The recent pattern of every series from its own last period, `[H, Q]` by unique_id.

    Periods with an event (`events.event_flags`) are left out of it, and those planned get their usual effect.

    Raises:
        InputError: the horizon is not positive.
    """
    if horizon < 1:
        raise InputError(f"horizon {horizon}: expected 1 or more periods")
    arrays = cube(panel, horizon)
    periods = arrays.y.shape[1]
    events = events_of(arrays)
    plain = replace(arrays, y=np.where(events.any[:, :periods], np.nan, arrays.y))
    made: dict[str, Array] = {}
    for end in np.unique(arrays.end):
        rows = np.flatnonzero(arrays.end == end)
        ids = [arrays.unique_ids[row] for row in rows]
        effect = events.effect(int(end), rows, int(end) + 1 + horizon)[:, end + 1 :]
        made |= dict(zip(ids, recent_quantiles(plain, int(end), rows) * effect[..., None], strict=True))
    return {uid: made[uid] for uid in panel.unique_ids}


def _last_weeks(demand: Array) -> Array:
    """The last whole weeks that end at the origin, `[R, K, 7]`, K at most 8."""
    days = 7 * SAME_WEEKDAYS
    padded = np.full((len(demand), days), np.nan)
    have = min(days, demand.shape[1])
    padded[:, days - have :] = demand[:, demand.shape[1] - have :]
    return padded.reshape(len(demand), SAME_WEEKDAYS, 7)
