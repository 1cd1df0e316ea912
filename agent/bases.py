"""Base forecasts from the combined tools: learned over a whole panel, made once a cutoff and horizon."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from ..tools.base import BaseForecast
from ..tools.combined import Combined, Memo
from ..tools.models import Toolbox
from ..tools.panel import Panel


@dataclass
class CombinedBase:
    """The combined tools of one panel.

    Attributes:
        panel: everything they may learn from; they see no more of it than each forecast's cutoff allows.
        toolbox: the tools.
        progress: told what is being learned.
    """

    panel: Panel
    toolbox: Toolbox = field(default_factory=Toolbox)
    progress: Callable[[str, pd.Timestamp], None] | None = None
    _memos: dict[int, Memo] = field(default_factory=dict)
    _made: dict[tuple[int, pd.Timestamp], Combined] = field(default_factory=dict)

    def forecast(self, unique_ids: Sequence[str], horizon: int, cutoff: pd.Timestamp) -> dict[str, BaseForecast]:
        """Base forecasts of those of these series whose past ends at the cutoff; of no others, which end too early.

        Raises:
            InputError: the past is too short to learn from.
        """
        known = self.panel if cutoff == self.panel.cutoff else self.panel.before(cutoff)
        if (horizon, cutoff) not in self._made:
            memo = self._memos.setdefault(horizon, {})
            self._made[horizon, cutoff] = self.toolbox.combined(known, horizon, memo=memo, progress=self.progress)
        made = self._made[horizon, cutoff]
        return {
            uid: BaseForecast(
                uid, made.quantiles[uid], {name: one[uid] for name, one in made.members.items()}, (), made.ranks
            )
            for uid in unique_ids
            if uid in made.quantiles and known.cutoff_of(uid) == known.cutoff
        }
