"""The model that ships: small, free to pass on, telling of no machine, ahead of its base on sales it never saw."""

import json
from pathlib import Path

import numpy as np
import pytest
from skucast import agent
from skucast.agent.engines.slots import SlotEngine
from skucast.agent.slot_head import SlotConfig
from skucast.tools.complete_journey import load_complete_journey
from skucast.tools.quantiles import pinball
from skucast.tools.recent import recent_forecasts

FOLDER = Path(agent.__file__).parent / "weights" / "default"
HORIZON = 4


def test_its_files_are_small_and_tell_of_no_machine() -> None:
    files = [path for path in FOLDER.rglob("*") if path.is_file()]
    assert {"adapter_model.safetensors", "card.json", "skucast_slots.json"} <= {path.name for path in files}
    assert all(path.stat().st_size < 20e6 for path in files)
    for path in files:
        if path.suffix in (".json", ".md"):
            text = path.read_text(encoding="utf-8")
            assert not any(place in text for place in ("/root", "/home", "/work", "/tmp")), path.name


def test_it_may_be_passed_on_and_says_what_it_saw() -> None:
    card = json.loads((FOLDER / "card.json").read_text(encoding="utf-8"))
    assert not any(one["restricted"] for one in card["data"]) and {one["name"] for one in card["data"]} >= {
        "retail2_weekly"
    }
    assert set(SlotConfig.load(FOLDER).trained) == {"retail2_weekly"}


@pytest.mark.slow
def test_it_is_ahead_of_its_base_on_a_retailer_it_never_saw() -> None:
    whole = load_complete_journey("W")
    panel = whole.before("2017-11-26")
    ids = panel.unique_ids[::5]
    made, base = SlotEngine.load(FOLDER).forecast(panel, HORIZON, ids), recent_forecasts(panel.select(ids), HORIZON)
    gain = []
    for uid in ids:
        after = whole.past_of(uid)
        y = after.loc[after["ds"] > panel.cutoff, "y"].to_numpy(dtype=float)[:HORIZON]
        mine, theirs = (pinball(y[None], q[uid][None]).mean() for q in (made, base))
        gain.append((theirs - mine) / max(np.abs(np.diff(panel.past_of(uid)["y"])).mean(), 0.1))
    assert np.mean(gain) > 0
