"""Kept reports: a forecast that was made before of the same data, by the same models and code, is read and not made."""

import functools
import hashlib
import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from ... import __version__
from ...tools.data.digest import panel_digest
from ...tools.data.panel import Panel
from ...tools.errors import InputError
from ...tools.files import write_whole
from ..models.store import cache_dir
from .report import ForecastReport

KEPT = 200  # files at most; those not read for longest go first
SOURCES = ("*.py", "*.ftl", "*.toml", "*.txt", "*.j2")  # whose text decides what a report says
SILENT = "warning-llm-silent"
LIBRARIES = (
    *("lightgbm", "numpy", "pandas", "scipy", "statsforecast", "holidays", "torch", "transformers", "tokenizers"),
    *("safetensors", "pydantic", "babel", "fluent.runtime", "jinja2"),
)
NUMBERS = "SKUCAST_DTYPE"  # the environment's format of the models' numbers, else what was measured to be quick here


def kept_or_made(
    settings: Sequence[object],
    models: Sequence[Path],
    panel: Panel,
    ids: Sequence[str],
    horizon: int,
    make: Callable[[], list[ForecastReport]],
) -> list[ForecastReport]:
    """The reports of these series: those kept of the same request, else made now and kept.

    A disk that is full or closed costs the next forecast its time, and nothing else. Where a model did not answer,
    nothing is kept.

    Args:
        settings: all that was asked for beside the series: models, seeds, language, source.
        models: folders of the weights that may be asked.
        panel: what is known.
        ids: the series, in the order of the answer.
        horizon: periods ahead.
        make: makes the reports.
    """
    asked = json.dumps([repr(list(settings)), list(ids), horizon, panel_digest(panel)])
    made = _recall(_path(asked, models))
    if made is None or len(made) != len(ids):
        made = make()
        if not any(note.key == SILENT for one in made for note in one.notes):
            _keep(_path(asked, models), made)  # what the models measured of this machine may stand only now
    return made


def _path(asked: str, models: Sequence[Path]) -> Path:
    found = hashlib.sha256(asked.encode())
    for folder in models:
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            stat = path.stat()
            found.update(f"{path}{stat.st_size}{stat.st_mtime_ns}".encode())
    if models:
        found.update(os.environ.get(NUMBERS, "").encode())
        with suppress(OSError):
            found.update((cache_dir() / "processor.json").read_bytes())
    return cache_dir() / "reports" / f"{code()}-{found.hexdigest()[:24]}.jsonl"


@functools.cache
def code() -> str:
    """Digest of the version, of the package's own text and of the libraries under it."""
    libraries = [f"{name} {metadata.version(name)}" for name in LIBRARIES]
    found = hashlib.sha256(json.dumps([__version__, *libraries]).encode())
    root = Path(__file__).parents[2]
    for room in ("agent", "prompts", "tools"):
        for pattern in SOURCES:
            for path in sorted((root / room).rglob(pattern)):
                found.update(path.read_bytes())
    return found.hexdigest()[:12]


def _recall(path: Path) -> list[ForecastReport] | None:
    try:
        made = [ForecastReport.model_validate_json(line) for line in path.read_text(encoding="utf-8").splitlines()]
        path.touch()
    except (OSError, ValueError):
        return None
    return made


def _keep(path: Path, made: Sequence[ForecastReport]) -> None:
    with suppress(InputError, OSError):
        write_whole(path, "".join(f"{one.model_dump_json()}\n" for one in made).encode())
        files = sorted(path.parent.glob("*.jsonl"), key=lambda one: one.stat().st_mtime, reverse=True)
        for old in files[KEPT:]:
            old.unlink(missing_ok=True)
