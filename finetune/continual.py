"""Champion against challenger: the same unseen windows, a paired bootstrap, and what the challenger has forgotten."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..tools.data.panel import Panel
from ..tools.errors import InputError
from ..tools.forecast.abc_xyz import abc_of
from ..tools.quantiles import Array, pinball

DRAWS = 2000
MARGIN = 0.02  # of the champion's loss, by which the challenger may be worse on a part

Model = Callable[[Panel, int], dict[str, Array]]


@dataclass(frozen=True)
class Verdict:
    """A challenger held against a champion. Gaps are (challenger − champion) / champion, of the summed pinball loss.

    Attributes:
        windows: cutoffs of the unseen windows.
        series: how many were scored.
        gap: over all unseen windows; below 0 the challenger is better.
        low: lower end of its 95 % interval.
        high: upper end.
        parts: gaps of the series of class A, B and C, and of `earlier`: as many windows before the unseen ones.
        margin: up to which a part may be worse.
    """

    windows: tuple[pd.Timestamp, ...]
    series: int
    gap: float
    low: float
    high: float
    parts: dict[str, float]
    margin: float = MARGIN

    @property
    def better(self) -> bool:
        """The whole interval lies below 0."""
        return self.high < 0

    @property
    def forgotten(self) -> list[str]:
        """Parts that are worse by more than the margin."""
        return [name for name, gap in self.parts.items() if gap > self.margin]

    @property
    def promotable(self) -> bool:
        """Better, and nothing forgotten."""
        return self.better and not self.forgotten


def unseen(panel: Panel, horizon: int, windows: int) -> list[pd.Timestamp]:
    """Cutoffs of the last windows, oldest first, one horizon apart; a challenger learns up to the first of them.

    Raises:
        InputError: the past is too short for them and as many before them.
    """
    weeks = pd.DatetimeIndex(sorted(panel.past.loc[panel.past["y"].notna(), "ds"].unique()))
    if len(weeks) < 3 * horizon * windows:
        raise InputError(
            f"{len(weeks)} periods: too few for {windows} windows of {horizon} that are not learned from; "
            f"expected {3 * horizon * windows} or more, or fewer --windows"
        )
    return [weeks[len(weeks) - 1 - horizon * back] for back in range(windows, 0, -1)]


def judge(
    panel: Panel,
    horizon: int,
    windows: Sequence[pd.Timestamp],
    champion: Model,
    challenger: Model,
    *,
    margin: float = MARGIN,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Verdict:
    """Hold a challenger against a champion on windows that neither was trained on.

    Each forecast sees the panel cut at its window's cutoff and nothing later. The interval is of a paired bootstrap
    over series. `earlier` windows may have been learned from: they only tell what was forgotten.

    Args:
        panel: the sales.
        horizon: periods in a window.
        windows: cutoffs of the unseen ones, one horizon apart.
        champion: quantiles `[H, Q]` of every series of a cut panel, of the model that is used now.
        challenger: the same of the new one.
        margin: up to which a part may be worse.
        seed: of the bootstrap.
        progress: called with how many windows are done, and of how many.
    """
    calendar = pd.DatetimeIndex(sorted(panel.past["ds"].unique()))
    first = int(calendar.searchsorted(windows[0]))
    before = [calendar[first - horizon * back] for back in range(len(windows), 0, -1)]
    ids = panel.before(windows[0]).unique_ids
    losses = []
    for done, at in enumerate([*before, *windows], start=1):
        losses.append(_losses(panel, at, horizon, ids, (champion, challenger)))
        if progress:
            progress(done, 2 * len(windows))
    earlier, ours = sum(losses[: len(before)]), sum(losses[len(before) :])
    assert isinstance(ours, np.ndarray) and isinstance(earlier, np.ndarray)
    rows = np.random.default_rng(seed).integers(0, len(ids), (DRAWS, len(ids)))
    drawn = ours[rows].sum(axis=1)
    gaps = drawn[:, 1] / np.where(drawn[:, 0] > 0, drawn[:, 0], np.nan) - 1
    sold = panel.before(windows[0]).past.groupby("unique_id")["y"].sum()
    classes = abc_of(sold)
    parts = {name: _gap(ours[[classes[uid] == name for uid in ids]]) for name in "ABC" if name in classes.values()}
    low, high = (float(np.nanquantile(gaps, at)) for at in (0.025, 0.975))
    return Verdict(tuple(windows), len(ids), _gap(ours), low, high, {**parts, "earlier": _gap(earlier)}, margin)


def _losses(panel: Panel, at: pd.Timestamp, horizon: int, ids: Sequence[str], models: Sequence[Model]) -> Array:
    """Summed pinball loss of every series over a window, `[N, models]`; periods not known count nothing."""
    known = panel.before(at)
    ahead = pd.date_range(at, periods=horizon + 1, freq=panel.offset)[1:]
    truth = panel.past[panel.past["ds"].isin(ahead)].pivot(index="unique_id", columns="ds", values="y")
    there = [uid for uid in ids if uid in set(known.unique_ids)]
    y = truth.reindex(index=there, columns=ahead).to_numpy(dtype=float)
    found = np.zeros((len(ids), len(models)))
    rows = [place for place, uid in enumerate(ids) if uid in set(there)]
    for column, model in enumerate(models):
        made = model(known, horizon)
        found[rows, column] = np.nansum(pinball(y, np.stack([made[uid] for uid in there])), axis=(1, 2))
    return found


def _gap(losses: Array) -> float:
    """Of the second model against the first."""
    champion, challenger = losses.sum(axis=0)
    return float(challenger / champion - 1) if champion > 0 else 0.0
