"""The forecasting tools by name, behind one call: a cut panel and a horizon in, quantiles of every series out."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from ..data.panel import Panel
from ..errors import InputError, nearest
from ..quantiles import Array
from .adjusted import ADJUSTED, adjusted_forecasts
from .blend import Combined, Memo, Model, combined_forecasts, remember
from .features import holiday_dates
from .gbm_mean import mean_gbm_forecasts
from .gbm_quantile import gbm_forecasts
from .recent import recent_forecasts
from .statistical import KNOWN, base_forecasts

TREES = ("GBM", "MeanGBM")
MEMBERS = ("Recent", "DynamicOptimizedTheta", *ADJUSTED, *TREES)
DOUBT = 5  # series with which the trees stand without proof for half: evals/bench/blend.py
MODELS = ("Naive", *KNOWN, "Recent", "Statistical", *ADJUSTED, "GBM", "MeanGBM", "Combined")


@dataclass(frozen=True)
class Toolbox:
    """The tools with what they need to know beside the panel.

    Attributes:
        season_length: of the naive family; the panel's own season when left out.
        country: ISO code, for public holidays.
        seed: of every random draw.
        workers: processes of the statistical models; None chooses by the number of series.
        budget: seconds a series that a statistical model may take.

    Raises:
        InputError: the country is not known.
    """

    season_length: int | None = None
    country: str | None = None
    seed: int = 0
    workers: int | None = None
    budget: float = 1.0

    def __post_init__(self) -> None:
        if self.country is not None:
            holiday_dates(self.country, 2024, 2024)  # an unknown country is refused at once

    def forecast(self, name: str, panel: Panel, horizon: int, *, memo: Memo | None = None) -> dict[str, Array]:
        """Quantiles `[H, Q]` in units per period by unique_id, from the model called `name`.

        Args:
            name: one of `MODELS`.
            panel: what is known.
            horizon: periods ahead.
            memo: forecasts of the members of `Combined` made before for this panel, at any cutoff; added to.

        Raises:
            InputError: the model is not known, or the horizon not positive.
        """
        if name not in MODELS:
            raise InputError(f"unknown model {name!r}: {nearest(name, MODELS)}")
        if memo is not None and name in MEMBERS:
            return remember(memo, name, panel.cutoff, horizon, lambda: self.forecast(name, panel, horizon))
        if name == "GBM":
            return gbm_forecasts(panel, horizon, country=self.country, seed=self.seed).quantiles
        if name == "MeanGBM":
            return mean_gbm_forecasts(panel, horizon, country=self.country, seed=self.seed)
        if name == "Recent":
            return recent_forecasts(panel, horizon)
        if name in ADJUSTED:
            return adjusted_forecasts(panel, horizon, name, workers=self.workers)
        if name == "Combined":
            return self.combined(panel, horizon, memo=memo).quantiles
        if name in ("Naive", "SeasonalNaive"):
            season = 1 if name == "Naive" else self.season_length
            made = base_forecasts(panel, horizon, models=["SeasonalNaive"], season_length=season, masks=False)
        else:
            models = None if name == "Statistical" else [name]
            made = base_forecasts(panel, horizon, models=models, workers=self.workers, budget=self.budget)
        return {uid: forecast.quantiles for uid, forecast in made.items()}

    def combined(
        self,
        panel: Panel,
        horizon: int,
        *,
        members: tuple[str, ...] = MEMBERS,
        memo: Memo | None = None,
        progress: Callable[[str, pd.Timestamp], None] | None = None,
    ) -> Combined:
        """Combine these members (see `combined_forecasts`).

        Raises:
            InputError: the horizon is not positive, or the past too short for every member.
        """

        def model(name: str) -> Model:
            return lambda at, ahead: self.forecast(name, at, ahead)

        made = {name: model(name) for name in members}
        unproven = unproven_weights(len(panel.unique_ids))
        return combined_forecasts(panel, horizon, made, unproven=unproven, memo=memo, progress=progress)


def unproven_weights(series: int) -> dict[str, float]:
    """Weights of the members before anything is known of them: the trees', who learn from all series, and `Recent`'s.

    Trees of n series carry n / (n + 5), the recent pattern the rest. The others must prove themselves.

    Args:
        series: that the trees learn from.
    """
    trees = series / (series + DOUBT)
    return {**dict.fromkeys(TREES, trees / len(TREES)), "Recent": 1 - trees}
