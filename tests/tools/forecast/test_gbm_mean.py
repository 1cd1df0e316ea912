"""The mean GBM: learned once, and asked for under several plans."""

from dataclasses import replace

import numpy as np
import pandas as pd
from skucast.tools.data.panel import Panel
from skucast.tools.data.schema import PanelSchema
from skucast.tools.forecast.gbm_mean import MeanGBM, mean_gbm_forecasts
from skucast.tools.quantiles import MEDIAN


def promoted(plan: float) -> Panel:
    """Thirty weekly series that sell twice as much in every promotion, with this plan for the four weeks ahead."""
    rng = np.random.default_rng(4)
    ds = pd.date_range("2023-01-01", periods=64, freq="W-SUN")
    parts = []
    for n in range(30):
        promo = (rng.random(64) < 0.3).astype(float)
        promo[60:] = plan
        y = rng.poisson(20 * (1 + promo)).astype(float)
        parts.append(pd.DataFrame({"unique_id": f"p{n}", "ds": ds, "y": y, "promo": promo}))
    rows = pd.concat(parts, ignore_index=True)
    past = rows[rows["ds"] < ds[60]].reset_index(drop=True)
    future = rows[rows["ds"] >= ds[60]].drop(columns="y").reset_index(drop=True)
    static = pd.DataFrame(index=[f"p{n}" for n in range(30)])
    return Panel(past, future, static, PanelSchema(known_future=["promo"]), "W-SUN")


def test_one_model_answers_to_several_plans() -> None:
    plain = promoted(0.0)
    model = MeanGBM(plain, 4, threads=1)
    other = replace(plain, future=plain.future.assign(promo=1.0))
    without, with_ = model.forecast(plain), model.forecast(other)
    ratios = [with_[uid][:, MEDIAN].sum() / without[uid][:, MEDIAN].sum() for uid in plain.unique_ids]
    assert 1.6 < float(np.median(ratios)) < 2.4
    afresh = mean_gbm_forecasts(other, 4, threads=1)  # the plan ahead is nothing to learn from
    assert all(np.array_equal(afresh[uid], with_[uid]) for uid in plain.unique_ids)
