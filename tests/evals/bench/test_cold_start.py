"""Cold start, measured: what is hidden is hidden, and the gains are what they say."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from skucast.agent.models.slot_head import SlotConfig
from skucast.evals.bench import cold_start
from skucast.evals.bench.cold_start import (
    ABLATIONS,
    INFORMED,
    KNOWN,
    LLM,
    OURS,
    RIVALS,
    Cold,
    analogue_forecasts,
    cutoffs,
    gain,
    hide,
    measure,
    slot_forecasts,
)
from skucast.evals.bench.cold_start_page import markdown
from skucast.evals.tasks.task import TaskSpec
from skucast.prompts.slots import SlotContext
from skucast.tools.data.panel import Panel
from skucast.tools.data.read import read_panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.errors import InputError

SPEC = TaskSpec(file="in memory", horizon=4, windows=2, seasonality=1)


@pytest.fixture
def panel() -> Panel:
    """Twenty teas that sell 5 or so a week and twenty mugs that sell 80."""
    draw = np.random.default_rng(2)
    parts = []
    for i in range(40):
        kind, level = ("tea", 5.0) if i < 20 else ("mug", 80.0)
        ds = pd.date_range("2023-01-01", periods=40, freq="W-SUN")
        part = pd.DataFrame({"unique_id": f"{kind}{i:02d}", "ds": ds, "y": draw.poisson(level, 40).astype(float)})
        parts.append(part.assign(price=2.0 if kind == "tea" else 2.1, category=kind, description=f"{kind} no {i}"))
    schema = PanelSchema(known_future=["price"], static=["category", "description"])
    return read_panel(pd.concat(parts), schema=schema)


def test_hide_leaves_the_last_periods_the_static_row_and_the_plan(panel: Panel) -> None:
    at = pd.Timestamp("2023-08-06")
    whole = panel.before(at)
    for known in KNOWN:
        left = hide(whole, ["tea00", "mug25"], known)
        rows = left.past[left.past["unique_id"] == "tea00"]
        assert len(rows) == known
        assert known == 0 or rows["ds"].max() == at
        assert len(left.past_of("tea01")) == len(whole.past_of("tea01"))
        assert left.future.equals(whole.future) and left.static.equals(whole.static)
    with pytest.raises(InputError, match="hide fewer items"):
        hide(whole, whole.unique_ids, 0)


def test_cutoffs_are_the_tasks_own_and_earlier_windows_end_before_them(panel: Panel) -> None:
    last = panel.cutoff
    assert cutoffs(panel, SPEC) == [last - pd.Timedelta(weeks=8), last - pd.Timedelta(weeks=4)]
    assert cutoffs(panel, SPEC, earlier=True) == [last - pd.Timedelta(weeks=16), last - pd.Timedelta(weeks=12)]


def test_what_is_hidden_and_what_comes_after_changes_no_forecast(panel: Panel) -> None:
    at, items = panel.cutoff - pd.Timedelta(weeks=8), ["tea00", "mug25"]
    seen = panel.past["ds"].le(at) & ~panel.past["unique_id"].isin(items)
    last = panel.past["ds"].between(at - pd.Timedelta(weeks=2), at)
    changed = replace(panel, past=panel.past.assign(y=panel.past["y"].where(seen | last, 9e6)))
    for known in (0, 1, 3):
        colds = [Cold(hide(one.before(at), items, known), items, 4, 0) for one in (panel, changed)]
        for forecast in RIVALS.values():
            made = [forecast(cold) for cold in colds]
            assert all(np.array_equal(made[0][uid], made[1][uid]) for uid in items)


class Reader:
    """A slot model that knows by the word what a thing sells, and keeps what it was shown."""

    name, digest, config = "slots:reader", "beef", SlotConfig()

    def __init__(self) -> None:
        self.shown: list[SlotContext] = []

    def slot_quantiles(self, contexts: list[SlotContext]) -> list[np.ndarray]:
        self.shown += contexts
        level = [5.0 if "tea" in one.text else 80.0 if "mug" in one.text else 40.0 for one in contexts]
        return [np.full(one.base.shape, units) for one, units in zip(contexts, level, strict=True)]


def test_the_llm_reads_the_analogues_the_little_that_is_known_and_the_text(panel: Panel) -> None:
    at, items = panel.cutoff - pd.Timedelta(weeks=8), ["tea00", "mug25"]
    for known in (0, 3):
        cold, reader = Cold(hide(panel.before(at), items, known), items, 4, 0), Reader()
        made = slot_forecasts(cold, reader)  # type: ignore[arg-type]
        assert (made["tea00"] == 5.0).all() and (made["mug25"] == 80.0).all()
        base = analogue_forecasts(cold)
        for one in reader.shown:
            assert np.array_equal(one.base, base[one.unique_id])
            assert one.level == pytest.approx(base[one.unique_id][:, 4].mean())
            assert np.isfinite(one.history).sum() == known and one.cutoff == at
        blind = slot_forecasts(cold, reader, text=False)  # type: ignore[arg-type]
        assert (blind["tea00"] == 40.0).all()


@pytest.mark.slow
def test_a_model_is_measured_where_the_items_are_new_to_it(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cold_start, "load_panel", lambda _: panel)
    reader = Reader()
    found = measure("small", SPEC, items=10, slots=reader)  # type: ignore[arg-type]
    assert {one["known"] for one in found["text"]} == set(KNOWN)
    assert all(one["low"] > 0 for one in found["text"]) and found["slots"] == "slots:reader (beef)"
    page = markdown({"version": "0", "date": "d", "python": "3", "versions": {}, "command": "c", "tasks": [found]})
    assert "what the product text gains the LLM" in page
    reader.config = SlotConfig(trained={"small": "2023-01-01"})
    assert LLM not in {row["contestant"] for row in measure("small", SPEC, items=10, slots=reader)["rows"]}  # type: ignore[arg-type]


def test_gain_by_hand() -> None:
    found = gain(np.array([1.0, 1.0, np.nan, 1.0]), np.array([2.0, 2.0, 5.0, 2.0]))
    assert found == {"gain": 50.0, "low": 50.0, "high": 50.0}
    mixed = gain(np.tile([1.0, 3.0], 50), np.tile([2.0, 2.0], 50))
    assert mixed["gain"] == 0.0 and mixed["low"] < 0 < mixed["high"]


@pytest.mark.slow
def test_a_measurement_tells_tea_from_mugs(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cold_start, "load_panel", lambda _: panel)
    found = measure("small", SPEC, items=10)
    assert found["items"] == 10 and len(found["cutoffs"]) == 2
    rows = {(row["known"], row["contestant"]): row for row in found["rows"]}
    assert set(rows) == {(known, name) for known in KNOWN for name in (*RIVALS, *ABLATIONS.values(), INFORMED)}
    assert rows[0, OURS]["SQL"] < 0.5 * rows[0, "Random items"]["SQL"]
    assert rows[0, "Wide guess"]["coverage"] < 0.2 and rows[0, "Wide guess"]["WQL"] == pytest.approx(1.0)
    assert rows[0, OURS]["width"] > rows[7, OURS]["width"]
    gains = {(one["known"], one["against"], one["metric"]): one for one in found["gains"]}
    assert gains[0, "Random items", "SQL"]["low"] > 0
    assert measure("small", SPEC, items=10) | {"seconds": 0} == found | {"seconds": 0}
    page = markdown({"version": "0", "date": "d", "python": "3", "versions": {}, "command": "c", "tasks": [found]})
    assert "## small" in page and page.count("| Analogues |") == len(KNOWN)


def test_a_panel_too_short_says_so(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cold_start, "load_panel", lambda _: panel)
    with pytest.raises(InputError, match="no item has 8 known periods"):
        measure("small", SPEC.model_copy(update={"windows": 9}))
    with pytest.raises(InputError, match="no cutoff has enough past"):
        measure("small", SPEC.model_copy(update={"windows": 9}), earlier=True)
