"""The card of a run that has ended: what it learned from, how, and what it came to."""

import json
import math
import shutil
import subprocess
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Any

from ... import __version__
from ...agent.models.cards import BaseLLM, DataUsed, ModelCard, Training
from ...agent.models.store import base_digest
from ..examples.windows import Examples, TrainingSource
from ..recipe import Recipe
from .trainer import Trained


def make_card(
    recipe: Recipe,
    sources: Sequence[TrainingSource],
    examples: Examples,
    runs: Sequence[Trained],
    base: Path,
    **more: Any,
) -> ModelCard:
    """The card of a model whose runs have ended here, dated today.

    Args:
        recipe: as it was run.
        sources: the examples were drawn from. Windows of an id that several have count in equal parts for each.
        examples: learned from.
        runs: what they came to, one a seed; their steps are summed, their losses averaged.
        base: folder of the LLM.
        more: other fields (`scores`, `controls`, `parents`); `card.model_copy(update=...)` fills them in later.
    """
    ids = [set(source.panel.unique_ids) for source in sources]
    owners = Counter(uid for some in ids for uid in some)
    drawn = Counter(one.unique_id for one in examples.train)
    fields = ("name", "licence", "digest", "restricted")
    data = [
        DataUsed(series=len(some), windows=windows, **{field: getattr(source, field) for field in fields})
        for source, some in zip(sources, ids, strict=True)
        for windows in [round(sum(drawn[uid] / owners[uid] for uid in some))]
    ]
    losses = [fmean(run.before for run in runs), fmean(run.best for run in runs)]
    before, best = (loss if math.isfinite(loss) else None for loss in losses)
    return ModelCard(
        **{field: getattr(recipe, field) for field in ("name", "about", "form")},
        made=f"{datetime.now(UTC):%Y-%m-%d}",
        skucast_version=__version__,
        commit=_commit(),
        base=_base(base),
        data=data,
        examples=examples.digest,
        recipe=recipe.model_dump(mode="json"),
        horizon=examples.horizon,
        training=Training(
            runs=len(runs),
            **{field: sum(getattr(run, field) for run in runs) for field in ("steps", "tokens", "seconds")},
            device=_device(),
            stopped=", ".join(dict.fromkeys(run.stopped for run in runs)),
            validation_before=before,
            validation_best=best,
        ),
        **more,
    )


def _base(folder: Path) -> BaseLLM:
    """What skucast noted of an LLM as it fetched it, else its folder's name."""
    path = folder / "skucast.json"
    metadata = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    name, licence = metadata.get("name", folder.resolve().name), metadata.get("licence", "unknown")
    return BaseLLM(name=name, digest=base_digest(folder), licence=licence)


def _device() -> str:
    import torch

    return torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"


def _commit() -> str:
    """The commit of the checkout that skucast is imported from; an installed copy has none."""
    root = Path(__file__).resolve().parents[2]
    if (git := shutil.which("git")) is None or not (root / ".git").exists():
        return ""
    command = [git, "-C", str(root), "rev-parse", "--short=12", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
