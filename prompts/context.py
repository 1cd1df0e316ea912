"""SalesContext: all that is known of one series at its cutoff, as numbers, before they become words."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..tools.data.freq import ByFreq
from ..tools.data.panel import Panel
from ..tools.data.schema import Freq
from ..tools.quantiles import Array

HISTORY = ByFreq({"D": 56, "W": 52, "M": 36})
RECENT = ByFreq({"D": 14, "W": 6, "M": 6})
PLAN = ("price", "discount", "promo", "display", "mailer", "coupon")
TEXT = ("description", "name", "title", "category", "brand", "size")


@dataclass(frozen=True)
class SalesContext:
    """One series at its cutoff.

    Attributes:
        unique_id: the series.
        freq: `D`, `W`, `2W`, `4W` or `M`.
        cutoff: last known period.
        text: product text, parts joined by "; ".
        history: units per period, oldest first, shape `[T]`, T at most `HISTORY[freq]`; NaN is not known.
        level: the series' own scale: mean of the recent periods' units, else of the history, at least 0.1.
        usual: recent mean of each plan covariate that is declared.
        steps: the H periods ahead.
        plan: each declared plan covariate over the horizon, shape `[H]`; NaN is not planned.
    """

    unique_id: str
    freq: Freq
    cutoff: pd.Timestamp
    text: str
    history: Array
    level: float
    usual: dict[str, float]
    steps: pd.DatetimeIndex
    plan: dict[str, Array]


def sales_context(panel: Panel, unique_id: str, horizon: int) -> SalesContext:
    """The context of one series at its own cutoff; the panel is already cut, so nothing later can be seen."""
    past = panel.past_of(unique_id)
    y = past["y"].to_numpy(dtype=float)[-HISTORY[panel.freq] :]
    recent = y[-RECENT[panel.freq] :]
    seen = recent if np.nansum(recent) > 0 else y
    level = float(np.nanmean(seen)) if np.isfinite(seen).any() else 0.0
    steps = panel.horizon_of(unique_id, horizon)
    names = [name for name in PLAN if name in panel.schema.known_future]
    tail = past.tail(RECENT[panel.freq])
    usual = {name: float(tail[name].astype(float).mean()) for name in names}
    static = panel.static_of(unique_id)
    parts = list(dict.fromkeys(static[name] for name in TEXT if name in static))
    return SalesContext(
        unique_id=unique_id,
        freq=panel.freq,
        cutoff=panel.cutoff_of(unique_id),
        text="; ".join(parts) or unique_id,
        history=y,
        level=max(level, 0.1),
        usual={name: value for name, value in usual.items() if np.isfinite(value)},
        steps=pd.DatetimeIndex(steps["ds"]),
        plan={name: steps[name].to_numpy(dtype=float) for name in names},
    )
