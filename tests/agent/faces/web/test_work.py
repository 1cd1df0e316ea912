"""Work behind a page: begun once, shown as it goes on, and refused in words."""

import asyncio

import pytest
from skucast.agent.faces.service import Busy
from skucast.agent.faces.web import work as module
from skucast.agent.faces.web.work import Part, Work
from skucast.agent.forecast.forecaster import Progress
from skucast.tools.errors import InputError


def test_work_goes_on_and_is_not_begun_twice() -> None:
    async def story() -> tuple[Part, Part, int]:
        work, go, begun = Work(patience=0.01), asyncio.Event(), 0

        async def make(progress: Progress) -> str:
            nonlocal begun
            begun += 1
            progress("learn", 3, 10)
            await go.wait()
            return "made"

        first = await work.part("a", make)
        go.set()
        await asyncio.sleep(0)
        return first, await work.part("a", make), begun

    first, second, begun = asyncio.run(story())
    assert not first.ready and first.job is not None
    assert (first.job.stage, first.job.done, first.job.of) == ("learn", 3, 10)
    assert (second.ready, second.value, begun) == (True, "made", 1)


def test_what_failed_is_said_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> list[Part]:
        work, errors = Work(), [InputError("no such SKU"), RuntimeError("a fault"), None]

        async def make(_: Progress) -> str:
            error = errors.pop(0)
            if error is not None:
                raise error
            return "made"

        return [await work.part("a", make) for _ in range(3)]

    refused, fault, made = asyncio.run(story())
    assert str(refused.refused) == "no such SKU" and not refused.ready
    assert fault.refused is not None and "RuntimeError: a fault" in str(fault.refused)
    assert "a part of a page failed" in caplog.text
    assert made.value == "made"


def test_a_busy_desk_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AGAIN", 0.0)

    async def story() -> Part:
        turns = [Busy("later"), Busy("later"), None]

        async def make(_: Progress) -> str:
            if (error := turns.pop(0)) is not None:
                raise error
            return "made"

        return await Work().part("a", make)

    assert asyncio.run(story()).value == "made"


def test_what_is_kept_is_bounded_and_what_goes_on_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 2)

    async def story() -> tuple[list[str], Part]:
        work, go, made = Work(patience=0.01), asyncio.Event(), []

        async def slow(_: Progress) -> str:
            await go.wait()
            return "slow"

        async def quick(_: Progress) -> str:
            made.append("quick")
            return "quick"

        await work.part("slow", slow)
        for name in "abca":
            await work.part(name, quick)
        go.set()
        await asyncio.sleep(0)
        return made, await work.part("slow", quick)

    made, slow = asyncio.run(story())
    assert len(made) == 4  # a was dropped, and made again
    assert slow.value == "slow"
