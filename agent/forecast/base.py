"""Base forecasts from the combined tools: learned over a whole panel once a cutoff and horizon, and kept."""

import itertools
from collections.abc import Callable, Container, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from ...tools.data.panel import Panel
from ...tools.errors import InputError
from ...tools.forecast.blend import VALIDATION_WINDOWS, Memo
from ...tools.forecast.cold_start import LEAST, cold_start_forecasts
from ...tools.forecast.lost_sales import with_recovered
from ...tools.forecast.models import MEMBERS, Toolbox
from ...tools.forecast.statistical import BaseForecast
from .learned import Learned, keep, kept_path, recall

ANALOGUES = "Analogues"
BLOCK = 2048  # series that are learned from together: enough for what they have in common, and never all memory
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

    @cached_property
    def of_demand(self) -> "CombinedBase":
        """The same, learned from recovered demand where a column says for which part of a period there was stock."""
        panel = with_recovered(self.panel)
        return self if panel is self.panel else CombinedBase(panel, self.toolbox, self.keeps)

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


@dataclass
class BlockedBase:
    """The combined tools of a catalogue too large to learn from at once: block by block, the newest in memory alone.

    Attributes:
        read: gives the panel of some series; None where none of them can be used.
        unique_ids: of the catalogue; each block is a stretch of it.
        toolbox: the tools.
        size: series of a block.
    """

    read: Callable[[Sequence[str]], Panel | None]
    unique_ids: Sequence[str]
    toolbox: Toolbox = field(default_factory=Toolbox)
    size: int = BLOCK
    _at: tuple[int, CombinedBase | None] | None = None

    def forecast(
        self, unique_ids: Sequence[str], horizon: int, cutoff: pd.Timestamp, progress: Steps | None = None
    ) -> dict[str, BaseForecast]:
        """Base forecasts of those of these series whose past ends at the cutoff (see `CombinedBase.forecast`).

        Raises:
            InputError: the past of a block is too short to learn from.
        """
        made: dict[str, BaseForecast] = {}
        for number, ids in itertools.groupby(sorted(unique_ids, key=self._block), key=self._block):
            block = self._of(number)
            if block is not None:
                made |= block.forecast(list(ids), horizon, cutoff, progress)
        return made

    @cached_property
    def of_demand(self) -> "BlockedBase":
        """The same, learned from recovered demand where a column says for which part of a period there was stock."""

        def read(unique_ids: Sequence[str]) -> Panel | None:
            panel = self.read(unique_ids)
            return None if panel is None else with_recovered(panel)

        return BlockedBase(read, self.unique_ids, self.toolbox, self.size)

    def _of(self, number: int) -> CombinedBase | None:
        if self._at is None or self._at[0] != number:
            self._at = None  # the block before goes first
            panel = self.read(self.unique_ids[number * self.size : (number + 1) * self.size])
            self._at = (number, CombinedBase(panel, self.toolbox) if panel else None)
        return self._at[1]

    def _block(self, uid: str) -> int:
        return self._places.get(uid, 0) // self.size

    @cached_property
    def _places(self) -> dict[str, int]:
        return {uid: place for place, uid in enumerate(self.unique_ids)}


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


def before_last(panel: Panel, tested: int, left_out: Container[str]) -> Panel | None:
    """What was known `tested` periods before each series' end, as one panel; None where every series is too short."""
    parts = []
    ends: dict[pd.Timestamp, list[str]] = {}
    for uid in panel.unique_ids:
        if len(panel.past_of(uid)) > tested and uid not in left_out:
            ends.setdefault(panel.cutoff_of(uid), []).append(uid)
    for end, ids in ends.items():
        earlier = pd.date_range(end=end, periods=tested + 1, freq=panel.offset)[0]
        parts.append(panel.select(ids).before(earlier))
    return Panel.concat(parts) if parts else None
