"""Witnesses: series over which a fine-tuned model earns a share together; one series' window is little proof."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...tools.data.panel import Panel
from ...tools.forecast.cold_start import LEAST
from ...tools.forecast.weights import gated_weights
from ...tools.quantiles import Array

if TYPE_CHECKING:
    from ..engines.slots import SlotEngine

MOST = 60
Stood = Callable[[Panel, Panel, int], dict[str, Array]]
"""What stands without the model: of a panel, of it as of the last known window, and that window's periods."""


@dataclass
class Witnesses:
    """The series, as of the forecast's own cut, and the weights learned on them, by horizon.

    Attributes:
        panel: what is known of them.
    """

    panel: Panel
    _shares: dict[int, float] = field(default_factory=dict)

    def share(self, slots: "SlotEngine", base: Stood, horizon: int) -> float:
        """The model's weight against the base on the last known window of at most 60 series; 0 where it did no better.

        Raises:
            EngineError: the model could not answer.
        """
        if horizon not in self._shares:
            able = [uid for uid in self.panel.unique_ids if self._able(uid, horizon)]
            self._shares[horizon] = self._earned(able[:: -(-len(able) // MOST)], slots, base, horizon) if able else 0.0
        return self._shares[horizon]

    def _able(self, uid: str, horizon: int) -> bool:
        return self.panel.cutoff_of(uid) == self.panel.cutoff and len(self.panel.past_of(uid)) > horizon + LEAST

    def _earned(self, ids: Sequence[str], slots: "SlotEngine", base: Stood, horizon: int) -> float:
        chosen = self.panel.select(ids)
        then = chosen.before(pd.date_range(end=chosen.cutoff, periods=horizon + 1, freq=chosen.offset)[0])
        stands, made = base(chosen, then, horizon), slots.forecast(then, horizon)
        y = np.stack([chosen.past_of(uid)["y"].to_numpy(dtype=float)[-horizon:] for uid in ids])
        scale = np.array([_change(then.past_of(uid)["y"].to_numpy(dtype=float)) for uid in ids])
        both = [np.stack([stands[uid] for uid in ids]), np.stack([made[uid] for uid in ids])]
        return float(gated_weights(y, both, scale)[1])


def _change(y: Array) -> float:
    """Mean absolute change from period to period, the scale of a series' loss; NaN where it never changed."""
    change = np.abs(np.diff(y))
    mean = float(np.nanmean(change)) if np.isfinite(change).any() else 0.0
    return mean if mean > 0 else float("nan")
