"""Variability: how unevenly products sell from period to period, and how that compares with the others."""

from dataclasses import dataclass

import pandas as pd

from ..data.freq import YEAR
from ..data.panel import Panel
from ..forecast.abc_xyz import abc_xyz, xyz

FEWEST = 8  # periods below which nothing is said


@dataclass(frozen=True)
class Variability:
    """How unevenly products sold over the last year, or what is known of it.

    Attributes:
        products: by unique_id the steadiest last, with `mean` in units a period, `cv` (standard deviation over mean),
            `empty` (share 0 to 1 of periods without a sale) and `cell` (ABC-XYZ, `AX` to `CZ`).
        periods: most that are counted of one product.
    """

    products: pd.DataFrame
    periods: int


def variability(panel: Panel, ids: list[str] | None = None) -> Variability:
    """Of these products, or of all, but for those that have sold nothing and those of fewer than 8 known periods.

    The standard deviation is the population's. A, B or C is of the whole catalogue and past, X, Y or Z of this year.
    """
    known = panel.past[panel.past["y"].notna()]
    if ids is not None:
        known = known[known["unique_id"].isin(ids)]
    last = known.groupby("unique_id", sort=False).tail(YEAR[panel.freq])
    grouped = last.groupby("unique_id", sort=False)["y"]
    mean = grouped.mean()
    empty = (last["y"] <= 0).groupby(last["unique_id"], sort=False).mean()
    table = pd.DataFrame({"mean": mean, "cv": grouped.std(ddof=0) / mean, "empty": empty})
    table = table[(grouped.size() >= FEWEST) & (mean > 0)]
    cells = abc_xyz(panel)
    table = table.assign(cell=[cells[str(uid)][0] + xyz(cv) for uid, cv in table["cv"].items()])
    return Variability(table.sort_values("cv", ascending=False, kind="stable"), YEAR[panel.freq])
