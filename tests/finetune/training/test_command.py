"""The finetune, models and merge commands, from data to a forecast that the model had its part in."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from skucast.__main__ import app
from typer.testing import CliRunner

RUN = CliRunner()


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    ds = pd.date_range("2023-01-01", periods=60, freq="W-SUN")
    rows = [pd.DataFrame({"unique_id": f"S{i}", "ds": ds, "y": rng.poisson(10 + 5 * i, 60)}) for i in range(12)]
    pd.concat(rows).to_csv(tmp_path / "sales.csv", index=False)
    return tmp_path / "sales.csv"


def finetune(tmp_path: Path, sales: Path, llm: Path, *more: str) -> list[str]:
    small = ["name=mine", "layers=2", "windows=40", "validation_windows=8", "horizon=4", "batch_tokens=1024"]
    sets = [part for setting in (*small, "evaluate_every=3", "rank=2") for part in ("--set", setting)]
    return [
        "finetune", "retailer", "--data", str(sales), "--base", str(llm), "--out", str(tmp_path / "run"), *sets, *more
    ]  # fmt: skip


@pytest.mark.slow
def test_from_sales_to_a_forecast(
    tmp_path: Path, sales: Path, tiny_llm: Path, monkeypatch: pytest.MonkeyPatch, single_thread: None
) -> None:
    monkeypatch.setenv("SKUCAST_MODELS", str(tmp_path / "models"))
    done = RUN.invoke(app, finetune(tmp_path, sales, tiny_llm), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    run, model = tmp_path / "run", tmp_path / "models" / "mine"
    assert {"examples.arrow", "model", "seed-0"} <= {path.name for path in run.iterdir()}
    assert (run / "seed-0" / "loss.svg").read_text(encoding="utf-8").startswith("<svg")
    assert (run / "seed-0" / "samples.svg").exists()
    card = json.loads((model / "card.json").read_text(encoding="utf-8"))
    assert card["recipe"]["layers"] == 2 and card["data"][0]["name"] == "sales"
    told = json.loads((model / "skucast_slots.json").read_text(encoding="utf-8"))
    assert told["trained"] == {"sales": "2024-02-18"}

    listed = RUN.invoke(app, ["models", "list"], catch_exceptions=False)
    assert "mine" in listed.output
    assert "sales" in RUN.invoke(app, ["models", "show", "mine"], catch_exceptions=False).output

    merged = tmp_path / "merged"
    done = RUN.invoke(app, ["merge", "mine", str(merged), "--base", str(tiny_llm)], catch_exceptions=False)
    assert done.exit_code == 0 and (merged / "config.json").exists()

    asked = [
        "forecast",
        str(sales),
        "--sku",
        "S3",
        "-h",
        "4",
        "--model",
        str(merged),
        "--explain",
        "template",
        "--json",
    ]
    # the words are not what is tested
    monkeypatch.setattr("skucast.agent.engines.opening.open_llm", lambda _, **__: None)
    done = RUN.invoke(app, asked, catch_exceptions=False)
    report = json.loads(done.stdout)
    assert report["llm"]["engine"] == "slots:merged" and report["llm"]["validation_loss_llm"] is not None


@pytest.mark.slow
def test_a_folder_goes_on_with_the_same_recipe_and_data_only(
    tmp_path: Path, sales: Path, tiny_llm: Path, monkeypatch: pytest.MonkeyPatch, single_thread: None
) -> None:
    """Else the card would name data that the examples were not made from."""
    monkeypatch.setenv("SKUCAST_MODELS", str(tmp_path / "models"))
    RUN.invoke(app, finetune(tmp_path, sales, tiny_llm), catch_exceptions=False)
    again = finetune(tmp_path, sales, tiny_llm, "--replace")
    assert RUN.invoke(app, again, catch_exceptions=False).exit_code == 0
    for changed in ([*again, "--set", "windows=41"], [*again, "--cutoff", "2024-01-07"]):
        done = RUN.invoke(app, changed)
        assert "holds a run of another recipe or other data" in str(done.exception)


def test_a_folder_with_something_in_it_is_no_run(
    tmp_path: Path, sales: Path, tiny_llm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder `model` of the person's own would be cleared away."""
    monkeypatch.setenv("SKUCAST_MODELS", str(tmp_path / "models"))
    own = tmp_path / "run" / "model" / "own.txt"
    own.parent.mkdir(parents=True)
    own.write_text("mine")
    done = RUN.invoke(app, finetune(tmp_path, sales, tiny_llm))
    assert "there is something already that is no fine-tuning run" in str(done.exception)
    assert own.read_text() == "mine"


def test_a_taken_name_is_said_before_the_work(
    tmp_path: Path, sales: Path, tiny_llm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKUCAST_MODELS", str(tmp_path / "models"))
    taken = tmp_path / "models" / "mine"
    taken.mkdir(parents=True)
    (taken / "config.json").write_text("{}", encoding="utf-8")
    done = RUN.invoke(app, finetune(tmp_path, sales, tiny_llm))
    assert "is in the registry already" in str(done.exception)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["finetune", "retailler"], "did you mean retailer"),
        (["finetune", "retailer"], "no data to learn from"),
        (["finetune", "retailer", "--data", "nowhere.csv"], "no such file"),
        (["finetune", "retailer", "--data", "synthetic:M"], "expected synthetic:W"),
        (["finetune", "retailer", "--data", "demo:M"], "expected demo:W or demo:D"),
        (["finetune", "retailer", "--data", "task:nope"], "unknown task"),
        (["finetune", "retailer", "--set", "layers"], "expected name=value"),
        (["finetune", "retailer", "--set", "leyers=3"], "did you mean layers"),
        (["finetune", "retailer", "--set", "layers=0"], "layers"),
        (["models", "show", "nope"], "unknown model"),
        (["merge", "nope", "out"], "unknown model"),
    ],
)
def test_errors_are_one_line(asked: list[str], said: str, tiny_llm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skucast.agent.models.store.require_default", lambda: tiny_llm)
    done = RUN.invoke(app, asked)
    assert said in str(done.exception) and "\n" not in str(done.exception)
