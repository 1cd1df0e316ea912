"""Where the benchmark data lies, and how a table becomes a panel of a task."""

import os
from pathlib import Path

import pandas as pd

from ....tools.data.panel import Panel
from ....tools.data.schema import PanelSchema
from ....tools.errors import InputError

LISTED = "docs/DATA.md lists what it should hold"


def data_folder() -> Path:
    """The folder of the benchmark data, from `SKUCAST_DATA`.

    Raises:
        InputError: it is not set, or not a folder.
    """
    named = os.environ.get("SKUCAST_DATA")
    if not named:
        raise InputError("this task needs the benchmark data: set SKUCAST_DATA to its folder (docs/DATA.md lists it)")
    folder = Path(named)
    if not folder.is_dir():
        raise InputError(f"SKUCAST_DATA {named!r}: no such folder; {LISTED}")
    return folder


def read(name: str) -> pd.DataFrame:
    """A Parquet file under `SKUCAST_DATA`.

    Raises:
        InputError: it is not there.
    """
    path = data_folder() / name
    if not path.exists():
        raise InputError(f"SKUCAST_DATA holds no {name}; {LISTED}")
    return pd.read_parquet(path)


def periods(begins: pd.Series, last: pd.Timestamp, offset: str) -> pd.MultiIndex:
    """Every period `(unique_id, ds)` from each series' first to one last, so that gaps become rows.

    Args:
        begins: the first period of each series, by unique_id.
        last: the last period of all.
        offset: pandas offset of the periods.
    """
    calendar = pd.date_range(begins.min(), last, freq=offset)
    found = [(uid, ds) for uid, begin in begins.items() for ds in calendar[calendar >= begin]]
    return pd.MultiIndex.from_tuples(found, names=["unique_id", "ds"])


def to_panel(
    past: pd.DataFrame,
    offset: str,
    *,
    static: pd.DataFrame,
    known: list[str] | None = None,
    past_only: list[str] | None = None,
) -> Panel:
    """A sorted panel with these roles, one static row a series, and no plan beyond its end.

    Args:
        past: `unique_id, ds, y` and the covariates, one row a period; `y` in units per period, NaN is not known.
        offset: pandas offset of `ds`.
        static: one row a series, by unique_id.
        known: known-future covariates.
        past_only: covariates known only once they happened.
    """
    known, past_only = known or [], past_only or []
    past = past.sort_values(["unique_id", "ds"], kind="stable").reset_index(drop=True)
    past = past[["unique_id", "ds", "y", *known, *past_only]].astype({"unique_id": str})
    ids = past["unique_id"].unique()
    return Panel(
        past=past,
        future=past.loc[[], ["unique_id", "ds", *known]],
        static=static.rename_axis("unique_id").reindex(ids),
        schema=PanelSchema(missing="keep", known_future=known, past_only=past_only, static=list(static.columns)),
        offset=offset,
    )
