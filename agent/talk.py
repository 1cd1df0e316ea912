"""Talking: the loop of the terminal around a session: lines in, replies out, Ctrl-C stops the answer only."""

import json as json_format
import sys
from collections.abc import Callable, Iterator

from rich.console import Console

from ..prompts.language import translate
from ..tools.errors import InputError
from .chat import COMMANDS, Quit, Session
from .engines.base import EngineError
from .loop import TraceStep
from .progress import stage_bars

PROMPT = "skucast> "


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
        known = f"{len(desk.panel.unique_ids):,} products, sales to {desk.panel.cutoff:%Y-%m-%d}."
        out.print(translate(f"{known} Say help for what I can do.", session.lang))
        if session.said:
            out.print(translate(f"taken up after {len(session.said)} requests", session.lang), style="dim")
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
                    print(json_format.dumps(_as_json(session, request.strip()), ensure_ascii=False), flush=True)
                    continue
                reply = session.answer(request)
            out.print(reply)
        except Quit:
            return
        except (InputError, EngineError) as error:
            out.print(translate(str(error), session.lang), style="yellow", markup=False)
        except KeyboardInterrupt:
            out.print(translate("stopped", session.lang), style="yellow")


def _tell(step: TraceStep, err: Console) -> None:
    """The call that was chosen, at once: so that a person sees that they were understood."""
    if step.kind == "call":
        told = ", ".join(f"{name}={value}" for name, value in step.arguments.items())
        err.print(f"→ {step.tool}({told})", style="dim", markup=False, highlight=False)


def _as_json(session: Session, request: str) -> dict[str, object]:
    if request.lower() in ("quit", "exit", "/quit"):
        raise Quit
    try:
        session.ask(request)
    except (EngineError, InputError) as error:
        return {"request": request, "reply": translate(str(error), session.lang), "failed": True}
    return session.said[-1].model_dump()


def _lines() -> Iterator[str]:
    """What is typed or piped in; Ctrl-C at the prompt clears the line."""
    if not sys.stdin.isatty():
        yield from sys.stdin
        return
    ask = _prompt()
    while True:
        try:
            yield ask()
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
