"""Base forecasts from the combined tools: learned over a whole panel, made once a cutoff and horizon."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import pandas as pd

from ...tools.data.panel import Panel
from ...tools.errors import InputError
from ...tools.forecast.blend import Combined, Memo
from ...tools.forecast.models import Toolbox
from ...tools.forecast.statistical import BaseForecast


@dataclass
class CombinedBase:
    """The combined tools of one panel.

    Attributes:
        panel: everything they may learn from; they see no more of it than each forecast's cutoff allows.
        toolbox: the tools.
        progress: called with what is being learned.
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
        known = self._known(cutoff)
        made = self._learned(known, horizon, cutoff)
        return {
            uid: BaseForecast(
                uid, made.quantiles[uid], {name: one[uid] for name, one in made.members.items()}, (), made.ranks
            )
            for uid in unique_ids
            if uid in made.quantiles and known.cutoff_of(uid) == known.cutoff
        }

    def learn(self, horizon: int, cutoff: pd.Timestamp | None = None, *, weighed: bool = True) -> None:
        """Make the forecasts of a batch ahead of it, so that workers elsewhere need not: they travel with this object.

        Args:
            horizon: periods ahead.
            cutoff: of the batch; the panel's when left out.
            weighed: also those of the last known window, on which a model is weighed against them.
        """
        end = self.panel.cutoff if cutoff is None else self.panel.before(cutoff).cutoff
        earlier = pd.date_range(end=end, periods=horizon + 1, freq=self.panel.offset)[0]
        for at in [end, earlier] if weighed else [end]:
            with suppress(InputError):  # too short a past: reported again, and with each series, when it is asked for
                self._learned(self._known(at), horizon, at)

    def _known(self, cutoff: pd.Timestamp) -> Panel:
        return self.panel if cutoff == self.panel.cutoff else self.panel.before(cutoff)

    def _learned(self, known: Panel, horizon: int, cutoff: pd.Timestamp) -> Combined:
        if (horizon, cutoff) not in self._made:
            memo = self._memos.setdefault(horizon, {})
            self._made[horizon, cutoff] = self.toolbox.combined(known, horizon, memo=memo, progress=self.progress)
        return self._made[horizon, cutoff]
