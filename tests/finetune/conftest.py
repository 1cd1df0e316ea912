"""A small retailer to learn from, and its windows under the tiny LLM's tokenizer."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from skucast.finetune.examples.windows import Examples, TrainingSource, make_examples
from skucast.finetune.recipe import Recipe
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema

SCHEMA = PanelSchema(known_future=["promo"], past_only=["views"], static=["description"], missing="keep")


def retailer(weeks: int = 40, series: int = 10, *, small: int = 4) -> Panel:
    """Weekly products that sell three times as much in promoted weeks; the first `small` sell few and seldom."""
    rng = np.random.default_rng(2)
    parts = []
    for number in range(series):
        promo = (rng.random(weeks) < 0.3) * 1.0
        level = 0.4 if number < small else 20.0 + 5 * number
        y = rng.poisson(level * (1 + 2 * promo)).astype(float)
        ds = pd.date_range("2023-01-01", periods=weeks, freq="W-SUN")
        frame = pd.DataFrame({"unique_id": f"p{number}", "ds": ds, "y": y, "promo": promo})
        parts.append(frame.assign(views=y * 2 + 1, description=f"tea {'abcdefghij'[number % 10]}"))
    return read_panel(pd.concat(parts), schema=SCHEMA)


def small_recipe(**changes: Any) -> Recipe:
    """Quick: short prompts, two layers."""
    told = {"name": "t", "layers": 2, "horizon": 3, "history": 6, "windows": 40, "validation_windows": 10}
    told |= {"batch_tokens": 1024, "signals": False, "rank": 4, "alpha": 8, "evaluate_every": 4, "lr": 5e-3}
    return Recipe.model_validate(told | changes)


@pytest.fixture(scope="session")
def panel() -> Panel:
    return retailer()


@pytest.fixture(scope="session")
def tokenizer(tiny_llm: Path) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(tiny_llm)


@pytest.fixture(scope="session")
def examples(panel: Panel, tokenizer: Any) -> Examples:
    return make_examples([TrainingSource("shop", panel, "own")], small_recipe(), tokenizer)


@pytest.fixture(scope="session")
def chats(panel: Panel, tokenizer: Any) -> Examples:
    recipe = small_recipe(form="generative", loss="ce", windows=8, validation_windows=2)
    return make_examples([TrainingSource("shop", panel, "own")], recipe, tokenizer)


@pytest.fixture
def make_recipe() -> Any:
    return small_recipe


@pytest.fixture
def make_retailer() -> Any:
    return retailer
