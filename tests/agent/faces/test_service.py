"""Calls of many clients at one desk: apart from each other, in turn, kept, and with an end."""

import asyncio
import threading
from dataclasses import replace

import pytest
from langchain_core.messages import HumanMessage
from skucast.agent.faces import service as module
from skucast.agent.faces.service import Busy, Service
from skucast.tools.data.panel import Panel
from skucast.tools.errors import InputError

from .serving import service_of


@pytest.fixture
def service(panel: Panel) -> Service:
    return service_of(panel)


def test_a_call_is_answered_as_by_the_desk_and_kept(service: Service) -> None:
    answer = service.desk.fresh().do("top_sellers", {})

    async def twice() -> None:
        first = await service.call("top_sellers", {})
        assert first.products == list(answer.products)
        assert first.table is not None
        assert first is await service.call("top_sellers", {})
        assert first is not await service.call("top_sellers", {}, lang="zh")

    asyncio.run(twice())


def test_conversations_do_not_hear_each_other(service: Service) -> None:
    async def talk() -> None:
        one = await service.ask("sales history of A")
        other = await service.ask("sales history of B")
        await service.ask("forecast it for 2 weeks", one.conversation)
        assert service._talks[one.conversation].desk.reports[-1].unique_id == "A"
        assert other.conversation != one.conversation
        with pytest.raises(InputError, match="conversation: not known"):
            await service.ask("why?", "nobody")

    asyncio.run(talk())
    assert service.desk.product is None


def test_what_a_larger_model_remembers_stays_from_one_request_to_the_next(service: Service) -> None:
    async def talk() -> None:
        first = await service.ask("sales history of A")
        service._talks[first.conversation].agent._history = [HumanMessage("before")]
        await service.ask("sales history of B", first.conversation)
        assert service._talks[first.conversation].agent._history[0].text == "before"

    asyncio.run(talk())


def test_forecasts_come_in_order_and_only_new_ones_are_made(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[list[str]] = []
    forecaster = service.desk.forecaster
    kept = forecaster.forecast

    def counted(panel: Panel, ids: list[str], *rest: object, **named: object) -> object:
        made.append(list(ids))
        return kept(panel, ids, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(forecaster, "forecast", counted)

    async def ask() -> None:
        assert [one.unique_id for one in await service.forecast(["B", "A"], "2w")] == ["B", "A"]
        assert [one.unique_id for one in await service.forecast(["A", "C"], "2w")] == ["A", "C"]
        with pytest.raises(InputError, match="unknown SKU 'Z'"):
            await service.forecast(["Z"])
        with pytest.raises(InputError, match="got 0, expected 1 to 100"):
            await service.forecast([])

    asyncio.run(ask())
    assert made == [["B", "A"], ["C"]]


def test_too_slow_or_too_many_is_busy_and_what_was_begun_is_kept(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, go = replace(service, seconds=0.05), threading.Event()
    monkeypatch.setattr(service.desk.forecaster, "forecast", lambda *_, **__: go.wait(10) and [])
    monkeypatch.setattr(module, "WAITING", 1)

    async def ask() -> None:
        with pytest.raises(Busy, match=r"not ready after 0\.05 seconds"):
            await service.forecast(["A"])
        with pytest.raises(Busy, match="1 calls wait already"):
            await service.forecast(["B"])
        go.set()
        while service._waiting:
            await asyncio.sleep(0.01)
        assert (await service.call("top_sellers", {})).products

    monkeypatch.setattr(module, "WAITING", 1)
    asyncio.run(ask())
