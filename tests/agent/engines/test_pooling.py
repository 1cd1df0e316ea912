"""Slot logits from a server: in order, in parts, tried again, and refused in one line."""

import base64
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from skucast.agent.engines import EngineError
from skucast.agent.engines.pooling import PoolingReader
from skucast.agent.engines.slots import SlotEngine
from skucast.agent.models.slot_head import SlotConfig
from skucast.agent.models.store import base_digest
from skucast.tools.errors import InputError

from ..loopback import Quiet, address, serving


def logits(row: list[int]) -> np.ndarray:
    """What the server says of a prompt: its tokens, their places, and a third."""
    return np.array([[token, place, 0.5] for place, token in enumerate(row)], dtype=np.float32)


class Server(ThreadingHTTPServer):
    """A pooling server of one model; answers the first `ill` requests with `status`."""

    status, ill = 503, 0
    broken = False
    asked: list[list[list[int]]]


class Handler(Quiet, BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.reply(200, {"object": "list", "data": [{"id": "mine", "object": "model", "created": 0, "owned_by": "x"}]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.path == "/pooling" and body["task"] == "token_classify" and body["use_activation"] is False
        if self.server.ill:
            self.server.ill -= 1
            self.reply(self.server.status, {"error": {"message": "not now", "type": "x"}})
            return
        self.server.asked.append(body["input"])
        data = [
            {"index": i, "data": base64.b64encode(logits(row).tobytes()).decode()}
            for i, row in enumerate(body["input"])
        ]
        self.reply(200, {"data": "none" if self.server.broken else data[::-1]})

    def reply(self, status: int, body: dict) -> None:
        payload = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Handler)
    server.asked = []
    with serving(server):
        yield server


@pytest.mark.slow
def test_logits_of_the_wanted_tokens_in_order_over_several_requests(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("skucast.agent.engines.pooling.REQUEST_TOKENS", 5)
    rows = [[7, 8, 9], [5, 6], [4], [1, 2, 3, 11, 12, 13, 14]]
    places = [(3, 6), (0, 0), (0, 2), (2, 0)]
    read = PoolingReader("mine", address(server)).read(rows, places)
    assert read.tolist() == [[14, 6, 0.5], [7, 0, 0.5], [9, 2, 0.5], [4, 0, 0.5]]
    assert sorted(server.asked) == sorted([[[7, 8, 9], [5, 6]], [[4]], [[1, 2, 3, 11, 12, 13, 14]]])


@pytest.mark.slow
def test_a_server_that_is_ill_is_asked_again(server: Server) -> None:
    server.ill = 2
    assert PoolingReader("mine", address(server)).read([[3]], [(0, 0)]).tolist() == [[3, 0, 0.5]]


@pytest.mark.slow
def test_a_refusal_is_shown_at_once(server: Server) -> None:
    server.ill, server.status = 100, 404
    with pytest.raises(EngineError, match=r"HTTP 404: .*not now"):
        PoolingReader("mine", address(server)).read([[3]], [(0, 0)])
    assert server.ill == 99


@pytest.mark.slow
def test_an_answer_of_something_else_is_said(server: Server) -> None:
    server.broken = True
    with pytest.raises(EngineError, match="not the answer of a vLLM pooling server"):
        PoolingReader("mine", address(server)).read([[3]], [(0, 0)])


@pytest.mark.slow
def test_a_server_that_is_gone_is_said(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skucast.agent.engines.served.RETRIES", 0)
    url = address(server)
    server.shutdown()
    server.server_close()
    with pytest.raises(EngineError, match="no connection"):
        PoolingReader("mine", url).read([[3]], [(0, 0)])


@pytest.mark.slow
def test_a_served_slot_model_is_the_one_that_lies_here(server: Server, tmp_path: Path, tiny_llm: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    SlotConfig(layers=2, base=base_digest(tiny_llm)).save(folder)
    engine = SlotEngine.served(folder, f"{address(server)}/v1/", tiny_llm)
    assert engine.name == f"slots:mine@{address(server)}"
    other = folder.rename(tmp_path / "other")
    with pytest.raises(InputError, match="serves mine, not other; start it with: skucast serve other"):
        SlotEngine.served(other, address(server), tiny_llm)
