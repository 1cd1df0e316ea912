"""Talking: the loop of the terminal around a session: lines in, replies out, Ctrl-C stops the answer only."""

import io
import json as json_format
import sys
from collections.abc import Callable, Iterator

from rich.console import Console

from ...prompts.messages.say import say, say_error
from ...tools.console import plain
from ...tools.errors import InputError
from ...tools.messages import Count, message
from ..chat.trace import TraceStep
from ..engines.base import EngineError
from .progress import stage_bars
from .session import COMMANDS, Exchange, Quit, Session

PROMPT = "skucast> "
WIDE = 120  # columns of a table in a JSON reply


def talk(session: Session, out: Console, err: Console, *, json: bool = False) -> None:
    """Answer lines until there are no more, or the person leaves.

    Args:
        session: who answers.
        out: where replies go.
        err: where progress and steps go.
        json: a reply a line as JSON, for scripts.
    """
    desk = session.desk
    if not json:
        welcome = message("chat-welcome", count=Count(len(desk.panel.unique_ids)), cutoff=desk.panel.cutoff)
        out.print(say(welcome, session.lang))
        if session.exchanges:
            out.print(say(message("chat-taken-up", count=len(session.exchanges)), session.lang), style="dim")
        session.on_step = lambda step: _tell(step, err)
        if err.is_terminal and out.is_terminal:
            session.on_words = lambda sentence: err.print(sentence, markup=False, highlight=False)
    for request in _lines():
        if not request.strip():
            continue
        if not json and not sys.stdin.isatty():
            out.print(f"{PROMPT}{request.strip()}", style="bold", markup=False, highlight=False)
        try:
            with stage_bars(err) as progress:
                desk.progress = progress
                if json:
                    exchange = _as_json(session, request.strip())
                    print(json_format.dumps(exchange.model_dump(), ensure_ascii=False), flush=True)
                    continue
                reply = session.answer(request)
            out.print(reply)
        except Quit:
            return
        except (InputError, EngineError) as error:
            out.print(say_error(error, session.lang), style="yellow", markup=False)
        except KeyboardInterrupt:
            out.print(say(message("chat-stopped"), session.lang), style="yellow")
        except Exception as error:  # a fault of ours ends one answer, and not the session
            out.print(session.give_up(request, error).reply, style="yellow", markup=False)


def _tell(step: TraceStep, err: Console) -> None:
    """The call that was chosen, at once: so that a person sees that they were understood."""
    if step.kind == "call":
        arguments = ", ".join(f"{name}={value}" for name, value in step.arguments.items())
        err.print(f"→ {step.tool}({arguments})", style="dim", markup=False, highlight=False)


def _as_json(session: Session, request: str) -> Exchange:
    try:
        shown = session.aside(request)
        if shown is not None:
            page = io.StringIO()
            Console(file=page, width=WIDE).print(shown)
            return Exchange(request=request, reply=page.getvalue().rstrip())
        session.ask(request)
    except (EngineError, InputError) as error:
        return Exchange(request=request, reply=say_error(error, session.lang), failed=True)
    except Quit:
        raise
    except Exception as error:
        return session.give_up(request, error)
    return session.exchanges[-1]


def _lines() -> Iterator[str]:
    """What is typed or piped in, broken bytes as U+FFFD; Ctrl-C at the prompt clears the line."""
    if not sys.stdin.isatty():
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(errors="replace")
        yield from map(plain, sys.stdin)
        return
    ask = _prompt()
    while True:
        try:
            yield plain(ask())
        except EOFError:
            return
        except KeyboardInterrupt:
            continue


def _prompt() -> Callable[[], str]:
    """A prompt with arrows, history that outlives the session, search in it (Ctrl-R), and the commands completed."""
    import platformdirs
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    folder = platformdirs.user_state_path("skucast")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        history: FileHistory | InMemoryHistory = FileHistory(str(folder / "chat_history"))
    except OSError:
        history = InMemoryHistory()
    completer = WordCompleter(list(COMMANDS), sentence=True)
    session: PromptSession[str] = PromptSession(history=history, completer=completer, enable_history_search=True)
    return lambda: session.prompt(PROMPT)
