"""ABC-XYZ cells: how much a series sells and how steadily, the planner's way to sort a catalogue."""

from typing import TYPE_CHECKING

import numpy as np

from ..data.panel import Panel

if TYPE_CHECKING:
    import pandas as pd

A_SHARE, B_SHARE = 0.8, 0.95  # cumulative share of units
X_CV, Y_CV = 0.5, 1.0  # coefficient of variation of units per period
CELLS = tuple(abc + xyz for abc in "ABC" for xyz in "XYZ")


def abc_xyz(panel: Panel) -> dict[str, str]:
    """The cell of every series, from the whole past: `AX` sells most and steadily, `CZ` least and erratically.

    A are the series that make the first 80 % of units together, B up to 95 %, C the rest. X varies by less than half
    its mean from period to period, Y by less than its mean, Z by more. Periods not known do not count.

    Source: Silver, Pyke and Thomas (2016), "Inventory and Production Management in Supply Chains".
    """
    grouped = panel.past.groupby("unique_id", sort=False)["y"]
    units = grouped.sum()
    mean, deviation = grouped.mean(), grouped.std(ddof=0)
    abc = abc_of(units)
    cells = {}
    for uid in panel.unique_ids:
        cv = float(deviation[uid] / mean[uid]) if mean[uid] > 0 else np.inf
        cells[uid] = abc[uid] + xyz(cv)
    return cells


def abc_of(units: "pd.Series[float]") -> dict[str, str]:
    """The class of every series by its units: A make the first 80 % of all together, B up to 95 %, C the rest."""
    order = units.sort_values(ascending=False, kind="stable")
    total = float(order.sum())
    before = (order.cumsum() - order) / total if total > 0 else order * 0.0
    return {str(uid): "A" if share < A_SHARE else "B" if share < B_SHARE else "C" for uid, share in before.items()}


def xyz(cv: float) -> str:
    """The class of a coefficient of variation: `X` is steady, `Y` uneven, `Z` erratic."""
    return "X" if cv < X_CV else "Y" if cv < Y_CV else "Z"
