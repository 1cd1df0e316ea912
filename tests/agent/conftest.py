"""A small retailer of our own, and an engine that answers from a script."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from skucast.agent.engines.base import Constraint, Prompt
from skucast.agent.engines.scripted import ScriptedEngine
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.forecast.blend import Combined
from skucast.tools.forecast.models import Toolbox

SCHEMA = PanelSchema(known_future=["price", "coupon"], past_only=["views"], static=["description"])
SHAPES = {"A": 30.0, "B": 120.0, "C": 4.0, "D": 60.0}


def make_frame(weeks: int = 40) -> pd.DataFrame:
    """Four products, weekly; D is twice its price in the last 10 weeks."""
    rng = np.random.default_rng(3)
    parts = []
    for uid, level in SHAPES.items():
        ds = pd.date_range("2024-01-07", periods=weeks, freq="W-SUN")
        price = np.full(weeks, 2.0)
        price[-10:] *= 2.0 if uid == "D" else 1.0
        frame = pd.DataFrame({"unique_id": uid, "ds": ds, "y": rng.poisson(level, weeks).astype(float), "price": price})
        parts.append(frame.assign(coupon=0.0, views=frame["y"] * 3, description=f"product {uid}; box"))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="session")
def panel() -> Panel:
    return read_panel(make_frame(), schema=SCHEMA)


@dataclass(frozen=True)
class Few(Toolbox):
    """The combined tools of two quick members."""

    def combined(
        self, panel: Panel, horizon: int, *, members: tuple[str, ...] = ("Naive", "Recent"), **more
    ) -> Combined:
        return super().combined(panel, horizon, members=members, **more)


@pytest.fixture
def sales_csv(tmp_path: Path) -> Path:
    """The same retailer as a file with its schema beside it."""
    make_frame().to_csv(tmp_path / "sales.csv", index=False)
    (tmp_path / "sales.toml").write_text(
        'known_future = ["price", "coupon"]\npast_only = ["views"]\nstatic = ["description"]\n'
    )
    return tmp_path / "sales.csv"


def asked_for_numbers(constraint: Constraint | None) -> bool:
    return constraint is not None and constraint.kind == "regex"


def recent_of(prompt: Prompt) -> list[str]:
    """The last known units in a forecast prompt."""
    lines = prompt[-1].content.split("\n")
    return next(line for line in lines if line.startswith("last")).split()[1:]


def horizon_of(prompt: Prompt) -> int:
    return sum(line.endswith("=") for line in prompt[-1].content.split("\n"))


def scripted(
    numbers: Callable[[Prompt], str] | str | None = None, words: Callable[[Prompt], str] | str | None = None
) -> ScriptedEngine:
    """An engine whose forecast repeats the last known units, and whose explanation repeats its first fact."""

    def first_fact(prompt: Prompt) -> str:
        return re.sub(r"^- ", "", prompt[-1].content.split("\n")[1])

    def repeat(prompt: Prompt) -> str:
        return " ".join([recent_of(prompt)[-1]] * horizon_of(prompt))

    def answer(prompt: Prompt, constraint: Constraint | None) -> str:
        reply = (numbers or repeat) if asked_for_numbers(constraint) else (words or first_fact)
        return reply if isinstance(reply, str) else reply(prompt)

    return ScriptedEngine(answer)
