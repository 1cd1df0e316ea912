"""The model that ships: small, free to pass on, telling of no machine, of use on sales that it never saw."""

import json
from pathlib import Path

import numpy as np
import pytest
from skucast import agent
from skucast.agent.engines.slots import SlotEngine
from skucast.agent.models.slot_head import SlotConfig
from skucast.evals.scoring.metrics import seasonal_scale, sql
from skucast.tools.data.demo import load_complete_journey
from skucast.tools.forecast.recent import recent_forecasts

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
    config = SlotConfig.load(FOLDER)
    assert set(config.trained) == {"retail2_weekly"} and config.freqs == ["D", "W"]


@pytest.mark.slow
def test_it_stands_up_beside_its_base_on_a_retailer_it_never_saw() -> None:
    """Over the four windows of the benchmark task, an eighth of its series; it earns its share in a blend with it."""
    whole, engine = load_complete_journey("W"), SlotEngine.load(FOLDER)
    losses = []
    for cutoff in ("2017-09-10", "2017-10-08", "2017-11-05", "2017-12-03"):
        panel = whole.before(cutoff)
        ids = panel.unique_ids[::8]
        made, base = engine.forecast(panel, HORIZON, ids), recent_forecasts(panel.select(ids), HORIZON)
        after = whole.past[whole.past["ds"] > panel.cutoff]
        y = np.stack([after.loc[after["unique_id"] == uid, "y"].to_numpy(dtype=float)[:HORIZON] for uid in ids])
        scale = np.array([seasonal_scale(panel.past_of(uid)["y"].to_numpy(dtype=float), 1) for uid in ids])
        ours, bases = (np.stack([q[uid] for uid in ids]) for q in (made, base))
        losses.append([np.nanmean(sql(y, q, scale)) for q in (ours, bases, (ours + bases) / 2)])
    alone, without, blended = np.mean(losses, axis=0)
    assert alone < 1.02 * without and blended < 0.98 * without
