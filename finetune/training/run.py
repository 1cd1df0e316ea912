"""One fine-tuning run from recipe to model folder: examples, adapters, ensemble."""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace as changed
from pathlib import Path

import pandas as pd

from ...agent.models.folders import load_tokenizer
from ...agent.models.registry import add, find
from ...agent.models.slot_head import CARD, SlotConfig
from ...agent.models.store import base_digest
from ...prompts.routing import AMEND
from ...tools.errors import InputError
from ...tools.files import replacing_folder, write_whole
from ..examples.patterns import patterns
from ..examples.routing import DIALOGUES, routing_examples
from ..examples.windows import Examples, TrainingSource, load_examples, make_examples, save_examples
from ..examples.writing import RETELLINGS, writing_examples
from ..recipe import Recipe
from .cards import make_card
from .plots import loss_curve, save
from .trainer import OnStep, Trained, train

EXAMPLES = "examples.arrow"
ASKED = "asked.json"  # what the examples were made for
MODEL = "model"
FREE = {"name", "about", "data", "minutes", "patience", "keep"}  # fields of a recipe that may change when a run goes on


def finetune(
    recipe: Recipe,
    sources: Sequence[TrainingSource],
    base: Path,
    out: Path,
    *,
    accept_terms: bool = False,
    making: Callable[[int, int], None] | None = None,
    on_step: OnStep | None = None,
    watch: Callable[[Examples, Path], Callable[[object, int], None]] | None = None,
) -> tuple[Examples, list[Trained], Path]:
    """Make the examples (once: a run that goes on reads them), train every seed, and gather the model in `out/model`.

    Args:
        recipe: how.
        sources: what to learn from.
        base: folder of the causal LLM.
        out: folder of the run.
        accept_terms: also learn from data whose terms do not plainly allow it.
        making: called with how many windows of how many are made.
        on_step: called with step, steps, training loss, validation loss where one was measured.
        watch: makes the callback that draws sample predictions as it trains.

    Raises:
        InputError: no usable data, terms not accepted, or a folder that holds another run.
    """
    start = find(recipe.start) if recipe.start else None
    path = out / EXAMPLES
    asked = _asked(recipe, sources)
    if path.exists():
        if not (out / ASKED).exists() or (out / ASKED).read_text(encoding="utf-8") != asked:
            raise InputError(f"{out}: holds a run of another recipe or other data; take another --out")
        examples = load_examples(path)
    else:
        if out.is_dir() and any(out.iterdir()) and not (out / ASKED).exists():
            raise InputError(f"{out}: there is something already that is no fine-tuning run; take another --out")
        tokenizer = load_tokenizer(base)
        if recipe.data == [DIALOGUES]:
            examples = routing_examples(recipe, tokenizer)
        elif recipe.data == [RETELLINGS]:
            examples = writing_examples(recipe, tokenizer)
        else:
            examples = make_examples(sources, recipe, tokenizer, accept_terms=accept_terms, progress=making)
        write_whole(out / ASKED, asked)
        save_examples(examples, path)
    digest = base_digest(base)
    runs = []
    for seed in range(recipe.seed, recipe.seed + recipe.seeds):
        one = recipe.model_copy(update={"seed": seed, "seeds": 1})
        folder = out / f"seed-{seed}"
        seen = watch(examples, folder) if watch else None
        runs.append(
            train(one, examples, base, folder, base_digest=digest, start=start, on_step=on_step, on_validation=seen)
        )
    model = out / MODEL
    with replacing_folder(model, replace=True) as ready:
        for number, run in enumerate(runs):
            within = ready if len(runs) == 1 else ready / f"member-{number}"
            shutil.copytree(run.folder, within, dirs_exist_ok=True)
        _say_what_was_seen(ready, *_seen(start, sources))
    return examples, runs, model


def keep(
    recipe: Recipe,
    sources: Sequence[TrainingSource],
    examples: Examples,
    runs: Sequence[Trained],
    model: Path,
    base: Path,
    *,
    replace: bool = False,
) -> Path:
    """Draw the loss curves, write the card, and put the model into the registry; returns where it is there.

    Raises:
        InputError: the name is taken, or a folder cannot be written.
    """
    for run in runs:
        save(loss_curve(run.log, recipe.name), run.folder.parent / "loss.svg")
    more: dict[str, list[str]] = {"parents": [recipe.start]} if recipe.start else {}
    if recipe.data == [DIALOGUES]:
        more["tools"] = sorted({pattern.tool for pattern in patterns()} | {AMEND})
    return add(model, make_card(recipe, sources, examples, runs, base, **more), replace=replace)


def _asked(recipe: Recipe, sources: Sequence[TrainingSource]) -> str:
    """Recipe and data as text: what must be the same for a run to go on."""
    data = [
        {"name": one.name, "digest": one.digest, "until": str(one.panel.cutoff), "series": len(one.panel.unique_ids)}
        for one in sources
    ]
    return json.dumps({"recipe": recipe.model_dump(exclude=FREE), "data": data}, indent=2) + "\n"


def trained_until(sources: Sequence[TrainingSource]) -> dict[str, str]:
    """The last date of each real source: a test on the same data may not begin before it."""
    real = [source for source in sources if not source.name.startswith("synthetic")]
    return {source.name: f"{pd.Timestamp(source.panel.cutoff):%Y-%m-%d}" for source in real}


def _seen(start: Path | None, sources: Sequence[TrainingSource]) -> tuple[dict[str, str], set[str]]:
    """Sources with their last dates, and frequencies; those, too, that the adapter it went on from had seen."""
    trained, freqs = trained_until(sources), {source.panel.freq for source in sources}
    before = SlotConfig.load(start) if start and (start / CARD).exists() else SlotConfig()
    both = {
        name: max(some[name] for some in (before.trained, trained) if name in some) for name in before.trained | trained
    }
    return both, freqs | set(before.freqs)


def _say_what_was_seen(model: Path, trained: dict[str, str], freqs: set[str]) -> None:
    for card in [model / CARD, *model.glob(f"*/{CARD}")]:
        if card.exists():
            changed(SlotConfig.load(card.parent), trained=trained, freqs=sorted(freqs)).save(card.parent)
