"""The VN2 game: earlier starts read nothing of the competition's weeks, and its first two weeks cost what they did."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from skucast.evals.bench import vn2_game
from skucast.evals.bench.vn2_game import CHECK, COSTS, EARLIER, competition, earlier
from skucast.tools.decide.replay import Known
from skucast.tools.forecast.lost_sales import without_stockouts


def test_an_earlier_start(vn2_files: Path) -> None:
    """Means 3 and 0.25: in stock 3 and 1; 6 - 3 = 3 and nothing for week 2. One of 16 weeks was out of stock."""
    game = earlier("2024-02-12")
    assert game.panel.unique_ids == ["0-7", "0-8"]
    assert game.on_hand.tolist() == [3, 1] and game.pipeline.tolist() == [[0, 3], [0, 0]]
    assert game.demand[0].tolist() == [3, 0, 3, 3, 3, 3, 3, 3] and game.demand[1].sum() == 2
    assert game.out_of_stock == 1 / 16
    assert [f"{at:%m-%d}" for at in game.decisions] == ["02-12", "02-19", "02-26", "03-04", "03-11", "03-18"]
    assert game.panel.cutoff == game.decisions[-1]


def test_earlier_starts_end_before_the_competition() -> None:
    last = pd.Timestamp(max(EARLIER)) + pd.Timedelta(weeks=vn2_game.WEEKS)
    assert len(EARLIER) >= 6 and last <= pd.Timestamp(vn2_game.LAST_KNOWN)


def test_the_competition(vn2_files: Path) -> None:
    """The first five weeks are revealed one by one; whether they were in stock is not known."""
    game = competition()
    assert game.on_hand.tolist() == [5, 1] and game.pipeline.tolist() == [[0, 6], [0, 2]]
    assert game.demand.shape == (2, 8) and (game.demand >= 100).all() and game.out_of_stock is None
    assert game.panel.cutoff == game.decisions[-1] == pd.Timestamp("2024-05-13")
    first = game.panel.before(game.decisions[0])
    assert first.past["y"].max() == 3 and first.cutoff == pd.Timestamp(vn2_game.LAST_KNOWN)
    revealed = game.panel.past[game.panel.past["ds"] > vn2_game.LAST_KNOWN]
    assert revealed["in_stock"].isna().all() and len(revealed) == 10
    assert without_stockouts(game.panel).past["y"].isna().sum() == 1


@pytest.mark.slow
def test_the_first_two_weeks(benchmark_data: Path) -> None:
    """They are decided by the start, whatever is ordered: 380.6 and 533.2."""
    game = competition()
    nothing = [Known(at, np.zeros((599, 1)), np.zeros((599, 1, 4))) for at in game.decisions]
    cost = game.play(nothing, lambda state: np.zeros(599)).cost
    assert cost[:, 0].sum() == pytest.approx(CHECK[0]) and cost[:, 1].sum() == pytest.approx(CHECK[1])
    assert (COSTS.holding, COSTS.shortage) == (0.2, 1.0)
