"""The HTTP API: what it answers, what it refuses, and that nothing sent to it breaks it."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from skucast.agent.faces.http import BODY, api, check_exposed
from skucast.tools.data.panel import Panel
from skucast.tools.errors import InputError
from starlette.testclient import TestClient

from .serving import service_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
PATHS = (
    "/v1/forecast",
    "/v1/ask",
    "/v1/orders",
    "/v1/tools",
    "/v1/tools/compare",
    "/v1/tools/%00",
    "/v1/jobs",
    "/none",
)


@pytest.fixture(scope="module")
def client(panel: Panel) -> TestClient:
    return TestClient(api(service_of(panel)), raise_server_exceptions=False)


def test_forecasts(client: TestClient) -> None:
    made = client.post("/v1/forecast", json={"unique_ids": ["A", "B"], "horizon": "2w"})
    assert made.status_code == 200
    assert [(one["unique_id"], len(one["steps"])) for one in made.json()["forecasts"]] == [("A", 2), ("B", 2)]


def test_a_conversation(client: TestClient) -> None:
    first = client.post("/v1/ask", json={"request": "forecast A for 2 weeks"}).json()
    then = client.post("/v1/ask", json={"request": "and B?", "conversation": first["conversation"]}).json()
    call = [step for step in then["exchange"]["steps"] if step["kind"] == "tool"][-1]
    assert (call["tool"], call["arguments"]["product"], call["arguments"]["horizon"]) == ("forecast", "B", "2w")


def test_half_a_character_is_no_fault(client: TestClient) -> None:
    sent = {"content": rb'{"request": "forecast A \ud800"}', "headers": {"content-type": "application/json"}}
    made = client.post("/v1/ask", **sent)
    assert made.status_code == 200 and "\ud800" not in made.json()["exchange"]["request"]


def test_every_tool_that_is_listed_has_a_schema_and_answers_or_says_why(client: TestClient) -> None:
    listed = client.get("/v1/tools").json()
    assert {"forecast", "orders"} <= {one["name"] for one in listed}
    for one in listed:
        assert one["inputSchema"]["type"] == "object"
        assert client.post(f"/v1/tools/{one['name']}", json={}).status_code in (200, 422)


def test_errors_are_problems_with_the_choices(client: TestClient) -> None:
    made = client.post("/v1/tools/forecast", json={"arguments": {"product": "pear"}})
    assert (made.status_code, made.headers["content-type"]) == (422, "application/problem+json")
    assert made.json()["status"] == 422
    assert client.post("/v1/tools/nope", json={}).status_code == 404
    assert (
        client.post("/v1/forecast", json={"unique_ids": ["A"], "horizen": 3})
        .json()["detail"]
        .startswith("body.horizen")
    )
    assert client.get("/v1/forecast").status_code == 405
    assert client.get("/v1/orders").json()["kind"] == "orders-no-stock-file"


def test_a_key_is_asked_for_and_not_told(panel: Panel) -> None:
    client = TestClient(api(service_of(panel), "s3cret"))
    for sent in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "s3cre"}):
        made = client.get("/v1/tools", headers=sent)
        assert made.status_code == 401
        assert "s3cret" not in made.text
    assert client.get("/v1/tools", headers={"Authorization": "Bearer s3cret"}).status_code == 200
    assert client.get("/healthz").status_code == 200
    assert client.get("/metrics").status_code == 401


def test_other_machines_need_a_key() -> None:
    check_exposed("127.0.0.1", None)
    check_exposed("0.0.0.0", "key")
    with pytest.raises(InputError, match="SKUCAST_API_KEY"):
        check_exposed("0.0.0.0", None)


def test_a_page_elsewhere_cannot_call_it_by_its_own_name(panel: Panel) -> None:
    client = TestClient(api(service_of(panel), hosts=("localhost",)), base_url="http://localhost:8180")
    assert client.get("/v1/tools").status_code == 200
    assert client.get("/v1/tools", headers={"Host": "evil.example:8180"}).status_code == 421


def test_large_bodies_are_refused(client: TestClient) -> None:
    assert client.post("/v1/ask", content=b"x" * (BODY + 1)).status_code == 413


def test_the_description_for_people(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "POST /v1/forecast" in page
    assert "unique_ids" in page
    assert "http" not in page.split("<style>")[0]  # nothing is fetched from elsewhere


def test_requests_are_counted_by_route(client: TestClient) -> None:
    client.get("/healthz")
    client.get("/of-nobody/1")
    text = client.get("/metrics").text
    assert 'skucast_requests_total{path="/healthz",status="200"}' in text
    assert "of-nobody" not in text


@given(path=st.sampled_from(PATHS), way=st.sampled_from(["GET", "POST", "PUT"]), body=JSON | st.binary(max_size=50))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_is_answered_and_never_a_fault(client: TestClient, path: str, way: str, body: object) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    made = client.request(way, path, content=content, headers={"content-type": "application/json"})
    assert made.status_code < 500, made.text


FIELDS = st.sampled_from(["unique_ids", "horizon", "request", "conversation", "lang", "arguments", "product", "x"])


@given(path=st.sampled_from(PATHS), body=st.dictionaries(FIELDS, JSON, max_size=4))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nor_is_what_looks_like_a_request(client: TestClient, path: str, body: dict[str, object]) -> None:
    sent = {"content": json.dumps(body), "headers": {"content-type": "application/json"}}  # NaN and infinities, too
    assert client.post(path, **sent).status_code < 500
