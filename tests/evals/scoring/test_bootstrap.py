"""The paired bootstrap, by hand where a hand can do it."""

import numpy as np
import pandas as pd
import pytest
from skucast.evals.scoring import bootstrap
from skucast.evals.scoring.bootstrap import Difference, paired_difference


def scores(losses: dict[str, list[float]]) -> pd.DataFrame:
    """Losses of each series, window by window."""
    rows = [
        {"unique_id": uid, "window": window, "SQL": loss}
        for uid, of in losses.items()
        for window, loss in enumerate(of)
    ]
    return pd.DataFrame(rows)


def test_two_series_by_hand() -> None:
    reference = scores({"a": [1.0, 2.0], "b": [3.0, 3.0]})
    other = scores({"a": [2.0, 3.0], "b": [5.0, 7.0]})
    found = paired_difference(reference, other)
    assert found is not None
    # a: mean gap -1, b: mean gap -3; a draw of two is (a, a), (a, b), (b, a) or (b, b): -1, -2, -2, -3
    assert (found.series, found.reference, found.other, found.gap) == (2, 2.25, 4.25, -2.0)
    assert (found.low, found.high) == (-3.0, -1.0)
    assert found.verdict == "too few series"


def test_a_constant_shift_has_no_width() -> None:
    losses = np.random.default_rng(1).gamma(2.0, 1.0, (40, 3))
    reference = scores({str(i): list(row) for i, row in enumerate(losses)})
    found = paired_difference(reference, reference.assign(SQL=reference["SQL"] + 0.25))
    assert found is not None
    assert (found.gap, found.low, found.high) == pytest.approx((-0.25, -0.25, -0.25))
    assert found.verdict == "ahead"
    back = paired_difference(reference.assign(SQL=reference["SQL"] + 0.25), reference)
    assert back is not None and back.verdict == "behind"


def test_windows_of_a_series_stay_together() -> None:
    # one window is better by as much as the other is worse: drawn apart they would spread, together they are 0
    reference = scores({str(i): [1.0, 3.0] for i in range(12)})
    other = scores({str(i): [3.0, 1.0] for i in range(12)})
    found = paired_difference(reference, other)
    assert found is not None
    assert (found.gap, found.low, found.high) == (0.0, 0.0, 0.0)
    assert found.verdict == "no different"


@pytest.mark.slow
def test_the_interval_covers_nothing_when_there_is_nothing() -> None:
    covered = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        one, two = rng.gamma(2.0, 1.0, (2, 60, 1))
        found = paired_difference(
            scores({str(i): list(v) for i, v in enumerate(one)}),
            scores({str(i): list(v) for i, v in enumerate(two)}),
            draws=2000,
        )
        assert found is not None
        covered += found.low <= 0 <= found.high
    assert 88 <= covered <= 99  # 95 of 100, give or take


def test_only_what_both_have_is_compared() -> None:
    reference = scores({"a": [1.0, 9.0, 9.0], "b": [2.0, np.nan, 9.0], "c": [7.0]})
    other = scores({"b": [4.0, 1.0], "a": [2.0, 10.0], "d": [0.0]})
    found = paired_difference(reference, other)
    assert found is not None
    # a: windows 0 and 1; b: window 0 only, as its window 1 is not known; c and d have no pair
    assert (found.series, found.reference, found.other) == (2, 3.5, 5.0)
    assert found.gap == -1.5
    assert paired_difference(reference[["unique_id", "window", "SQL"]], scores({"z": [1.0]})) is None


def test_the_same_seed_gives_the_same_interval_however_it_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    one, two = (scores({str(i): [float(rng.normal())] for i in range(30)}) for _ in range(2))
    whole = paired_difference(one, two, draws=501)
    monkeypatch.setattr(bootstrap, "CHUNK", 30 * 100)
    assert paired_difference(one, two, draws=501) == whole
    assert paired_difference(one, two, draws=501, seed=1) != whole


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(-0.3, -0.1, "ahead"), (0.1, 0.3, "behind"), (-0.1, 0.3, "no different"), (-0.2, 0.0, "no different")],
)
def test_verdicts(low: float, high: float, verdict: str) -> None:
    assert Difference(50, 1.0, 1.0, 0.0, low, high).verdict == verdict
