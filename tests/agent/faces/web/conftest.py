"""A small shop with a stock file, notes and nasty words in all that it names, and its pages."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fastapi.testclient import TestClient
from skucast.agent.faces.service import Service
from skucast.agent.faces.web import web
from skucast.agent.workbench import Workbench

NASTY = "<script>alert(1)</script>"
QUOTES = "it's \"quoted\" & 'odd'"
LINK = "javascript:alert(1)"
SKUS = ("A", "B", NASTY, QUOTES, LINK)
HOST = "http://127.0.0.1"


def shop(folder: Path, weeks: int = 60) -> Workbench:
    """Five products by week, prices that move, stock of all but the last, two notes; quick statistics."""
    rng = np.random.default_rng(5)
    ds = pd.date_range("2024-01-07", periods=weeks, freq="W-SUN")
    frames, stock = [], []
    for at, uid in enumerate(SKUS):
        price = np.where(np.arange(weeks) % 7 == at, 1.6, 2.0)
        y = rng.poisson(20 * (price / 2) ** -2).astype(float)
        if uid == "B":
            y[-8:] *= 3
        frame = pd.DataFrame({"unique_id": uid, "ds": ds, "y": y, "price": price})
        frames.append(frame.assign(description=f"thing {at} {NASTY}", category=QUOTES if at % 2 else "plain"))
        stock.append(
            {"unique_id": uid, "on_hand": (5, 4000, 40, 0, 0)[at], "unit_cost": 1.2, "price": 2.0, "case_pack": 6}
        )
    pd.concat(frames).to_csv(folder / "sales.csv", index=False)
    (folder / "sales.toml").write_text('known_future = ["price"]\nstatic = ["description", "category"]\n')
    pd.DataFrame(stock[:-1]).assign(lead_time=2, supplier=LINK).to_csv(folder / "stock.csv", index=False)
    (folder / "notes.jsonl").write_text(
        '{"ds": "2025-02-16", "title": "<script>note</script>", "text": "Storm delays <b>A</b> for two weeks."}\n'
    )
    return Workbench(
        str(folder / "sales.csv"),
        quick=True,
        engine="none",
        model="none",
        router="rules",
        notes=folder / "notes.jsonl",
        stock=str(folder / "stock.csv"),
    )


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    bench = shop(tmp_path_factory.mktemp("shop"))
    desk = bench.desk()
    yield Service(desk, bench.caller(desk))


@pytest.fixture(scope="session")
def served(service: Service) -> Iterator[TestClient]:
    with TestClient(web(service, hosts=("127.0.0.1",)), base_url=HOST) as client:
        yield client


@pytest.fixture
def client(served: TestClient) -> TestClient:
    """A new browser at the same server."""
    served.cookies.clear()
    return served


def whole(client: TestClient, address: str) -> str:
    """A page once all its parts are ready."""
    for _ in range(200):
        found = client.get(address)
        if "data-waiting" not in found.text:
            return found.text
    raise AssertionError(f"{address} was never ready")
