"""The global mean GBM: one Tweedie LightGBM over all series, and bands from what it missed on held-out windows."""

from typing import Any

import lightgbm as lgb
import numpy as np

from ..data.cube import Cube, cube
from ..data.panel import Panel
from ..errors import InputError
from ..quantiles import LEVELS, MEDIAN, Array, monotone
from .features import FeatureMaker, Index
from .rows import COMMON, Table, dataset, origins, table

MAX_ROWS, TUNING_ROWS = 250_000, 120_000
MAX_ROUNDS, MIN_ROUNDS, DEFAULT_ROUNDS, PATIENCE = 1000, 20, 100, 35
HELD_OUT = 20_000  # rows of held-out windows wanted for the bands
HELD_OUT_WINDOWS = 3
IN_BIN = 250  # held-out rows a bin of the bands holds at least

PARAMS: dict[str, Any] = {
    "objective": "tweedie",
    "tweedie_variance_power": 1.2,
    "learning_rate": 0.12,
    "num_leaves": 63,
    "min_data_in_leaf": 80,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 1.0,
}


def mean_gbm_forecasts(
    panel: Panel, horizon: int, *, country: str | None = None, seed: int = 0, threads: int = 0
) -> dict[str, Array]:
    """Train one mean model on windows of the panel's past, and forecast every series from its own last period.

    See `MeanGBM`.

    Returns:
        Quantiles `[H, Q]` in units per period by unique_id.

    Raises:
        InputError: the horizon is not positive, or no past window of that horizon has a known sale.
    """
    return MeanGBM(panel, horizon, country=country, seed=seed, threads=threads).forecast(panel)


class MeanGBM:
    """One mean model of a panel's past, which forecasts that panel under any plan of what is known ahead.

    Rows are those of the quantile GBM; the target is the mean, by a Tweedie likelihood, which takes zeros and tails as
    they come. A first model is trained without the last windows and stopped early on them (on a past too short for
    that there is none, and the bands come from the training rows, too narrow). What it missed there, as the ratio of
    truth to forecast, gives the bands: its quantiles among rows of like forecast units and like spread of the series'
    past. The final model is trained on all windows.

    Args:
        panel: what is known.
        horizon: periods ahead.
        country: ISO code, for public holidays.
        seed: of sampling and of the trees.
        threads: for LightGBM; 0 takes OMP_NUM_THREADS, else every core.

    Raises:
        InputError: the horizon is not positive, or no past window of that horizon has a known sale.

    Source: Zhou, Qian and Yang (2022), "Tweedie gradient boosting for extremely unbalanced zero-inflated data".
    """

    def __init__(
        self, panel: Panel, horizon: int, *, country: str | None = None, seed: int = 0, threads: int = 0
    ) -> None:
        if horizon < 1:
            raise InputError(f"horizon {horizon}: expected 1 or more periods")
        self.horizon, self.country = horizon, country
        arrays, maker = self._seen = self._rows(panel)
        self._panel = panel
        draws = np.random.default_rng(seed)
        last = arrays.y.shape[1] - 1
        pasts = origins(arrays, maker.freq)
        train = table(maker, pasts, draws, MAX_ROWS)
        if train is None:
            raise InputError(f"the past is too short to train on windows of {horizon} periods")
        params = {**PARAMS, **COMMON, "seed": seed, "num_threads": threads}
        wanted = min(HELD_OUT_WINDOWS, -(-HELD_OUT // (len(arrays.unique_ids) * horizon)))
        held, first = self._held_out(pasts, last, wanted, draws)
        check = table(maker, held, draws, TUNING_ROWS) if first is not None else None
        rounds, model, missed = DEFAULT_ROUNDS, None, train
        if first is not None and check is not None:
            stop = lgb.early_stopping(PATIENCE, verbose=False)
            model = lgb.train(
                params, dataset(first, maker), MAX_ROUNDS, valid_sets=[dataset(check, maker)], callbacks=[stop]
            )
            missed = check
            if len(held) == wanted:  # fewer say enough of the bands, and too little of how long to learn
                rounds = max(int(model.best_iteration), MIN_ROUNDS)
        self._final = lgb.train(params, dataset(train, maker), rounds)
        self._bands = _Bands(maker, missed, np.asarray((model or self._final).predict(missed.x)))
        if len(held) < wanted:  # they say how wide forecasts miss, and not to which side
            middle = float(np.median(train.y / np.maximum(np.asarray(self._final.predict(train.x)), 1e-9)))
            self._bands.centre(middle)

    def forecast(self, panel: Panel) -> dict[str, Array]:
        """Quantiles `[H, Q]` in units per period by unique_id.

        Args:
            panel: the one that was learned from, with the same or another plan.
        """
        arrays, maker = self._seen if panel is self._panel else self._rows(panel)
        quantiles: dict[str, Array] = {}
        for end in np.unique(arrays.end):
            members: Index = np.flatnonzero(arrays.end == end)
            ahead = maker.at(int(end), members)
            mean = np.asarray(self._final.predict(ahead.x))
            units = self._bands.around(mean, ahead.baseline, ahead.x).reshape(len(members), self.horizon, len(LEVELS))
            units[arrays.closed[members][:, end + 1 : end + 1 + self.horizon]] = 0.0
            quantiles |= {arrays.unique_ids[row]: q for row, q in zip(members, monotone(units), strict=True)}
        return {uid: quantiles[uid] for uid in panel.unique_ids}

    def _held_out(
        self, pasts: list[int], last: int, wanted: int, draws: np.random.Generator
    ) -> tuple[list[int], Table | None]:
        """As many of the last windows as leave two origins before them to learn from, and what those have to teach."""
        for count in range(wanted, 0, -1):
            held = [last - self.horizon * (k + 1) for k in range(count)]
            earlier = [origin for origin in pasts if origin + self.horizon <= held[-1]]
            if len(earlier) >= 2:
                return held, table(self._seen[1], earlier, draws, TUNING_ROWS)
        return [], None

    def _rows(self, panel: Panel) -> tuple[Cube, FeatureMaker]:
        arrays = cube(panel, self.horizon)
        return arrays, FeatureMaker(arrays, self.country)


class _Bands:
    """Quantiles of truth over forecast, in bins of forecast units and, within them, of the past's spread."""

    def __init__(self, maker: FeatureMaker, rows: Table, mean: Array) -> None:
        self.spread = maker.names.index("spread")
        parts = max(1, int(np.sqrt(len(rows.y) / IN_BIN)))
        units, spread = mean * rows.usual, np.nan_to_num(rows.x[:, self.spread]).astype(float)
        shares = np.linspace(0, 1, parts + 1)[1:-1]
        self.by_units = np.quantile(units, shares)
        place = np.searchsorted(self.by_units, units)
        self.by_spread = np.stack(
            [np.quantile(spread[place == i] if (place == i).any() else spread, shares) for i in range(parts)]
        )
        ratio = rows.y / np.maximum(mean, 1e-9)
        whole = np.quantile(ratio, LEVELS)
        self.ratios = np.tile(whole, (parts, parts, 1))
        bins = self._spread_bin(place, spread)
        for i in range(parts):
            for j in range(parts):
                here = ratio[(place == i) & (bins == j)]
                if len(here) >= IN_BIN // 4:
                    self.ratios[i, j] = np.quantile(here, LEVELS)

    def around(self, mean: Array, usual: Array, x: Any) -> Array:
        """Quantiles in units of rows with this mean over usual units, shape `[K, Q]`."""
        units = mean * usual
        place = np.searchsorted(self.by_units, units)
        bins = self._spread_bin(place, np.nan_to_num(x[:, self.spread]).astype(float))
        return np.asarray(self.ratios[place, bins] * units[:, None], dtype=float)

    def centre(self, middle: float) -> None:
        """Put the median of each bin at so much of the forecast, the other levels in proportion."""
        median = self.ratios[..., MEDIAN : MEDIAN + 1]
        self.ratios = np.where(median > 0, self.ratios / np.maximum(median, 1e-9) * middle, self.ratios)

    def _spread_bin(self, place: Index, spread: Array) -> Index:
        return np.asarray((self.by_spread[place] < spread[:, None]).sum(axis=1), dtype=np.int64)
