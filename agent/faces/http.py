"""The HTTP API: forecasts, orders, tools and requests in plain words as JSON, over one service."""

import hmac
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from ... import __version__
from ...tools.errors import InputError
from ...tools.messages import Refusal
from ..engines.base import EngineError
from ..forecast.report import ForecastReport
from .jobs import Job, Jobs
from .page import page
from .service import MOST, Asked, Busy, CallResult, Service
from .why import why

BODY = 1_000_000  # bytes of a request
OPEN = ("/healthz",)  # answered without a key
LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")

Next = Callable[[Request], Awaitable[Response]]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ForecastRequest(_Body):
    """Which series, and how far ahead."""

    unique_ids: list[str] = Field(min_length=1, max_length=MOST)
    horizon: str | None = Field(None, max_length=20, description="4w, 28d, 1m or a count of periods")


class Forecasts(_Body):
    """Forecasts in the order of the request."""

    forecasts: list[ForecastReport]


class AskRequest(_Body):
    """A request in plain words."""

    request: str
    conversation: str | None = Field(None, description="of an earlier reply, which this request may lean on")
    lang: str | None = Field(None, description="of the reply; that of the request when left out")


class ToolRequest(_Body):
    """The arguments of a tool."""

    arguments: dict[str, Any] = Field(default_factory=dict)
    lang: str | None = None


class Orders(_Body):
    """What to order, the most urgent first: proposals, nothing is sent."""

    lines: list[dict[str, Any]]


class JobRequest(_Body):
    """A forecast of many series, to a file."""

    unique_ids: list[str] | None = Field(None, description="all when left out")
    horizon: str | None = Field(None, max_length=20)


class ToolInfo(_Body):
    """A tool that can be called."""

    name: str
    description: str
    inputSchema: dict[str, Any]  # noqa: N815  the name that MCP gives it


def check_exposed(host: str, key: str | None) -> None:
    """Refuse to serve other machines without a key.

    Raises:
        InputError: the address is not loopback and there is no key.
    """
    if host not in LOOPBACK and not key:
        raise InputError(f"--host {host}: other machines can reach it, so a key is needed: set SKUCAST_API_KEY")


def api(service: Service, key: str | None = None, jobs: Jobs | None = None, hosts: tuple[str, ...] = ()) -> FastAPI:
    """The API as an ASGI application.

    Args:
        service: answers.
        key: that clients must send as `Authorization: Bearer KEY`; None asks for none.
        jobs: runs what takes long; None offers no jobs.
        hosts: names by which it may be called, against pages elsewhere that point their own name here; any when empty.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        service.close()
        if jobs is not None:
            jobs.close()

    app = FastAPI(title="skucast", version=__version__, docs_url=None, redoc_url=None, lifespan=lifespan)
    _guard(app, key, hosts)
    _errors(app)

    @app.get("/healthz")
    async def health() -> dict[str, str]:
        """Whether it answers."""
        return {"status": "ok"}

    @app.post("/v1/forecast", response_model=Forecasts)
    async def forecast(body: ForecastRequest) -> Response:
        """Forecast some series: quantiles by step, the total, drivers, and an explanation."""
        made = await service.forecast(body.unique_ids, body.horizon)
        lines = ",".join(one.model_dump_json() for one in made)  # valid as they are: not checked once more
        return Response(f'{{"forecasts":[{lines}]}}', media_type="application/json")

    @app.post("/v1/ask")
    async def ask(body: AskRequest) -> Asked:
        """Answer a request in plain words, as the chat does."""
        return await service.ask(body.request, body.conversation, body.lang)

    @app.get("/v1/orders")
    async def orders(lang: str | None = None) -> Orders:
        """What to order now, what runs out, what is over-stocked; for data with a stock file."""
        return Orders(lines=await service.orders(lang))

    @app.get("/v1/tools")
    async def tools() -> list[ToolInfo]:
        """The tools with the JSON Schema of their arguments."""
        return [ToolInfo(**one) for one in service.tools().values()]

    @app.post("/v1/tools/{name}")
    async def tool(name: str, body: ToolRequest) -> CallResult:
        """Call a tool."""
        if name not in service.tools():
            raise HTTPException(404, f"no tool {name!r}; there are {', '.join(service.tools())}")
        return await service.call(name, body.arguments, body.lang)

    if jobs is not None:
        _jobs(app, jobs)

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(page("api.html", schema=app.openapi()))

    return app


def with_key(served: ASGIApp, key: str | None) -> ASGIApp:
    """An application that asks for the key, where there is one."""
    if not key:
        return served

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        refused = _refused(Request(scope), key, ()) if scope["type"] == "http" else None
        await (refused or served)(scope, receive, send)

    return guarded


def _jobs(app: FastAPI, jobs: Jobs) -> None:
    @app.post("/v1/jobs", status_code=202)
    async def start(body: JobRequest) -> Job:
        """Forecast many series to a file, beside all else; the same request finds the same job."""
        return jobs.start(body.unique_ids, body.horizon)

    @app.get("/v1/jobs/{job}")
    async def state(job: str) -> Job:
        """How far a job is."""
        return _known(jobs, job)

    @app.get("/v1/jobs/{job}/result")
    async def result(job: str) -> FileResponse:
        """What a finished job wrote: a line a series."""
        found = _known(jobs, job)
        if found.state != "done":
            raise HTTPException(409, f"job {job} is {found.state}: {found.done} of {found.of} series")
        return FileResponse(jobs.path(job), media_type="application/x-ndjson")


def _known(jobs: Jobs, job: str) -> Job:
    found = jobs.state(job)
    if found is None:
        raise HTTPException(404, f"no job {job!r}")
    return found


def _guard(app: FastAPI, key: str | None, hosts: tuple[str, ...]) -> None:
    """Key, host, size, and what is counted of each request."""
    registry = CollectorRegistry()
    count = Counter("skucast_requests", "Requests", ["path", "status"], registry=registry)
    took = Histogram("skucast_request_seconds", "Seconds a request", ["path"], registry=registry)

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    @app.middleware("http")
    async def guard(request: Request, call_next: Next) -> Response:
        started = time.perf_counter()
        refused = _refused(request, key, hosts)
        response = refused or await call_next(request)
        route = request.scope.get("route")
        path = getattr(route, "path", "other")  # a path that is none of ours would make a label of each
        count.labels(path, response.status_code).inc()
        took.labels(path).observe(time.perf_counter() - started)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers.setdefault("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        return response


def _refused(request: Request, key: str | None, hosts: tuple[str, ...]) -> Response | None:
    name = request.headers.get("host", "").rpartition(":")[0] or request.headers.get("host", "")
    if hosts and name not in hosts:
        return problem(421, f"called as {name!r}, expected {', '.join(hosts)}")
    sent = request.headers.get("authorization", "").removeprefix("Bearer ").encode()
    if key and request.url.path not in OPEN and not hmac.compare_digest(sent, key.encode()):
        return problem(401, "expected the header Authorization: Bearer KEY", {"WWW-Authenticate": "Bearer"})
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > BODY or "transfer-encoding" in request.headers:
        return problem(413, f"expected a body of at most {BODY:,} bytes, with its length said")
    return None


def problem(status: int, detail: str, headers: dict[str, str] | None = None, **more: Any) -> JSONResponse:
    """An error as RFC 9457 has it."""
    body = {"type": "about:blank", "title": _TITLES.get(status, "Error"), "status": status, "detail": detail, **more}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


_TITLES = {
    400: "Bad request",
    401: "Key missing or wrong",
    404: "Not found",
    405: "Method not allowed",
    409: "Not ready",
    413: "Too large",
    421: "Wrong host",
    422: "Cannot be answered as asked",
    500: "A fault of ours",
    502: "The model does not answer",
    503: "Busy",
}


def _errors(app: FastAPI) -> None:
    @app.exception_handler(InputError)
    async def bad_input(_: Request, error: InputError) -> Response:
        if isinstance(error, Refusal):
            return problem(422, why(error), kind=error.message.key, choices=list(error.choices))
        return problem(422, why(error))

    @app.exception_handler(RequestValidationError)
    async def not_valid(_: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        return problem(422, f"{'.'.join(map(str, first['loc']))}: {first['msg']}")

    @app.exception_handler(HTTPException)
    async def known(_: Request, error: HTTPException) -> Response:
        return problem(error.status_code, str(error.detail), dict(error.headers or {}))

    @app.exception_handler(Busy)
    async def busy(_: Request, error: Busy) -> Response:
        return problem(503, str(error), {"Retry-After": "5"})

    @app.exception_handler(EngineError)
    async def silent(_: Request, error: EngineError) -> Response:
        return problem(502, why(error))

    @app.exception_handler(Exception)
    async def fault(_: Request, error: Exception) -> Response:
        return problem(500, f"{type(error).__name__}; the server's log has more")
