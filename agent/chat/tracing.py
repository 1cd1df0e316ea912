"""OpenTelemetry: the steps of a reply as spans, where `OTEL_EXPORTER_OTLP_ENDPOINT` says where to send them.

Names are those of OpenTelemetry's semantic conventions for generative AI. The text of a chat is sent only with
`OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true`, as there.
"""

import json
import os
import time
from collections.abc import Sequence
from functools import cache
from typing import Any

from ...tools.errors import InputError
from .trace import TraceStep

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
CONTENT = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"


def check() -> None:
    """Refuse an endpoint that nothing can be sent to, before any work is done.

    Raises:
        InputError: an endpoint is set, but OpenTelemetry is not installed.
    """
    if os.environ.get(ENDPOINT):
        _tracer()


def emit(request: str, steps: Sequence[TraceStep]) -> None:
    """Send a reply's steps, just ended, as one span with a child each; does nothing where no endpoint is set."""
    if not os.environ.get(ENDPOINT):
        return
    tracer, inside = _tracer()
    with_content = os.environ.get(CONTENT, "").lower() == "true"
    end = time.time_ns()
    at = end - round(1e9 * sum(step.seconds for step in steps))
    about: dict[str, Any] = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "skucast"}
    whole = tracer.start_span(
        "invoke_agent skucast",
        start_time=at,
        attributes=about | ({"gen_ai.input.messages": request} if with_content else {}),
    )
    for step in steps:
        name, attributes = _attributes(step, with_content)
        span = tracer.start_span(name, context=inside(whole), start_time=at, attributes=attributes)
        at += round(1e9 * step.seconds)
        span.end(end_time=at)
    whole.end(end_time=end)


def _attributes(step: TraceStep, with_content: bool) -> tuple[str, dict[str, Any]]:
    if step.kind == "tool":
        attributes: dict[str, Any] = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": step.tool}
        if step.failed:
            attributes["error.type"] = "InputError"
        if with_content:
            attributes["gen_ai.tool.call.arguments"] = json.dumps(step.arguments, ensure_ascii=False)
            attributes["gen_ai.tool.call.result"] = step.text
        return f"execute_tool {step.tool}", attributes
    return "chat", {"gen_ai.operation.name": "chat", "skucast.tokens": step.tokens}


@cache
def _tracer() -> tuple[Any, Any]:
    """The tracer, and what puts a span into a context; sets the exporter up where nobody has."""
    try:
        from opentelemetry import trace
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise InputError(f"{ENDPOINT} is set: pip install 'skucast[otel]'") from None
    if not isinstance(trace.get_tracer_provider(), TracerProvider):
        provider = TracerProvider(resource=Resource.create({"service.name": "skucast"}))
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        trace.set_tracer_provider(provider)
    return trace.get_tracer("skucast"), trace.set_span_in_context
