"""Calls of many clients at one desk: each on its own, one after the other, answered again from what was kept."""

import asyncio
import json
import uuid
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from langchain_core.language_models import BaseChatModel
from pydantic import BaseModel, ConfigDict, Field

from ...prompts.messages.say import ENGLISH, check_language, say_all
from ...tools.data.horizon import DEFAULT_HORIZON, parse_horizon
from ...tools.decide.scenarios import Scenario
from ...tools.errors import InputError
from ...tools.insight.answer import Answer
from ...tools.toolset.registry import tools
from ..chat.desk import Desk
from ..forecast.forecaster import MAX_HORIZON, Progress
from ..forecast.report import ForecastReport
from .orders import record
from .saving import plain_table
from .session import LONGEST, Exchange, Session

KEPT = 5_000  # answers, the least used go first
CONVERSATIONS = 200  # at once, the least used go first
WAITING = 64  # calls that wait for the desk, beyond which more are turned away
SECONDS = 120.0  # that a client waits for an answer
MOST = 100  # series of one forecast request: more is a job

Made = TypeVar("Made")


class Busy(Exception):  # noqa: N818  no fault: the client may come again
    """Too many calls wait, or one took too long: it goes on, and asked again it is answered from what it made."""


class CallResult(BaseModel):
    """What a tool answered.

    Attributes:
        tool: its name.
        arguments: as it was called.
        text: the answer in words.
        table: `title`, `columns` and `rows`, numbers as numbers; None where there is none.
        products: SKUs that the answer is about.
        forecasts: those that it made.
    """

    model_config = ConfigDict(extra="forbid")

    tool: str
    arguments: dict[str, Any]
    text: str
    table: dict[str, Any] | None = None
    products: list[str] = Field(default_factory=list)
    forecasts: list[ForecastReport] = Field(default_factory=list)


@dataclass(frozen=True)
class Answered:
    """What a tool answered, in no language yet, and the forecasts that it made."""

    answer: Answer
    forecasts: tuple[ForecastReport, ...] = ()


class Asked(BaseModel):
    """The reply to a request in plain words.

    Attributes:
        conversation: hand it in with the next request, which may then lean on this one.
        exchange: the request, the reply, the calls behind it, the evidence and the table.
        forecasts: those that it made.
    """

    model_config = ConfigDict(extra="forbid")

    conversation: str
    exchange: Exchange
    forecasts: list[ForecastReport] = Field(default_factory=list)


@dataclass
class Service:
    """Answers calls at a desk in one thread: models and trees are not made for several at once.

    Attributes:
        desk: what is known; nobody's words stay at it.
        caller: the model that chooses the tools of a conversation.
        lang: of the answers, where a call names no other.
        seconds: that a client waits.
    """

    desk: Desk
    caller: BaseChatModel
    lang: str = ENGLISH
    seconds: float = SECONDS
    _kept: OrderedDict[str, Any] = field(default_factory=OrderedDict)
    _talks: OrderedDict[str, Session] = field(default_factory=OrderedDict)
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "desk"))
    _waiting: int = 0

    async def answer(self, tool: str, arguments: dict[str, Any], progress: Progress | None = None) -> Answered:
        """What a tool answers to arguments, in no language yet, without any conversation before it.

        Args:
            tool: its name.
            arguments: of its model.
            progress: called with stage, done and of how many, from another thread.

        Raises:
            InputError: no such tool, arguments that are not valid, or nothing to answer.
            Busy: too many wait, or it takes too long.
        """

        def made() -> Answered:
            desk = self.desk.fresh()
            desk.progress = progress
            return Answered(desk.do(tool, arguments), tuple(desk.reports))

        return await self._once(["call", tool, arguments], made)

    async def call(
        self, tool: str, arguments: dict[str, Any], lang: str | None = None, progress: Progress | None = None
    ) -> CallResult:
        """The same in words, as programs are handed it.

        Args:
            tool: its name.
            arguments: of its model.
            lang: of the words.
            progress: called with stage, done and of how many, from another thread.

        Raises:
            InputError: no such tool, arguments that are not valid, or nothing to answer.
            Busy: too many wait, or it takes too long.
        """
        lang = check_language(lang or self.lang)
        key = _key(["said", tool, arguments, lang])
        if key not in self._kept:
            found = await self.answer(tool, arguments, progress)
            answer = found.answer
            said = CallResult(
                tool=tool,
                arguments=arguments,
                text=say_all(answer.spoken, lang),
                table=None if answer.table is None else plain_table(answer.table, lang),
                products=list(answer.products),
                forecasts=list(found.forecasts),
            )
            self._keep(key, said)
        self._kept.move_to_end(key)
        made: CallResult = self._kept[key]
        return made

    async def forecast(
        self, unique_ids: Sequence[str], horizon: str | None = None, progress: Progress | None = None
    ) -> list[ForecastReport]:
        """The forecasts of some series, in their order.

        Args:
            unique_ids: at most `MOST`.
            horizon: such as `4w`; the command's default when left out.
            progress: called with stage, done and of how many, from another thread.

        Raises:
            InputError: an unknown series, none or too many of them, or a horizon that cannot be forecast.
            Busy: too many wait, or it takes too long.
        """
        desk = self.desk
        if not 1 <= len(unique_ids) <= MOST:
            raise InputError(f"unique_ids: got {len(unique_ids)}, expected 1 to {MOST}; a job takes more")
        desk.panel.select(unique_ids)
        ahead = parse_horizon(horizon or DEFAULT_HORIZON[desk.panel.freq], desk.panel)
        if ahead > MAX_HORIZON:
            raise InputError(f"horizon {horizon}: expected 1 to {MAX_HORIZON} periods")
        keys = {uid: _key(["forecast", uid, ahead]) for uid in unique_ids}
        missing = [uid for uid, key in keys.items() if key not in self._kept]
        if missing:

            def made() -> list[ForecastReport]:
                named = {"source": desk.source, "source_digest": desk.source_digest}
                return desk.forecaster.forecast(desk.panel, missing, ahead, **named, progress=progress)

            for report in await self._in_turn(made):
                self._keep(keys[report.unique_id], report)
        return [self._kept[keys[uid]] for uid in unique_ids]

    async def orders(self, lang: str | None = None, progress: Progress | None = None) -> list[dict[str, Any]]:
        """What to do about every product whose stock is known, the most urgent first: `skucast orders --json`.

        Args:
            lang: of the words.
            progress: called with stage, done and of how many, from another thread.

        Raises:
            InputError: no stock is known.
            Busy: too many wait, or it takes too long.
        """
        lang, desk = check_language(lang or self.lang), self.desk.fresh()
        desk.progress = progress

        def made() -> list[dict[str, Any]]:
            return [record(line, desk.panel.freq, lang) for line in desk.order_lines(Scenario(desk.policy))]

        return await self._once(["orders", lang], made)

    async def ask(self, request: str, conversation: str | None = None, lang: str | None = None) -> Asked:
        """The reply to a request in plain words.

        Args:
            request: a person's words.
            conversation: of an earlier reply; a new one begins when left out.
            lang: of the reply; that of the request when left out.

        Raises:
            InputError: an empty or overlong request, or a conversation that is not known any more.
            Busy: too many wait, or it takes too long.
        """
        words = " ".join(request.encode("utf-8", "replace").decode().split())  # JSON may hold half a character
        if not 1 <= len(words) <= LONGEST:
            raise InputError(f"request: got {len(words)} characters, expected 1 to {LONGEST}")
        if conversation is not None and conversation not in self._talks:
            raise InputError("conversation: not known, or too long ago; leave it out to begin a new one")
        check_language(lang or self.lang)
        name = conversation or uuid.uuid4().hex
        if conversation is None:
            self._talks[name] = Session(self.desk.fresh(), self.caller, follows=lang is None, lang=lang or self.lang)
        self._talks.move_to_end(name)
        while len(self._talks) > CONVERSATIONS:
            self._talks.popitem(last=False)
        session = self._talks[name]

        def made() -> tuple[Exchange, list[ForecastReport]]:
            before = len(session.desk.reports)
            session.agent = replace(
                session.agent
            )  # the one caller leans on this conversation now; what it remembers stays
            try:
                session.ask(words)
            except InputError:
                raise
            except Exception as error:  # a fault of ours ends one answer, and not the conversation
                return session.give_up(words, error), []
            return session.exchanges[-1], session.desk.reports[before:]

        exchange, forecasts = await self._in_turn(made)
        return Asked(conversation=name, exchange=exchange, forecasts=forecasts)

    def tools(self) -> dict[str, dict[str, Any]]:
        """Name, description and JSON Schema of the arguments of every tool that a client can call."""
        return {
            name: {"name": name, "description": tool.does, "inputSchema": tool.arguments.model_json_schema()}
            for name, tool in tools().items()
            if not tool.outside and not tool.aside
        }

    def close(self) -> None:
        """Let what waits go, and end."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _once(self, asked: list[Any], make: Callable[[], Made]) -> Made:
        key = _key(asked)
        if key not in self._kept:
            self._keep(key, await self._in_turn(make))
        self._kept.move_to_end(key)
        found: Made = self._kept[key]
        return found

    def _keep(self, key: str, made: Any) -> None:
        self._kept[key] = made
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    async def _in_turn(self, make: Callable[[], Made]) -> Made:
        """Make it in the desk's thread, when its turn comes."""
        if self._waiting >= WAITING:
            raise Busy(f"{self._waiting} calls wait already; come again in a few seconds")
        self._waiting += 1
        future = asyncio.get_running_loop().run_in_executor(self._thread, make)
        future.add_done_callback(self._done)
        try:
            return await asyncio.wait_for(asyncio.shield(future), self.seconds)
        except TimeoutError:
            raise Busy(f"not ready after {self.seconds:g} seconds; come again") from None

    def _done(self, future: "asyncio.Future[Any]") -> None:
        self._waiting -= 1
        if not future.cancelled():
            future.exception()  # nobody may wait any more


def _key(asked: list[Any]) -> str:
    return json.dumps(asked, sort_keys=True, ensure_ascii=False, default=str)
