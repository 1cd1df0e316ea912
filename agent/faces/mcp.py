"""MCP: the tools and data of one service for other agents, over stdio or streamable HTTP. No tool changes anything."""

import asyncio
import json
from typing import Any
from urllib.parse import unquote

import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from ... import __version__
from ...prompts.messages.say import say
from ...tools.errors import InputError
from ...tools.messages import Message
from ..engines.base import EngineError
from ..forecast.forecaster import Progress
from .service import Busy, CallResult, Service
from .why import why

HEALTH, PRODUCTS, REPORT = "skucast://health", "skucast://products", "skucast://forecast/"
READ_ONLY = types.ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
SHOWN = 1_000  # products of the list

Context = ServerRequestContext[Any, Any]


def mcp_server(service: Service) -> "Server[Any]":
    """The server, to be run over a transport.

    Args:
        service: answers.
    """
    schema = CallResult.model_json_schema()
    known = service.tools()

    async def list_tools(_: Context, __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        made = [
            types.Tool(
                name=name,
                title=say(Message(f"{name.replace('_', '-')}-title")),
                description=one["description"],
                input_schema=one["inputSchema"],
                output_schema=schema,
                annotations=READ_ONLY,
            )
            for name, one in known.items()
        ]
        return types.ListToolsResult(tools=made)

    async def call_tool(context: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        if params.name not in known:
            return _failed(f"unknown tool {params.name!r}: there are {', '.join(known)}")
        try:
            found = await service.call(params.name, params.arguments or {}, progress=_progress(context))
        except (InputError, EngineError) as error:
            return _failed(why(error))
        except Busy as error:
            return _failed(str(error))
        return types.CallToolResult(content=[_text(found.text)], structured_content=found.model_dump(mode="json"))

    async def list_resources(_: Context, __: types.PaginatedRequestParams | None) -> types.ListResourcesResult:
        return types.ListResourcesResult(
            resources=[
                types.Resource(
                    uri=HEALTH, name="health", description="What is wrong with the data", mime_type="application/json"
                ),
                types.Resource(
                    uri=PRODUCTS,
                    name="products",
                    description="Every product, best sellers first",
                    mime_type="application/json",
                ),
            ]
        )

    async def list_templates(_: Context, __: types.PaginatedRequestParams | None) -> types.ListResourceTemplatesResult:
        report = types.ResourceTemplate(
            uri_template=f"{REPORT}{{unique_id}}",
            name="forecast",
            description="The forecast report of a product: quantiles, total, drivers, evidence",
            mime_type="application/json",
        )
        return types.ListResourceTemplatesResult(resource_templates=[report])

    async def read_resource(_: Context, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        held = await _resource(service, str(params.uri))
        content = types.TextResourceContents(uri=params.uri, mime_type="application/json", text=held)
        return types.ReadResourceResult(contents=[content])

    return Server(
        "skucast",
        version=__version__,
        title="skucast",
        instructions="Forecasts of retail demand and what to do about them. Every number comes from the tools.",
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
    )


async def serve_stdio(service: Service) -> None:
    """Serve one client over standard input and output, until it ends."""
    server = mcp_server(service)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())
    service.close()


async def _resource(service: Service, uri: str) -> str:
    desk = service.desk
    if uri == HEALTH:
        findings = [] if desk.health is None else [say(one.message) for one in desk.health.findings]
        return json.dumps({"source": desk.source, "cutoff": f"{desk.panel.cutoff:%Y-%m-%d}", "findings": findings})
    if uri == PRODUCTS:
        ids = desk.panel.best_sellers(SHOWN)
        return json.dumps([{"unique_id": uid, **desk.panel.static_of(uid)} for uid in ids], ensure_ascii=False)
    if uri.startswith(REPORT):
        try:
            made = await service.forecast([unquote(uri.removeprefix(REPORT))])
        except (InputError, EngineError) as error:
            raise MCPError(types.INVALID_PARAMS, why(error)) from None
        except Busy as error:
            raise MCPError(types.INTERNAL_ERROR, str(error)) from None
        return made[0].model_dump_json()
    raise MCPError(types.INVALID_PARAMS, f"no resource {uri}: there are {HEALTH}, {PRODUCTS}, {REPORT}UNIQUE_ID")


def _text(words: str) -> types.TextContent:
    return types.TextContent(type="text", text=words)


def _failed(why: str) -> types.CallToolResult:
    return types.CallToolResult(content=[_text(why)], is_error=True)


def _progress(context: Context) -> Progress:
    """Tells the client how far a call is, from the desk's thread."""
    loop = asyncio.get_running_loop()

    def tell(stage: str, done: int, of: int) -> None:
        asyncio.run_coroutine_threadsafe(context.session.report_progress(done, of, stage), loop)

    return tell
