"""Metrics against hand-worked numbers and slow twins."""

from typing import Any

import numpy as np
import pytest
from fev.metrics import get_metric
from skucast.evals.scoring.metrics import (
    bias,
    coverage,
    known_mean,
    mase,
    median_of,
    rates,
    seasonal_scale,
    series_bias,
    series_coverage,
    sql,
    total_scores,
    wape,
    wql,
)
from skucast.tools.quantiles import LEVELS, Array

Y = np.array([[10.0, 20.0], [4.0, 0.0]])
POINT = np.array([[12.0, 17.0], [4.0, 3.0]])
SCALE = np.array([5.0, 2.0])


def random_quantiles() -> np.ndarray:
    return np.sort(np.random.default_rng(0).gamma(2.0, 5.0, (2, 2, 9)), axis=-1)


def test_scale_by_hand() -> None:
    history = np.array([1.0, 5.0, 4.0, 9.0])
    assert seasonal_scale(history, 1) == pytest.approx((4 + 1 + 5) / 3)
    assert seasonal_scale(history, 2) == pytest.approx((3 + 4) / 2)
    assert seasonal_scale(np.array([1.0, np.nan, 4.0, 6.0]), 1) == pytest.approx(2.0)
    assert np.isnan(seasonal_scale(np.full(9, 3.0), 1))
    assert np.isnan(seasonal_scale(np.array([3.0]), 1))


def test_point_metrics_by_hand() -> None:
    assert mase(Y, POINT, SCALE) == pytest.approx([(2 + 3) / 2 / 5, (0 + 3) / 2 / 2])
    assert wape(Y, POINT) == pytest.approx((2 + 3 + 0 + 3) / 34)
    assert bias(Y, POINT) == pytest.approx((2 - 3 + 0 + 3) / 34)
    assert bias(Y, Y + 1) > 0  # positive is over-forecast


def test_sql_equals_its_slow_twin() -> None:
    quantiles = random_quantiles()
    for n in range(2):
        losses = []
        for h in range(2):
            for level, q in zip(LEVELS, quantiles[n, h], strict=True):
                error = Y[n, h] - q
                losses.append(2 * (level * error if error >= 0 else (level - 1) * error))
        assert sql(Y, quantiles, SCALE)[n] == pytest.approx(np.mean(losses) / SCALE[n])


def test_sql_of_a_point_copied_into_every_level_is_mase() -> None:
    copied = np.repeat(POINT[..., None], 9, axis=-1)
    assert sql(Y, copied, SCALE) == pytest.approx(mase(Y, POINT, SCALE))
    assert median_of(copied) == pytest.approx(POINT)


def test_wql_is_the_unscaled_twin() -> None:
    quantiles = random_quantiles()
    assert wql(Y, quantiles) == pytest.approx((sql(Y, quantiles, np.ones(2)) * 2).sum() / 34)


def test_coverage_by_hand() -> None:
    quantiles = np.tile(np.linspace(3.0, 11.0, 9), (2, 2, 1))
    assert coverage(Y, quantiles) == pytest.approx(2 / 4)  # 10 and 4 lie in [3, 11]; 20 and 0 do not
    assert coverage(np.array([[3.0, np.nan]]), quantiles[:1]) == 1.0


# --- ours, fev's and a plain loop, on the same numbers with holes ---------------------------------------------------

N, H, T = 5, 4, 30


def with_holes() -> tuple[Array, Array, list[Array]]:
    """Truth with NaN (one series of nothing known), quantiles, and pasts of which one is flat and one has gaps."""
    rng = np.random.default_rng(11)
    y = rng.gamma(2.0, 6.0, (N, H))
    y[1, 2] = y[3, 0] = np.nan
    y[4] = np.nan
    pasts = [rng.gamma(2.0, 6.0, T - 3 * n) for n in range(N)]
    pasts[2][:] = 7.0
    pasts[3][[4, 5, 11]] = np.nan
    return y, np.sort(rng.gamma(2.0, 5.0, (N, H, 9)), axis=-1), pasts


def fev_score(name: str, y: Array, quantiles: Array, pasts: list[Array], season: int) -> float:
    given: dict[str, Any] = {
        "y_true": y[:, :, None],
        "y_pred": median_of(quantiles)[:, :, None],
        "q_pred": quantiles[:, :, None, :],
        "y_past": np.concatenate(pasts)[:, None],
        "y_past_lengths": np.array([len(past) for past in pasts]),
        "seasonality": season,
        "quantile_levels": list(LEVELS),
    }
    with np.errstate(all="ignore"):
        return float(get_metric(name).compute(**given))


def loop_scale(past: Array, season: int, power: int = 1) -> float:
    gaps = [abs(past[t] - past[t - season]) ** power for t in range(season, len(past))]
    known = [gap for gap in gaps if not np.isnan(gap)]
    return sum(known) / len(known)


def loop_pinball(y: float, q: float, level: float) -> float:
    return level * (y - q) if y >= q else (1 - level) * (q - y)


def loop_score(name: str, y: Array, quantiles: Array, pasts: list[Array], season: int) -> float:
    """The metric one number at a time: fev-bench's definitions, a series without a scale left out."""
    terms, weights = [], []
    for n in range(N):
        scale = loop_scale(pasts[n], season, 2 if name == "RMSSE" else 1)
        for h in range(H):
            if np.isnan(y[n, h]) or (scale == 0 and name in ("SQL", "MASE", "RMSSE")):
                continue
            error = abs(y[n, h] - quantiles[n, h, 4])
            loss = sum(2 * loop_pinball(y[n, h], quantiles[n, h, i], level) for i, level in enumerate(LEVELS)) / 9
            weights.append(abs(y[n, h]))
            if name in ("SQL", "WQL"):
                terms.append(loss / scale if name == "SQL" else loss)
            elif name == "RMSSE":
                terms.append(error**2 / scale)
            else:
                terms.append(error / scale if name == "MASE" else error)
    if name in ("WQL", "WAPE"):
        return float(sum(terms) / sum(weights))
    mean = sum(terms) / len(terms)
    return float(np.sqrt(mean)) if name == "RMSSE" else float(mean)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("season", [1, 7])
@pytest.mark.parametrize("name", ["SQL", "MASE", "WQL", "WAPE", "RMSSE"])
def test_fevs_metrics_equal_a_plain_loop(name: str, season: int) -> None:
    assert fev_score(name, *with_holes(), season) == pytest.approx(loop_score(name, *with_holes(), season), rel=1e-12)


@pytest.mark.parametrize("season", [1, 7])
def test_our_series_metrics_equal_a_plain_loop(season: int) -> None:
    y, quantiles, pasts = with_holes()
    scale = np.array([seasonal_scale(past, season) for past in pasts])
    assert np.isnan(scale[2])
    for n in (0, 1, 3):
        assert scale[n] == pytest.approx(loop_scale(pasts[n], season))
        known = [h for h in range(H) if not np.isnan(y[n, h])]
        errors = [quantiles[n, h, 4] - y[n, h] for h in known]
        loss = [2 * loop_pinball(y[n, h], quantiles[n, h, i], level) for h in known for i, level in enumerate(LEVELS)]
        inside = [quantiles[n, h, 0] <= y[n, h] <= quantiles[n, h, 8] for h in known]
        assert sql(y, quantiles, scale)[n] == pytest.approx(np.mean(loss) / scale[n])
        assert mase(y, median_of(quantiles), scale)[n] == pytest.approx(np.mean(np.abs(errors)) / scale[n])
        assert series_bias(y, median_of(quantiles), scale)[n] == pytest.approx(np.mean(errors) / scale[n])
        assert series_coverage(y, quantiles)[n] == pytest.approx(np.mean(inside))
    for found in (sql(y, quantiles, scale), mase(y, median_of(quantiles), scale)):
        assert np.isnan(found[[2, 4]]).all()  # no scale; nothing known
    assert np.isnan(series_coverage(y, quantiles)[4])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_our_pooled_metrics_equal_fevs() -> None:
    y, quantiles, pasts = with_holes()
    assert wql(y, quantiles) == pytest.approx(fev_score("WQL", y, quantiles, pasts, 1))
    assert wape(y, median_of(quantiles)) == pytest.approx(fev_score("WAPE", y, quantiles, pasts, 1))
    whole = [0, 1]  # with every step known the mean over series is the mean over all
    y, quantiles, pasts = np.nan_to_num(y[whole], nan=3.0), quantiles[whole], [pasts[n] for n in whole]
    scale = np.array([seasonal_scale(past, 7) for past in pasts])
    assert sql(y, quantiles, scale).mean() == pytest.approx(fev_score("SQL", y, quantiles, pasts, 7))
    assert mase(y, median_of(quantiles), scale).mean() == pytest.approx(fev_score("MASE", y, quantiles, pasts, 7))


def test_the_sign_of_bias() -> None:
    y = np.array([[10.0, np.nan], [30.0, 0.0]])
    assert bias(y, np.full((2, 2), 20.0)) == pytest.approx((10 - 10 + 20) / 40)
    assert bias(y, np.zeros((2, 2))) == -1.0  # nothing forecast: all of it missed
    assert bias(y, 2 * np.nan_to_num(y)) == 1.0
    assert np.isnan(bias(np.zeros((1, 2)), np.ones((1, 2))))
    scaled = series_bias(y, np.full((2, 2), 20.0), np.array([5.0, 2.0]))
    assert scaled == pytest.approx([10 / 5, (-10 + 20) / 2 / 2])


def test_coverage_counts_what_is_known() -> None:
    band = np.tile(np.linspace(10.0, 18.0, 9), (2, 2, 1))
    y = np.array([[10.0, 18.0], [np.nan, 18.1]])
    assert coverage(y, band) == pytest.approx(2 / 3)
    assert series_coverage(y, band).tolist() == [1.0, 0.0]
    assert np.isnan(coverage(np.full((1, 1), np.nan), band[:1, :1]))
    assert known_mean(np.array([1.0, np.nan, 4.0])) == 2.5


def test_rates_count_ties_half() -> None:
    quantiles = np.tile(np.arange(9.0), (1, 4, 1))
    found = rates(np.array([[0.0, 3.5, 8.0, np.nan]]), quantiles)
    # 0 ties with the first level, 8 with the last; 3.5 lies under those from 4 on.
    assert found == pytest.approx([0.5 / 3, *[1 / 3] * 3, *[2 / 3] * 4, 2.5 / 3])


def test_scores_of_totals_by_hand() -> None:
    y = np.array([[1.0, 4.0], [2.0, 2.0], [np.nan, 1.0]])
    totals = np.stack([np.full(9, 5.0), np.linspace(6.0, 14.0, 9), np.full(9, 1.0)])
    loss, inside = total_scores(y, totals, np.array([2.0, 0.5, 1.0]))
    # The second truth, 4, lies under every level q: 2 (1 - level) (q - 4), over nine levels, by scale times steps.
    expected = np.mean([2 * (1 - level) * (6 + i - 4) for i, level in enumerate(LEVELS)]) / (0.5 * 2)
    assert loss[:2] == pytest.approx([0.0, expected])
    assert inside[:2].tolist() == [1.0, 0.0]
    assert np.isnan(loss[2])
    assert np.isnan(inside[2])
