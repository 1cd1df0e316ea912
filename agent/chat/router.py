"""The router: a small LLM that chooses the tools by constrained decoding, as a chat model for the agent loop."""

import re
import uuid
from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from ...prompts.asking import Line, name_places, pointing
from ...prompts.beyond import beyond, learned
from ...prompts.reading.fields import plainly
from ...prompts.reading.language import CHINESE, language_of
from ...prompts.reading.names import Naming
from ...prompts.reading.request import Reading
from ...prompts.reading.typos import spelt
from ...prompts.routing import AMEND, ANSWER, Call, Found, Spoken, call_schema, read_call, routing_chat
from ...tools.insight.answer import Answer
from ...tools.toolset.kit import kinds, of_kinds
from ...tools.toolset.registry import outside, tools
from ..engines.base import Completion, Constraint, Engine, Message
from ..forecast.evidence import as_evidence
from ..forecast.explain import UNNAMED, repaired, write
from .carry import carried, pointed_out, timed
from .found import found_of
from .frames import NAMING, Frame, amended, followed, meant_names, named_in

MOST_TOKENS = 96
STEM = 4  # letters by which words are taken for the same
FAILED = "error: no such product, or several of that name"


class Caller(BaseChatModel):
    """A model whose turn is one tool call, or nothing when what was found is enough.

    Attributes:
        spoken: gives what the session spoke of last.
        catalogue: what names there are, a `Names`; None where that is not known.
        freq: of the data, W or D.
        frame: gives the call that the conversation stands at.
    """

    spoken: Callable[[], Spoken] = Spoken
    frame: Callable[[], Frame | None] = lambda: None
    _own: Call | None = None  # the last call that no model was asked for
    catalogue: Any = None
    freq: str = "W"

    @property
    def _llm_type(self) -> str:
        return "skucast"

    def bind_tools(self, tools: Sequence[Any], **_: Any) -> "Caller":
        """Itself: the tools are those of `tools/toolset/`, whatever is handed in."""
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **_: Any,
    ) -> ChatResult:
        request, done = _so_far(messages)
        call, usage = self._conversed(request, done)
        if call.tool == ANSWER or any(call == before for before, _ in done):  # the same again finds the same
            answer = self._answer(request, messages[-1], usage)
        else:
            tool_call = {"name": call.tool, "args": call.arguments, "id": uuid.uuid4().hex[:12], "type": "tool_call"}
            answer = AIMessage(content="", tool_calls=[tool_call], usage_metadata=usage)
        return ChatResult(generations=[ChatGeneration(message=answer)])

    def _conversed(self, request: str, done: Sequence[tuple[Call, Found]]) -> tuple[Call, Any]:
        """The next call: the last one changed, where the request leans on it, or one anew."""
        frame = self.frame()
        if done:
            return (Call(ANSWER, {}), None) if done[0][0] == self._own else self._next(request, done)
        request = pointed_out(frame, request)
        meant = spelt(request, self._known)
        self._own = (
            self._known_by_rule(request)
            or amended(frame, meant, self.catalogue, self.freq)
            or timed(frame, meant, self.catalogue, self.freq)
            or self._refused(request)
        )
        if self._own is not None:
            return self._own, None
        call, usage = self._next(request, done)
        if frame is not None and call.tool == AMEND:
            self._own = call = followed(frame, call, request, self.catalogue)
            return call, usage
        return self._whole(carried(frame, self._with_name(call, request), request)), usage

    def _refused(self, request: str) -> Call | None:
        """The honest no, where the words are far from all that the tools are asked."""
        meant = spelt(request, self._known)
        names = meant_names(meant, self.catalogue) if self.catalogue else []
        return _no("that") if beyond(meant, names) else None

    def _known(self, word: str) -> bool:
        """A word of the catalogue, or of the patterns that tools are asked by."""
        return bool(self.catalogue and self.catalogue.bears(word)) or learned(word)

    def _with_name(self, call: Call, request: str) -> Call:
        """The call with the product or group that a request names as the catalogue does, where it was left out."""
        tool = tools().get(call.tool)
        if tool is None or tool.outside or tool.aside or self.catalogue is None:
            return call
        of = kinds(tool.arguments)
        fields = {kind: name for name, kind in of.items()}
        names = meant_names(request, self.catalogue)
        if len(names) != 1 or any(of.get(name) in {*NAMING, "topic"} for name in call.arguments):
            return call
        group = "category" in fields and ("product" not in fields or self.catalogue.of_groups_alone(names[0]))
        field = fields.get("category" if group and self.catalogue.group(names[0]) else "product")
        return Call(call.tool, {field: names[0], **call.arguments}) if field else call

    def _whole(self, call: Call) -> Call:
        """The call of a whole group, where its words name that alone, and no product of it."""
        words = call.arguments.get("product")
        tool = tools().get(call.tool)
        if not (words and tool and tool.sums and self.catalogue and self.catalogue.of_groups_alone(str(words))):
            return call
        of = {kind: name for name, kind in kinds(tool.arguments).items()}
        rest = {name: value for name, value in call.arguments.items() if name != of["product"]}
        return Call(call.tool, {of["category"]: words, **rest})

    def _known_by_rule(self, request: str) -> Call | None:
        """The call that a rule points to where no model need be asked."""
        return None

    @abstractmethod
    def _next(self, request: str, done: Sequence[tuple[Call, Found]]) -> tuple[Call, Any]:
        """The next call, or `answer`, and the tokens it took, as LangChain counts them, where there were any."""

    def _answer(self, request: str, last: BaseMessage, usage: Any) -> AIMessage:
        """The end: the words are left to the tools."""
        return AIMessage(content="", usage_metadata=usage)


def pointed_call(rule: Line, request: str, freq: str, product: str | None, catalogue: Any = None) -> Call:
    """The call of the tool that a rule points to, with what the request plainly says.

    Args:
        rule: that the request's words match.
        request: the person's words.
        freq: of the data, W or D.
        product: that it names, if it names one.
        catalogue: what names there are; None where that is not known.
    """
    arguments = tools()[rule.tool].arguments
    reading = Reading(request, tuple(getattr(catalogue, "columns", ())), getattr(catalogue, "known", None))
    plain = {name: few[0] for name, few in plainly(arguments, reading, freq).items() if len(few) == 1}
    return Call(rule.tool, plain | rule.fixed | of_kinds(arguments, {"product": product}))


def named_call(rule: Line, request: str, freq: str, catalogue: Any) -> Call | None:
    """The same with the product or group that the request names; None where it names what the tool has no field for.

    Words that may be several products, and are a group's name, mean the group.
    """
    text, must = name_places(rule, request)
    of = {kind: name for name, kind in kinds(tools()[rule.tool].arguments).items()}
    skus = Naming(text).skus(catalogue)
    names = skus or sorted(named_in(text, catalogue), key=len, reverse=True)
    if len(names) > 1 and "products" not in of:
        names = [name for name in names if catalogue.group(name)] or names
    found: dict[str, Any] = {}
    for name in names[:1]:
        group = name not in skus and catalogue.group(name) and len(catalogue.matches(name)) != 1
        if "category" in of and (group or ("product" not in of and catalogue.group(name))):
            found = {of["category"]: name}
        elif "product" in of:
            found = {of["product"]: name}
    if not found and (names or must):
        return None
    call = pointed_call(rule, _without(names, request), freq, None, catalogue)
    return Call(call.tool, call.arguments | found)


def _without(names: Sequence[str], request: str) -> str:
    """A request without the names in it, whose digits are no counts."""
    for name in names:
        request = request.replace(name, "…")
    return request


def _so_far(messages: Sequence[BaseMessage]) -> tuple[str, list[tuple[Call, Found]]]:
    """The last request, and the calls made for it with what they found."""
    start = max(place for place, one in enumerate(messages) if isinstance(one, HumanMessage))
    calls: dict[str, Call] = {}
    done = []
    for one in messages[start + 1 :]:
        if isinstance(one, AIMessage):
            calls |= {
                str(tool_call["id"]): Call(tool_call["name"], dict(tool_call["args"])) for tool_call in one.tool_calls
            }
        elif isinstance(one, ToolMessage) and one.tool_call_id in calls:
            done.append((calls[one.tool_call_id], found_of(one)))
    return str(messages[start].content), done


def _sum(usage: Any, made: Completion) -> dict[str, int]:
    """Tokens as LangChain counts them, of what was made before and now."""
    now = {"input_tokens": made.prompt_tokens, "output_tokens": made.completion_tokens}
    now["total_tokens"] = sum(now.values())
    return {name: count + (usage or {}).get(name, 0) for name, count in now.items()}


class RoutingModel(Caller):
    """The fine-tuned small LLM; the grammar lets through no call that is not valid.

    Attributes:
        engine: with the router's weights.
        trained: the tools that it was trained on, of which alone it may call; all where that is not known. Others, and
            those whose rules come first, are called where a rule points to them.
        writer: gives the engine with the writer's, which retells why a forecast is so; None leaves it to the tools.
    """

    engine: Any
    trained: tuple[str, ...] = ()
    writer: Callable[[], Any] | None = None

    def _next(self, request: str, done: Sequence[tuple[Call, Found]]) -> tuple[Call, Any]:
        engine: Engine = self.engine
        # An error may name products, and names are text from outside: the small model only learns that there was one.
        shown = [(call, FAILED if found.failed else found.text) for call, found in done]
        meant = spelt(request, self._known)
        turns = routing_chat(meant, self.spoken(), shown)
        made = engine.generate(
            [tuple(Message(role, content) for role, content in turns)],
            max_tokens=MOST_TOKENS,
            constraint=Constraint("json_schema", self._schema(request, meant, done)),
        )[0]
        usage = _sum(None, made)
        try:
            return _own(read_call(made.texts[0]), request), usage
        except ValueError:  # cut off at the most tokens
            return Call(ANSWER, {}) if done else _no("a request I could not read"), usage

    def _known_by_rule(self, request: str) -> Call | None:
        """The call of a tool whose rules come first, or that it was not trained on, where one points to it."""
        for rule in pointing(spelt(request, self._known)):
            if not (tools()[rule.tool].ruled or (self.trained and rule.tool not in self.trained)):
                return None
            if not self.catalogue:
                return pointed_call(rule, request, self.freq, None)
            if (call := named_call(rule, request, self.freq, self.catalogue)) is not None:
                return call
        return None

    def _answer(self, request: str, last: BaseMessage, usage: Any) -> AIMessage:
        """The tool's words, or of a reason the writer's, of which no product's name is shown to it."""
        found = (
            last.artifact
            if isinstance(last, ToolMessage) and last.name in tools() and tools()[last.name].retold
            else None
        )
        if self.writer is None or not isinstance(found, Answer) or language_of(request) == CHINESE:
            return super()._answer(request, last, usage)
        evidence = as_evidence([(str(last.name), found)])
        made = write(self.writer(), [UNNAMED], [evidence], asked=[spelt(request, self._known)])[0]
        text = repaired(made.texts[0], evidence) or made.texts[0]  # what fails is shown with the reason
        return AIMessage(content=text, usage_metadata=_sum(usage, made))

    def _known(self, word: str) -> bool:
        """A word of the catalogue or of the patterns, or common enough to be one token of the LLM."""
        return super()._known(word) or self.engine.count_tokens(f" {word}") == 1

    def _schema(self, request: str, meant: str, done: Sequence[tuple[Call, Found]]) -> str:
        return call_schema(
            request,
            {name: tools()[name] for name in self.trained if name in tools()} if self.trained else tools(),
            meant=meant,
            spoken=self.spoken(),
            found=[found for _, found in done],
            may_answer=bool(done),
            catalogue=self.catalogue,
            freq=self.freq,
            amends=tools()[frame.tool] if (frame := self.frame()) is not None and AMEND in self.trained else None,
        )


def _no(topic: str) -> Call:
    """The call that says what cannot be done."""
    return Call(outside().name, of_kinds(outside().arguments, {"topic": topic}))


def _own(call: Call, request: str) -> Call:
    """The call; a topic that has no word of the request is the model's invention, and is not passed on."""
    words = re.findall(r"[\u4e00-\u9fff]{2,}|\w{4,}", " ".join(map(str, call.arguments.values())).lower())
    if call.tool != outside().name or any(word[:STEM] in request.lower() for word in words):
        return call
    return _no("that")
