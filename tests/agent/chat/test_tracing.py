"""Spans of a reply: sent over HTTP to a collector where one is set, without what was said unless asked for."""

import gzip
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from skucast.agent.chat.trace import TraceStep
from skucast.agent.chat.tracing import _tracer, check, emit
from skucast.tools.errors import InputError


class Collector(ThreadingHTTPServer):
    """Keeps what is sent to it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.got: list[ExportTraceServiceRequest] = []

    @property
    def spans(self) -> list:
        return [s for one in self.got for r in one.resource_spans for scope in r.scope_spans for s in scope.spans]


class Handler(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.server.got.append(ExportTraceServiceRequest.FromString(body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.slow
@pytest.mark.parametrize("content", [False, True])
def test_a_reply_becomes_a_span_with_a_child_a_step(sales_csv: Path, tmp_path: Path, content: bool) -> None:
    collector = Collector()
    threading.Thread(target=collector.serve_forever, daemon=True).start()
    env = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.server_port}",
        "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": str(content).lower(),
        "XDG_STATE_HOME": str(tmp_path),
    }

    chat = [sys.executable, "-m", "skucast", "chat", str(sales_csv), "--engine", "none", "--quick"]
    said = "forecast 2 weeks for SKU B\nforecast 2 weeks for SKU NOPE\n"
    subprocess.run(chat, input=said, capture_output=True, text=True, check=True, env=os.environ | env)
    collector.shutdown()
    names = [span.name for span in collector.spans]
    assert names.count("invoke_agent skucast") == 2 and names.count("execute_tool forecast") == 2
    whole = [span for span in collector.spans if span.name == "invoke_agent skucast"]
    parents = {span.parent_span_id for span in collector.spans if span.name.startswith("execute_tool")}
    assert parents == {span.span_id for span in whole}
    assert all(span.end_time_unix_nano >= span.start_time_unix_nano for span in collector.spans)
    errors = [a.value.string_value for span in collector.spans for a in span.attributes if a.key == "error.type"]
    assert errors == ["InputError"]
    assert ("SKU NOPE" in str(collector.got)) is content


def test_an_endpoint_without_the_packages_is_refused_before_any_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    _tracer.cache_clear()
    with pytest.raises(InputError, match=r"pip install 'skucast\[otel\]'"):
        check()


def test_without_an_endpoint_nothing_is_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    monkeypatch.setattr("skucast.agent.chat.tracing._tracer", lambda: pytest.fail("set up"))
    emit("hello", [TraceStep(kind="call", tool="forecast", seconds=0.1)])
