"""A LoRA adapter is added to a server that runs: asked for once, refused in one line."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import openai
import pytest
from skucast.agent.engines import EngineError
from skucast.agent.engines.served import GIVEN_UP, HANGS, RETRIES, answered, load_adapter

from ..loopback import Quiet, address, serving


class Server(ThreadingHTTPServer):
    """A server of the model `llm` that takes adapters where it is `hot`."""

    hot = True
    models: list[str]
    asked: list[dict]


class Handler(Quiet, BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        data = [{"id": name, "object": "model", "created": 0, "owned_by": "x"} for name in self.server.models]
        self.reply(200, json.dumps({"object": "list", "data": data}))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.server.hot or self.path != "/v1/load_lora_adapter":
            self.reply(404, json.dumps({"detail": "Not Found"}))
        elif not Path(body["lora_path"]).exists():
            self.reply(404, json.dumps({"error": {"message": f"no adapter at {body['lora_path']}", "type": "x"}}))
        else:
            self.server.asked.append(body)
            self.server.models.append(body["lora_name"])
            self.reply(200, f"Success: LoRA adapter '{body['lora_name']}' added successfully.", "text/plain")

    def reply(self, status: int, text: str, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Handler)
    server.models, server.asked = ["llm"], []
    with serving(server):
        yield server


def at_v1(server: Server) -> str:
    return address(server, "/v1")


@pytest.mark.slow
def test_an_adapter_is_added_once_by_name_and_place(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        load_adapter(at_v1(server), "mine", Path("mine"))
    assert server.asked == [{"lora_name": "mine", "lora_path": str(tmp_path.resolve() / "mine")}]
    assert server.models == ["llm", "mine"]


@pytest.mark.slow
def test_a_server_that_takes_none_is_told_from_a_place_it_cannot_see(server: Server, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"HTTP 404: .*no adapter at \S+gone$"):
        load_adapter(at_v1(server), "gone", tmp_path / "gone")
    server.hot = False
    with pytest.raises(EngineError, match=r"was it started with --hot\?$"):
        load_adapter(at_v1(server), "mine", tmp_path)


@pytest.mark.slow
def test_no_server_is_one_line(server: Server, tmp_path: Path) -> None:
    url = address(server)
    server.shutdown()
    server.server_close()
    with pytest.raises(EngineError, match="no connection"):
        load_adapter(url, "mine", tmp_path)


def gone() -> str:
    raise openai.APIConnectionError(request=httpx.Request("GET", "http://x"))


def test_a_server_given_up_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked to the end once, then but once each time, until it answers or its time is over."""
    now, waits = [1000.0], []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    monkeypatch.setattr("skucast.agent.engines.served.time.sleep", sleep)
    monkeypatch.setattr("skucast.agent.engines.served.time.monotonic", lambda: now[0])

    def waited(url: str) -> int:
        waits.clear()
        with pytest.raises(EngineError, match="no connection"):
            answered(url, gone)
        return len(waits)

    assert waited("http://a") == RETRIES and 36 < sum(waits) < 64
    assert len(set(waits[-3:])) == 3  # no two of them after the same time
    assert waited("http://a") == 0 == waited("http://a")
    assert waited("http://b") == RETRIES
    assert answered("http://a", lambda: "there") == "there"
    assert waited("http://a") == RETRIES
    now[0] += GIVEN_UP + 1
    assert waited("http://a") == RETRIES


def test_a_server_that_hangs_is_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three requests in a row without an answer in time, and the next costs none; one answer between them does."""
    now, asked = [1000.0], []
    monkeypatch.setattr("skucast.agent.engines.served.time.monotonic", lambda: now[0])

    def hangs() -> None:
        asked.append(1)
        raise openai.APITimeoutError(request=httpx.Request("GET", "http://h"))

    def ask(times: int, says: str) -> None:
        for _ in range(times):
            with pytest.raises(EngineError, match=says):
                answered("http://h", hangs)

    ask(HANGS - 1, "no answer within 120 s$")
    assert answered("http://h", lambda: "there") == "there"
    ask(HANGS - 1, "no answer within 120 s$")
    with pytest.raises(EngineError, match="no connection"):
        answered("http://h", gone, retries=0)
    ask(HANGS, "no answer within 120 s$")
    ask(5, "no answer within 120 s, 3 times; not asked again for 5 minutes")
    assert len(asked) == 3 * HANGS - 2
    now[0] += GIVEN_UP + 1
    ask(1, "no answer within 120 s$")
    ask(1, "not asked again")
    assert len(asked) == 3 * HANGS - 1


def test_a_look_whether_a_server_is_there_gives_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("skucast.agent.engines.served.time.sleep", waits.append)
    with pytest.raises(EngineError, match="no connection"):
        answered("http://c", gone, retries=0)
    assert waits == []
    with pytest.raises(EngineError, match="no connection"):
        answered("http://c", gone)
    assert len(waits) == RETRIES
