"""Lineage: which model bears a name, which one bore it before, and the way back; no weights are ever deleted."""

import json
import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from ...tools.errors import InputError
from ...tools.files import locked, write_whole
from ...tools.inputs import read_json
from .cards import read_card
from .registry import add, find, models, registry_dir

FILE = "lineage.json"


@dataclass(frozen=True)
class Step:
    """One change of the model behind a name.

    Attributes:
        name: that people ask for.
        challenger: the model that took it; empty of a rollback.
        kept: the name under which the model before is kept; empty where that is the shipped one.
        at: when, UTC.
        who: approved it.
        rolled_back: it no longer holds.
    """

    name: str
    challenger: str
    kept: str
    at: str
    who: str
    rolled_back: bool = False


def lineage(folder: Path | None = None) -> list[Step]:
    """Every step, the newest last.

    Raises:
        InputError: the file is broken.
    """
    path = (folder or registry_dir()) / FILE
    try:
        return [Step(**step) for step in read_json(path)] if path.exists() else []
    except (OSError, ValueError, TypeError):
        raise InputError(f"{path}: no lineage of models") from None


def promote(challenger: str, name: str, who: str, folder: Path | None = None) -> Step:
    """Put a model under another's name; the one that bore it is kept under a name of its own.

    Raises:
        InputError: there is no such model, or the registry cannot be written.
    """
    home = folder or registry_dir()
    with locked(home / f"{FILE}.lock", str(home)):
        steps, weights = lineage(home), find(challenger, home)
        if challenger == name:
            raise InputError(f"{challenger} bears the name {name} already")
        card = read_card(weights)
        own = {entry.name for entry in models(home) if not entry.shipped}
        kept = ""
        if name in own:
            kept = _free(f"{name}-{len(steps) + 1}", own)
            add(home / name, read_card(home / name).model_copy(update={"name": kept}), home)
        made = card.model_copy(update={"name": name, "parents": [*card.parents, challenger, *([kept] if kept else [])]})
        add(weights, made, home, replace=True)
        step = Step(name, challenger, kept, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", who)
        _write(home, [*steps, step])
    return step


def rollback(name: str, folder: Path | None = None) -> Step:
    """Give a name back to the model that bore it before the last promotion; gives the step that was undone.

    Raises:
        InputError: nothing was promoted to this name, or the registry cannot be written.
    """
    home = folder or registry_dir()
    with locked(home / f"{FILE}.lock", str(home)):
        steps = lineage(home)
        places = [place for place, step in enumerate(steps) if step.name == name and not step.rolled_back]
        if not places:
            raise InputError(f"nothing was promoted to the name {name!r}: there is no way back")
        step = steps[places[-1]]
        if step.kept:
            add(home / step.kept, read_card(home / step.kept).model_copy(update={"name": name}), home, replace=True)
        else:
            shutil.rmtree(home / name)  # a copy: the challenger stands under its own name, the shipped one beneath
        steps[places[-1]] = Step(**{**asdict(step), "rolled_back": True})
        _write(home, steps)
    return step


def _write(home: Path, steps: list[Step]) -> None:
    write_whole(home / FILE, json.dumps([asdict(step) for step in steps], indent=1) + "\n")


def _free(name: str, taken: set[str]) -> str:
    return name if name not in taken else _free(f"{name}x", taken)
