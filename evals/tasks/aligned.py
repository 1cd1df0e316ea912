"""A panel made ready for test windows, every series to one date and long enough; and the digest of all of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from ...tools.data.panel import Panel
from ...tools.errors import InputError


def aligned(panel: Panel, horizon: int, windows: int, name: str) -> Panel:
    """The series of a panel that reach its end and have a past before the first of the windows.

    fev cuts each series at so many periods before its own end. Were those ends different, one series would show what
    happened on the dates that another is tested on; so they are one date. Where no row means no sale
    (`missing = "zero"`) a series that ends early is filled with zeros up to the panel's end; else it is left out.

    Args:
        panel: truth included.
        horizon: periods of a window.
        windows: test windows, one after the other, up to the end.
        name: of the task, for the message.

    Raises:
        InputError: no series is left.
    """
    if panel.schema.missing == "zero":
        panel = _filled(panel)
    grouped = panel.past.groupby("unique_id", sort=False)["ds"]
    shortest = horizon * windows + 1
    fit = (grouped.size() >= shortest) & (grouped.max() == panel.cutoff)
    if not fit.any():
        raise InputError(
            f"task {name}: no series has the {shortest} periods up to {panel.cutoff:%Y-%m-%d} that "
            f"{windows} windows of {horizon} need"
        )
    return panel.select([str(uid) for uid in fit.index[fit]])


def digest(panel: Panel, asked: Mapping[str, object]) -> str:
    """Short digest of every value of the panel, and of what is asked of it."""
    found = hashlib.sha256(json.dumps(asked, sort_keys=True).encode())
    for table in (panel.past, panel.static.reset_index().astype(str)):
        found.update(pd.util.hash_pandas_object(table, index=False).to_numpy().tobytes())
    return found.hexdigest()[:12]


def _filled(panel: Panel) -> Panel:
    """Every series with y = 0 from its end to the panel's; covariates as planned, past-only ones not known."""
    ends = panel.past.groupby("unique_id", sort=False)["ds"].max()
    gaps = [
        pd.DataFrame({"unique_id": uid, "ds": pd.date_range(end, panel.cutoff, freq=panel.offset)[1:], "y": 0.0})
        for uid, end in ends[ends < panel.cutoff].items()
    ]
    if not gaps:
        return panel
    more = pd.concat(gaps, ignore_index=True).astype({"ds": panel.past["ds"].dtype})
    more = more.merge(panel.future, on=["unique_id", "ds"], how="left") if panel.schema.known_future else more
    past = pd.concat([panel.past, more], ignore_index=True).sort_values(["unique_id", "ds"], kind="stable")
    return replace(panel, past=past.reset_index(drop=True))
