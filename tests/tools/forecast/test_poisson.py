"""Count regression against statsmodels, which fits one series with dummies at a time."""

import numpy as np
import pytest
import statsmodels.api as sm
from skucast.tools.forecast.poisson import fit_common, fit_counts, spread_of
from skucast.tools.quantiles import Array


@pytest.fixture(scope="module")
def drawn() -> tuple[Array, Array]:
    """Four series of 60 periods that share time effects; slopes -1, -2, -3, -1.5."""
    rng = np.random.default_rng(1)
    x, time = rng.normal(0, 0.2, (4, 60)), rng.normal(0, 0.2, 60)
    mean = np.array([40.0, 20, 80, 10])[:, None] * np.exp(np.array([-1, -2, -3, -1.5])[:, None] * x + time)
    y = rng.poisson(mean).astype(float)
    y[0, :7] = np.nan
    return y, x


def test_one_series_is_statsmodels_poisson(drawn: tuple[Array, Array]) -> None:
    y, x = drawn
    fit = fit_counts(y[:1], x[:1, :, None], None)
    known = np.isfinite(y[0])
    oracle = sm.GLM(y[0, known], sm.add_constant(x[0, known]), family=sm.families.Poisson()).fit()
    assert fit.slopes[0, 0] == pytest.approx(oracle.params[1], abs=1e-4)
    assert fit.error[0, 0] >= oracle.bse[1] * 0.999


def test_shared_time_effects_are_dummies(drawn: tuple[Array, Array]) -> None:
    """To the half unit by which a thin period is held to no effect."""
    y, x = drawn
    fit = fit_counts(y, x[..., None], np.zeros(4, dtype=np.int64))
    rows, at = np.nonzero(np.isfinite(y))
    own = [rows == n for n in range(4)]
    columns = [*(one * x[rows, at] for one in own), *own, *(at == t for t in range(1, 60))]
    design = np.column_stack(columns).astype(float)
    oracle = sm.GLM(y[rows, at], design, family=sm.families.Poisson()).fit()
    assert fit.slopes[:, 0] == pytest.approx(oracle.params[:4], abs=0.02)


def test_the_spread_of_a_negative_binomial() -> None:
    rng = np.random.default_rng(2)
    mean = np.exp(rng.normal(3, 0.5, (40, 1))) * np.ones((40, 200))
    y = rng.poisson(mean * rng.gamma(5, 0.2, mean.shape)).astype(float)
    group = np.zeros(40, dtype=np.int64)
    fit = fit_counts(y, rng.normal(size=(*y.shape, 1)), None)
    assert spread_of(y, fit, group) == pytest.approx(0.2, abs=0.02)


def test_one_slope_of_all_is_pyfixest_fepois(drawn: tuple[Array, Array]) -> None:
    """One slope with levels and time effects, to the half unit."""
    pf = pytest.importorskip("pyfixest")
    import pandas as pd

    y, x = drawn
    rows, at = np.nonzero(np.isfinite(y))
    table = pd.DataFrame({"y": y[rows, at], "x": x[rows, at], "i": rows, "t": at})
    oracle = pf.fepois("y ~ x | i + t", table).coef()["x"]
    assert fit_common(y, x, np.zeros(4, dtype=np.int64)) == pytest.approx(oracle, abs=0.03)
