"""Lead times of scms_delivery: whether nine of ten later deliveries come within the promised 90 % quantile."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...tools.decide.lead_times import Deliveries, deliveries, lead_time_quantiles
from ...tools.quantiles import pinball
from ..tasks.panels.source import read

LEVEL = 0.9
LAST_YEAR = 2015  # the file ends in its September: orders still open then are not in it
CHOSEN_ON, CHECKED_ON = ("2008-01-01", "2011-01-01"), ("2011-01-01", "2016-01-01")  # by month of the order


@dataclass(frozen=True)
class Setting:
    """How a quantile is made: see `lead_time_quantiles`."""

    shrink: float
    memory: int


MANY = 10_000
BANDS = ((1, 3), (4, 9), (10, 29), (30, MANY))  # deliveries of a supplier that are remembered when it promises
ALONE = 1e-9  # a shrinkage that leaves a supplier's own deliveries alone
GRID = [Setting(shrink, memory) for shrink in (3.0, 10.0, 30.0, 100.0) for memory in (365, 545, 730, 1095)]


def scms() -> Deliveries:
    """Orders of the shipments whose order date was captured, cleaned."""
    return deliveries(
        read("scms_delivery/shipments.parquet"),
        supplier="Vendor",
        ordered="PO Sent to Vendor Date",
        delivered="Delivered to Client Date",
        promised="Scheduled Delivery Date",
    )


def promises(past: Deliveries, setting: Setting, span: tuple[str, str]) -> pd.DataFrame:
    """Each order of a span with the quantile that was promised from what was known when its month began."""
    first, last = (int((pd.Timestamp(at) - pd.Timestamp(0)).days) for at in span)
    rows = np.flatnonzero((past.ordered >= first) & (past.ordered < last) & (past.days >= 0))
    table = pd.DataFrame({"supplier": past.supplier[rows], "ordered": past.ordered[rows], "days": past.days[rows]})
    month = pd.to_datetime(table["ordered"], unit="D").dt.to_period("M").dt.start_time
    table["known"] = (month - pd.Timestamp(0)).dt.days - 1
    made: dict[tuple[int, str], float] = {}
    for known, names in table.groupby("known")["supplier"].unique().items():
        day = int(str(known))
        for name in names:
            made[day, name] = float(lead_time_quantiles(past, day, name, (LEVEL,), **asdict(setting))[0])
    table["promised"] = [made[key] for key in zip(table["known"], table["supplier"], strict=True)]
    return table


def coverage(table: pd.DataFrame) -> float:
    """Share of deliveries that came within the promise."""
    return float((table["days"] <= table["promised"]).mean())


def yearly(table: pd.DataFrame) -> dict[int, float]:
    """The same by year of the order."""
    year = pd.to_datetime(table["ordered"], unit="D").dt.year
    return {int(str(one)): round(coverage(rows), 4) for one, rows in table.groupby(year)}


def loss(table: pd.DataFrame) -> float:
    """Mean pinball loss of the promises at their level, in days: what the setting is chosen by."""
    return float(
        pinball(table[["days"]].to_numpy(dtype=float), table["promised"].to_numpy()[:, None, None], (LEVEL,)).mean()
    )


def by_own(past: Deliveries, setting: Setting, span: tuple[str, str]) -> list[dict[str, float]]:
    """Coverage of promises, and of each supplier's own quantile, by how many deliveries of its own were remembered."""
    table = promises(past, setting, span)
    table["own"] = promises(past, Setting(ALONE, setting.memory), span)["promised"]
    asked = zip(table["known"], table["supplier"], strict=True)
    table["count"] = [_remembered(past, day, name, setting.memory) for day, name in asked]
    rows = []
    for least, most in BANDS:
        some = table[table["count"].between(least, most)]
        if len(some):
            own = coverage(some.assign(promised=some["own"]))
            rows.append(
                {"least": least, "most": most, "orders": len(some), "suppliers": some["supplier"].nunique()}
                | {"coverage": round(coverage(some), 4), "own": round(own, 4)}
            )
    return rows


def _remembered(past: Deliveries, day: int, supplier: str, memory: int) -> int:
    """Deliveries of a supplier that were known at the end of a day, of orders that are looked at."""
    there = past.known_at(day)
    return int(((there.supplier == supplier) & (there.days >= 0) & (there.ordered > day - memory)).sum())


def measure(say: Callable[[str], None]) -> dict[str, Any]:
    """The setting chosen on the earlier years, and its coverage in the later ones."""
    past = scms()
    tried = []
    for setting in GRID:
        table = promises(past, setting, CHOSEN_ON)
        tried.append(asdict(setting) | {"coverage": round(coverage(table), 4), "loss": round(loss(table), 3)})
        say(f"lead times {tried[-1]}")
    chosen = GRID[int(np.argmin([one["loss"] for one in tried]))]
    later = promises(past, chosen, CHECKED_ON)
    year = pd.to_datetime(later["ordered"], unit="D").dt.year
    ended = later[year < LAST_YEAR]
    return {
        "orders": len(past), "dropped": past.dropped, "level": LEVEL, "chosen_on": CHOSEN_ON, "checked_on": CHECKED_ON,
        "tried": tried, "chosen": asdict(chosen), "chosen_from": len(table), "later": len(later),
        "coverage": round(coverage(later), 4), "years": yearly(later), "whole_years": round(coverage(ended), 4),
        "by_own": by_own(past, chosen, CHECKED_ON),
        "median_promised": float(later["promised"].median()), "median_taken": float(later["days"].median()),
    }  # fmt: skip
