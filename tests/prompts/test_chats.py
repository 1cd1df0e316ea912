"""What is said to the model, and what may stand as an example."""

from pathlib import Path

import jinja2
import numpy as np
import pandas as pd
import pytest
from skucast.prompts.chats import choose_shots, explain_chat, forecast_chat
from skucast.prompts.render import prompt_digest, render
from skucast.tools.panel import Panel
from skucast.tools.read import read_panel

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def panel() -> Panel:
    ds = pd.date_range("2024-01-07", periods=30, freq="W-SUN")
    series = {f"S{level:03d}": level + np.arange(30.0) % 3 for level in (5, 10, 20, 40, 80)}
    frames = [pd.DataFrame({"unique_id": uid, "ds": ds, "y": y}) for uid, y in series.items()]
    frames.append(pd.DataFrame({"unique_id": "short", "ds": ds[-5:], "y": 3.0}))
    frames.append(pd.DataFrame({"unique_id": "dead", "ds": ds, "y": 0.0}))
    return read_panel(pd.concat(frames))


def test_examples_are_spread_over_levels_and_true(panel: Panel) -> None:
    shots = choose_shots(panel, 4, 3)
    assert [shot.unique_id for shot in shots] == ["S010", "S020", "S040"]
    truth = panel.past_of("S020")["y"].to_numpy()[-4:]
    assert shots[1].answer == " ".join(f"{v:.0f}" for v in truth)
    assert shots[1].context.split("\n")[3] == "last " + " ".join(
        f"{v:.0f}" for v in panel.past_of("S020")["y"].to_numpy()[-10:-4]
    )
    assert choose_shots(panel, 4, 0) == []
    assert choose_shots(panel.select(["short", "dead"]), 4, 3) == []


def test_chats_alternate(panel: Panel) -> None:
    shots = choose_shots(panel, 4, 2)
    roles = [role for role, _ in forecast_chat("context", shots)]
    assert roles == ["system", "user", "assistant", "user", "assistant", "user"]
    assert forecast_chat("context", [])[-1] == ("user", "context")


def test_golden_explain_chat() -> None:
    turns = explain_chat(["bananas, 40 lb", "Forecast: 10 units in total.", "Recent sales: 3 units a week."])
    text = "\n\n".join(f"[{role}]\n{content}" for role, content in turns)
    assert text + "\n" == (GOLDEN / "explain.txt").read_text(encoding="utf-8")


def test_a_name_nobody_gave_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError):
        render("explain")


def test_the_digest_is_short_and_steady() -> None:
    assert prompt_digest() == prompt_digest()
    assert len(prompt_digest()) == 12
