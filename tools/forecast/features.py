"""Features of the global model: one row a series and step of a horizon, from what was known at one origin."""

import hashlib
import re
import warnings
from dataclasses import dataclass
from functools import lru_cache

import holidays
import numpy as np
import numpy.typing as npt
import pandas as pd

from ..data.cube import Bools, Cube
from ..data.freq import YEAR, ByFreq, freq_of
from ..errors import InputError, nearest
from ..quantiles import Array
from .events import events_of

Index = npt.NDArray[np.int64]
LEVEL_OVER = ByFreq({"D": 56, "W": 8, "M": 6})  # periods of the local level
USUAL_OVER = ByFreq({"D": 126, "W": 26, "M": 24})  # periods of the usual pattern by season and promotion
HALF_LIFE = ByFreq({"D": 42, "W": 13, "M": 12})
MEANS_OVER = ByFreq(
    {
        "D": (3, 7, 14, 28, 91, 364),
        "W": (1, 2, 4, 13, 26, 52),
        "2W": (1, 2, 3, 7, 13, 26),
        "4W": (1, 2, 3, 4, 7, 13),
        "M": (1, 2, 3, 6, 12, 24),
    }
)
SEASON = ByFreq({"D": 7, "W": 1, "M": 1})  # places of the short season; a year is last year's reference
PSEUDO = 2.0  # periods at the level that a usual value starts from
TEXT_BUCKETS = 8
NEAR = 15  # periods within which the next or last change of a flag is given


@dataclass(frozen=True)
class Origin:
    """All rows of one origin.

    Attributes:
        x: features, shape `[n * H, F]`, float32, step by step within a series.
        baseline: the usual units of each row, > 0, shape `[n * H]`: what the target is divided by.
        rows: the n series.
    """

    x: npt.NDArray[np.float32]
    baseline: Array
    rows: Index


class FeatureMaker:
    """Makes features of a cube as of any origin in it; nothing after the origin is read but known-future covariates."""

    def __init__(self, cube: Cube, country: str | None = None) -> None:
        self.cube = cube
        self.freq = freq_of(cube.offset)
        self.demand = cube.demand
        self.events = events_of(cube)
        self.promoted = None if cube.promoted is None else cube.promoted & ~self.events.any
        self.calendar = _calendar(cube.ds, self.freq, country)
        self.static, self.categorical_static = _static(cube.static)
        self.groups = _groups(cube.static)
        self.flags: dict[str, Bools] = {"closed": cube.closed} if cube.closed.any() else {}
        if cube.promoted is not None:
            self.flags["promoted"] = cube.promoted
        self.names: list[str] = []
        self.categorical: list[str] = list(self.categorical_static)

    def at(self, origin: int, rows: Index) -> Origin:
        """The rows of the H steps after `origin` (an index into the cube's periods) of these series.

        Args:
            origin: the last period known, 0 to T - 1.
            rows: indices of the series.
        """
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore", category=RuntimeWarning)  # means of nothing are NaN, and meant so
            return self._at(origin, rows)

    def _at(self, origin: int, rows: Index) -> Origin:
        cube, horizon = self.cube, self.cube.horizon
        seen = self.demand[rows, : origin + 1]
        steps = np.arange(origin + 1, origin + 1 + horizon)
        n = len(rows)
        columns: dict[str, Array] = {}

        def per_series(name: str, values: Array) -> None:
            columns[name] = np.repeat(values, horizon)

        def per_step(name: str, values: Array) -> None:
            columns[name] = np.tile(values, n)

        def per_cell(name: str, values: Array) -> None:
            columns[name] = np.asarray(values, dtype=float).reshape(-1)

        level = _level(seen, LEVEL_OVER[self.freq])
        usual, usual_past = self._usual(origin, rows, seen, level)
        relative = seen / np.maximum(usual_past, 1e-9)  # past units over the usual of their kind of period
        per_step("step", np.arange(1, horizon + 1).astype(float))
        for name, values in self.calendar.items():
            per_step(name, values[steps])
        per_series("log_level", np.log(level))
        per_cell("usual", usual / level[:, None])
        for over in MEANS_OVER[self.freq]:
            per_series(f"relative_{over}", np.nanmean(relative[:, -over:], axis=1))
        recent = relative[:, -LEVEL_OVER[self.freq] :]
        per_series("spread", np.nanstd(recent, axis=1))
        per_series("zeros", np.nanmean(seen[:, -USUAL_OVER[self.freq] :] == 0, axis=1))
        per_series("age", np.minimum(np.isfinite(seen).sum(axis=1), 2.0 * YEAR[self.freq]))
        last = np.where(np.isfinite(seen), np.arange(origin + 1)[None, :], -1).max(axis=1)
        per_series("since_known", (origin - last).astype(float))
        if self.freq != "D":
            for lag in range(min(4, origin + 1)):
                per_series(f"lag_{lag + 1}", seen[:, -1 - lag] / level)
        self._last_year(origin, rows, level, per_cell, per_step)
        for name, flag in self.flags.items():
            since, until = _runs(flag[rows], steps)
            per_cell(f"{name}_since", since)
            per_cell(f"{name}_until", until)
        for name, values in cube.known.items():
            ahead, past = values[rows][:, steps], values[rows, : origin + 1]
            per_cell(name, ahead)
            if not _is_flag(values):
                mean = np.nanmean(past[:, -USUAL_OVER[self.freq] :], axis=1)
                per_cell(f"{name}_against_usual", ahead - mean[:, None])
                per_cell(f"{name}_against_last", ahead - past[:, -1:])
                before = np.concatenate([past[:, -1:], ahead[:, :-1]], axis=1)
                per_cell(f"{name}_change", ahead - before)
        if "price" in cube.known and "regular_price" in cube.known:
            regular = cube.known["regular_price"][rows][:, steps]
            per_cell("price_share", cube.known["price"][rows][:, steps] / regular)
        for name, values in cube.past_only.items():
            past = values[rows, : origin + 1]
            short, long = MEANS_OVER[self.freq][1], MEANS_OVER[self.freq][3]
            mean = np.nanmean(past[:, -long:], axis=1)
            per_series(f"{name}_trend", np.nanmean(past[:, -short:], axis=1) / np.maximum(mean, 1e-9))
            per_series(f"{name}_per_unit", mean / level)
        for name, values in self.static.items():
            per_series(name, values[rows])
        self.names = list(columns)
        x = np.stack([values.astype(np.float32) for values in columns.values()], axis=1)
        return Origin(x, usual.reshape(-1), rows)

    def relative(self, origin: int, rows: Index) -> tuple[Array, Array]:
        """Past demand over its usual level, `[n, origin + 1]`, and the usual units of the horizon, `[n, H]`."""
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore", category=RuntimeWarning)
            seen = self.demand[rows, : origin + 1]
            ahead, past = self._usual(origin, rows, seen, _level(seen, LEVEL_OVER[self.freq]))
        return seen / np.maximum(past, 1e-9), ahead

    def _usual(self, origin: int, rows: Index, seen: Array, level: Array) -> tuple[Array, Array]:
        """Usual units of the horizon's periods and of the past ones, by place in the season and promotion."""
        over, season = USUAL_OVER[self.freq], SEASON[self.freq]
        horizon = self.cube.horizon
        place = (self.cube.ds.dayofweek.to_numpy() if self.freq == "D" else np.zeros(len(self.cube.ds), dtype=int))[
            : origin + 1 + horizon
        ]
        promoted = self.promoted
        state = np.zeros((len(rows), origin + 1 + horizon), dtype=int)
        if promoted is not None:
            state = promoted[rows, : origin + 1 + horizon].astype(int)
        recent = seen[:, -over:]
        start = seen.shape[1] - recent.shape[1]
        weight = 0.5 ** (np.arange(recent.shape[1])[::-1] / HALF_LIFE[self.freq])
        known = np.isfinite(recent) & ~self.events.any[rows, start : origin + 1]
        value = np.where(known, recent, 0.0)
        usual = np.empty(state.shape)
        for kind in (0, 1):
            here = (state[:, start : origin + 1] == kind) & known
            mean_kind = _shrunk(value, here, weight, level, PSEUDO)
            for day in range(season):
                of_day = here & (place[None, start : origin + 1] == day)
                mean = _shrunk(value, of_day, weight, mean_kind, PSEUDO)
                usual = np.where((state == kind) & (place[None, :] == day), mean[:, None], usual)
        usual = np.maximum(usual, 0.05 * level[:, None])
        usual *= self.events.effect(origin, rows, usual.shape[1])
        return usual[:, origin + 1 :], usual[:, : origin + 1]

    def _last_year(self, origin: int, rows: Index, level: Array, per_cell: object, per_step: object) -> None:
        """What happened a year before each step, relative to the level of a year before the origin."""
        assert callable(per_cell) and callable(per_step)
        year, horizon = YEAR[self.freq], self.cube.horizon
        over = LEVEL_OVER[self.freq]
        then = origin - year
        steps = np.arange(then + 1, then + 1 + horizon)
        steps = steps[steps <= origin]
        relative = np.full((len(self.demand), horizon), np.nan)
        smooth = relative.copy()
        if then >= over // 2 and len(steps):
            level_then = _level(self.demand[:, : then + 1], over)
            relative[:, : len(steps)] = self.demand[:, steps] / level_then[:, None]
            wide = 7 if self.freq == "D" else 1
            around = np.stack(
                [self.demand[:, np.clip(steps + shift, 0, origin)] for shift in range(-wide // 2 + 1, wide // 2 + 1)]
            )
            smooth[:, : len(steps)] = np.nanmean(around, axis=0) / level_then[:, None]
        per_cell("last_year", relative[rows])
        per_cell("last_year_around", smooth[rows])
        per_step("last_year_all", np.nanmedian(smooth, axis=0))
        per_step("last_year_all_day", np.nanmedian(relative, axis=0))
        for name, codes in self.groups.items():
            table = np.stack([np.nanmean(smooth[codes == code], axis=0) for code in range(codes.max() + 1)])
            per_cell(f"last_year_{name}", table[codes[rows]])


def _level(seen: Array, over: int) -> Array:
    """Mean units of the recent periods, else of all, never below 0.1: the scale of a series."""
    recent = np.nanmean(seen[:, -over:], axis=1)
    whole = np.nanmean(seen, axis=1)
    level = np.where(recent > 0, recent, whole)
    return np.asarray(np.maximum(np.nan_to_num(level, nan=0.0), 0.1), dtype=float)


def _shrunk(value: Array, here: Bools, weight: Array, towards: Array, pseudo: float) -> Array:
    """Weighted mean of the values that are `here`, shrunk to `towards` by `pseudo` periods."""
    total = (here * weight).sum(axis=1)
    mean = ((value * here) @ weight + pseudo * towards) / (total + pseudo)
    return np.asarray(mean, dtype=float)


def _runs(flag: Bools, steps: Index) -> tuple[Array, Array]:
    """Periods since the last and until the next period where the flag is up, within what is known, at most NEAR."""
    n, periods = flag.shape[0], int(steps[-1]) + 1
    since = np.full((n, periods), float(NEAR))
    until = np.full((n, periods), float(NEAR))
    count = np.full(n, float(NEAR))
    start = max(0, int(steps[0]) - NEAR)
    for t in range(start, periods):
        since[:, t] = count
        count = np.where(flag[:, t], 1.0, np.minimum(count + 1, NEAR))
    count = np.full(n, float(NEAR))
    for t in range(periods - 1, start - 1, -1):
        until[:, t] = count
        count = np.where(flag[:, t], 1.0, np.minimum(count + 1, NEAR))
    return since[:, steps], until[:, steps]


def _is_flag(values: Array) -> bool:
    kinds = np.unique(values[np.isfinite(values)])
    return len(kinds) <= 8


def _calendar(ds: pd.DatetimeIndex, freq: str, country: str | None) -> dict[str, Array]:
    """What the calendar alone says of each period."""
    columns: dict[str, Array] = {
        "day_of_year": ds.dayofyear.to_numpy(dtype=float),
        "month": ds.month.to_numpy(dtype=float),
    }
    if freq == "D":
        columns["weekday"] = ds.dayofweek.to_numpy(dtype=float)
        columns["day"] = ds.day.to_numpy(dtype=float)
        columns["to_month_end"] = (ds.days_in_month - ds.day).to_numpy(dtype=float)
        columns["week_of_year"] = ds.isocalendar().week.to_numpy(dtype=float)
    if freq == "W":
        columns["week_of_month"] = (ds.day // 7).to_numpy(dtype=float)
    if country and freq != "M":
        days = ds if freq == "D" else ds.union(ds)  # a week is labelled by its last day
        dates = holiday_dates(country, int(ds[0].year) - 1, int(ds[-1].year) + 1)
        ahead = np.searchsorted(dates, days.to_numpy(dtype="datetime64[D]"), side="left")
        number = days.to_numpy(dtype="datetime64[D]").astype(np.int64)
        following = dates[np.minimum(ahead, len(dates) - 1)].astype(np.int64) - number
        passed = number - dates[np.maximum(ahead - 1, 0)].astype(np.int64)
        columns["to_holiday"] = np.minimum(following, 30).astype(float)
        columns["since_holiday"] = np.minimum(np.where(following == 0, 0, passed), 30).astype(float)
    return columns


@lru_cache(maxsize=32)
def holiday_dates(country: str, first: int, last: int) -> npt.NDArray[np.datetime64]:
    """The public holidays of a country (ISO code) in these years, sorted.

    Raises:
        InputError: no holidays of such a country are known.
    """
    known = holidays.list_supported_countries()
    if country not in known:
        raise InputError(f"country {country!r}: expected an ISO code; {nearest(country, known)}")
    found = holidays.country_holidays(country, years=range(first, last + 1))
    return np.array(sorted(found), dtype="datetime64[D]")


def _static(static: pd.DataFrame) -> tuple[dict[str, Array], list[str]]:
    """Static columns as numbers: numeric ones as they are, short ones as codes, long text as hashed words."""
    made: dict[str, Array] = {}
    codes: list[str] = []
    for name in static.columns:
        numeric = pd.to_numeric(static[name], errors="coerce")
        if numeric.notna().mean() > 0.5:
            made[str(name)] = numeric.to_numpy(dtype=float)
            continue
        code, kinds = pd.factorize(static[name])
        if len(kinds) <= max(2, min(64, len(static) // 5)):
            made[str(name)] = np.where(code < 0, np.nan, code).astype(float)
            codes.append(str(name))
        else:
            for bucket, values in enumerate(_hashed(static[name].fillna("").astype(str)).T):
                made[f"{name}_{bucket}"] = values
    return made, codes


def _hashed(text: "pd.Series[str]") -> Array:
    """Words hashed with a sign into a few buckets, shape `[N, TEXT_BUCKETS]`."""
    table = np.zeros((len(text), TEXT_BUCKETS))
    for row, words in enumerate(text):
        for word in re.findall(r"\w+", words.lower()):
            digest = hashlib.blake2b(word.encode(), digest_size=4).digest()
            table[row, digest[0] % TEXT_BUCKETS] += 1.0 if digest[1] & 1 else -1.0
    return table


def _groups(static: pd.DataFrame) -> dict[str, Index]:
    """Groups of series with at least 10 members on average: the levels at which last year is pooled."""
    groups = {}
    for name in static.columns:
        if pd.to_numeric(static[name], errors="coerce").notna().mean() > 0.5:
            continue
        code, kinds = pd.factorize(static[name].fillna("unknown"))
        if 2 <= len(kinds) <= len(static) // 10:
            groups[str(name)] = code.astype(np.int64)
    return groups
