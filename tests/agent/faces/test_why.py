"""What a client of a server is told of an error: what was wrong with which file, and not where that lies."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from skucast.agent.faces.http import _errors
from skucast.agent.faces.why import why
from skucast.tools.data.read import read_panel
from skucast.tools.errors import InputError
from skucast.tools.messages import Refusal


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("/srv/shop/s.csv: no such file; did you mean t.csv?", "s.csv: no such file; did you mean t.csv?"),
        ("the model in '/root/.cache/skucast/models/x' is gone", "the model in 'x' is gone"),
        ("~/data/a.csv and /b/c/d.csv, (/e/f)", "a.csv and d.csv, (f)"),
        ("data/sales.csv: empty", "data/sales.csv: empty"),
        ("no skucast://forecast/A/B; N/A17 of 1/2, kg/m", "no skucast://forecast/A/B; N/A17 of 1/2, kg/m"),
        ("http://127.0.0.1:8177/v1/models does not answer", "http://127.0.0.1:8177/v1/models does not answer"),
        ("/ or /tmp", "/ or /tmp"),
    ],
)  # fmt: skip
def test_a_file_is_told_by_its_name(said: str, told: str) -> None:
    assert why(InputError(said)) == told


def test_a_refusal_is_told_in_the_persons_language() -> None:
    assert "chat" in why(Refusal("orders-no-stock-file", column="stock")) and "库存" in why(
        Refusal("orders-no-stock-file", column="stock"), "zh"
    )


def test_over_http_no_folder_is_told(tmp_path: Path) -> None:
    app = FastAPI()
    _errors(app)
    app.get("/read")(lambda: read_panel(str(tmp_path / "none.csv")).freq)
    found = TestClient(app).get("/read")
    assert found.status_code == 422
    assert found.json()["detail"].startswith("none.csv: no such file") and str(tmp_path) not in found.text
