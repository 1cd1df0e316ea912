"""A batch's journal: the file of its lines and its settings beside it, claimed, taken up and added to, never half."""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ... import __version__
from ...tools.errors import InputError
from ...tools.files import NotWrittenError, check_ours, write_whole
from ...tools.inputs import open_file, read_json

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

MANIFEST = ("out", "complete", "began", "settings", "versions", "machine", "series", "seconds", "tokens")
AGAIN = "run the same command again to go on"


@dataclass(frozen=True)
class RunSettings:
    """What decides the content of a batch. A resumed run must have the same."""

    source: str
    source_digest: str
    horizon: int
    cutoff: str | None
    engine: str
    samples: int
    shots: int
    explanations: str
    seed: int
    base: str = "ensemble"
    slots: str = "none"
    skucast_version: str = __version__


def write_json(path: Path, held: Mapping[str, object], then: str = "") -> None:
    """JSON, written whole.

    Args:
        path: of the file.
        held: what it holds.
        then: what an error adds.
    """
    write_whole(path, json.dumps(held, indent=2) + "\n", then=then)


def is_batch(path: Path) -> bool:
    """Whether a file is one that a batch writes: its settings lie beside it."""
    return _holds(path.with_name(f"{path.name}.run.json"), RunSettings.__dataclass_fields__)


def _holds(path: Path, names: Iterable[str]) -> bool:
    """Whether a file is JSON of these names, as far as they were known when it was written."""
    held = read_json(path)
    return isinstance(held, dict) and bool(held) and set(held) <= set(names)


def claim(out: Path, settings: "DataclassInstance", *, overwrite: bool) -> None:
    """Write the settings, a dataclass, beside the file, or hold them against those that stand there."""
    beside, manifest = (out.with_name(f"{out.name}.{kind}.json") for kind in ("run", "manifest"))
    ours = asdict(settings)
    check_ours(beside, lambda path: _holds(path, ours), f"--out {out}: {beside.name}", overwrite=overwrite)
    check_ours(manifest, lambda path: _holds(path, MANIFEST), f"--out {out}: {manifest.name}", overwrite=overwrite)
    if beside.exists() and out.stat().st_size > 0:
        try:
            theirs = read_json(beside)
        except ValueError:
            theirs = {}
        other = [f"{key} was {theirs.get(key)!r}, is {ours[key]!r}" for key in ours if theirs.get(key) != ours[key]]
        if other and overwrite:
            _begin(out, beside, ours)
        elif other:
            raise InputError(
                f"--out {out}: made by a run with other settings ({'; '.join(other)}); "
                "choose another file, or begin it anew with --overwrite"
            )
    elif out.stat().st_size > 0 and not overwrite:
        raise InputError(f"--out {out}: not empty and not made by skucast; choose another file, or --overwrite")
    else:
        _begin(out, beside, ours)


def _begin(out: Path, beside: Path, settings: Mapping[str, object]) -> None:
    os.truncate(out, 0)
    write_json(beside, settings)


def recover(fd: int, out: Path, name_of: Callable[[bytes], str]) -> set[str]:
    """What the whole lines are of, such as their series. A half line at the end is cut off.

    Args:
        fd: of the file, held by this process.
        out: the file.
        name_of: the name of a line; `ValueError`, `KeyError` and `TypeError` mean that it is none of ours.

    Raises:
        InputError: a line in it is damaged or another's, or stands there twice.
    """
    done: set[str] = set()
    whole = 0
    with open_file(out, f"--out {out}") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                break
            try:
                name = name_of(line)
            except (ValueError, KeyError, TypeError):
                raise InputError(f"--out {out}: line {number} is no report; choose another file") from None
            if name in done:
                raise InputError(f"--out {out}: line {number} is of {name!r} again; choose another file")
            done.add(name)
            whole += len(line)
    os.ftruncate(fd, whole)
    return done


def append(fd: int, out: Path, text: str) -> None:
    """Append whole lines and bring them to the disk; on a full disk or a signal take back what was half written."""
    start = os.fstat(fd).st_size
    left = memoryview(text.encode())
    try:
        while left:
            left = left[os.write(fd, left) :]
        os.fsync(fd)
    except BaseException as error:
        os.ftruncate(fd, start)
        if not isinstance(error, OSError):
            raise
        raise NotWrittenError(f"--out {out}", error, f"; every line before this is safe, {AGAIN}") from None
