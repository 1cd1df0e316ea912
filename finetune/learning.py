"""The commands that replace a model: a challenger learned and held against the champion, promoted, or taken back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..agent.options import As, Lang, RolesFile
from ..tools.console import err, out
from ..tools.errors import InputError
from ..tools.options import Data, Demo, Freq, SchemaFile, Seed, Sql

if TYPE_CHECKING:
    import pandas as pd

    from ..agent.engines.slots import SlotEngine
    from ..tools.data.panel import Panel
    from ..tools.quantiles import Array

app = typer.Typer()
DEMO = {"W": "complete_journey_weekly", "D": "complete_journey_daily"}
LOG = "audit.jsonl"  # in the registry: models are of no ledger


@app.command()
def retrain(
    data: Data = None,
    demo: Demo = False,
    challenger: Annotated[str, typer.Option(help="the new model; learned now if it is not there")] = "challenger",
    champion: Annotated[str, typer.Option(help="the name that people ask for")] = "default",
    recipe: Annotated[str, typer.Option(help="by which a challenger is learned")] = "retailer",
    set_: Annotated[list[str] | None, typer.Option("--set", help="name=value: a field of the recipe, changed")] = None,
    horizon: Annotated[str | None, typer.Option("--horizon", "-h", help="default 28d, 4w or 3m")] = None,
    windows: Annotated[int, typer.Option(min=1, help="last windows, which a challenger does not learn from")] = 2,
    limit: Annotated[int, typer.Option(min=2, help="at most so many series are scored: the best sellers")] = 200,
    margin: Annotated[float, typer.Option(min=0, help="per cent by which a part may be worse")] = 2.0,
    approve: Annotated[bool, typer.Option("--approve", help="promote it, if it is better and forgot nothing")] = False,
    accept_terms: Annotated[bool, typer.Option(help="you may train on this data")] = False,
    as_: As = None,
    roles: RolesFile = None,
    schema: SchemaFile = None,
    sql: Sql = None,
    freq: Freq = "W",
    seed: Seed = 0,
    lang: Lang = "en",
) -> None:
    """Hold a challenger against the model in use on windows that neither saw; it takes its place only if approved."""
    from functools import partial

    from ..agent.engines.slots import SlotEngine
    from ..agent.faces.audit import AuditLog
    from ..agent.faces.progress import count_bar
    from ..agent.faces.roles import person, read_roles
    from ..agent.models.lineage import promote
    from ..agent.models.registry import find, models, registry_dir
    from ..agent.workbench import Workbench
    from ..prompts.messages.say import check_language, say
    from ..tools.data.horizon import DEFAULT_HORIZON, parse_horizon
    from .continual import judge, unseen
    from .verdict import verdict_messages

    check_language(lang)
    who, rules = person(as_), read_roles(roles, registry_dir())
    if approve:
        rules.check(who, "promote")
    source = Workbench(data, demo, freq, schema, sql, quick=True, engine="none", model="none", lang=lang).source()
    panel = source.panel()
    ahead = parse_horizon(horizon or DEFAULT_HORIZON[panel.freq], panel)
    cutoffs = unseen(panel, ahead, windows)
    current = find(champion)
    known_as = DEMO[freq] if demo else Path(data or "").stem  # as a model says what it learned from
    if challenger not in [entry.name for entry in models()]:
        named = data or f"demo:{freq}"
        _learn(challenger, recipe, set_ or [], named, cutoffs[0], schema, sql, accept_terms=accept_terms)
    engines = [SlotEngine.load(current), SlotEngine.load(find(challenger))]
    for name, engine in zip((champion, challenger), engines, strict=True):
        _check_unseen(name, engine, known_as, cutoffs[0], ahead, panel)
    scored = panel.select(panel.before(cutoffs[0]).best_sellers(limit))
    with count_bar(err, "windows", 2 * windows) as bar:
        found = judge(
            scored, ahead, cutoffs, *(partial(_forecast, engine) for engine in engines),
            margin=margin / 100, seed=seed, progress=lambda done, _: bar(done),
        )  # fmt: skip
    for one in verdict_messages(found, champion, challenger):
        out.print(say(one, lang), highlight=False, soft_wrap=True)
    if not found.promotable or not (approve or rules.promote_without_approval):
        return
    step = promote(challenger, champion, who)
    facts = {"model": challenger, "name": champion, "kept": step.kept, "gap": round(found.gap, 4)}
    AuditLog(registry_dir() / LOG).add(who, "promote", {**facts, "high": round(found.high, 4), "data": source.digest})
    err.print(f"{champion} is {challenger} now; skucast rollback {champion} takes it back", highlight=False)


@app.command()
def rollback(
    name: Annotated[str, typer.Argument(help="the name that people ask for")] = "default",
    as_: As = None,
    roles: RolesFile = None,
) -> None:
    """Give a name back to the model that bore it before the last promotion."""
    from ..agent.faces.audit import AuditLog
    from ..agent.faces.roles import person, read_roles
    from ..agent.models.lineage import rollback as back
    from ..agent.models.registry import registry_dir

    who = person(as_)
    read_roles(roles, registry_dir()).check(who, "rollback")
    step = back(name)
    AuditLog(registry_dir() / LOG).add(who, "rollback", {"name": name, "from": step.challenger, "to": step.kept})
    err.print(f"{name} is {step.kept or 'the shipped model'} again, in place of {step.challenger}", highlight=False)


def _learn(
    name: str,
    recipe: str,
    changes: list[str],
    data: str,
    cutoff: "pd.Timestamp",
    schema: Path | None,
    sql: str | None,
    *,
    accept_terms: bool,
) -> None:
    """Fine-tune a challenger on the past up to the first unseen window."""
    from dataclasses import replace

    from ..agent.faces.progress import training_bar
    from ..agent.models.store import require_default
    from .recipe import load_recipe, parse_changes
    from .training.run import finetune, keep
    from .training.sources import open_sources

    made = load_recipe(recipe, parse_changes([*changes, f"name={name}"]))
    sources = [replace(one, panel=one.panel.before(cutoff)) for one in open_sources([data], schema=schema, sql=sql)]
    base = require_default()
    with training_bar(err, name) as (making, on_step):
        examples, runs, model = finetune(
            made, sources, base, Path("runs/finetune") / name,
            accept_terms=accept_terms, making=making, on_step=on_step,
        )  # fmt: skip
    keep(made, sources, examples, runs, model, base, replace=False)


def _check_unseen(
    name: str, engine: "SlotEngine", source: str, first: "pd.Timestamp", horizon: int, panel: "Panel"
) -> None:
    """Refuse a model that learned from the windows, or was not taught such periods.

    Raises:
        InputError: it did, or was not.
    """
    until = engine.config.trained.get(source, "")
    if until > f"{first:%Y-%m-%d}":
        raise InputError(f"{name} learned from {source} up to {until}: it has seen the windows after {first:%Y-%m-%d}")
    if (engine.config.freqs and panel.freq not in engine.config.freqs) or horizon > engine.config.horizon:
        raise InputError(f"{name} was not taught {horizon} periods ahead of freq {panel.freq}")


def _forecast(engine: "SlotEngine", panel: "Panel", horizon: int) -> "dict[str, Array]":
    return engine.forecast(panel, horizon)
