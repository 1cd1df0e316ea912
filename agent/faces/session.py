"""Chat: a session at the desk. Requests go through the agent loop, slash commands do not; the exchanges are kept."""

import json
import re
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rapidfuzz import process
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ...prompts.messages.say import ENGLISH, say, say_all, say_error
from ...prompts.reading.language import OTHER, language_of
from ...prompts.routing import SAME
from ...tools.errors import InputError
from ...tools.files import NotWrittenError, Reads, check_ours, has_lines, nothing, write_whole
from ...tools.inputs import SESSION, brief, read_text
from ...tools.insight.answer import Answer
from ...tools.messages import Count, Fact, Message, Quoted, Refusal, message
from ...tools.toolset.registry import tools
from ..chat.desk import Desk
from ..chat.loop import Agent, Reply
from ..chat.router import RoutingModel
from ..chat.rules import RulesModel
from ..chat.trace import TraceStep
from ..forecast.evidence import as_evidence
from ..forecast.forecaster import Forecaster
from .saving import Saver, plain_table
from .show import Sparkline, show
from .tables import drawn, help_of

COMMANDS = ("/sku", "/horizon", "/plot", "/export", "/signals", "/trace", "/engine", "/help", "/quit")
LONGEST = 2_000  # characters of a request
DIGITS = 6  # of the number of a signal, at most
NEAR = 60  # percent of letters that a command's name shares with one that was meant
OVERWRITE = " --overwrite"  # after a file: it may be replaced, whatever it is


class Quit(Exception):  # noqa: N818  the person is done, which is no error
    """The person wants to leave."""


class Exchange(BaseModel):
    """One request and its reply, as they are kept."""

    model_config = ConfigDict(extra="forbid")

    at: str = Field(default_factory=lambda: f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    request: str
    reply: str
    author: str = "template"
    failed: bool = False
    steps: list[TraceStep] = []
    evidence: list[dict[str, str]] = []
    claims: list[dict[str, str]] = []
    table: dict[str, Any] | None = None


@dataclass
class Session:
    """One conversation.

    Attributes:
        desk: what it is about.
        model: what chooses the tools.
        path: JSON lines that it is kept in, one a request, and taken up from; None keeps nothing.
        on_step: called with each step as it ends.
        on_words: called with each sentence of a model that writes, as it comes, checked; the reply then leaves it out.
        lang: of the replies; of the last one, where they follow the requests.
        follows: replies are in the language of the request.
        reads: tells of files that are input, which nothing is written to.
        last: the last reply.
    """

    desk: Desk
    model: BaseChatModel
    path: Path | None = None
    on_step: Callable[[TraceStep], None] | None = None
    on_words: Callable[[str], None] | None = None
    lang: str = ENGLISH
    follows: bool = False
    reads: Reads = nothing
    last: Reply | None = None
    exchanges: list[Exchange] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.agent = Agent(self.desk, self.model)
        self.desk.save = lambda file: Saver(self.desk, self.lang, self.reads)(file)  # the language may change
        if self.path is not None and self.path.exists():
            check_session(self.path, reads=self.reads)
            self.exchanges = load_session(self.path)
            _mend(self.path, self.exchanges)
            self._take_up()

    def answer(self, request: str) -> RenderableType:
        """Answer one line.

        Raises:
            InputError: the request names what is not there; the message says the choices.
            EngineError: the model could not answer.
            Quit: the person left.
        """
        shown = self.aside(request)
        if shown is not None:
            return shown
        reply = self.ask(request.strip())
        if reply.failed:
            raise InputError(reply.text)
        return Group(*self._shown(reply))

    def aside(self, request: str) -> RenderableType | None:
        """What help and slash commands show; None where the line is a question.

        Raises:
            InputError: no such command, or not with these words, or too many of them.
            Quit: the person left.
        """
        words = request.strip()
        if len(words) > LONGEST:
            raise Refusal("chat-too-long", count=Count(len(words)), most=Count(LONGEST))
        if re.fullmatch(r"(/?quit|/?exit|bye|q)\W*", words, re.IGNORECASE):
            raise Quit
        if re.fullmatch(r"(/?help|\?|h)?", words, re.IGNORECASE):
            return Group(help_of(self.lang), self._line("chat-help"))
        return self._command(words) if words.startswith("/") else None

    def ask(self, request: str) -> Reply:
        """The reply to one request, kept; a failed one says what would do.

        Raises:
            EngineError: the model could not answer.
        """
        spoken = language_of(request) if self.follows else self.lang
        self.lang = ENGLISH if spoken == OTHER else spoken
        on_words = self.on_words if self.lang == ENGLISH else None  # the LLM's own words are English
        reply = reply_in(self.agent.ask(request, self.on_step, on_words), self.lang)
        if spoken == OTHER:
            note = message("chat-in-english")
            told = (*reply.told, note) if reply.told else ()
            reply = replace(reply, text=f"{reply.text}\n{say(note)}", told=told)
        self.last = reply
        self._keep(request, reply)
        return reply

    def give_up(self, request: str, error: Exception) -> Exchange:
        """A request that a fault of ours left unanswered: kept with what happened, for the trace."""
        what = "".join(traceback.format_exception(error))
        why = " ".join(f"{type(error).__name__}: {error}".split())
        steps = [TraceStep(kind="fault", text=what, seconds=0.0)]
        self.last = Reply(say(message("chat-fault", why=why), self.lang), steps=steps, failed=True)
        with suppress(InputError):  # one fault at a time: it is kept no more
            self._keep(request.strip(), self.last)
        return self.exchanges[-1]

    def _shown(self, reply: Reply) -> list[RenderableType]:
        streamed = reply.author == "llm" and "".join(reply.shown.split()) == "".join(reply.text.split())
        head, rest = (say(reply.told[0], self.lang), reply.told[1:]) if reply.told else (reply.text, ())
        parts: list[RenderableType] = [] if streamed else [Text(head)]
        tool, answer = reply.answers[-1] if reply.answers else ("", Answer(()))
        if tool and tools()[tool].shows and self.desk.reports:
            report = show(self.desk.reports[-1], lang=self.lang, told=reply.told)
            return [*parts, report] if reply.author == "llm" else [report]
        if len(answer.line) > 1:
            parts.append(Sparkline(answer.line, style="cyan"))
        if answer.table is not None:
            parts.append(drawn(answer.table, self.lang))
        if rest:
            parts.append(Text(say_all(rest, self.lang)))
        if reply.rejected:
            parts.append(self._line("chat-rejected", style="dim italic", why=reply.rejected))
        return parts

    def _line(self, key: str, *, style: str = "", **facts: Fact) -> Text:
        """One message of the chat's own, in the session's language."""
        return Text(say(message(key, **facts), self.lang), style=style)

    def _command(self, words: str) -> RenderableType:
        name, _, rest = words.partition(" ")
        rest = rest.strip()
        if name not in COMMANDS:
            near = [found for found, *_ in process.extract(name, COMMANDS, score_cutoff=NEAR, limit=3)]
            hint = (
                message("hint-near", choices=tuple(near)) if near else message("hint-choices", choices=COMMANDS, more=0)
            )
            raise Refusal("chat-no-command", choices=tuple(near) or COMMANDS, command=name, hint=hint)
        if name == "/sku":
            self.desk.product = self.desk.one(rest or None)
            return self._line("chat-product", sku=self.desk.product)
        if name == "/horizon":
            return self._line("chat-horizon", count=self.desk.periods(rest or None))
        if name == "/signals":
            return self._follow(rest)
        if name == "/engine":
            if rest:
                raise Refusal("chat-engine-stays", engine=rest)
            return self._line("chat-engines", router=called(self.model), forecaster=forecasts(self.desk.forecaster))
        if name == "/trace":
            if self.last is None:
                raise Refusal("chat-nothing-asked")
            return trace_table(self.last.steps)
        if not self.desk.reports:
            raise Refusal("chat-nothing-forecast", sku=self.desk.panel.unique_ids[0])
        if not rest:
            example = f"{name} {'week.png' if name == '/plot' else 'all.jsonl'}"
            raise Refusal("chat-expected-file", command=name, example=example)
        file = rest.removesuffix(OVERWRITE).rstrip()
        saver = Saver(self.desk, self.lang, self.reads)
        try:
            done = (saver.chart if name == "/plot" else saver.reports)(Path(file), overwrite=file != rest)
        except NotWrittenError as error:
            raise Refusal("chat-cannot-write", path=error.path, why=error.why) from None
        return Text(say(done, self.lang))

    def _follow(self, rest: str) -> RenderableType:
        """Let forecasts follow some signals: `apply 1 2`, or none of them. Nothing but this command approves one."""
        word, _, numbers = rest.partition(" ")
        listed = numbers.replace(",", " ").split()
        known = range(1, 1 + (len(self.desk.signals().signals) if self.desk.signals else 0))
        chosen = [int(one) for one in listed if one.isdecimal() and len(one) <= DIGITS and int(one) in known]
        if self.desk.signals and (
            word not in ("apply", "none") or (word == "apply") != bool(chosen) or len(chosen) < len(listed)
        ):
            raise Refusal("chat-signals", words=Quoted(rest[:40]))
        book = self.desk.approve(chosen)
        return self._line("signals-applied", count=len(book.approved), of=len(book.signals))

    def _keep(self, request: str, reply: Reply) -> None:
        table = reply.answers[-1][1].table if reply.answers and not reply.failed else None
        exchange = Exchange(
            request=request,
            reply=reply.text,
            author=reply.author,
            failed=reply.failed,
            steps=reply.steps,
            evidence=[{"id": item.id, "tool": item.tool, "text": item.text} for item in reply.evidence],
            claims=[claim.model_dump() for claim in reply.claims],
            table=plain_table(table, self.lang) if table is not None else None,
        )
        self.exchanges.append(exchange)
        if self.path is None:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(exchange.model_dump_json() + "\n")
        except OSError as error:
            where, self.path = self.path, None
            raise NotWrittenError(f"session {where}", error, "; it is kept no more") from None

    def _take_up(self) -> None:
        """Remember what the last requests spoke of."""
        for exchange in self.exchanges:
            for step in exchange.steps:
                if step.kind == "tool" and not step.failed:
                    arguments = step.arguments
                    words = arguments.get("product") or next(iter(arguments.get("products", [])), None)
                    try:
                        self.desk.product = self.desk.one(words) if words else self.desk.product
                        self.desk.periods(arguments.get("horizon"))
                    except InputError:  # another panel than then
                        continue
                    if arguments.get("category") not in (None, SAME):
                        self.desk.category = arguments["category"]
                    self.desk.tool = step.tool


def called(model: BaseChatModel) -> str:
    """What a person calls the model that chooses the tools."""
    if isinstance(model, RoutingModel):
        return str(model.engine.name)
    return "rules" if isinstance(model, RulesModel) else str(getattr(model, "model_name", type(model).__name__))


def forecasts(maker: Forecaster) -> Message:
    """Who forecasts, in a few words."""
    base = message("forecaster-tools" if maker.tools else "forecaster-ensemble")
    return message("forecaster-and-llm", base=base, llm=maker.model.name) if maker.model else base


def reply_in(reply: Reply, lang: str) -> Reply:
    """A reply with the tools' words in a language; what the LLM wrote stays as it wrote it."""
    if lang == ENGLISH:
        return reply
    text = reply.text
    if reply.refusal is not None:
        text = say_error(reply.refusal, lang)
    elif reply.told:
        text = say_all(reply.told, lang)
    return replace(reply, text=text, evidence=as_evidence(reply.answers, lang))


def check_session(path: Path, *, overwrite: bool = False, reads: Reads = nothing) -> None:
    """Refuse a file that is no session, before any work is done; with `overwrite` it is emptied.

    Raises:
        InputError: it is no session, or part of the input.
    """

    def is_ours(path: Path) -> bool:
        return has_lines(path, lambda line: line.isspace() or Exchange.model_validate_json(line), '{"at":', most=1)

    if check_ours(path, is_ours, f"session {path}", overwrite=overwrite, reads=reads):
        write_whole(path, "", f"session {path}")


def _mend(path: Path, exchanges: list[Exchange]) -> None:
    """Take off a half line that a kill left, or the next would be written behind it."""
    if path.read_bytes()[-1:] in (b"", b"\n"):
        return
    write_whole(path, "".join(f"{one.model_dump_json()}\n" for one in exchanges), f"session {path}")


def load_session(path: Path) -> list[Exchange]:
    """The exchanges of a session, oldest first; a half line at the end, left by a kill, is not read.

    Raises:
        InputError: the file cannot be read, or is no session.
    """
    lines = read_text(path, f"session {brief(path)}", most=SESSION).split("\n")
    exchanges = []
    for number, line in enumerate(lines, 1):
        try:
            if line.strip():
                exchanges.append(Exchange.model_validate_json(line))
        except ValidationError:
            if number < len(lines):
                raise InputError(f"session {path}, line {number}: not of a session") from None
    return exchanges


def trace_table(steps: list[TraceStep]) -> RenderableType:
    """The steps of one reply: what was called with what, what came back, how long it took."""
    table = Table(box=None, padding=(0, 1))
    for name in ("step", "tool", "arguments", "what", "seconds", "tokens"):
        table.add_column(name, justify="right" if name in ("seconds", "tokens") else "left")
    for step in steps:
        arguments = json.dumps(step.arguments, ensure_ascii=False) if step.arguments else ""
        what = step.text if len(step.text) < 160 else step.text[:159] + "…"
        cells = (step.kind, step.tool, arguments, what, f"{step.seconds:.2f}", str(step.tokens or ""))
        table.add_row(*[Text(cell) for cell in cells])
    return table
