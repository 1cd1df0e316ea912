"""The agent loop: LangChain runs a model over the desk's tools, bounded and recorded; every number in it is checked."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import (
    ModelCallLimitMiddleware,
    ModelRequest,
    ModelResponse,
    ToolCallLimitMiddleware,
    wrap_model_call,
)
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
)
from langchain_core.tools import BaseTool, StructuredTool

from ...prompts.messages.say import say_all, say_error
from ...prompts.reading.mentions import saves
from ...prompts.reading.request import FILE, Reading
from ...prompts.render import render
from ...prompts.routing import Call
from ...tools.data.lexicon import Lexicon
from ...tools.errors import InputError
from ...tools.insight.answer import Answer
from ...tools.messages import Message, Refusal
from ...tools.text.screen import OPEN
from ...tools.toolset.registry import forecaster, tools
from ..forecast.checked import Checked
from ..forecast.evidence import as_evidence
from ..forecast.explain import told
from ..forecast.grounding import ground
from ..forecast.report import Claim, Evidence
from . import tracing as telemetry
from .carry import as_before
from .desk import Desk
from .found import outcome, words_of
from .frames import Frame
from .router import Caller
from .trace import TraceStep
from .unused import unused

NOTES = ("forecast.group",)  # what is said of how a forecast came about: told whatever is asked
MOST_CALLS = 5
MOST_SECONDS = 120.0
REMEMBERED = 12  # messages that a model which writes is shown


@dataclass
class Reply:
    """What the person is shown.

    Attributes:
        text: the reply; every number in it stands in the evidence.
        answers: what each tool found, by its name.
        evidence: the same as sentences with ids.
        claims: which evidence holds each number of the text.
        author: `llm` or `template`.
        steps: what happened, for the trace.
        failed: it is an error that the person can mend.
        refusal: that error.
        rejected: why the LLM's own words were not used.
        shown: the LLM's sentences that were shown as they came.
        notes: what was carried, not used, or saved; the last of the answer's messages.
        told: the messages of a text by template, the answer first.
    """

    text: str
    answers: list[tuple[str, Answer]] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    author: str = "template"
    steps: list[TraceStep] = field(default_factory=list)
    failed: bool = False
    refusal: InputError | None = None
    rejected: str | None = None
    shown: str = ""
    notes: tuple[Message, ...] = ()
    told: tuple[Message, ...] = ()


@dataclass
class Agent:
    """A model at a desk.

    Attributes:
        desk: the tools' state.
        model: any LangChain chat model that calls tools; ours route and leave the words to the templates.
        seconds: that a request may take before no further step is begun.
    """

    desk: Desk
    model: BaseChatModel
    seconds: float = MOST_SECONDS
    _history: list[BaseMessage] = field(default_factory=list)

    def __post_init__(self) -> None:
        telemetry.check()
        if isinstance(self.model, Caller):
            self.model.spoken = lambda: self.desk.spoken
            self.model.frame = lambda: self.desk.frame
            self.model.catalogue = Lexicon.of(self.desk.panel)
            self.model.freq = self.desk.panel.freq
        limits: list[Any] = [
            ModelCallLimitMiddleware(run_limit=MOST_CALLS + 1, exit_behavior="end"),
            ToolCallLimitMiddleware(run_limit=MOST_CALLS, exit_behavior="continue"),
            documents_last,
        ]
        reads = not isinstance(self.model, Caller)
        self._graph = create_agent(self.model, tools_of(self.desk, reads), middleware=limits)

    def ask(
        self,
        request: str,
        on_step: Callable[[TraceStep], None] | None = None,
        on_words: Callable[[str], None] | None = None,
    ) -> Reply:
        """Answer one request. Words that no evidence holds go back to the model once; then the tools' own stand.

        Args:
            request: the person's words.
            on_step: called with each step as it ends.
            on_words: called with each sentence of a model that writes, once it is whole and its numbers have evidence.

        Raises:
            EngineError: the model could not answer.
        """
        reply, frame = Reply(""), self.desk.frame
        question = HumanMessage(request)
        messages: list[BaseMessage] = [*self._history, question]
        ends = time.monotonic() + self.seconds
        try:
            self._run(messages, reply, ends, on_step, on_words)
            loose = [] if isinstance(self.model, Caller) else ground(reply.text, as_evidence(reply.answers))[1]
            stopped = sum(step.kind == "call" for step in reply.steps) >= MOST_CALLS  # its last words are not its own
            if loose and not reply.failed and not stopped and time.monotonic() < ends:
                self._repaired(messages, loose, reply, on_step)
        finally:
            telemetry.emit(request, reply.steps)
        if isinstance(self.model, Caller) and reply.answers:
            self._noted(frame, request, reply)
        reply.evidence = as_evidence(reply.answers)
        self._worded(reply, request)
        if not isinstance(self.model, Caller):
            self._history = [*self._history, question, AIMessage(_remembered(reply))][-REMEMBERED:]
        return reply

    def _noted(self, frame: Frame | None, request: str, reply: Reply) -> None:
        """Tell what the last call took over from the one before the request, and what of the request none used."""
        step = next(one for one in reversed(reply.steps) if one.kind == "tool" and not one.failed)
        name, last = reply.answers[-1]
        call, panel = Call(step.tool, step.arguments), self.desk.panel
        about = [sku for _, answer in reply.answers for sku in answer.products]
        saved = self._saved(request, call)
        rest = FILE.sub("…", request) if saved else request
        notes = (as_before(frame, call, request, panel), unused(rest, call, panel, about), saved)
        reply.notes = tuple(note for note in notes if note is not None)
        if reply.notes:
            sources = (*(last.sources or (name,) * len(last.messages)), *[name] * len(reply.notes))
            reply.answers[-1] = (name, replace(last, messages=(*last.messages, *reply.notes), sources=sources))

    def _saved(self, request: str, call: Call) -> Message | None:
        """What a request also wants written to a file is written; a file that it but names is left alone."""
        files = Reading(request).files
        if (
            len(files) != 1
            or not saves(request)
            or self.desk.save is None
            or call.tool not in tools()
            or tools()[call.tool].aside
        ):
            return None
        try:
            return self.desk.save(files[0])
        except InputError as error:
            return error.message if isinstance(error, Refusal) else None

    def _repaired(
        self,
        messages: list[BaseMessage],
        loose: Sequence[str],
        reply: Reply,
        on_step: Callable[[TraceStep], None] | None,
    ) -> None:
        """The model's words once more, without tools."""
        at = time.monotonic()
        again = HumanMessage(render("agent_repair", loose=list(dict.fromkeys(loose))))
        message = self.model.invoke([self._system, *messages, again])
        reply.text = str(message.text).strip()
        step = TraceStep(
            kind="answer", text=reply.text, seconds=round(time.monotonic() - at, 3), tokens=_tokens(message)
        )
        reply.steps.append(step)
        if on_step:
            on_step(step)

    @property
    def _system(self) -> SystemMessage:
        cutoff = f"{self.desk.panel.cutoff:%Y-%m-%d}"
        return SystemMessage(render("agent_system", cutoff=cutoff, spoken=self.desk.spoken.text))

    def _run(
        self,
        messages: list[BaseMessage],
        reply: Reply,
        ends: float,
        on_step: Callable[[TraceStep], None] | None,
        on_words: Callable[[str], None] | None,
    ) -> None:
        """One run of the graph: its messages and what they found are added."""
        words = Checked(on_words or (lambda _: None), lambda: as_evidence(reply.answers))
        for step, message in self._steps(list(messages), ends, words if on_words else None):
            messages.append(message)
            reply.steps.append(step)
            if on_step:
                on_step(step)
            if isinstance(message, ToolMessage):
                found = outcome(message)
                if isinstance(found, Answer):
                    reply.answers.append((step.tool, found))
                    reply.failed, reply.refusal = False, None
                elif found is not None:
                    reply.failed, reply.refusal = True, found
            elif isinstance(message, AIMessage) and not message.tool_calls:
                reply.text, reply.shown = str(message.text).strip(), words.text

    def _steps(
        self, messages: list[BaseMessage], ends: float, words: Checked | None
    ) -> Iterator[tuple[TraceStep, BaseMessage]]:
        at = time.monotonic()
        if not isinstance(self.model, Caller):
            messages = [self._system, *messages]
        names: dict[str, tuple[str, dict[str, Any]]] = {}
        asked: Any = {"messages": messages}
        modes: Any = ["updates", "messages"] if words else ["updates"]
        stream: Any = self._graph.stream(asked, stream_mode=modes)
        for mode, update in stream:
            if mode == "messages":
                if words and isinstance(update[0], AIMessageChunk):
                    words.add(str(update[0].text))
                continue
            for part in update.values():
                for message in (part or {}).get("messages", []):
                    seconds, at = time.monotonic() - at, time.monotonic()
                    if isinstance(message, AIMessage):
                        if words:
                            words.end()  # what is written beside a call is a text of its own
                        names |= {str(c["id"]): (c["name"], dict(c["args"])) for c in message.tool_calls}
                    yield _step(message, names, round(seconds, 3)), message
                    if time.monotonic() > ends:
                        return

    def _worded(self, reply: Reply, request: str) -> None:
        """The model's words where every number in them is grounded; else the tools' own sentences."""
        if reply.failed or not reply.answers:
            reply.rejected = None
            if not reply.failed and reply.text and not ground(reply.text, [])[1]:
                reply.author = "llm"
                return
            reply.refusal = reply.refusal or Refusal("nothing-found")
            reply.text, reply.failed = say_error(reply.refusal), True
            return
        if reply.text:
            claims, loose = ground(reply.text, reply.evidence)
            if not loose:
                reply.claims, reply.author = claims, "llm"
                return
            reply.rejected = f"without evidence: {', '.join(loose)}"
        name, last = reply.answers[-1]
        made = spoken(name, last, request)
        reply.told = (*made, *(note for note in reply.notes if note not in made))
        reply.text = say_all(reply.told)
        reply.claims = ground(reply.text, reply.evidence)[0]


def _remembered(reply: Reply) -> str:
    """A reply as later requests are shown it: without words of a model that may repeat what it read."""
    if reply.author == "llm" and any(answer.documents for _, answer in reply.answers):
        return " ".join(say_all(answer.messages) for _, answer in reply.answers)
    return reply.text


def spoken(tool: str, answer: Answer, request: str) -> tuple[Message, ...]:
    """What a person is told of an answer: of a forecast's evidence what bears on the request, the answer first."""
    if not any(source == forecaster().name for source in answer.sources):
        return answer.spoken
    kept = [one.message for one in told(as_evidence([(tool, answer)]), request) if one.message]
    notes = [
        one for one, source in zip(answer.messages, answer.sources, strict=True) if source in NOTES or source == tool
    ]
    return (*kept, *(one for one in notes if one not in kept))


def _step(message: BaseMessage, names: dict[str, tuple[str, dict[str, Any]]], seconds: float) -> TraceStep:
    if isinstance(message, ToolMessage):
        tool, arguments = names.get(message.tool_call_id, ("", {}))
        return TraceStep(
            kind="tool",
            tool=tool,
            arguments=arguments,
            text=str(message.content),
            seconds=seconds,
            failed=not isinstance(outcome(message), Answer),
        )
    assert isinstance(message, AIMessage)
    if message.tool_calls:
        call = message.tool_calls[0]
        fields: dict[str, Any] = {"tool": call["name"], "arguments": dict(call["args"])}
        return TraceStep(kind="call", seconds=seconds, tokens=_tokens(message), **fields)
    return TraceStep(kind="answer", text=str(message.text), seconds=seconds, tokens=_tokens(message))


def _tokens(message: AIMessage) -> int:
    return message.usage_metadata["total_tokens"] if message.usage_metadata else 0


@wrap_model_call
def documents_last(request: ModelRequest, handler: Callable[[ModelRequest], ModelResponse]) -> ModelResponse:
    """A model that has read documents for a request can call no more tools: nothing they say can start one."""
    start = max((at for at, one in enumerate(request.messages) if isinstance(one, HumanMessage)), default=0)
    if not any(isinstance(one, ToolMessage) and OPEN in str(one.content) for one in request.messages[start:]):
        return handler(request)
    made = handler(request.override(tools=[]))
    words = [AIMessage(one.content) if isinstance(one, AIMessage) and one.tool_calls else one for one in made.result]
    return ModelResponse(result=words, structured_response=made.structured_response)


def tools_of(desk: Desk, reads: bool = False) -> list[BaseTool]:
    """The desk's tools for LangChain; bad input goes back to the model, any other error ends the run.

    Args:
        desk: whose.
        reads: the model is also handed the documents that were found.
    """
    return [_tool(desk, name, reads) for name in tools()]


def _tool(desk: Desk, name: str, reads: bool) -> BaseTool:
    def run(**arguments: Any) -> tuple[str, Answer | InputError]:
        try:
            found = desk.do(name, {key: value for key, value in arguments.items() if value is not None})
        except InputError as error:
            return words_of(error), error
        parts = [words_of(found), found.documents if reads else ""]
        return "\n".join(filter(None, parts)), found

    return StructuredTool.from_function(
        run,
        name=name,
        description=tools()[name].does,
        args_schema=tools()[name].arguments.model_json_schema(),  # checked by the desk, whose refusals are typed
        response_format="content_and_artifact",
    )
