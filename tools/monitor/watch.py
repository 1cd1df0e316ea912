"""Watching: the ledger's forecasts of every series against what sold, for alarms of drift."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from ..data.panel import Panel
from ..errors import InputError
from .drift import Alarm, Thresholds, alarms
from .ledger import BANDS, STAGES, Ledger

AHEAD = 4  # steps up to which a forecast of a period is taken, the fewest first


def watch(
    ledger: Ledger,
    panel: Panel,
    *,
    thresholds: Thresholds | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[list[Alarm], int]:
    """Alarms of all series, the newest first, and how many series were watched.

    Of each period the forecast of the fewest steps ahead counts, in its last stage that has a band: own numbers have
    none, and what a person knew says nothing of the model.

    Args:
        ledger: holds the forecasts.
        panel: the sales, as they are known now.
        thresholds: where an alarm is given.
        progress: called with how many series are done, and of how many.

    Raises:
        InputError: no forecast of these series is known to have come true, or river is not installed.
    """
    ranks = " ".join(f"when '{stage}' then {place}" for place, stage in enumerate(STAGES))
    listed = ", ".join(f'"{band}"' for band in BANDS)
    through = f"{panel.cutoff:%Y-%m-%d}"
    rows = ledger.read(f"""
        select unique_id, ds, {listed} from (
            select f.*, row_number() over (
                partition by f.unique_id, f.ds order by f.step, e.made desc, case f.stage {ranks} end desc
            ) as place
            from skucast_forecasts as f join skucast_entries as e on f.entry = e.entry
            where f.stage <> 'override' and f."q-10" is not null and f.step <= {AHEAD}
                and f.freq = '{panel.freq}' and f.ds <= '{through}'
        ) as ranked where place = 1
    """)
    past = panel.past[["unique_id", "ds", "y"]]
    rows["ds"] = rows["ds"].astype(past["ds"].dtype)
    rows = rows.merge(past, on=["unique_id", "ds"]).sort_values(["unique_id", "ds"], kind="stable")
    if rows.empty:
        raise InputError(f"{ledger.shown}: no forecast there of a period of these sales, up to {through}")
    ids = rows["unique_id"].to_numpy()
    ends = [*np.flatnonzero(ids[1:] != ids[:-1]) + 1, len(ids)]
    y, ds, made = rows["y"].to_numpy(dtype=float), list(rows["ds"]), rows[list(BANDS)].to_numpy(dtype=float)
    found, begin = [], 0
    for done, end in enumerate(ends, start=1):
        one = alarms(str(ids[begin]), ds[begin:end], y[begin:end], made[begin:end], thresholds)
        found += [] if one is None else [one]
        begin = end
        if progress:
            progress(done, len(ends))
    return sorted(found, key=lambda alarm: (alarm.at, alarm.unique_id), reverse=True), len(ends)


def as_table(found: list[Alarm]) -> pd.DataFrame:
    """Alarms as rows: `unique_id`, `kind`, `direction` (`up`, `down`), `since` and `at` as dates."""
    rows = [
        {
            "unique_id": one.unique_id,
            "kind": one.kind,
            "direction": "up" if one.up else "down",
            "since": f"{one.since:%Y-%m-%d}",
            "at": f"{one.at:%Y-%m-%d}",
        }
        for one in found
    ]
    return pd.DataFrame(rows, columns=["unique_id", "kind", "direction", "since", "at"])
