"""Overrides: a person's own numbers for periods that are forecast and not yet sold, as a stage of their own."""

from collections.abc import Sequence

import pandas as pd

from ..data.sql import literal
from ..errors import InputError, nearest
from .ledger import BANDS, Ledger
from .track import LAST_KNOWN

COLUMNS = ("unique_id", "ds", "units")


def overrides(ledger: Ledger, wanted: pd.DataFrame) -> pd.DataFrame:
    """Rows of the ledger for a person's numbers: each on the newest forecast of its series and period.

    A number has no band: only `mean` and the median are known of it.

    Args:
        ledger: holds the forecasts.
        wanted: `unique_id`, `ds` and `units` a period.

    Raises:
        InputError: a number below 0 or none, a series or period that is not forecast, or one that has sold already.
    """
    if wanted.empty:
        raise InputError("no numbers to override with")
    bad = wanted[~(wanted["units"] >= 0) | wanted["units"].isin([float("inf")])]
    if len(bad):
        row = bad.iloc[0]
        raise InputError(f"{row['unique_id']}, {row['ds']:%Y-%m-%d}: {row['units']:g} units; expected 0 or more")
    twice = wanted[wanted.duplicated(["unique_id", "ds"])]
    if len(twice):
        raise InputError(f"{twice.iloc[0]['unique_id']}, {twice.iloc[0]['ds']:%Y-%m-%d}: two numbers for one period")
    there = forecasts_of(ledger, sorted(set(wanted["unique_id"])))
    wanted = wanted.assign(ds=pd.to_datetime(wanted["ds"]).astype(there["ds"].dtype))
    rows = wanted.merge(there, on=["unique_id", "ds"], how="left")
    missing = rows[rows["cutoff"].isna()]
    if len(missing):
        uid, ds = missing.iloc[0]["unique_id"], missing.iloc[0]["ds"]
        known = there.loc[there["unique_id"] == uid, "ds"]
        span = f"its forecast goes from {known.min():%Y-%m-%d} to {known.max():%Y-%m-%d}"
        raise InputError(f"{uid}, {ds:%Y-%m-%d}: no such period; {span}")
    sold = _sold(ledger, rows)
    if len(sold):
        uid, ds = sold.iloc[0]["unique_id"], sold.iloc[0]["ds"]
        raise InputError(f"{uid}, {ds:%Y-%m-%d}: what sold is known already; an override comes before that")
    numbers = rows["units"].astype(float)
    bands = {name: numbers if name == "q-50" else float("nan") for name in BANDS}
    kept = rows[["unique_id", "freq", "cutoff", "step", "ds"]]
    return kept.assign(stage="override", mean=numbers, **bands)


def forecasts_of(ledger: Ledger, unique_ids: Sequence[str]) -> pd.DataFrame:
    """The newest cutoff of each series that is forecast: `unique_id`, `freq`, `cutoff`, `step`, `ds`.

    Raises:
        InputError: one of them is not forecast.
    """
    listed = ", ".join(map(literal, unique_ids))
    there = ledger.read(
        "select distinct f.unique_id, f.freq, f.cutoff, f.step, f.ds from skucast_forecasts as f join (select "
        f"unique_id, max(cutoff) as cutoff from skucast_forecasts where unique_id in ({listed}) group by unique_id) "
        "as newest on f.unique_id = newest.unique_id and f.cutoff = newest.cutoff order by 1, 4"
    )
    for uid in unique_ids:
        if uid not in set(there["unique_id"]):
            names = ledger.read("select distinct unique_id from skucast_forecasts")["unique_id"]
            raise InputError(f"{ledger.shown}: no forecast of {uid!r} is published; {nearest(uid, list(names))}")
    return there


def _sold(ledger: Ledger, rows: pd.DataFrame) -> pd.DataFrame:
    """Those rows whose sales stand in the ledger."""
    known = ledger.read(LAST_KNOWN)
    if known.empty:
        return known
    known["ds"] = known["ds"].astype(rows["ds"].dtype)
    return rows.merge(known, on=["unique_id", "ds"])
