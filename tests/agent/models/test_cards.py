"""Model cards: what they are made of, that they come back the same, and that restricted data is said plainly."""

import json
import math
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from skucast import __version__
from skucast.agent.models.cards import ModelCard, markdown, read_card, write_card
from skucast.finetune.examples.windows import Example, Examples, TrainingSource
from skucast.finetune.recipe import Recipe
from skucast.finetune.training.cards import make_card
from skucast.finetune.training.trainer import Trained
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.errors import InputError

RECIPE = Recipe(name="tiny", about="corrections of the base forecast", data=["demo:W"], lr=0.002)


@lru_cache
def panel(*ids: str) -> Panel:
    ds = pd.date_range("2024-01-07", periods=6, freq="W-SUN")
    return read_panel(pd.concat([pd.DataFrame({"unique_id": uid, "ds": ds, "y": 1.0}) for uid in ids]))


def window(uid: str) -> Example:
    return Example([1], [0], [], np.ones(1), np.ones(1), np.ones((1, 9)), 1.0, 1.0, uid)


def run(before: float = 0.9, best: float = 0.7) -> Trained:
    return Trained(Path("best"), [], best, before, 40, 1200, 30.0, "patience")


@pytest.fixture
def llm(tmp_path: Path) -> Path:
    folder = tmp_path / "llm"
    folder.mkdir()
    (folder / "skucast.json").write_text(json.dumps({"name": "small", "licence": "Apache-2.0", "sha256": "ab" * 32}))
    return folder


def made(llm: Path, *, restricted: bool = False, runs: tuple[Trained, ...] = (run(),)) -> ModelCard:
    sources = [
        TrainingSource("shop|one", panel("A", "B"), "CC0", digest="d1"),
        TrainingSource("other", panel("B", "C"), "research only", restricted=restricted),
    ]
    examples = Examples([window(uid) for uid in "AABBBBC"], [window("A")], 8, "e1")
    return make_card(RECIPE, sources, examples, runs, llm)


def front_matter(folder: Path) -> dict[str, object]:
    _, front, _ = (folder / "README.md").read_text().split("---\n", 2)
    return dict(yaml.safe_load(front))


def test_a_card_says_what_the_run_was(llm: Path) -> None:
    card = made(llm)
    assert (card.name, card.form, card.horizon, card.examples) == ("tiny", "residual", 8, "e1")
    assert card.skucast_version == __version__
    assert (card.base.name, card.base.licence, card.base.digest) == ("small", "Apache-2.0", "ab" * 6)
    assert card.recipe == RECIPE.model_dump(mode="json")
    assert Recipe.model_validate(card.recipe) == RECIPE
    assert (card.training.validation_before, card.training.validation_best) == (0.9, 0.7)


def test_windows_of_a_shared_id_count_in_equal_parts(llm: Path) -> None:
    assert [(one.series, one.windows) for one in made(llm).data] == [(2, 4), (2, 3)]  # A A, half of B B B B, C


def test_an_ensemble_sums_its_steps_and_averages_its_losses(llm: Path) -> None:
    training = made(llm, runs=(run(best=0.7), run(best=0.8))).training
    assert (training.runs, training.steps, training.tokens, training.seconds) == (2, 80, 2400, 60.0)
    assert training.validation_best == pytest.approx(0.75)
    assert training.stopped == "patience"


def test_a_card_comes_back_the_same(llm: Path, tmp_path: Path) -> None:
    card = made(llm, runs=(run(before=math.nan),)).model_copy(
        update={"scores": {"m5": {"SQL": 0.81, "MASE": 0.9}}, "controls": {"random weights": 0.88}, "parents": ["old"]}
    )
    assert card.training.validation_before is None
    write_card(tmp_path / "model", card)
    assert read_card(tmp_path / "model") == card
    assert sorted(path.name for path in (tmp_path / "model").iterdir()) == ["README.md", "card.json"]


def test_a_score_that_is_not_known_survives(llm: Path, tmp_path: Path) -> None:
    write_card(tmp_path, made(llm).model_copy(update={"scores": {"m5": {"SQL": math.nan}}}))
    assert math.isnan(read_card(tmp_path).scores["m5"]["SQL"])


def test_the_readme_has_front_matter_and_every_figure(llm: Path, tmp_path: Path) -> None:
    card = made(llm).model_copy(update={"scores": {"m5": {"SQL": 0.81234}, "rossmann": {"MASE": 1.5}}})
    write_card(tmp_path, card)
    front = front_matter(tmp_path)
    assert front["license"] == "apache-2.0"
    assert front["base_model"] == "small"
    assert front["datasets"] == ["shop|one", "other"]
    assert front["library_name"] == "transformers"
    text = (tmp_path / "README.md").read_text()
    assert "| shop\\|one | CC0 | d1 | no | 2 | 4 |" in text
    assert "| task | SQL | MASE |" in text
    assert "| m5 | 0.8123 | not known |" in text
    assert '"lr": 0.002' in text
    assert "Controls" not in text
    assert "passed on" not in text


def test_an_adapter_is_loaded_by_peft(llm: Path, tmp_path: Path) -> None:
    (tmp_path / "adapter_config.json").write_text("{}")
    write_card(tmp_path, made(llm))
    assert front_matter(tmp_path)["library_name"] == "peft"


def test_restricted_data_is_said_plainly(llm: Path, tmp_path: Path) -> None:
    card = made(llm, restricted=True)
    assert card.restricted == ["other"]
    assert "**These weights may not be passed on**: the terms of other do not plainly allow training." in markdown(card)
    write_card(tmp_path, card)
    assert front_matter(tmp_path)["license"] == "other"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, r"no model card \(card.json is missing\)"),
        ("{", "the file: Invalid JSON"),
        ('{"name": "tiny"}', "form: Field required"),
        ("more", "colour: Extra inputs are not permitted"),
    ],
)
def test_a_missing_or_broken_card_is_one_line(llm: Path, tmp_path: Path, text: str | None, said: str) -> None:
    if text == "more":
        text = json.dumps({**made(llm).model_dump(mode="json"), "colour": "red"})
    if text is not None:
        (tmp_path / "card.json").write_text(text)
    with pytest.raises(InputError, match=said) as raised:
        read_card(tmp_path)
    assert "\n" not in str(raised.value)
