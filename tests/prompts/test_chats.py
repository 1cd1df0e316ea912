"""What is said to the model, and what may stand as an example."""

from dataclasses import replace
from pathlib import Path

import jinja2
import numpy as np
import pandas as pd
import pytest
from skucast.prompts.chats import choose_shots, explain_chat, forecast_chat, similar_shots
from skucast.prompts.render import prompt_digest, render
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema

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
    facts = ["Forecast: 10 units in total.", "Recent sales: 3 units a week."]
    turns = explain_chat("bananas, 40 lb", facts, "why\nso low?")
    text = "\n\n".join(f"[{role}]\n{content}" for role, content in turns)
    assert text + "\n" == (GOLDEN / "explain.txt").read_text(encoding="utf-8")


def test_a_name_nobody_gave_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError):
        render("explain")


def test_the_digest_is_short_and_steady() -> None:
    assert prompt_digest() == prompt_digest()
    assert len(prompt_digest()) == 12


# --- examples of similar series -------------------------------------------------------------------------------------

WEEKS, HORIZON = 40, 4


@pytest.fixture
def waves() -> Panel:
    """Four waves: B rises and falls with A, C later, D against it; all sizes differ. E is young, F never sold."""
    ds = pd.date_range("2024-01-07", periods=WEEKS, freq="W-SUN")
    t = np.arange(WEEKS)
    series = {
        "A": 50 + 30 * np.sin(t / 3),
        "B": 500 + 280 * np.sin(t / 3),
        "C": 50 + 30 * np.sin(t / 3 - 1),
        "D": 50 - 30 * np.sin(t / 3),
        "F": 0.0 * t,
    }
    frames = [pd.DataFrame({"unique_id": uid, "ds": ds, "y": np.round(y)}) for uid, y in series.items()]
    frames.append(pd.DataFrame({"unique_id": "E", "ds": ds[-6:], "y": 3.0}))
    kinds = {"A": "x", "B": "x", "C": "x", "D": "x", "E": "x", "F": "x"}
    table = pd.concat(frames).assign(category=lambda rows: rows["unique_id"].map(kinds))
    return read_panel(table, schema=PanelSchema(static=["category"]))


def nearest_last(panel: Panel, uid: str, k: int) -> list[str]:
    return [shot.unique_id for shot in similar_shots(panel, uid, HORIZON, k)]


def test_the_nearest_example_stands_last_and_is_the_series_own(waves: Panel) -> None:
    assert nearest_last(waves, "A", 4) == ["D", "C", "B", "A"]
    assert nearest_last(waves, "D", 3)[-1] == "D"
    assert nearest_last(waves, "A", 1) == ["A"]
    assert nearest_last(waves, "A", 0) == []
    assert len(nearest_last(waves, "A", 9)) == 4  # E is too young, F never sold


def test_a_static_covariate_in_common_counts_half_a_correlation(waves: Panel) -> None:
    apart = waves.static.copy()
    apart.loc["B", "category"] = "y"  # correlation 1 and nothing in common, against cos(1) = 0.54 and half
    assert nearest_last(replace(waves, static=apart), "A", 3) == ["B", "C", "A"]


def test_an_example_is_the_last_window_and_its_answer_was_known(waves: Panel) -> None:
    for shot in similar_shots(waves, "A", HORIZON, 3):
        y = waves.past_of(shot.unique_id)["y"].to_numpy()
        assert shot.answer == " ".join(f"{v:.0f}" for v in y[-HORIZON:])
        assert shot.context.split("\n")[3] == "last " + " ".join(f"{v:.0f}" for v in y[-HORIZON - 6 : -HORIZON])
        assert sum(line.endswith("=") for line in shot.context.split("\n")) == HORIZON


def test_examples_are_chosen_and_told_from_before_the_cutoff(waves: Panel) -> None:
    """What comes after a cutoff moves neither the choice nor a word of the examples."""
    cutoff = waves.past["ds"].unique()[-8]
    past = waves.past.copy()
    after = past["ds"] > cutoff
    past.loc[after, "y"] = np.random.default_rng(0).integers(0, 900, int(after.sum())).astype(float)
    changed = replace(waves, past=past)
    assert similar_shots(waves.before(cutoff), "A", HORIZON, 3) == similar_shots(
        changed.before(cutoff), "A", HORIZON, 3
    )
    assert similar_shots(waves, "A", HORIZON, 3) != similar_shots(changed, "A", HORIZON, 3)


def test_likeness_is_told_without_the_answers(waves: Panel) -> None:
    """The window that an example answers takes no part in its choice: that would favour answers that fit."""
    past = waves.past.copy()
    last = past["ds"] > past["ds"].unique()[-HORIZON - 1]
    past.loc[last, "y"] = np.random.default_rng(1).integers(1, 90, int(last.sum())).astype(float)
    other = replace(waves, past=past)
    assert nearest_last(other, "A", 4) == nearest_last(waves, "A", 4)


def test_a_window_not_known_is_no_example(waves: Panel) -> None:
    past = waves.past.copy()
    past.loc[past["unique_id"].eq("B") & past["ds"].eq(past["ds"].max()), "y"] = np.nan
    gone = replace(waves, past=past)
    assert nearest_last(gone, "A", 3) == ["D", "C", "A"]


def test_a_series_too_young_to_compare_gets_examples_all_the_same(waves: Panel) -> None:
    shots = similar_shots(waves, "E", HORIZON, 2)
    assert shots == choose_shots(waves, HORIZON, 2)
    assert len(shots) == 2
