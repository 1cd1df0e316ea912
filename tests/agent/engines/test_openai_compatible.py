"""The served engine against a small server of our own on loopback."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from skucast.agent.engines import Constraint, EngineError, Message, integers, open_engine

from ..loopback import Quiet, address, serving

ASK = (Message("user", "hello"),)


class Server(ThreadingHTTPServer):
    """Answers every chat with `n` copies of "7 8", or with `status`, or with `page`."""

    status = 200
    page: bytes | None = None
    seen: list[dict]


class Handler(Quiet, BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append(body)
        choices = [
            {"index": i, "message": {"role": "assistant", "content": "7 8"}, "finish_reason": "stop"}
            for i in range(body.get("n", 1))
        ]
        if body.get("logprobs"):
            told = [
                {"token": t, "logprob": p, "top_logprobs": []} for t, p in (("7", -0.5), (" 8", -0.25), ("<|e|>", -4))
            ]
            choices = [one | {"logprobs": {"content": told}} for one in choices]
        reply = {"id": "1", "object": "chat.completion", "created": 0, "model": body["model"], "choices": choices}
        reply["usage"] = {"prompt_tokens": 5, "completion_tokens": 3 * len(choices), "total_tokens": 8}
        if self.server.status != 200:
            reply = {"error": {"message": "no such thing", "type": "x"}}
        payload = self.server.page or json.dumps(reply).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "text/html" if payload.startswith(b"<") else "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Handler)
    server.seen = []
    with serving(server):
        yield server


def engine_at(server: Server, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("skucast.agent.engines.served.RETRIES", 0)
    return open_engine(f"openai:m@{address(server, '/v1')}")


@pytest.mark.slow
def test_answers_in_order_with_tokens(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = engine_at(server, monkeypatch).generate([ASK] * 3, max_tokens=9, n=2, temperature=0.5, seed=4)
    assert [a.texts for a in answers] == [("7 8", "7 8")] * 3
    assert (answers[0].prompt_tokens, answers[0].completion_tokens) == (5, 6)
    sent = server.seen[0]
    assert (sent["max_tokens"], sent["n"], sent["temperature"], sent["seed"]) == (9, 2, 0.5, 4)


@pytest.mark.slow
def test_how_likely_a_text_was_counts_no_token_that_ends_it(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = engine_at(server, monkeypatch)
    assert engine.generate([ASK], max_tokens=9, n=2, logprobs=True)[0].logprobs == (-0.75, -0.75)
    assert engine.generate([ASK], max_tokens=9)[0].logprobs is None and "logprobs" not in server.seen[-1]


@pytest.mark.slow
def test_constraints_speak_vllm(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = engine_at(server, monkeypatch)
    engine.generate([ASK], max_tokens=9, constraint=integers(2))
    engine.generate([ASK], max_tokens=9, constraint=Constraint("ebnf", 'root ::= "a"'))
    engine.generate([ASK], max_tokens=9, constraint=Constraint("json_schema", '{"type": "object"}'))
    regex, grammar, schema = server.seen
    assert regex["structured_outputs"] == {"regex": integers(2).value}
    assert grammar["structured_outputs"] == {"grammar": 'root ::= "a"'}
    assert schema["response_format"]["json_schema"]["schema"] == {"type": "object"}


@pytest.mark.slow
def test_a_prefill_is_continued(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    engine_at(server, monkeypatch).generate([(*ASK, Message("assistant", "7"))], max_tokens=9)
    assert server.seen[0]["continue_final_message"] is True
    assert server.seen[0]["add_generation_prompt"] is False


@pytest.mark.slow
@pytest.mark.parametrize("status", [400, 404, 500])
def test_a_refusal_is_one_line_with_the_status(server: Server, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    server.status = status
    with pytest.raises(EngineError, match=f"HTTP {status}: .*no such thing"):
        engine_at(server, monkeypatch).generate([ASK], max_tokens=9)


@pytest.mark.slow
@pytest.mark.parametrize("page", [b"<html>welcome</html>", b"not JSON", b'{"error": "no"}'])
def test_something_else_at_the_address_is_one_line(
    server: Server, monkeypatch: pytest.MonkeyPatch, page: bytes
) -> None:
    server.page = page
    with pytest.raises(EngineError, match="not a chat API's answer"):
        engine_at(server, monkeypatch).generate([ASK], max_tokens=9)


@pytest.mark.slow
def test_no_key_is_needed(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "")
    assert engine_at(server, monkeypatch).generate([ASK], max_tokens=9)[0].texts == ("7 8",)


@pytest.mark.slow
def test_a_dead_server_is_one_line(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = engine_at(server, monkeypatch)
    server.shutdown()
    server.server_close()
    with pytest.raises(EngineError, match="no connection"):
        engine.generate([ASK], max_tokens=9)
