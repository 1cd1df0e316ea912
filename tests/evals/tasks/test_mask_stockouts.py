"""Periods out of stock: where a task says so they are no truth, elsewhere they score as what was sold."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from skucast.evals.scoring.contestants import ToolContestant
from skucast.evals.scoring.evaluate import evaluate
from skucast.evals.tasks.task import EvalTask, load_spec
from skucast.tools.errors import InputError
from skucast.tools.forecast.models import Toolbox

WEEKS = 40


def write(folder: Path, mask: bool, columns: str = 'past_only = ["stock"]') -> Path:
    """Two products that sell 10 and 20 a week; the first is out of stock in weeks 20 and 39, of 40."""
    ds = pd.date_range("2023-01-01", periods=WEEKS, freq="W-SUN")
    parts = []
    for uid, level in (("A", 10.0), ("B", 20.0)):
        y = level + np.arange(WEEKS) % 2
        stock = np.full(WEEKS, 50.0)
        if uid == "A":
            y[[19, 38]] = stock[[19, 38]] = 0.0
        parts.append(pd.DataFrame({"unique_id": uid, "ds": ds, "y": y, "stock": stock}))
    pd.concat(parts).to_csv(folder / "sales.csv", index=False)
    (folder / "sales.toml").write_text(f"{columns}\n")
    task = folder / "stock.toml"
    task.write_text(f'file = "sales.csv"\nhorizon = 4\nwindows = 1\nmask_stockouts = {str(mask).lower()}\n')
    return task


@pytest.mark.slow
def test_out_of_stock_is_no_truth_where_the_task_says_so(tmp_path: Path) -> None:
    task = EvalTask(*load_spec(str(write(tmp_path, mask=True))))
    truth = task.truth(0)
    np.testing.assert_array_equal(truth.y, [[10, 11, np.nan, 11], [20, 21, 20, 21]])
    assert np.isnan(truth.history[0][19]) and np.isfinite(truth.history[1]).all()
    shown = next(task.windows()).panel.past_of("A")
    assert np.isnan(shown["y"].iloc[19]) and shown["stock"].iloc[19] == 0


@pytest.mark.slow
def test_and_scores_as_what_was_sold_elsewhere(tmp_path: Path) -> None:
    task = EvalTask(*load_spec(str(write(tmp_path, mask=False))))
    np.testing.assert_array_equal(task.truth(0).y, [[10, 11, 0, 11], [20, 21, 20, 21]])


@pytest.mark.slow
def test_a_forecast_of_demand_is_not_blamed_for_an_empty_shelf(tmp_path: Path) -> None:
    rows = {}
    for mask in (True, False):
        task = EvalTask(*load_spec(str(write(tmp_path, mask=mask))))
        row, scores = evaluate(task, ToolContestant("SeasonalNaive", Toolbox(1, None, 0, 1)))
        rows[mask] = (row, scores.set_index("unique_id")["MASE"])
    # last value of A is 11: errors 1, 0, (11), 0 over a scale of 1 where the gap is not known
    assert rows[True][1]["A"] == pytest.approx(1 / 3)
    assert rows[False][1]["A"] > rows[True][1]["A"]
    assert rows[True][0].metrics["MASE"] == pytest.approx((1 / 3 + 1 / 2) / 2, abs=0.1)  # fev's own mean agrees
    assert rows[True][0].fingerprint != rows[False][0].fingerprint


def test_a_task_cannot_mask_by_stock_that_it_has_not(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column tells when stock ran out"):
        EvalTask(*load_spec(str(write(tmp_path, mask=True, columns=""))))
