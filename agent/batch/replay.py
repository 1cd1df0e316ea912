"""A replay of a catalogue's own past: forecasts from what was known at some periods, and four policies played on them.

The forecasts of each of these periods are kept on the disk: a replay that was stopped goes on after the last of them.
"""

import hashlib
import io
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import ceil

import numpy as np
import numpy.typing as npt

from ...tools.data.digest import panel_digest
from ...tools.data.stock import Stock
from ...tools.decide.past import Past, classes, joined, past_of, play_all
from ...tools.decide.policy import Policy
from ...tools.decide.replay import Costs, Replayed
from ...tools.decide.scores import Gap, Measure, against, measures
from ...tools.errors import InputError
from ...tools.files import write_whole
from ...tools.quantiles import Array
from ..forecast.ahead import base_paths
from ..forecast.base import BLOCK
from ..forecast.forecaster import Forecaster, Progress
from ..forecast.kept import code
from ..models.store import cache_dir
from .orders import Sold

KEPT = 60  # files of forecasts at most; those not read for longest go first


@dataclass(frozen=True)
class Replay:
    """What came of the four policies over the same past.

    Attributes:
        pasts: the blocks of products that were played.
        played: by policy, over all products.
        measures: by policy and name.
        gaps: of ours to each other policy, by measure.
        every: decisions from one forecast to the next.
        origins: how many forecasts were made of each product.
        left_out: products of the stock file that could not be played.
    """

    pasts: Sequence[Past]
    played: dict[str, Replayed]
    measures: dict[str, dict[str, Measure]]
    gaps: dict[str, dict[str, Gap]]
    every: int
    origins: int
    left_out: tuple[str, ...]


def pasts_of(
    source: Sold, stock: Stock, policy: Policy, periods: int, *, seed: int = 0
) -> tuple[list[Past], list[str]]:
    """The blocks of a catalogue to be played, and the products that cannot be.

    Raises:
        InputError: none can be.
    """
    ids, made = source.unique_ids(), list[Past]()
    for at in range(0, len(ids), BLOCK):
        block = ids[at : at + BLOCK]
        panel = source.salvage(block)[0] if any(uid in stock.rows for uid in block) else None
        past = None if panel is None else past_of(panel, stock.rows, policy, periods, seed=seed)
        made += [] if past is None else [past]
    if not made:
        raise InputError(
            f"--periods {periods}: no product has 8 periods before them and lead time + review within them"
        )
    there = {uid for past in made for uid in past.ids}
    return made, [uid for uid in stock.rows if uid not in there]


def every_of(pasts: Sequence[Past], origins: int) -> int:
    """Decisions from one forecast to the next: the shortest review, or more of it where that makes too many."""
    review = int(min(past.terms.review.min() for past in pasts))
    decisions = max(past.decisions for past in pasts)
    return review * max(1, ceil(decisions / (review * origins)))


def replay_past(
    forecaster: Forecaster,
    pasts: Sequence[Past],
    policy: Policy,
    every: int,
    *,
    left_out: Sequence[str] = (),
    settings: Sequence[object] = (),
    progress: Progress | None = None,
    on_origin: Callable[[], None] = lambda: None,
) -> Replay:
    """Play all policies over the past, block by block.

    Args:
        forecaster: of the catalogue; no LLM is asked.
        pasts: see `pasts_of`.
        policy: the service or the costs that are wanted.
        every: decisions from one forecast to the next; between them the last one stands, less what has passed of it.
        left_out: products that cannot be played.
        settings: what decides a forecast beside the data and the series.
        progress: called with the stage, how many series are done, and of how many.
        on_origin: called after each forecast.
    """
    abc = classes(pasts)
    known = policy.holding is not None and policy.shortage is not None
    costs = Costs(policy.holding, policy.shortage) if policy.holding and policy.shortage else None
    parts: dict[str, list[Replayed]] = {}
    for past in pasts:
        levels = np.array([policy.level(abc[uid]) for uid in past.ids])
        paths = Origins(forecaster, past, every, past.reach(policy.rule), settings, progress, on_origin)
        for name, played in play_all(past, paths, levels, costs, policy.rule).items():
            parts.setdefault(name, []).append(played)
    whole = {name: joined(some) for name, some in parts.items()}
    measured = {name: measures(played, pasts, known) for name, played in whole.items()}
    count = len(range(0, max(past.decisions for past in pasts), every))
    return Replay(pasts, whole, measured, against(measured), every, count, tuple(left_out))


class Origins(Sequence[Array]):
    """The paths at each decision, `[P, N, H]`: of the last forecast, from the panel cut there, less what has passed."""

    def __init__(
        self,
        forecaster: Forecaster,
        past: Past,
        every: int,
        span: int,
        settings: Sequence[object],
        progress: Progress | None,
        on_origin: Callable[[], None],
    ) -> None:
        self.forecaster, self.past, self.every, self.span, self.settings = forecaster, past, every, span, settings
        self.progress, self.on_origin = progress, on_origin
        self.held: tuple[int, npt.NDArray[np.float32]] | None = None  # the newest alone

    def __len__(self) -> int:
        return self.past.decisions

    def __getitem__(self, at: int | slice) -> Array:  # type: ignore[override]
        if isinstance(at, slice):
            raise TypeError("one decision at a time")
        origin = at - at % self.every
        if self.held is None or self.held[0] != origin:
            self.held = (origin, self._forecast(origin))
        return self.held[1][:, :, at - origin :].astype(float)

    def _forecast(self, origin: int) -> npt.NDArray[np.float32]:
        """Paths of all products from the panel as it was known at a decision, kept or made and kept."""
        cut, horizon = self.past.panel.before(self.past.at(origin)), self.span + self.every - 1
        asked = json.dumps([repr(list(self.settings)), list(self.past.ids), horizon, panel_digest(cut)])
        name = f"{code()}-{hashlib.sha256(asked.encode()).hexdigest()[:24]}.npy"
        path = cache_dir() / "replays" / name
        with suppress(OSError, ValueError, EOFError):
            held: npt.NDArray[np.float32] = np.load(path, allow_pickle=False)
            path.touch()
            self.on_origin()
            return held
        paths = dict(base_paths(self.forecaster, cut, self.past.ids, horizon, self.progress))
        draws = max(len(one) for one in paths.values())
        same = [np.broadcast_to(paths[uid], (draws, horizon)) for uid in self.past.ids]  # what has ended has one path
        made = np.stack(same).astype(np.float32)
        file = io.BytesIO()
        np.save(file, made)
        with suppress(InputError, OSError):  # a full or closed disk costs the next replay its time, and nothing else
            write_whole(path, file.getvalue())
            files = sorted(path.parent.glob("*.npy"), key=lambda one: one.stat().st_mtime, reverse=True)
            for old in files[KEPT:]:
                old.unlink(missing_ok=True)
        self.on_origin()
        return made
