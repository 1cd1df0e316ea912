"""What is approved on the page stands in the ledger and the log, as the person who did it, or is not approved."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from skucast.agent.faces.records import Records, records
from skucast.agent.faces.service import Service
from skucast.agent.faces.web import pages

from .conftest import HOST, whole

KEY = "s3cret"
ROLES = """
[people]
ana = "planner"
eva = "buyer"
[roles.planner]
may = ["publish"]
[roles.buyer]
may = ["approve"]
up_to = 30
"""


@pytest.fixture
def keep(tmp_path: Path) -> Records:
    (tmp_path / "roles.toml").write_text(ROLES)
    return records(str(tmp_path / "shop.duckdb"), "", "ana", None)


@pytest.fixture
def client(service: Service, keep: Records) -> Iterator[TestClient]:
    app = FastAPI()
    app.include_router(pages(service, KEY, records=keep))
    with TestClient(app, base_url=HOST) as made:
        whole_page(made, "eva")
        yield made


def headers(name: str, key: str = KEY) -> dict[str, str]:
    return {"authorization": f"Basic {b64encode(f'{name}:{key}'.encode()).decode()}"}


def whole_page(client: TestClient, name: str) -> str:
    client.headers.update(headers(name))
    return whole(client, "/orders")


def approve(client: TestClient, units: dict[str, str], approved: list[str]) -> int:
    form = {"what": "", "sku": list(units), "units": list(units.values()), "approved": approved, "do": "save"}
    return int(client.post("/orders", data=form).status_code)


def acts(keep: Records) -> list[tuple[str, str, dict[str, object]]]:
    return [(line.who, line.act, {k: v for k, v in line.facts.items() if k != "entry"}) for line in keep.log.lines()]


def test_approved_changed_withdrawn_and_taken(client: TestClient, keep: Records) -> None:
    assert "as eva" in whole_page(client, "eva")
    assert approve(client, {"A": "18", "B": "5"}, ["A"]) == 200  # at 1.20 each
    assert approve(client, {"A": "18", "B": "5"}, ["A"]) == 200  # nothing new
    assert approve(client, {"A": "18", "B": "5"}, ["A", "B"]) == 200
    assert approve(client, {"A": "18", "B": "6"}, ["B"]) == 200
    assert client.get("/orders/approved.csv").status_code == 200
    first, second, third, taken = acts(keep)
    assert first == ("eva", "approve", {"kind": "order", "lines": 1, "amount": 21.6, "file": "web page"})
    assert second[2] | {"corrects": 0} == {
        "kind": "order",
        "lines": 2,
        "amount": 27.6,
        "file": "web page",
        "corrects": 0,
    }
    assert (third[2]["lines"], third[2]["withdrawn"], third[2]["amount"]) == (1, 1, pytest.approx(7.2))
    assert taken == ("eva", "export", {"kind": "order", "lines": 1, "file": "orders.csv"})
    rows = keep.ledger.read("select unique_id, decision, quantity from skucast_decisions order by all")
    assert rows.to_numpy().tolist() == [
        ["A", "approved", 18.0], ["A", "approved", 18.0], ["A", "withdrawn", 18.0],
        ["B", "approved", 5.0], ["B", "approved", 6.0],
    ]  # fmt: skip


def test_what_a_role_does_not_allow_is_not_approved(client: TestClient, keep: Records) -> None:
    assert approve(client, {"A": "18"}, ["A"]) == 200
    form = {"what": "", "sku": ["B"], "units": ["50"], "approved": ["B"], "do": "save"}
    found = client.post("/orders", data=form)  # 21.6 and 60 are over 30
    assert found.status_code == 400 and "may approve up to 30; this comes to 81.60" in found.text
    assert "Approved: 1 order" in whole_page(client, "eva")
    client.headers.update(headers("ana"))
    assert "may not approve; who may: eva" in client.post("/orders", data=form).text
    assert [who for who, *_ in acts(keep)] == ["eva"]


def test_a_name_without_the_key_is_nobody(client: TestClient) -> None:
    client.headers.update(headers("eva", "wrong"))
    assert client.get("/orders").status_code == 401
    client.headers["authorization"] = "Basic " + b64encode(b"\xff:s3cret").decode()
    assert client.get("/orders").status_code == 401
