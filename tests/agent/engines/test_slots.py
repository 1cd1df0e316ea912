"""The slot engine: batches, ensembles, closed steps, and models that do not belong here."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from skucast.agent.engines.slots import SlotEngine
from skucast.agent.models.slot_head import SlotConfig, new_network
from skucast.agent.models.store import base_digest
from skucast.prompts.slots import SlotFormat
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.errors import InputError
from skucast.tools.forecast.recent import recent_forecasts
from skucast.tools.quantiles import MEDIAN

HORIZON = 4


@pytest.fixture
def panel() -> Panel:
    """Five weekly series: E ended two weeks before the others; all are closed in the second week ahead."""
    rng = np.random.default_rng(1)
    ds = pd.date_range("2024-01-07", periods=34, freq="W-SUN")
    rows = []
    for i, uid in enumerate("ABCDE"):
        known = 28 if uid == "E" else 30
        y = np.where(np.arange(34) < known, rng.poisson(5 + 20 * i, 34), np.nan)
        rows.append(pd.DataFrame({"unique_id": uid, "ds": ds, "y": y, "open": 1.0, "name": "item " * (i + 1)}))
    table = pd.concat(rows)
    table.loc[table["ds"] == ds[31], "open"] = 0.0
    return read_panel(table, schema=PanelSchema(known_future=["open"], static=["name"]))


def saved(folder: Path, base: Path, form: str = "direct", *, bias: float = 0.0, of: str | None = None) -> Path:
    """A whole slot model whose head is drawn at random, or is zero."""
    config = SlotConfig(form=form, layers=2, horizon=6, format=SlotFormat(), base=of or base_digest(base))  # type: ignore[arg-type]
    network = new_network(base, config)
    with torch.no_grad():
        network.score.weight.normal_(0, bias, generator=torch.Generator().manual_seed(int(10 * bias)))
    network.save_pretrained(folder)
    for file in base.glob("*token*"):
        (folder / file.name).write_bytes(file.read_bytes())
    config.save(folder)
    return folder


def test_one_by_one_is_as_in_a_batch(
    tmp_path: Path, tiny_llm: Path, panel: Panel, monkeypatch: pytest.MonkeyPatch, single_thread: None
) -> None:
    engine = SlotEngine.load(saved(tmp_path / "m", tiny_llm, bias=0.5))
    together = engine.forecast(panel, HORIZON)
    assert engine.tokens > 0
    monkeypatch.setattr("skucast.agent.engines.slots.BATCH_TOKENS", 1)
    told: list[int] = []
    alone = engine.forecast(panel, HORIZON, progress=told.append)
    assert sorted(together) == panel.unique_ids and told == [1, 2, 3, 4, 5]
    for uid in together:
        assert together[uid] == pytest.approx(alone[uid], rel=1e-4, abs=1e-4), uid
        assert (np.diff(together[uid], axis=1) >= 0).all() and (together[uid] >= 0).all()


def test_closed_steps_are_zero_from_each_series_own_end(tmp_path: Path, tiny_llm: Path, panel: Panel) -> None:
    made = SlotEngine.load(saved(tmp_path / "m", tiny_llm, bias=0.5)).forecast(panel, HORIZON)
    assert (made["A"][1] == 0).all() and made["A"][[0, 2, 3], MEDIAN].min() > 0
    assert (made["E"][3] == 0).all() and made["E"][[0, 1, 2], MEDIAN].min() > 0


def test_a_residual_model_that_learned_nothing_is_the_recent_pattern(
    tmp_path: Path, tiny_llm: Path, panel: Panel
) -> None:
    made = SlotEngine.load(saved(tmp_path / "m", tiny_llm, "residual")).forecast(panel, HORIZON, ["B", "E"])
    base = recent_forecasts(panel, HORIZON)
    assert sorted(made) == ["B", "E"]
    for uid, quantiles in made.items():
        assert quantiles == pytest.approx(base[uid], rel=1e-5, abs=1e-5)


def test_an_ensemble_is_the_mean_of_its_members(tmp_path: Path, tiny_llm: Path, panel: Panel) -> None:
    parts = [saved(tmp_path / "e" / f"member-{i}", tiny_llm, bias=0.3 + 0.4 * i) for i in range(2)]
    both = SlotEngine.load(tmp_path / "e").forecast(panel, HORIZON)
    each = [SlotEngine.load(part).forecast(panel, HORIZON) for part in parts]
    assert not np.allclose(each[0]["C"], each[1]["C"])
    assert both["C"] == pytest.approx((each[0]["C"] + each[1]["C"]) / 2, rel=1e-6)


def test_the_point_form_says_one_number_a_step_and_no_more_than_it_has(
    tmp_path: Path, tiny_llm: Path, panel: Panel
) -> None:
    engine = SlotEngine.load(saved(tmp_path / "m", tiny_llm, "point", bias=0.5))
    made = engine.forecast(panel, HORIZON)
    assert all((quantiles.min(axis=1) == quantiles.max(axis=1)).all() for quantiles in made.values())
    with pytest.raises(InputError, match="horizon 7: slots:m was made for 6 steps"):
        engine.forecast(panel, 7)


def test_the_digest_is_of_weights_and_format(tmp_path: Path, tiny_llm: Path) -> None:
    folders = [saved(tmp_path / name, tiny_llm, bias=bias) for name, bias in (("a", 0.5), ("b", 0.5), ("c", 0.9))]
    one, same, other = (SlotEngine.load(folder).digest for folder in folders)
    assert one == same != other
    config = SlotConfig.load(folders[1])
    replace(config, format=SlotFormat(text=False)).save(folders[1])
    assert SlotEngine.load(folders[1]).digest != one


def test_what_is_no_slot_model_is_one_line(tmp_path: Path, tiny_llm: Path) -> None:
    def fails(folder: Path, match: str, **more: Any) -> None:
        with pytest.raises(InputError, match=match) as error:
            SlotEngine.load(folder, **more)
        assert "\n" not in str(error.value)

    fails(tiny_llm, "no slot model")
    fails(tmp_path / "nowhere", "no slot model")
    folder = saved(tmp_path / "m", tiny_llm, of="0123456789ab")
    (folder / "config.json").unlink()
    (folder / "adapter_config.json").write_text("{}")
    fails(folder, "made for the LLM 0123456789ab, not for", base=tiny_llm)
