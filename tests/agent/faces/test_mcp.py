"""MCP, by the client of its SDK: every tool is listed, only reads, and answers as its schema says or says why not."""

import asyncio
from collections.abc import Awaitable, Callable

import jsonschema
import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError
from skucast.agent.faces.mcp import HEALTH, PRODUCTS, REPORT, mcp_server
from skucast.agent.faces.service import Service
from skucast.agent.forecast.report import ForecastReport
from skucast.tools.data.panel import Panel

from .serving import service_of


@pytest.fixture(scope="module")
def service(panel: Panel) -> Service:
    return service_of(panel)


def with_client(service: Service, do: Callable[[Client], Awaitable[None]]) -> None:
    async def run() -> None:
        async with Client(mcp_server(service)) as client:
            await do(client)

    asyncio.run(run())


def test_every_tool_only_reads_and_answers_by_its_schema_or_says_why_not(service: Service) -> None:
    async def do(client: Client) -> None:
        listed = (await client.list_tools()).tools
        assert {one.name for one in listed} == set(service.tools())
        for one in listed:
            assert one.annotations is not None
            assert one.annotations.read_only_hint
            made = await client.call_tool(one.name, {})
            if made.is_error:
                assert made.content[0].text  # type: ignore[union-attr]
            else:
                jsonschema.validate(made.structured_content, one.output_schema or {})

    with_client(service, do)


def test_progress_is_told_and_the_answer_is_in_words_and_as_data(service: Service) -> None:
    told: list[float] = []

    async def heard(progress: float, total: float | None, stage: str | None) -> None:
        told.append(progress)

    async def do(client: Client) -> None:
        made = await client.call_tool("forecast", {"product": "A", "horizon": "3w"}, progress_callback=heard)
        assert made.structured_content is not None
        assert made.structured_content["forecasts"][0]["horizon"] == 3
        assert made.structured_content["text"] == made.content[0].text  # type: ignore[union-attr]

    with_client(service, do)
    assert told


def test_resources(service: Service) -> None:
    async def do(client: Client) -> None:
        assert {str(one.uri) for one in (await client.list_resources()).resources} == {HEALTH, PRODUCTS}
        made = (await client.read_resource(f"{REPORT}A")).contents[0]
        assert ForecastReport.model_validate_json(made.text).unique_id == "A"  # type: ignore[union-attr]
        for uri in (f"{REPORT}nobody", "skucast://else"):
            with pytest.raises(MCPError):
                await client.read_resource(uri)

    with_client(service, do)


def test_bad_calls_are_errors_in_words(service: Service) -> None:
    async def do(client: Client) -> None:
        for name, arguments in (("nope", {}), ("save", {"file": "x.csv"}), ("forecast", {"product": "A", "y": 1})):
            made = await client.call_tool(name, arguments)
            assert made.is_error, name

    with_client(service, do)
