"""The command of weights: a recipe, data, and a model in the registry."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..tools.console import err, out
from ..tools.errors import InputError
from ..tools.options import SchemaFile, Sql
from .learning import app as learning

if TYPE_CHECKING:
    from ..tools.data.tasks import PastOf

app = typer.Typer()
app.add_typer(learning)


@app.command()
def finetune(
    context: typer.Context,
    recipe: Annotated[
        str, typer.Argument(help="a recipe by name (default, retailer, demo, point, generative) or .toml")
    ],
    data: Annotated[
        list[str] | None,
        typer.Option(help="FILE, demo:W, synthetic:W[:SERIES[:PERIODS[:SEED]]] or task:NAME; instead of the recipe's"),
    ] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="name=value: a field of the recipe, changed")] = None,
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="folder of the run; default runs/finetune/NAME")
    ] = None,
    base: Annotated[Path | None, typer.Option(help="folder of the LLM; the default model when left out")] = None,
    schema: SchemaFile = None,
    sql: Sql = None,
    cutoff: Annotated[str | None, typer.Option(help="learn from nothing after this date")] = None,
    accept_terms: Annotated[
        bool, typer.Option(help="you may train on this data, though its terms do not plainly say so")
    ] = False,
    replace: Annotated[bool, typer.Option(help="put it in the place of a model of the same name")] = False,
) -> None:
    """Fine-tune the LLM by a recipe, and put the model into the registry. A run that stopped goes on."""
    from dataclasses import replace as changed
    from functools import partial

    from ..agent.faces.progress import training_bar
    from ..agent.models.registry import models
    from ..agent.models.store import require_default
    from ..tools.data.horizon import parse_cutoff
    from .recipe import load_recipe, parse_changes
    from .training.plots import prediction_plots
    from .training.run import finetune as run_recipe
    from .training.run import keep
    from .training.sources import open_sources

    made = load_recipe(recipe, parse_changes(set_ or []))
    if not replace and made.name in [entry.name for entry in models()]:
        raise InputError(f"model {made.name!r} is in the registry already: --replace, or another --set name=…")
    where = base or require_default()
    folder = out_folder or Path("runs/finetune") / made.name
    past_of: PastOf | None = context.obj  # this room does not know the one of the tasks: whoever mounts both says it
    sources = open_sources(data or made.data, schema=schema, sql=sql, past_of=past_of)
    if cutoff is not None:
        at = parse_cutoff(cutoff)
        sources = [changed(source, panel=source.panel.before(at)) for source in sources]
    with training_bar(err, made.name) as (making, on_step):
        examples, runs, model = run_recipe(
            made,
            sources,
            where,
            folder,
            accept_terms=accept_terms,
            making=making,
            on_step=on_step,
            watch=partial(prediction_plots, form=made.form),
        )
    kept = keep(made, sources, examples, runs, model, where, replace=replace)
    best = runs[0]
    err.print(f"validation loss {best.before:.4f} before, {best.best:.4f} after {best.steps} steps ({best.stopped})")
    out.print(f"{made.name}: {kept}")
