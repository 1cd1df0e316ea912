"""The commands that serve, over the workbench: the web page for people, the HTTP API and MCP for programs."""

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..tools.console import err
from ..tools.errors import InputError
from ..tools.options import Data, Demo, Freq, SchemaFile, Seed, Sql, Sum, declared
from .engines import DEFAULT_ENGINE
from .options import (
    As,
    Country,
    DeliveryFile,
    EngineSpec,
    Lang,
    LedgerAt,
    Notes,
    PolicyFile,
    Quick,
    RolesFile,
    SlotModel,
    StockFile,
)

if TYPE_CHECKING:
    from ..tools.data.read import Source
    from .faces.jobs import Jobs
    from .faces.service import Service
    from .workbench import Workbench

KEY = "SKUCAST_API_KEY"

app = typer.Typer()

Host = Annotated[str, typer.Option(help=f"address to bind to; other than loopback asks for {KEY}")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="of the server")]
Router = Annotated[str, typer.Option(help="who chooses the tools of a request in plain words: NAME, FOLDER or rules")]


@app.command()
def api(
    data: Data = None,
    demo: Demo = False,
    host: Host = "127.0.0.1",
    port: Port = 8180,
    quick: Quick = False,
    country: Country = None,
    engine: EngineSpec = DEFAULT_ENGINE,
    model: SlotModel = "default",
    router: Router = "router",
    stock: StockFile = None,
    policy: PolicyFile = None,
    deliveries: DeliveryFile = None,
    notes: Notes = None,
    jobs: Annotated[
        Path | None, typer.Option(help="folder that long jobs write to; default: in the cache of skucast")
    ] = None,
    seed: Seed = 0,
    lang: Lang = "en",
    schema: SchemaFile = None,
    sql: Sql = None,
    sum_: Sum = False,
    freq: Freq = "W",
) -> None:
    """Serve forecasts, orders and the agent's tools as an HTTP API, until stopped. Its description is at /docs."""
    from .workbench import Workbench

    _need("fastapi", "uvicorn", "prometheus_client")
    from .faces.http import LOOPBACK, check_exposed
    from .faces.http import api as application

    key = os.environ.get(KEY)
    check_exposed(host, key)
    bench = Workbench(
        data, demo, freq, schema, sql, quick, country, engine, model, router, notes, explain="template",
        seed=seed, lang=lang, declared=declared(sum_, None, None, None, None), stock=stock, policy=policy,
        deliveries=deliveries,
    )  # fmt: skip
    service, source = _service(bench)
    hosts = LOOPBACK if host in LOOPBACK else ()
    err.print(f"http://{host}:{port}/docs; Ctrl-C stops", style="dim", highlight=False)
    run(application(service, key, _jobs(bench, source, jobs), hosts), host, port)


@app.command()
def mcp(
    data: Annotated[str | None, typer.Option("--data", help="the data, as `skucast forecast` takes it")] = None,
    demo: Demo = False,
    http: Annotated[bool, typer.Option("--http", help="over streamable HTTP at /mcp, and not over stdio")] = False,
    host: Host = "127.0.0.1",
    port: Port = 8181,
    quick: Quick = False,
    country: Country = None,
    engine: EngineSpec = DEFAULT_ENGINE,
    model: SlotModel = "default",
    stock: StockFile = None,
    policy: PolicyFile = None,
    deliveries: DeliveryFile = None,
    notes: Notes = None,
    seed: Seed = 0,
    lang: Lang = "en",
    schema: SchemaFile = None,
    sql: Sql = None,
    sum_: Sum = False,
    freq: Freq = "W",
) -> None:
    """Serve the agent's tools to other agents by the Model Context Protocol, over stdio or HTTP. All only read."""
    import asyncio

    from .workbench import Workbench

    _need("mcp", "uvicorn")
    from .faces.mcp import mcp_server, serve_stdio

    bench = Workbench(
        data, demo, freq, schema, sql, quick, country, engine, model, "rules", notes, explain="template",
        seed=seed, lang=lang, declared=declared(sum_, None, None, None, None), stock=stock, policy=policy,
        deliveries=deliveries,
    )  # fmt: skip
    service, _ = _service(bench)
    if not http:
        asyncio.run(serve_stdio(service))
        return
    from .faces.http import LOOPBACK, check_exposed, with_key

    key = os.environ.get(KEY)
    check_exposed(host, key)
    served = mcp_server(service).streamable_http_app(host=host if host in LOOPBACK else "0.0.0.0")
    err.print(f"http://{host}:{port}/mcp; Ctrl-C stops", style="dim", highlight=False)
    run(with_key(served, key), host, port)


@app.command()
def web(
    data: Data = None,
    demo: Demo = False,
    host: Host = "127.0.0.1",
    port: Port = 8182,
    quick: Quick = False,
    country: Country = None,
    engine: EngineSpec = DEFAULT_ENGINE,
    model: SlotModel = "default",
    router: Router = "router",
    stock: StockFile = None,
    policy: PolicyFile = None,
    deliveries: DeliveryFile = None,
    notes: Notes = None,
    ledger: LedgerAt = None,
    as_: As = None,
    roles: RolesFile = None,
    open_: Annotated[bool, typer.Option("--open", help="open a browser, too")] = False,
    seed: Seed = 0,
    lang: Lang = "en",
    schema: SchemaFile = None,
    sql: Sql = None,
    sum_: Sum = False,
    freq: Freq = "W",
) -> None:
    """Serve a web page, until stopped: what to look at today, products, orders, the chat. It needs no network."""
    from .workbench import Workbench

    _need("fastapi", "uvicorn", "multipart", "prometheus_client")
    from .faces.http import LOOPBACK, check_exposed
    from .faces.records import records
    from .faces.web import web as application

    key = os.environ.get(KEY)
    check_exposed(host, key)
    bench = Workbench(
        data, demo, freq, schema, sql, quick, country, engine, model, router, notes, explain="template",
        seed=seed, lang=lang, declared=declared(sum_, None, None, None, None), stock=stock, policy=policy,
        deliveries=deliveries,
    )  # fmt: skip
    service, _ = _service(bench)
    keep = records(ledger, bench.place, as_, roles)
    address = f"http://{host}:{port}/"
    err.print(f"{address}; Ctrl-C stops", style="dim", highlight=False)
    if open_:
        typer.launch(address)
    run(application(service, key, LOOPBACK if host in LOOPBACK else (), keep), host, port)


def run(application: object, host: str, port: int) -> None:
    """Serve an ASGI application until SIGINT or SIGTERM; requests under way are answered first.

    Raises:
        InputError: the port is taken, or the address is none of this machine.
    """
    import socket

    import uvicorn

    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        taken = socket.socket(family, socket.SOCK_STREAM)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(address)
    except OSError as error:
        raise InputError(f"--host {host} --port {port}: {error.strerror or error}") from None
    settings = uvicorn.Config(application, log_level="warning", access_log=False, timeout_graceful_shutdown=10)  # type: ignore[arg-type]
    with taken:
        uvicorn.Server(settings).run(sockets=[taken])


def _need(*modules: str) -> None:
    from importlib.util import find_spec

    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        raise InputError(f"{missing[0]} is not installed: pip install 'skucast[server]'")


def _service(bench: "Workbench") -> "tuple[Service, Source]":
    """The service over a workbench: data, models and stock are read now, and what is wrong with them is said."""
    from .faces.assumed import tell
    from .faces.progress import share_bar
    from .faces.service import Service

    with share_bar(err) as progress:
        source = bench.source(progress)
    tell(source.assumed, bench.lang)
    with err.status("loading the models"):
        desk = bench.desk(source)
        caller = bench.caller(desk)
    tell(desk.stock.findings if desk.stock else (), bench.lang)
    return Service(desk, caller, bench.lang), source


def _jobs(bench: "Workbench", source: "Source", folder: Path | None) -> "Jobs":
    from ..tools.data.horizon import DEFAULT_HORIZON, parse_horizon
    from .faces.jobs import Jobs
    from .models.store import cache_dir

    panel = bench.witnesses(source, source.unique_ids())
    return Jobs(
        folder or cache_dir() / "jobs",
        repr(bench.settings(source)),
        source.unique_ids(),
        lambda horizon: parse_horizon(horizon or DEFAULT_HORIZON[panel.freq], panel),
        partial(_batch, bench),
    )


def _batch(bench: "Workbench", ids: list[str], horizon: int, path: Path) -> None:
    """A job's work, in a process of its own."""
    from .batch.run import run_batch

    source = bench.source()
    first = bench.witnesses(source, ids)
    maker = bench.forecaster(first, explain="template", read=lambda some: source.salvage(some)[0], catalogue=ids)
    run_batch(maker, source, ids, horizon, path)
