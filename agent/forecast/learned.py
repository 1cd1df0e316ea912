"""What the combined tools learned, kept on the disk: the same data, cutoff and horizon are answered at once."""

import functools
import hashlib
import io
import json
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from ... import __version__
from ...tools import forecast as room
from ...tools.data.digest import panel_digest
from ...tools.data.panel import Panel
from ...tools.errors import InputError
from ...tools.files import write_whole
from ...tools.forecast.blend import Combined
from ...tools.forecast.models import Toolbox
from ...tools.forecast.statistical import BaseForecast, base_forecasts
from ...tools.quantiles import Array
from ..models.store import cache_dir

KEPT = 40  # files at most; those not read for longest go first
STATISTICS, KEPT_STATISTICS = "statistics", 400  # small files, of some hundred series each


@dataclass(frozen=True)
class Learned:
    """What a report needs of the combined forecasts of a panel.

    Attributes:
        unique_ids: the N series.
        quantiles: units per period, shape `[N, H, Q]`.
        members: names of the tools.
        weights: of the tools, shape `[M]`.
        ranks: probabilities that the truth took in the validation windows, shape `[K, h]`.
        then: the combined forecast of the newest validation window, shape `[N, h, Q]`; NaN where a series has none.
    """

    unique_ids: list[str]
    quantiles: Array
    members: list[str]
    weights: Array
    ranks: Array
    then: Array

    @classmethod
    def of(cls, made: Combined) -> "Learned":
        """The same of a combined forecast."""
        ids = list(made.quantiles)
        span = made.ranks.shape[1]
        quantiles = np.stack([made.quantiles[uid] for uid in ids])
        nothing = np.full((span, quantiles.shape[2]), np.nan)
        then = np.stack([made.then.get(uid, nothing) for uid in ids])
        kept = [part.astype(np.float32).astype(float) for part in (quantiles, made.ranks, then)]  # as it is read again
        return cls(ids, kept[0], list(made.members), made.weights, kept[1], kept[2])

    @classmethod
    def plain(cls, made: Mapping[str, BaseForecast]) -> "Learned":
        """The same of statistical forecasts, which nothing was learned for."""
        quantiles = np.stack([one.quantiles for one in made.values()]).astype(np.float32).astype(float)
        none = np.zeros((0, 0))
        return cls(list(made), quantiles, [], np.zeros(0), none, quantiles[:, :0])

    @functools.cached_property
    def rows(self) -> dict[str, int]:
        """The place of each series."""
        return {uid: row for row, uid in enumerate(self.unique_ids)}

    def save(self, path: Path) -> None:
        """Write it, whole or not at all.

        Raises:
            InputError: it cannot be written.
        """
        content = io.BytesIO()
        named = json.dumps([self.unique_ids, self.members])
        quantiles, then, ranks = (part.astype(np.float32) for part in (self.quantiles, self.then, self.ranks))
        np.savez_compressed(
            content, named=np.array(named), weights=self.weights, quantiles=quantiles, then=then, ranks=ranks
        )
        write_whole(path, content.getvalue())

    @classmethod
    def load(cls, path: Path) -> "Learned":
        """Read it.

        Raises:
            OSError: it is not there.
            ValueError: it is broken.
        """
        with np.load(path, allow_pickle=False) as file:
            ids, members = json.loads(str(file["named"]))
            parts = {name: file[name].astype(float) for name in ("quantiles", "then", "ranks", "weights")}
        return cls(unique_ids=ids, members=members, **parts)


def statistics(panel: Panel, horizon: int, workers: int | None = None) -> dict[str, BaseForecast]:
    """The statistical forecasts of a panel, kept on the disk, too; without the parts that only a report shows.

    Args:
        panel: what is known; small enough to be forecast anew as a whole where one of its series has changed.
        horizon: periods ahead.
        workers: processes; None chooses by the number of series.
    """
    path = kept_path(panel, horizon, None, STATISTICS)
    made = recall(path)
    if made is None:
        made = Learned.plain(base_forecasts(panel, horizon, workers=workers))
        keep(path, made, KEPT_STATISTICS)
    return {uid: BaseForecast(uid, made.quantiles[row], {}, ()) for uid, row in made.rows.items()}


def kept_path(panel: Panel, horizon: int, toolbox: Toolbox | None, folder: str = "learned") -> Path:
    """Where what is learned of a cut panel is kept: by every value, the horizon, the toolbox and the code itself."""
    found = hashlib.sha256(json.dumps([horizon, repr(toolbox), panel_digest(panel)]).encode())
    return cache_dir() / folder / f"{code()}-{found.hexdigest()[:24]}.npz"


@functools.cache
def code() -> str:
    """Digest of the version, the code of the tools and their libraries: what another learned is not ours."""
    libraries = [f"{name} {metadata.version(name)}" for name in ("lightgbm", "numpy", "scipy", "statsforecast")]
    found = hashlib.sha256(json.dumps([__version__, *libraries]).encode())
    for folder in map(Path, room.__path__):
        for path in sorted(
            (*folder.glob("*.py"), *(folder.parent / "data").glob("*.py"), folder.parent / "quantiles.py")
        ):
            found.update(path.read_bytes())
    return found.hexdigest()[:12]


def recall(path: Path) -> Learned | None:
    """What is kept there; None where nothing is, or it is broken."""
    try:
        made = Learned.load(path)
        path.touch()
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error):
        return None
    return made


def keep(path: Path, made: Learned, most: int = KEPT) -> None:
    """Keep it, and no more than so many; a full or closed disk costs the next forecast its time, and nothing else."""
    with suppress(InputError, OSError):
        made.save(path)
        files = sorted(path.parent.glob("*.npz"), key=lambda one: one.stat().st_mtime, reverse=True)
        for old in files[most:]:
            old.unlink(missing_ok=True)
