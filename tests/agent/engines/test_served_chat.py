"""The chat of a served model: words as they come, and a server's errors in one line, against a server on loopback."""

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from skucast.agent.chat.desk import Desk
from skucast.agent.engines import EngineError
from skucast.agent.engines.served_chat import served_chat
from skucast.agent.faces.session import Session
from skucast.agent.forecast.forecaster import Forecaster
from skucast.tools.data.panel import Panel

from ..loopback import Quiet, address, serving

CALL = {"index": 0, "id": "c1", "type": "function", "function": {"name": "top_sellers", "arguments": '{"limit": 2}'}}


class Server(ThreadingHTTPServer):
    """Streams a tool call, then words piece by piece; or answers with `status`; or with `page`."""

    status = 200
    page: bytes | None = None
    wait = 0.0
    words = ("The best ", "seller is SKU B. Sti", "ll it is.")
    seen: list[dict[str, Any]]


class Handler(Quiet, BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append(body)
        time.sleep(self.server.wait)
        found = body["messages"][-1]["role"] == "tool"
        deltas = [{"content": piece} for piece in self.server.words] if found else [{"tool_calls": [CALL]}]
        shared = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": body["model"]}
        chunks = [shared | {"choices": [{"index": 0, "delta": delta}]} for delta in deltas]
        chunks.append(shared | {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        usage = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}
        chunks.append(shared | {"choices": [], "usage": usage})
        payload = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks).encode() + b"data: [DONE]\n\n"
        if self.server.status != 200:
            payload = json.dumps({"error": {"message": "no such thing", "type": "x"}}).encode()
        payload = self.server.page or payload
        self.send_response(self.server.status)
        self.send_header("Content-Type", "text/html" if payload.startswith(b"<") else "text/event-stream")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr("skucast.agent.engines.served.RETRIES", 0)
    server = Server(("127.0.0.1", 0), Handler)
    server.seen = []
    with serving(server):
        yield server


@pytest.mark.slow
def test_words_come_as_they_are_written(server: Server, panel: Panel) -> None:
    session = Session(Desk(panel, Forecaster(None)), served_chat("m", address(server, "/v1")))
    told: list[str] = []
    session.on_words = told.append
    reply = session.ask("what sells best?")
    assert told == ["The best seller is SKU B.", "Still it is."]
    assert reply.author == "llm" and reply.text == reply.shown
    assert [step.kind for step in reply.steps] == ["call", "tool", "answer"] and reply.steps[-1].tokens == 12
    assert server.seen[0]["stream"] is True and {tool["function"]["name"] for tool in server.seen[0]["tools"]} >= {
        "forecast",
        "top_sellers",
    }


@pytest.mark.slow
def test_a_server_that_refuses_is_one_line(server: Server, panel: Panel) -> None:
    session = Session(Desk(panel, Forecaster(None)), served_chat("m", address(server, "/v1")))
    server.status = 401
    with pytest.raises(EngineError, match=r"/v1: HTTP 401: .*no such thing"):
        session.ask("what sells best?")
    server.status, server.page = 200, b"<html>hello</html>"
    for on_words in (None, print):
        session.on_words = on_words
        with pytest.raises(EngineError, match=r"/v1: not a chat API's answer"):
            session.ask("what sells best?")
    assert not session.exchanges


@pytest.mark.slow
def test_a_server_that_hangs_is_asked_once(server: Server, panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skucast.agent.engines.served_chat.TIMEOUT", 0.3)
    monkeypatch.setattr("skucast.agent.engines.served.RETRIES", 5)
    server.wait = 1.0
    session = Session(Desk(panel, Forecaster(None)), served_chat("m", address(server, "/v1")))
    for on_words in (None, print):
        session.on_words = on_words
        server.seen.clear()
        with pytest.raises(EngineError, match="no answer within"):
            session.ask("what sells best?")
        assert len(server.seen) == 1


def test_a_server_that_is_gone_is_one_line(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skucast.agent.engines.served.RETRIES", 0)
    session = Session(Desk(panel, Forecaster(None)), served_chat("m", "http://127.0.0.1:9/v1"))
    with pytest.raises(EngineError, match=r"^http://127\.0\.0\.1:9/v1: no connection"):
        session.ask("what sells best?")
    session.on_words = print
    with pytest.raises(EngineError, match="no connection"):
        session.ask("what sells best?")
