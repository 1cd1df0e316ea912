"""The page of the least share says what was measured, and the measurement ends before any test window."""

import json
from dataclasses import dataclass, field

import pandas as pd
import pytest
from skucast.evals.bench import shares
from skucast.evals.scoring.contestants import FusedContestant
from skucast.evals.tasks.task import EvalTask
from skucast.tools.data.panel import Panel
from skucast.tools.errors import InputError
from skucast.tools.forecast.models import Toolbox
from skucast.tools.forecast.weights import SHARES
from skucast.tools.quantiles import LEVELS, Array

from ..conftest import HORIZON


@dataclass
class Flat:
    """Always so many units."""

    units: float
    seen: list[pd.Timestamp] = field(default_factory=list)

    def forecast(self, panel: Panel, horizon: int) -> dict[str, Array]:
        self.seen.append(panel.cutoff)
        return dict.fromkeys(panel.unique_ids, pd.DataFrame(self.units, range(horizon), LEVELS).to_numpy())


@pytest.mark.slow
def test_a_curve_is_of_the_horizon_before_the_first_test_window(
    small_task: EvalTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = next(small_task.windows()).panel
    mean = float(panel.past["y"].mean())
    monkeypatch.setattr(Toolbox, "forecast", lambda _, name, past, horizon: Flat(3 * mean).forecast(past, horizon))
    engine = Flat(mean)
    fused = FusedContestant("Combined+Slot@x", engine, None, Toolbox())  # type: ignore[arg-type]
    told = shares.share_curve(small_task, fused)
    at = pd.date_range(end=panel.cutoff, periods=HORIZON + 1, freq=panel.offset)[0]
    assert engine.seen == [at] and told["cutoff"] == f"{at:%Y-%m-%d}"
    assert [row["share"] for row in told["rows"]] == list(shares.TRIED)
    assert told["rows"][-1]["percent"] < told["rows"][0]["percent"] < 0
    fused.until = panel.cutoff
    with pytest.raises(InputError, match="was trained until"):
        shares.share_curve(small_task, fused)


def test_the_page_is_that_of_the_file_and_the_share_is_the_best_of_it() -> None:
    told = json.loads((shares.DOCS / "shares.json").read_text(encoding="utf-8"))
    assert (shares.DOCS / "SHARES.md").read_text(encoding="utf-8") == shares.page(told)
    assert f"Of these, {SHARES[0]:g} is best in the mean" in shares.page(told)
