"""Evaluation: rows worked out by hand or by slow twins, and cheats caught."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from skucast import __version__
from skucast.evals.scoring.contestants import Forecasts
from skucast.evals.scoring.evaluate import evaluate
from skucast.evals.scoring.runs import SCORES, Row
from skucast.evals.tasks.task import EvalTask, Window
from skucast.tools.data.schema import PanelSchema
from skucast.tools.quantiles import LEVELS, Array, level_name

from ..conftest import HORIZON, WINDOWS, Scripted, last_value, make_panel, task_of

# --- two series worked out by hand ----------------------------------------------------------------------------------

PASTS = {"A": [10.0, 12.0, 10.0, 14.0], "B": [2.0, 2.0, 5.0, 1.0]}
# One window of two steps. Scales (mean absolute change of the past): A (2 + 2 + 4) / 3, B (0 + 3 + 4) / 3.
TRUTH = {"A": [13.0, 20.0], "B": [0.0, 4.0]}
SCALES = {"A": 8 / 3, "B": 7 / 3}


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> EvalTask:
    ds = pd.date_range("2024-01-07", periods=6, freq="W-SUN")
    frames = [pd.DataFrame({"unique_id": uid, "ds": ds, "y": PASTS[uid] + TRUTH[uid]}) for uid in PASTS]
    panel = make_panel(pd.concat(frames), PanelSchema())
    return task_of(panel, monkeypatch, horizon=2, windows=1)


def spread(window: Window, uid: str) -> Array:
    """The last value, 4 units less at q0.1 to 4 units more at q0.9."""
    return np.tile(np.linspace(-4.0, 4.0, 9) + PASTS[uid][-1], (2, 1))


def losses(uid: str) -> list[float]:
    """Twice the pinball loss of `spread` at every step and level, one number at a time."""
    out = []
    for y in TRUTH[uid]:
        for i, level in enumerate(LEVELS):
            q = PASTS[uid][-1] - 4 + i
            out.append(2 * (level * (y - q) if y >= q else (1 - level) * (q - y)))
    return out


@pytest.mark.slow
def test_a_row_by_hand(by_hand: EvalTask) -> None:
    row, scores = evaluate(by_hand, Scripted(spread), seed=3, command="skucast eval")
    # Medians: A 14, B 1. Errors: A |13 - 14| = 1, |20 - 14| = 6; B |0 - 1| = 1, |4 - 1| = 3.
    a, b = (1 + 6) / 2 / SCALES["A"], (1 + 3) / 2 / SCALES["B"]
    assert row.metrics["MASE"] == pytest.approx((a + b) / 2)
    assert row.metrics["WAPE"] == pytest.approx((1 + 6 + 1 + 3) / 37)
    assert row.metrics["SQL"] == pytest.approx(
        (np.mean(losses("A")) / SCALES["A"] + np.mean(losses("B")) / SCALES["B"]) / 2
    )
    assert row.metrics["WQL"] == pytest.approx((sum(losses("A")) + sum(losses("B"))) / 9 / 37)
    # Squared scales: A (4 + 4 + 16) / 3, B (0 + 9 + 16) / 3; squared errors A 1 + 36, B 1 + 9; one root over all.
    assert row.metrics["RMSSE"] == pytest.approx(np.sqrt((37 / 2 / 8 + 10 / 2 / (25 / 3)) / 2))
    assert row.metrics["bias"] == pytest.approx((1 - 6 + 1 - 3) / 37)  # forecast - actual: under-forecast is negative
    # Bands: A [10, 18] holds 13, not 20; B [-3, 5] holds 0 and 4.
    assert row.metrics["coverage"] == pytest.approx(3 / 4)
    # Sums of quantiles: A 28 -8 .. +8 (truth 33), B 2 -8 .. +8 (truth 4): both inside.
    assert row.metrics["sum_coverage"] == 1.0
    assert "total_pinball" not in row.metrics  # it drew no paths
    assert list(scores.columns) == SCORES
    assert scores["MASE"].tolist() == pytest.approx([a, b])
    assert scores["bias"].tolist() == pytest.approx([-5 / 2 / SCALES["A"], -2 / 2 / SCALES["B"]])
    assert scores["coverage"].tolist() == [0.5, 1.0]
    assert scores["total"].isna().all()
    assert scores["cell"].tolist() == ["AX", "BY"]  # 46 of 56 units, steady; 10 units, standard deviation 1.5 of 2.5
    assert row.cells == pytest.approx({"AX": scores["SQL"][0], "BY": scores["SQL"][1]})


@pytest.mark.slow
def test_calibration_by_hand(by_hand: EvalTask) -> None:
    row, _ = evaluate(by_hand, Scripted(spread))
    # Truth less the median: A -1, +6; B -1, +3. At or below the level's step of -4 .. +4; a tie counts half.
    gaps = [-1, 6, -1, 3]
    expected = [np.mean([1.0 if gap < step else 0.5 if gap == step else 0.0 for gap in gaps]) for step in range(-4, 5)]
    assert list(row.calibration) == [level_name(level) for level in LEVELS]
    assert list(row.calibration.values()) == pytest.approx(expected)


@pytest.mark.slow
def test_what_a_row_says_of_itself(by_hand: EvalTask) -> None:
    told: list[tuple[int, int]] = []
    mine = Scripted(spread, name="Mine")
    row, _ = evaluate(by_hand, mine, seed=3, command="skucast eval x", progress=lambda *done: told.append(done))
    assert (row.task, row.contestant, row.kind, row.zero_shot) == ("small", "Mine", "run", False)
    assert (row.windows, row.series, row.series_of, row.limit, row.forecasts, row.seed) == (1, 2, 2, None, 2, 3)
    assert (row.unusable, row.fallback, row.tokens, row.model_digest, row.prompt_digest) == (None,) * 5
    assert row.fingerprint == by_hand.fingerprint
    assert row.versions["skucast"] == __version__
    assert row.versions["fev"]
    assert (row.command, told) == ("skucast eval x", [(1, 1)])
    assert row.seconds is not None and row.seconds < 5
    assert [(one.unique_id, one.rank) for one in row.examples] == [("B", "best"), ("A", "best")]
    assert row.examples[1].actual == TRUTH["A"]
    assert row.examples[1].history == PASTS["A"]
    assert (row.examples[1].q10, row.examples[1].q50, row.examples[1].q90) == ([10, 10], [14, 14], [18, 18])
    assert Row.model_validate_json(row.model_dump_json()) == row


@pytest.mark.slow
def test_a_sampled_row_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    task = task_of(make_panel(), monkeypatch, limit=2, seed=7)
    row, scores = evaluate(task, Scripted(last_value), seed=7)
    assert (row.limit, row.series, row.series_of, row.seed, row.forecasts) == (2, 2, 6, 7, 2 * WINDOWS)
    assert sorted(scores["unique_id"].unique()) == task.wanted


@pytest.mark.slow
def test_every_window_is_scored_and_averaged(small_task: EvalTask) -> None:
    row, scores = evaluate(small_task, Scripted(last_value))
    assert len(scores) == 6 * WINDOWS
    assert row.metrics["MASE"] == pytest.approx(scores.groupby("window")["MASE"].mean().mean())
    assert row.metrics["SQL"] == pytest.approx(row.metrics["MASE"])  # one value at every level


@pytest.mark.slow
def test_totals_of_paths_are_scored_beside_the_sum_of_quantiles(by_hand: EvalTask) -> None:
    class WithTotals(Scripted):
        def forecast(self, window: Window, horizon: int) -> Forecasts:
            made = super().forecast(window, horizon)
            return replace(made, totals={"total": {uid: np.full(9, sum(TRUTH[uid])) for uid in window.wanted}})

    row, scores = evaluate(by_hand, WithTotals(spread))
    assert row.metrics["total_pinball"] == 0.0
    assert row.metrics["total_coverage"] == 1.0
    assert (row.metrics["sum_pinball"] or 0) > 0
    assert scores["total"].tolist() == [0.0, 0.0]


@pytest.mark.slow
def test_periods_not_known_are_no_truth(monkeypatch: pytest.MonkeyPatch) -> None:
    panel = make_panel(schema=PanelSchema(missing="keep"))
    past = panel.past.copy()
    gone = (past["unique_id"] == "S00") & (past["ds"] >= past["ds"].max() - pd.Timedelta(weeks=2))
    past.loc[gone, "y"] = np.nan  # one series of the last window
    row, scores = evaluate(task_of(replace(panel, past=past), monkeypatch), Scripted(last_value))
    missing = scores[(scores["unique_id"] == "S00") & (scores["window"] == 1)]
    assert missing[["SQL", "MASE", "bias", "coverage"]].isna().all(axis=None)
    assert scores["MASE"].notna().sum() == 6 * WINDOWS - 1
    assert all(value is not None and np.isfinite(value) for value in row.metrics.values())


@pytest.mark.slow
def test_a_window_of_which_nothing_is_known_leaves_a_row_that_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    panel = make_panel(schema=PanelSchema(missing="keep"))
    past = panel.past.copy()
    past.loc[past["ds"] >= past["ds"].max() - pd.Timedelta(weeks=2), "y"] = np.nan
    row, _ = evaluate(task_of(replace(panel, past=past), monkeypatch), Scripted(last_value))
    assert row.metrics["SQL"] is None
    assert row.metrics["coverage"] is None
    assert len(row.calibration) == 9
    assert Row.model_validate_json(row.model_dump_json()) == row


# --- a harness that is fooled ---------------------------------------------------------------------------------------


class Shuffled:
    """A task whose windows come with one another's panel: what a shuffled cutoff would do."""

    def __init__(self, task: EvalTask, order: tuple[int, ...]) -> None:
        self._task, self._order = task, order

    def __getattr__(self, name: str) -> object:
        return getattr(self._task, name)

    def windows(self) -> Iterator[Window]:
        known = list(self._task.windows())
        for index, other in enumerate(self._order):
            yield replace(known[other], index=index)


@pytest.mark.slow
@pytest.mark.parametrize("order", [(1, 1), (0, 0), (1, 0)])
def test_a_shuffled_cutoff_is_caught(small_task: EvalTask, order: tuple[int, ...]) -> None:
    with pytest.raises(RuntimeError, match=r"its contestant saw sales up to .*, its truth begins"):
        evaluate(Shuffled(small_task, order), Scripted(last_value))  # type: ignore[arg-type]


@pytest.mark.slow
def test_one_series_cut_later_is_caught(small_task: EvalTask) -> None:
    class Longer(Shuffled):
        def windows(self) -> Iterator[Window]:
            early, late = self._task.windows()
            rest = early.panel.past[early.panel.past["unique_id"] != "S03"]
            past = pd.concat([rest, late.panel.past_of("S03")], ignore_index=True)
            yield replace(early, panel=replace(early.panel, past=past))

    with pytest.raises(RuntimeError, match="window 0"):
        evaluate(Longer(small_task, ()), Scripted(last_value))  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_contestant_that_is_given_the_truth_stands_out(small_task: EvalTask) -> None:
    """The protocol has no way to it; by a door of its own the cheat scores a perfect 0, as nobody honest does."""

    def cheat(window: Window, uid: str) -> Array:
        truth = small_task.truth(window.index)
        return np.repeat(truth.y[truth.unique_ids.index(uid)][:, None], len(LEVELS), axis=1)

    row, _ = evaluate(small_task, Scripted(cheat))
    assert [row.metrics[name] for name in ("SQL", "MASE", "WQL", "WAPE", "RMSSE", "bias")] == [0.0] * 6
    assert row.metrics["coverage"] == 1.0
    assert list(row.calibration.values()) == [0.5] * 9  # every level at the truth
    honest, _ = evaluate(small_task, Scripted(last_value))
    assert (honest.metrics["SQL"] or 0) > 0.3


@pytest.mark.slow
def test_windows_are_shown_once_each_and_oldest_first(small_task: EvalTask) -> None:
    contestant = Scripted(last_value)
    evaluate(small_task, contestant)
    assert [window.index for window in contestant.windows] == list(range(WINDOWS))
    cutoffs = [window.panel.cutoff for window in contestant.windows]
    assert cutoffs[1] - cutoffs[0] == pd.Timedelta(weeks=HORIZON)
