"""Base forecasts from the combined tools: learned over a whole panel once a cutoff and horizon, and kept."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import pandas as pd

from ...tools.data.panel import Panel
from ...tools.errors import InputError
from ...tools.forecast.blend import Memo
from ...tools.forecast.models import Toolbox
from ...tools.forecast.statistical import BaseForecast
from .learned import Learned, keep, kept_path, recall


@dataclass
class CombinedBase:
    """The combined tools of one panel.

    Attributes:
        panel: everything they may learn from; they see no more of it than each forecast's cutoff allows.
        toolbox: the tools.
        progress: called with what is being learned.
        keeps: on the disk, too: what was learned before of the same data is not learned again.
    """

    panel: Panel
    toolbox: Toolbox = field(default_factory=Toolbox)
    progress: Callable[[str, pd.Timestamp], None] | None = None
    keeps: bool = True
    _memos: dict[int, Memo] = field(default_factory=dict)
    _made: dict[tuple[int, pd.Timestamp], Learned] = field(default_factory=dict)

    def forecast(self, unique_ids: Sequence[str], horizon: int, cutoff: pd.Timestamp) -> dict[str, BaseForecast]:
        """Base forecasts of those of these series whose past ends at the cutoff; of no others, which end too early.

        Raises:
            InputError: the past is too short to learn from.
        """
        known = self._known(cutoff)
        made = self._learned(known, horizon, cutoff)
        members = dict(zip(made.members, made.weights.tolist(), strict=True))
        return {
            uid: BaseForecast(uid, made.quantiles[row], {}, (), made.ranks, made.then[row], members)
            for uid in unique_ids
            if (row := made.rows.get(uid)) is not None and known.cutoff_of(uid) == known.cutoff
        }

    def learn(self, horizon: int, cutoff: pd.Timestamp | None = None) -> None:
        """Make the forecasts of a batch ahead of it, so that workers elsewhere need not: they travel with this object.

        Args:
            horizon: periods ahead.
            cutoff: of the batch; the panel's when left out.
        """
        end = self.panel.cutoff if cutoff is None else self.panel.before(cutoff).cutoff
        with suppress(InputError):  # too short a past: reported again, and with each series, when it is asked for
            self._learned(self._known(end), horizon, end)

    def _known(self, cutoff: pd.Timestamp) -> Panel:
        return self.panel if cutoff == self.panel.cutoff else self.panel.before(cutoff)

    def _learned(self, known: Panel, horizon: int, cutoff: pd.Timestamp) -> Learned:
        if (horizon, cutoff) not in self._made:
            path = kept_path(known, horizon, self.toolbox) if self.keeps else None
            made = recall(path) if path else None
            if made is None:
                memo = self._memos.setdefault(horizon, {})
                made = Learned.of(self.toolbox.combined(known, horizon, memo=memo, progress=self.progress))
                if path:
                    keep(path, made)
            self._made[horizon, cutoff] = made
        return self._made[horizon, cutoff]
