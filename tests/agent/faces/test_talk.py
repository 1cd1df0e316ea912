"""The chat as a person drives it: typed into a terminal and read from its screen; and piped, as JSON."""

import io
import json
import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from skucast.agent.chat.desk import Desk
from skucast.agent.chat.loop import Reply
from skucast.agent.chat.rules import RulesModel
from skucast.agent.faces.session import Exchange, Session, load_session
from skucast.agent.faces.talk import talk
from skucast.agent.forecast.forecaster import Forecaster
from skucast.tools.console import SafeConsole
from skucast.tools.data.panel import Panel

TMUX = shutil.which("tmux")


class Terminal:
    """A tmux session of its own."""

    def __init__(self, folder: Path) -> None:
        self.name, self.folder = f"skucast-{uuid.uuid4().hex[:8]}", folder
        self._tmux("new-session", "-d", "-s", self.name, "-x", "120", "-y", "60", "bash --norc")

    def _tmux(self, *words: str) -> str:
        return subprocess.run([str(TMUX), "-L", self.name, *words], capture_output=True, text=True, check=True).stdout

    def type(self, text: str) -> None:
        self._tmux("send-keys", "-t", self.name, text, "Enter")

    def press(self, key: str) -> None:
        self._tmux("send-keys", "-t", self.name, key)

    @property
    def screen(self) -> str:
        return self._tmux("capture-pane", "-p", "-t", self.name)

    def wait(self, text: str, seconds: float = 90) -> str:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if text in self.screen:
                return self.screen
            time.sleep(0.2)
        raise AssertionError(f"{text!r} never came:\n{self.screen}")

    def wait_back(self, seconds: float = 90) -> None:
        """Wait for the shell's own prompt on the last line."""
        end = time.monotonic() + seconds
        while not self.screen.rstrip().rpartition("\n")[2].startswith("bash"):
            if time.monotonic() > end:
                raise AssertionError(f"the shell never came back:\n{self.screen}")
            time.sleep(0.2)

    def close(self) -> None:
        subprocess.run([str(TMUX), "-L", self.name, "kill-server"], capture_output=True, check=False)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    made = Terminal(tmp_path)
    yield made
    made.close()


@pytest.mark.slow
@pytest.mark.skipif(TMUX is None, reason="no tmux here")
def test_typed_into_a_terminal(terminal: Terminal, sales_csv: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    terminal.type(
        f"cd {tmp_path} && XDG_STATE_HOME={tmp_path} {sys.executable} -m skucast chat {sales_csv} "
        f"--engine none --quick --session {kept}"
    )
    terminal.wait("skucast>")
    terminal.type("forecast next 2 weeks for SKU B")
    screen = terminal.wait("2 weeks after 2024-10-06")
    assert "forecast(product=B, horizon=2w)" in screen
    terminal.type("why?")
    terminal.wait("→ explain(product=B)")
    terminal.type("forecast ZZZ")
    terminal.wait("no product is called")
    terminal.press("half a line")
    terminal.press("C-c")  # clears the line, does not leave
    terminal.press("Up")
    terminal.wait("skucast> forecast ZZZ")
    terminal.press("C-c")
    terminal.type("/quit")
    terminal.wait_back()  # what is typed while it still leaves is lost
    terminal.type("echo gone-$?")
    terminal.wait("gone-0")
    assert [json.loads(line)["failed"] for line in kept.read_text().splitlines()] == [False, False, True]


@pytest.mark.slow
def test_piped_as_json(sales_csv: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "skucast", "chat", str(sales_csv), "--engine", "none", "--quick", "--json"]
    said = "top sellers\nforecast 2 weeks for SKU NOPE\nquit\n"
    made = subprocess.run(command, input=said, capture_output=True, text=True, cwd=tmp_path, check=True)
    first, second = [json.loads(line) for line in made.stdout.splitlines()]
    assert first["steps"][0]["tool"] == "top_sellers" and not first["failed"]
    assert first["claims"] and first["evidence"][0]["text"] in first["reply"]
    assert second["failed"] and "no product is called 'NOPE'" in second["reply"]


def talked(panel: Panel, lines: str, path: Path | None = None, *, json: bool = False) -> tuple[str, Session]:
    """What the chat prints for piped lines; `sink` in a line is a fault of ours."""
    session = Session(Desk(panel, Forecaster(None)), RulesModel(known=frozenset(panel.unique_ids)), path)
    ask = session.agent.ask

    def faulty(request: str, *given: Any) -> Reply:
        if "sink" in request:
            raise TypeError("a fault\nof ours")
        return ask(request, *given)

    page = io.StringIO()
    with (
        mock.patch.object(session.agent, "ask", faulty),
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(os.fsencode(lines)), errors="surrogateescape")),
        redirect_stdout(page),
    ):
        talk(session, SafeConsole(file=page, width=100), SafeConsole(file=io.StringIO()), json=json)
    return page.getvalue(), session


def test_broken_bytes_are_read_and_the_session_goes_on(panel: Panel, tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    shown, _ = talked(panel, "forecast \udcff\x1b[31m\ntop sellers\n", kept)
    assert "could not answer" not in shown and "\x1b" not in shown
    assert [one.request for one in load_session(kept)] == ["forecast \ufffd[31m", "top sellers"]


@pytest.mark.parametrize("json", [False, True])
def test_a_fault_of_ours_ends_one_answer_and_is_in_the_trace(panel: Panel, tmp_path: Path, json: bool) -> None:
    kept = tmp_path / "kept.jsonl"
    shown, session = talked(panel, "sink\n/trace\ntop sellers\n", kept, json=json)
    assert "I could not answer that: TypeError: a fault of ours" in shown and "Traceback" in shown
    fault, after = load_session(kept)
    assert fault.failed and fault.steps[0].kind == "fault" and "in faulty" in fault.steps[0].text
    assert not after.failed and session.exchanges == [fault, after]


def test_commands_in_json_have_the_shape_of_replies(panel: Panel) -> None:
    lines = "/help\n/sku B\n/horizon 3w\n/engine\n/trace\n/foo\nforecast\n/trace\n/quit\ntop sellers\n"
    shown, session = talked(panel, lines, json=True)
    replies = [Exchange.model_validate_json(line) for line in shown.splitlines()]
    assert [one.request for one in replies] == lines.split("\n")[:8]
    assert [one.failed for one in replies] == [False, False, False, False, True, True, False, False]
    assert "forecast next month" in replies[0].reply and replies[1].reply == "it is SKU B"
    assert "3 weeks" in replies[6].reply and replies[6].steps and session.desk.reports[0].unique_id == "B"
    assert "arguments" in replies[7].reply and session.exchanges == [replies[6]]


@pytest.mark.slow
def test_a_trace_of_a_kept_session(sales_csv: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    skucast = [sys.executable, "-m", "skucast"]
    chat = [*skucast, "chat", str(sales_csv), "--engine", "none", "--quick", "--session", str(kept)]
    subprocess.run(chat, input="top sellers\n", capture_output=True, text=True, check=True)
    shown = subprocess.run([*skucast, "trace", str(kept)], capture_output=True, text=True, check=True).stdout
    assert "> top sellers" in shown and "top_sellers" in shown
    bad = subprocess.run([*skucast, "trace", str(kept), "7"], capture_output=True, text=True, check=False)
    assert bad.returncode == 2 and "holds 1 requests" in bad.stderr
