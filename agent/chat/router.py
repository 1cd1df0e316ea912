"""Chat models for the agent loop: a small LLM that routes by constrained decoding, and plain rules without an LLM."""

import re
import uuid
from abc import abstractmethod
from collections.abc import Callable, Container, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from ...prompts.reading.typos import spelt
from ...prompts.routing import ANSWER, Call, Spoken, call_schema, listed_tools, read_call, routing_chat
from ...tools.insight.answer import Answer
from ..engines.base import Completion, Constraint, Engine, Message
from ..forecast.evidence import as_evidence
from ..forecast.explain import UNNAMED, repaired, write

MOST_TOKENS = 96
STEM = 4  # letters by which words are taken for the same
WRITTEN = {"explain"}  # tools whose findings the writer retells
FAILED = "error: no such product, or several of that name"
NUMBER_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
SPAN = re.compile(r"\b(\d+|" + "|".join(NUMBER_WORDS) + r")?\s*(day|week|month)s?\b|\b(\d+)([dwm])\b", re.IGNORECASE)


class Caller(BaseChatModel):
    """A model whose turn is one tool call, or nothing when what was found is enough.

    Attributes:
        spoken: gives what the session spoke of last.
        catalogue: what names there are, a `Catalogue`; None where that is not known.
        freq: of the data, W or D.
    """

    spoken: Callable[[], Spoken] = Spoken
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
        call, usage = self._next(request, done)
        if call.tool == ANSWER or any(call == before for before, _ in done):  # the same again finds the same
            said = self._answer(request, messages[-1], usage)
        else:
            told = {"name": call.tool, "args": call.arguments, "id": uuid.uuid4().hex[:12], "type": "tool_call"}
            said = AIMessage(content="", tool_calls=[told], usage_metadata=usage)
        return ChatResult(generations=[ChatGeneration(message=said)])

    @abstractmethod
    def _next(self, request: str, done: Sequence[tuple[Call, str]]) -> tuple[Call, Any]:
        """The next call, or `answer`, and the tokens it took, as LangChain counts them, where there were any."""

    def _answer(self, request: str, last: BaseMessage, usage: Any) -> AIMessage:
        """The end: the words are left to the tools."""
        return AIMessage(content="", usage_metadata=usage)


def _so_far(messages: Sequence[BaseMessage]) -> tuple[str, list[tuple[Call, str]]]:
    """The last request, and the calls made for it with what they found."""
    start = max(place for place, one in enumerate(messages) if isinstance(one, HumanMessage))
    calls: dict[str, Call] = {}
    done = []
    for one in messages[start + 1 :]:
        if isinstance(one, AIMessage):
            calls |= {str(told["id"]): Call(told["name"], dict(told["args"])) for told in one.tool_calls}
        elif isinstance(one, ToolMessage) and one.tool_call_id in calls:
            done.append((calls[one.tool_call_id], str(one.content)))
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
        writer: gives the engine with the writer's, which retells why a forecast is so; None leaves it to the tools.
    """

    engine: Any
    writer: Callable[[], Any] | None = None

    def _next(self, request: str, done: Sequence[tuple[Call, str]]) -> tuple[Call, Any]:
        engine: Engine = self.engine
        # An error may name products, and names are text from outside: the small model only learns that there was one.
        told = [(call, FAILED if found.startswith("error: ") else found) for call, found in done]
        meant = spelt(request, self._known)
        turns = routing_chat(meant, self.spoken(), told)
        made = engine.generate(
            [tuple(Message(role, content) for role, content in turns)],
            max_tokens=MOST_TOKENS,
            constraint=Constraint("json_schema", self._schema(request, meant, done)),
        )[0]
        usage = _sum(None, made)
        try:
            return _own(read_call(made.texts[0]), request), usage
        except ValueError:  # cut off at the most tokens
            return Call("out_of_scope", {"topic": "a request I could not read"}) if not done else Call(
                ANSWER, {}
            ), usage

    def _answer(self, request: str, last: BaseMessage, usage: Any) -> AIMessage:
        """The tool's words, or of a reason the writer's, of which no product's name is shown to it."""
        found = last.artifact if isinstance(last, ToolMessage) and last.name in WRITTEN else None
        if self.writer is None or not isinstance(found, Answer):
            return super()._answer(request, last, usage)
        evidence = as_evidence([(str(last.name), found)])
        made = write(self.writer(), [UNNAMED], [evidence], asked=[spelt(request, self._known)])[0]
        text = repaired(made.texts[0], evidence) or made.texts[0]  # what fails is told with the reason
        return AIMessage(content=text, usage_metadata=_sum(usage, made))

    def _known(self, word: str) -> bool:
        """A word of the catalogue, or common enough to be one token of the LLM."""
        return bool(self.catalogue and self.catalogue.bears(word)) or self.engine.count_tokens(f" {word}") == 1

    def _schema(self, request: str, meant: str, done: Sequence[tuple[Call, str]]) -> str:
        return call_schema(
            request,
            listed_tools(),
            meant=meant,
            spoken=self.spoken(),
            found=[found for _, found in done],
            may_answer=bool(done),
            catalogue=self.catalogue,
            freq=self.freq,
        )


def _own(call: Call, request: str) -> Call:
    """The call; a topic that has no word of the request is the model's invention, and is not told."""
    words = re.findall(r"[\u4e00-\u9fff]{2,}|\w{4,}", str(call.arguments.get("topic", "")).lower())
    if call.tool != "out_of_scope" or any(word[:STEM] in request.lower() for word in words):
        return call
    return Call(call.tool, {"topic": "that"})


class RulesModel(Caller):
    """A few kinds of request told by their words: what stands where there is no LLM, and the baseline of the evals.

    Attributes:
        known: the SKUs of the panel.
    """

    known: frozenset[str] = frozenset()

    def _next(self, request: str, done: Sequence[tuple[Call, str]]) -> tuple[Call, Any]:
        return (Call(ANSWER, {}) if done else ruled(request, self.known)), None


RULES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (r".*\b(fall|drop|declin|losers)", "top_movers", {"direction": "down"}),
    (r".*\b(risers|growing|gainers)", "top_movers", {"direction": "up"}),
    (r".*\bmovers?\b", "top_movers", {}),
    (r".*\b(top|best)\b.*\bsell", "top_sellers", {}),
    (r"(why|explain|evidence)\b", "explain", {}),
    (r".*\b(history|sold|actuals)\b", "sales_history", {}),
    (r".*\b(season|seasonal|seasonality|trend)\b", "seasonality", {}),
    (r".*\b(anomal|outlier|unusual|spike)", "anomalies", {}),
    (r".*\b(price|promotion|promo) history\b", "price_history", {}),
    (r".*\b(similar|like it|substitute)", "similar_items", {}),
    (r".*\b(holiday|calendar)", "calendar", {}),
    (r".*\b(backtest|accura|how good)", "backtest", {}),
    (r".*\bdata (health|quality|ok)\b", "data_health", {}),
    (r".*\b(plot|chart|graph)\b", "plot", {}),
    (r".*\b(reorder|safety stock|stock plan)", "stock_plan", {}),
)


def ruled(request: str, known: Container[str] = ()) -> Call:
    """The call that a request's words point to; a forecast where they name a product or a time.

    Args:
        request: the person's words.
        known: SKUs, found wherever they stand.
    """
    words = request.strip().lower().rstrip("?!. ")
    found = re.match(r"(?:find|search|show me|which)\b\s*(.+)", words)
    named = re.search(r"\b(?:sku|item|product)s?\s+#?([\w.:/-]+)", request, re.IGNORECASE)
    product = next((word for word in re.findall(r"[\w.:/-]+", request) if word in known), None)
    product = product or (named[1] if named else next(iter(re.findall(r"\b\d{4,}\w?\b", request)), None))
    for pattern, tool, fixed in RULES:
        if re.match(pattern, words):
            return Call(tool, fixed | ({"product": product} if product and _takes_product(tool) else {}))
    if found and not re.search(r"\b(forecast|predict)", words):
        return Call("find_products", {"words": re.sub(r"^products?\s+", "", found[1])[:80]})
    span = SPAN.search(request.replace(product, " ") if product else request)
    if product is None and (last := re.fullmatch(r"(?:forecast|predict) (?!again|it|that|this)([\w:-]+)", words)):
        product = request.strip().rstrip("?!. ").split()[-1] if not SPAN.search(last[1]) else None
    cut = re.search(r"(\d+(?:\.\d+)?)\s*(?:%|per ?cent)", words)
    if re.match(r".*\bwhat if\b", words) and cut:
        way = 1 if re.search(r"\b(raise|increase|up|higher|dearer)\b", words) else -1
        weeks = {"periods": [int(week[1])]} if (week := re.search(r"\bweek (\d+)", words)) else {}
        return Call(
            "what_if", ({"product": product} if product else {}) | {"price_change_percent": way * float(cut[1])} | weeks
        )
    if (
        product is None
        and (bare := re.search(r"\b(?:for|of)\s+([\w-]+(?: [\w-]+)?)\s*$", words))
        and not SPAN.search(bare[1])
    ):
        product = bare[1]
    if re.search(r"\b(forecast|predict|expect|demand|sell|how (much|many)|next|and for)\b", words) or product or span:
        arguments = ({"product": product} if product else {}) | ({"horizon": _written(span)} if span else {})
        return Call("forecast", arguments)
    return Call("forecast", {"product": request.strip()[:80]}) if len(words.split()) == 1 else Call(
        "out_of_scope", {"topic": words[:60] or "nothing"}
    )  # fmt: skip


def _takes_product(tool: str) -> bool:
    from ...tools.toolset.requests import REQUESTS

    return "product" in REQUESTS[tool].model_fields


def _written(span: re.Match[str]) -> str:
    if span[4]:
        return f"{span[3]}{span[4].lower()}"
    count = (span[1] or "1").lower()
    return f"{NUMBER_WORDS.index(count) + 1 if count in NUMBER_WORDS else count}{span[2][0].lower()}"
