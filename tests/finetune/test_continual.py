"""Champion against challenger, by hand; promoted only if better, nothing forgotten and approved; and back."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from skucast.agent.engines.slots import SlotEngine
from skucast.agent.models import registry
from skucast.agent.models.cards import BaseLLM, ModelCard, Training, write_card
from skucast.agent.models.lineage import lineage, promote, rollback
from skucast.finetune.continual import Verdict, judge, unseen
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.errors import InputError
from skucast.tools.quantiles import LEVELS, Array

from ..test_command import one_line, run

WEEKS = pd.date_range("2024-01-07", periods=24, freq="W-SUN")


def table(levels: dict[str, float]) -> pd.DataFrame:
    """Each series sells the same every week."""
    return pd.concat([pd.DataFrame({"unique_id": uid, "ds": WEEKS, "y": units}) for uid, units in levels.items()])


def off(by: dict[str, float], seen: list[pd.Timestamp] | None = None) -> object:
    """A model whose quantiles all lie so many units above the last known value."""

    def made(panel: Panel, horizon: int) -> dict[str, Array]:
        if seen is not None:
            seen.append(panel.cutoff)
        last = panel.past.groupby("unique_id")["y"].last()
        return {uid: np.full((horizon, len(LEVELS)), last[uid] + by[uid]) for uid in panel.unique_ids}

    return made


def test_gaps_by_hand() -> None:
    """Pinball loss of d units too many is the same share of d everywhere, so that losses go as d.

    Champion: 2 and 2 off, challenger: 1 and 2. Summed 4 against 3: a quarter less. A's half is all of A's gain.
    """
    panel, seen = read_panel(table({"A": 90.0, "B": 10.0})), list[pd.Timestamp]()
    cutoffs = unseen(panel, 3, 2)
    assert cutoffs == [WEEKS[17], WEEKS[20]]
    found = judge(panel, 3, cutoffs, off({"A": 2, "B": 2}, seen), off({"A": 1, "B": 2}))  # type: ignore[arg-type]
    assert found.gap == pytest.approx(-0.25) and found.series == 2
    assert found.parts == pytest.approx(
        {"A": -0.5, "B": 0.0, "earlier": -0.25} | {k: 0.0 for k in found.parts if k == "C"}
    )
    assert (found.low, found.high) == pytest.approx((-0.5, 0.0)) and not found.better  # both draws may be B
    assert seen == [WEEKS[11], WEEKS[14], WEEKS[17], WEEKS[20]]  # nothing later than each cutoff


def test_better_and_forgotten() -> None:
    parts = {"A": -0.1, "C": 0.03, "earlier": 0.0}
    found = Verdict((WEEKS[0],), 9, -0.05, -0.08, -0.01, parts, margin=0.02)
    assert found.better and found.forgotten == ["C"] and not found.promotable
    assert Verdict((WEEKS[0],), 9, -0.05, -0.08, -0.01, parts, margin=0.03).promotable
    assert not Verdict((WEEKS[0],), 9, -0.05, -0.08, 0.01, {"A": -0.1}).promotable


def test_too_short_a_past_is_said() -> None:
    with pytest.raises(InputError, match="24 periods: too few for 3 windows of 3"):
        unseen(read_panel(table({"A": 9.0})), 3, 3)


def a_model(home: Path, name: str, mark: bytes) -> None:
    """A folder that the registry takes for a model; `mark` stands for its weights."""
    training = Training(
        runs=1, steps=2, tokens=3, seconds=4, device="cpu", stopped="done", validation_before=1, validation_best=0.5
    )
    card = ModelCard(
        name=name, form="residual", made="2025-06-01", skucast_version="0.1.0", base=BaseLLM(name="small"), data=[],
        examples="e", recipe={"name": name}, horizon=4, training=training,
    )  # fmt: skip
    (home / name).mkdir(parents=True)
    (home / name / "adapter_config.json").write_text("{}")
    (home / name / "weights").write_bytes(mark)
    write_card(home / name, card)


def weights(home: Path, name: str = "default") -> bytes:
    return (registry.find(name, home) / "weights").read_bytes()


def test_promoted_twice_and_back_twice(tmp_path: Path) -> None:
    for name in ("one", "two"):
        a_model(tmp_path, name, name.encode())
    shipped = registry.find("default", tmp_path)
    first, second = promote("one", "default", "ana", tmp_path), promote("two", "default", "eva", tmp_path)
    assert (first.kept, second.kept) == ("", "default-2") and weights(tmp_path) == b"two"
    card = registry.read_card(registry.find("default", tmp_path))
    assert card.name == "default" and card.parents == ["two", "default-2"]
    assert rollback("default", tmp_path).challenger == "two" and weights(tmp_path) == b"one"
    assert rollback("default", tmp_path).challenger == "one" and registry.find("default", tmp_path) == shipped
    assert [step.rolled_back for step in lineage(tmp_path)] == [True, True]
    assert weights(tmp_path, "one") == b"one" and weights(tmp_path, "two") == b"two"
    with pytest.raises(InputError, match="no way back"):
        rollback("default", tmp_path)


@dataclass
class Faked:
    """An engine that is `by` units off for every series, and has seen `trained`."""

    by: float
    trained: dict[str, str] = field(default_factory=dict)

    @property
    def config(self) -> SimpleNamespace:
        return SimpleNamespace(trained=self.trained, freqs=["W"], horizon=8)

    def forecast(self, panel: Panel, horizon: int) -> dict[str, Array]:
        return off(dict.fromkeys(panel.unique_ids, self.by))(panel, horizon)  # type: ignore[operator, no-any-return]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Sales, a registry with the models `mine` (in use) and `new`, which is half as far off, and `poor`."""
    table({f"P{number}": 10.0 + number for number in range(12)}).to_csv(tmp_path / "sales.csv", index=False)
    home = tmp_path / "registry"
    for name in ("mine", "new", "poor", "cheat"):
        a_model(home, name, name.encode())
    monkeypatch.setenv("SKUCAST_MODELS", str(home))
    made = {
        "mine": Faked(2),
        "new": Faked(1),
        "poor": Faked(3),
        "cheat": Faked(0, {"sales": "2024-06-16"}),
    }
    monkeypatch.setattr(SlotEngine, "load", lambda folder: made[(folder / "weights").read_bytes().decode()])
    return tmp_path


def test_promoted_only_if_better_and_approved(shop: Path) -> None:
    words = ("retrain", shop / "sales.csv", "--champion", "mine", "-h", "3", "--as", "ana")
    home = shop / "registry"
    poor = run(*words, "--challenger", "poor", "--approve")
    assert poor.returncode == 0 and "so it is worse" in poor.stdout and "mine stays" in poor.stdout
    asked = run(*words, "--challenger", "new")
    assert "-50 %" in asked.stdout and "with --approve" in asked.stdout and weights(home, "mine") == b"mine"
    assert not (home / "audit.jsonl").exists()
    done = run(*words, "--challenger", "new", "--approve")
    assert "mine is new now" in done.stderr and weights(home, "mine") == b"new"
    assert run("rollback", "mine", "--as", "eva").returncode == 0 and weights(home, "mine") == b"mine"
    acts = [json.loads(line) for line in (home / "audit.jsonl").read_text().splitlines()]
    assert [(one["who"], one["act"]) for one in acts] == [("ana", "promote"), ("eva", "rollback")]
    assert run("audit", "verify", home / "audit.jsonl").returncode == 0


def test_who_may_promote_and_a_policy_that_needs_no_word(shop: Path) -> None:
    rules = shop / "roles.toml"
    words = ("retrain", shop / "sales.csv", "--champion", "mine", "--challenger", "new", "-h", "3", "--roles", rules)
    rules.write_text('people = {ana = "p"}\n[roles.p]\nmay = ["publish"]\n')
    assert "may not promote" in one_line(run(*words, "--approve", "--as", "ana"))
    rules.write_text("promote_without_approval = true\n")
    assert "mine is new now" in run(*words).stderr


def test_a_model_that_saw_the_windows_is_refused(shop: Path) -> None:
    words = ("retrain", shop / "sales.csv", "--champion", "mine", "--challenger", "cheat", "-h", "3")
    assert "it has seen the windows after 2024-05-05" in one_line(run(*words))
