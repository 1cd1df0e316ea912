"""Lead times of scms_delivery: whether nine of ten later deliveries come within the promised 90 % quantile."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...tools.decide.lead_times import Deliveries, calibrated_level, deliveries, lead_time_quantiles
from ..tasks.panels.source import read

LEVEL = 0.9
CHOSEN_ON, CHECKED_ON = ("2008-01-01", "2011-01-01"), ("2011-01-01", "2016-01-01")  # by month of the order


@dataclass(frozen=True)
class Setting:
    """How a quantile is made: see `lead_time_quantiles`; with `look` at a calibrated level, at 0.9 itself without."""

    shrink: float
    memory: int
    look: int | None = None


GRID = [
    Setting(shrink, memory, look)
    for shrink in (10.0, 30.0, 100.0)
    for memory in (545, 730)
    for look in (None, 365, 730)
]


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
    how: dict[str, Any] = {"shrink": setting.shrink, "memory": setting.memory}
    for known, names in table.groupby("known")["supplier"].unique().items():
        day = int(str(known))
        level = LEVEL if setting.look is None else calibrated_level(past, day, LEVEL, look=setting.look, **how)
        for name in names:
            made[day, name] = float(lead_time_quantiles(past, day, name, (level,), **how)[0])
    table["promised"] = [made[key] for key in zip(table["known"], table["supplier"], strict=True)]
    return table


def coverage(table: pd.DataFrame) -> float:
    """Share of deliveries that came within the promise."""
    return float((table["days"] <= table["promised"]).mean())


def yearly(table: pd.DataFrame) -> dict[int, float]:
    """The same by year of the order."""
    year = pd.to_datetime(table["ordered"], unit="D").dt.year
    return {int(str(one)): round(coverage(rows), 4) for one, rows in table.groupby(year)}


def distance(table: pd.DataFrame) -> float:
    """How far a year's coverage lies from the level, in the mean of the years: what the setting is chosen by."""
    return float(np.mean([abs(share - LEVEL) for share in yearly(table).values()]))


def measure(say: Callable[[str], None]) -> dict[str, Any]:
    """The setting chosen on the earlier years, and its coverage in the later ones."""
    past = scms()
    tried = []
    for setting in GRID:
        table = promises(past, setting, CHOSEN_ON)
        tried.append((distance(table), setting, coverage(table), yearly(table)))
        say(f"lead times {setting}: {coverage(table):.1%}, a year {distance(table):.1%} from {LEVEL:.0%}")
    chosen = min(tried, key=lambda one: one[0])[1]
    later = promises(past, chosen, CHECKED_ON)
    plain = promises(past, Setting(chosen.shrink, chosen.memory), CHECKED_ON)
    return {
        "orders": len(past), "dropped": past.dropped, "level": LEVEL, "chosen_on": CHOSEN_ON, "checked_on": CHECKED_ON,
        "tried": [asdict(one) | {"coverage": round(c, 4), "years": y, "distance": round(d, 4)}
                  for d, one, c, y in tried],
        "chosen": asdict(chosen), "later": len(later), "coverage": round(coverage(later), 4), "years": yearly(later),
        "uncalibrated": {"coverage": round(coverage(plain), 4), "years": yearly(plain)},
        "median_promised": float(later["promised"].median()), "median_taken": float(later["days"].median()),
    }  # fmt: skip
