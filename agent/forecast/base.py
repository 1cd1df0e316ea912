"""Base forecasts from the combined tools: learned over a whole panel once a cutoff and horizon, and kept."""

import itertools
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import pandas as pd

from ...tools.data.panel import Panel
from ...tools.errors import InputError
from ...tools.forecast.blend import VALIDATION_WINDOWS, Memo
from ...tools.forecast.cold_start import LEAST, cold_start_forecasts
from ...tools.forecast.models import MEMBERS, Toolbox
from ...tools.forecast.statistical import BaseForecast
from .learned import Learned, keep, kept_path, recall

ANALOGUES = "Analogues"
Steps = Callable[[int, int], None]


@dataclass
class CombinedBase:
    """The combined tools of one panel.

    Attributes:
        panel: everything they may learn from; they see no more of it than each forecast's cutoff allows.
        toolbox: the tools.
        keeps: on the disk, too: what was learned before of the same data is not learned again.
    """

    panel: Panel
    toolbox: Toolbox = field(default_factory=Toolbox)
    keeps: bool = True
    _memos: dict[int, Memo] = field(default_factory=dict)
    _made: dict[tuple[int, pd.Timestamp], Learned] = field(default_factory=dict)

    def forecast(
        self, unique_ids: Sequence[str], horizon: int, cutoff: pd.Timestamp, progress: Steps | None = None
    ) -> dict[str, BaseForecast]:
        """Base forecasts of those of these series whose past ends at the cutoff; of no others, which end too early.

        Args:
            unique_ids: the series.
            horizon: periods ahead.
            cutoff: the last period known.
            progress: called with how many of the models' forecasts are made, and of how many, where it must be learned.

        Raises:
            InputError: the past is too short to learn from.
        """
        known = self._known(cutoff)
        made = self._learned(known, horizon, cutoff, progress)
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

    def _learned(self, known: Panel, horizon: int, cutoff: pd.Timestamp, progress: Steps | None = None) -> Learned:
        if (horizon, cutoff) not in self._made:
            path = kept_path(known, horizon, self.toolbox) if self.keeps else None
            made = recall(path) if path else None
            if made is None:
                done, total = itertools.count(), len(MEMBERS) * (1 + VALIDATION_WINDOWS)

                def tell(name: str, at: pd.Timestamp) -> None:
                    if progress:
                        progress(next(done), total)

                memo = self._memos.setdefault(horizon, {})
                made = Learned.of(self.toolbox.combined(known, horizon, memo=memo, progress=tell))
                if path:
                    keep(path, made)
            self._made[horizon, cutoff] = made
        return self._made[horizon, cutoff]


def cold_starts(panel: Panel, ids: Sequence[str], horizon: int) -> dict[str, BaseForecast]:
    """The series with fewer than 8 known periods, forecast from items like them in the whole panel, if it has any."""
    young = [uid for uid in ids if panel.past_of(uid)["y"].notna().sum() < LEAST]
    if not young:
        return {}
    try:
        made = cold_start_forecasts(panel, young, horizon)
    except InputError:  # no item has a longer past: the base forecast's wide guess stands, and says so
        return {}
    return {
        uid: BaseForecast(uid, one.quantiles, {ANALOGUES: one.quantiles}, one.warnings) for uid, one in made.items()
    }
